"""The page of a pack: nothing is chosen beforehand, and what came in by mistake goes again."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from ciforum.people.models import AuditLine
from measurement.catalogue.packing import bring_in, offered
from measurement.catalogue.packs import KNOWN
from measurement.models import Indicator, IndicatorVersion
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


def page(initiative):
    return reverse("measurement:pack", args=[initiative.slug]) + "?pack=hope"


def ticked(answer):
    return len(re.findall(r'name="codes"[^>]* checked', answer.content.decode()))


def test_nothing_is_ticked_until_one_chooses_all(initiative, backbone, login):
    browser = login(backbone.user)

    assert ticked(browser.get(page(initiative))) == 0
    chosen = browser.post(page(initiative), {"all": "yes"})

    assert (chosen.status_code, ticked(chosen)) == (200, 6)
    assert not Indicator.objects.exists()


def test_what_is_refused_keeps_the_ticks(initiative, backbone, login):
    answer = login(backbone.user).post(page(initiative), {"codes": []})

    assert (answer.status_code, ticked(answer)) == (422, 0)


def test_what_came_in_is_told_with_a_link_to_each(initiative, backbone, login):
    answer = login(backbone.user).post(
        page(initiative), {"codes": ["belonging", "asked-first"]}, follow=True
    )

    html = answer.content.decode()
    told = html[html.index('id="messages"') :][:2000]
    assert "2 measures were brought in" in told
    for made in Indicator.objects.all():
        assert f'<a href="{made.get_absolute_url()}">{made.name}</a>' in told


def test_breakdowns_are_named_and_not_coded(initiative):
    pack = KNOWN["homelessness"].read()

    row = next(each for each in offered(initiative, pack) if each.row.code == "without-a-home")

    assert row.row.required == ("race", "circumstances")
    assert row.breakdowns == tuple(str(pack.dimensions[code].name) for code in row.row.required)
    assert "race" not in row.breakdowns


# --- removing what nobody used


@pytest.fixture
def brought(initiative, backbone) -> Indicator:
    pack = KNOWN["hope"].read()
    (made,) = bring_in(initiative=initiative, pack=pack, codes=["belonging"], by=backbone.user)
    return made


def discard(indicator):
    return reverse(
        "measurement:indicator_discard", args=[indicator.initiative.slug, indicator.slug]
    )


def test_a_measure_without_any_number_is_removed_on_its_page(brought, backbone, login):
    edit = reverse("measurement:indicator_edit", args=[brought.initiative.slug, brought.slug])
    browser = login(backbone.user)
    assert discard(brought) in browser.get(edit).content.decode()

    browser.post(discard(brought))

    assert not Indicator.objects.exists()
    assert not IndicatorVersion.objects.exists()
    assert AuditLine.objects.filter(after="discarded", note="belonging").count() == 1


def test_a_partner_does_not_remove_it(brought, partner, login):
    assert login(partner.user).post(discard(brought)).status_code == 403
    assert Indicator.objects.filter(pk=brought.pk).exists()


def test_one_with_numbers_stays(brought, backbone, partner, login):
    builders.approved(brought, partner, backbone, {(2020, "Here"): (300, 900)})
    edit = reverse("measurement:indicator_edit", args=[brought.initiative.slug, brought.slug])

    with pytest.raises(ValidationError, match="handed in or said of it already"):
        brought.discard(by=backbone.user)

    assert discard(brought) not in login(backbone.user).get(edit).content.decode()
    assert Indicator.objects.filter(pk=brought.pk).exists()


def test_one_that_another_record_names_stays_whole(brought, backbone):
    builders.an_indicator(brought.initiative, slug="small", part_of=brought)

    with pytest.raises(ValidationError, match="refers to it"):
        brought.discard(by=backbone.user)

    assert brought.versions.count() == 1
    assert not AuditLine.objects.filter(after="discarded").exists()

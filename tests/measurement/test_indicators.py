"""Indicators: how they begin, what they mean, and the overview of them."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from ciforum.people.models import AuditLine
from ciforum.people.transitions import StateChanged
from measurement.models import Indicator
from measurement.models.indicators import Tier
from tests import builders, chartering
from tests.builders import (
    a_dimension,
    a_member,
    a_release,
    an_indicator,
    an_initiative,
    approved,
)

pytestmark = pytest.mark.django_db(transaction=True)


def new(initiative):
    return reverse("measurement:indicator_new", args=[initiative.slug])


PLACE = {
    "tier": "headline",
    "level": "population",
    "aspect": "outcome",
    "frequency": "year",
    "required_by": "Three Rivers Foundation\n\n Three Rivers  Foundation",
}


def words(**fields):
    return {
        "name_en": "Healthy births",
        "name_es": "",
        "slug": "",
        "steward": "",
        **PLACE,
        "measure": "proportion",
        "numerator_en": "babies born under 2,500 grams",
        "denominator_en": "babies born alive",
        "direction": "down",
        "scale": "100",
        **fields,
    }


def test_an_indicator_begins_with_its_definition(initiative, backbone, login):
    race = a_dimension(initiative)

    answer = login(backbone.user).post(new(initiative), words(required_dimensions=[race.pk]))

    indicator = Indicator.objects.get()
    assert answer.url == indicator.get_absolute_url()
    assert indicator.slug == indicator.code == "healthy-births"
    assert list(indicator.required_dimensions.all()) == [race]
    assert (indicator.tier, indicator.level, indicator.frequency) == (
        "headline",
        "population",
        "year",
    )
    assert indicator.required_by == ["Three Rivers Foundation"]
    assert indicator.current.number == 1
    assert str(indicator.current.denominator) == "babies born alive"


@pytest.mark.parametrize(
    "fields",
    [
        {"name_en": ""},
        {"denominator_en": ""},
        {"slug": "new"},
        {"direction": ""},
        {"scale": "7"},
        {"name_en": "日本"},
        {"numerator_en": "x" * 5000},
    ],
)
def test_what_is_not_clear_is_asked_again(initiative, backbone, login, fields):
    answer = login(backbone.user).post(new(initiative), words(**fields))

    assert answer.status_code == 422
    assert not Indicator.objects.exists()


def test_a_count_needs_no_whole(initiative, backbone, login):
    answer = login(backbone.user).post(new(initiative), words(measure="count", denominator_en=""))

    assert answer.status_code == 302


def test_two_indicators_do_not_share_an_address(initiative, backbone, login):
    browser = login(backbone.user)
    browser.post(new(initiative), words())

    answer = browser.post(new(initiative), words())

    assert answer.status_code == 422
    assert "short name already" in answer.content.decode()


def test_a_new_definition_leaves_old_numbers_theirs(initiative, partner, backbone, login):
    indicator = an_indicator(initiative)
    approved(indicator, partner, backbone, {(2020, "Here"): (70, 900)})
    define = reverse("measurement:indicator_define", args=[initiative.slug, indicator.slug])

    login(backbone.user).post(
        define,
        words(numerator_en="babies born under 2,000 grams", reason_en="Doctors count so now."),
    )

    old, newest = indicator.versions.all()
    assert indicator.current == newest
    assert str(newest.numerator) == "babies born under 2,000 grams"
    assert old.observations.count() == 1
    assert newest.observations.count() == 0


def test_name_steward_and_breakdowns_can_change(initiative, partner, backbone, login):
    indicator = an_indicator(initiative)
    race = a_dimension(initiative)
    edit = reverse("measurement:indicator_edit", args=[initiative.slug, indicator.slug])

    login(backbone.user).post(
        edit,
        {
            "name_en": "Healthy births",
            "steward": partner.organization_id,
            "required_dimensions": [race.pk],
            **PLACE,
        },
    )

    indicator.refresh_from_db()
    assert str(indicator) == "Healthy births"
    assert indicator.steward == partner.organization
    assert list(indicator.required_dimensions.all()) == [race]


def test_the_trail_tells_what_the_rules_of_a_release_read(initiative, backbone):
    indicator, race = an_indicator(initiative), a_dimension(initiative)

    indicator.describe(by=backbone.user, required_dimensions=[race], tier=Tier.HEADLINE)

    note = AuditLine.objects.filter(after="described").last().note
    assert note == f"tier: contributing → headline; breakdowns: - → {race.code}"


def test_another_initiatives_breakdown_is_not_asked_for(initiative, backbone):
    theirs = a_dimension(builders.an_initiative("Elsewhere"))

    with pytest.raises(ValidationError, match="breakdowns of this initiative"):
        an_indicator(initiative).describe(by=backbone.user, required_dimensions=[theirs])


def test_only_the_backbone_begins_and_changes(initiative, resident, login):
    indicator = an_indicator(initiative)
    browser = login(resident.user)
    stranger = login(a_member(an_initiative(), "backbone").user)

    for address in (
        new(initiative),
        *(
            reverse(f"measurement:{name}", args=[initiative.slug, indicator.slug])
            for name in ("indicator_edit", "indicator_define")
        ),
    ):
        assert browser.get(address).status_code == 403
        assert stranger.get(address).status_code == 404


def overview(initiative, browser=None, query=""):
    address = reverse("measurement:overview", args=[initiative.slug])
    return (browser or Client()).get(address + query)


def test_the_overview_shows_the_newest_number_for_everyone(initiative, partner, backbone):
    indicator = an_indicator(initiative)
    approved(
        indicator,
        partner,
        backbone,
        {(2018, "Here"): (80, 900), (2019, "Here"): (75, 900), (2020, "Here"): (70, 900)},
    )
    a_release(indicator, backbone, ready=True).publish(by=backbone.user)

    page = overview(initiative).content.decode()

    assert "7.8%" in page
    assert "from 8.3%" in page
    assert 'data-better="yes"' in page
    assert "<polyline" in page


def test_the_overview_keeps_unpublished_ones_among_members(initiative, partner, backbone, login):
    indicator = an_indicator(initiative, name="Rent we can pay")
    approved(indicator, partner, backbone, {(2020, "Here"): (70, 900)})

    assert "Rent we can pay" not in overview(initiative).content.decode()
    page = overview(initiative, login(backbone.user)).content.decode()
    assert "Rent we can pay" in page
    assert "Approved numbers wait to be released." in page


def test_an_empty_overview_says_what_comes_next(initiative, backbone, login):
    assert "No indicator is public yet" in overview(initiative).content.decode()
    page = overview(initiative, login(backbone.user)).content.decode()
    assert new(initiative) in page


@pytest.mark.parametrize("number", [1, 3])
def test_more_indicators_need_no_more_questions(
    initiative, partner, backbone, number, django_assert_num_queries
):
    for _each in range(number):
        indicator = an_indicator(initiative)
        approved(indicator, partner, backbone, {(2020, "Here"): (70, 900)})
        a_release(indicator, backbone, ready=True).publish(by=backbone.user)

    with django_assert_num_queries(QUERIES):
        overview(initiative)


QUERIES = 8


# --- counting it no longer


def retire(indicator, **said):
    address = "measurement:indicator_retire"
    return reverse(address, args=[indicator.initiative.slug, indicator.slug]), said


def test_a_retired_indicator_leaves_the_lists_and_its_numbers_stay(
    initiative, partner, backbone, login
):
    indicator = chartering.a_figure(initiative, backbone)
    staff = login(backbone.user)

    staff.post(*retire(indicator))

    indicator.refresh_from_db()
    assert indicator.retired_at
    assert indicator.get_absolute_url() not in overview(initiative).content.decode()
    page = Client().get(indicator.get_absolute_url())
    assert "No longer counted since" in page.content.decode()
    catalogue = reverse("measurement:catalogue", args=[initiative.slug])
    assert list(staff.get(catalogue).context["retired"]) == [indicator]
    with pytest.raises(ValidationError, match="no longer counted"):
        builders.a_submission(indicator, partner)

    staff.post(*retire(indicator, again="yes"))

    assert Indicator.objects.get(pk=indicator.pk).retired_at is None


def test_what_is_in_hand_keeps_it_counted(initiative, partner, backbone, login):
    indicator = an_indicator(initiative)
    builders.a_submission(indicator, partner)

    with pytest.raises(ValidationError, match="Numbers for it are in hand"):
        indicator.retire(by=backbone.user)

    assert Indicator.objects.get(pk=indicator.pk).retired_at is None


def test_nobody_retires_it_twice(initiative, backbone):
    indicator = an_indicator(initiative)
    indicator.retire(by=backbone.user)

    with pytest.raises(StateChanged):
        Indicator.objects.get(pk=indicator.pk).retire(by=backbone.user)


def test_a_member_retires_nothing(initiative, resident, login):
    indicator = an_indicator(initiative)

    assert login(resident.user).post(*retire(indicator)).status_code == 403

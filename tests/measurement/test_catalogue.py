"""The catalogue: what each measure means, found by words and filters, for readers and as a file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse

from ciforum.people import clock
from ciforum.people.models import Period
from ciforum.people.words import Words
from measurement.models import DataAgreement, Indicator, IndicatorVersion
from tests.builders import (
    a_dimension,
    a_release,
    an_indicator,
    an_initiative,
    an_organization,
    approved,
)

pytestmark = pytest.mark.django_db
REASON = Words(en="The state form asks it in a new way.")


def read(initiative, browser=None, query="", name="catalogue"):
    address = reverse(f"measurement:{name}", args=[initiative.slug])
    return (browser or Client()).get(address + query)


def names(answer):
    return [str(each.name) for each in answer.context["page"].object_list]


def released(indicator, partner, backbone):
    approved(indicator, partner, backbone, {(2020, "Here"): (70, 900)})
    a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    return indicator


def redefined(indicator, by, reason=REASON):
    now = indicator.current
    kept = {
        name: getattr(now, name)
        for name in ("measure", "numerator", "denominator", "direction", "scale")
    }
    return indicator.define(by=by.user, reason=reason, **kept)


def test_readers_see_released_ones_and_members_all(initiative, partner, backbone, login):
    released(an_indicator(initiative, "Open"), partner, backbone)
    an_indicator(initiative, "Not yet")
    an_indicator(an_initiative(), "Elsewhere")

    assert names(read(initiative)) == ["Open"]
    assert names(read(initiative, login(backbone.user))) == ["Not yet", "Open"]
    assert names(read(initiative, query="?release=no")) == ["Open"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?tier=headline", ["Alpha"]),
        ("?level=system", ["Beta"]),
        ("?aspect=representation", ["Beta"]),
        ("?steward=health", ["Alpha"]),
        ("?funder=Three+Rivers", ["Beta"]),
        ("?funder=*", ["Beta"]),
        ("?breakdowns=none", ["Beta"]),
        ("?words=ÁLPHÁ", ["Alpha"]),
        ("?words=alfa", ["Alpha"]),
        ("?words=grams+born", ["Alpha", "Beta"]),
        ("?words=rivers", ["Beta"]),
        ("?words=nobody", []),
        ("?release=yes", []),
        ("?tier=best", ["Alpha", "Beta"]),
        ("?sort=name", ["Alpha", "Beta"]),
    ],
)
def test_filters_and_words_find_what_fits(initiative, backbone, login, query, found):
    race = a_dimension(initiative)
    alpha = an_indicator(
        initiative,
        tier="headline",
        steward=an_organization(initiative, slug="health"),
    )
    alpha.describe(by=backbone.user, name=Words(en="Alpha", es="Alfa"), required_dimensions=[race])
    an_indicator(
        initiative,
        "Beta",
        level="system",
        aspect="representation",
        required_by=["Three Rivers"],
    )

    assert names(read(initiative, login(backbone.user), query)) == found


def test_headlines_stand_first(initiative, backbone, login):
    an_indicator(initiative, "Alpha")
    an_indicator(initiative, "Zeta", tier="headline")

    assert names(read(initiative, login(backbone.user))) == ["Zeta", "Alpha"]


@pytest.mark.parametrize("number", [1, 3])
def test_more_entries_need_no_more_questions(
    initiative, partner, backbone, number, django_assert_num_queries
):
    for _each in range(number):
        indicator = released(an_indicator(initiative), partner, backbone)
        redefined(indicator, backbone)
        agreement(initiative, backbone, indicator)

    with django_assert_num_queries(QUERIES):
        read(initiative)


QUERIES = 8


def agreement(initiative, by, indicator, **fields):
    values = {
        "name": Words(en="Paper of spring"),
        "terms": Words(en="Counts by town; no names, no dates of birth."),
        "others": "State Office",
        "starts": clock.now().date(),
        "ends": clock.now() + timedelta(days=300),
    }
    return DataAgreement.start(
        initiative=initiative, by=by.user, indicators=[indicator], **{**values, **fields}
    )


def test_readers_see_parties_and_end_of_an_agreement_and_not_its_terms(
    initiative, partner, backbone, login
):
    indicator = released(an_indicator(initiative), partner, backbone)
    found = agreement(initiative, backbone, indicator)

    page, inside = (
        read(initiative).content.decode(),
        read(initiative, login(partner.user)).content.decode(),
    )

    assert "State Office" in page
    assert str(found.ends.year) in page
    assert "Paper of spring" not in page
    assert "no dates of birth" not in page
    assert found.get_absolute_url() not in page
    assert found.get_absolute_url() in inside


def test_an_agreement_that_ran_out_is_not_shown_as_standing(initiative, partner, backbone):
    indicator = released(an_indicator(initiative), partner, backbone)
    agreement(initiative, backbone, indicator)

    with clock.at(clock.now() + timedelta(days=301)):
        assert "State Office" not in read(initiative).content.decode()


def test_the_history_tells_why_a_definition_changed(initiative, partner, backbone):
    indicator = released(an_indicator(initiative), partner, backbone)
    redefined(indicator, backbone)

    assert "The state form asks it in a new way." in read(initiative).content.decode()


def test_a_definition_changes_only_with_a_reason(initiative, backbone):
    indicator = an_indicator(initiative)

    with pytest.raises(ValidationError):
        redefined(indicator, backbone, reason=Words())

    assert indicator.versions.count() == 1


def test_the_database_holds_definitions_and_the_words_of_the_catalogue(initiative, backbone):
    indicator = an_indicator(initiative)
    redefined(indicator, backbone)
    changes = [
        lambda: indicator.versions.filter(number=2).update(reason=Words()),
        lambda: indicator.versions.update(direction="up"),
        lambda: Indicator.objects.filter(pk=indicator.pk).update(tier="best"),
        lambda: Indicator.objects.filter(pk=indicator.pk).update(level="moon"),
        lambda: Indicator.objects.filter(pk=indicator.pk).update(aspect=""),
        lambda: Indicator.objects.filter(pk=indicator.pk).update(frequency="daily"),
        lambda: IndicatorVersion.objects.create(
            initiative=initiative,
            indicator=indicator,
            number=3,
            measure="count",
            numerator=Words(en="babies"),
            direction="up",
            defined_by=backbone.user,
        ),
    ]

    for change in changes:
        with pytest.raises(Error), transaction.atomic():
            change()


def test_a_baseline_of_another_initiative_is_refused(initiative, backbone):
    indicator = an_indicator(initiative)
    other = Period.objects.of(an_initiative(), "year", "2020-01-01", "2021-01-01")

    with pytest.raises(ValidationError):
        indicator.describe(by=backbone.user, required_dimensions=[], baseline=other)


def test_the_file_holds_what_the_page_shows_and_no_formula(initiative, partner, backbone):
    indicator = an_indicator(initiative, required_by=["=HYPERLINK(1)"])
    indicator.describe(
        by=backbone.user, name=Words(en="Open", es="Abierto"), required_dimensions=[]
    )
    released(indicator, partner, backbone)
    an_indicator(initiative, "Not yet")

    answer = read(initiative, name="catalogue_csv")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["name_es"] for row in rows] == ["Abierto"]
    assert rows[0]["required_by"] == "'=HYPERLINK(1)"
    assert rows[0]["counted_en"] == "babies born under 2,500 grams"
    assert rows[0]["tier"] == "contributing"
    assert rows[0]["last_release"]


def test_a_change_of_the_entry_reaches_the_cached_page(initiative, partner, backbone):
    indicator = released(an_indicator(initiative), partner, backbone)
    assert "Headline" not in tags(read(initiative))

    indicator.describe(by=backbone.user, required_dimensions=[], tier="headline")

    assert "Headline" in tags(read(initiative))


def tags(answer):
    page = answer.content.decode()
    return page[page.index('<ul class="tags"') :].split("</ul>")[0]

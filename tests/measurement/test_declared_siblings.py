"""Siblings that are declared: what the numbers alone do not say is protected as well."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from measurement.models import Indicator, ReleaseCell
from measurement.protecting.siblings import Declared, Sibling, released_beside, siblings
from tests.builders import (
    a_dimension,
    a_release,
    an_indicator,
    an_initiative,
    approved,
)

pytestmark = pytest.mark.django_db(transaction=True)

EARLY = {"": (140, 900), "race:white": (95, 600), "race:black": (45, 300)}
# Of the 45, all but three were born very early.
VERY_EARLY = {"": (102, 900), "race:white": (60, 600), "race:black": (42, 300)}


def table(numbers, year=2020):
    return {(year, "Here", *filter(None, [groups])): value for groups, value in numbers.items()}


@pytest.fixture
def race(initiative):
    return a_dimension(initiative, groups=("white", "black"))


@pytest.fixture
def published(initiative, race, partner, backbone):
    """An indicator with these numbers, released."""

    def make(numbers, **fields):
        indicator = an_indicator(initiative, **fields)
        approved(indicator, partner, backbone, table(numbers))
        draft = a_release(indicator, backbone, ready=True)
        draft.publish(by=backbone.user)
        return draft

    return make


def printed(release):
    return {
        "+".join(f"{g.dimension.code}:{g.code}" for g in cell.stratum.groups.all()): (
            cell.numerator,
            cell.denominator,
        )
        for cell in ReleaseCell.objects.filter(release=release)
    }


def test_the_few_between_a_part_and_its_whole_are_not_given_away(published):
    early = published(EARLY)

    very_early = published(VERY_EARLY, part_of=early.indicator)

    assert printed(early) == EARLY
    assert printed(very_early)["race:black"][0] is None
    assert printed(very_early)["race:white"][0] is None  # or everyone's would tell


def test_without_the_declaration_the_difference_tells(published):
    """The test above can fail: three children who were born early, but not very early."""
    published(EARLY)

    assert printed(published(VERY_EARLY)) == VERY_EARLY


def test_it_holds_whichever_comes_out_first(published, initiative, partner, backbone):
    whole = an_indicator(initiative)
    part = published(VERY_EARLY, part_of=whole)
    approved(whole, partner, backbone, table(EARLY))
    draft = a_release(whole, backbone, ready=True)

    draft.publish(by=backbone.user)

    assert printed(part) == VERY_EARLY
    assert printed(draft)["race:black"][0] is None


def test_it_holds_through_others_that_nobody_released(published, initiative):
    early = published(EARLY)
    between = an_indicator(initiative, part_of=early.indicator)

    very_early = published(VERY_EARLY, part_of=between)

    assert printed(very_early)["race:black"][0] is None


def test_the_same_people_are_siblings_though_their_numbers_differ(
    published, initiative, partner, backbone
):
    first = published(EARLY)
    other = an_indicator(initiative, same_people_as=first.indicator)
    approved(other, partner, backbone, table({"": (70, 905), "race:white": (45, 604)}))
    draft = a_release(other, backbone)

    found = siblings(draft, released_beside(draft))

    assert found == [Sibling(first.indicator_id, is_mirror=False)]


def test_a_declaration_after_the_protection_makes_it_stale(
    published, initiative, race, partner, backbone
):
    early = published(EARLY)
    other = an_indicator(initiative)
    approved(other, partner, backbone, table(VERY_EARLY))
    draft = a_release(other, backbone, ready=True)
    assert draft.protection()["state"] == "sound"

    other.describe(by=backbone.user, required_dimensions=[], part_of=early.indicator)

    assert draft.protection()["state"] == "stale"


def test_what_is_declared_reaches_through_all_who_are_tied(initiative):
    early = an_indicator(initiative)
    very = an_indicator(initiative, part_of=early)
    extremely = an_indicator(initiative, part_of=very)
    small = an_indicator(initiative, same_people_as=early)
    an_indicator(initiative)

    found = Declared.around(small)

    assert found.indicators == {early.pk, very.pk, extremely.pk, small.pk}
    assert found.nested == {
        (very.pk, early.pk),
        (extremely.pk, very.pk),
        (extremely.pk, early.pk),
    }


def test_nothing_is_part_of_its_own_part(initiative, backbone):
    early = an_indicator(initiative)
    very = an_indicator(initiative, part_of=early)

    with pytest.raises(ValidationError) as refused:
        early.describe(by=backbone.user, required_dimensions=[], part_of=very)

    assert list(refused.value.message_dict) == ["part_of"]


@pytest.mark.parametrize("name", ["part_of", "same_people_as"])
def test_siblings_are_others_of_the_same_initiative(initiative, backbone, name):
    mine, theirs = an_indicator(initiative), an_indicator(an_initiative())

    for other in (mine, theirs):
        with pytest.raises(ValidationError):
            mine.describe(by=backbone.user, required_dimensions=[], **{name: other})
        with pytest.raises(DatabaseError), transaction.atomic():
            Indicator.objects.filter(pk=mine.pk).update(**{name: other})


def test_the_form_declares_it(initiative, backbone, login):
    early = an_indicator(initiative, name="Born early")
    very = an_indicator(initiative, name="Born very early")
    address = reverse("measurement:indicator_edit", args=[initiative.slug, very.slug])
    browser = login(backbone.user)
    form = browser.get(address).context["form"]
    assert [str(each) for each in form.fields["part_of"].queryset] == ["Born early"]

    browser.post(
        address,
        {
            "name_en": "Born very early",
            "tier": "contributing",
            "level": "population",
            "aspect": "outcome",
            "frequency": "year",
            "part_of": early.pk,
        },
    )

    very.refresh_from_db()
    assert very.part_of == early

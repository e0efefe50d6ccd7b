"""Indicators about the same people: what one release prints opens nothing that another hides."""

from __future__ import annotations

from datetime import date

import pytest

from equity.gates import GateClosed
from equity.models import Policy
from measurement.models import ReleaseCell
from measurement.protecting.protection import current_rows, earlier_rows, gather, linked
from measurement.protecting.siblings import Sibling, released_beside, siblings
from measurement.reading.periods import PeriodSpec
from measurement.suppression import audit
from tests.builders import a_dimension, a_release, an_indicator, approved

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = {"": (70, 900), "race:white": (45, 300), "race:black": (21, 520), "race:other": (4, 80)}
# Counts those whom SMALL leaves out.
REST = {groups: (n - x, n) for groups, (x, n) in SMALL.items()}
# Nearly everybody of "other": its people have to be hidden, or its count.
NEARLY = {
    "": (700, 900),
    "race:white": (250, 300),
    "race:black": (372, 520),
    "race:other": (78, 80),
}


def table(numbers, year=2020):
    return {(year, "Here", *filter(None, [groups])): value for groups, value in numbers.items()}


@pytest.fixture
def race(initiative):
    return a_dimension(initiative)


@pytest.fixture
def published(initiative, race, partner, backbone):
    """A new indicator with these numbers, released."""

    def make(numbers, indicator=None, reason=""):
        indicator = indicator or an_indicator(initiative)
        approved(indicator, partner, backbone, numbers, reason=reason)
        draft = a_release(indicator, backbone, ready=True)
        draft.publish(by=backbone.user)
        return draft

    return make


def printed(release):
    """{groups: (x, n)} as the release shows it."""
    return {
        "+".join(sorted(f"{g.dimension.code}:{g.code}" for g in cell.stratum.groups.all())): (
            cell.numerator,
            cell.denominator,
        )
        for cell in ReleaseCell.objects.filter(release=release)
    }


def learnt(release):
    """What a reader of every release of all siblings still learns of small counts."""
    known = gather(release, current_rows(release))
    old = earlier_rows(release, set(known.tree.spans))
    everything = linked(known.tree, [], old, known.beside)
    hidden = frozenset(everything.cells.keys() - everything.known.keys())
    bounds = audit(everything.cells, list(everything.relations), hidden, earlier=everything.known)
    return {
        name: (value, *bounds.get(name, (value, value)))
        for name, value in everything.cells.items()
        if 1 <= value < 11
    }


def nobody_learns_a_small_count(release):
    found = learnt(release)
    assert found
    return all(low <= 1 and (high is None or high >= 10) for _value, low, high in found.values())


def test_equal_denominators_make_siblings(published, initiative, partner, backbone):
    published(table(SMALL))
    published(table({groups: (x, n + 7) for groups, (x, n) in SMALL.items()}))
    third = an_indicator(initiative)
    approved(third, partner, backbone, table(NEARLY))
    draft = a_release(third, backbone)

    found = siblings(draft, released_beside(draft))

    assert [(each.is_mirror, each.indicator != third.pk) for each in found] == [(False, True)]


def test_whoever_counts_the_others_is_known_as_the_mirror(published, initiative, partner, backbone):
    first = published(table(SMALL))
    other = an_indicator(initiative)
    approved(other, partner, backbone, table(REST))
    draft = a_release(other, backbone)

    assert siblings(draft, released_beside(draft)) == [Sibling(first.indicator_id, is_mirror=True)]


def test_years_that_do_not_overlap_make_no_siblings(published, initiative, partner, backbone):
    published(table(SMALL))
    other = an_indicator(initiative)
    approved(other, partner, backbone, table(NEARLY, year=2021))

    assert released_beside(a_release(other, backbone)) == set()


def test_a_denominator_that_one_hides_is_not_printed_by_another(published):
    first = published({**table(NEARLY), (2020, "Here", "race:other"): (78, 80)})

    second = published(table(SMALL))

    assert nobody_learns_a_small_count(second)
    hidden = {groups for groups, (_x, n) in printed(first).items() if n is None}
    assert {groups for groups, (_x, n) in printed(second).items() if n is not None}.isdisjoint(
        hidden
    )


def test_the_count_of_the_others_does_not_open_the_hidden_one(published):
    first = published(table(SMALL))

    second = published(table(REST))

    assert nobody_learns_a_small_count(second)
    assert {g for g, (x, n) in printed(first).items() if None in (x, n)} == {
        g for g, (x, n) in printed(second).items() if None in (x, n)
    }


def test_without_the_link_the_two_would_hide_different_groups(published, monkeypatch):
    """The test above can fail: what each would hide alone gives the other away."""
    first = published(table(SMALL))
    monkeypatch.setattr("measurement.protecting.protection.siblings", lambda *_args: [])

    second = published(table(REST))

    monkeypatch.undo()
    assert printed(first) != printed(second)
    assert not nobody_learns_a_small_count(second)


def test_a_sibling_that_comes_out_meanwhile_makes_a_draft_stale(
    published, initiative, partner, backbone
):
    mine = an_indicator(initiative)
    approved(mine, partner, backbone, table(SMALL))
    draft = a_release(mine, backbone, ready=True)
    published(table({groups: (x, n + 7) for groups, (x, n) in SMALL.items()}))
    assert draft.protection()["state"] == "sound"

    published(table(REST))

    with pytest.raises(GateClosed) as held:
        draft.publish(by=backbone.user)
    assert [unmet.code for unmet in held.value.unmet] == ["protection_stale"]


def test_a_siblings_older_and_lower_threshold_blocks_nobody(
    published, initiative, partner, backbone
):
    published(table({**SMALL, "race:black": (15, 520), "race:white": (51, 300)}))
    Policy.of(initiative).tighten(by=backbone.user, small_count=20)

    second = published(table({**NEARLY, "race:other": (40, 80), "": (662, 900)}))

    assert second.state == "published"


def test_month_to_date_totals_protect_the_month_between(published, initiative, partner, backbone):
    def to(month):
        start = date(2020, 1, 1)
        return PeriodSpec(start, date(2020, month, 1), "years", f"to {month}")

    indicator = an_indicator(initiative)
    first = published({(to(2), "Here"): (30, 300)}, indicator)
    later = published({(to(3), "Here"): (37, 500), (to(4), "Here"): (60, 800)}, indicator)

    assert printed(first) == {"": (30, 300)}
    shown = ReleaseCell.objects.filter(release=later).order_by("period__end")
    assert [cell.numerator for cell in shown] != [37, 60]
    assert nobody_learns_a_small_count(later)

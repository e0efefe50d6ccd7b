"""Which cells of a release are hidden: nobody can work out a small count from what is printed."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from ciforum.people.models import Place
from ciforum.people.words import Words
from equity.gates import GateClosed
from equity.models import Policy
from measurement.models import Release, ReleaseCell
from measurement.protecting.linked_table import LinkedTable
from measurement.protecting.protection import current_rows, earlier_rows, gather, linked
from measurement.reading.periods import PeriodSpec
from measurement.suppression import audit
from tests.builders import (
    STORY,
    a_dimension,
    a_release,
    an_indicator,
    approved,
)

pytestmark = pytest.mark.django_db(transaction=True)

RACE = {"": (70, 900), "race:white": (45, 600), "race:black": (21, 220), "race:other": (4, 80)}
THREE_YEARS = PeriodSpec(date(2018, 1, 1), date(2021, 1, 1), "years", "2018–2020")


def table(numbers, *, year=2020, place="Here"):
    """{"race:black": (x, n)} as one place's year; "" is everyone."""
    return {
        (year, place, *filter(None, groups.split("+"))): value for groups, value in numbers.items()
    }


@pytest.fixture
def race(initiative):
    return a_dimension(initiative)


@pytest.fixture
def indicator(race, initiative):
    return an_indicator(initiative)


@pytest.fixture
def release(indicator, partner, backbone):
    """Make and publish a release of these numbers."""

    def make(numbers, reason="Recounted.", of=None):
        approved(of or indicator, partner, backbone, numbers, reason=reason)
        draft = a_release(of or indicator, backbone, ready=True)
        draft.publish(by=backbone.user)
        return draft

    return make


def printed(release):
    """{(place, groups): (x, n)} as the release shows it."""
    return {
        (
            str(cell.place),
            "+".join(sorted(f"{g.dimension.code}:{g.code}" for g in cell.stratum.groups.all())),
        ): (cell.numerator, cell.denominator)
        for cell in ReleaseCell.objects.filter(release=release)
    }


def attack(release) -> dict[str, tuple[int, int, int | None]]:
    """What somebody who reads every release still learns: small cell → value, lowest, highest.

    Knows all sums, that counts are whole and not negative, and everything ever printed.
    """
    known = gather(release, current_rows(release))
    old = earlier_rows(release, set(known.tree.spans))
    everything: LinkedTable = linked(known.tree, [], old, known.beside)
    seen = everything.known
    hidden = frozenset(everything.cells.keys() - seen.keys())
    bounds = audit(everything.cells, list(everything.relations), hidden, earlier={})
    return {
        name: (value, *bounds.get(name, (value, value)))
        for name, value in everything.cells.items()
        if 1 <= value < 11
    }


def nobody_learns_a_small_count(release):
    learnt = attack(release)
    return all(low <= 1 and (high is None or high >= 10) for _value, low, high in learnt.values())


def test_the_group_that_would_give_a_small_one_away_is_hidden_too(release):
    shown = release(table(RACE))

    cells = printed(shown)
    assert cells["Here", "race:other"][0] is None
    assert cells["Here", "race:black"][0] is None
    assert cells["Here", "race:white"] == (45, 600)
    assert cells["Here", ""] == (70, 900)
    assert nobody_learns_a_small_count(shown)


def test_a_group_of_which_nearly_all_are_counted_is_hidden(release):
    shown = release(table({"": (500, 600), "race:white": (300, 395), "race:black": (200, 205)}))

    assert None in printed(shown)["Here", "race:black"]
    assert nobody_learns_a_small_count(shown)


def test_a_denominator_without_a_count_is_protected(release):
    shown = release(
        {**table({"": (70, 900), "race:white": (66, 892)}), (2020, "Here", "race:black"): (None, 8)}
        | {(2020, "Here", "race:black"): "too_small"}
    )

    assert nobody_learns_a_small_count(shown)


def test_what_known_groups_leave_of_the_total_is_a_group_too(release):
    shown = release(table({"": (70, 900), "race:white": (45, 600), "race:black": (20, 220)}))

    assert sum(x is None for x, _n in printed(shown).values()) >= 1
    assert nobody_learns_a_small_count(shown)


def test_places_that_add_up_protect_each_other(release, initiative):
    state = Place.objects.create(initiative=initiative, code="state", name="State")
    for code in ("north", "south", "west"):
        Place.objects.create(initiative=initiative, code=code, name=code.title(), parent=state)

    numbers = {
        (2020, "state"): (300, 3000),
        (2020, "north"): (200, 2000),
        (2020, "south"): (93, 900),
        (2020, "west"): (7, 100),
    }
    shown = release(numbers)

    cells = printed(shown)
    assert cells["West", ""][0] is None
    assert sum(x is None for x, _n in cells.values()) == 2
    assert nobody_learns_a_small_count(shown)


def test_splits_without_a_common_total_still_protect_each_other(release, initiative):
    a_dimension(initiative, "sex", ["female", "male"])

    shown = release(
        table(
            {
                "race:white": (100, 1000),
                "race:black": (60, 700),
                "race:other": (4, 300),
                "sex:female": (84, 1000),
                "sex:male": (80, 1000),
            }
        )
    )

    assert printed(shown)["Here", "race:other"][0] is None
    assert nobody_learns_a_small_count(shown)


def test_intersections_are_protected_without_their_margins(release, initiative):
    a_dimension(initiative, "sex", ["female", "male"])

    shown = release(
        table(
            {
                "": (264, 3000),
                "race:white+sex:female": (100, 1000),
                "race:white+sex:male": (100, 900),
                "race:black+sex:female": (60, 1000),
                "race:black+sex:male": (4, 100),
            }
        )
    )

    assert nobody_learns_a_small_count(shown)


def test_finer_groups_protect_the_group_above(initiative, indicator, release):
    a_dimension(initiative, "origin", ["asian", "asian/hmong", "asian/lao", "aian", "white"])

    shown = release(
        table(
            {
                "": (700, 9000),
                "origin:white": (600, 8000),
                "origin:asian": (60, 600),
                "origin:hmong": (57, 300),
                "origin:lao": (3, 300),
                "origin:aian": (40, 400),
            }
        )
    )

    assert nobody_learns_a_small_count(shown)


def test_groups_that_overlap_are_not_added_up(release, initiative):
    a_dimension(initiative, "language", ["english", "spanish", "arabic"], kind="overlapping")

    shown = release(
        table(
            {
                "": (100, 1000),
                "language:english": (80, 700),
                "language:spanish": (50, 500),
                "language:arabic": (4, 60),
            }
        )
    )

    cells = printed(shown)
    assert cells["Here", "language:arabic"][0] is None
    assert cells["Here", "language:english"] == (80, 700)
    assert cells["Here", "language:spanish"] == (50, 500)


def test_nearly_everybody_in_an_overlapping_group_gives_the_few_others_away(release, initiative):
    a_dimension(initiative, "language", ["english", "spanish"], kind="overlapping")

    shown = release(
        table({"": (100, 1000), "language:english": (95, 700), "language:spanish": (50, 500)})
    )

    assert printed(shown)["Here", "language:english"][0] is None


def test_a_count_without_a_whole_is_protected(initiative, release):
    count = an_indicator(initiative, definition={"measure": "count", "denominator": Words()})

    shown = release(table({"": 70, "race:white": 45, "race:black": 21, "race:other": 4}), of=count)

    assert {x for x, _n in printed(shown).values()} == {70, 45, None}
    assert nobody_learns_a_small_count(shown)


def test_parts_that_exceed_their_total_still_do_not_give_a_small_one_away(release):
    shown = release(table({"": 69, "race:white": 45, "race:black": 21, "race:other": 4}))

    hidden = [groups for (_place, groups), (x, _n) in printed(shown).items() if x is None]
    assert "race:other" in hidden
    assert len(hidden) == 2


def test_years_inside_a_span_protect_each_other(release):
    shown = release(
        {
            (THREE_YEARS, "Here"): (100, 1000),
            (2018, "Here"): (48, 400),
            (2019, "Here"): (45, 300),
            (2020, "Here"): (7, 300),
        }
    )

    assert sum(cell.numerator is None for cell in shown.cells.all()) == 2
    assert nobody_learns_a_small_count(shown)


def test_a_year_that_only_the_span_gives_away_is_protected(release):
    shown = release(
        {(THREE_YEARS, "Here"): (100, 1000), (2018, "Here"): (48, 400), (2019, "Here"): (45, 300)}
    )

    assert nobody_learns_a_small_count(shown)


def test_a_restated_period_is_protected_with_what_was_printed_before(release):
    release(table(RACE))

    again = release(table({"race:white": (44, 600), "": (69, 900)}))

    assert printed(again)["Here", "race:other"][0] is None
    assert nobody_learns_a_small_count(again)


def test_a_finer_table_that_comes_later_is_protected_against_the_first(release, initiative):
    a_dimension(initiative, "sex", ["female", "male"])
    release(table({"": (70, 900), "race:white": (45, 600), "race:black": (25, 300)}))

    again = release(
        table(
            {
                "race:white+sex:female": (30, 300),
                "race:white+sex:male": (15, 300),
                "race:black+sex:female": (21, 150),
                "race:black+sex:male": (4, 150),
            }
        )
    )

    assert nobody_learns_a_small_count(again)


def test_a_new_definition_does_not_hide_other_cells_than_the_old_one(
    release, indicator, backbone, partner
):
    release(table(RACE))
    before = indicator.current
    indicator.define(
        reason=Words(en="The form asks in a new way"),
        by=backbone.user,
        **{
            name: getattr(before, name)
            for name in ("measure", "numerator", "denominator", "direction", "scale")
        },
    )

    again = release(table(RACE))

    assert again.version != before
    assert nobody_learns_a_small_count(again)


def test_a_printed_cell_cannot_be_hidden_later_so_the_release_is_held(
    release, indicator, backbone, partner
):
    release(table({"": (70, 900), "race:white": (55, 600), "race:black": (15, 300)}))
    Policy.of(indicator.initiative).tighten(by=backbone.user, small_count=20)
    approved(indicator, partner, backbone, table({"": (70, 910)}), reason="Recounted.")
    draft = a_release(indicator, backbone, ready=True)

    with pytest.raises(GateClosed) as held:
        draft.publish(by=backbone.user)

    assert [unmet.code for unmet in held.value.unmet] == ["protection_impossible"]
    assert len(draft.protected["open_periods"]) == 1


def test_periods_that_cannot_be_made_safe_can_be_left_out(release, indicator, backbone, partner):
    release(table({"": (70, 900), "race:white": (55, 600), "race:black": (15, 300)}))
    Policy.of(indicator.initiative).tighten(by=backbone.user, small_count=20)
    approved(indicator, partner, backbone, table({"": (70, 910)}), reason="Recounted.")
    approved(indicator, partner, backbone, table({"": (80, 900)}, year=2021))
    draft = a_release(indicator, backbone, ready=True)

    draft.leave_out_unsafe(by=backbone.user)
    draft.protect(draft.work_out_protection(), by=backbone.user)
    draft.publish(by=backbone.user)

    assert [str(period) for period in draft.periods.all()] == ["2021"]


def test_numbers_that_move_after_protecting_make_it_stale(indicator, partner, backbone):
    approved(indicator, partner, backbone, table(RACE))
    draft = a_release(indicator, backbone, ready=True)
    approved(indicator, partner, backbone, table({"": (71, 900)}), reason="Recounted.")

    with pytest.raises(GateClosed) as held:
        draft.publish(by=backbone.user)

    assert [unmet.code for unmet in held.value.unmet] == ["protection_stale"]


def test_a_place_that_turns_out_to_be_part_of_another_makes_it_stale(
    indicator, partner, backbone, initiative
):
    approved(indicator, partner, backbone, {**table(RACE), (2020, "There"): (80, 1000)})
    draft = a_release(indicator, backbone, ready=True)
    here, there = Place.objects.for_initiative(initiative).order_by("name")
    Place.objects.filter(pk=here.pk).update(parent=there)

    assert draft.protection()["state"] == "stale"


@pytest.mark.parametrize("seed", range(6))
def test_no_random_table_gives_a_small_count_away(seed, release, initiative):
    chance = random.Random(seed)
    a_dimension(initiative, "sex", ["female", "male"])
    cells = {
        (race, sex): (x := chance.choice([0, 2, 5, 9, 12, 18, 40]), x + chance.choice([3, 30, 90]))
        for race in ("white", "black", "other")
        for sex in ("female", "male")
    }

    def total(of):
        found = [value for key, value in cells.items() if of(key)]
        return tuple(map(sum, zip(*found, strict=True)))

    numbers = {"": total(lambda key: True)}
    for race in ("white", "black", "other"):
        numbers[f"race:{race}"] = total(lambda key, race=race: key[0] == race)
    for sex in ("female", "male"):
        numbers[f"sex:{sex}"] = total(lambda key, sex=sex: key[1] == sex)
    for (race, sex), value in cells.items():
        numbers[f"race:{race}+sex:{sex}"] = value

    shown = release(table(numbers))

    assert nobody_learns_a_small_count(shown)


def test_a_published_release_keeps_no_list_of_what_it_hid(release):
    shown = release(table(RACE))

    assert Release.objects.get(pk=shown.pk).protected["hidden"] == []


def test_a_story_cannot_change_after_publishing(release, backbone):
    shown = release(table(RACE))

    with pytest.raises(ValidationError):
        shown.tell(story=STORY, by=backbone.user)


def test_progress_runs_to_the_end(indicator, partner, backbone):
    approved(indicator, partner, backbone, table(RACE) | table(RACE, year=2021))
    draft = a_release(indicator, backbone)
    seen = []

    draft.work_out_protection(progress=seen.append)

    assert seen == sorted(seen)
    assert seen[-1] == 100

"""Named protection rules, and which of two is stricter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equity.models.policy import SMALL_COUNT
from measurement.protecting.presets import (
    CDC_WONDER,
    CMS,
    DEFAULT,
    IDEA,
    NCES,
    NEXT_SMALLEST,
    NOT_DERIVABLE,
    NYSED,
    PRESETS,
    TOTALS,
    Preset,
    at_least,
    is_as_strict,
    is_tighter,
    strictest,
)
from measurement.protecting.strictness import Counts, Rules, own_ranges
from measurement.reliability import cdc_wonder, top_bottom
from measurement.suppression import protect


@pytest.mark.parametrize(
    ("preset", "count", "population", "hidden"),
    [
        (CMS, 0, None, False),
        (CMS, 1, None, True),
        (CMS, 10, None, True),
        (CMS, 11, None, False),
        (CDC_WONDER, 0, None, True),
        (CDC_WONDER, 9, None, True),
        (CDC_WONDER, 10, None, False),
        (CDC_WONDER, 10, 9, True),
        (CDC_WONDER, 10, 10, False),
        (NYSED, 4, 50, True),
        (NYSED, 5, 50, False),
        (NYSED, 50, 50, True),  # all at one level
        (NYSED, 0, 50, False),
        (NYSED, 0, 4, True),
        (NCES, 12, 9, True),
        (NCES, 10, 12, False),
        (IDEA, 10, 29, True),
        (IDEA, 10, 30, False),
        (IDEA, 9, 30, True),
    ],
)
def test_each_rule_hides_what_it_says(preset, count, population, hidden):
    assert preset.hides(count, population) is hidden


def test_each_rule_has_its_key_its_version_and_its_source():
    assert {key: (each.version, each.threshold) for key, each in PRESETS.items()} == {
        "cms-11": ("2020", 11),
        "cdc-wonder-10": ("2011", 10),
        "nysed-5": ("2026", 5),
        "nces-bands": ("2011", 10),
        "idea-10-30": ("2016", 10),
    }
    assert [sorted(each.complementary) for each in PRESETS.values()] == [
        [NOT_DERIVABLE], [TOTALS], [NEXT_SMALLEST], [], [],
    ]  # fmt: skip
    assert all(preset.source for preset in PRESETS.values())


def test_the_default_is_the_floor_of_every_initiative():
    assert DEFAULT.threshold == SMALL_COUNT


def test_wonder_calls_the_same_rates_unreliable_as_its_files_do():
    below = CDC_WONDER.rates_unreliable_below

    assert cdc_wonder(below - 1) == "rate Unreliable"
    assert cdc_wonder(below) == "ok"


@pytest.mark.parametrize("population", [10, 19, 20, 40, 100, 299, 300, 5000])
def test_the_bands_are_those_of_the_labels(population):
    assert top_bottom(NCES.edge(population), population) == f"<={NCES.edge(population)}%"
    assert top_bottom(NCES.edge(population) + 0.1, population) is None
    assert CMS.edge(population) == 0
    assert NCES.edge(9) == 0  # nothing is shown there at all


def test_a_rule_says_what_the_protection_of_a_table_needs_to_know():
    cells = {"a": 0, "b": 40, "c": 50, "all": 90}
    sums = [("all", ["a", "b", "c"])]

    assert protect(cells, sums, **CMS.for_protect()) == set()
    assert "a" in protect(cells, sums, **CDC_WONDER.for_protect())


def test_raising_a_rule_makes_it_tighter_and_lowering_does_nothing():
    raised = at_least(CMS, threshold=20, population_minimum=30)

    assert (raised.threshold, raised.population_minimum) == (20, 30)
    assert is_tighter(raised, CMS)
    assert not is_as_strict(CMS, raised)
    assert at_least(CMS, threshold=3) == CMS


def test_rules_that_are_each_stricter_in_something_are_neither_tighter_nor_looser():
    # CMS hides a 10, WONDER hides a 0.
    assert not is_tighter(CMS, CDC_WONDER)
    assert not is_tighter(CDC_WONDER, CMS)
    both = strictest(CMS, CDC_WONDER)

    assert both.key == "cdc-wonder-10+cms-11"
    assert both.hides(10)
    assert both.hides(0)
    assert is_tighter(both, CMS)
    assert is_tighter(both, CDC_WONDER)


def test_the_stricter_of_two_is_that_rule_itself():
    raised = at_least(CMS, threshold=20)

    assert strictest(CMS, raised) is raised
    assert strictest(raised, CMS) is raised
    assert strictest(CMS, CMS) is CMS


@pytest.mark.parametrize(
    "change",
    [
        {"threshold": 10},
        {"population_minimum": 29},
        {"complementary": frozenset()},
        {"zero_allowed": True},
        {"hides_unanimous": False},
        {"rates_unreliable_below": 19},
        {"bands": ((300, 1),)},
        {"bands": ()},
    ],
    ids=str,
)
def test_a_rule_that_is_looser_in_one_respect_alone_is_looser(change):
    strict = strictest(strictest(strictest(CMS, CDC_WONDER), NYSED), strictest(NCES, IDEA))

    assert is_tighter(strict, replace(strict, **change))
    assert not is_as_strict(replace(strict, **change), strict)


presets = st.builds(
    Preset,
    key=st.sampled_from("abc"),
    version=st.just("1"),
    threshold=st.integers(1, 30),
    population_minimum=st.integers(0, 30),
    complementary=st.frozensets(st.sampled_from([NOT_DERIVABLE, TOTALS, NEXT_SMALLEST])),
    zero_allowed=st.booleans(),
    source=st.just("drawn"),
    hides_unanimous=st.booleans(),
    bands=st.dictionaries(st.integers(1, 300), st.integers(1, 20), max_size=4).map(
        lambda bands: tuple(bands.items())
    ),
    rates_unreliable_below=st.integers(0, 30),
)


@settings(deadline=None)
@given(presets, presets, st.integers(0, 40), st.none() | st.integers(0, 40))
def test_the_strictest_of_two_hides_whatever_either_hides(one, other, count, population):
    both = strictest(one, other)

    assert is_as_strict(both, one)
    assert is_as_strict(both, other)
    assert both.hides(count, population) >= (
        one.hides(count, population) or other.hides(count, population)
    )
    for size in range(0, 320, 7):
        assert both.edge(size) == max(one.edge(size), other.edge(size))


@settings(deadline=None)
@given(presets, presets)
def test_of_two_rules_at_most_one_is_tighter(one, other):
    assert not (is_tighter(one, other) and is_tighter(other, one))
    assert not is_tighter(one, one)


def test_a_printed_band_would_tell_more_than_the_floor_allows():
    """Below 1,000 people "at most p %" bounds a count within what must stay open: see
    docs/decisions/0005-extreme-percents.md.
    """
    rules = Rules(small_count=SMALL_COUNT, extremes=True)

    for people in range(10, 1_000):
        least, most = own_ranges(Counts(0, people, people), rules)["x"]
        assert rules.margin(people) < most
        assert (least, most) == (0, SMALL_COUNT - 1)
    assert rules.margin(1_000) == SMALL_COUNT - 1

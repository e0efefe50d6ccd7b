"""Six public files, and what is known to be true of them (skipped where they are not at hand)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from measurement.reading.catalogue import GroupName, IndicatorName, PlaceName
from measurement.reading.checks import against_known
from measurement.reading.guessing import guess
from measurement.reading.mapping import Column, Mapping
from measurement.reading.source import open_source
from measurement.reading.tables import read_table
from tests.measurement.reading.files import SHARED, needs_data

pytestmark = needs_data

GROUPS = (
    *(GroupName(key, name, "race") for key, name in (
        ("white", "White"), ("black", "Black or African American"), ("asian", "Asian"),
        ("aian", "American Indian or Alaska Native"), ("multi", "Two or more races"),
        ("nhpi", "Native Hawaiian or Pacific Islander"), ("other", "Other race"),
    )),
    GroupName("hispanic", "Hispanic or Latino", "ethnicity"),
    GroupName("nonhispanic", "Not Hispanic or Latino", "ethnicity"),
)  # fmt: skip
PLACES = (
    PlaceName("va", "Virginia"),
    PlaceName("albemarle", "Albemarle County"),
    PlaceName("cville", "Charlottesville"),
)


def opened(name):
    return open_source(SHARED / "data" / f"{name}.csv")


def guessed(name, *, scale=100, **changes):
    """The mapping proposed, with a person's changes, and what it reads."""
    source = opened(name)
    mapping = guess(source, groups=GROUPS, places=PLACES, indicator=IndicatorName("", scale=scale))
    mapping = replace(mapping, **changes)
    return mapping, read_table(source, mapping, groups=GROUPS)


def found(reading, place, period):
    return {
        "+".join(sorted(row.groups)) or "all": (row.numerator, row.denominator, row.rate)
        for row in reading.rows
        if row.place == place and row.period.label == period
    }


def test_low_birth_weight_reads_with_no_error():
    mapping, reading = guessed("va_steppingstones_low_birth_weight_race")

    assert {name: column.role for name, column in mapping.columns.items()} == {
        "locality": "place", "year": "period", "group": "group", "number": "numerator",
        "percent": "rate", "percent_3yr": "ignore",
    }  # fmt: skip
    assert (len(reading.rows), reading.lines, reading.errors) == (252, 252, [])
    assert Counter(row.denominator_derived for row in reading.rows) == {True: 246, False: 6}
    assert sum(1 for row in reading.rows if 1 <= (row.numerator or 0) <= 10) > 30


def test_infant_deaths_in_virginia_2019():
    _, reading = guessed("va_steppingstones_infant_mortality_race", scale=1_000)

    assert {
        group: (count, rate)
        for group, (count, _, rate) in found(reading, "va", "2019").items()
    } == {
        "all": (570, Decimal("5.9")), "white": (280, Decimal("4.7")),
        "black": (226, Decimal("10.6")), "other": (64, Decimal("4")),
    }  # fmt: skip
    assert reading.errors == []
    assert "named_percent" in {problem.code for problem in reading.problems}
    assert sum(1 for row in reading.rows if 1 <= (row.numerator or 0) <= 10) == 121


def test_infant_deaths_read_as_percent_contradict_the_births_known_elsewhere():
    _, births = guessed("va_steppingstones_low_birth_weight_race")
    known = {row.key: row.denominator for row in births.rows if row.denominator}
    _, wrong = guessed("va_steppingstones_infant_mortality_race", scale=100)
    _, right = guessed("va_steppingstones_infant_mortality_race", scale=1_000)

    found_out = against_known(wrong.rows, known, 100)

    assert wrong.errors == []  # count and rate alone cannot tell
    assert found_out is not None
    assert found_out.params["scale"] == 1_000
    assert against_known(right.rows, known, 1_000) is None


def test_homelessness_has_two_schemes_in_one_column():
    mapping, reading = guessed("va_steppingstones_pit_homelessness_race", place="cville")

    assert (mapping.scale, mapping.columns["group"].dimension) == (1_000, "")
    latest = found(reading, "cville", "2022")
    assert latest["black"][:2] == (117, 18_155)
    assert latest["white"][:2] == (137, 121_546)
    assert latest["nhpi"][:2] == (0, 66)
    assert latest["all"][0] == 266
    assert sum(count for group, (count, _, _) in latest.items() if group != "all") == 798 - 266
    assert reading.problems == []  # race and ethnicity are never added up


def test_homelessness_read_as_one_scheme_is_found_out():
    source = opened("va_steppingstones_pit_homelessness_race")
    one = [replace(group, dimension="race") for group in GROUPS]
    mapping = replace(guess(source, groups=one), place="cville")

    codes = {problem.code for problem in read_table(source, mapping, groups=one).problems}

    assert codes == {"parts_above_total_numerator", "parts_above_total_denominator"}


def test_homelessness_read_as_percent_is_found_out():
    _, reading = guessed("va_steppingstones_pit_homelessness_race", place="cville")
    source = opened("va_steppingstones_pit_homelessness_race")
    mapping = replace(guess(source, groups=GROUPS), place="cville", scale=100)

    errors = read_table(source, mapping, groups=GROUPS).errors

    assert reading.errors == []
    assert [(each.code, each.params["scale"], each.params["agree"], each.params["compared"])
            for each in errors] == [("scale_is_other", 1_000, 68, 68)]  # fmt: skip


def test_enrolment_in_charlottesville_2016_and_its_missing_rows():
    _, reading = guessed("va_steppingstones_postsecondary_education_race")

    latest = found(reading, "cville", "2016")
    assert {group: latest[group][:2] for group in ("all", "black", "white")} == {
        "all": (162, 219), "black": (43, 69), "white": (93, 117),
    }  # fmt: skip
    missing = Counter(row.missing for row in reading.rows if row.numerator is None)
    assert set(missing) == {"unknown"}
    assert missing["unknown"] + reading.left_out >= 40
    assert reading.errors == []


def test_pass_rates_of_grade_3_reading_2021_22():
    _, reading = guessed("va_steppingstones_sol_pass")

    assert {
        place: found(reading, place, "2021\u201322")["all"][2]
        for place in ("va", "albemarle", "cville")
    } == {"va": Decimal("67.53"), "albemarle": Decimal("65.68"), "cville": Decimal("69.82")}
    assert "2019\u201320" not in {row.period.label for row in reading.rows}
    assert reading.errors == []


def test_maternal_deaths_in_all_states_2021():
    source = opened("us_states_maternal_mortality_long")
    mapping = guess(source, places=PLACES)
    labels = {**mapping.columns["state"].labels, "TOTAL": "us"}
    mapping = Mapping.from_json(mapping.to_json())
    mapping = replace(mapping, columns={**mapping.columns, "state": Column("place", labels=labels)})

    reading = read_table(source, mapping)

    assert found(reading, "us", "2021") == {"all": (1_666, 3_664_292, Decimal("45.5"))}
    assert (mapping.scale, reading.errors, len(reading.rows)) == (100_000, [], 108)

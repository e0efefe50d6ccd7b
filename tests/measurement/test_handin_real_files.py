"""Files as partners have them: public ones, and look-alikes of the large and odd ones."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest

from measurement.reading import child
from measurement.reading.catalogue import GroupName, IndicatorName
from measurement.reading.guessing import with_labels
from measurement.reading.mapping import LABELLED, Column
from tests.measurement.reading import books
from tests.measurement.reading.files import SHARED, needs_data, write

RACES = tuple(
    GroupName(f"race:{code}", name, "race")
    for code, name in (
        ("white", "White"), ("black", "Black or African American"), ("asian", "Asian"),
        ("hispanic", "Hispanic or Latino"), ("aian", "American Indian or Alaska Native"),
        ("nhpi", "Native Hawaiian or Pacific Islander"), ("multi", "Two or more races"),
        ("other", "Other race"),
    )
)  # fmt: skip
FILES = sorted((SHARED / "data").glob("*.csv")) if (SHARED / "data").is_dir() else []


def mapped(path, indicator=None, **limits):
    """The proposal with every label that it can propose; the rest is ignored, as a person may."""
    mapping = child.run("guess", path, groups=RACES, indicator=indicator, **limits)
    for name, found in child.run("labels", path, mapping, **limits).items():
        texts = [label.text for label in found]
        if mapping.columns[name].role == "group":
            mapping = with_labels(mapping, name, texts, groups=RACES)
        column = mapping.columns[name]
        other = {"place": "new", "group": "ignore", "filter": "ignore"}.get(column.role, "ignore")
        labels = {text: column.labels.get(text, other if text else "ignore") for text in texts}
        mapping = replace(
            mapping, columns={**mapping.columns, name: replace(column, labels=labels)}
        )
    return mapping


def read(path, mapping, **limits):
    return child.run("table", path, mapping, groups=RACES, **limits)


@needs_data
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_public_file_can_be_read(path):
    mapping = mapped(path)
    if not mapping.names("period") and not mapping.period:
        mapping = replace(mapping, period="2020")
    if not mapping.names("place"):
        mapping = replace(mapping, place="va")

    reading = read(path, mapping)

    assert any(column.role in LABELLED for column in mapping.columns.values())
    assert reading.lines > 10
    assert reading.rows
    assert all(row.missing or row.numerator is not None for row in reading.rows)


WONDER = "\r\n".join(
    [
        '"Notes"\t"County"\t"County Code"\t"Race"\t"Race Code"\t"Year"\tDeaths\tPopulation'
        "\tCrude Rate",
        '\t"Albany County, NY"\t"36001"\t"White"\t"2106-3"\t"2020"\t31\t240,000\t12.9',
        '\t"Albany County, NY"\t"36001"\t"Asian"\t"A"\t"2020"\tSuppressed\t21,000\tSuppressed',
        '\t"Albany County, NY"\t"36001"\t"Black or African American"\t"2054-5"\t"2020"\t12'
        "\t41,000\tUnreliable",
        '\t"Bronx County, NY"\t"36005"\t"White"\t"2106-3"\t"2020"\t0\t640,000\t0.0',
        '\t"Bronx County, NY"\t"36005"\t"Asian"\t"A"\t"2020"\tNot Applicable\tNot Applicable'
        "\tNot Applicable",
        '"Total"\t"Albany County, NY"\t"36001"\t\t\t"2020"\t43\t302,000\t14.2',
        '"---"',
        '"Dataset: Underlying Cause of Death, 2018-2022, Single Race"',
        '"Query Parameters:"',
        '"Group By: County; Race; Year"',
        '"---"',
        '"1. Rates are marked as ""unreliable"" when the death count is less than 20."',
    ]
)


def test_an_export_of_wonder_keeps_each_reason_apart_and_its_footer_out(tmp_path):
    path = write(tmp_path, WONDER, "wonder.txt")
    mapping = mapped(path, IndicatorName("Deaths", scale=100_000))
    columns = {**mapping.columns, "Notes": Column("ignore"), "Race Code": Column("ignore"),
               "County Code": Column("ignore")}  # fmt: skip
    columns["Race"] = replace(columns["Race"], labels={**columns["Race"].labels, "": "everyone"})
    mapping = replace(mapping, columns=columns, scale=100_000)

    reading = read(path, mapping)

    said = [(row.place, sorted(row.groups), row.numerator, row.missing) for row in reading.rows]
    assert said == [
        ("new:Albany County, NY", ["race:white"], 31, None),
        ("new:Albany County, NY", ["race:asian"], None, "too_small"),
        ("new:Albany County, NY", ["race:black"], 12, None),
        ("new:Bronx County, NY", ["race:white"], 0, None),
        ("new:Bronx County, NY", ["race:asian"], None, "not_applicable"),
        ("new:Albany County, NY", [], 43, None),
    ]  # fmt: skip
    assert reading.errors == []
    assert any("Underlying Cause" in text for _, text in reading.notes)


def graduation(schools):
    """School × group × year, a fifth suppressed."""
    dice = random.Random(4)
    groups = ["All Students", *(race.name for race in RACES[:5])]
    for school in range(schools):
        for group in groups:
            cohort = dice.randint(20, 400)
            count = dice.randint(1, cohort)
            hidden = group != "All Students" and dice.random() < 0.2
            yield (f"Lincoln High {school}", "2021-2022", group, "s" if hidden else count, cohort,
                   "s" if hidden else f"{100 * count / cohort:.1f}")  # fmt: skip


def test_25_000_lines_of_schools_and_groups_with_hidden_ones(tmp_path):
    head = "School,Year,Student group,Number graduated,Cohort,Percent graduated"
    rows = list(graduation(4_200))
    content = "\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n"
    path = write(tmp_path, content)
    started = time.monotonic()

    reading = read(path, mapped(path), memory_mb=900)

    hidden = [row for row in reading.rows if row.missing]
    assert (reading.lines, len(reading.rows)) == (25_200, 25_200)
    assert {row.missing for row in hidden} == {"too_small"}
    assert len(hidden) == sum(1 for row in rows if row[3] == "s")
    assert time.monotonic() - started < 60


def test_the_same_as_a_workbook_says_the_same(tmp_path):
    head = ["School", "Year", "Student group", "Number graduated", "Cohort", "Percent graduated"]
    rows = [[*row[:5], row[5] if row[5] == "s" else float(row[5])] for row in graduation(200)]
    content = "\n".join([",".join(head), *(",".join(map(str, row)) for row in rows)]) + "\n"
    text, book = write(tmp_path, content), write(tmp_path, books.book({"Data": [head, *rows]}), "b")
    limits = {"sheets": ["Data"], "memory_mb": 900}

    by_text = read(text, mapped(text))
    by_book = read(book, mapped(book, **limits), **limits)

    assert [row._replace(text="") for row in by_book.rows] == [
        row._replace(text="") for row in by_text.rows
    ]


TRACKER = (
    "Date,State,Cases_Total,Cases_White,Cases_Black,Deaths_Total,Deaths_White,Deaths_Black\n"
    + "".join(
        f"202004{day:02},{state},{100 * day},{60 * day},{black},{5 * day},{3 * day},{2 * day}\n"
        for day in range(10, 24)
        for state in ("AK", "AL")
        for black in [30 * day if (state, day) != ("AL", 20) else 5]
    )
)


def test_a_wide_table_of_states_races_and_days_takes_the_measure_that_is_meant(tmp_path):
    path = write(tmp_path, TRACKER)

    deaths = mapped(path, IndicatorName("Deaths of COVID-19", "deaths"))
    cases = mapped(path, IndicatorName("Cases of COVID-19", "cases"))

    assert deaths.names("numerator") == ["Deaths_Total", "Deaths_White", "Deaths_Black"]
    assert cases.names("numerator") == ["Cases_Total", "Cases_White", "Cases_Black"]
    assert cases.columns["Cases_Black"].groups == ("race:black",)
    reading = read(path, cases)
    first = reading.rows[0]
    assert (first.period.kind, first.period.start.isoformat(), first.numerator) == (
        "day", "2020-04-10", 1000,
    )  # fmt: skip
    assert len(reading.rows) == 3 * 28


def test_a_count_so_far_that_falls_is_pointed_out(tmp_path):
    path = write(tmp_path, TRACKER)

    reading = read(path, mapped(path, IndicatorName("Cases", "cases")))

    (fell,) = [each for each in reading.problems if each.code == "count_fell"]
    assert (fell.severity, fell.params) == ("warning", {"now": 5, "before": 570})
    assert "20200420,AL" in TRACKER.splitlines()[fell.line - 1]


def test_ranges_stay_ranges_and_never_become_numbers(tmp_path):
    lines = ["White,GE95,100", "Black,21-39,60", "Asian,<10,9", "Other race,LE5,30"]
    path = write(tmp_path, "race,pct_proficient,tested\n" + "\n".join(lines) + "\n")
    mapping = replace(mapped(path), place="va", period="2021-2022", scale=100)
    columns = {**mapping.columns, "pct_proficient": Column("rate"), "tested": Column("denominator")}
    mapping = replace(mapping, columns=columns)

    reading = read(path, mapping)

    assert [(row.missing, row.numerator, row.rate, row.low, row.high, row.text)
            for row in reading.rows] == [
        ("too_small", None, None, 95, None, "GE95"), ("too_small", None, None, 21, 39, "21-39"),
        ("too_small", None, None, 0, 10, "<10"), ("too_small", None, None, 0, 5, "LE5"),
    ]  # fmt: skip


def test_the_same_key_with_two_values_is_refused_on_both_lines(tmp_path):
    path = write(tmp_path, "town,year,cases\nHere,2020,4\nHere,2020,5\nThere,2020,6\n")

    reading = read(path, mapped(path))

    assert [row.place for row in reading.rows] == ["new:There"]
    assert [(each.line, each.code) for each in reading.errors] == [
        (2, "duplicates_disagree"), (3, "duplicates_disagree"),
    ]  # fmt: skip


def test_sample_size_weight_and_grade_stay_what_they_are(tmp_path):
    content = (
        "town,year,number,births,sample size,population weight,evidence grade\n"
        "Here,2020,4,90,45,1234.5,survey\nThere,2020,5,80,,,\nUp,2020,6,70,35,900,modeled\n"
    )
    path = write(tmp_path, content)
    mapping = replace(mapped(path), grade="administrative")

    reading = read(path, mapping)

    assert [(row.denominator, row.sample_size, row.weight and float(row.weight), row.grade)
            for row in reading.rows] == [
        (90, 45, 1234.5, "survey"), (80, None, None, "administrative"), (70, 35, 900, "estimate"),
    ]  # fmt: skip


def test_a_grade_that_nobody_knows_is_a_problem_not_a_guess(tmp_path):
    path = write(tmp_path, "town,year,cases,how\nHere,2020,4,by feel\nHere,2021,5,census\n")
    mapping = mapped(path)
    mapping = replace(mapping, columns={**mapping.columns, "how": Column("grade")})

    reading = read(path, mapping)

    assert [(each.line, each.code) for each in reading.errors] == [(2, "unknown_grade")]
    assert [row.grade for row in reading.rows] == ["administrative"]

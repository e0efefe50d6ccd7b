from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from measurement.reading.catalogue import GroupName
from measurement.reading.checks import against_known, example, few_of_a_kind
from measurement.reading.errors import Problem
from measurement.reading.mapping import BadMapping, Column, Mapping
from measurement.reading.periods import PeriodRules, school_year, year
from measurement.reading.rows import Row
from measurement.reading.tables import read_table
from tests.measurement.reading.files import RACES, long_file, long_mapping, source_of

EVERYONE: frozenset[str] = frozenset()


def codes(reading, severity="error"):
    return [
        (problem.line, problem.column, problem.code)
        for problem in reading.problems
        if problem.severity == severity
    ]


def test_a_long_file_becomes_rows(tmp_path):
    source = long_file(tmp_path, ["Virginia,2019,all,570,96610", "Virginia,2019, Black ,226,21321"])

    reading = read_table(source, long_mapping(), groups=RACES)

    assert reading.rows == [
        Row(2, "va", year(2019), EVERYONE, 570, 96610, text="570"),
        Row(3, "va", year(2019), frozenset({"black"}), 226, 21321, text="226"),
    ]
    assert reading.problems == []
    assert reading.lines == 2


def test_zero_and_missing_stay_two_things(tmp_path):
    source = long_file(
        tmp_path,
        ["Virginia,2018,Asian,0,90", "Virginia,2019,Asian,s,90", "Virginia,2020,Asian,<10,90",
         "Virginia,2021,Asian,NA,NA", "Virginia,2022,Asian,,Suppressed"],
    )  # fmt: skip

    rows = read_table(source, long_mapping(), groups=RACES).rows

    assert [(row.numerator, row.denominator, row.missing, row.low, row.high) for row in rows] == [
        (0, 90, None, None, None),
        (None, 90, "too_small", None, None),
        (None, 90, "too_small", 0, 9),
        (None, None, "unknown", None, None),
        (None, None, "too_small", None, None),
    ]


def test_a_file_has_its_own_words_for_missing(tmp_path):
    mapping = replace(long_mapping(), missing={"zz": "refused"})

    rows = read_table(long_file(tmp_path, ["Virginia,2019,all,ZZ,90"]), mapping).rows

    assert [row.missing for row in rows] == ["refused"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Virginia,2019,all,twelve,90", ("number", "bad_number")),
        ("Virginia,2019,all,-1,90", ("number", "negative")),
        ("Virginia,2019,all,1.5,90", ("number", "not_whole")),
        ("Virginia,2019,all,91,90", ("number", "numerator_above_denominator")),
        ("Virginia,2019,Martian,1,90", ("group", "unknown_label")),
        ("Mars,2019,all,1,90", ("place", "unknown_label")),
        (",2019,all,1,90", ("place", "no_place")),
        ("Virginia,,all,1,90", ("year", "no_period")),
        ("Virginia,soon,all,1,90", ("year", "bad_period")),
        ("Virginia,2019,all,1", (None, "ragged_line")),
        ("Virginia,2019,all,1,90,7", (None, "ragged_line")),
    ],
)
def test_a_bad_line_is_left_out_with_its_number_and_reason(tmp_path, line, problem):
    source = long_file(tmp_path, ["Virginia,2018,all,1,90", line, "Virginia,2020,all,2,90"])

    reading = read_table(source, long_mapping())

    assert [row.line for row in reading.rows] == [2, 4]
    assert codes(reading) == [(3, *problem)]


def test_duplicates_that_agree_are_kept_once(tmp_path):
    source = long_file(tmp_path, ["Virginia,2019,all,5,90", "Virginia, 2019,all,5.0,90"])

    reading = read_table(source, long_mapping())

    assert [row.line for row in reading.rows] == [2]
    assert codes(reading, "warning") == [(3, None, "duplicates_agree")]


def test_duplicates_that_disagree_are_both_refused_with_both_lines(tmp_path):
    source = long_file(
        tmp_path,
        ["Virginia,2019,all,5,90", "Virginia,2019,White,4,80", "Virginia,2019,all,6,90"],
    )

    reading = read_table(source, long_mapping())

    assert [row.line for row in reading.rows] == [3]
    assert [(each.line, each.code, dict(each.params)) for each in reading.problems] == [
        (2, "duplicates_disagree", {"first": 2, "second": 4}),
        (4, "duplicates_disagree", {"first": 2, "second": 4}),
    ]


def test_a_percent_that_is_per_thousand_is_found_out(tmp_path):
    mapping = long_mapping(rate=Column("rate"))
    lines = [
        "Virginia,2019,all,570,96610,5.9",
        "Virginia,2019,White,280,59600,4.7",
        "Virginia,2019,Black,226,21300,10.6",
        "Virginia,2019,Asian,0,900,0",
    ]
    source = long_file(tmp_path, lines, "place,year,group,number,of,rate")

    wrong = read_table(source, mapping)
    right = read_table(source, replace(mapping, scale=1_000))

    assert wrong.errors == [
        Problem(None, "rate", "scale_is_other",
                {"scale": 1_000, "given": 100, "agree": 3, "compared": 3}),
    ]  # fmt: skip
    assert right.problems == []


def test_one_rate_that_disagrees_is_a_warning_on_its_line(tmp_path):
    mapping = long_mapping(rate=Column("rate"))
    lines = [f"Virginia,{2000 + n},all,{n + 1},100,{n + 1}" for n in range(9)]
    source = long_file(
        tmp_path, [*lines, "Virginia,2019,all,5,100,9.9"], "place,year,group,number,of,rate"
    )

    reading = read_table(source, mapping)

    assert codes(reading) == []
    assert codes(reading, "warning") == [(11, "rate", "rate_disagrees")]
    assert reading.rows[-1].numerator == 5


def rates(**columns):
    mapping = long_mapping(rate=Column("rate"))
    kept = {name: each for name, each in mapping.columns.items() if name not in columns}
    return replace(mapping, columns=kept)


def test_a_denominator_is_worked_out_only_where_count_and_rate_allow(tmp_path):
    lines = ["Virginia,2018,all,62,5.9", "Virginia,2019,all,0,0", "Virginia,2020,all,3,NA"]
    source = long_file(tmp_path, lines, "place,year,group,number,rate")
    mapping = rates(of=None)

    reading = read_table(source, mapping)

    assert [(row.numerator, row.denominator, row.denominator_derived) for row in reading.rows] == [
        (62, 1051, True), (0, None, False), (3, None, False),
    ]  # fmt: skip
    assert codes(reading, "warning") == [
        (3, "number", "no_denominator"), (4, "number", "no_denominator"),
    ]  # fmt: skip
    shown = example(mapping, reading.rows[0])
    assert shown.code == "example_about"
    assert shown.params == {
        "numerator": 62, "denominator": 1051, "rate": Decimal("5.9"), "scale": 100,
    }  # fmt: skip


def test_a_rate_above_its_scale_is_out_of_range(tmp_path):
    source = long_file(tmp_path, ["Virginia,2018,all,62,105.9"], "place,year,group,number,rate")

    assert codes(read_table(source, rates(of=None))) == [(2, "rate", "rate_out_of_range")]


def test_a_rate_alone_needs_its_count(tmp_path):
    source = long_file(tmp_path, ["Virginia,2018,all,5.9"], "place,year,group,rate")

    assert codes(read_table(source, rates(of=None, number=None))) == [(2, "rate", "needs_count")]


@pytest.mark.parametrize(
    ("rate", "of", "numerator"), [("50", "10", 5), ("73.97260273972603", "219", 162), ("0", "9", 0)]
)
def test_a_count_is_worked_out_when_exactly_one_fits(tmp_path, rate, of, numerator):
    source = long_file(tmp_path, [f"Virginia,2018,all,{rate},{of}"], "place,year,group,rate,of")

    rows = read_table(source, rates(number=None)).rows

    assert [(row.numerator, row.numerator_derived) for row in rows] == [(numerator, True)]


@pytest.mark.parametrize(("rate", "of"), [("5.9", "96610"), ("33.4", "10")])
def test_a_count_is_not_worked_out_from_a_rounded_rate(tmp_path, rate, of):
    source = long_file(tmp_path, [f"Virginia,2018,all,{rate},{of}"], "place,year,group,rate,of")

    assert codes(read_table(source, rates(number=None))) == [(2, "rate", "count_not_exact")]


def test_a_hidden_count_is_never_worked_out_again(tmp_path):
    header = "place,year,group,number,of,rate"
    source = long_file(tmp_path, ["Virginia,2018,Asian,s,20,50"], header)

    rows = read_table(source, long_mapping(rate=Column("rate"))).rows

    assert [(row.numerator, row.missing) for row in rows] == [(None, "too_small")]


def test_parts_above_their_whole_are_said_only_where_groups_exclude_each_other(tmp_path):
    source = long_file(
        tmp_path,
        ["Virginia,2019,all,10,100", "Virginia,2019,White,8,60", "Virginia,2019,Black,7,40"],
    )
    overlapping = [replace(group, exclusive=False) for group in RACES]

    exclusive = read_table(source, long_mapping(), groups=RACES)

    assert codes(exclusive, "warning") == [(2, None, "parts_above_total_numerator")]
    assert read_table(source, long_mapping(), groups=overlapping).problems == []


def test_a_group_larger_than_its_parent_is_said(tmp_path):
    groups = [GroupName("asian", "Asian", "race"),
              GroupName("hmong", "Hmong", "race", parent="asian")]  # fmt: skip
    labels = {"Asian": "asian", "Hmong": "hmong"}
    mapping = long_mapping(group=Column("group", "race", labels=labels))
    source = long_file(tmp_path, ["Virginia,2019,Asian,5,50", "Virginia,2019,Hmong,6,40"])

    reading = read_table(source, mapping, groups=groups)

    assert codes(reading, "warning") == [(3, None, "group_above_total_numerator")]


def test_intersections_are_groups_of_two_dimensions(tmp_path):
    mapping = long_mapping(sex=Column("group", "sex", labels={"F": "female", "all": "everyone"}))
    source = long_file(
        tmp_path, ["Virginia,2019,Black,5,50,F", "Virginia,2019,all,9,90,all"],
        "place,year,group,number,of,sex",
    )  # fmt: skip

    rows = read_table(source, mapping).rows

    assert [row.groups for row in rows] == [frozenset({"black", "female"}), EVERYONE]


def test_a_wide_file_has_groups_and_years_in_its_header(tmp_path):
    mapping = Mapping(
        {
            "Place": Column("place", labels={"Virginia": "va"}),
            "pass_White_2019": Column("numerator", groups=("white",), period="2019"),
            "of_White_2019": Column("denominator", groups=("white",), period="2019"),
            "pass_all_2020": Column("numerator", period="2020"),
        }
    )
    source = source_of(
        tmp_path, "Place,pass_White_2019,of_White_2019,pass_all_2020\nVirginia,5,20,s\n"
    )

    reading = read_table(source, mapping, groups=RACES)

    assert reading.rows == [
        Row(2, "va", year(2019), frozenset({"white"}), 5, 20, text="5"),
        Row(2, "va", year(2020), EVERYONE, None, None, "too_small", text="s"),
    ]
    assert reading.problems == []


def test_filters_and_ignored_labels_leave_lines_out_and_count_them(tmp_path):
    mapping = long_mapping(test=Column("filter", labels={"Reading": "keep"}))
    labels = {"all": "everyone", "White": "ignore"}
    mapping = replace(mapping, columns={**mapping.columns, "group": Column("group", labels=labels)})
    lines = ["Virginia,2019,all,5,9,Reading", "Virginia,2019,all,6,9,Maths",
             "Virginia,2019,White,6,9,Reading"]  # fmt: skip
    source = long_file(tmp_path, lines, "place,year,group,number,of,test")

    reading = read_table(source, mapping)

    assert ([row.line for row in reading.rows], reading.left_out) == ([2], 2)


def test_a_new_place_is_named_by_its_label(tmp_path):
    mapping = long_mapping(place=Column("place", labels={"=cmd|' /C calc'!A0": "new"}))
    source = long_file(tmp_path, ["=cmd|' /C calc'!A0,2019,all,1,2"])

    assert [row.place for row in read_table(source, mapping).rows] == ["new:=cmd|' /C calc'!A0"]


def test_the_whole_column_settles_what_a_period_means(tmp_path):
    source = long_file(tmp_path, ["Virginia,3/4/2019,all,1,2", "Virginia,25/4/2019,all,1,2"])

    rows = read_table(source, long_mapping()).rows

    assert [row.period.label for row in rows] == ["2019-04-03", "2019-04-25"]


def test_school_years_and_leading_zeros_survive(tmp_path):
    mapping = long_mapping(place=Column("place", labels={"051": "va", "51": "other"}))
    source = long_file(tmp_path, ["051,2005-2006,all,1,2"])

    rows = read_table(source, mapping).rows

    assert [(row.place, row.period) for row in rows] == [("va", school_year(2005))]


def test_decimal_commas(tmp_path):
    mapping = replace(rates(of=None), decimal_comma=True)
    source = source_of(tmp_path, "place;year;group;number;rate\nVirginia;2019;all;1.062;5,9\n")

    rows = read_table(source, mapping).rows

    assert [(row.numerator, row.rate) for row in rows] == [(1062, Decimal("5.9"))]


def test_a_mapping_for_another_file_is_refused(tmp_path):
    source = source_of(tmp_path, "a,b\n1,2\n")

    with pytest.raises(BadMapping) as refused:
        read_table(source, long_mapping())

    assert (refused.value.code, refused.value.params) == ("mapping_no_column", {"name": "place"})


def test_a_year_pair_may_be_two_years(tmp_path):
    mapping = replace(long_mapping(), periods=PeriodRules(consecutive="years"))

    rows = read_table(long_file(tmp_path, ["Virginia,2018-2019,all,1,2"]), mapping).rows

    assert [row.period.kind for row in rows] == ["years"]


def derived(number, denominator):
    return Row(2, "va", year(number), EVERYONE, 5, denominator, denominator_derived=True)


def test_denominators_known_elsewhere_show_a_wrong_scale():
    rows = [derived(2000 + n, 9_700 + n) for n in range(5)]
    known = {row.key: 97_000 for row in rows}

    found = against_known(rows, known, 100, column="percent")

    assert found == Problem(
        None, "percent", "scale_against_known",
        {"scale": 1_000, "given": 100, "agree": 5, "compared": 5},
    )  # fmt: skip
    assert against_known(rows, {row.key: 9_700 for row in rows}, 100) is None


def test_many_warnings_of_a_kind_are_counted_not_listed():
    warning = Problem(3, None, "no_denominator", {"count": 1}, "warning")
    error = Problem(4, None, "no_place")

    kept = few_of_a_kind([warning] * 5 + [error] * 5, most=2)

    assert [each.code for each in kept] == ["no_denominator"] * 2 + ["no_place"] * 5 + [
        "more_warnings"
    ]
    assert kept[-1].params == {"count": 3}

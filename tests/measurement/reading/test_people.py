from __future__ import annotations

import csv
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from measurement.reading import people
from measurement.reading.errors import Problem, Unreadable
from measurement.reading.labels import Label, labels
from measurement.reading.mapping import BadMapping, Column, Mapping
from measurement.reading.people import aggregate
from measurement.reading.periods import year
from measurement.reading.source import open_source
from tests.measurement.reading.files import long_mapping, write

MAPPING = Mapping(
    {
        "county": Column("place", labels={"A": "a", "B": "b", "Nowhere": "ignore"}),
        "born": Column("period"),
        "race": Column("group", "race", {"Black": "black", "White": "white", "": "unknown"}),
        "sex": Column("group", "sex", {"F": "female", "M": "male"}),
        "done": Column("outcome", labels={"Yes": "yes", "No": "no", "?": "unknown"}),
    },
    kind="people",
    bucket="year",
)
HEADER = "id,county,born,race,sex,done\n"


def read(folder, lines, mapping=MAPPING):
    return aggregate(write(folder, HEADER + "\n".join(lines) + "\n"), mapping)


def counts(reading):
    return {
        (row.place, row.period.label, row.groups): (row.numerator, row.denominator)
        for row in reading.rows
    }


def test_persons_become_counts_for_everyone_each_group_and_each_intersection(tmp_path):
    reading = read(
        tmp_path,
        ["1,A,2001-02-03,Black,F,Yes", "2,A,2001-12-31,Black,M,No", "3,A,2001-01-01,White,F,No",
         "4,A,2002-01-01,,F,Yes"],
    )  # fmt: skip

    nobody: frozenset[str] = frozenset()
    assert counts(reading) == {
        ("a", "2001", nobody): (1, 3),
        ("a", "2002", nobody): (1, 1),
        ("a", "2001", frozenset({"black"})): (1, 2),
        ("a", "2001", frozenset({"white"})): (0, 1),
        ("a", "2001", frozenset({"female"})): (1, 2),
        ("a", "2001", frozenset({"male"})): (0, 1),
        ("a", "2002", frozenset({"female"})): (1, 1),
        ("a", "2001", frozenset({"black", "female"})): (1, 1),
        ("a", "2001", frozenset({"black", "male"})): (0, 1),
        ("a", "2001", frozenset({"white", "female"})): (0, 1),
    }
    assert (reading.persons, reading.counted, dict(reading.left_out)) == (4, 4, {})
    assert reading.unknown == {"race": 1, "sex": 0}
    assert reading.problems == []


def test_who_is_not_counted_is_said_with_the_reason(tmp_path):
    reading = read(
        tmp_path,
        ["1,A,2001-02-03,Black,F,Yes", "2,Nowhere,2001-02-03,Black,F,Yes",
         "3,Mars,2001-02-03,Black,F,Yes", "4,A,soon,Black,F,Yes", "5,A,2001-02-03,Black,F,?"],
    )  # fmt: skip

    assert (reading.persons, reading.counted) == (5, 1)
    assert reading.left_out == {"ignored": 1, "no_place": 1, "no_period": 1, "no_outcome": 1}
    assert reading.errors == [
        Problem(None, "county", "unknown_people_label", {"text": "Mars", "count": 1}),
        Problem(None, "born", "unreadable_people_period", {"text": "soon", "count": 1}),
    ]


def test_a_group_label_nobody_explained_still_counts_in_everyone(tmp_path):
    reading = read(tmp_path, ["1,A,2001,Martian,F,Yes", "2,A,2001,Martian,F,No"])

    assert reading.rows[0].denominator == 2
    assert reading.unknown["race"] == 2
    assert reading.errors == [
        Problem(None, "race", "unknown_people_label", {"text": "Martian", "count": 2}),
    ]


def test_without_an_outcome_the_persons_themselves_are_the_count(tmp_path):
    mapping = replace(MAPPING, columns={**MAPPING.columns, "done": Column("ignore")})

    rows = read(tmp_path, ["1,A,2001,Black,F,Yes", "2,A,2001,Black,F,No"], mapping).rows

    assert (rows[0].numerator, rows[0].denominator) == (2, None)


def test_a_whole_file_may_be_about_one_place_and_one_time(tmp_path):
    columns = {name: MAPPING.columns[name] for name in ("sex", "done")}
    mapping = Mapping(columns, kind="people", place="va", period="2019")

    rows = read(tmp_path, ["1,A,2001,Black,F,Yes"], mapping).rows

    assert {(row.place, row.period) for row in rows} == {("va", year(2019))}


def test_a_person_in_several_groups_counts_once_in_each(tmp_path):
    race = replace(MAPPING.columns["race"], separator=";")
    mapping = replace(MAPPING, columns={**MAPPING.columns, "race": race})

    reading = read(tmp_path, ["1,A,2001,Black;White,F,Yes", "2,A,2001,Black; Black,M,No"], mapping)

    found = counts(reading)
    assert found["a", "2001", frozenset()] == (1, 2)
    assert found["a", "2001", frozenset({"black"})] == (1, 2)
    assert found["a", "2001", frozenset({"white"})] == (1, 1)


def test_filters_leave_persons_out(tmp_path):
    columns = {**MAPPING.columns, "id": Column("filter", labels={"1": "keep"})}

    reading = read(tmp_path, ["1,A,2001,Black,F,Yes", "2,A,2001,Black,F,Yes"],
                   replace(MAPPING, columns=columns))  # fmt: skip

    assert (reading.counted, reading.left_out) == (1, {"ignored": 1})


def test_broken_lines_are_counted_with_their_line_in_the_file(tmp_path):
    reading = read(
        tmp_path,
        ['1,A,2001,"Bl\nack",F,Yes', "2,A,2001,Black,F", "3,A,2001,Black,F,Yes,more",
         '4,A,2001,"Bl"ack,F,Yes', "5,A,2001,Black,F,Yes"],
    )  # fmt: skip

    assert [(each.line, each.code) for each in reading.errors if each.line] == [
        (4, "ragged_people_line"), (5, "ragged_people_line"), (6, "broken_quotes_line"),
    ]  # fmt: skip
    assert (reading.persons, reading.counted) == (5, 2)


def test_a_quote_that_swallows_lines_refuses_the_file(tmp_path):
    lines = [f"{n},A,2001,Black,F,Yes" for n in range(500)]
    lines[450] = '450,A,2001,"Black,F,Yes'

    with pytest.raises(Unreadable) as refused:
        read(tmp_path, lines)

    assert (refused.value.code, refused.value.params) == ("quote_never_closed", {"line": 452})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_letters_and_line_ends_do_not_matter(tmp_path, encoding, newline):
    place = Column("place", labels={"Pe\u00f1a": "p"})
    mapping = replace(MAPPING, columns={**MAPPING.columns, "county": place})
    text = HEADER + "1,Pe\u00f1a,2001,Black,F,Yes\n2,Pe\u00f1a,2001,Black,F,No\n"
    path = write(tmp_path, text.replace("\n", newline).encode(encoding))

    reading = aggregate(path, mapping)

    assert (reading.errors, reading.counted) == ([], 2)


def test_mixed_line_ends_and_titles_do_not_matter(tmp_path):
    text = (
        "Our persons\n\n"
        + HEADER
        + "1,A,2001,Black,F,Yes\r\n2,A,2001,Black,F\n3,A,2001,Black,F,No\r\n"
    )

    reading = aggregate(write(tmp_path, text), MAPPING)

    assert reading.counted == 2
    assert [problem.line for problem in reading.errors] == [5]


@pytest.mark.parametrize(
    ("bucket", "labels"),
    [
        ("year", ["2005", "2006"]),
        ("school_year", ["2004\u201305", "2005\u201306"]),
        ("quarter", ["2005-Q2", "2005-Q3", "2006-Q1"]),
        ("month", ["2005-06", "2005-07", "2006-01"]),
        ("as_is", ["2005-06-30", "2005-07-01", "2006-01-31"]),
    ],
)
@pytest.mark.parametrize("last", ["2006-01-31", "Jan 31, 2006"])  # read as dates, read as texts
def test_dates_fall_into_the_longer_period_of_the_mapping(tmp_path, bucket, labels, last):
    dates = ["2005-06-30"] * 30 + ["2005-07-01", last]
    lines = [f'{n},A,"{date}",Black,F,Yes' for n, date in enumerate(dates)]

    rows = read(tmp_path, lines, replace(MAPPING, bucket=bucket)).rows

    assert [row.period.label for row in rows if not row.groups] == labels
    assert sum(row.numerator for row in rows if not row.groups) == 32


@pytest.mark.parametrize("bad", ["", "2005-02-30", "someday"])
def test_a_bad_date_among_good_ones_is_one_person_not_counted(tmp_path, bad):
    lines = [f"{n},A,2005-06-30,Black,F,Yes" for n in range(30)]

    reading = read(tmp_path, [*lines, f"30,A,{bad},Black,F,Yes"])

    assert (reading.persons, reading.counted, reading.left_out) == (31, 30, {"no_period": 1})
    assert [(each.code, each.params) for each in reading.errors] == [
        ("unreadable_people_period", {"text": bad, "count": 1})
    ]


def test_an_id_that_fills_the_memory_is_refused_by_name(tmp_path):
    lines = [f"{n:0900},A,2001,Black,F,Yes" for n in range(60_000)]
    columns = {**MAPPING.columns, "id": Column("group", "id", {"1": "x"})}
    path = write(tmp_path, HEADER + "\n".join(lines) + "\n")

    with pytest.raises(Unreadable) as refused:
        aggregate(path, replace(MAPPING, columns=columns), memory_mb=80)

    assert (refused.value.code, refused.value.params["column"]) == ("too_many_labels", "id")


def test_an_id_mapped_as_a_group_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(people, "LABELS", 50)
    columns = {**MAPPING.columns, "id": Column("group", "id", {"1": "x"})}

    with pytest.raises(Unreadable) as refused:
        read(tmp_path, [f"{n},A,2001,Black,F,Yes" for n in range(60)],
             replace(MAPPING, columns=columns))  # fmt: skip

    assert refused.value.params == {"column": "id", "limit": 50}


def test_too_many_combinations_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(people, "COMBINATIONS", 50)

    with pytest.raises(Unreadable) as refused:
        read(tmp_path, [f"{n},A,{1900 + n},Black,F,Yes" for n in range(60)])

    assert refused.value.code == "too_many_combinations"


def test_a_table_mapping_is_refused(tmp_path):
    with pytest.raises(BadMapping) as refused:
        aggregate(write(tmp_path, HEADER + "1,A,2001,Black,F,Yes\n"), long_mapping())

    assert refused.value.code == "not_people"


def test_labels_of_a_people_file(tmp_path):
    race = replace(MAPPING.columns["race"], separator=";")
    mapping = replace(MAPPING, columns={**MAPPING.columns, "race": race})
    path = write(
        tmp_path, HEADER + "1,A,2001,Black;Hmong,F,Yes\n2,A,2001, Black ,F,Yes\n3,A,2001,,F,\n"
    )

    found = labels(open_source(path), mapping)

    assert found["race"] == [
        Label("Black", 2, "black"), Label("", 1, "unknown"), Label("Hmong", 1, None),
    ]  # fmt: skip
    assert found["done"] == [Label("Yes", 2, "yes"), Label("", 1, None)]


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    path = write(tmp_path, (HEADER + "1,A,2001,Black,F,Yes\n").encode("utf-16"))

    aggregate(path, MAPPING)

    assert list((tmp_path / "temp").iterdir()) == []


PERSON = some.tuples(
    some.sampled_from("ABX"),
    some.sampled_from(["2001-02-03", "2001", "2002-12-31", "never"]),
    some.sampled_from(["Black", "White", "", "Martian"]),
    some.sampled_from(["F", "M", "Z"]),
    some.sampled_from(["Yes", "No", "?"]),
)


@settings(max_examples=25, deadline=None)
@given(persons=some.lists(PERSON, min_size=1, max_size=40))
def test_counts_equal_a_count_by_hand(tmp_path_factory, persons):
    path = Path(tmp_path_factory.mktemp("people")) / "file.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([HEADER.strip().split(","), *(("1", *each) for each in persons)])

    reading = aggregate(path, MAPPING)

    expected: Counter[tuple] = Counter()
    for place, born, race, sex, done in persons:
        if place == "X" or born == "never" or done == "?":
            continue
        race_key = {"Black": "black", "White": "white"}.get(race)
        sex_key = {"F": "female", "M": "male"}.get(sex)
        strata = {frozenset(), frozenset({race_key}), frozenset({sex_key}),
                  frozenset({race_key, sex_key})}  # fmt: skip
        for groups in strata:
            if None not in groups:
                expected[place.lower(), born[:4], groups, done] += 1
    keys = {key[:3] for key in expected}
    assert counts(reading) == {
        key: (expected[(*key, "Yes")], expected[(*key, "Yes")] + expected[(*key, "No")])
        for key in keys
    }
    assert reading.persons == len(persons) == reading.counted + sum(reading.left_out.values())

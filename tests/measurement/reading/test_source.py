from __future__ import annotations

import csv
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from measurement.reading.errors import Unreadable
from measurement.reading.source import Limits, open_source
from tests.measurement.reading.files import SHARED, cells_of, needs_corpora, source_of, write

WONDER = (
    '"Notes"\t"State"\t"Year"\tDeaths\tCrude Rate\r\n'
    '\t"Virginia"\t"2019"\t1,200\t14.1\r\n'
    '\t"Virginia"\t"2020"\tSuppressed\tSuppressed\r\n'
    '"Total"\t"Virginia"\t\t2400\t14.0\r\n'
    '"---"\r\n'
    '"Dataset: Underlying Cause of Death, 1999-2020"\r\n'
    '"Group By: State; Year"\r\n'
    '"---"\r\n'
    '"Help: See http://wonder.cdc.gov for more information."\r\n'
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"  \n\n", "empty"),
        (b"a,b\n", "no_rows"),
        (b"a,b\n\n,,\n", "no_rows"),
        (b"a,b\n1,2,3\n4,5,6\n", "no_good_rows"),
        (b"PK\x03\x04....[Content_Types].xml", "is_workbook"),
        (b"PK\x03\x04....word/document.xml", "is_document"),
        (b"PK\x03\x04....data.csv", "is_archive"),
        (b"\x1f\x8b\x08", "is_archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is_workbook"),
        (b"%PDF-1.7", "is_pdf"),
        (b"\x89PNG\r\n\x1a\n", "is_image"),
        (b"<!DOCTYPE html><html>", "is_markup"),
        (b'[{"a": 1}]', "is_json"),
        (b"PAR1....", "is_database"),
        (b"\x01\x02\x03\x04\x05\x06" * 20 + b"a,b\n1,2\n", "is_binary"),
        (b"a,b\x00\n1,2\n", "nul_bytes"),
        ("a,b\n1,2\x00\n".encode("utf-16"), "nul_bytes"),
        ("a,b\n1,2\n".encode("utf-16")[:-1], "damaged_text"),
        (b'a,b\n1,"2\n3,4\n', "quote_never_closed"),
        (b'a,b\n1,"' + b"x" * 40_000 + b'"\n', "field_too_long"),
        (b"a,b\n1," + b"x" * (2 << 20), "line_too_long"),
        (",".join(f"c{n}" for n in range(3000)).encode() + b"\n1\n", "too_many_columns"),
    ],
)  # fmt: skip
def test_files_that_are_no_table_are_refused_by_kind(tmp_path, content, code):
    path = write(tmp_path, content)

    with pytest.raises(Unreadable) as refused:
        open_source(path)

    assert refused.value.code == code


def test_a_file_past_the_size_limit_is_refused(tmp_path):
    path = write(tmp_path, "a,b\n1,2\n")

    with pytest.raises(Unreadable) as refused:
        open_source(path, limits=Limits(bytes=4))

    assert refused.value.code == "too_large"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separators_line_ends_and_letters_are_found(tmp_path, delimiter, newline, encoding):
    rows = [["a\u00f1o", "number"], ["Pe\u00f1a", "1,5"], ["x", "2"], ["y", "3"]]
    lines = [delimiter.join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows]

    source = source_of(tmp_path, newline.join([*lines, ""]).encode(encoding))

    assert source.header == ("a\u00f1o", "number")
    assert cells_of(source) == [("Pe\u00f1a", "1,5"), ("x", "2"), ("y", "3")]
    guessed = [problem.code for problem in source.warnings]
    assert guessed == (["encoding_guessed"] if encoding == "cp1252" else [])


def test_bytes_that_windows_does_not_know_fall_back_to_latin_1(tmp_path):
    assert source_of(tmp_path, b"a,b\n\x81\xf1,2\n").encoding == "latin-1"


def test_a_cdc_wonder_export_ends_at_its_rule_and_keeps_its_totals(tmp_path):
    source = source_of(tmp_path, WONDER)
    notes = []

    rows = list(source.records(note=notes.append))

    assert source.delimiter == "\t"
    assert [(row.line, row.cells[0], row.cells[3]) for row in rows] == [
        (2, "", "1,200"), (3, "", "Suppressed"), (4, "Total", "2400"),
    ]  # fmt: skip
    assert [line for line, _ in notes] == [5, 6, 7, 8, 9]


def test_titles_above_and_notes_below_are_not_data(tmp_path):
    source = source_of(
        tmp_path,
        "Low birth weight, by race,,\nVirginia,,,\n\nYear,Group,Number,Births,,\n"
        "2019,All,62,1051,,\n2019,Black,s,90,,\n\nNotes: small,,,,,\nSource: VDH\n",
    )
    notes = []

    rows = list(source.records(note=notes.append))

    assert source.header == ("Year", "Group", "Number", "Births")
    assert source.header_line == 4
    assert source.preamble == ((1, "Low birth weight by race"), (2, "Virginia"))
    assert [row.line for row in rows] == [5, 6]
    assert notes == [(8, "Notes: small"), (9, "Source: VDH")]


def test_a_lone_cell_between_data_is_a_problem_not_a_note(tmp_path):
    problems = []

    rows = list(source_of(tmp_path, "a,b,c\n1,2,3\nAlbemarle\n4,5,6\n").records(problems.append))

    assert [row.line for row in rows] == [2, 4]
    assert [(each.line, each.code) for each in problems] == [(3, "lone_cell")]


def test_ragged_lines_are_reported_and_never_shifted(tmp_path):
    problems = []
    source = source_of(tmp_path, "a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n4,5,6\n")

    rows = list(source.records(problems.append))

    assert [(row.line, row.cells) for row in rows] == [
        (2, ("1", "2", "3")), (5, ("1", "2", "3")), (6, ("4", "5", "6")),
    ]  # fmt: skip
    assert [(each.line, each.code, each.params["cells"]) for each in problems] == [
        (3, "ragged_line", 2), (4, "ragged_line", 4),
    ]  # fmt: skip


def test_broken_quotes_cost_their_line_only(tmp_path):
    problems = []

    rows = list(source_of(tmp_path, 'a,b\n"x"y,2\n3,4\n').records(problems.append))

    assert [row.cells for row in rows] == [("3", "4")]
    assert [(each.line, each.code) for each in problems] == [(2, "broken_quotes")]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    source = source_of(tmp_path, '"a\nb",c\n1,"two\nlines"\n\n3,4\n')

    assert source.header == ("a b", "c")
    assert [(row.line, row.cells) for row in source.records()] == [
        (3, ("1", "two\nlines")), (6, ("3", "4")),
    ]  # fmt: skip


def test_header_names_are_made_distinct_and_said(tmp_path):
    source = source_of(tmp_path, "rate,Rate,,x\n1,2,3,4\n")

    assert source.header == ("rate", "Rate (2)", "column 3", "x")
    assert [each.code for each in source.warnings] == ["header_repeated", "header_blank"]


def test_a_missing_header_is_said(tmp_path):
    source = source_of(tmp_path, "2005,3,x\n2006,4,y\n")

    assert [each.code for each in source.warnings] == ["header_looks_like_data"]


def test_the_layout_is_known_again_in_another_order_and_case(tmp_path):
    first = source_of(tmp_path, "Year,Number\n1,2\n").layout_signature

    assert source_of(tmp_path, "number , YEAR\n2,1\n").layout_signature == first
    assert source_of(tmp_path, "year,count\n2,1\n").layout_signature != first


def test_excels_own_first_line_is_obeyed(tmp_path):
    source = source_of(tmp_path, "sep=;\r\na;b\r\n1;2,5\r\n")

    assert (source.delimiter, source.header, source.warnings) == (";", ("a", "b"), ())


def test_spaces_before_quotes_are_not_part_of_the_cell(tmp_path):
    assert cells_of(source_of(tmp_path, '"a", "b"\n"1", "x, y"\n')) == [("1", "x, y")]


def test_several_labels_in_a_cell_do_not_become_columns(tmp_path):
    source = source_of(tmp_path, "id,race\n1,Black;White\n2,White\n3,Asian;Black\n")

    assert source.delimiter == ","


TEXT = some.text(
    some.characters(exclude_categories=("Cs",), exclude_characters="\x00\r"), max_size=12
)


@settings(deadline=None)
@given(rows=some.lists(some.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=8))
def test_what_the_csv_module_writes_reads_back_unchanged(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["place", "group", "note"])
        writer.writerow(["p", "g", "n"])
        writer.writerows(("p", "g" + first, second + third) for first, second, third in rows)

    cells = cells_of(open_source(path))

    assert cells[0] == ("p", "g", "n")
    assert cells[1:] == [("p", "g" + first, second + third) for first, second, third in rows]


@needs_corpora
def test_csv_spectrum_reads_as_its_answers_say():
    folder = SHARED / "corpora/csv-spectrum"
    files = sorted((folder / "csvs").glob("*.csv"))
    assert len(files) == 11

    for path in files:
        answer = json.loads((folder / "json" / f"{path.stem}.json").read_text())
        source = open_source(path)
        rows = [dict(zip(source.header, record.cells, strict=True)) for record in source.records()]
        assert [_same_ends(row) for row in rows] == [_same_ends(row) for row in answer], path.name


def _same_ends(row):
    return {name: text.replace("\r\n", "\n") for name, text in row.items()}


@needs_corpora
def test_naughty_strings_survive_unchanged(tmp_path):
    naughty = json.loads((SHARED / "corpora/blns.json").read_text())
    path = tmp_path / "file.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("n", "text"), *enumerate(naughty)])

    rows = cells_of(open_source(path))

    assert [text for _, text in rows] == naughty

"""Workbooks: honest ones are read as people see them, hostile ones are refused with the reason."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from measurement.reading import child
from measurement.reading.errors import Unreadable
from measurement.reading.marks import Marks
from measurement.reading.messages import MESSAGES
from tests.measurement.reading import books
from tests.measurement.reading.files import RACES, write

HEADER = ["town", "group", "deaths", "births"]
HEAD = ["place", "year", "number", "of"]
PLAIN = {"Data": [HEAD, ["Here", 2020, 12, 90], ["There", 2021, 22.0, 80]]}


def refused(tmp_path, content, reading="sheets", *args):
    with pytest.raises(Unreadable) as trouble:
        child.run(reading, write(tmp_path, content, "b.xlsx"), *args, memory_mb=900, seconds=60)
    assert trouble.value.code in MESSAGES
    return trouble.value


def chosen(tmp_path, content, *names):
    path = write(tmp_path, content, "b.xlsx")
    return child.run("choose", path, list(names), memory_mb=900)


def cells(tmp_path, content, *names):
    """Header and lines of the chosen sheets."""
    found = chosen(tmp_path, content, *names).source
    return [found.header, *(record.cells for record in found.sample)]


def test_a_sheet_is_read_as_people_see_it(tmp_path):
    file = io.BytesIO()
    with Workbook(file) as made:
        sheet = made.add_worksheet("2023")
        form = {name: made.add_format({"num_format": name}) for name in (
            "0.0%", "00000", "yyyy-mm-dd", "yyyy", "mmm yyyy", "#,##0")}  # fmt: skip
        sheet.write(0, 0, "Births of our county")
        sheet.write_row(2, 0, ["zip", "day", "year", "month", "percent", "count", "id"])
        sheet.write(3, 0, 1234, form["00000"])
        sheet.write_datetime(3, 1, date(2020, 4, 12), form["yyyy-mm-dd"])
        sheet.write_datetime(3, 2, date(2020, 1, 1), form["yyyy"])
        sheet.write_datetime(3, 3, date(2020, 3, 1), form["mmm yyyy"])
        sheet.write(3, 4, 0.719, form["0.0%"])
        sheet.write(3, 5, 22506.0, form["#,##0"])
        sheet.write_string(3, 6, "007")
        sheet.write(5, 0, "Source: the registry")

    found = chosen(tmp_path, file.getvalue(), "2023").source

    assert found.header_line == 3
    assert found.sample[0].line == 4
    assert found.sample[0].cells == (
        "01234", "2020-04-12", "2020", "2020-03", "71.9%", "22506", "007",
    )  # fmt: skip
    assert len(found.sample) == 1


def test_merged_labels_stand_for_their_rows_and_merged_headings_for_their_columns(tmp_path):
    file = io.BytesIO()
    with Workbook(file) as made:
        sheet = made.add_worksheet("a")
        sheet.merge_range("A1:A2", "place")
        sheet.merge_range("B1:C1", "2020")
        sheet.merge_range("D1:E1", "2021")
        sheet.write_row(1, 1, ["number", "of", "number", "of"])
        sheet.merge_range("A3:A4", "Here")
        sheet.write_row(2, 1, [1, 10, 2, 20])
        sheet.write_row(3, 1, [3, 30, 4, 40])
        sheet.merge_range("B5:B6", 7)
        sheet.write_row(4, 0, ["There"])
        sheet.write_row(4, 2, [70, 1, 2])
        sheet.write(5, 0, "Elsewhere")

    header, *rows = cells(tmp_path, file.getvalue(), "a")

    assert header == ("place", "2020 number", "2020 of", "2021 number", "2021 of")
    assert [row[0] for row in rows[:2]] == ["Here", "Here"]
    assert (rows[2][1], rows[3:4]) == ("7", [])  # the number stands once; the rest is no line


def test_every_sheet_is_listed_with_its_columns(tmp_path):
    content = books.book({**PLAIN, "Codes": [["a", "b"], [1, 2]], "Empty": []}, hidden=["Codes"])

    found = child.run("sheets", write(tmp_path, content))

    assert [(each.name, each.rows, each.header, each.hidden, each.trouble) for each in found] == [
        ("Data", 3, tuple(HEAD), False, ""),
        ("Codes", 2, ("a", "b"), True, ""),
        ("Empty", 0, (), False, "empty"),
    ]


def test_several_sheets_become_one_table_with_their_names(tmp_path):
    content = books.book({
        "2020": [["Title"], ["place", "number"], ["Here", 1], ["There", 2], ["Note: provisional"]],
        "2021": [["number", "place"], [3, "Here"], ["x", "There"]],
    })  # fmt: skip

    found = chosen(tmp_path, content, "2020", "2021")

    assert found.source.header == ("place", "number", "Sheet")
    assert [record.cells for record in found.source.sample] == [
        ("Here", "1", "2020"), ("There", "2", "2020"),
        ("Here", "3", "2021"), ("There", "x", "2021"),
    ]  # fmt: skip
    assert found.sheets == [
        {"name": "2020", "line": 1, "row": 1}, {"name": "2021", "line": 6, "row": 2},
    ]  # fmt: skip
    assert [record.line for record in found.source.sample] == [3, 4, 6, 7]


def test_a_sheet_with_other_columns_is_named(tmp_path):
    content = books.book({"a": [["place", "n"], ["x", 1]], "b": [["place", "of"], ["x", 1]]})

    trouble = refused(tmp_path, content, "choose", ["a", "b"])

    assert (trouble.code, trouble.params["sheet"]) == ("sheet_differs", "b")
    assert trouble.params["columns"] == "n, of"


def test_an_opendocument_sheet_is_read_too(tmp_path):
    share = '<table:table-cell office:value-type="percentage" office:value="0.719"/>'
    row = books.ods_row("Here", 2020.0, 12.0).replace("</table:table-row>", "")
    content = books.ods(
        books.ods_row("place", "year", "number", "rate")
        + row + share + "</table:table-row>"
        + '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )  # fmt: skip

    assert cells(tmp_path, content, "Data") == [
        ("place", "year", "number", "rate"), ("Here", "2020", "12", "71.9%"),
    ]  # fmt: skip


# --- hostile ones


def far_away(where):
    return books.with_rows(books.book(PLAIN), b'<row r="1"><c r="A1"><v>1</v></c></row>' + where)


def test_a_lone_cell_in_the_last_corner_is_named_and_not_unfolded(tmp_path):
    content = far_away(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    started = time.monotonic()

    trouble = child.run("sheets", write(tmp_path, content))[0]

    assert (trouble.trouble, trouble.params) == ("stray_cell", {
        "sheet": "Data", "cell": "XFD1048576"})  # fmt: skip
    assert refused(tmp_path, content, "choose", ["Data"]).code == "stray_cell"
    assert time.monotonic() - started < 10


def test_a_lone_cell_is_found_whatever_the_order_of_its_attributes(tmp_path):
    content = far_away(b'<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row>')

    assert child.run("sheets", write(tmp_path, content))[0].trouble == "stray_cell"


def test_a_megabyte_that_unpacks_to_a_gigabyte_is_not_unpacked(tmp_path):
    filler = b" " * (300 << 20)
    content = books.changed(books.book(PLAIN), books.SHEET, lambda data: data + filler, level=9)
    assert len(content) < 1 << 20
    started = time.monotonic()

    trouble = refused(tmp_path, content)

    assert (trouble.code, trouble.params["limit"]) == ("unpacks_too_large", 256)
    assert time.monotonic() - started < 5


def test_a_directory_that_lies_about_sizes_is_found_out(tmp_path):
    filler = b" " * (300 << 20)
    content = books.changed(books.book(PLAIN), books.SHEET, lambda data: data + filler, level=9)
    with zipfile.ZipFile(io.BytesIO(content)) as honest:
        size = honest.getinfo(books.SHEET).file_size
    lying = content.replace(size.to_bytes(4, "little"), (5000).to_bytes(4, "little"))

    found = write(tmp_path, lying)

    try:
        told = {sheet.trouble for sheet in child.run("sheets", found, memory_mb=400, seconds=60)}
    except Unreadable as trouble:
        told = {trouble.code}
    assert told <= {"unpacks_too_large", "is_broken_workbook", "broken_sheet", "too_heavy"}
    assert told


def test_a_million_rows_of_one_cell_are_read_within_limits(tmp_path):
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n) for n in range(1, 1_000_001)
    )
    content = books.with_rows(books.book(PLAIN), rows)
    started = time.monotonic()

    found = child.run("sheets", write(tmp_path, content), memory_mb=900, seconds=60)

    assert (found[0].name, found[0].rows) == ("Data", 1_000_000)
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "is_old_workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "is_locked_workbook",
        ),
        (books.book(PLAIN)[:-400], "is_broken_workbook"),
        (b"PK\x03\x04" + b"x" * 99, "is_archive"),
        (
            books.changed(books.book(PLAIN), "xl/styles.xml",
                          lambda data: b'<!DOCTYPE a [<!ENTITY b "c">]>' + data),
            "odd_parts",
        ),
    ],
    ids=["old", "locked", "cut off", "no workbook", "entities"],
)  # fmt: skip
def test_what_is_no_safe_workbook_is_refused_with_its_reason(tmp_path, content, code):
    assert refused(tmp_path, content, "choose", ["Data"]).code == code


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "XL/WORKBOOK.XML"])
def test_odd_names_in_the_directory_are_refused(tmp_path, name):
    out = io.BytesIO(books.book(PLAIN))
    with zipfile.ZipFile(out, "a") as made:
        made.writestr(name, "x")

    assert refused(tmp_path, out.getvalue()).code == "odd_parts"


def test_thousands_of_parts_are_refused(tmp_path):
    out = io.BytesIO(books.book(PLAIN))
    with zipfile.ZipFile(out, "a") as made:
        for number in range(2_000):
            made.writestr(f"xl/media/{number}", "")

    assert refused(tmp_path, out.getvalue()).code == "too_many_parts"


# --- the whole way through the readings


def test_a_workbook_goes_through_every_reading(tmp_path):
    content = books.book({
        "2020": [HEADER, ["Here", "White", 1, 10], ["Here", "Black", 99, 9], ["Up", "White", 3, 8]],
        "2021": [HEADER, ["Here", "White", 2, 10], ["Up", "White", 3, 9]],
    })  # fmt: skip
    path, names = write(tmp_path, content, "b.xlsx"), ["2020", "2021"]

    mapping = child.run("guess", path, groups=RACES, sheets=names)
    labels = child.run("labels", path, mapping, sheets=names)
    reading = child.run("table", path, mapping, groups=RACES, sheets=names)

    assert {name: column.role for name, column in mapping.columns.items()} == {
        "town": "place", "group": "group", "deaths": "numerator", "births": "denominator",
        "Sheet": "period",
    }  # fmt: skip
    assert [label.text for label in labels["town"]] == ["Here", "Up"]
    assert [(row.period.label, row.numerator) for row in reading.rows] == [
        ("2020", 1), ("2020", 3), ("2021", 2), ("2021", 3),
    ]  # fmt: skip
    (wrong,) = reading.errors
    assert (wrong.line, wrong.code) == (3, "numerator_above_denominator")
    assert child.run("raw", path, [3], sheets=names) == {3: "Here,Black,99,9,2020"}


def test_a_workbook_comes_back_with_its_cells_and_a_column_of_marks(tmp_path):
    content = books.book({
        "2020": [["Title"], [], ["town", "n"], ["=cmd|1", 1], ["Here", "x"]],
        "Notes": [["=1+1"]],
    })  # fmt: skip
    out = tmp_path / "out.xlsx"
    marks = Marks("What to mend", {5: "“x” is not a number."}, (("2020", 1, 1),))

    child.run("mark", write(tmp_path, content), str(out), marks, names=["2020"])

    back = CalamineWorkbook.from_path(out)
    assert back.get_sheet_by_name("2020").to_python() == [
        ["Title", "", ""], ["", "", ""], ["town", "n", "What to mend"],
        ["=cmd|1", 1, ""], ["Here", "x", "“x” is not a number."],
    ]  # fmt: skip
    with zipfile.ZipFile(out) as made:
        assert not any(b"<f>" in made.read(name) for name in made.namelist())


def test_a_text_file_comes_back_as_it_was_written(tmp_path):
    lines = ["Título;;", "ciudad;n;de", '"Aquí; allá";-5;1', "=cmd();2;9", "Allí;3;9"]
    content = ("\r\n".join(lines) + "\r\n").encode("cp1252")
    out = tmp_path / "out.csv"
    marks = Marks("Qué corregir", {3: "“-5” está por debajo de cero.", 4: "=2+2"})

    child.run("mark", write(tmp_path, content), str(out), marks)

    text = out.read_bytes().decode("cp1252")
    assert text.count("\r\n") == 5
    assert list(csv.reader(io.StringIO(text), delimiter=";")) == [
        ["Título", "", ""], ["ciudad", "n", "de", "Qué corregir"],
        ["Aquí; allá", "-5", "1", "“-5” está por debajo de cero."],
        ["'=cmd()", "2", "9", "'=2+2"], ["Allí", "3", "9", ""],
    ]  # fmt: skip

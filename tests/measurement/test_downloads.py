"""Files of public numbers: what they hold, what they never hold, and that spreadsheets are safe."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

import duckdb
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from python_calamine import CalamineWorkbook

from ciforum.people.words import Words
from measurement.drawing import downloads
from tests import boards_building as building
from tests.builders import a_dimension, a_release, an_indicator, approved

pytestmark = pytest.mark.django_db(transaction=True)

NUMBERS = {
    (2019, "Here"): (710, 9050),
    (2019, "Here", "race:white"): (470, 6100),
    (2019, "Here", "race:black"): (200, 2150),
    (2019, "Here", "race:other"): (40, 800),
    (2020, "Here"): (680, 9000),
    (2020, "Here", "race:white"): (547, 6900),
    (2020, "Here", "race:black"): (130, 2020),
    (2020, "Here", "race:other"): (3, 80),
}


@pytest.fixture
def indicator(initiative, partner, backbone):
    a_dimension(initiative)
    made = an_indicator(
        initiative,
        slug="births",
        name="=HYPERLINK(1)",
        definition={"source": Words(en="Birth records")},
    )
    approved(made, partner, backbone, NUMBERS)
    a_release(made, backbone, ready=True).publish(by=backbone.user)
    return made


def get(indicator, kind, query=""):
    address = reverse(
        "measurement:indicator_file", args=[indicator.initiative.slug, indicator.slug, kind]
    )
    return Client().get(address + query)


def tree(answer):
    return ET.fromstring(answer.content)  # noqa: S314 - drawn by ourselves a moment ago


def sheets(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def test_a_workbook_has_numbers_signs_and_notes(indicator):
    numbers, notes = sheets(get(indicator, "xlsx").content)

    heads = numbers[0]
    rows = [dict(zip(heads, row, strict=True)) for row in numbers[1:]]
    other = next(row for row in rows if (row["Period"], row["Group"]) == ("2020", "Other"))
    everyone = next(row for row in rows if (row["Period"], row["Group"]) == ("2020", "Everyone"))
    labels = {row[0] for row in notes}

    assert (other["Number"], other["Sign"]) == ("", "[c]")
    assert (everyone["Number"], everyone["Of all"], everyone["Sign"]) == (680, 9000, "")
    assert {"Source", "Protection", "Licence", "Release 1", "[c]", "[u]"} <= labels


def test_no_file_holds_what_the_release_hides(indicator, tmp_path):
    for kind in downloads.NUMBERS:
        content = get(indicator, kind).content
        if kind == "xlsx":
            values = {cell for row in sheets(content)[0] for cell in row}
            assert 130 not in values
            assert 3 not in values
    path = tmp_path / "numbers.parquet"
    path.write_bytes(get(indicator, "parquet").content)
    assert duckdb.sql(f"SELECT * FROM '{path}' WHERE numerator IN (130, 3)").fetchall() == []
    for drawing in ("line", "bars", "by_group"):
        root = tree(get(indicator, "svg", f"?as={drawing}"))
        assert "6.4%" not in " ".join(root.itertext())  # 130 of 2,020


def test_parquet_has_types_and_signs(indicator, tmp_path):
    path = tmp_path / "numbers.parquet"
    path.write_bytes(get(indicator, "parquet").content)

    kinds = dict(row[:2] for row in duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall())
    hidden = duckdb.sql(
        f"""SELECT numerator, rate, sign FROM '{path}'
            WHERE group_code = 'race:other' AND period = '2020'"""
    ).fetchall()

    assert (kinds["numerator"], kinds["rate"], kinds["period_start"]) == (
        "BIGINT",
        "DOUBLE",
        "DATE",
    )
    assert hidden == [(None, None, "[c]")]


def test_no_text_is_a_formula(indicator):
    content = get(indicator, "xlsx").content
    inside = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")

    assert b"<f>" not in inside
    assert "'=HYPERLINK" in get(indicator, "csv").content.decode("utf-8-sig")


@pytest.mark.parametrize("drawing", ["line", "bars", "by_group"])
def test_a_picture_stands_alone_in_both_languages(indicator, drawing):
    answer = get(indicator, "svg", f"?as={drawing}")
    spanish = get(indicator, "svg", f"?as={drawing}&lang=es")
    root = tree(answer)
    title, sentence = root[0].text, root[1].text

    assert b"style=" not in answer.content
    assert title == "=HYPERLINK(1) – Here"
    assert "Here, 2020: babies born" in sentence
    assert answer.content != spanish.content
    assert answer["Content-Disposition"].startswith('attachment; filename="births-here-race')


def test_a_png_is_one(indicator):
    answer = get(indicator, "png")

    image = Image.open(io.BytesIO(answer.content))

    assert image.format == "PNG"
    assert image.width > 1200
    assert "Here, 2020" in image.info["Description"]


def test_files_are_asked_for_again_with_an_etag(indicator):
    first = get(indicator, "xlsx")

    again = Client(headers={"If-None-Match": first["ETag"]}).get(first.wsgi_request.path)

    assert again.status_code == 304


def test_a_name_is_safe_whatever_the_place_is_called():
    assert downloads.safe_name('a"/../b', "niño\r\n") == "ab-nino"
    assert downloads.safe_name("数") == "numbers"


def test_a_board_is_one_file(initiative, backbone, indicator):
    board = building.a_public_board(initiative, backbone, indicator)
    address = reverse("measurement:board_file", args=[initiative.slug, board.slug, "xlsx"])

    numbers, _notes = sheets(Client().get(address).content)

    assert len(numbers) == 1 + len(NUMBERS)  # both panels show the same view, which is there once


def test_what_is_not_public_has_no_file(initiative, backbone):
    draft = an_indicator(initiative, slug="draft")

    assert get(draft, "xlsx").status_code == 404
    assert get(draft, "exe").status_code == 404

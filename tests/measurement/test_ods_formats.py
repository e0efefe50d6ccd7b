"""An OpenDocument spreadsheet is read as it is shown: zeros in front, years, days, signs."""

from __future__ import annotations

import pytest

from tests.measurement.reading import ods_files as ods
from tests.measurement.test_workbooks import cells


def read(tmp_path, *values, **parts):
    content = ods.ods(
        ods.heads("town", "value") + "".join(ods.row(ods.cell("string", "", "Here"), each)
                                             for each in values),
        **parts,
    )  # fmt: skip
    return [texts[1] for texts in cells(tmp_path, content, "Data")[1:]]


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (("float", "1234", "01234", "ce112"), "01234"),
        (("float", "22506", "22,506", "ce111"), "22506"),
        (("percentage", "0.719", "71.9%", "ce11"), "71.9%"),
        (("date", "2020-01-01", "2020", "ce120"), "2020"),
        (("date", "2020-03-01", "March 2020", "ce121"), "2020-03"),
        (("date", "2020-03-05", "05.03.2020", "ce122"), "2020-03-05"),
        (("date", "2020-03-05", "05.03.2020", ""), "2020-03-05"),
        (("string", "", "&lt;5", ""), "<5"),
        (("float", "12", "12", ""), "12"),
        (("float", "1234", "01234", "ce900"), "01234"),  # by the style it rests on
        (("float", "1234", "1234", "nowhere"), "1234"),
    ],
)
def test_a_value_is_read_as_it_is_shown(tmp_path, told, text):
    assert read(tmp_path, ods.cell(*told)) == [text]


def test_a_whole_column_may_have_the_format(tmp_path):
    columns = (
        '<table:table-column table:number-columns-repeated="1"/>'
        '<table:table-column table:default-cell-style-name="ce112"/>'
    )

    assert read(tmp_path, ods.cell("float", "7", "00007"), columns=columns) == ["00007"]


def test_a_format_may_be_one_of_the_whole_book(tmp_path):
    common = (
        '<number:number-style style:name="N5"><number:number number:min-integer-digits="3"/>'
        '</number:number-style><style:style style:name="Code" style:family="table-cell" '
        'style:data-style-name="N5"/>'
    )

    assert read(tmp_path, ods.cell("float", "7", "007", "Code"), common=common) == ["007"]


def test_styles_that_rest_on_one_another_in_a_circle_end(tmp_path):
    common = "".join(
        f'<style:style style:name="{one}" style:family="table-cell" '
        f'style:parent-style-name="{other}"/>'
        for one, other in (("A", "B"), ("B", "A"))
    )

    assert read(tmp_path, ods.cell("float", "7", "7", "A"), common=common) == ["7"]

"""Builders of workbooks, honest and hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook

SHEET = "xl/worksheets/sheet1.xml"


def book(sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> bytes:
    """Plain sheets: name → rows of values."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
            if name in hidden:
                sheet.hide()
    return file.getvalue()


def changed(content: bytes, part: str, change: Any, level: int = 6) -> bytes:
    """The same workbook with one part rewritten by `change(bytes) -> bytes`."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new,
    ):
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if entry.filename == part else data)
    return out.getvalue()


def with_rows(content: bytes, rows: bytes) -> bytes:
    """The first sheet with other rows of XML."""

    def change(data: bytes) -> bytes:
        before, _, rest = data.partition(b"<sheetData>")
        return before + b"<sheetData>" + rows + b"</sheetData>" + rest.partition(b"</sheetData>")[2]

    return changed(content, SHEET, change)


def ods(rows: str, *, manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet with one table, whose rows are given as XML."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body>'
        f'<office:spreadsheet><table:table table:name="Data">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        made.writestr(zipfile.ZipInfo("mimetype"), kind)
        made.writestr("content.xml", content)
        made.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
    return out.getvalue()


def ods_row(*cells: str | float) -> str:
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        if isinstance(cell, str)
        else f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
        for cell in cells
    )
    return f"<table:table-row>{inside}</table:table-row>"

"""OpenDocument spreadsheets with formats, written as LibreOffice writes them."""

from __future__ import annotations

import io
import zipfile

_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"),
        ("number", "datastyle"), ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip

FORMATS = (
    '<number:number-style style:name="N112"><number:number number:decimal-places="0" '
    'number:min-decimal-places="0" number:min-integer-digits="5"/></number:number-style>'
    '<number:number-style style:name="N111"><number:number number:decimal-places="0" '
    'number:min-decimal-places="0" number:min-integer-digits="1" number:grouping="true"/>'
    "</number:number-style>"
    '<number:date-style style:name="N120"><number:year number:style="long"/></number:date-style>'
    '<number:date-style style:name="N121"><number:month number:textual="true"/>'
    '<number:text> </number:text><number:year number:style="long"/></number:date-style>'
    '<number:date-style style:name="N122"><number:day number:style="long"/><number:text>.'
    '</number:text><number:month number:style="long"/><number:text>.</number:text>'
    '<number:year number:style="long"/></number:date-style>'
    '<number:percentage-style style:name="N11"><number:number number:decimal-places="1" '
    'number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>'
)
STYLES = "".join(
    f'<style:style style:name="ce{number}" style:family="table-cell" '
    f'style:parent-style-name="Default" style:data-style-name="N{number}"/>'
    for number in (11, 111, 112, 120, 121, 122)
) + (
    '<style:style style:name="ce900" style:family="table-cell" style:parent-style-name="ce112">'
    '<style:table-cell-properties fo:background-color="#ffffa6"/></style:style>'
)


def cell(kind: str, value: str, shown: str, style: str = "") -> str:
    """kind: float, percentage, date or string."""
    told = {"date": "date-value", "string": ""}.get(kind, "value")
    number = f' office:{told}="{value}"' if told else ""
    named = f' table:style-name="{style}"' if style else ""
    return (
        f'<table:table-cell{named} office:value-type="{kind}"{number}>'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def heads(*names: str) -> str:
    return row(*(cell("string", "", name) for name in names))


def ods(rows: str, columns: str = "", common: str = "") -> bytes:
    """columns: table-column elements. common: styles and formats of the styles part."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} '
        f'office:version="1.3"><office:automatic-styles>{FORMATS}{STYLES}'
        f"</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="Data">'
        f"{columns}{rows}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    styles = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-styles {_SPACES} '
        f'office:version="1.3"><office:styles><style:style style:name="Default" '
        f'style:family="table-cell"/>{common}</office:styles></office:document-styles>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        made.writestr(zipfile.ZipInfo("mimetype"), kind)
        made.writestr("content.xml", content)
        made.writestr("styles.xml", styles)
        made.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()

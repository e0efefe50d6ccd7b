"""Cells of tables we give out, which spreadsheets must not take for formulas."""

from __future__ import annotations

import unicodedata

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def safe_cell(text: str) -> str:
    """The same text; one that a spreadsheet would run gets an apostrophe in front.

    Source: OWASP, CSV Injection.
    """
    plain = unicodedata.normalize("NFKC", text.lstrip(" ")[:1])
    return f"'{text}" if plain.startswith(_STARTS) else text

"""How an OpenDocument spreadsheet shows its numbers: 1234 as 01234, a day as its year or month.

A cell names a style, the style a format, and the format says its parts one by one. Only what
changes the meaning matters here; colours, thousands and decimals do not.
Source: OASIS OpenDocument 1.3, part 3, §16.29 (number, date and percentage styles).
"""

from __future__ import annotations

PERCENT, YEAR, MONTH = "%", "y", "m"
_FORMATS = ("number:number-style", "number:date-style")
DEEPEST = 20  # styles that rest on one another


class OdsStyles:
    """Handlers of an expat parser that gather formats and the styles that use them."""

    def __init__(self) -> None:
        self.formats: dict[str, str] = {}
        self.styles: dict[str, tuple[str, str]] = {}  # style → its format, its parent
        self.name = ""
        self.parts: set[str] = set()
        self.digits = 0

    def start(self, tag: str, told: dict[str, str]) -> None:
        if tag in _FORMATS:
            self.name, self.parts, self.digits = told.get("style:name", ""), set(), 0
        elif tag == "number:number" and self.name:
            self.digits = _leading(told)
        elif tag.startswith("number:"):
            self.parts.add(tag.removeprefix("number:"))
        elif tag == "style:style" and told.get("style:family") == "table-cell":
            parent = told.get("style:parent-style-name", "")
            self.styles[told.get("style:name", "")] = told.get("style:data-style-name", ""), parent

    def end(self, tag: str) -> None:
        if tag in _FORMATS and self.name:
            if mark := self._read(tag):
                self.formats[self.name] = mark
            self.name = ""

    def _read(self, tag: str) -> str:
        if tag == "number:number-style":
            return "0" * self.digits if self.digits > 1 else ""
        if "day" in self.parts or "year" not in self.parts:
            return ""
        return MONTH if "month" in self.parts else YEAR

    def mark(self, style: str) -> str | None:
        """`y`, `m`, or as many zeros as it has digits; None for any other way."""
        for _step in range(DEEPEST):
            if style not in self.styles:
                return None
            form, parent = self.styles[style]
            if form:
                return self.formats.get(form)
            style = parent
        return None


def _leading(told: dict[str, str]) -> int:
    """How many digits are always written; 0 where decimals or thousands are written too."""
    digits = told.get("number:min-integer-digits", "")
    decimals = told.get("number:decimal-places", "0")
    if not digits.isdigit() or len(digits) > 2 or decimals.strip("0"):
        return 0
    return 0 if told.get("number:grouping") == "true" else int(digits)

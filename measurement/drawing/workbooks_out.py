"""Public numbers as a workbook: a sheet of numbers with their signs, a sheet of what they mean."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ciforum.people.cells import harmless
from measurement.models.indicators import Measure
from measurement.models.observations import Grade
from measurement.saying import cautions, headline, rolling_words
from measurement.showing import printing, wording
from measurement.showing.derived import of
from measurement.showing.symbols import CONFIDENTIAL, SYMBOLS, UNRELIABLE

if TYPE_CHECKING:
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Cell, Shown

DATES, COUNTS, RATES = "yyyy-mm-dd", "#,##0", "#,##0.0000"


def workbook(found: Sequence[Shown]) -> bytes:
    """XLSX in the reader's language. The same numbers make the same bytes.

    A hidden or missing number is an empty cell with its sign in the column beside it, so that no
    program adds up a sign. Text is never a formula, nor a link.
    """
    import xlsxwriter  # noqa: PLC0415 - few pages need it

    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": DATES,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": found[0].release.published_at, "comments": ""})
        _numbers(book, found)
        _notes(book, found)
    return file.getvalue()


def _heads() -> list[str]:
    return [
        *(_("Indicator"), _("Definition"), _("Place"), _("Period"), _("From"), _("Up to")),
        *(_("Group"), _("Number"), _("Of all"), _("Approximate"), _("Rate"), _("Of every")),
        *(
            _("Low end (95 in 100)"),
            _("High end (95 in 100)"),
            _("Sign"),
            _("People asked"),
            _("Standard error"),
            _("People it stands for"),
            _("Rests on"),
            _("Release"),
            _("Released on"),
        ),
    ]


def _numbers(book: Any, found: Sequence[Shown]) -> None:
    sheet = book.add_worksheet(_tab(_("Numbers")))
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    formats = {name: book.add_format({"num_format": name}) for name in (DATES, COUNTS, RATES)}
    heads = _heads()
    sheet.write_row(0, 0, heads, bold)
    number = 0
    for number, (derived, cell) in enumerate(_cells(found), start=1):
        for column, (value, style) in enumerate(_row(derived, cell)):
            if value is not None:
                _write(sheet, number, column, value, formats.get(style))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, number, len(heads) - 1)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(heads) - 1, 13)
    sheet.set_column(6, 6, 30)


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    """Text stays text whatever it begins with."""
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif hasattr(value, "isoformat"):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def _cells(found: Sequence[Shown]) -> Iterator[tuple[Derived, Cell]]:
    for shown in found:
        derived = of(shown)
        for cell in shown.cells:
            yield derived, cell


@dataclass(frozen=True)
class Figures:
    """What is worked out from a cell; None and a sign where it is not to be shown.

    per: the rate is of every so many. low, high: 95 % interval in the rate's unit.
    """

    rate: float | None
    per: int | None
    low: float | None
    high: float | None
    sign: str


def figures_of(derived: Derived, cell: Cell) -> Figures:
    is_count = cell.version.measure == Measure.COUNT
    per = None if is_count else cell.version.scale
    if cell.is_protected:
        return Figures(None, per, None, None, CONFIDENTIAL.sign)
    if printing.is_unreliable(derived, cell):
        return Figures(None, per, None, None, UNRELIABLE.sign)
    found = derived.precision(cell)
    low, high = (
        (round(found.low, 6), round(found.high, 6))
        if found and found.has_interval
        else (None, None)
    )
    rate = None if is_count or cell.rate is None else float(round(cell.rate, 6))
    return Figures(rate, per, low, high, wording.sign_of(cell))


def _row(derived: Derived, cell: Cell) -> Iterator[tuple[Any, str]]:
    shown, version, facts = derived.shown, cell.version, figures_of(derived, cell)
    day = cell.release.published_at
    yield str(shown.indicator.name), ""
    yield version.number, COUNTS
    yield str(shown.place or ""), ""
    yield str(cell.period), ""
    yield cell.period.start, DATES
    yield cell.period.end, DATES
    yield wording.series_name(cell.series), ""
    yield cell.numerator, COUNTS
    yield cell.denominator, COUNTS
    yield wording.NEAR if cell.is_near and cell.denominator is not None else None, ""
    yield facts.rate, RATES
    yield facts.per, COUNTS
    yield facts.low, RATES
    yield facts.high, RATES
    yield facts.sign, ""
    yield cell.sample_size, COUNTS
    yield None if cell.standard_error is None else float(cell.standard_error), RATES
    yield None if cell.weight is None else float(cell.weight), COUNTS
    yield str(Grade(cell.grade).label) if cell.grade else "", ""
    yield cell.release.number, COUNTS
    yield day.date() if day else None, DATES


def _notes(book: Any, found: Sequence[Shown]) -> None:
    sheet = book.add_worksheet(_tab(_("Notes")))
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28, bold)
    sheet.set_column(1, 1, 100, wrapped)
    for row, (label, text) in enumerate(notes(found)):
        sheet.write_string(row, 0, label)
        sheet.write_string(row, 1, text)


def notes(found: Sequence[Shown]) -> list[tuple[str, str]]:
    """What a reader of the file must know, as pairs of a label and a text."""
    said: list[tuple[str, str]] = []
    for shown in {each.indicator.pk: each for each in found}.values():
        said += _about(shown)
    said += dict.fromkeys(pair for shown in found for pair in _cautions(shown))
    said.append((_("Protection"), _protection()))
    said += [(each.sign, str(each.meaning)) for each in SYMBOLS.values()]
    initiative = found[0].indicator.initiative
    who = {"initiative": initiative.name, "contact": initiative.contact}
    text = (
        _("Name %(initiative)s as the source. To publish it further, ask %(contact)s.")
        if initiative.contact
        else _("Name %(initiative)s as the source. To publish it further, ask the initiative.")
    )
    said.append((_("Licence"), text % who))
    days = [shown.release.published_at for shown in found if shown.release.published_at]
    said.append((_("State"), date_format(max(days), "DATE_FORMAT") if days else ""))
    return said


def _cautions(shown: Shown) -> Iterator[tuple[str, str]]:
    if why := cautions.after_a_gap(shown):
        yield _("Why the groups differ"), why
    if left_out := cautions.unknown_groups(shown):
        yield _("Read with care") if left_out.is_much else _("Not known"), left_out.sentence


def _about(shown: Shown) -> Iterator[tuple[str, str]]:
    yield _("Indicator"), str(shown.indicator.name)
    for version in dict.fromkeys(release.version for release in shown.releases):
        text = str(version.numerator)
        if version.measure != Measure.COUNT:
            text = _("%(part)s, of %(whole)s") % {"part": text, "whole": version.denominator}
        yield _("Definition %(number)s") % {"number": version.number}, text
        if version.source:
            yield _("Source"), str(version.source)
    yield _("Aim"), headline.aim(shown.version)
    if shown.overlaps:
        yield _("Groups"), headline.overlap_note()
    for note in rolling_words.notes(shown.cells):
        yield _("Added up"), note
    for release in shown.releases:
        day = release.published_at
        yield (
            _("Release %(number)s") % {"number": release.number},
            date_format(day, "DATE_FORMAT") if day else "",
        )


def _protection() -> str:
    return _(
        "Counts of few people are hidden, and others from which they could be worked out, before "
        "anything is released. Which of both it was is told by no sign."
    )


def _tab(name: str) -> str:
    """A name that a sheet can have: 31 letters, none of []:*?/\\ among them."""
    return harmless("".join(letter for letter in name if letter not in "[]:*?/\\'"))[:31]

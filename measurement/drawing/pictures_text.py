"""What stands around a picture that leaves the page: title, sentence, source, date, signs."""

# matplotlib's own types are incomplete.
# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from measurement.drawing.pictures import INK, letter_size
from measurement.drawing.wrapping import line_mm, wrapped
from measurement.saying import cautions, headline, rolling_words
from measurement.showing import printing

if TYPE_CHECKING:
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Shown

MARGIN = 0.02
EDGE_MM = 4  # above the first line and below the last
# Sizes of title, sentence and notes, in letters of the drawing.
TITLE, SENTENCE, NOTE = 1.25, 0.78, 0.66
SOFT = "#4a5a5d"


@dataclass(frozen=True)
class Text:
    """Wrapped to the width of the picture; its heights are those of its lines, in millimetres."""

    title: str
    sentence: str
    notes: tuple[str, ...]
    width_mm: float

    @classmethod
    def about(cls, derived: Derived, drawing: str, width_mm: float) -> Text:
        """drawing: what is drawn, as in `pictures_many.DRAWINGS`."""
        shown = derived.shown
        place = f" – {shown.place}" if shown.place else ""
        more = headline.gap(derived) if drawing == "bars" else headline.chart_sentence(derived)
        sentence = " ".join(filter(None, [headline.headline(derived), more]))
        title = f"{shown.indicator.name}{place}"
        return cls(title, sentence, tuple(notes(derived, drawing)), width_mm)

    @property
    def above_mm(self) -> float:
        title, sentence = self._lines(self.title, TITLE), self._lines(self.sentence, SENTENCE)
        return EDGE_MM + self._mm(title, TITLE) + self._mm(sentence, SENTENCE) + 3

    @property
    def below_mm(self) -> float:
        return EDGE_MM + self._mm(self._note_lines(), NOTE)

    def write(self, figure: Any, height_mm: float) -> None:
        title = self._lines(self.title, TITLE)
        top = 1 - EDGE_MM / height_mm
        self._put(figure, top, title, TITLE, fontweight="bold", color=INK)
        top -= self._mm(title, TITLE) / height_mm
        self._put(figure, top, self._lines(self.sentence, SENTENCE), SENTENCE, color=INK)
        at = (self.below_mm - EDGE_MM / 2) / height_mm
        self._put(figure, at, self._note_lines(), NOTE, color=SOFT)

    def _put(self, figure: Any, at: float, lines: list[str], part: float, **looks: Any) -> None:
        size = letter_size(self.width_mm) * part
        place = {"va": "top", "ha": "left", "linespacing": 1.25}
        figure.text(MARGIN, at, "\n".join(lines), fontsize=size, **place, **looks)

    def _note_lines(self) -> list[str]:
        return [line for each in self.notes for line in self._lines(each, NOTE)]

    def _lines(self, text: str, part: float) -> list[str]:
        size = letter_size(self.width_mm) * part
        weight = "bold" if part == TITLE else "normal"
        return wrapped(text, size, self.width_mm * (1 - 2 * MARGIN), weight)

    def _mm(self, lines: list[str], part: float) -> float:
        return len(lines) * line_mm(letter_size(self.width_mm) * part)


def notes(derived: Derived, drawing: str) -> list[str]:
    """Source and release, intervals, and what each sign means."""
    shown = derived.shown
    source = str(shown.version.source)
    said = [_("Source: %(source)s.") % {"source": source}] if source else []
    said += cautions.below(derived)
    said.append(released(shown))
    if drawing == "bars":
        said.append(_("The thin lines show where the true number lies in 95 of 100 such counts."))
    found = printing.signs(((derived, cell) for cell in shown.cells), whole=False)
    said += [f"{each.sign}  {each.meaning}" for each in found]
    said += rolling_words.notes(shown.cells)
    return list(dict.fromkeys(said))


def released(shown: Shown) -> str:
    """Who released it, in which release, on which day."""
    day = shown.release.published_at
    return _("%(initiative)s, release %(number)s of %(day)s. Small groups are protected.") % {
        "initiative": shown.indicator.initiative.name,
        "number": shown.release.number,
        "day": date_format(day, "DATE_FORMAT") if day else "",
    }

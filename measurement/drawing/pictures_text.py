"""What stands around a picture that leaves the page: title, sentence, source, date, signs."""

# matplotlib's own types are incomplete.
# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from measurement.drawing.pictures import INK, letter_size
from measurement.saying import headline, rolling_words
from measurement.showing import printing

if TYPE_CHECKING:
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Shown

LINE_MM = 4.6
SIGNS_OF_LINE = 110  # letters
TITLE_SIGNS = 78
MARGIN = 0.02
SOFT = "#4a5a5d"


@dataclass(frozen=True)
class Text:
    """Heights in millimetres are those of the lines, wrapped."""

    title: str
    sentence: str
    notes: tuple[str, ...]

    @classmethod
    def about(cls, derived: Derived, drawing: str) -> Text:
        """drawing: what is drawn, as in `pictures_many.DRAWINGS`."""
        shown = derived.shown
        place = f" – {shown.place}" if shown.place else ""
        more = headline.gap(derived) if drawing == "bars" else headline.chart_sentence(derived)
        sentence = " ".join(filter(None, [headline.headline(derived), more]))
        return cls(f"{shown.indicator.name}{place}", sentence, tuple(notes(derived, drawing)))

    @property
    def above_mm(self) -> float:
        titles = len(_wrapped(self.title, TITLE_SIGNS))
        return 4 + titles * LINE_MM * 1.5 + len(_wrapped(self.sentence)) * LINE_MM + 3

    @property
    def below_mm(self) -> float:
        return 5 + sum(len(_wrapped(each)) for each in self.notes) * LINE_MM * 0.85

    def write(self, figure: Any, height_mm: float) -> None:
        size = letter_size(figure.get_size_inches()[0] * 25.4)
        title = "\n".join(_wrapped(self.title, TITLE_SIGNS))
        top = 1 - 4 / height_mm
        common = {"va": "top", "ha": "left", "linespacing": 1.25}
        figure.text(
            MARGIN, top, title, fontsize=size * 1.25, fontweight="bold", color=INK, **common
        )
        down = len(_wrapped(self.title, TITLE_SIGNS)) * LINE_MM * 1.5 / height_mm
        sentence = "\n".join(_wrapped(self.sentence))
        figure.text(MARGIN, top - down, sentence, fontsize=size * 0.78, color=INK, **common)
        lines = "\n".join(line for each in self.notes for line in _wrapped(each))
        at = (self.below_mm - 3) / height_mm
        figure.text(MARGIN, at, lines, fontsize=size * 0.66, color=SOFT, **common)


def _wrapped(text: str, signs: int = SIGNS_OF_LINE) -> list[str]:
    return textwrap.wrap(text, signs) or [""]


def notes(derived: Derived, drawing: str) -> list[str]:
    """Source and release, intervals, and what each sign means."""
    shown = derived.shown
    source = str(shown.version.source)
    said = [_("Source: %(source)s.") % {"source": source}] if source else []
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

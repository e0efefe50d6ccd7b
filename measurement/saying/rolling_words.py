"""Adding up before hiding, in words: what each way does, what it would show, what it has made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measurement.models.indicators import Measure
from measurement.models.observations import RolledUp
from measurement.showing import wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from measurement.models import IndicatorVersion
    from measurement.protecting.offers import Offers
    from measurement.showing.shown import Cell

NAMES = {
    RolledUp.PARENT: gettext_lazy("With the groups above"),
    RolledUp.TWO_YEARS: gettext_lazy("With two years together"),
}
BUTTONS = {
    RolledUp.PARENT: gettext_lazy("Add the groups above"),
    RolledUp.TWO_YEARS: gettext_lazy("Add two years together"),
}


@dataclass(frozen=True)
class Choice:
    """One way to add up, as the page offers it.

    counts: numbers shown, numbers hidden, groups nobody would see. is_possible: a safe table
    exists then. is_better: it shows more people than before; two years tie their hidden numbers
    together, so that one group may have to stay hidden in both.
    """

    way: str
    name: str
    button: str
    about: str
    counts: tuple[str, str, str]
    is_possible: bool
    is_better: bool


def choices(version: IndicatorVersion, offers: Offers) -> list[Choice]:
    return [
        Choice(
            way=way,
            name=str(NAMES[RolledUp(way)]),
            button=str(BUTTONS[RolledUp(way)]),
            about=about(version, way),
            counts=counts(offers, way),
            is_possible=way not in offers.impossible,
            is_better=found.shows_more_than(offers.before),
        )
        for way, found in offers.after.items()
    ]


def counts(offers: Offers, way: str = "") -> tuple[str, str, str]:
    """Numbers shown, numbers hidden, groups nobody would see; as it is now, or after one way."""
    found = offers.after[way] if way else offers.before
    return (
        wording.count(found.shown),
        wording.count(found.hidden),
        wording.count(found.unseen),
    )


def about(version: IndicatorVersion, way: str) -> str:
    if way == RolledUp.PARENT:
        return _(
            "Where all parts of a group are counted and the group itself is not, its number is "
            "added up from them."
        )
    said = _("Two years that follow each other are put together, for every group counted in both.")
    if version.measure == Measure.COUNT:
        return f"{said} {_('Whoever is counted in both years is then counted twice.')}"
    return said


def notes(cells: Iterable[Cell]) -> list[str]:
    """For everybody, below a table or a chart: which of its numbers were added up, and why."""
    listed = list(cells)
    years = [str(each.period) for each in listed if each.rolled_up == RolledUp.TWO_YEARS]
    groups = [
        wording.series_name(each.series) for each in listed if each.rolled_up == RolledUp.PARENT
    ]
    said = []
    if years:
        said.append(
            _(
                "Two years together, because single years are too small to show every group "
                "safely: %(periods)s."
            )
            % {"periods": ", ".join(dict.fromkeys(years))}
        )
    if groups:
        said.append(
            _(
                "Added up from the groups that are part of them, because some of these are too "
                "small to show safely: %(groups)s."
            )
            % {"groups": ", ".join(dict.fromkeys(groups))}
        )
    return said

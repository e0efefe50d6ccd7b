"""The badge for a needle that moved: at least 10 % better than a dated baseline, group by group.

It belongs to headline indicators of the population. It is worked out from released numbers only,
stands beside groups and never for everyone alone, and ranks nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measurement.models.indicators import Direction, Level, Measure, Tier
from measurement.needle import improved_by
from measurement.showing import wording
from measurement.showing.derived import of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from ciforum.people.models import Period
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Cell, Series, Shown

State = Literal["moved", "not_moved", "none"]

_MOVED: dict[str, _StrPromise] = {
    Measure.PROPORTION: gettext_lazy(
        "Between %(first)s and %(last)s the share of %(counted)s went from %(from)s to %(to)s for "
        "%(group)s: at least 10%% better."
    ),
    Measure.RATE: gettext_lazy(
        "Between %(first)s and %(last)s the rate of %(counted)s went from %(from)s to %(to)s "
        "%(per)s for %(group)s: at least 10%% better."
    ),
    Measure.COUNT: gettext_lazy(
        "Between %(first)s and %(last)s the number of %(counted)s went from %(from)s to %(to)s for "
        "%(group)s: at least 10%% better."
    ),
}
_NONE: dict[str, _StrPromise] = {
    "not_there": gettext_lazy("%(group)s: no badge, as a number for %(period)s is not there."),
    "protected": gettext_lazy(
        "%(group)s: no badge, as the number for %(period)s is hidden to protect people."
    ),
    "unreliable": gettext_lazy(
        "%(group)s: no badge, as the number for %(period)s rests on too few people to be sure."
    ),
    "counted_differently": gettext_lazy(
        "%(group)s: no badge, as it is counted in another way since %(period)s."
    ),
    "other_people": gettext_lazy(
        "%(group)s: no badge, as this group means other people since %(period)s."
    ),
    "baseline_zero": gettext_lazy("%(group)s: no badge, as it began at zero in %(period)s."),
    "no_room": gettext_lazy(
        "%(group)s: no badge, as it was too near the best possible in %(period)s to gain 10%%."
    ),
}


@dataclass(frozen=True)
class Badge:
    """What can be said of one group since the baseline.

    state: "moved" earns the badge; "none" means that nothing can be said, and `reason` is why.
    """

    series: Series
    state: State
    sentence: str
    reason: str = ""


def badges(source: Derived | Shown) -> list[Badge]:
    """One for each group of the table, in the table's order; [] where no badge belongs.

    Numbers are those of the baseline and of the newest period. None belongs to an indicator that
    is not a headline of the population, has no baseline, or whose baseline is not public yet.
    """
    derived = of(source)
    shown, indicator = derived.shown, derived.shown.indicator
    baseline, last = _span(shown)
    if (indicator.tier, indicator.level) != (Tier.HEADLINE, Level.POPULATION):
        return []
    if baseline is None or last is None:
        return []
    return [_badge(derived, series, baseline, last) for series in derived.groups]


def _span(shown: Shown) -> tuple[Period | None, Period | None]:
    """The baseline and the newest period; both None where one of them is missing."""
    wanted = shown.indicator.baseline_id
    found = next((period for period in shown.periods if period.pk == wanted), None)
    last = shown.periods[-1] if shown.periods else None
    return (None, None) if found is None or found == last else (found, last)


def _badge(derived: Derived, series: Series, first: Period, last: Period) -> Badge:
    before, after = derived.cell(series, first), derived.cell(series, last)
    for period, cell in ((first, before), (last, after)):
        if trouble := _trouble(derived, cell):
            return _none(series, trouble, period)
    assert before is not None  # noqa: S101 - _trouble answers for None
    assert after is not None  # noqa: S101 - as above
    if derived.joints.changes_people(before, after):
        return _none(series, "other_people", first)
    if before.version != after.version:
        return _none(series, "counted_differently", first)
    needle = improved_by(
        float(before.value or 0),
        float(after.value or 0),
        favourable=after.version.direction == Direction.UP,
        scale=after.version.scale if after.version.measure == Measure.PROPORTION else None,
    )
    if needle.status == "not_computable":
        return _none(series, needle.reason or "not_there", first)
    if needle.status == "moved":
        return Badge(series, "moved", _moved(series, before, after))
    told = _("For %(group)s it has not become 10%% better since %(period)s.")
    return Badge(series, "not_moved", told % {"group": series.name, "period": first})


def _trouble(derived: Derived, cell: Cell | None) -> str:
    if cell is not None and cell.is_protected:
        return "protected"
    if cell is None or cell.value is None:
        return "not_there"
    return "" if derived.is_firm(cell) else "unreliable"


def _moved(series: Series, before: Cell, after: Cell) -> str:
    return str(_MOVED[after.version.measure]) % {
        "first": before.period,
        "last": after.period,
        "counted": after.version.numerator,
        "from": wording.value(before),
        "to": wording.value(after),
        "per": wording.per(after.version),
        "group": series.name,
    }


def _none(series: Series, reason: str, period: Period) -> Badge:
    told = str(_NONE[reason]) % {"group": series.name, "period": period}
    return Badge(series, "none", told, reason)

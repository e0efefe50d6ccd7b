"""The differences between groups in words: an absolute and a relative measure side by side.

One can narrow while the other widens, so neither stands alone; and neither is the goal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measurement.models.curve import Against
from measurement.saying import measure_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from measurement.inequality import Measure
    from measurement.showing.derived import Derived

# Measure → (head, sentence). `value` has its unit; no group is named.
_SAID: dict[str, tuple[_StrPromise, _StrPromise]] = {
    "d": (
        gettext_lazy("Largest difference"),
        gettext_lazy("Between the groups that can be shown, up to %(value)s lie."),
    ),
    "r": (
        gettext_lazy("Largest ratio"),
        gettext_lazy("The largest of their values is %(value)s times the smallest."),
    ),
    "sii": (
        gettext_lazy("Difference along the order"),
        gettext_lazy("From one end of the order to the other it changes by %(value)s."),
    ),
    "rii": (
        gettext_lazy("Ratio along the order"),
        gettext_lazy("One end of the order has %(value)s times the value of the other."),
    ),
    "mdmw": (
        gettext_lazy("Distance from the average"),
        gettext_lazy("People live in groups that are %(value)s away from the average."),
    ),
    "idisw": (
        gettext_lazy("Beside the average"),
        gettext_lazy("That is %(value)s of the average."),
    ),
    "mdbw": (
        gettext_lazy("Distance from the value nearest the aim"),
        gettext_lazy("People live in groups that are %(value)s away from the value nearest it."),
    ),
    "srr": (
        gettext_lazy("Beside the value nearest the aim"),
        gettext_lazy("The other groups and that value differ by a factor of %(value)s."),
    ),
    "d_ref": (
        gettext_lazy("Difference from the chosen group"),
        gettext_lazy("From the chosen group to another, up to %(value)s lie."),
    ),
    "r_ref": (
        gettext_lazy("Ratio to the chosen group"),
        gettext_lazy("Another group has up to %(value)s times its value."),
    ),
}


@dataclass(frozen=True)
class Side:
    """One of the two measures. value is "" where there is none; then `why` says so."""

    kind: str
    head: str
    value: str
    interval: str
    sentence: str
    why: str


def sides(derived: Derived) -> list[Side]:
    """The absolute and the relative one; [] where groups cannot be compared."""
    found = derived.measures
    if not found:
        return []
    kinds = (_("Absolute"), _("Relative"))
    return [
        _side(derived, kind, key, found[key]) for kind, key in zip(kinds, derived.pair, strict=True)
    ]


def _side(derived: Derived, kind: str, key: str, found: Measure) -> Side:
    version = derived.shown.version
    head, said = _SAID[key]
    value = measure_words.value(key, found, version)
    return Side(
        kind=kind,
        head=str(head),
        value=value,
        interval=measure_words.interval(key, found, version),
        sentence=str(said) % {"value": value} if value else "",
        why=measure_words.why_not(found),
    )


def compared_with(derived: Derived) -> str:
    """What was chosen to compare with, in a sentence; the reason stands behind it on the page."""
    chosen = derived.comparison
    match chosen.against if chosen else Against.GOAL:
        case Against.MEAN:
            return _("The groups are compared with the average of all.")
        case Against.BEST:
            return _("The groups are compared with the reliable value that is nearest to the aim.")
        case Against.GROUP if derived.reference:
            return _("The groups are compared with: %(group)s.") % {"group": derived.reference.name}
        case Against.GROUP:
            return _("The group that was chosen to compare with is not in this table.")
    return _("Each group is compared with the universal goal, never with another group.")


def left_out(derived: Derived) -> str:
    """Said where not every group could be used."""
    if derived.is_complete or not derived.whole_groups:
        return ""
    return _("Worked out from the groups that can be shown.")


def conflict(derived: Derived) -> str:
    """Where success and failure tell two stories, both are said."""
    found = derived.framing
    if found is None or not found.conflicts or derived.baseline is None:
        return ""
    return _(
        "Since %(period)s the ratio of those who are there came closer to one while the ratio of "
        "those who are not went away from it, or the other way round. Look at both before you say "
        "that a gap closes."
    ) % {"period": derived.baseline}

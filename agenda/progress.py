"""How far everyone and each group is from a goal, in sentences and rows: steps 2 and 3.

A sentence names the goal and the systems that do not yet reach it, never a group that fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda.models.plans import newest_distances

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agenda.models import Goal, GroupDistance
    from agenda.models.plans import GroupPlan


@dataclass(frozen=True)
class Row:
    """One line of the table: what the release shows, and what is still to go."""

    name: str  # "" for everyone
    depth: int
    number: str
    to_go: str
    note: str  # why there is no number, in words
    share: int | None  # 0 … 100 of the way to the goal, for the bar; None: not known


def said(number: Decimal | None) -> str:
    """A number with one decimal at most, as the reader's language writes it."""
    if number is None:
        return ""
    rounded = number.quantize(Decimal("0.1"))
    places = 0 if rounded == rounded.to_integral_value() else 1
    return number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True)


def target_words(goal: Goal) -> str:
    """ "90 percent of mothers by 31 December 2030", or "" without a target."""
    if goal.target_value is None:
        return ""
    wanted = f"{said(goal.target_value)} {goal.target_unit}".strip()
    if goal.target_by is None:
        return wanted
    day = date_format(localtime(goal.target_by), "DATE_FORMAT")
    return _("%(target)s by %(day)s") % {"target": wanted, "day": day}


def goal_sentence(goal: Goal) -> str:
    """The goal with its target, as one who cites it reads it."""
    wanted = target_words(goal)
    return f"{goal}: {wanted}." if wanted else str(goal)


def everyone(goal: Goal) -> GroupDistance | None:
    """How far everyone was in the newest period, or None when nothing measures it yet."""
    found: list[GroupDistance] = newest_distances(goal)
    return next((each for each in found if each.group_id is None), None)


def everyone_row(goal: Goal, row: GroupDistance | None) -> Row:
    return _row(goal, "", 0, row)


def group_rows(goal: Goal, plans: Iterable[GroupPlan]) -> list[Row]:
    return [_row(goal, str(each.group), each.depth, each.distance) for each in plans]


def everyone_sentence(goal: Goal, row: GroupDistance | None) -> str:
    """Step 2 in words."""
    if row is None or (row.number is None and not row.missing):
        return _("How far everyone is from the goal is not measured yet.")
    if row.number is None:
        return _("How far everyone is from the goal cannot be shown: %(why)s.") % {
            "why": _why(row.missing)
        }
    values = {
        "period": row.period,
        "number": said(row.number),
        "target": said(goal.target_value),
        "unit": goal.target_unit,
        "to_go": said(row.distance),
    }
    if row.distance is not None and row.distance <= 0:
        reached = _("In %(period)s it was %(number)s; the goal of %(target)s %(unit)s is reached.")
        return reached % values
    return (
        _(
            "In %(period)s it was %(number)s; the goal for everyone is %(target)s %(unit)s. Our "
            "systems still have %(to_go)s to go."
        )
        % values
    )


def groups_sentence(plans: list[GroupPlan]) -> str:
    """Step 3 in words: counts and spread, no group named."""
    if not plans:
        return _("It is not said yet which groups are considered.")
    known = [each.still_to_go for each in plans if each.still_to_go is not None]
    below = [each for each in known if each > 0]
    return " ".join(filter(None, [_spread(len(known), below), _unknown(plans)]))


def _spread(known: int, below: list[Decimal]) -> str:
    if not known:
        return _("How far each group is from the goal is not measured yet.")
    if not below:
        return ngettext(
            "The one group that can be shown has reached the goal.",
            "All %(known)s groups that can be shown have reached the goal.",
            known,
        ) % {"known": known}
    least, most = said(min(below)), said(max(below))
    if least == most:
        return ngettext(
            "The goal is the same for all. For %(below)s of %(known)s group that can be shown, "
            "our systems still have %(most)s to go.",
            "The goal is the same for all. For %(below)s of %(known)s groups that can be shown, "
            "our systems still have %(most)s to go.",
            known,
        ) % {"below": len(below), "known": known, "most": most}
    return _(
        "The goal is the same for all. For %(below)s of %(known)s groups that can be shown, our "
        "systems still have between %(least)s and %(most)s to go."
    ) % {"below": len(below), "known": known, "least": least, "most": most}


def _unknown(plans: list[GroupPlan]) -> str:
    hidden = sum(bool(each.distance and each.distance.missing == "protected") for each in plans)
    return (
        ngettext(
            "For %(number)s group there are too few people to show it safely.",
            "For %(number)s groups there are too few people to show them safely.",
            hidden,
        )
        % {"number": hidden}
        if hidden
        else ""
    )


def _row(goal: Goal, name: str, depth: int, row: GroupDistance | None) -> Row:
    if row is None:
        return Row(name, depth, "", "", _("not measured yet"), None)
    if row.number is None:
        return Row(name, depth, "", "", _why(row.missing), None)
    if row.distance is None:
        return Row(name, depth, said(row.number), "", "", None)
    reached = row.distance <= 0
    to_go = _("reached") if reached else said(row.distance)
    return Row(name, depth, said(row.number), to_go, "", _share(goal, row))


def _share(goal: Goal, row: GroupDistance) -> int | None:
    """How much of the way is done, where the way has a length: towards a number that rises."""
    target = goal.target_value
    if not target or row.number is None or not row.rises:
        return None
    return max(0, min(100, int(100 * row.number / target)))


def _why(missing: str) -> str:
    reasons = {
        "protected": _("too few to show safely"),
        "not_collected": _("not counted"),
        "refused": _("whoever holds the numbers refused them"),
        "too_small": _("too few to show safely"),
        "late": _("the numbers are late"),
        "not_applicable": _("does not apply"),
        "unreliable": _("rests on too few people to rely on"),
    }
    return reasons.get(missing, _("not measured yet"))

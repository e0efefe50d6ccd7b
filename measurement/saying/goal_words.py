"""The universal goal in words: how far everyone and each group is, and what must not be missed.

The sentences name the goal and the systems that do not yet reach everyone. Groups keep their
declared order; none is called worst, best, or behind another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from measurement.showing import printing, wording
from measurement.showing.derived import by_key
from measurement.universalism import whole_people

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from agenda.models.plans import Barrier
    from measurement.showing.derived import Derived
    from measurement.showing.series import Series
    from measurement.universalism import Assessment, GroupAssessment

# Alarm → (title, what it means). No group is named as the one to blame.
ALARMS: dict[str, tuple[_StrPromise, _StrPromise]] = {
    "levelling_down": (
        gettext_lazy("Closer together, but because somebody lost"),
        gettext_lazy(
            "The difference between the groups became smaller while it became worse for some. That "
            "is levelling down, and not what the goal is about."
        ),
    ),
    "total_up_gap_wider": (
        gettext_lazy("Better in total, further apart"),
        gettext_lazy(
            "For everyone together it became better, and the difference between the groups became "
            "wider: what was done does not reach all alike."
        ),
    ),
    "parity_below_goal": (
        gettext_lazy("Equal is not yet the goal"),
        gettext_lazy(
            "All groups are nearly equal, and all are still away from the goal. Parity below the "
            "goal is not the goal."
        ),
    ),
    "overall_meets_goal_group_never": (
        gettext_lazy("Reached in total, not for everyone"),
        gettext_lazy(
            "Everyone together has reached the goal, but not every group has. The goal is "
            "universal: it is reached when it is true for all."
        ),
    ),
    "unserved_gap": (
        gettext_lazy("A gap that nobody plans for yet"),
        gettext_lazy(
            "The goal still has no named barrier with a strategy for: %(groups)s. The systems owe "
            "them a plan."
        ),
    ),
}


@dataclass(frozen=True)
class Alarm:
    code: str
    title: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """A group against the goal; texts are signs or "" where there is no number."""

    name: str
    depth: int
    value: str
    to_go: str
    is_there: bool
    short: str
    pace: str
    closed: str
    blocks: list[Barrier]
    lacks_plan: bool


def goal_sentence(derived: Derived) -> str:
    """ "The goal is the same for everyone: 90.0% by December 31, 2030."."""
    goal, version = derived.goal, derived.shown.version
    if goal is None:
        return ""
    values = {"value": wording.figure(goal.value, version), "per": wording.per(version)}
    if version.scale == 100:
        values["per"] = ""
    wanted = " ".join(filter(None, values.values()))
    if goal.deadline is None:
        return _("The goal is the same for everyone: %(wanted)s.") % {"wanted": wanted}
    return _("The goal is the same for everyone: %(wanted)s by %(day)s.") % {
        "wanted": wanted,
        "day": date_format(goal.deadline, "DATE_FORMAT"),
    }


def everyone_sentence(derived: Derived, found: Assessment) -> str:
    """How far everyone is, and how fast it would have to go."""
    version = derived.shown.version
    if found.overall is None or found.overall_gap_to_goal is None:
        return _("How far everyone is from it cannot be shown.")
    if found.overall_gap_to_goal == 0:
        return _("For everyone together it is reached.")
    said = [
        _("Our systems still have %(to_go)s to go for everyone together.")
        % {"to_go": wording.difference(found.overall_gap_to_goal, version)}
    ]
    years = derived.years_left
    if years and years > 0:
        pace = wording.difference(found.overall_gap_to_goal / years, version)
        said.append(_("To be there in time, it takes %(pace)s a year.") % {"pace": pace})
    elif years is not None:
        said.append(_("The day it was promised for is over."))
    return " ".join(said)


def groups_sentence(derived: Derived, found: Assessment) -> str:
    """How many groups are there, and between which distances the others are."""
    version = derived.shown.version
    known = [each for each in found.groups if each.gap_to_goal is not None]
    if not known:
        return ""
    gaps = [each.gap_to_goal for each in known if each.gap_to_goal]
    hidden = len(found.groups) - len(known)
    said = [_spread(len(known), [wording.difference(gap or 0, version) for gap in sorted(gaps)])]
    if hidden:
        said.append(
            ngettext(
                "%(count)s group cannot be shown; the goal is meant for it as well.",
                "%(count)s groups cannot be shown; the goal is meant for them as well.",
                hidden,
            )
            % {"count": hidden}
        )
    return " ".join(said)


def _spread(known: int, gaps: list[str]) -> str:
    if not gaps:
        return ngettext(
            "The %(known)s group that can be shown has reached it.",
            "All %(known)s groups that can be shown have reached it.",
            known,
        ) % {"known": known}
    values = {"known": known, "there": known - len(gaps), "least": gaps[0], "most": gaps[-1]}
    if gaps[0] == gaps[-1]:
        return (
            ngettext(
                "It is reached for %(there)s of the %(known)s group that can be shown; our systems "
                "still have %(most)s to go.",
                "It is reached for %(there)s of the %(known)s groups that can be shown; for the "
                "others our systems still have %(most)s to go.",
                known,
            )
            % values
        )
    return (
        _(
            "It is reached for %(there)s of the %(known)s groups that can be shown; for the others "
            "our systems still have between %(least)s and %(most)s to go."
        )
        % values
    )


def short_sentence(derived: Derived, found: Assessment) -> str:
    """For how many people the goal is not yet true; only where every group can be shown."""
    if found.total_people_short is None or derived.shown.version.measure != "proportion":
        return ""
    number = whole_people(found.total_people_short)
    if number == 0:
        return ""
    return ngettext(
        "It would have to become true for %(number)s person more.",
        "It would have to become true for %(number)s people more.",
        number,
    ) % {"number": wording.count(number)}


def alarms(derived: Derived, found: Assessment) -> list[Alarm]:
    """What must not be overlooked, in the order of `universalism`."""
    names = {series.key: series.name for series in derived.groups}
    return [
        Alarm(
            code,
            str(ALARMS[code][0]),
            str(ALARMS[code][1])
            % {"groups": "; ".join(names.get(key, key) for key in found.alarm_groups[code])},
        )
        for code in found.alarms
    ]


def rows(derived: Derived, found: Assessment) -> list[Row]:
    """Every group in its declared order."""
    judged = by_key(found)
    return [_row(derived, series, judged[series.key]) for series in derived.groups]


def _row(derived: Derived, series: Series, judged: GroupAssessment) -> Row:
    version, goal = derived.shown.version, derived.goal
    cell = derived.cell(series)
    served = goal.served if goal else frozenset()
    plans = bool(goal and derived.shown.by in goal.considered)
    short = ""
    if judged.people_short_ceil is not None and version.measure == "proportion":
        near = wording.NEAR if cell and cell.is_near else ""
        short = near + wording.count(judged.people_short_ceil)
    return Row(
        name=series.name,
        depth=max((len(member.order) for member in series.members), default=1),
        value=printing.value(derived, cell),
        to_go=""
        if judged.gap_to_goal is None
        else _("reached")
        if judged.goal_met
        else wording.difference(judged.gap_to_goal, version),
        is_there=bool(judged.goal_met),
        short=short,
        pace=""
        if judged.required_change_per_year is None
        else wording.difference(judged.required_change_per_year, version),
        closed=""
        if judged.percent_of_gap_closed is None
        else _("%(number)s%%") % {"number": wording.plain(judged.percent_of_gap_closed, 0)},
        blocks=goal.blocks.get(series.key, []) if goal else [],
        lacks_plan=plans and bool(judged.gap_to_goal) and series.key not in served,
    )

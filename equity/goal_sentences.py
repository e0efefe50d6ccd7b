"""What the rules of universal goals say, per code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ciforum.people.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

Params = dict[str, Any]

REMEDIES: dict[str, _StrPromise] = {
    "gap_goal": gettext_lazy("Word the goal for everyone"),
    "goal_without_groups": gettext_lazy("Choose the groups"),
    "barriers_missing": gettext_lazy("Name what blocks them"),
    "strategies_missing": gettext_lazy("Plan what is done"),
}


def _gap_goal(params: Params) -> str:
    return _(
        "“%(words)s” makes it a goal about a gap. A gap can close because some fare worse. Say one "
        "goal for everyone."
    ) % {"words": params["words"]}


def _groups(params: Params) -> str:
    """The groups' names, in the reader's language."""
    return ", ".join(str(Words(each["group"])) for each in params["lacking"])


def _barriers_missing(params: Params) -> str:
    return ngettext(
        "For one group nobody has named yet what blocks it: %(groups)s.",
        "For %(number)s groups nobody has named yet what blocks them: %(groups)s.",
        len(params["lacking"]),
    ) % {"number": len(params["lacking"]), "groups": _groups(params)}


def _strategies_missing(params: Params) -> str:
    return ngettext(
        "For one group no strategy is planned yet: %(groups)s.",
        "For %(number)s groups no strategy is planned yet: %(groups)s.",
        len(params["lacking"]),
    ) % {"number": len(params["lacking"]), "groups": _groups(params)}


def _considered(params: Params) -> str:
    return ngettext(
        "The goal considers %(number)s group.",
        "The goal considers %(number)s groups.",
        params["considered"],
    ) % {"number": params["considered"]}


def _barriers_named(params: Params) -> str:
    if not params["planned"]:
        return _("Every group is known to have reached the goal.")
    return ngettext(
        "What blocks it is named for %(number)s group, or put off in the open.",
        "What blocks them is named for %(number)s groups, or put off in the open.",
        params["planned"],
    ) % {"number": params["planned"]}


def _strategies_targeted(params: Params) -> str:
    if not params["planned"]:
        return _("Every group is known to have reached the goal.")
    return ngettext(
        "%(number)s group has a strategy made for it, or is put off in the open.",
        "%(number)s groups have a strategy made for them, or are put off in the open.",
        params["planned"],
    ) % {"number": params["planned"]}


SENTENCES: dict[str, Callable[[Params], str]] = {
    # met
    "universal": lambda params: _("It is a goal for everyone."),
    "groups_named": _considered,
    "barriers_named": _barriers_named,
    "strategies_targeted": _strategies_targeted,
    # not met
    "gap_goal": _gap_goal,
    "goal_without_groups": lambda params: _("The goal does not say yet which groups it considers."),
    "barriers_missing": _barriers_missing,
    "strategies_missing": _strategies_missing,
}

"""What the rule on authority over data says: see `equity.sentences`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people.words import Words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Params = dict[str, Any]

REMEDIES: dict[str, _StrPromise] = {
    "authority_waits": gettext_lazy("See what the council says"),
    "authority_not_withheld": gettext_lazy("Protect small groups again"),
}


def _waits(params: Params) -> str:
    return " ".join(_waits_for(each) for each in params["waiting"])


def _waits_for(each: Params) -> str:
    said = _(
        "“%(council)s” holds authority over the numbers of “%(group)s” and has not agreed yet: "
        "%(release)s of %(seats)s seats say release, %(withhold)s say keep."
    )
    return said % {
        "council": Words(each["council"]),
        "group": Words(each["group"]),
        **{name: each[name] for name in ("release", "withhold", "seats")},
    }


def _not_withheld(params: Params) -> str:
    said = _("“%(council)s” keeps the numbers of “%(group)s”, and they are not hidden yet.")
    return " ".join(
        said % {"council": Words(each["council"]), "group": Words(each["group"])}
        for each in params["open"]
    )


def _met(params: Params) -> str:
    found = params.get("authorities")
    if not found:
        return _("No group in it holds authority over its data.")
    return " ".join(_agreed(each) for each in found)


def _agreed(each: Params) -> str:
    if each["says"] == "withhold":
        said = _("“%(council)s” keeps the numbers of “%(group)s”; they are hidden.")
    else:
        said = _("“%(council)s” agrees that the numbers of “%(group)s” are shown.")
    return said % {"council": Words(each["council"]), "group": Words(each["group"])}


def _by_community(params: Params) -> str:
    return _("It ends only if more than half of each class of community seats agrees.")


SENTENCES: dict[str, Callable[[Params], str]] = {
    "group_authority": _met,
    "authority_waits": _waits,
    "ends_by_community": _by_community,
    "authority_not_withheld": _not_withheld,
}

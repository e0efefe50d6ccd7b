"""What the rules of systems shifts say, per code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

Params = dict[str, Any]

REMEDIES: dict[str, _StrPromise] = {
    "no_systems_shift": gettext_lazy("Write down what should move it"),
    "no_community_voice": gettext_lazy("See what the seats say"),
    "community_contradicts": gettext_lazy("See what the seats say"),
    "evidence_missing": gettext_lazy("Add evidence"),
    "evidence_ungraded": gettext_lazy("Add evidence"),
    "disagreement_unanswered": gettext_lazy("Answer the seats"),
}


def _systems_beside(params: Params) -> str:
    if not params["headline"]:
        return _("It is no headline number, so no systems shift has to stand beside it.")
    return ngettext(
        "One systems shift that is meant to move it stands beside it.",
        "%(shifts)s systems shifts that are meant to move it stand beside it.",
        sum(params["shifts"].values()),
    ) % {"shifts": sum(params["shifts"].values())}


def _confirmed(params: Params) -> str:
    if not params["needed"] and not params["yes"]:
        return _("A change of this level does not need a community seat, and none says no.")
    return ngettext(
        "One community seat says that it changed.",
        "%(yes)s community seats say that it changed.",
        params["yes"],
    ) % {"yes": params["yes"]}


def _no_voice(params: Params) -> str:
    said = _(
        "No community seat has said that it changed. A change of relations, power or beliefs is "
        "confirmed by those who live it."
    )
    if params["own"]:
        said += " " + _("Seats of those who wrote the claim do not count.")
    return said


def _contradicted(params: Params) -> str:
    return _(
        "More community seats say no than yes: %(no)s against %(yes)s. So it is not confirmed."
    ) % {"no": params["no"], "yes": params["yes"]}


def _graded(params: Params) -> str:
    grades = params["grades"]
    rows, unknown = sum(grades.values()), grades.get("unknown", 0)
    return ngettext(
        "%(graded)s of %(rows)s piece of evidence says how good it is.",
        "%(graded)s of %(rows)s pieces of evidence say how good they are.",
        rows,
    ) % {"graded": rows - unknown, "rows": rows}


def _unanswered(params: Params) -> str:
    return ngettext(
        "One community seat disagrees and has no written answer.",
        "%(voices)s community seats disagree and have no written answer.",
        params["voices"],
    ) % {"voices": params["voices"]}


def _beside(params: Params) -> str:
    """How many disagree stands beside, in words."""
    if not params["disagree"]:
        return _("No community seat disagrees.")
    return ngettext(
        "One community seat disagrees. Its words stand beside the claim, with an answer.",
        "%(voices)s community seats disagree. Their words stand beside the claim, with answers.",
        params["disagree"],
    ) % {"voices": params["disagree"]}


def _fixed(words: _StrPromise) -> Callable[[Params], str]:
    return lambda params: str(words)


SENTENCES: dict[str, Callable[[Params], str]] = {
    # met
    "systems_beside": _systems_beside,
    "community_confirms": _confirmed,
    "evidence_graded": _graded,
    "another_confirms": _fixed(gettext_lazy("Whoever confirms it did not write the claim.")),
    "disagreement_answered": _beside,
    # not met
    "no_systems_shift": _fixed(
        gettext_lazy(
            "No systems shift that is meant to move this headline number stands beside it."
        )
    ),
    "no_community_voice": _no_voice,
    "community_contradicts": _contradicted,
    "evidence_missing": _fixed(gettext_lazy("It does not say yet how we know.")),
    "evidence_ungraded": _fixed(
        gettext_lazy("There is evidence, and nobody has said how good it is.")
    ),
    "own_claim": _fixed(
        gettext_lazy("Whoever tried wrote or claimed it herself. Somebody else confirms it.")
    ),
    "disagreement_unanswered": _unanswered,
}

"""What the rules of the charter say, per code."""

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
    "core_terms_open": gettext_lazy("Go to the lexicon"),
    "no_core_terms": gettext_lazy("Go to the lexicon"),
    "problem_without_history": gettext_lazy("Cite history"),
    "problem_without_figure": gettext_lazy("Cite a figure"),
    "problem_without_voice": gettext_lazy("Cite a finding"),
    "no_goal": gettext_lazy("Go to the goals"),
    "no_population_goal": gettext_lazy("Go to the goals"),
    "no_systems_goal": gettext_lazy("Go to the goals"),
}


def _core_terms(params: Params) -> str:
    return ngettext(
        "%(agreed)s core word of the lexicon is agreed, and none is open.",
        "%(agreed)s core words of the lexicon are agreed, and none is open.",
        params["agreed"],
    ) % {"agreed": params["agreed"]}


def _core_terms_open(params: Params) -> str:
    return ngettext(
        "One core word of the lexicon is not agreed yet: %(words)s.",
        "%(count)s core words of the lexicon are not agreed yet: %(words)s.",
        len(params["terms"]),
    ) % {
        "count": len(params["terms"]),
        "words": ", ".join(str(Words(term)) for term in params["terms"]),
    }


def _problem_history(params: Params) -> str:
    return ngettext(
        "The problem statement cites %(events)s event of the community's history.",
        "The problem statement cites %(events)s events of the community's history.",
        params["events"],
    ) % {"events": params["events"]}


def _problem_figure(params: Params) -> str:
    return ngettext(
        "The problem statement cites %(figures)s published figure that shows groups.",
        "The problem statement cites %(figures)s published figures that show groups.",
        params["figures"],
    ) % {"figures": params["figures"]}


def _problem_voice(params: Params) -> str:
    return ngettext(
        "The problem statement cites %(voices)s story or finding of those who live it.",
        "The problem statement cites %(voices)s stories or findings of those who live it.",
        params["voices"],
    ) % {"voices": params["voices"]}


def _systems_goal(params: Params) -> str:
    return _(
        "Beside %(population)s goals about what changes for people stand %(systems)s about what "
        "changes in systems."
    ) % {"population": params["population"], "systems": params["systems"]}


def _fixed(words: _StrPromise) -> Callable[[Params], str]:
    return lambda params: str(words)


SENTENCES: dict[str, Callable[[Params], str]] = {
    "core_terms": _core_terms,
    "core_terms_open": _core_terms_open,
    "no_core_terms": _fixed(
        gettext_lazy("The lexicon has no core words yet. Agree on the words first.")
    ),
    "problem_history": _problem_history,
    "problem_without_history": _fixed(
        gettext_lazy(
            "The problem statement cites no event of the community's history, so it does not say "
            "how the problem was made."
        )
    ),
    "problem_figure": _problem_figure,
    "problem_without_figure": _fixed(
        gettext_lazy("The problem statement cites no published figure that shows groups.")
    ),
    "problem_voice": _problem_voice,
    "problem_without_voice": _fixed(
        gettext_lazy(
            "The problem statement cites no story and no finding of a data walk, so those who "
            "live it do not speak in it."
        )
    ),
    "systems_goal": _systems_goal,
    "no_goal": _fixed(gettext_lazy("The charter names no goal for everyone yet.")),
    "no_population_goal": _fixed(
        gettext_lazy("The charter names no goal about what changes for people.")
    ),
    "no_systems_goal": _fixed(
        gettext_lazy(
            "The charter names no goal about what changes in systems: rules, money, relations, "
            "power. Services alone leave the causes as they are."
        )
    ),
}

"""What rules say, in the reader's language: a sentence for every code, filled with its params.

The ledger keeps codes and plain params only, so that each entry can be read in every language.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ciforum.people.words import Words
from equity import (
    agenda_sentences,
    authority_sentences,
    decision_sentences,
    request_sentences,
    seat_sentences,
    shift_sentences,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Params = dict[str, Any]
Sentence = Callable[[Params], str]

# Number: (name, the question that the strategy puts to an initiative).
STRATEGIES: dict[int, tuple[_StrPromise, _StrPromise]] = {
    1: (
        gettext_lazy("Ground the work in data and context, and target solutions"),
        gettext_lazy("Do we see every group, and do we know why gaps are there?"),
    ),
    2: (
        gettext_lazy("Focus on systems change, beside programs and services"),
        gettext_lazy("Do we change the rules and relations that make the gaps?"),
    ),
    3: (
        gettext_lazy("Shift power within the collaborative"),
        gettext_lazy("Who decides, and who can say no?"),
    ),
    4: (
        gettext_lazy("Listen to and act with community"),
        gettext_lazy("What did residents tell us, and what came of it?"),
    ),
    5: (
        gettext_lazy("Build equity leadership and accountability"),
        gettext_lazy("Do we hold ourselves to what we promised?"),
    ),
}

# What a rule that is not yet in force waits for.
WAITS: dict[str, _StrPromise] = {
    "stories": gettext_lazy("It waits for people's stories and their consent to be kept here."),
    "shifts": gettext_lazy("It waits for changes of systems to be followed here."),
    "commitments": gettext_lazy("It waits for commitments and buddies to be kept here."),
    "assets": gettext_lazy("It waits for the community's assets to be kept here."),
    "letter": gettext_lazy("It waits for the public letter on equity to be signed here."),
}

# Why a required breakdown lacks groups, and the code that says so: the gravest first.
GAP_CODES = {
    "overdue": "request_overdue",
    "refused": "request_refused",
    "cannot": "request_cannot",
    "promise_over": "request_promise_over",
    "lapsed": "request_lapsed",
    "none": "groups_missing",
}

# What the button to the screen that meets the rule says. A code without one has no such screen.
REMEDIES: dict[str, _StrPromise] = {
    "no_values": gettext_lazy("Go to the data desk"),
    "groups_missing": gettext_lazy("Ask for the missing groups"),
    "request_overdue": gettext_lazy("Go to the data requests"),
    "request_refused": gettext_lazy("Go to the data requests"),
    "protection_none": gettext_lazy("Protect small groups"),
    "protection_stale": gettext_lazy("Protect small groups again"),
    "protection_weak": gettext_lazy("Protect small groups again"),
    "protection_impossible": gettext_lazy("See what can be done"),
    "story_missing": gettext_lazy("Write the story"),
    **agenda_sentences.REMEDIES,
    **authority_sentences.REMEDIES,
    **request_sentences.REMEDIES,
    **decision_sentences.REMEDIES,
    **seat_sentences.REMEDIES,
    **shift_sentences.REMEDIES,
}


def sentence(code: str, params: Params) -> str:
    """The sentence of a code. A code of a rule that is gone is named, never left out."""
    try:
        said = _SENTENCES[code](params)
    except (KeyError, TypeError, ValueError):  # entries outlive the rules that wrote them
        return _("A rule of that time, “%(code)s”, is no longer asked.") % {"code": code}
    if until := params.get("waived_until"):
        said += " " + _("A resident agreed to go ahead without it, until %(date)s.") % {
            "date": _day(until)
        }
    return said


def waits_for(until: str) -> str:
    return str(WAITS.get(until, _("Its evidence cannot be kept here yet.")))


def strategy_name(number: int | None) -> str:
    return str(STRATEGIES[number][0]) if number in STRATEGIES else ""


def _groups(params: Params) -> str:
    if not params.get("dimensions"):
        return _("No breakdown is required.")
    names = ", ".join(f"“{Words(name)}”" for name in params["dimensions"])
    return _("Every required breakdown is filled or asked for: %(names)s.") % {"names": names}


def _gaps(params: Params) -> str:
    return " ".join(_gap(gap) for gap in params["missing"])


def _gap(gap: Params) -> str:
    """One required breakdown that lacks groups, and what became of asking for them."""
    match gap["request"]:
        case "refused":
            said = _(
                "“%(dimension)s” does not count %(groups)s. Whoever holds the data refused, and "
                "we have not taken it further."
            )
        case "overdue":
            said = _(
                "“%(dimension)s” does not count %(groups)s. We asked; the answer is overdue, and "
                "we have not taken it further."
            )
        case code if code in request_sentences.SAID:
            said = str(request_sentences.SAID[code])
        case _other:
            said = _("“%(dimension)s” does not count %(groups)s, and nobody was asked for it.")
    groups = ", ".join(str(Words(name)) for name in gap["groups"])
    return said % {"dimension": Words(gap["dimension"]), "groups": groups or _("any group")}


def _protected(params: Params) -> str:
    if not params["hidden"]:
        return ngettext(
            "The one row of numbers is safe: no count is below %(threshold)s.",
            "The %(rows)s rows of numbers are safe: no count is below %(threshold)s.",
            params["rows"],
        ) % {"rows": params["rows"], "threshold": params["threshold"]}
    return ngettext(
        "Counts below %(threshold)s cannot be read or worked out: %(hidden)s row of %(rows)s has "
        "hidden numbers.",
        "Counts below %(threshold)s cannot be read or worked out: %(hidden)s rows of %(rows)s "
        "have hidden numbers.",
        params["hidden"],
    ) % {name: params[name] for name in ("threshold", "hidden", "rows")}


def _story_missing(params: Params) -> str:
    if not params["written"]:
        return ngettext(
            "The story behind the numbers is not written yet. It needs at least %(words)s word.",
            "The story behind the numbers is not written yet. It needs at least %(words)s words.",
            params["words"],
        ) % {"words": params["words"]}
    return ngettext(
        "The story behind the numbers has %(written)s word. It needs at least %(words)s.",
        "The story behind the numbers has %(written)s words. It needs at least %(words)s.",
        params["written"],
    ) % {"written": params["written"], "words": params["words"]}


def _story(params: Params) -> str:
    return ngettext(
        "A story of %(words)s word stands behind the numbers.",
        "A story of %(words)s words stands behind the numbers.",
        params["words"],
    ) % {"words": params["words"]}


def _protection_weak(params: Params) -> str:
    return _(
        "Small groups were protected below %(threshold)s. The rule now asks for %(wanted)s."
    ) % {"threshold": params.get("threshold", ""), "wanted": params.get("wanted", "")}


def _waiver(params: Params) -> str:
    return _(
        "A resident agreed to go ahead without this rule until %(date)s. Reason: %(reason)s"
    ) % {"date": _day(params["until"]), "reason": params["reason"]}


def _day(moment: str) -> str:
    return date_format(localtime(datetime.fromisoformat(moment)), "DATE_FORMAT")


def _fixed(words: _StrPromise) -> Sentence:
    return lambda params: str(words)


_SENTENCES: dict[str, Sentence] = {
    # met
    "values": _fixed(gettext_lazy("Approved numbers are there.")),
    "groups": _groups,
    "small_cells": _protected,
    "story": _story,
    # not met
    "no_values": _fixed(gettext_lazy("There are no approved numbers for these periods yet.")),
    "groups_missing": _gaps,
    "request_overdue": _gaps,
    "request_refused": _gaps,
    **dict.fromkeys(request_sentences.GAPS, _gaps),
    "protection_none": _fixed(
        gettext_lazy("Nobody has checked yet that small groups cannot be read or worked out.")
    ),
    "protection_stale": _fixed(
        gettext_lazy("Numbers changed since small groups were protected. It has to be done again.")
    ),
    "protection_impossible": _fixed(
        gettext_lazy(
            "Small groups cannot be protected: with what is public already, a hidden number could "
            "be worked out whatever else is hidden."
        )
    ),
    "protection_weak": _protection_weak,
    "story_missing": _story_missing,
    "could_not_be_checked": _fixed(
        gettext_lazy(
            "This rule could not be checked, so the step is held. The people who run this site "
            "find the reason in its log."
        )
    ),
    "no_rule_in_force": _fixed(
        gettext_lazy("None of the rules of this step is in force yet, so it stays closed.")
    ),
    # waived
    "waiver": _waiver,
    **agenda_sentences.SENTENCES,
    **authority_sentences.SENTENCES,
    **decision_sentences.SENTENCES,
    **seat_sentences.SENTENCES,
    **shift_sentences.SENTENCES,
}

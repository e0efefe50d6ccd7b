"""What the rules of seats and decisions say, per code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from ciforum.people.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

Params = dict[str, Any]

REMEDIES: dict[str, _StrPromise] = {
    "not_chosen": gettext_lazy("Go to the seat"),
    "basics_missing": gettext_lazy("Complete the paper"),
    "groups_not_named": gettext_lazy("Name the groups"),
    "groups_not_asked": gettext_lazy("Say how they are asked"),
    "composition": gettext_lazy("Go to the committee"),
    "seats_unheard": gettext_lazy("See who was not heard"),
    "too_few_heard": gettext_lazy("See who was not heard"),
    "inputs_unanswered": gettext_lazy("Write the replies"),
    "reasons_missing": gettext_lazy("Write the reasons"),
}

BASICS: dict[str, _StrPromise] = {
    "purpose": gettext_lazy("what it is for"),
    "can_change": gettext_lazy("what can still change"),
    "text": gettext_lazy("the text that is decided"),
    "options": gettext_lazy("at least two options"),
    "until": gettext_lazy("until when input is open"),
}

CLASSES: dict[str, _StrPromise] = {
    "all": gettext_lazy("all seats"),
    "lived_experience": gettext_lazy("seats for lived experience"),
    "grassroots": gettext_lazy("seats of grassroots groups"),
    "institution": gettext_lazy("seats of institutions"),
    "funder": gettext_lazy("seats of funders"),
    "backbone": gettext_lazy("seats of the backbone"),
}

CHANNELS: dict[str, _StrPromise] = {
    "email": gettext_lazy("by e-mail"),
    "phone": gettext_lazy("by phone"),
    "text": gettext_lazy("by text message"),
    "letter": gettext_lazy("by letter or on paper"),
    "in_person": gettext_lazy("in person"),
    "site": gettext_lazy("on this site"),
}


def _not_chosen(params: Params) -> str:
    return ngettext(
        "%(chosen)s resident said that residents chose the holder. It takes %(needed)s.",
        "%(chosen)s residents said that residents chose the holder. It takes %(needed)s.",
        params["chosen"],
    ) % {"chosen": params["chosen"], "needed": params["needed"]}


def _chosen(params: Params) -> str:
    if "chosen" not in params:
        return _("This seat is not one for lived experience.")
    return ngettext(
        "%(chosen)s resident said that residents chose the holder.",
        "%(chosen)s residents said that residents chose the holder.",
        params["chosen"],
    ) % {"chosen": params["chosen"]}


def _basics_missing(params: Params) -> str:
    missing = ", ".join(str(BASICS.get(name, name)) for name in params["missing"])
    return _("The paper does not say yet: %(missing)s.") % {"missing": missing}


def _groups_not_asked(params: Params) -> str:
    groups = ", ".join(str(Words(name)) for name in params["groups"])
    return _(
        "%(groups)s: no seat in this committee stands for them, and nothing says how they are "
        "being asked."
    ) % {"groups": groups}


def _groups_asked(params: Params) -> str:
    return ngettext(
        "%(groups)s group is affected; it holds a seat or is being asked.",
        "%(groups)s groups are affected; each holds a seat or is being asked.",
        params["groups"],
    ) % {"groups": params["groups"]}


def _composition(params: Params) -> str:
    return _(
        "%(lived)s of %(seats)s seats that vote are for lived experience. It takes %(needed)s."
    ) % {name: params[name] for name in ("lived", "seats", "needed")}


def _unheard(params: Params) -> str:
    return " ".join(_waiting(seat) for seat in params["seats"])


def _waiting(seat: Params) -> str:
    """Why one seat is still waited for."""
    match seat["why"]:
        case "not_confirmed":
            said = _(
                "Seat %(seat)s: what was written down for her needs her own word, or that of "
                "another resident."
            )
        case "not_reached":
            said = _("Seat %(seat)s: the text has not reached her in her language.")
        case "tries":
            said = _("Seat %(seat)s: reached on %(tries)s days of %(needed)s that it takes.")
        case _other:
            said = _("Seat %(seat)s: she has %(days)s days from when the text reached her.")
    return said % {name: seat.get(name, "") for name in ("seat", "tries", "needed", "days")}


def _heard(params: Params) -> str:
    return _(
        "%(heard)s of %(lived)s seats for lived experience spoke last or passed themselves."
    ) % {"heard": params["heard"], "lived": params["lived"]}


def _too_few_heard(params: Params) -> str:
    return _heard(params) + " " + _("It takes %(needed)s.") % {"needed": params["needed"]}


def _input_too_short(params: Params) -> str:
    return ngettext(
        "Input was open for %(days)s day. It takes %(needed)s.",
        "Input was open for %(days)s days. It takes %(needed)s.",
        params["days"],
    ) % {"days": params["days"], "needed": params["needed"]}


def _input_open(params: Params) -> str:
    return ngettext(
        "Input was open for %(days)s day.", "Input was open for %(days)s days.", params["days"]
    ) % {"days": params["days"]}


def _effect_held(params: Params) -> str:
    from equity.sentences import sentence  # noqa: PLC0415 - the table that this one is part of

    said = " ".join(sentence(each["code"], each["params"]) for each in params["objections"])
    return _("What it would put in force does not meet its own rules: %(objections)s") % {
        "objections": said
    }


def _quorum_missing(params: Params) -> str:
    missing = ", ".join(str(CLASSES.get(name, name)) for name in params["missing"])
    return _("Too few voted: %(missing)s. The decision goes back for another round.") % {
        "missing": missing
    }


def _quorum(params: Params) -> str:
    whole = params["turnout"]["all"]
    return _("%(cast)s of %(seats)s seats voted.") % {
        "cast": whole["cast"],
        "seats": whole["seats"],
    }


def _unanswered(params: Params) -> str:
    return ngettext(
        "%(inputs)s input has no reply yet.",
        "%(inputs)s inputs have no reply yet.",
        params["inputs"],
    ) % {"inputs": params["inputs"]}


def _contact(params: Params) -> str:
    """One contact with a seat for its last word."""
    language = params["language"]
    known = get_language_info(language)["name_translated"] if language in LANG_INFO else language
    named = {
        "seat": params["seat"],
        "channel": CHANNELS.get(params["channel"], params["channel"]),
        "language": known,
    }
    if params.get("opened"):
        return _("Seat %(seat)s opened the text on this site, in %(language)s.") % named
    if params["delivered"]:
        return _("The text was brought to seat %(seat)s %(channel)s, in %(language)s.") % named
    return _("Seat %(seat)s was tried %(channel)s, in %(language)s.") % named


def _fixed(words: _StrPromise) -> Callable[[Params], str]:
    return lambda params: str(words)


SENTENCES: dict[str, Callable[[Params], str]] = {
    # seats
    "chosen_by_residents": _chosen,
    "not_chosen": _not_chosen,
    "holder_no_resident": _fixed(
        gettext_lazy(
            "The holder is no resident: a community member who does not work for the backbone."
        )
    ),
    # open for input
    "basics": _fixed(
        gettext_lazy("Purpose, what can change, the text, who decides and by when are said.")
    ),
    "basics_missing": _basics_missing,
    "groups_asked": _groups_asked,
    "groups_not_named": _fixed(gettext_lazy("No group is named that the decision affects.")),
    "groups_not_asked": _groups_not_asked,
    # open the vote: "composition" is said of both outcomes
    "composition": _composition,
    "last_word": _heard,
    "seats_unheard": _unheard,
    "half_heard": _heard,
    "too_few_heard": _too_few_heard,
    "text_unchanged": _fixed(gettext_lazy("The text is the one that the last word was given on.")),
    "text_changed": _fixed(
        gettext_lazy(
            "The text is not the one that the last word was given on. Return it to deliberation."
        )
    ),
    "effect_may_pass": _fixed(
        gettext_lazy("What it would put in force meets the rules of its own step.")
    ),
    "effect_held": _effect_held,
    "effect_gone": _fixed(gettext_lazy("What it would put in force is no longer there.")),
    "input_long_enough": _input_open,
    "input_too_short": _input_too_short,
    "contact_try": _contact,
    # close
    "quorum": _quorum,
    "quorum_missing": _quorum_missing,
    "replies": _fixed(gettext_lazy("Everybody who said something got a reply.")),
    "inputs_unanswered": _unanswered,
    "reasons": _fixed(gettext_lazy("The reasons are written down.")),
    "reasons_missing": _fixed(gettext_lazy("The reasons for the outcome are not written yet.")),
}

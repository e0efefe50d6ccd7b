"""The thresholds of an initiative in words: what holds here, and what holds everywhere."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equity.models import Policy
from equity.models.policy import (
    CONTACT_TRIES,
    INPUT_DAYS,
    LAST_WORD_DAYS,
    LIVED_MINIMUM,
    LIVED_ONE_IN,
    RESIDENT_CHOOSERS,
    SMALL_COUNT,
    STORY_WORDS,
    THRESHOLDS,
    WAIVER_DAYS,
)

Pair = tuple[str, str]


def in_words(policy: Policy) -> list[Pair]:
    """(what holds here, what holds for every initiative) for each of THRESHOLDS, in their order."""
    return [_WORDS[name](policy.threshold(name)) for name in THRESHOLDS]


def _small_count(number: int) -> Pair:
    return (
        _("Counts from 1 to %(most)s are never shown, and cannot be worked out.")
        % {"most": number - 1},
        _("Every initiative protects at least counts from 1 to %(most)s.")
        % {"most": SMALL_COUNT - 1},
    )


def _story_words(number: int) -> Pair:
    return (
        ngettext(
            "The story behind the numbers has at least %(words)s word.",
            "The story behind the numbers has at least %(words)s words.",
            number,
        )
        % {"words": number},
        ngettext(
            "Every initiative asks for at least %(words)s word.",
            "Every initiative asks for at least %(words)s words.",
            STORY_WORDS,
        )
        % {"words": STORY_WORDS},
    )


def _waiver_days(number: int) -> Pair:
    return (
        ngettext(
            "A waiver ends after at most %(days)s day.",
            "A waiver ends after at most %(days)s days.",
            number,
        )
        % {"days": number},
        ngettext(
            "In every initiative a waiver ends after at most %(days)s day.",
            "In every initiative a waiver ends after at most %(days)s days.",
            WAIVER_DAYS,
        )
        % {"days": WAIVER_DAYS},
    )


def _lived_one_in(number: int) -> Pair:
    return (
        _("At least one of every %(seats)s seats that vote is for lived experience.")
        % {"seats": number}
        if number > 1
        else _("Every seat that votes is for lived experience."),
        _("In every initiative it is at least one of every %(seats)s.") % {"seats": LIVED_ONE_IN},
    )


def _lived_minimum(number: int) -> Pair:
    return (
        _("A body that decides has at least %(seats)s seats for lived experience.")
        % {"seats": number},
        _("In every initiative there are at least %(seats)s: no one can speak for a community.")
        % {"seats": LIVED_MINIMUM},
    )


def _resident_choosers(number: int) -> Pair:
    return (
        _("At least %(people)s residents say that they chose who holds such a seat.")
        % {"people": number},
        _("In every initiative it takes at least %(people)s.") % {"people": RESIDENT_CHOOSERS},
    )


def _input_days(number: int) -> Pair:
    return (
        _("A decision is open for input for at least %(days)s days.") % {"days": number},
        _("In every initiative it is open for at least %(days)s days.") % {"days": INPUT_DAYS},
    )


def _last_word_days(number: int) -> Pair:
    return (
        _(
            "Each seat for lived experience has at least %(days)s days for her last word, from "
            "when the text reached her in her language."
        )
        % {"days": number},
        _("In every initiative it is at least %(days)s days.") % {"days": LAST_WORD_DAYS},
    )


def _contact_tries(number: int) -> Pair:
    return (
        _("Her last word lapses only after at least %(tries)s tries to reach her.")
        % {"tries": number},
        _("In every initiative it takes at least %(tries)s tries.") % {"tries": CONTACT_TRIES},
    )


_WORDS: dict[str, Callable[[int], Pair]] = {
    "small_count": _small_count,
    "story_words": _story_words,
    "waiver_days": _waiver_days,
    "lived_one_in": _lived_one_in,
    "lived_minimum": _lived_minimum,
    "resident_choosers": _resident_choosers,
    "input_days": _input_days,
    "last_word_days": _last_word_days,
    "contact_tries": _contact_tries,
}

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
    PROTECTION,
    RESIDENT_CHOOSERS,
    SMALL_COUNT,
    STORY_WORDS,
    THRESHOLDS,
    WAIVER_DAYS,
)

Pair = tuple[str, str]


def in_words(policy: Policy) -> list[Pair]:
    """(what holds here, what holds for every initiative) for each of THRESHOLDS, in their order.

    Rules for small groups that only some initiatives have are left out where they ask nothing.
    """
    values = {name: policy.threshold(name) for name in THRESHOLDS}
    return [
        _WORDS[name](value) for name, value in values.items() if value or name not in PROTECTION
    ]


def small_groups_in_words(policy: Policy) -> list[Pair]:
    """The same for what protects small groups alone."""
    names = ["small_count", *(name for name in PROTECTION if policy.threshold(name))]
    return [_WORDS[name](policy.threshold(name)) for name in names]


def _beyond(here: str) -> Pair:
    return here, _("Not every initiative has this rule.")


def _smallest_population(number: int) -> Pair:
    return _beyond(
        _("Numbers about fewer than %(people)s people are not shown.") % {"people": number}
    )


def _next_smallest(number: int) -> Pair:
    return _beyond(_("Beside a hidden group, the next smallest group is hidden as well."))


def _hide_totals(number: int) -> Pair:
    return _beyond(_("A total is hidden where one of its parts is."))


def _hide_zeros(number: int) -> Pair:
    return _beyond(_("That nobody of a group was counted is not shown."))


def _hide_unanimous(number: int) -> Pair:
    return _beyond(_("That everybody of a group was counted is not shown."))


def _hide_extremes(number: int) -> Pair:
    return _beyond(_("Percents close to 0 or to 100 are not shown, least of all of few people."))


def _reliable_count(number: int) -> Pair:
    return _beyond(
        _("A rate that rests on fewer than %(people)s people is called unreliable.")
        % {"people": number}
    )


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
    "smallest_population": _smallest_population,
    "next_smallest": _next_smallest,
    "hide_totals": _hide_totals,
    "hide_zeros": _hide_zeros,
    "hide_unanimous": _hide_unanimous,
    "hide_extremes": _hide_extremes,
    "reliable_count": _reliable_count,
}

"""The rules of a decision in plain words: its method with its base, its quorums and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from equity.decision_sentences import CLASSES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ALL = "all"

# Each says what a ballot holds, when it passes, and of what the share is taken.
METHODS: dict[str, _StrPromise] = {
    "consent": gettext_lazy(
        "Each seat agrees, disagrees and stands aside, abstains, or blocks. It passes when nobody "
        "blocks and at least one seat agrees. To stand aside is said and counted, and stops "
        "nothing."
    ),
    "majority": gettext_lazy(
        "Each seat agrees, disagrees or abstains. It passes when more than half of those that "
        "agree or disagree agree. Exactly half is a tie. Who abstains counts as having voted, and "
        "is left out of the share."
    ),
    "two_thirds": gettext_lazy(
        "Each seat agrees, disagrees or abstains. It passes when at least two thirds of those that "
        "agree or disagree agree. Who abstains counts as having voted, and is left out of the "
        "share."
    ),
    "gradients": gettext_lazy(
        "Each seat chooses a step from 1, full support, to 8, a veto. Steps 1 to 3 are for it, 4 "
        "takes no side, 5 to 8 are against. It passes when nobody chooses 8 and more than half of "
        "those that take a side are for it."
    ),
    "irv": gettext_lazy(
        "Each seat puts the options in order. The option with the fewest first places goes out, "
        "and its ballots move on to their next option, until one option has more than half."
    ),
    "schulze": gettext_lazy(
        "Each seat puts the options in order. Every two options are compared: the option that "
        "wins against each other one, directly or through a chain of others, wins."
    ),
    "score": gettext_lazy(
        "Each seat gives every option points. The option with the most points in all wins."
    ),
    "dot": gettext_lazy(
        "Each seat shares out its dots among the options. The option with the most dots wins."
    ),
}

CHOICES: dict[str, _StrPromise] = {
    "agree": gettext_lazy("Agree"),
    "disagree": gettext_lazy("Disagree"),
    "abstain": gettext_lazy("Abstain"),
    "block": gettext_lazy("Block"),
}

SHARES: dict[str, _StrPromise] = {
    "1/2": gettext_lazy("at least half"),
    "3/5": gettext_lazy("at least three fifths"),
    "2/3": gettext_lazy("at least two thirds"),
    "3/4": gettext_lazy("at least three quarters"),
    "1": gettext_lazy("all"),
}

PROPOSALS = ("consent", "majority", "two_thirds", "gradients")
RANKED = ("irv", "schulze")


def share(kept: str) -> str:
    """ "1/2" → "at least half"; any other fraction as a percentage."""
    known = SHARES.get(str(Fraction(kept)))
    if known is not None:
        return str(known)
    return _("at least %(percent)s%%") % {"percent": percent(kept)}


def percent(kept: str | Fraction) -> str:
    """A share as a percentage in the reader's language, with one decimal where it has some."""
    value = Fraction(kept) * 100
    whole = value.denominator == 1
    return number_format(round(float(value), 1), decimal_pos=0 if whole else 1)


def seats_named(name: str) -> str:
    """ "all seats", "seats for lived experience"."""
    return str(CLASSES.get(name, name))


def quorum_sentences(quorum: Mapping[str, str]) -> list[str]:
    """How many have to vote, one sentence for each class, the whole first."""
    return [_quorum(name, share(kept)) for name, kept in ordered(quorum)]


def _quorum(name: str, kept: str) -> str:
    if name == ALL:
        return _("To count, %(share)s of the seats have to vote.") % {"share": kept}
    return _("To count, %(share)s of the %(seats)s have to vote.") % {
        "share": kept,
        "seats": seats_named(name),
    }


def threshold_sentences(threshold: Mapping[str, str], method: str) -> list[str]:
    """Which support it takes beyond the method, one sentence for each class."""
    return [_threshold(name, share(kept), method) for name, kept in ordered(threshold)]


def _threshold(name: str, kept: str, method: str) -> str:
    params = {"share": kept, "seats": seats_named(name)}
    if method in PROPOSALS:
        if name == ALL:
            return _("Of all votes that take a side, %(share)s have to be for it.") % params
        return (
            _("Of the %(seats)s that take a side, %(share)s have to be for it, counted apart.")
            % params
        )
    if name == ALL:
        return _("The winner needs %(share)s of what it and the next option get.") % params
    return (
        _(
            "Among the %(seats)s, counted apart, the winner needs %(share)s of what it and the "
            "next option get."
        )
        % params
    )


def ordered(shares: Mapping[str, str]) -> list[tuple[str, str]]:
    """The whole first, then the classes in their usual order."""
    return [(name, shares[name]) for name in CLASSES if name in shares]


def unmet(code: str) -> str:
    """Why it did not pass, of one code of the tally: "quorum:all", "threshold:funder"."""
    what, _colon, name = code.partition(":")
    seats = seats_named(name)
    if what == "quorum":
        return _("Too few voted: %(seats)s.") % {"seats": seats}
    if what == "block":
        return _("It was blocked.")
    if name == ALL:
        return _("Too few were for it.")
    return _("Too few were for it: %(seats)s.") % {"seats": seats}


def seats_voted(voted: int, seats: int) -> str:
    """While the vote is open: that so many have voted, and nothing else."""
    return ngettext(
        "%(voted)s of %(seats)s seat has voted.", "%(voted)s of %(seats)s seats have voted.", seats
    ) % {"voted": voted, "seats": seats}

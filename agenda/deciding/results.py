"""What came out, after the count: by class and as a whole, round by round, ballot by ballot.

Reads `outcome.result` and, of a secret ballot, nothing else but the list by code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from agenda import answers
from agenda.deciding import words
from equity.decision_sentences import CHANNELS, CLASSES

if TYPE_CHECKING:
    from agenda.models import Decision, Outcome

STATES = {"passed": "ok", "failed": "off", "tied": "watch", "no quorum": "watch"}


@dataclass(frozen=True)
class Row:
    """One class, or the whole: what the table of the tally says of it."""

    label: str
    cast: int
    seats: int
    cells: list[tuple[str, Any]]  # (column, number); None where it is withheld
    share: str
    quorum: str
    threshold: str
    withheld: bool


@dataclass(frozen=True)
class Table:
    """A table with a heading for each column of numbers."""

    columns: list[str]
    rows: list[Any]
    caption: str = ""
    share: str = ""  # of what the column of shares is a share


@dataclass(frozen=True)
class Shown:
    """A count as the page shows it."""

    state: str
    label: str
    sentence: str
    tally: Table
    rounds: list[Table]
    why: list[str]
    withheld: bool


@dataclass(frozen=True)
class BallotShown:
    """One ballot that counted."""

    who: str
    seat_class: str
    choice: list[str]
    reason: str
    note: str = ""


@dataclass(frozen=True)
class Ballots:
    """The ballots that counted; `by_code` for secret ones."""

    by_code: bool
    rows: list[BallotShown] = field(default_factory=list)


def shown(decision: Decision, outcome: Outcome) -> Shown:
    options = answers.options(outcome.round)
    result = outcome.result
    tally = _tally(decision, result, options)
    return Shown(
        state=STATES[outcome.outcome],
        label=label(outcome.outcome),
        sentence=sentence(decision, outcome, options),
        tally=tally,
        rounds=_rounds(decision, result["rounds"], options),
        why=[words.unmet(code) for code in result["unmet"]],
        withheld=any(row.withheld for row in tally.rows),
    )


def label(outcome: str) -> str:
    return {
        "passed": _("Passed"),
        "failed": _("Not passed"),
        "tied": _("Tied"),
        "no quorum": _("No quorum"),
    }[outcome]


def sentence(decision: Decision, outcome: Outcome, options: Mapping[str, Any]) -> str:
    """The outcome in one or two sentences: how many voted, for and against, or who won."""
    result = outcome.result
    whole = result["by_class"]["all"]
    voted = words.seats_voted(whole["cast"], whole["seats"])
    match outcome.outcome:
        case "no quorum":
            return f"{voted} {_('That is too few for a decision.')}"
        case "tied":
            names = ", ".join(str(options.get(key, key)) for key in result["winners"])
            tied = _("Tied between: %(options)s.") % {"options": names} if names else _("A tie.")
            return f"{voted} {tied}"
    if decision.method in words.PROPOSALS:
        return f"{voted} {_for_and_against(decision.method, whole['counts'])}"
    if outcome.outcome == "failed":
        return f"{voted} {_('No option reached what it takes.')}"
    names = ", ".join(str(options.get(key, key)) for key in result["winners"])
    return f"{voted} {_('Chosen: %(options)s.') % {'options': names}}"


def _for_and_against(method: str, counts: Mapping[str, int]) -> str:
    if method == "gradients":
        sums = [
            sum(counts.get(str(step), 0) for step in part) for part in ((1, 2, 3), (5, 6, 7, 8))
        ]
        return _("%(pro)s for it, %(contra)s against, %(open)s without a side.") % {
            "pro": sums[0],
            "contra": sums[1],
            "open": counts.get("4", 0),
        }
    said = _("%(agree)s agree, %(disagree)s disagree, %(abstain)s abstain.") % {
        name: counts.get(name, 0) for name in ("agree", "disagree", "abstain")
    }
    if method != "consent":
        return said
    return f"{said} {_('Blocks: %(block)s.') % {'block': counts.get('block', 0)}}"


def _tally(decision: Decision, result: Mapping[str, Any], options: Mapping[str, Any]) -> Table:
    keys = _keys(decision, options)
    columns = [_column(decision.method, key, options) for key in keys]
    rows = [
        _row(name, result["by_class"][name], list(zip(keys, columns, strict=True)))
        for name in CLASSES
        if name in result["by_class"]
    ]
    share = _("For it") if decision.method in words.PROPOSALS else _("For the winner")
    return Table(columns, rows, _caption(decision.method), share)


def _keys(decision: Decision, options: Mapping[str, Any]) -> list[str]:
    if decision.method == "gradients":
        return [each.value for each in answers.STEPS]
    if decision.method in words.PROPOSALS:
        return [key for key in words.CHOICES if key != "block" or decision.method == "consent"]
    return list(options)


def _column(method: str, key: str, options: Mapping[str, Any]) -> str:
    if method == "gradients":
        return key
    return str(words.CHOICES.get(key) or options.get(key, key))


def _caption(method: str) -> str:
    if method in words.RANKED:
        return _("For each option: how many ballots put it first.")
    if method in ("score", "dot"):
        return _("For each option: the points it got.")
    if method == "gradients":
        return _("For each step, from 1, full support, to 8, a veto: how many chose it.")
    return _("How many chose what.")


def _row(name: str, part: Mapping[str, Any], columns: list[tuple[str, str]]) -> Row:
    counts = part.get("counts")
    return Row(
        label=_("All seats") if name == words.ALL else _named(name),
        cast=part["cast"],
        seats=part["seats"],
        cells=[(name, None if counts is None else counts.get(key, 0)) for key, name in columns],
        share=words.percent(part["share"]) if part.get("share") else "",
        quorum=_met(part.get("quorum")),
        threshold=_met(part.get("threshold")),
        withheld=counts is None,
    )


def _named(name: str) -> str:
    named = words.seats_named(name)
    return named[:1].upper() + named[1:]


def _met(bar: Mapping[str, Any] | None) -> str:
    """ "met", "not met", or "" where nothing is asked."""
    if not bar or bar["met"] is None:
        return ""
    return "met" if bar["met"] else "not_met"


# --- rounds of the count


def _rounds(
    decision: Decision, rounds: list[dict[str, Any]], options: Mapping[str, Any]
) -> list[Table]:
    if decision.method == "irv" and rounds:
        return [_runoff(rounds, options)]
    if decision.method == "schulze" and rounds:
        return [
            _pairs(rounds[0]["pairs"], options, _("How many ballots put the row above the column")),
            _pairs(
                rounds[0]["paths"], options, _("Strength of the strongest chain, row to column")
            ),
        ]
    return []


def _runoff(rounds: list[dict[str, Any]], options: Mapping[str, Any]) -> Table:
    keys = [key for key in options if any(key in each["counts"] for each in rounds)]
    rows = [
        [
            str(number),
            *(each["counts"].get(key, "–") for key in keys),
            each["exhausted"],
            _out(each, options),
        ]
        for number, each in enumerate(rounds, start=1)
    ]
    columns = [
        _("Round"),
        *(str(options[key]) for key in keys),
        _("Without an option left"),
        _("Goes out"),
    ]
    return Table(columns, rows, _("Round by round"))


def _out(each: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    gone = list(each["out"]) or list(each["tied"])
    names = ", ".join(str(options.get(key, key)) for key in gone)
    if each["tied"]:
        return _("Tied for last place, every order was followed: %(options)s") % {"options": names}
    return names


def _pairs(pairs: Mapping[str, Any], options: Mapping[str, Any], caption: str) -> Table:
    keys = [key for key in options if key in pairs]
    rows = [
        [str(options[row]), *("–" if row == column else pairs[row][column] for column in keys)]
        for row in keys
    ]
    return Table([_("Option"), *(str(options[key]) for key in keys)], rows, caption)


# --- ballots


def ballots(decision: Decision, outcome: Outcome) -> Ballots:
    """The ballots that counted: by seat with reasons, or by code where they are secret."""
    options = answers.options(outcome.round)
    if decision.secret:
        rows = outcome.round.counted_ballots.order_by("code")
        return Ballots(
            True,
            [
                BallotShown(
                    each.code, "", answers.in_words(decision, options, each.choice), each.reason
                )
                for each in rows
            ],
        )
    effective = outcome.round.ballots.effective().select_related("seat__holder__user")
    return Ballots(
        False,
        [
            BallotShown(
                who=each.seat.public_name,
                seat_class=_named(each.seat_class),
                choice=answers.in_words(decision, options, each.choice),
                reason=each.reason,
                note=_how(each.channel, each.version),
            )
            for each in effective.order_by("seat_class", "seat")
        ],
    )


def _how(channel: str, version: int) -> str:
    said = []
    if channel != "site":
        said.append(_("Given %(channel)s.") % {"channel": CHANNELS.get(channel, channel)})
    if version > 1:
        said.append(_("Version %(version)s; the earlier ones are kept.") % {"version": version})
    return " ".join(said)

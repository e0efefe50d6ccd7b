"""Count the ballots of a decision, exactly, and say how it ended.

    tally("majority", ballots, seats={"community": 4, "institution": 5},
          quorum={"all": Fraction(1, 2)}, threshold={"community": Fraction(1, 2)})

Pure: plain values in, plain values out, exact fractions, no floats. The result never depends on
the order of ballots or keys, and options are never told apart by their names: a tie is said, not
broken.

**Before anything is counted: the quorum.** Ballots cast ÷ seats must reach `quorum[c]` in each
class named, and over all classes for "all". Every ballot counts, whatever its weight; so do an
abstention and a blank ballot. `seats` is what recusals leave. A class that has a quorum and no
seat left has not met it: nobody can speak for those who must be heard.

**A threshold is "at least".** `threshold[c]` is the least share of support within class c, and
"all" the share over all ballots, by weight. The base of the share is only those who took a side
(below, per method), so abstentions count for the quorum and never in the base. Where nobody took
a side, no threshold above 0 is met.

=========== ============================ ====================== ==================================
method      for                          against                the bar, over all ballots
=========== ============================ ====================== ==================================
consent     agree                        disagree, block        no block, and at least one agree
majority    agree                        disagree, block        more than half
two_thirds  agree                        disagree, block        at least 2/3
gradients   1, 2, 3                      5, 6, 7, 8             no 8, and more than half, or the
                                                                threshold for all
irv         winner above the runner-up   runner-up above winner option methods: none but
schulze     the same                     the same               to win the count
score       more points for the winner   more for the runner-up
dot         the same                     the same
=========== ============================ ====================== ==================================

- `consent`: a block stops, at any weight above 0. Disagree is a stand-aside: said, counted, and
  no obstacle (unless a threshold makes it one). A round without one agree does not pass: silence
  is not consent.
- `majority`, `two_thirds`: a block is a vote against and nothing more. `threshold["all"]` can
  raise their bar, never lower it. In `majority` an exact half is "tied", unless a threshold is
  unmet, which is "failed" whichever way the tie would fall.
- `gradients`: the eight steps of Sam Kaner's gradients of agreement: 1 whole-hearted endorsement,
  2 agreement with a minor point of contention, 3 support with reservations, 4 abstain, 5 more
  discussion needed (earlier editions: stand aside), 6 don't like but will support, 7 serious
  disagreement, 8 veto. 1–3 support, 4 takes no side, an 8 stops. Kaner sets no bar; here it is
  `threshold["all"]` where that is given, higher or lower, else as in `majority`.
- `irv`: the option with the fewest first places among those left goes out, until one holds more
  than half of the ballots that still count. A ballot with no option left is exhausted and leaves
  the base; one that ranks several equally is split among those still in. Options tied for last
  go out together when all their ballots could not lift one of them past the next; otherwise every
  order is followed, and if the orders end differently all their winners are tied.
- `schulze`: beatpaths by winning votes. Unranked options share the last place. More than one
  option that no other beats: tied.
- `score`, `dot`: the greatest sum of points; an option a ballot does not name has 0 there. Dots
  are never negative, scores may be. How many dots a seat has, and the range of a score, are
  settled when the ballot is cast.

In the option methods the options are those that ballots name, and the runner-up is second in the
last round (irv), second in the beatpath order (schulze) or has the second sum; where several
share that place, each share is taken and the lowest counts. A sole option is measured against
not being named at all. Thresholds are asked of one winner, not of a tie.

Since a threshold is "at least", "more than half" of a class of n seats with one vote each is
Fraction(n + 1, 2 * n).

Sources: S. Kaner, Facilitator's Guide to Participatory Decision-Making, 3rd ed. (2014), as told
at lucidmeetings.com/glossary/gradients-agreement. M. Schulze, Social Choice and Welfare 36 (2011)
267-303. Following every order of a tie in irv: V. Conitzer, M. Rognlie, L. Xia, "Preference
functions that score rankings and maximum likelihood estimation", IJCAI 2009 ("parallel universes").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from agenda.tally import irv, points, proposals, rankings, schulze
from agenda.tally.checking import check_ballots, check_bars, check_seats
from agenda.tally.records import Ballot, Method, Outcome, Result, Verdict, plain

__all__ = ["METHODS", "Ballot", "Outcome", "Result", "tally"]

_METHODS = {
    **proposals.PROPOSALS,
    "irv": Method(rankings.fault, rankings.first_places, irv.decide),
    "schulze": Method(rankings.fault, rankings.first_places, schulze.decide),
    **points.POINTS,
}
METHODS = tuple(_METHODS)
"""The names of the methods."""

Part = tuple[int, Sequence[Ballot]]  # seats, and the ballots they cast


def tally(
    method: str,
    ballots: Iterable[Ballot],
    *,
    seats: Mapping[str, int],
    quorum: Mapping[str, Fraction],
    threshold: Mapping[str, Fraction],
) -> Result:
    """How the decision ended, by the rules at the head of this package.

    ballots: at most one for each seat, and no more in a class than it has seats.
    seats: by class, after recusal; 0 is a class whose seats are all recused.
    quorum, threshold: by class or "all", from 0 to 1; {} asks nothing.

    Raises ValueError, in one sentence, for anything else: an unknown method, a seat with two
    ballots, a class that `seats` does not list or that has more ballots than seats, a choice the
    method does not know, a weight below 0, a number that is not exact.
    """
    if method not in _METHODS:
        raise ValueError(f"There is no method {method!r}; there are {', '.join(METHODS)}.")
    ballots = list(ballots)
    way = _METHODS[method]
    check_seats(seats)
    check_bars("quorum", quorum, seats)
    check_bars("threshold", threshold, seats)
    check_ballots(ballots, seats, way.fault)
    parts = _parts(ballots, seats)
    if short := _short(parts, quorum):
        by_class = _by_class(parts, way, Verdict(None), quorum, threshold)
        return Result("no quorum", (), by_class, (), short)
    verdict = way.decide(ballots, threshold.get("all"))
    by_class = _by_class(parts, way, verdict, quorum, threshold)
    unmet = _unmet(verdict, by_class)
    outcome: Outcome = "failed" if unmet else "tied" if verdict.tied else "passed"
    return Result(outcome, () if unmet else verdict.winners, by_class, verdict.rounds, unmet)


def _parts(ballots: Sequence[Ballot], seats: Mapping[str, int]) -> dict[str, Part]:
    """The whole first, then each class by name."""
    parts: dict[str, Part] = {"all": (sum(seats.values()), ballots)}
    for name in sorted(seats):
        parts[name] = (seats[name], [ballot for ballot in ballots if ballot.seat_class == name])
    return parts


def _is_quorate(part: Part, needed: Fraction) -> bool:
    seats, cast = part
    return needed == 0 or (seats > 0 and Fraction(len(cast), seats) >= needed)


def _short(parts: Mapping[str, Part], quorum: Mapping[str, Fraction]) -> tuple[str, ...]:
    return tuple(
        f"quorum:{name}"
        for name, part in parts.items()
        if name in quorum and not _is_quorate(part, quorum[name])
    )


def _unmet(verdict: Verdict, by_class: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """What the method found unmet, then the thresholds, each once."""
    below = [
        f"threshold:{name}"
        for name, row in by_class.items()
        if row["threshold"] and row["threshold"]["met"] is False
    ]
    return tuple(dict.fromkeys([*verdict.unmet, *below]))


def _by_class(
    parts: Mapping[str, Part],
    way: Method,
    verdict: Verdict,
    quorum: Mapping[str, Fraction],
    threshold: Mapping[str, Fraction],
) -> dict[str, dict[str, Any]]:
    counts = {name: way.counts(cast) for name, (_, cast) in parts.items()}
    choices = dict.fromkeys(counts["all"], 0)  # what only others named has 0 here
    return {
        name: {
            **_presence(part, quorum.get(name)),
            "counts": plain({**choices, **counts[name]}),
            **_support(part, verdict, threshold.get(name)),
        }
        for name, part in parts.items()
    }


def _presence(part: Part, needed: Fraction | None) -> dict[str, Any]:
    seats, cast = part
    quorum = None
    if needed is not None:
        quorum = {"needed": str(needed), "met": _is_quorate(part, needed)}
    turnout = str(Fraction(len(cast), seats)) if seats else None
    return {"seats": seats, "cast": len(cast), "turnout": turnout, "quorum": quorum}


def _support(part: Part, verdict: Verdict, needed: Fraction | None) -> dict[str, Any]:
    share = verdict.share(part[1]) if verdict.share else None
    threshold = None
    if needed is not None:
        met = (share or 0) >= needed if verdict.share else None
        threshold = {"needed": str(needed), "met": met}
    return {"share": None if share is None else str(share), "threshold": threshold}

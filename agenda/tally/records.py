"""What goes into a count and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, NamedTuple

Number = int | Fraction
Outcome = Literal["passed", "failed", "tied", "no quorum"]


@dataclass(frozen=True)
class Ballot:
    """The one effective ballot of a seat.

    choice: 'agree' | 'disagree' | 'abstain' | 'block' (consent, majority, two_thirds); 1 to 8
        (gradients); list[list[str]], best first, equals together (irv, schulze); dict[str, int]
        of points (score, dot). An empty list or dict is a blank ballot.
    weight: int or Fraction, 0 or more. Weight 2 counts like two ballots, and as one for the quorum.
    """

    seat: str
    seat_class: str
    choice: Any
    weight: Number = 1


@dataclass(frozen=True)
class Result:
    """How a count ended. All values are plain: `json.dumps` takes them.

    A count is an int, or "p/q" where weights or shared places are fractions; a share is "p/q".

    outcome: 'no quorum' before all else; 'failed' if anything is unmet; 'tied' if only a tie
        stands in the way; else 'passed'.
    winners: the one option that won, or all that are tied, sorted. Empty for proposals, without a
        quorum and where the count failed.
    by_class: for 'all' and each class {seats, cast, turnout: share or None without seats, counts,
        share: support within it or None where nobody took a side, quorum and threshold:
        {needed: share, met: bool} or None where none was set}. `counts` is by choice (proposals;
        gradients '1' to '8'), first places (ranked) or points (score, dot) by option. With a tie
        of options or no quorum, `share` and a threshold's `met` are None: not asked. It says what
        each class chose: for a secret ballot, whoever publishes it withholds small classes.
    rounds: () for proposals and without a quorum. irv: for each round {counts, exhausted,
        out: options that leave, tied: {} or, where the order decides, {option: winners if it goes
        next}, and the last round is that one}. schulze: one {pairs: {a: {b: ballots with a above
        b}}, paths: {a: {b: strength}}}. score, dot: one {totals}.
    unmet: 'quorum:<class>', 'threshold:<class>', 'block:all'; class or 'all', which also stands
        for the method's own bar. Empty exactly when the outcome is passed or tied.
    """

    outcome: Outcome
    winners: tuple[str, ...]
    by_class: Mapping[str, Mapping[str, Any]]
    rounds: tuple[Mapping[str, Any], ...]
    unmet: tuple[str, ...]


Share = Callable[[Iterable[Ballot]], Fraction | None]


class Verdict(NamedTuple):
    """What a method says over all ballots, before the thresholds are asked."""

    share: Share | None  # of support among some ballots; None where no one thing is supported
    unmet: tuple[str, ...] = ()
    tied: bool = False
    winners: tuple[str, ...] = ()
    rounds: tuple[Mapping[str, Any], ...] = ()


class Method(NamedTuple):
    """One way of counting."""

    fault: Callable[[Any], str | None]  # what is wrong with a choice
    counts: Callable[[Sequence[Ballot]], dict[str, Number]]
    decide: Callable[[Sequence[Ballot], Fraction | None], Verdict]  # ballots, threshold["all"]


def support(side: Callable[[Any], Number]) -> Share:
    """The share, by weight, of those for (side > 0) among those who took a side (side != 0)."""

    def share(ballots: Iterable[Ballot]) -> Fraction | None:
        sides = [(Fraction(ballot.weight), side(ballot.choice)) for ballot in ballots]
        base = sum(weight for weight, which in sides if which != 0)
        return sum(weight for weight, which in sides if which > 0) / base if base else None

    return share


def plain(numbers: Mapping[str, Number]) -> dict[str, int | str]:
    """Numbers as JSON has them, sorted by name: whole ones as int, others as "p/q"."""
    return {
        name: int(number) if number == int(number) else str(number)
        for name, number in sorted(numbers.items())
    }

"""One proposal, for or against: consent, majority, two_thirds and gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from agenda.tally.checking import is_whole
from agenda.tally.records import Ballot, Method, Number, Verdict, support

# 1 for, -1 against, 0 takes no side.
VOICES: Mapping[Any, int] = {"agree": 1, "disagree": -1, "abstain": 0, "block": -1}
GRADIENTS: Mapping[Any, int] = {1: 1, 2: 1, 3: 1, 4: 0, 5: -1, 6: -1, 7: -1, 8: -1}

HALF = Fraction(1, 2)
TWO_THIRDS = Fraction(2, 3)

voices = support(VOICES.__getitem__)
gradients = support(GRADIENTS.__getitem__)


def decide_consent(ballots: Sequence[Ballot], bar: Fraction | None) -> Verdict:
    """No block, and at least one agree."""
    unmet = _blocks(ballots, "block")
    if not unmet and not voices(ballots):
        unmet = ("threshold:all",)
    return Verdict(voices, unmet)


def decide_majority(ballots: Sequence[Ballot], bar: Fraction | None) -> Verdict:
    """More than half; exactly half is a tie."""
    share = voices(ballots)
    return Verdict(voices, _unless(share is not None and share >= HALF), tied=share == HALF)


def decide_two_thirds(ballots: Sequence[Ballot], bar: Fraction | None) -> Verdict:
    """At least two thirds."""
    share = voices(ballots)
    return Verdict(voices, _unless(share is not None and share >= TWO_THIRDS))


def decide_gradients(ballots: Sequence[Ballot], bar: Fraction | None) -> Verdict:
    """No 8, and the share asked for, or else more than half."""
    share = gradients(ballots) or Fraction(0)
    unmet = _blocks(ballots, 8) + _unless(share > 0 and (bar is not None or share >= HALF))
    return Verdict(gradients, unmet, tied=bar is None and share == HALF)


def _blocks(ballots: Sequence[Ballot], block: str | int) -> tuple[str, ...]:
    blocked = any(ballot.choice == block and ballot.weight for ballot in ballots)
    return ("block:all",) if blocked else ()


def _unless(met: bool) -> tuple[str, ...]:
    return () if met else ("threshold:all",)


def count_voices(ballots: Sequence[Ballot]) -> dict[str, Number]:
    return _counts(ballots, VOICES)


def count_gradients(ballots: Sequence[Ballot]) -> dict[str, Number]:
    return _counts(ballots, GRADIENTS)


def _counts(ballots: Sequence[Ballot], choices: Mapping[Any, int]) -> dict[str, Number]:
    counts: dict[str, Number] = {str(choice): 0 for choice in choices}
    for ballot in ballots:
        counts[str(ballot.choice)] += ballot.weight
    return counts


def voice_fault(choice: Any) -> str | None:
    if not isinstance(choice, str) or choice not in VOICES:
        return f"{choice!r} is none of {', '.join(VOICES)}"
    return None


def gradient_fault(choice: Any) -> str | None:
    if not is_whole(choice) or choice not in GRADIENTS:
        return f"{choice!r} is no step from 1 to 8"
    return None


PROPOSALS = {
    "consent": Method(voice_fault, count_voices, decide_consent),
    "majority": Method(voice_fault, count_voices, decide_majority),
    "two_thirds": Method(voice_fault, count_voices, decide_two_thirds),
    "gradients": Method(gradient_fault, count_gradients, decide_gradients),
}

from __future__ import annotations

import random
import time
from fractions import Fraction

import pytest

from agenda.tally import METHODS, Ballot, tally

SEATS = 200
OPTIONS = [f"option {letter}" for letter in "abcdefgh"]


def a_choice(method, dice):
    if method in ("irv", "schulze"):
        return [[option] for option in dice.sample(OPTIONS, len(OPTIONS))]
    if method in ("score", "dot"):
        return {option: dice.randint(0, 5) for option in OPTIONS}
    return dice.randint(1, 8) if method == "gradients" else dice.choice(["agree", "disagree"])


@pytest.mark.bench
@pytest.mark.parametrize("method", METHODS)
def test_two_hundred_seats_are_counted_within_a_second(method):
    dice = random.Random(3)
    classes = ["lived_experience", "institution", "funder", "grassroots"]
    seats = {name: SEATS // len(classes) for name in classes}
    cast = [
        Ballot(str(at), classes[at % len(classes)], a_choice(method, dice)) for at in range(SEATS)
    ]

    began = time.perf_counter()
    result = tally(method, cast, seats=seats, quorum={"all": Fraction(1, 2)}, threshold={})
    seconds = time.perf_counter() - began

    assert result.outcome != "no quorum"
    assert seconds < 1

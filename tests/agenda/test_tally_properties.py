"""What must hold for every set of ballots."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agenda.tally import METHODS, Ballot, tally

CLASSES = ["community", "funder", "institution"]
OPTIONS = "ABCD"
OPTION_METHODS = ["irv", "schulze", "score", "dot"]
VOICES = st.sampled_from(["agree", "disagree", "abstain", "block"])
ONE = st.just(1)
WEIGHTS = st.integers(0, 3) | st.fractions(0, 3, max_denominator=4)
SHARES = st.fractions(0, 1, max_denominator=6)


@st.composite
def ranking(draw):
    """Some options in some places, a few of them equal."""
    order = draw(st.permutations(OPTIONS))[: draw(st.integers(0, len(OPTIONS)))]
    choice: list[list[str]] = []
    for option in order:
        if choice and draw(st.integers(0, 3)) == 0:
            choice[-1].append(option)
        else:
            choice.append([option])
    return choice


CHOICES = {
    "gradients": st.integers(1, 8),
    "irv": ranking(),
    "schulze": ranking(),
    "score": st.dictionaries(st.sampled_from(OPTIONS), st.integers(-3, 3)),
    "dot": st.dictionaries(st.sampled_from(OPTIONS), st.integers(0, 5)),
}


@st.composite
def vote(draw, methods=METHODS, weights=ONE):
    """A method, the ballots of up to nine seats, and what is asked of them."""
    method = draw(st.sampled_from(methods))
    cast = draw(
        st.lists(
            st.tuples(st.sampled_from(CLASSES), CHOICES.get(method, VOICES), weights), max_size=9
        )
    )
    ballots = [Ballot(f"seat {n}", *rest) for n, rest in enumerate(cast)]
    present = Counter(ballot.seat_class for ballot in ballots)
    seats = {name: present[name] + draw(st.integers(0, 2)) for name in CLASSES}
    bars = st.dictionaries(st.sampled_from([*CLASSES, "all"]), SHARES, max_size=2)
    return method, ballots, {"seats": seats, "quorum": draw(bars), "threshold": draw(bars)}


@given(vote(weights=WEIGHTS), st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_keys_changes_nothing(election, random):
    method, ballots, asked = election
    shuffled = random.sample(ballots, len(ballots))
    turned = {name: dict(reversed(bars.items())) for name, bars in asked.items()}

    assert repr(tally(method, shuffled, **turned)) == repr(tally(method, ballots, **asked))


@given(vote(OPTION_METHODS, WEIGHTS), st.permutations(OPTIONS))
def test_the_names_of_options_change_nothing(election, names):
    method, ballots, asked = election
    new = dict(zip(OPTIONS, names, strict=True))

    before = tally(method, ballots, **asked)
    after = tally(method, [_renamed(ballot, new) for ballot in ballots], **asked)

    assert after.outcome == before.outcome
    assert after.winners == tuple(sorted(new[winner] for winner in before.winners))
    assert after.unmet == before.unmet


def _renamed(ballot, new):
    if isinstance(ballot.choice, dict):
        choice = {new[option]: points for option, points in ballot.choice.items()}
    else:
        choice = [[new[option] for option in place] for place in ballot.choice]
    return replace(ballot, choice=choice)


@given(vote(weights=st.integers(0, 3)))
def test_a_weight_counts_like_so_many_ballots(election):
    method, ballots, asked = election
    copies = [
        replace(ballot, seat=f"{ballot.seat} {n}", weight=1)
        for ballot in ballots
        for n in range(ballot.weight)
    ]
    if method in OPTION_METHODS:  # one that only weightless ballots name is one option more
        assume(_named(copies) == _named(ballots))
    asked = {"seats": dict.fromkeys(CLASSES, 27), "quorum": {}, "threshold": asked["threshold"]}

    heavy = tally(method, ballots, **asked)
    many = tally(method, copies, **asked)

    assert (heavy.outcome, heavy.winners, heavy.rounds, heavy.unmet) == (
        many.outcome,
        many.winners,
        many.rounds,
        many.unmet,
    )
    assert [row["counts"] for row in heavy.by_class.values()] == [
        row["counts"] for row in many.by_class.values()
    ]


def _named(ballots):
    choices = [ballot.choice for ballot in ballots]
    return {
        option
        for choice in choices
        for place in choice
        for option in (place if isinstance(place, list) else [place])
    }


@given(vote(["majority", "two_thirds", "consent", "gradients"]), st.data())
def test_more_agreement_never_hurts(election, data):
    method, ballots, asked = election
    assume(ballots)
    one = data.draw(st.sampled_from(ballots))
    agree = 1 if method == "gradients" else "agree"
    better = [replace(ballot, choice=agree) if ballot is one else ballot for ballot in ballots]
    order = ["no quorum", "failed", "tied", "passed"]

    before = tally(method, ballots, **asked).outcome
    after = tally(method, better, **asked).outcome

    assert order.index(after) >= order.index(before)


@pytest.mark.parametrize("method", ["schulze", "score", "dot"])
@given(data=st.data())
def test_rising_on_a_ballot_never_costs_the_win(method, data):
    _, ballots, _ = data.draw(vote([method]))
    asked = {"seats": dict.fromkeys(CLASSES, 9), "quorum": {}, "threshold": {}}
    winners = tally(method, ballots, **asked).winners
    assume(winners)
    winner = data.draw(st.sampled_from(winners))
    number = data.draw(st.integers(0, len(ballots) - 1))
    ballots[number] = replace(ballots[number], choice=_raised(ballots[number].choice, winner))

    assert winner in tally(method, ballots, **asked).winners


def _raised(choice, winner):
    if isinstance(choice, dict):
        return {**choice, winner: choice.get(winner, 0) + 1}
    return [[winner], *([option for option in place if option != winner] for place in choice)]


@given(st.lists(st.sampled_from(CLASSES), min_size=1, max_size=9), st.sampled_from(METHODS))
def test_what_all_want_wins(classes, method):
    choice = {"gradients": 1, "irv": [["A"], ["B"]], "schulze": [["A"], ["B"]]}.get(method, "agree")
    if method in ("score", "dot"):
        choice = {"A": 2, "B": 1}
    ballots = [Ballot(f"seat {n}", name, choice) for n, name in enumerate(classes)]
    everyone = {name: Fraction(1) for name in {*classes, "all"}}

    result = tally(method, ballots, seats=Counter(classes), quorum=everyone, threshold=everyone)

    assert (result.outcome, result.unmet) == ("passed", ())
    assert result.winners == (("A",) if method in OPTION_METHODS else ())


@given(vote(weights=WEIGHTS))
def test_a_reason_is_given_exactly_when_a_vote_does_not_get_through(election):
    method, ballots, asked = election

    result = tally(method, ballots, **asked)

    assert bool(result.unmet) == (result.outcome in ("failed", "no quorum"))
    if method in OPTION_METHODS:
        assert len(result.winners) == {"passed": 1}.get(result.outcome, len(result.winners))
        assert (len(result.winners) > 1) == (result.outcome == "tied")


@settings(max_examples=400)
@given(st.lists(st.tuples(ranking(), WEIGHTS), min_size=1, max_size=9))
def test_the_runoff_ends_like_every_order_of_single_eliminations(cast):
    """The rule without its shortcuts: one option at a time, each order, until one is left."""
    ballots = [Ballot(f"seat {n}", "funder", *rest) for n, rest in enumerate(cast)]

    @cache
    def winners(left: frozenset[str]) -> frozenset[str]:
        if len(left) <= 1:
            return left
        counts = dict.fromkeys(left, Fraction(0))
        for choice, weight in cast:
            first = next((p for place in choice if (p := left.intersection(place))), frozenset())
            for option in first:
                counts[option] += Fraction(weight) / len(first)
        last = [option for option in left if counts[option] == min(counts.values())]
        return frozenset().union(*(winners(left - {option}) for option in last))

    result = tally("irv", ballots, seats={"funder": 9}, quorum={}, threshold={})

    assert result.winners == tuple(sorted(winners(frozenset(_named(ballots)))))

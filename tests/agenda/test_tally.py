"""Proposals, quorums and thresholds, and what is refused before anything is counted."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest

from agenda.tally import METHODS, Ballot, tally
from tests.agenda.ballots import count, points, rankings, votes


def test_these_are_the_methods():
    assert METHODS == (
        "consent",
        "majority",
        "two_thirds",
        "gradients",
        "irv",
        "schulze",
        "score",
        "dot",
    )


@pytest.mark.parametrize(
    ("method", "words", "outcome", "unmet"),
    [
        ("consent", "agree agree abstain", "passed", ()),
        ("consent", "agree disagree disagree", "passed", ()),  # they stand aside
        ("consent", "agree agree agree block", "failed", ("block:all",)),
        ("consent", "abstain abstain", "failed", ("threshold:all",)),  # silence is not consent
        ("consent", "disagree abstain", "failed", ("threshold:all",)),
        ("majority", "agree agree disagree", "passed", ()),
        ("majority", "agree agree disagree abstain abstain abstain", "passed", ()),
        ("majority", "agree disagree", "tied", ()),
        ("majority", "agree block", "tied", ()),
        ("majority", "agree agree block", "passed", ()),  # a vote against, no veto
        ("majority", "agree disagree block", "failed", ("threshold:all",)),
        ("majority", "abstain abstain", "failed", ("threshold:all",)),
        ("two_thirds", "agree agree disagree", "passed", ()),
        ("two_thirds", "agree agree disagree abstain", "passed", ()),
        ("two_thirds", "agree agree agree disagree disagree", "failed", ("threshold:all",)),
        ("two_thirds", "agree disagree", "failed", ("threshold:all",)),
        ("two_thirds", "abstain", "failed", ("threshold:all",)),
        ("gradients", "1 2 3 4 4 4 5", "passed", ()),
        ("gradients", "1 1 5 7", "tied", ()),
        ("gradients", "3 5 6", "failed", ("threshold:all",)),
        ("gradients", "1 1 1 1 8", "failed", ("block:all",)),
        ("gradients", "1 8 7", "failed", ("block:all", "threshold:all")),
        ("gradients", "1 8", "failed", ("block:all",)),
        ("gradients", "4 4", "failed", ("threshold:all",)),
    ],
)
def test_a_proposal_ends_as_its_method_says(method, words, outcome, unmet):
    result = count(method, votes(community=words))

    assert (result.outcome, result.unmet, result.winners) == (outcome, unmet, ())


@pytest.mark.parametrize(
    ("method", "words", "threshold", "outcome"),
    [
        ("majority", "agree agree agree disagree disagree", "3/5", "passed"),
        ("majority", "agree agree agree disagree disagree", "2/3", "failed"),
        ("majority", "agree disagree", "3/5", "failed"),
        ("majority", "agree disagree", "1/2", "tied"),  # a majority is more than half
        ("majority", "agree disagree disagree", "1/3", "failed"),  # the bar is never lowered
        ("two_thirds", "agree disagree", "1/2", "failed"),
        ("two_thirds", "agree agree disagree", "3/4", "failed"),
        ("gradients", "1 5", "1/2", "passed"),
        ("gradients", "1 5 5", "1/3", "passed"),
        ("gradients", "1 2 5", "3/4", "failed"),
        ("gradients", "4", "0", "failed"),
        ("consent", "agree disagree", "3/5", "failed"),
        ("consent", "agree disagree", "1/2", "passed"),
    ],
)
def test_a_threshold_over_all(method, words, threshold, outcome):
    result = count(method, votes(community=words), threshold={"all": threshold})

    assert result.outcome == outcome
    assert result.unmet == (("threshold:all",) if outcome == "failed" else ())


def test_a_class_can_hold_back_what_the_whole_wants():
    ballots = votes(community="agree disagree disagree", institution="agree agree agree agree")

    result = count("majority", ballots, threshold={"community": "1/2"})

    assert (result.outcome, result.unmet) == ("failed", ("threshold:community",))
    assert result.by_class["community"] == {
        "seats": 3,
        "cast": 3,
        "turnout": "1",
        "quorum": None,
        "counts": {"abstain": 0, "agree": 1, "block": 0, "disagree": 2},
        "share": "1/3",
        "threshold": {"needed": "1/2", "met": False},
    }
    assert result.by_class["all"]["share"] == "5/7"


def test_half_of_a_class_is_at_least_half():
    ballots = votes(community="agree disagree", institution="agree")

    assert count("majority", ballots, threshold={"community": "1/2"}).outcome == "passed"
    assert count("majority", ballots, threshold={"community": "3/4"}).outcome == "failed"


def test_a_class_that_holds_back_turns_a_tie_into_a_failure():
    ballots = votes(community="disagree", institution="agree")

    result = count("majority", ballots, threshold={"community": "1/2"})

    assert (result.outcome, result.unmet) == ("failed", ("threshold:community",))


@pytest.mark.parametrize("community", ["", "abstain abstain"])
def test_a_class_in_which_nobody_took_a_side_meets_no_threshold(community):
    ballots = votes(community=community, institution="agree")
    seats = {"community": 2, "institution": 1}

    held = count("majority", ballots, seats=seats, threshold={"community": "1/100"})
    free = count("majority", ballots, seats=seats, threshold={"community": "0"})

    assert (held.outcome, held.unmet) == ("failed", ("threshold:community",))
    assert free.outcome == "passed"


@pytest.mark.parametrize(
    ("quorum", "unmet"),
    [
        ({"all": "1/2"}, ()),
        ({"all": "3/5"}, ("quorum:all",)),
        ({"community": "1/4"}, ()),
        ({"community": "1/2", "institution": "1"}, ("quorum:community",)),
        ({"community": "1/2", "all": "1"}, ("quorum:all", "quorum:community")),
    ],
)
def test_a_quorum_is_asked_before_all_else(quorum, unmet):
    ballots = votes(community="abstain", institution="agree agree")  # who abstains is there
    seats = {"community": 4, "institution": 2}

    result = count("majority", ballots, seats=seats, quorum=quorum, threshold={"all": "1"})

    assert (result.outcome, result.unmet) == ("no quorum" if unmet else "passed", unmet)


def test_a_vote_without_quorum_still_says_who_came():
    ballots = rankings("1 A>B")

    result = count(
        "irv", ballots, seats={"community": 3}, quorum={"all": "1/2"}, threshold={"all": "1/2"}
    )

    assert (result.outcome, result.winners, result.rounds) == ("no quorum", (), ())
    assert result.by_class["all"] == {
        "seats": 3,
        "cast": 1,
        "turnout": "1/3",
        "quorum": {"needed": "1/2", "met": False},
        "counts": {"A": 1, "B": 0},
        "share": None,
        "threshold": {"needed": "1/2", "met": None},
    }


def test_recusal_lowers_the_base_of_the_quorum():
    ballots = votes(community="agree agree")

    before = count("majority", ballots, seats={"community": 5}, quorum={"community": "1/2"})
    after = count("majority", ballots, seats={"community": 4}, quorum={"community": "1/2"})

    assert (before.outcome, after.outcome) == ("no quorum", "passed")


def test_a_class_recused_to_nothing_meets_no_quorum_but_stops_nobody_else():
    ballots = votes(institution="agree agree")
    seats = {"community": 0, "institution": 2}

    held = count("majority", ballots, seats=seats, quorum={"community": "1/2"})
    free = count("majority", ballots, seats=seats, quorum={"all": "1", "community": "0"})

    assert (held.outcome, held.unmet) == ("no quorum", ("quorum:community",))
    assert free.outcome == "passed"
    assert free.by_class["community"]["turnout"] is None


@pytest.mark.parametrize("method", METHODS)
def test_a_decision_nobody_voted_on_fails(method):
    nobody = count(method, [], seats={"community": 2})
    no_seats = count(method, [], seats={}, quorum={"all": "1/2"})

    assert (nobody.outcome, nobody.winners, nobody.unmet) == ("failed", (), ("threshold:all",))
    assert (no_seats.outcome, no_seats.unmet) == ("no quorum", ("quorum:all",))


def test_weights_count_in_shares_and_not_in_the_quorum():
    ballots = [
        Ballot("a", "community", "agree", weight=Fraction(3, 2)),
        Ballot("b", "community", "disagree"),
        Ballot("c", "community", "block", weight=0),
    ]

    majority = count("majority", ballots, quorum={"all": "1"})
    consent = count("consent", ballots)

    assert (majority.outcome, majority.by_class["all"]["share"]) == ("passed", "3/5")
    assert majority.by_class["all"]["counts"]["agree"] == "3/2"
    assert majority.by_class["all"]["cast"] == 3
    assert consent.outcome == "passed"


@pytest.mark.parametrize("method", METHODS)
def test_a_result_is_frozen_and_plain(method):
    ballots = {
        "gradients": votes(community="1 5 4"),
        "irv": rankings("1 A=B>C", "2 C"),
        "schulze": rankings("1 A=B>C", "2 C"),
        "score": points({"A": 2, "B": -1}),
        "dot": points({"A": 2, "B": 1}),
    }.get(method, votes(community="agree disagree abstain"))

    result = count(method, ballots, quorum={"all": "1/3"}, threshold={"community": "1/2"})

    assert json.loads(json.dumps(result.by_class)) == result.by_class
    assert tuple(json.loads(json.dumps(result.rounds))) == result.rounds
    with pytest.raises(FrozenInstanceError):
        result.outcome = "passed"
    with pytest.raises(FrozenInstanceError):
        ballots[0].choice = "agree"


AGREE = Ballot("a", "community", "agree")


@pytest.mark.parametrize(
    ("method", "ballots", "seats", "complaint"),
    [
        ("plurality", [], {}, "There is no method 'plurality'"),
        ("majority", [AGREE, AGREE], {"community": 3}, "Seat 'a' has 2 ballots"),
        (
            "majority",
            [AGREE, Ballot("a", "funder", "agree")],
            {"community": 1, "funder": 1},
            "Seat 'a' has 2 ballots",
        ),
        (
            "majority",
            [AGREE, Ballot("b", "community", "agree")],
            {"community": 1},
            "has 2 ballots for 1 seats",
        ),
        ("majority", [AGREE], {"community": 0}, "has 1 ballots for 0 seats"),
        ("majority", [AGREE], {"funder": 1}, "'community', which has no seats"),
        ("majority", [Ballot("", "community", "agree")], {"community": 1}, "cannot be named ''"),
        ("majority", [], {"all": 1}, "cannot be named 'all'"),
        ("majority", [], {"community": -1}, "cannot have -1 seats"),
        ("majority", [], {"community": 1.5}, "cannot have 1.5 seats"),
    ],
)
def test_what_cannot_be_an_electorate_is_refused(method, ballots, seats, complaint):
    with pytest.raises(ValueError, match=complaint):
        tally(method, ballots, seats=seats, quorum={}, threshold={})


@pytest.mark.parametrize("weight", [-1, Fraction(-1, 2), 1.0, True, None, "1"])
def test_a_weight_is_exact_and_not_negative(weight):
    with pytest.raises(ValueError, match="cannot have the weight"):
        count("majority", [Ballot("a", "community", "agree", weight)])


@pytest.mark.parametrize("kind", ["quorum", "threshold"])
@pytest.mark.parametrize(
    "bars", [{"funder": Fraction(1, 2)}, {"all": 0.5}, {"all": 2}, {"all": -1}]
)
def test_a_bar_is_a_share_of_a_class_with_seats(kind, bars):
    asked = {"quorum": {}, "threshold": {}, kind: bars}

    with pytest.raises(ValueError, match=f"The {kind} for|There is a {kind} for 'funder'"):
        tally("majority", [AGREE], seats={"community": 1}, **asked)


@pytest.mark.parametrize(
    ("method", "choice"),
    [
        ("consent", "yes"),
        ("majority", "Agree"),
        ("two_thirds", None),
        ("majority", ["agree"]),
        ("gradients", 0),
        ("gradients", 9),
        ("gradients", True),
        ("gradients", "1"),
        ("irv", "A"),
        ("irv", ["A", "B"]),
        ("irv", [["A"], ["B", "A"]]),
        ("schulze", [["A", "A"]]),
        ("schulze", [["A"], [2]]),
        ("schulze", [[""]]),
        ("schulze", {"A": 1}),
        ("score", [["A"]]),
        ("score", {"A": 1.5}),
        ("score", {"A": True}),
        ("score", {1: 1}),
        ("dot", {"A": -1}),
        ("dot", {"A": None}),
    ],
)
def test_a_choice_the_method_does_not_know_is_refused(method, choice):
    with pytest.raises(ValueError, match="The ballot of seat 'a' cannot be counted"):
        count(method, [Ballot("a", "community", choice)])

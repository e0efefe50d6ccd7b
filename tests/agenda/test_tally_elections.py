"""Elections among options: published ones, ties, circles, exhausted ballots, class thresholds."""

from __future__ import annotations

from fractions import Fraction

import pytest

from agenda.tally import Ballot
from tests.agenda.ballots import count, points, rankings

TENNESSEE = rankings("42 M>N>C>K", "26 N>C>K>M", "15 C>K>N>M", "17 K>C>N>M")
# Schulze 2011: "example 1".
FORTY_FIVE = rankings(
    "5 A>C>B>E>D",
    "5 A>D>E>C>B",
    "8 B>E>D>A>C",
    "3 C>A>B>E>D",
    "7 C>A>E>B>D",
    "2 C>B>A>D>E",
    "7 D>C>E>B>A",
    "8 E>B>A>D>C",
)


def ended(method, ballots, **asked):
    result = count(method, ballots, **asked)
    return result.outcome, result.winners


def test_the_capital_of_tennessee():
    assert ended("irv", TENNESSEE) == ("passed", ("K",))
    assert ended("schulze", TENNESSEE) == ("passed", ("N",))


def test_the_rounds_of_tennessee():
    assert count("irv", TENNESSEE).rounds == (
        {"counts": {"C": 15, "K": 17, "M": 42, "N": 26}, "exhausted": 0, "out": ["C"], "tied": {}},
        {"counts": {"K": 32, "M": 42, "N": 26}, "exhausted": 0, "out": ["N"], "tied": {}},
        {"counts": {"K": 58, "M": 42}, "exhausted": 0, "out": [], "tied": {}},
    )


def test_forty_five_voters_of_schulze():
    result = count("schulze", FORTY_FIVE)

    assert (result.outcome, result.winners) == ("passed", ("E",))
    assert result.rounds[0]["paths"] == {
        "A": {"B": 28, "C": 28, "D": 30, "E": 24},
        "B": {"A": 25, "C": 28, "D": 33, "E": 24},
        "C": {"A": 25, "B": 29, "D": 29, "E": 24},
        "D": {"A": 25, "B": 28, "C": 28, "E": 24},
        "E": {"A": 25, "B": 28, "C": 28, "D": 31},
    }


@pytest.mark.parametrize(
    ("ballots", "winners"),
    [
        # Two potential winners, as Schulze shows for nine voters.
        (rankings("3 A>B>C>D", "2 D>A>B>C", "2 D>B>C>A", "2 C>B>D>A"), ("B", "D")),
        (rankings("1 A>B>C", "1 B>C>A", "1 C>A>B"), ("A", "B", "C")),  # Condorcet's circle
        (rankings("3 A>B>C", "2 B>C>A", "2 C>A>B"), ("A",)),  # a circle with a weakest link
        (rankings("1 A>B", "1 B>A"), ("A", "B")),
        (rankings("2 A=B>C"), ("A", "B")),
        (rankings("2 A", "1 B"), ("A",)),  # what is unranked comes last
        (rankings("2 A=B", "1 B>A"), ("B",)),
        # A circle: A beats C by 6:3, C beats B by 5:4, B beats A by 4:2. The link with the fewest
        # winning votes is the last; by margins it would be the second, and B would win.
        (rankings("4 B>A", "3 C", "2 A>C"), ("A",)),
        # D ties with all, and a pair that is tied is no link: B and C have no path back to A.
        (rankings("1 D", "1 A>B>C"), ("A", "D")),
    ],
)
def test_schulze_says_a_tie_and_never_breaks_it(ballots, winners):
    outcome = "passed" if len(winners) == 1 else "tied"

    assert ended("schulze", ballots) == (outcome, winners)


@pytest.mark.parametrize(
    ("ballots", "winners"),
    [
        (rankings("2 A", "1 B"), ("A",)),
        (rankings("1 A>B", "1 B>A"), ("A", "B")),
        (rankings("1 A>B>C", "1 B>C>A", "1 C>A>B"), ("A", "B", "C")),
        (rankings("3 A", "2 B", "2 C>A"), ("A",)),  # B or C goes first: A wins either way
        (rankings("4 A", "3 B", "3 C>B"), ("A", "B")),  # B goes first: A; C goes first: B
        (rankings("1 A", "1 B>A", "1 C>A"), ("A", "B", "C")),
        (rankings("3 A>B", "4 B>A", "1 C>A", "1 D>A"), ("A",)),  # C and D together: 2 below 3
        (rankings("2 A=B", "1 B"), ("B",)),
        (rankings("1 A=B>C", "1 C"), ("A", "B", "C")),
        (rankings("1 A"), ("A",)),
    ],
)
def test_the_runoff_follows_every_order_of_a_tie(ballots, winners):
    outcome = "passed" if len(winners) == 1 else "tied"

    assert ended("irv", ballots) == (outcome, winners)


def test_the_runoff_says_what_each_order_would_bring():
    (last,) = count("irv", rankings("4 A", "3 B", "3 C>B")).rounds

    assert last == {
        "counts": {"A": 4, "B": 3, "C": 3},
        "exhausted": 0,
        "out": [],
        "tied": {"B": ["A"], "C": ["B"]},
    }


def test_hopeless_options_go_out_together():
    first, *_ = count("irv", rankings("5 A>D", "4 B>C", "1 C>B", "1 D>B")).rounds

    assert (first["out"], first["tied"]) == (["C", "D"], {})


def test_an_exhausted_ballot_leaves_the_base():
    result = count("irv", rankings("5 A", "4 B", "3 C"), threshold={"all": "5/9"})

    assert (result.outcome, result.winners) == ("passed", ("A",))  # with 5 of 12 ballots
    assert result.rounds[1] == {"counts": {"A": 5, "B": 4}, "exhausted": 3, "out": [], "tied": {}}


def test_exhausted_ballots_may_leave_a_tie():
    assert ended("irv", rankings("5 A", "4 B", "2 C", "1 C>B")) == ("tied", ("A", "B"))


def test_equals_share_a_ballot():
    result = count("irv", rankings("1 A=B=C", "2 A", "1 D>B"))

    assert result.rounds[0]["counts"] == {"A": "7/3", "B": "1/3", "C": "1/3", "D": 1}
    assert result.winners == ("A",)


def test_a_skipped_place_and_a_blank_ballot_are_no_mistakes():
    ballots = [
        Ballot("a", "community", [[], ["A"], [], ["B"]]),
        Ballot("b", "community", []),
    ]

    for method in ("irv", "schulze"):
        result = count(method, ballots, quorum={"all": "1"})
        assert (result.outcome, result.winners) == ("passed", ("A",))


@pytest.mark.parametrize("method", ["score", "dot"])
def test_points_are_added_up(method):
    ballots = points({"A": 5, "B": 4}, {"B": 3}, {"A": 1, "C": 1}, {})

    result = count(method, ballots)

    assert (result.outcome, result.winners) == ("passed", ("B",))
    assert result.rounds == ({"totals": {"A": 6, "B": 7, "C": 1}},)


@pytest.mark.parametrize("method", ["score", "dot"])
def test_equal_sums_are_a_tie(method):
    ballots = points({"A": 2, "B": 1}, {"B": 1}, {"C": 1})

    assert ended(method, ballots) == ("tied", ("A", "B"))


def test_scores_may_be_negative():
    assert ended("score", points({"A": -2, "B": -1}, {"A": 1})) == ("tied", ("A", "B"))
    assert ended("score", points({"A": -2, "B": 0})) == ("passed", ("B",))


@pytest.mark.parametrize("method", ["irv", "schulze"])
@pytest.mark.parametrize(
    ("community", "outcome"),
    [
        (["2 A>B>C", "2 B>A>C"], "passed"),  # half prefer A to B, the runner-up
        (["1 A>B>C", "2 B>A>C"], "failed"),
        (["1 A>B>C", "2 C"], "passed"),  # of those who tell A from B
        (["3 C"], "failed"),  # nobody does
    ],
)
def test_a_class_can_hold_back_the_winner_of_rankings(method, community, outcome):
    ballots = [*rankings("9 A>B", "6 B>A", seat_class="institution"), *rankings(*community)]

    result = count(method, ballots, threshold={"community": "1/2", "all": "1/2"})

    assert result.outcome == outcome
    assert result.winners == (("A",) if outcome == "passed" else ())
    assert result.unmet == (("threshold:community",) if outcome == "failed" else ())


@pytest.mark.parametrize("method", ["score", "dot"])
def test_a_class_can_hold_back_the_winner_of_points(method):
    institution = points({"A": 9}, {"A": 9}, seat_class="institution")

    held = count(
        method,
        institution + points({"B": 5, "A": 1}, {"A": 3, "B": 2}, {"B": 1}),
        threshold={"community": "1/2"},
    )
    passed = count(
        method,
        institution + points({"B": 5, "A": 1}, {"A": 3, "B": 2}, {"B": 1, "A": 1}),
        threshold={"community": "1/2"},
    )

    assert (held.outcome, held.winners, held.unmet) == ("failed", (), ("threshold:community",))
    assert (passed.outcome, passed.winners) == ("passed", ("A",))


def test_of_two_runners_up_the_one_liked_better_counts():
    ballots = points({"A": 5, "C": 6}, {"A": 5, "C": 6}, {"A": 5, "B": 12})

    whole = count("score", ballots).by_class["all"]

    assert whole["counts"] == {"A": 15, "B": 12, "C": 12}
    assert whole["share"] == "1/3"  # two prefer A to B, but only one prefers A to C


def test_a_class_must_tell_the_winner_from_every_runner_up():
    community = points({"A": 5, "B": 4, "C": 5}, {"A": 5, "B": 3, "C": 1})
    funder = points({"A": 1, "C": 1}, seat_class="funder")  # prefers A to B, and not to C

    result = count("score", community + funder, threshold={"funder": "1/2"})

    assert result.rounds == ({"totals": {"A": 11, "B": 7, "C": 7}},)
    assert result.by_class["funder"]["share"] is None
    assert result.unmet == ("threshold:funder",)


def test_a_sole_option_is_measured_against_not_being_named():
    ballots = rankings("2 A", "1 ")

    result = count("schulze", ballots, threshold={"all": "1"})

    assert (result.outcome, result.by_class["all"]["share"]) == ("passed", "1")


def test_a_tie_is_asked_for_no_threshold():
    result = count("schulze", rankings("1 A>B", "1 B>A"), threshold={"all": "2/3"})

    assert (result.outcome, result.unmet) == ("tied", ())
    assert result.by_class["all"]["threshold"] == {"needed": "2/3", "met": None}


def test_weights_may_be_fractions():
    ballots = [
        Ballot("a", "community", [["A"], ["B"]], weight=Fraction(1, 3)),
        Ballot("b", "community", [["B"]], weight=Fraction(1, 2)),
        Ballot("c", "community", [["A"]], weight=Fraction(1, 6)),
    ]

    for method in ("irv", "schulze"):
        assert ended(method, ballots) == ("tied", ("A", "B"))

"""Two libraries count the same random elections and must come to the same winners.

Both are unmaintained and break ties by rules of their own, so they are asked only to confirm: the
winner where there is one, and one of ours where the runoff is tied.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from agenda.tally import Ballot, tally

ELECTIONS = 600


def election(seed, *, equals):
    """3 to 6 options, 5 to 40 rankings, some cut short, some with equals."""
    chance = random.Random(seed)
    options = "ABCDEF"[: chance.randint(3, 6)]
    rankings = []
    for _ in range(chance.randint(5, 40)):
        ranking: list[list[str]] = []
        for option in chance.sample(options, chance.randint(1, len(options))):
            if equals and ranking and chance.random() < 0.25:
                ranking[-1].append(option)
            else:
                ranking.append([option])
        rankings.append(ranking)
    return rankings


def ours(method, rankings):
    ballots = [Ballot(f"seat {n}", "funder", ranking) for n, ranking in enumerate(rankings)]
    return tally(method, ballots, seats={"funder": len(ballots)}, quorum={}, threshold={})


@pytest.mark.parametrize("first", range(0, ELECTIONS, 100))
def test_pyrankvote_finds_the_same_winner_of_the_runoff(first):
    library = pytest.importorskip("pyrankvote")
    confirmed = 0
    for seed in range(first, first + 100):
        rankings = election(seed, equals=False)
        result = ours("irv", rankings)
        theirs, is_tie = runoff(library, rankings)
        if result.outcome == "passed" and not is_tie:
            assert (theirs,) == result.winners, seed
            confirmed += 1
        elif result.outcome == "tied":
            assert theirs in result.winners, seed
    assert confirmed > 50


def runoff(library, rankings):
    """Its winner, and whether it broke a tie of its last two by their second places."""
    candidates = {name: library.Candidate(name) for ranking in rankings for [name] in ranking}
    ballots = [
        library.Ballot(ranked_candidates=[candidates[name] for [name] in ranking])
        for ranking in rankings
    ]
    last = library.instant_runoff_voting(list(candidates.values()), ballots).rounds[-1]
    winner, *others = last.candidate_results
    is_tie = any(other.number_of_votes == winner.number_of_votes for other in others)
    return winner.candidate.name, is_tie


@pytest.mark.parametrize("first", range(0, ELECTIONS, 100))
def test_votelib_finds_the_same_winner_by_beatpaths(first):
    convert = pytest.importorskip("votelib.convert")
    condorcet = pytest.importorskip("votelib.evaluate.condorcet")
    confirmed = 0
    for seed in range(first, first + 100):
        rankings = election(seed, equals=True)
        result = ours("schulze", rankings)
        if result.outcome == "passed":
            pairs = convert.RankedToCondorcetVotes().convert(counted(rankings))
            assert tuple(condorcet.Schulze().evaluate(pairs)) == result.winners, seed
            confirmed += 1
    assert confirmed > 50


def counted(rankings):
    """Rankings as votelib has them: equals are a frozenset."""
    return Counter(
        tuple(frozenset(place) if len(place) > 1 else place[0] for place in ranking)
        for ranking in rankings
    )

"""Nobody works out, from what a secret ballot tells, what a small or unanimous class chose."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agenda import withholding
from agenda.withholding import tellable


def tables(sizes, choices):
    """Every way in which classes of these sizes can vote: a list of choices for each."""
    return product(*(combinations_with_replacement(choices, size) for size in sizes))


def told(table):
    """All that is public: the whole, how many of each class voted, and the classes told."""
    by_class = {str(at): list(cast) for at, cast in enumerate(table)}
    classes = tellable(by_class)
    whole = Counter(choice for cast in table for choice in cast)
    return (
        frozenset(whole.items()),
        tuple((name, tuple(sorted(by_class[name]))) for name in sorted(classes)),
    )


@pytest.mark.parametrize(
    ("sizes", "choices", "smallest"),
    [
        ((5, 5), "adx", 5),
        ((5, 6), "adx", 5),
        ((6, 7), "ad", 5),
        ((3, 6, 7), "ad", 5),
        ((1, 4, 6), "adx", 5),
        ((1, 1, 5, 6), "ad", 5),
        ((4, 7), "adx", 5),
        ((2, 3), "adx", 5),
        ((5,), "adx", 5),
        ((5, 5, 5), "ad", 5),
        ((3, 3, 3), "adx", 3),
        ((2, 3, 4), "adx", 3),
        ((1, 2, 3, 4), "ad", 3),
        ((3, 4, 5), "adx", 3),
        ((1, 3, 3), "adxy", 3),
        ((2, 2, 3, 3), "ad", 3),
        ((3, 4), "adxy", 3),
    ],
)
def test_whoever_knows_the_rules_and_tries_every_vote_learns_no_withheld_count(
    monkeypatch, sizes, choices, smallest
):
    monkeypatch.setattr(withholding, "SMALLEST", smallest)
    seen: dict[object, list[set]] = defaultdict(lambda: [set() for _ in sizes])
    by_whole: dict[object, list[set]] = defaultdict(lambda: [set() for _ in sizes])
    every = list(tables(sizes, choices))
    for table in every:
        face = told(table)
        for at, cast in enumerate(table):
            seen[face][at].add(cast)
            by_whole[face[0]][at].add(cast)

    for table in every:
        face = told(table)
        for at, cast in enumerate(table):
            if len(cast) >= smallest and len(set(cast)) > 1:
                continue  # may be told
            assert len(seen[face][at]) > 1 or len(by_whole[face[0]][at]) == 1, (table, face)


voters = st.lists(st.sampled_from("adxb"), max_size=12)


@given(st.dictionaries(st.sampled_from(["lived", "funder", "grassroots"]), voters))
def test_a_class_that_is_told_has_five_voters_of_more_than_one_mind(by_class):
    for name in tellable(by_class):
        assert len(by_class[name]) >= 5
        assert len(set(by_class[name])) > 1


@given(st.dictionaries(st.sampled_from(["lived", "funder", "grassroots"]), voters))
def test_what_is_left_over_is_as_many_and_as_divided(by_class):
    names = tellable(by_class)
    rest = [choice for name, cast in by_class.items() if name not in names for choice in cast]

    assert not names or not rest or (len(rest) >= 5 and len(set(rest)) > 1)


def test_two_large_divided_classes_are_told():
    cast = {"lived": "aaaddd", "institution": "aaaadd"}

    assert tellable(cast) == {"lived", "institution"}


def test_a_small_class_is_never_left_alone_with_the_whole():
    cast = {"lived": "aaaddd", "institution": "aaaaddd", "funder": "a"}

    assert tellable(cast) == {"institution"}

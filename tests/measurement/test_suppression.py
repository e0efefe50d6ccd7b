"""What a public table hides, compared with worked cases and with trying everything."""

from __future__ import annotations

import itertools
import json
import math
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measurement.protecting import complements
from measurement.suppression import Unprotectable, audit, opened, protect

FILE = json.loads((Path(__file__).parent / "cases" / "suppression.json").read_text())
CASES = [case for case in FILE["cases"] if "cells" in case]
# Those audited as this reader is: any count from zero up, without limit.
PATTERNS = [
    pytest.param(case, pattern, id=f"{case['id']}: {pattern['name']}")
    for case in CASES
    for pattern in case["patterns"]
    if pattern["attacker_default_bounds"] == [0, None]
]
RACES = {"White": 420, "Black": 135, "Asian": 41, "AIAN": 4, "ALL": 600}
BY_RACE = [("ALL", ["White", "Black", "Asian", "AIAN"])]


def relations(case):
    return [(relation["total"], relation["parts"]) for relation in case["relations"]]


def with_margins(inner, shape):
    """A table of any number of dimensions with all its totals, and the sums that hold in it."""
    cells = {"|".join(map(str, key)): value for key, value in inner.items()}
    sums = []
    keys = itertools.product(*[[*range(size), "ALL"] for size in shape])
    for key in sorted(keys, key=lambda key: key.count("ALL")):
        for axis in [axis for axis, part in enumerate(key) if part == "ALL"]:
            line = [(*key[:axis], n, *key[axis + 1 :]) for n in range(shape[axis])]
            parts = ["|".join(map(str, part)) for part in line]
            cells["|".join(map(str, key))] = sum(cells[part] for part in parts)
            sums.append(("|".join(map(str, key)), parts))
    return cells, sums


def a_table(*shape, small, seed=1):
    chance = random.Random(seed)
    inner = {key: chance.randint(11, 300) for key in itertools.product(*map(range, shape))}
    for key in chance.sample(sorted(inner), small):
        inner[key] = chance.randint(1, 10)
    return with_margins(inner, shape)


def is_safe(cells, sums, hidden, *, threshold=11):
    found = audit(cells, sums, hidden)
    ends = [
        found.get(name, (value, value)) for name, value in cells.items() if 1 <= value < threshold
    ]
    return all(low <= 1 and (high is None or high >= threshold - 1) for low, high in ends)


@pytest.mark.parametrize(("case", "pattern"), PATTERNS)
def test_the_audit_finds_what_the_worked_case_says(case, pattern):
    found = audit(case["cells"], relations(case), pattern["suppressed"])

    assert found == {name: tuple(ends["ilp"]) for name, ends in pattern["bounds"].items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_as_few_and_as_small_cells_are_hidden_as_the_worked_case_says(case):
    hidden = protect(case["cells"], relations(case), threshold=case["threshold"])

    extra = hidden - set(case["primary"])
    best = next(m for m in case["minimal"] if m["criterion"] == "safe_full_range")
    assert hidden >= set(case["primary"])
    assert (len(extra), sum(case["cells"][name] for name in extra)) == (
        best["n_extra"],
        best["suppressed_value_sum"],
    )


def test_two_hidden_cells_in_every_line_are_not_enough_where_one_is_a_bridge():
    # Two blocks of four hidden cells, joined by one: every line has two, and the joint is exact.
    cells, sums = a_table(4, 4, small=0)
    blocks = [f"{r}|{c}" for r, c in itertools.product((0, 1), (0, 1))]
    blocks += [f"{r}|{c}" for r, c in itertools.product((2, 3), (2, 3))]

    assert audit(cells, sums, [*blocks, "1|2"])["1|2"] == (cells["1|2"], cells["1|2"])

    joint = audit(cells, sums, [*blocks, "1|2", "2|1"])["1|2"]
    assert joint[0] < cells["1|2"] < joint[1]


def test_a_face_of_a_cube_is_exact_and_all_of_it_is_not():
    cells, sums = with_margins(
        dict(
            zip(itertools.product((0, 1), repeat=3), (4, 17, 25, 31, 18, 22, 40, 36), strict=True)
        ),
        (2, 2, 2),
    )
    face = ["0|0|0", "0|0|1", "0|1|0", "0|1|1"]
    inside = [*face, "1|0|0", "1|0|1", "1|1|0", "1|1|1"]

    assert audit(cells, sums, face) == {name: (cells[name], cells[name]) for name in face}
    assert audit(cells, sums, inside)["0|0|0"] == (0, 21)
    printed = {name: math.inf for name in cells if "ALL" in name}
    assert protect(cells, sums, cost=printed) == set(inside)


def test_hiding_within_each_line_leaves_more_to_find_than_hiding_over_the_whole_table():
    cells, sums = a_table(8, 6, small=13)

    hidden = protect(cells, sums)

    assert not is_safe(cells, sums, [name for name, value in cells.items() if value < 11])
    assert is_safe(cells, sums, hidden)


def test_a_difference_to_an_earlier_release_is_a_cell_like_any_other():
    cells = {"K-5 AIAN": 25, "K-5 other": 300, "grade 5 AIAN": 5, "grade 5 other": 60}
    sums = [
        ("K-5 AIAN", ["K-4 AIAN", "grade 5 AIAN"]),
        ("K-5 other", ["K-4 other", "grade 5 other"]),
    ]
    earlier = {"K-4 AIAN": 20, "K-4 other": 240}

    assert protect(cells, sums, earlier=earlier) == {"K-5 AIAN", "grade 5 AIAN"}


def test_the_difference_between_two_months_to_date_is_protected():
    cells = {"January": 30, "to February": 37, "February": 7, "to March": 60, "March": 23}
    sums = [("to February", ["January", "February"]), ("to March", ["to February", "March"])]

    hidden = protect(cells, sums, earlier={"January": 30})

    assert hidden == {"February", "to February", "March"}
    assert audit(cells, sums, hidden, earlier={"January": 30})["February"] == (0, 30)


def test_a_count_that_is_already_public_is_never_hidden():
    assert protect(RACES, BY_RACE) == {"AIAN", "Asian"}
    assert protect(RACES, BY_RACE, earlier={"Asian": 41}) == {"AIAN", "Black"}


def test_a_small_count_that_is_already_public_cannot_be_protected():
    with pytest.raises(Unprotectable) as refused:
        protect(RACES, BY_RACE, earlier={"AIAN": 4})

    assert refused.value.cells == {"AIAN"}


def test_only_the_cells_beyond_help_are_named():
    cells = {**RACES, "far": 8, "near": 30, "both": 38}

    with pytest.raises(Unprotectable) as refused:
        protect(
            cells,
            [*BY_RACE, ("both", ["far", "near"])],
            earlier={"White": 420, "Black": 135, "Asian": 41, "ALL": 600},
        )

    assert refused.value.cells == {"AIAN"}


def test_zero_is_printed_unless_it_counts_as_small():
    cells = {"A": 0, "B": 40, "C": 50, "ALL": 90}
    sums = [("ALL", ["A", "B", "C"])]

    assert protect(cells, sums) == frozenset()
    assert protect(cells, sums, zero_is_small=True) == {"A", "B"}


def test_the_price_decides_and_the_always_printed_stays():
    assert protect(RACES, BY_RACE, cost={"Asian": 9, "Black": 2}) == {"AIAN", "White"}
    assert protect(RACES, BY_RACE, cost={"Asian": math.inf, "White": 5}) == {"AIAN", "Black"}


def test_nothing_is_hidden_where_nothing_is_small():
    assert protect({}, []) == frozenset()
    assert protect({"A": 11, "B": 0}, []) == frozenset()
    assert protect(RACES, BY_RACE, threshold=1) == frozenset()
    assert audit(RACES, BY_RACE, []) == {}


def test_a_cell_in_no_sum_is_hidden_alone():
    assert protect({"A": 7, "B": 90}, []) == {"A"}
    assert audit({"A": 7, "B": 90}, [], ["A"]) == {"A": (0, None)}


def test_the_answer_does_not_depend_on_the_order_of_the_question():
    cells, sums = a_table(4, 4, small=5)
    turned = [(total, parts[::-1]) for total, parts in reversed(sums)]

    assert protect(cells, sums) == protect(dict(reversed(cells.items())), turned)


@pytest.mark.parametrize(
    ("cells", "sums", "known", "complaint"),
    [
        ({"A": -1}, [], {}, "not a count"),
        ({"A": 1.5}, [], {}, "not a whole number"),
        ({"A": None}, [], {}, "not a whole number"),
        ({"A": True}, [], {}, "not a count"),
        ({"A": 5, "B": 20, "ALL": 26}, [("ALL", ["A", "B"])], {}, "'ALL' is 26.*add up to 25"),
        ({"A": 5, "ALL": 5}, [("ALL", ["A", "C"])], {}, r"'ALL' names cells.*\['C'\]"),
        ({"A": 5}, [("A", "A")], {}, "one text"),
        ({"A": 5}, [], {"A": 6}, "is 5, but was published as 6"),
    ],
)
def test_a_question_that_contradicts_itself_is_refused(cells, sums, known, complaint):
    with pytest.raises(ValueError, match=complaint):
        protect(cells, sums, earlier=known)
    with pytest.raises(ValueError, match=complaint):
        audit(cells, sums, [], earlier=known)


def test_a_senseless_threshold_price_or_hidden_name_is_refused():
    with pytest.raises(ValueError, match="threshold"):
        protect(RACES, BY_RACE, threshold=0)
    with pytest.raises(ValueError, match="costs nan"):
        protect(RACES, BY_RACE, cost={"Asian": math.nan})
    with pytest.raises(ValueError, match="Hidden"):
        audit(RACES, BY_RACE, ["Hmong"])


def test_without_time_the_table_is_safe_all_the_same(monkeypatch, caplog):
    monkeypatch.setattr(complements, "SECONDS", 0.0)
    cells, sums = a_table(5, 4, small=4)

    hidden = protect(cells, sums)

    assert is_safe(cells, sums, hidden)
    assert "not proved" in caplog.text


small_tables = st.tuples(
    st.sampled_from([(2, 2), (2, 3)]), st.lists(st.integers(0, 7), min_size=6, max_size=6)
).map(
    lambda drawn: with_margins(
        dict(zip(itertools.product(*map(range, drawn[0])), drawn[1], strict=False)), drawn[0]
    )
)


@given(table=small_tables, threshold=st.integers(2, 5))
@settings(max_examples=25, deadline=None)
def test_no_smaller_set_is_safe(table, threshold):
    cells, sums = table
    small = {name for name, value in cells.items() if 1 <= value < threshold}
    others = sorted(cells.keys() - small)

    hidden = protect(cells, sums, threshold=threshold)

    def rank(extra):
        return len(extra), sum(cells[name] for name in extra)

    choices = (
        extra
        for size in range(len(hidden - small) + 1)
        for extra in itertools.combinations(others, size)
        if rank(extra) <= rank(hidden - small)
    )
    safe = [
        rank(extra)
        for extra in choices
        if is_safe(cells, sums, [*small, *extra], threshold=threshold)
    ]
    assert min(safe) == rank(hidden - small)


@given(table=small_tables, data=st.data())
@settings(max_examples=25, deadline=None)
def test_the_audit_agrees_with_trying_every_table(table, data):
    cells, sums = table
    inner = [name for name in sorted(cells) if "ALL" not in name]
    hidden = data.draw(st.lists(st.sampled_from(inner), unique=True, min_size=1, max_size=4))

    tables = [
        counts
        for counts in itertools.product(*[range(15)] * len(hidden))  # no row adds up to more
        if all(
            sum({**cells, **dict(zip(hidden, counts, strict=True))}[part] for part in parts)
            == cells[total]
            for total, parts in sums
            if not {total, *parts}.isdisjoint(hidden)
        )
    ]
    ends = [(min(column), max(column)) for column in zip(*tables, strict=True)]
    assert audit(cells, sums, hidden) == dict(zip(hidden, ends, strict=True))


def test_further_cells_can_be_secret_with_a_range_of_their_own():
    hidden = protect(RACES, BY_RACE, secret={"Asian": (1, 60)})

    learnt = audit(RACES, BY_RACE, hidden)
    assert {"AIAN", "Asian"} < hidden
    assert learnt["Asian"][0] <= 1
    assert learnt["Asian"][1] >= 60


def test_a_secret_without_a_range_is_only_hidden():
    assert protect({"A": 50, "B": 90}, [], secret={"A": (50, 50)}) == {"A"}
    assert opened({"A": 50, "B": 90}, [], [], {"A": (50, 50)}) == set()


def test_a_range_without_the_count_is_refused():
    with pytest.raises(ValueError, match="not in 1…10"):
        protect(RACES, BY_RACE, secret={"Asian": (1, 10)})


def test_what_is_opened_agrees_with_the_audit():
    ranges = {"AIAN": (1, 10)}

    assert opened(RACES, BY_RACE, ["AIAN"], ranges) == {"AIAN"}
    assert opened(RACES, BY_RACE, ["AIAN", "Asian"], ranges) == set()
    assert opened(RACES, BY_RACE, [], ranges) == {"AIAN"}


def test_a_large_table_is_as_safe_and_hides_hardly_more(monkeypatch):
    cells, sums = a_table(8, 6, small=13)
    best = protect(cells, sums)

    monkeypatch.setattr(complements, "LARGE", 5)
    quick = protect(cells, sums)

    assert is_safe(cells, sums, quick)
    assert len(quick) <= len(best) * 1.25


def test_a_large_table_beyond_help_is_refused_too(monkeypatch):
    monkeypatch.setattr(complements, "LARGE", 1)
    known = {name: count for name, count in RACES.items() if name not in ("AIAN", "Asian")}
    cells = {**RACES, "far": 20, "both": 24}

    with pytest.raises(Unprotectable) as refused:
        protect(
            cells, [*BY_RACE, ("both", ["far", "AIAN"])], earlier={**known, "far": 20, "both": 24}
        )

    assert refused.value.cells == {"AIAN"}

"""What a ballot and a share may say: whatever is typed, an answer, and never a crash."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from agenda import choices, shares


class _Options:
    def values_list(self, *names: str, flat: bool) -> list[str]:
        return ["a", "b"]


NO_CHOICE: list[tuple[str, Any]] = [
    ("majority", ["agree"]),
    ("gradients", float("inf")),
    ("gradients", "9" * 5_000),
    ("irv", [[["a"]]]),
    ("schulze", [[{}]]),
    ("irv", [["a"], ["a"]]),
    ("score", {"a": float("inf")}),
    ("score", {"a": [1]}),
    ("dot", {"a": float("-inf")}),
    ("dot", {"a": 6, "b": 5}),
]


@pytest.mark.parametrize(("method", "choice"), NO_CHOICE)
def test_what_no_method_knows_is_no_choice(method, choice):
    decision = SimpleNamespace(method=method, options=_Options(), points=10)

    with pytest.raises(ValidationError):
        choices.read(decision, choice)


@pytest.mark.parametrize(
    "share",
    [
        *("0/1", "1/0", "-1/2", "3/2", "NaN", "inf", "", "1/2\0", "1e-5", "1e-99999999"),
        *(None, True, 1, 0.5, float("inf"), [], {}, b"1/2", "1/" + "9" * 5_000),
    ],
)
def test_what_is_no_share_of_seats_is_refused_at_once(share):
    with pytest.raises(ValidationError):
        shares.check({"all": share})


@pytest.mark.parametrize("share", ["1/2", "2/3", "1", "99999/100000"])
def test_a_share_is_a_fraction_of_whole_numbers(share):
    shares.check({"all": share, "lived_experience": share})

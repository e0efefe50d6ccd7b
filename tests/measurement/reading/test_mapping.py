from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from measurement.reading.mapping import ROLES, SCALES, BadMapping, Column, Mapping, check
from measurement.reading.periods import PeriodRules
from tests.measurement.reading.files import long_mapping

FULL = Mapping(
    {
        "Place": Column("place", labels={"Virginia": "va", "New town": "new"}),
        "Race": Column("group", "race", labels={"all": "everyone", "NA": "unknown"}),
        "Test": Column("filter", labels={"Reading": "keep"}),
        "pass_2019": Column("numerator", period="2019", groups=("a", "b")),
        "of_2019": Column("denominator", period="2019", groups=("b", "a")),
    },
    scale=1_000,
    decimal_comma=True,
    periods=PeriodRules(consecutive="years", day_first=True, dash="span", fiscal_month=10),
    missing={"x": "refused"},
)


def test_a_mapping_survives_json():
    assert Mapping.from_json(json.loads(json.dumps(FULL.to_json()))) == FULL


LABELS = some.dictionaries(some.text(max_size=9), some.text(max_size=9), max_size=3)


@settings(deadline=None)
@given(labels=LABELS, scale=some.sampled_from(SCALES), period=some.text(min_size=1, max_size=9))
def test_any_valid_mapping_survives_json(labels, scale, period):
    mapping = Mapping(
        {"a": Column("place", labels=labels), "b": Column("numerator")},
        period=period, scale=scale,
    )  # fmt: skip

    assert Mapping.from_json(json.loads(json.dumps(mapping.to_json()))) == mapping


@pytest.mark.parametrize(
    "change",
    [
        {"scale": 7}, {"scale": "100"}, {"scale": True}, {"kind": "graph"}, {"more": 1},
        {"columns": None}, {"columns": {"a": None}}, {"columns": {"a": {}}},
        {"columns": {"a": {"role": "owner"}}}, {"columns": {"a": {"role": "place", "x": 1}}},
        {"columns": {"a": {"role": "place", "labels": {"b": 1}}}},
        {"columns": {"a": {"role": "group", "groups": "abc"}}},
        {"columns": {"a": {"role": "filter", "labels": {"b": "maybe"}}}},
        {"columns": {"a": {"role": "numerator", "labels": {"b": "c"}}}},
        {"decimal_comma": 1}, {"place": None}, {"missing": {"x": "gone"}}, {"bucket": "decade"},
        {"periods": {"consecutive": "both"}}, {"periods": {"fiscal_month": 13}},
        {"periods": {"more": 1}},
    ],
)  # fmt: skip
def test_malformed_json_is_refused(change):
    with pytest.raises(BadMapping) as refused:
        Mapping.from_json({**FULL.to_json(), **change})

    assert refused.value.code == "mapping_malformed"


@settings(deadline=None)
@given(
    some.recursive(
        some.none() | some.booleans() | some.integers() | some.text(max_size=5),
        lambda inner: (
            some.lists(inner, max_size=3)
            | some.dictionaries(
                some.sampled_from(["columns", "role", "labels", "kind", "periods", *ROLES]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_a_mapping_or_refused(data):
    code = "mapping_"
    try:
        Mapping.from_json(data)
    except BadMapping as refused:
        code = refused.code

    assert code.startswith("mapping_")


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"year": Column("period"), "n": Column("numerator")}, "mapping_no_place"),
        ({"p": Column("place"), "n": Column("numerator")}, "mapping_no_period"),
        ({"p": Column("place"), "year": Column("period")}, "mapping_no_number"),
        ({"p": Column("place"), "q": Column("place"), "year": Column("period"),
          "n": Column("numerator")}, "mapping_twice"),
        ({"p": Column("place"), "year": Column("period"), "n": Column("numerator"),
          "m": Column("numerator")}, "mapping_twice"),
    ],
)  # fmt: skip
def test_an_incomplete_mapping_says_what_is_missing(columns, code):
    with pytest.raises(BadMapping) as refused:
        check(Mapping(columns))

    assert refused.value.code == code


def test_constants_and_wide_columns_stand_in_for_place_and_period():
    check(Mapping({"n": Column("numerator", period="2019")}, place="va"))
    check(Mapping({"n": Column("numerator")}, place="va", period="2019"))
    check(long_mapping())

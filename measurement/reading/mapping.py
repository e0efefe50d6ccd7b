"""Which column of a file means what. Kept as JSON per partner and layout, and checked strictly.

A mapping names columns by header, so it survives reordered columns. Group and place keys are the
caller's own strings; "everyone", "ignore", "unknown", "keep" and "new" are reserved words.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from measurement.reading.errors import BadMapping
from measurement.reading.grades import GRADES
from measurement.reading.periods import DEFAULT_RULES, Bucket, PeriodRules
from measurement.reading.values import MISSING

Kind = Literal["table", "people"]
Role = Literal[
    "place",  # labels: place key, "new" or "ignore"
    "period",
    "group",  # labels: group key, "everyone", "unknown" or "ignore"
    "filter",  # labels: "keep" or "ignore"; a label not named is ignored
    "numerator",
    "denominator",
    "rate",
    "sample_size",  # people asked
    "weight",  # people of the population whom they stand for
    "se",  # standard error of a survey's estimate, in the unit of the rate
    "grade",  # words that say how a number was made; labels: word → grade
    "why",  # words that say why a line has no number; heard where its count is blank
    "outcome",  # people files; labels: "yes", "no", "unknown" or "ignore"
    "ignore",
]
__all__ = ["BadMapping", "Column", "Mapping", "check"]
ROLES: tuple[str, ...] = get_args(Role)
NUMBERS: tuple[str, ...] = (
    "numerator", "denominator", "rate", "sample_size", "weight", "se",
)  # fmt: skip
LABELLED: tuple[str, ...] = ("place", "group", "filter", "outcome")
SCALES: tuple[int, ...] = (1, 100, 1_000, 10_000, 100_000)
EVERYONE, IGNORE, UNKNOWN, KEEP, NEW = "everyone", "ignore", "unknown", "keep", "new"
YES, NO = "yes", "no"
ALLOWED: dict[str, tuple[str, ...] | None] = {"filter": (KEEP, IGNORE), "outcome": (
    YES, NO, UNKNOWN, IGNORE)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """What one column means.

    dimension: for a group column, the code of its dimension; "" when several share the column.
    labels: what the column's texts stand for (see Role); compared without surrounding spaces.
    groups, place, period: for number columns of a wide file, what every number below is about.
    separator: for people files whose cell may name several groups (`Black;Hispanic`).
    """

    role: Role
    dimension: str = ""
    labels: AnyMapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    place: str = ""
    period: str = ""
    separator: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """columns: header name → Column; one not named is ignored.

    place, period: for the whole file, where no column says (a place key, a period's text).
    scale: what `rate` counts out of. decimal_comma: the file writes `1.234,5`.
    missing: this file's own words for "no number" → a code of `values.MISSING`.
    bucket: the longer period into which a people file's dates fall.
    grade: how every number was made whose line does not say it; one of `grades.GRADES` or "".
    """

    columns: AnyMapping[str, Column]
    kind: Kind = "table"
    place: str = ""
    period: str = ""
    scale: int = 100
    decimal_comma: bool = False
    periods: PeriodRules = DEFAULT_RULES
    bucket: Bucket = "as_is"
    missing: AnyMapping[str, str] = field(default_factory=dict)
    grade: str = ""

    def names(self, *roles: str) -> list[str]:
        """Header names of the columns with one of these roles, in the mapping's order."""
        return [name for name, column in self.columns.items() if column.role in roles]

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists and strings; `from_json` gives the same mapping back."""
        plain = asdict(self)
        for column in plain["columns"].values():
            column["groups"] = list(column["groups"])
        return plain

    @classmethod
    def from_json(cls, data: object) -> Mapping:
        """Raises BadMapping for anything that `to_json` could not have written."""
        plain = _known(cls, data)
        columns = plain.pop("columns", None)
        if not isinstance(columns, dict) or not all(isinstance(name, str) for name in columns):
            raise BadMapping("mapping_malformed", where="columns")
        plain["columns"] = {name: _column(name, value) for name, value in columns.items()}
        if "periods" in plain:
            plain["periods"] = PeriodRules(**_known(PeriodRules, plain["periods"]))
        mapping = cls(**plain)
        check(mapping)
        return mapping


def _known(cls: type, data: object) -> dict[str, Any]:
    names = {each.name for each in fields(cls)}
    if not isinstance(data, dict) or not set(data) <= names:
        raise BadMapping("mapping_malformed", where=cls.__name__)
    return dict(data)


def _column(name: str, data: object) -> Column:
    plain = _known(Column, data)
    groups = plain.get("groups", [])
    if not isinstance(groups, list) or "role" not in plain:
        raise BadMapping("mapping_malformed", where=name)
    return Column(**{**plain, "groups": tuple(groups)})


def check(mapping: Mapping) -> None:
    """Raises BadMapping unless the mapping is whole and makes sense by itself."""
    _check_types(mapping)
    for name, column in mapping.columns.items():
        _check_column(name, column)
    _check_whole(mapping)


def _check_types(mapping: Mapping) -> None:
    rules = mapping.periods
    right = (
        mapping.kind in get_args(Kind)
        and mapping.bucket in get_args(Bucket)
        and type(mapping.scale) is int
        and mapping.scale in SCALES
        and isinstance(mapping.decimal_comma, bool)
        and isinstance(mapping.place, str)
        and isinstance(mapping.period, str)
        and _texts(mapping.missing)
        and set(mapping.missing.values()) <= set(MISSING)
        and mapping.grade in ("", *GRADES)
        and rules.consecutive in ("school_year", "years")
        and rules.dash in (None, "month", "span")
        and rules.day_first in (None, True, False)
        and type(rules.fiscal_month) is int
        and 1 <= rules.fiscal_month <= 12
    )
    if not right:
        raise BadMapping("mapping_malformed", where="Mapping")


def _texts(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(text, str) for pair in value.items() for text in pair
    )


def _check_column(name: str, column: Column) -> None:
    texts = (column.dimension, column.place, column.period, column.separator, *column.groups)
    if (
        column.role not in ROLES
        or not _texts(column.labels)
        or not all(isinstance(text, str) for text in texts)
    ):
        raise BadMapping("mapping_malformed", where=name)
    if column.labels and column.role not in LABELLED:
        raise BadMapping("mapping_malformed", where=name)
    allowed = ALLOWED.get(column.role)
    if allowed and not set(column.labels.values()) <= set(allowed):
        raise BadMapping("mapping_malformed", where=name)


def _check_whole(mapping: Mapping) -> None:
    """One place, one period and at least one number can be found for every row."""
    for role in ("grade", "why"):
        if len(named := mapping.names(role)) > 1:
            raise BadMapping("mapping_twice", role=role, columns=", ".join(named))
    for role, constant in (("place", mapping.place), ("period", mapping.period)):
        named = mapping.names(role)
        if len(named) > 1:
            raise BadMapping("mapping_twice", role=role, columns=", ".join(named))
        wide = [name for name in mapping.names(*NUMBERS) if getattr(mapping.columns[name], role)]
        if not named and not constant and not wide:
            raise BadMapping(f"mapping_no_{role}")
    if mapping.kind == "people":
        if len(mapping.names("outcome")) > 1:
            raise BadMapping("mapping_twice", role="outcome", columns="")
    elif not mapping.names("numerator", "rate"):
        raise BadMapping("mapping_no_number")
    else:
        _check_numbers(mapping)


def _check_numbers(mapping: Mapping) -> None:
    """No two columns give the same number for the same place, period and groups."""
    seen: dict[tuple[Any, ...], str] = {}
    for name in mapping.names(*NUMBERS):
        column = mapping.columns[name]
        what = (column.role, column.place, column.period, frozenset(column.groups))
        if what in seen:
            raise BadMapping("mapping_twice", role=column.role, columns=f"{seen[what]}, {name}")
        seen[what] = name

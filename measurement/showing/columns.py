"""The columns of files of public numbers, and their types in Parquet: one list for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

NOTHING = "\\N"  # stands for NULL in plain files, so that an empty text stays one

TYPES = {
    "indicator": "VARCHAR",
    "definition": "INTEGER",
    "place_code": "VARCHAR",
    "place": "VARCHAR",
    "period": "VARCHAR",
    "period_kind": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "breakdown": "VARCHAR",
    "group_code": "VARCHAR",
    "group": "VARCHAR",
    "numerator": "BIGINT",
    "denominator": "BIGINT",
    "denominator_is_approximate": "BOOLEAN",
    "rate": "DOUBLE",
    "rate_per": "INTEGER",
    "low_95": "DOUBLE",
    "high_95": "DOUBLE",
    "sign": "VARCHAR",
    "sample_size": "BIGINT",
    "standard_error": "DOUBLE",
    "population_weight": "DOUBLE",
    "evidence_grade": "VARCHAR",
    "added_up": "VARCHAR",
    "release": "INTEGER",
    "released_on": "DATE",
}


def to_parquet(plain: Path, names: Iterable[str], path: Path) -> None:
    """Write a plain CSV file without a header as Parquet. names: of its columns, as in TYPES."""
    import duckdb  # noqa: PLC0415 - few pages need it

    columns = ", ".join(f"'{name}': '{TYPES[name]}'" for name in names)
    with duckdb.connect(config={"memory_limit": "256MB", "threads": 1}) as engine:
        # Nothing of it comes from outside: the columns are ours, the paths the system's.
        read = (
            f"read_csv('{plain}', header = false, nullstr = '{NOTHING}', columns = {{{columns}}})"
        )
        engine.execute(f"COPY (SELECT * FROM {read}) TO '{path}' (FORMAT parquet)")  # noqa: S608

"""Public cells as rows, made by the database from public tables: no line of them passes here."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import get_language

from measurement.api import judged
from measurement.models.observations import Missing
from measurement.showing.columns import NOTHING, TYPES, to_parquet
from measurement.showing.symbols import CONFIDENTIAL, UNRELIABLE, of_missing

if TYPE_CHECKING:
    from measurement.models import Indicator

COLUMNS = {
    name: TYPES[name]
    for name in (
        *("indicator", "definition", "place_code", "place", "period_kind", "period_start"),
        *("period_end", "breakdown", "group_code", "group", "numerator", "denominator"),
        *("denominator_is_approximate", "rate", "rate_per", "low_95", "high_95", "sign"),
        *("sample_size", "standard_error", "population_weight", "evidence_grade", "added_up"),
        *("release", "released_on"),
    )
}


@dataclass(frozen=True)
class Filter:
    """Which cells: codes as in the pages' addresses, "" or None for all."""

    place: str = ""
    by: str | None = None
    kind: str = ""
    start: date | None = None
    end: date | None = None

    def params(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


def as_json(indicator: Indicator, wanted: Filter, *, page: int, size: int) -> tuple[int, str]:
    """How many rows there are, and a page of them as a JSON array."""
    params = _params(indicator, wanted, offset=(page - 1) * size, size=size)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, params)
        total = cursor.fetchone()[0]
        cursor.execute(_PAGE, params)
        return total, cursor.fetchone()[0]


@contextmanager
def as_csv(indicator: Indicator, wanted: Filter) -> Iterator[Path]:
    """All rows in a file that is gone afterwards. UTF-8, for spreadsheets with a mark of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.csv"
        query = f"COPY ({_SAFE}) TO STDOUT (FORMAT csv, HEADER)"
        with path.open("wb") as file, connection.cursor() as cursor:
            file.write(b"\xef\xbb\xbf")
            with cursor.copy(query, _params(indicator, wanted)) as copy:
                for block in copy:
                    file.write(block)
        yield path


@contextmanager
def as_parquet(indicator: Indicator, wanted: Filter) -> Iterator[Path]:
    """All rows with their types, in a file that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        plain, path = Path(folder) / "cells.tsv", Path(folder) / "cells.parquet"
        with plain.open("wb") as file, connection.cursor() as cursor:
            query = f"COPY ({_ROWS}) TO STDOUT (FORMAT csv, NULL '{NOTHING}')"
            with cursor.copy(query, _params(indicator, wanted)) as copy:
                for block in copy:
                    file.write(block)
        to_parquet(plain, COLUMNS, path)
        yield path


def _params(
    indicator: Indicator, wanted: Filter, *, offset: int = 0, size: int | None = None
) -> dict[str, Any]:
    """size: of a page; None for all rows, which are as many as there are."""
    params = {
        **wanted.params(),
        "offset": offset,
        "size": size,
        "indicator": indicator.pk,
        "initiative": indicator.initiative_id,
        "language": (get_language() or "en").split("-")[0],
        "confidential": CONFIDENTIAL.code,
        "unreliable": UNRELIABLE.code,
        "reasons": [reason.value for reason in Missing],
        "signs": [of_missing(reason.value).code for reason in Missing],
    }
    return params | judged.columns(_KEYS, params)


_STRATUM = """
WITH stratum AS (
    SELECT member.stratum_id,
           string_agg(d.code || ':' || g.code, '+' ORDER BY d.code, g.code) AS code,
           string_agg(DISTINCT d.code, '.' ORDER BY d.code) AS breakdown,
           string_agg(coalesce(g.name ->> %(language)s, name.value), ', ' ORDER BY d.code, g.code)
               AS name
    FROM measurement_stratum s
    JOIN measurement_stratumgroup member ON member.stratum_id = s.id
    JOIN equity_group g ON g.id = member.group_id
    JOIN equity_dimension d ON d.id = g.dimension_id
    CROSS JOIN LATERAL (SELECT value FROM jsonb_each_text(g.name::jsonb) LIMIT 1) name
    WHERE s.initiative_id = %(initiative)s
    GROUP BY member.stratum_id
)"""

_FROM = """FROM measurement_publictable t
JOIN measurement_indicator i ON i.id = t.indicator_id
JOIN people_place place ON place.id = t.place_id
CROSS JOIN LATERAL (
    SELECT (c ->> 0)::bigint AS period, (c ->> 1)::bigint AS version, (c ->> 2)::bigint AS release,
           (c ->> 3)::bigint AS stratum, (c ->> 4)::bigint AS x, (c ->> 5)::bigint AS n,
           (c ->> 6)::boolean AS near, (c ->> 7)::boolean AS hidden, c ->> 8 AS missing,
           (c ->> 9)::bigint AS sample, (c ->> 10)::numeric AS weight, c ->> 11 AS grade,
           c ->> 12 AS rolled_up, (c ->> 13)::numeric AS se, c ->> 14 AS kept
    FROM jsonb_array_elements(t.cells) c
) cell
JOIN people_period period ON period.id = cell.period
JOIN measurement_indicatorversion v ON v.id = cell.version
JOIN measurement_release r ON r.id = cell.release
LEFT JOIN stratum ON stratum.stratum_id = cell.stratum
"""

_WHERE = """WHERE t.indicator_id = %(indicator)s
  AND (%(place)s = '' OR place.code = %(place)s)
  AND (%(kind)s = '' OR t.kind = %(kind)s)
  AND (%(by)s::text IS NULL OR coalesce(stratum.breakdown, '') = %(by)s)
  AND (%(start)s::date IS NULL OR period.start >= %(start)s)
  AND (%(end)s::date IS NULL OR period."end" <= %(end)s)
ORDER BY place.code, t.kind, period."end", period.start, stratum.code NULLS FIRST
"""

# What has to be judged of the rows that are asked for, each once.
_KEYS = f"""
{_STRATUM}
SELECT DISTINCT version, release, x, n, sample, se, kept FROM (
    SELECT v.measure, cell.version, cell.release, cell.x, cell.n, cell.sample,
           coalesce(cell.se, 0) AS se, cell.kept
    {_FROM}{_WHERE}
    OFFSET %(offset)s LIMIT %(size)s
) asked
WHERE x IS NOT NULL AND (measure = 'count' OR n > 0)
"""  # noqa: S608 - made of constants

_ROWS = f"""
{_STRATUM}, judged AS (
    SELECT * FROM unnest(%(j_version)s::bigint[], %(j_release)s::bigint[], %(j_x)s::bigint[],
                         %(j_n)s::bigint[], %(j_sample)s::bigint[], %(j_se)s::numeric[],
                         %(j_kept)s::text[], %(j_vague)s::boolean[], %(j_low)s::float8[],
                         %(j_high)s::float8[])
        AS j (version, release, x, n, sample, se, kept, vague, low, high)
), reason AS (
    SELECT * FROM unnest(%(reasons)s::text[], %(signs)s::text[]) AS r (missing, sign)
)
SELECT i.slug AS indicator, v.number AS definition, place.code AS place_code, place.name AS place,
       t.kind AS period_kind, period.start AS period_start, period."end" AS period_end,
       coalesce(stratum.breakdown, '') AS breakdown, coalesce(stratum.code, '') AS group_code,
       coalesce(stratum.name, '') AS "group",
       cell.x AS numerator, cell.n AS denominator,
       CASE WHEN cell.n IS NOT NULL THEN cell.near END AS denominator_is_approximate,
       CASE WHEN v.measure <> 'count' AND NOT judged.vague
            THEN round(cell.x::numeric * v.scale / cell.n, 6) END AS rate,
       CASE WHEN v.measure <> 'count' THEN v.scale END AS rate_per,
       round(judged.low::numeric, 6) AS low_95, round(judged.high::numeric, 6) AS high_95,
       CASE WHEN cell.hidden THEN %(confidential)s WHEN judged.vague THEN %(unreliable)s
            ELSE coalesce(reason.sign, '') END AS sign,
       cell.sample AS sample_size,
       round(cell.se * CASE WHEN v.measure = 'count' THEN 1 ELSE v.scale END, 6) AS standard_error,
       cell.weight AS population_weight, cell.grade AS evidence_grade,
       cell.rolled_up AS added_up, r.number AS release, r.published_at::date AS released_on
{_FROM}LEFT JOIN judged ON judged.version = cell.version AND judged.release = cell.release
     AND judged.x = cell.x AND judged.n = coalesce(cell.n, -1)
     AND judged.sample = coalesce(cell.sample, -1)
     AND judged.se = coalesce(cell.se, 0) AND judged.kept = cell.kept
LEFT JOIN reason ON reason.missing = cell.missing
{_WHERE}"""  # noqa: S608 - made of constants

_COUNT = f"SELECT count(*) FROM ({_ROWS}) counted"  # noqa: S608 - made of constants
_PAGE = f"""
SELECT coalesce(json_agg(row_to_json(page)), '[]')::text
FROM (SELECT * FROM ({_ROWS}) rows OFFSET %(offset)s LIMIT %(size)s) page
"""  # noqa: S608 - made of constants

# As `ciforum.people.cells.harmless`, which a test compares with it. %% is a percent sign.
_DANGEROUS = r"'^[=+\-@\t\r\n|%%]'"


def _harmless(name: str) -> str:
    first = f"normalize(left(ltrim({name}, ' '), 1), NFKC)"
    return f"CASE WHEN {first} ~ {_DANGEROUS} THEN '''' || {name} ELSE {name} END AS {name}"


_SAFE = "SELECT {} FROM ({}) rows".format(  # noqa: S608 - made of constants
    ", ".join(
        _harmless(f'"{name}"') if kind == "VARCHAR" else f'"{name}"'
        for name, kind in COLUMNS.items()
    ),
    _ROWS,
)

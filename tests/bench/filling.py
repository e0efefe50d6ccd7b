"""An initiative with as many observations as wanted, all of them released.

Rows are made by the database itself, with its triggers at rest: the speed of reading is measured,
not that of writing. Nothing is protected, which makes pages as heavy as they can be.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import cycle, islice
from typing import Any

from django.db import connection

from ciforum.people import clock
from ciforum.people.models import Initiative, Period, Place
from ciforum.people.words import Words
from equity.models import Dimension, LedgerEntry
from measurement.models import Board, Indicator, IndicatorVersion, Release, Stratum
from measurement.showing.shown import Choice
from tests import boards_building, builders

PLACES, PERIODS = 50, 10
CHARTS = 12
# Millions of rows go into these; whatever is checked or sorted row by row comes back afterwards.
HEAVY = ("measurement_observation", "measurement_releasecell")
TABLES = (
    "measurement_observation",
    "measurement_releasecell",
    "measurement_release",
    "measurement_published",
    "equity_ledgerentry",
)


def an_initiative_of(indicators: int) -> Initiative:
    """`indicators` × 50 places × 10 years × 20 strata: 10,000 observations each."""
    initiative = builders.an_initiative(f"bench-{indicators}", time_zone="America/New_York")
    backbone = builders.a_member(initiative, "backbone")
    partner = builders.a_member(
        initiative, "partner", organization=builders.an_organization(initiative)
    )
    _strata(initiative)
    Place.objects.bulk_create(
        Place(initiative=initiative, code=f"place-{n}", name=f"Place {n:02}") for n in range(PLACES)
    )
    initiative.place = Place.objects.get(initiative=initiative, code="place-0")
    initiative.save(update_fields=["place"])
    Period.objects.bulk_create(
        Period(
            initiative=initiative, kind="year", start=date(2014 + n, 1, 1), end=date(2015 + n, 1, 1)
        )
        for n in range(PERIODS)
    )
    _indicators(initiative, indicators, backbone, partner)
    return initiative


def _strata(initiative: Initiative) -> None:
    """Everyone, seven groups, two others, and most of their crossings: twenty."""
    made: dict[str, list[Any]] = {}
    for code, names in (("race", "abcdefg"), ("gender", "mw")):
        made[code] = list(
            builders.a_dimension(initiative, code=code, groups=tuple(names)).groups.all()
        )
    race, gender = made["race"], made["gender"]
    crossings = [(one, two) for one in race for two in gender]
    for groups in [(), *((each,) for each in race), *((each,) for each in gender), *crossings][:20]:
        Stratum.objects.of(initiative, groups)


def _indicators(initiative: Initiative, number: int, backbone: Any, partner: Any) -> None:
    indicators = Indicator.objects.bulk_create(
        Indicator(
            initiative=initiative, slug=f"measure-{n}", code=f"m{n}", name=Words(en=f"Measure {n}")
        )
        for n in range(number)
    )
    versions = IndicatorVersion.objects.bulk_create(
        IndicatorVersion(
            initiative=initiative,
            indicator=indicator,
            number=1,
            numerator=Words(en="children who read well"),
            denominator=Words(en="children"),
            direction="up",
            defined_by=backbone.user,
        )
        for indicator in indicators
    )
    race = Dimension.objects.get(initiative=initiative, code="race")
    for indicator in indicators:
        indicator.required_dimensions.add(race)
    submission = builders.a_submission(indicators[0], partner)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        entry = LedgerEntry.objects.create(
            initiative=initiative,
            kind="pass",
            gate="bench",
            record_uid=initiative.uid,
            label={},
            at=clock.now(),
        )
        Release.objects.bulk_create(
            Release(
                initiative=initiative,
                indicator=version.indicator,
                version=version,
                number=1,
                state="published",
                story=Words(en="A story."),
                drafted_by=backbone.user,
                passed=entry,
                published_at=entry.at,
            )
            for version in versions
        )
        params = {"initiative": initiative.pk, "submission": submission.pk}
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '1GB'")
        with _bare(cursor):
            for statement, filled in (
                (_OBSERVE, "measurement_observation"),
                (_RELEASE, "measurement_releasecell"),
            ):
                # Not told how much there is, the planner compares each row with each release.
                cursor.execute("ANALYZE measurement_release")
                cursor.execute(statement, params)
                cursor.execute(f"ANALYZE {filled}")
        for statement in (_POINT, _REFRESH):
            cursor.execute(statement, params)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"ANALYZE {table}")
        cursor.execute("ANALYZE measurement_publictable")


@contextmanager
def _bare(cursor: Any) -> Iterator[None]:
    """Without indexes and keys, which are made again at the end, each at once for all rows."""
    cursor.execute(_KEYS, [list(HEAVY)])
    keys = cursor.fetchall()
    for table, name, _definition, _kind in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    cursor.execute(_INDEXES, [list(HEAVY)])
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition, kind in keys:
        unasked = " NOT VALID" if kind == "f" else ""
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}{unasked}')


def a_dashboard(initiative: Initiative) -> Board:
    """A public one with twelve charts, each of another indicator as far as there are so many."""
    composer = builders.a_member(initiative, "backbone")
    indicators = Indicator.objects.for_initiative(initiative).order_by("pk")[:CHARTS]
    board = boards_building.a_board(initiative, composer)
    for number, indicator in enumerate(islice(cycle(indicators), CHARTS)):
        choice = Choice(f"place-{number}", "race")
        boards_building.a_panel(board, composer, indicator, choice=choice)
    board.publish(by=composer.user)
    return board


_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype::text
FROM pg_constraint
WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('f', 'u', 'p')
ORDER BY contype <> 'f'
"""

_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename = ANY(%s)
"""

_OBSERVE = """
INSERT INTO measurement_observation
    (initiative_id, version_id, period_id, place_id, stratum_id, numerator, denominator,
     denominator_is_derived, missing, revision, is_current, reason, submission_id, approved_at,
     grade)
SELECT %(initiative)s, v.id, p.id, pl.id, s.id, 200 + (random() * 300)::int,
       600 + (random() * 400)::int, false, '', 1, true, '', %(submission)s, now(), 'administrative'
FROM measurement_indicatorversion v, people_period p, people_place pl, measurement_stratum s
WHERE v.initiative_id = %(initiative)s AND p.initiative_id = %(initiative)s
  AND pl.initiative_id = %(initiative)s AND s.initiative_id = %(initiative)s
"""

_RELEASE = """
INSERT INTO measurement_releasecell
    (initiative_id, release_id, period_id, place_id, stratum_id, numerator, denominator,
     denominator_is_derived, is_protected, missing, revision, grade)
SELECT o.initiative_id, r.id, o.period_id, o.place_id, o.stratum_id, o.numerator, o.denominator,
       false, false, '', 1, o.grade
FROM measurement_observation o JOIN measurement_release r ON r.version_id = o.version_id
WHERE o.initiative_id = %(initiative)s
"""

_POINT = """
INSERT INTO measurement_published (initiative_id, version_id, period_id, release_id)
SELECT %(initiative)s, r.version_id, p.id, r.id
FROM measurement_release r, people_period p
WHERE r.initiative_id = %(initiative)s AND p.initiative_id = %(initiative)s
"""

_REFRESH = """
SELECT measurement_refresh_public_tables(id) FROM measurement_indicator
WHERE initiative_id = %(initiative)s
"""

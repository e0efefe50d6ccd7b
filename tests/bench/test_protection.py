"""How long it takes to protect a table: 500 and 5,000 rows, from the database and back."""

from __future__ import annotations

import random
import time
from datetime import date

import pytest
from django.db import connection

from ciforum.people import jobs
from ciforum.people.models import Job, Period, Place
from measurement.models import Observation, Release, Stratum, Submission
from tests import builders

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]

RACES = ("white", "black", "hispanic", "asian", "aian", "nhpi", "multi", "other")
SEXES = ("female", "male")


def numbers(places: int, dimensions: tuple[tuple[str, tuple[str, ...]], ...], seed: int = 1):
    """{(place, groups): (x, n)} with every total, one number in ten of them small."""
    chance = random.Random(seed)
    cells: dict[tuple[str, tuple[str, ...]], tuple[int, int]] = {}

    def add(place, groups, x, n):
        now = cells.get((place, groups), (0, 0))
        cells[place, groups] = (now[0] + x, now[1] + n)

    for number in range(places):
        combinations: list[tuple[str, ...]] = [()]
        for code, names in dimensions:
            combinations = [(*c, f"{code}:{name}") for c in combinations for name in names]
        for groups in combinations:
            n = int(chance.lognormvariate(5, 1)) + 20
            x = chance.randint(1, 10) if chance.random() < 0.1 else chance.randint(11, n)
            for place in ("state", f"county-{number}"):
                for kept in range(2 ** len(groups)):
                    add(place, tuple(g for i, g in enumerate(groups) if kept >> i & 1), x, n)
    return cells


@pytest.fixture
def draft(initiative, backbone, partner):
    """A draft of such a table, its observations written straight into the database."""

    def make(places, dimensions):
        made = {
            f"{code}:{group.code}": group
            for code, names in dimensions
            for group in builders.a_dimension(initiative, code, names).groups.all()
        }
        indicator = builders.an_indicator(initiative)
        approved = builders.approved(indicator, partner, backbone, {(2019, "state"): (1000, 9000)})
        state = Place.objects.get(initiative=initiative, code__startswith="state")
        cells = numbers(places, dimensions)
        known = {"state": state}
        for name in sorted({place for place, _groups in cells} - {"state"}):
            known[name] = Place.objects.create(
                initiative=initiative, code=name, name=name, parent=state
            )
        period = Period.objects.create(
            initiative=initiative, kind="year", start=date(2020, 1, 1), end=date(2021, 1, 1)
        )
        strata = {
            groups: Stratum.objects.of(initiative, [made[group] for group in groups])
            for groups in {groups for _place, groups in cells}
        }
        Observation.objects.bulk_create(
            Observation(
                initiative=initiative, version=indicator.current, period=period,
                place=known[place], stratum=strata[groups], numerator=x, denominator=n,
                submission=Submission.objects.get(pk=approved.pk),
            )
            for (place, groups), (x, n) in cells.items()
        )  # fmt: skip
        return Release.draft(indicator=indicator, by=backbone.user), len(cells)

    return make


@pytest.mark.parametrize(
    ("places", "dimensions", "seconds"),
    [
        (55, (("race", RACES),), 10),
        (20, (("race", RACES), ("sex", SEXES)), 10),
        (555, (("race", RACES),), 120),
        (190, (("race", RACES), ("sex", SEXES)), 120),
    ],
    ids=["500 rows", "500 rows, two ways", "5,000 rows", "5,000 rows, two ways"],
)
def test_small_groups_are_protected_in_time(draft, backbone, places, dimensions, seconds):
    release, rows = draft(places, dimensions)
    connection.close()
    seen: list[float] = []
    report = Job.report
    Job.report = lambda self, percent: (seen.append(percent), report(self, percent))[1]
    try:
        release.start_protecting(by=backbone.user)
        started, worked = time.perf_counter(), time.process_time()
        jobs.run(release.job_id)
        wall, cpu = time.perf_counter() - started, time.process_time() - worked
    finally:
        Job.report = report
    release.refresh_from_db()

    hidden = len(release.protected["hidden"])
    print(f"\n{rows:,} rows: {wall:.1f} s ({cpu:.1f} s of it work), {hidden:,} hidden,")
    print(f"{len(seen)} times told how far it is; {cpu / seconds:.2f} of the time allowed")
    assert release.protected["state"] == "sound"
    assert seen[-1] == 100
    assert cpu <= seconds

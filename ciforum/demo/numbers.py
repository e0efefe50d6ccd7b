"""Invented numbers that hang together: groups add up to towns, towns to the county."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ciforum.demo.people import COUNTY, TOWNS

# Births a year by town and group, about.
BIRTHS: Mapping[str, Mapping[str, int]] = {
    "Millbrook": {"White": 410, "Black": 96, "Latina": 118, "Asian": 44, "Native": 6},
    "Eastgate": {"White": 150, "Black": 232, "Latina": 141, "Asian": 27, "Native": 9},
    "San Isidro": {"White": 88, "Black": 31, "Latina": 305, "Asian": 13, "Native": 17},
}
EVERYONE = "All mothers"


@dataclass(frozen=True)
class Course:
    """How a share runs: in the first year, and its change each year, by group."""

    start: Mapping[str, float]
    step: Mapping[str, float]
    groups: Sequence[str]
    seed: int


PRENATAL = Course(
    start={"White": 0.82, "Black": 0.61, "Latina": 0.58, "Asian": 0.77, "Native": 0.55},
    step={"White": 0.006, "Black": 0.022, "Latina": 0.027, "Asian": 0.008, "Native": 0.02},
    groups=("White", "Black", "Latina", "Asian", "Native"),
    seed=11,
)
VISITS = Course(
    start={"White": 0.44, "Black": 0.36, "Latina": 0.33, "Asian": 0.41, "Native": 0.3},
    step={"White": 0.012, "Black": 0.021, "Latina": 0.018, "Asian": 0.013, "Native": 0.015},
    groups=("White", "Black", "Latina", "Asian"),  # the hospital does not count Native mothers
    seed=23,
)


def table(course: Course, years: Sequence[int]) -> bytes:
    """A partner's file as CSV: town, year, race, number, births; with totals and the county."""
    chance = random.Random(course.seed)  # noqa: S311 - invented data, no secret
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["town", "year", "race", "number", "births"])
    for year in years:
        county: dict[str, list[int]] = {}
        for town in TOWNS:
            for group, (number, births) in _town(course, town, year, years[0], chance).items():
                writer.writerow([town, year, group, number, births])
                sums = county.setdefault(group, [0, 0])
                sums[0] += number
                sums[1] += births
        for group, (number, births) in county.items():
            writer.writerow([COUNTY, year, group, number, births])
    return out.getvalue().encode()


def _town(
    course: Course, town: str, year: int, first: int, chance: random.Random
) -> dict[str, tuple[int, int]]:
    """Everyone and each group of a town: (number, births)."""
    rows = {}
    for group in course.groups:
        births = max(0, round(chance.gauss(BIRTHS[town][group], BIRTHS[town][group] * 0.04)))
        share = course.start[group] + course.step[group] * (year - first)
        share = min(0.97, max(0.02, share + chance.gauss(0, 0.012)))
        rows[group] = (round(births * share), births)
    total = (sum(row[0] for row in rows.values()), sum(row[1] for row in rows.values()))
    return {EVERYONE: total, **rows}

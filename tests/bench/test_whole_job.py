"""The whole job on a million persons: from the stored file to approved observations."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.core.files.base import File

from ciforum.people import jobs
from measurement.models import Observation, Submission
from measurement.reading.mapping import Column, Mapping
from tests import builders
from tests.bench.import_people import COUNTIES, PERSONS, RACES, make_file, measure

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]

LABELS = {name: (f"race:{code}" if code != "unknown" else code) for name, code in RACES.items()}
MAPPING = Mapping(
    {
        "county": Column("place", labels=dict.fromkeys(COUNTIES, "new")),
        "born": Column("period"),
        "race": Column("group", "race", labels=LABELS),
        "sex": Column("group", "sex", labels={"F": "sex:female", "M": "sex:male"}),
        "enrolled": Column("outcome", labels={"Yes": "yes", "No": "no", "Unknown": "unknown"}),
    },
    kind="people",
    bucket="year",
)


def test_a_million_persons_from_file_to_observations(tmp_path, initiative, backbone, partner):
    path = tmp_path / "people.csv"
    make_file(path, PERSONS)
    submission = _handed(path, initiative, partner)

    alone = measure("duckdb", path)
    started = time.perf_counter()
    submission.read_as(MAPPING, by=partner.user)
    jobs.run(submission.job_id)
    written = time.perf_counter() - started
    submission.refresh_from_db()
    submission.hand_in(by=partner.user)
    submission.approve(by=backbone.user)
    approved = time.perf_counter() - started

    ratio = written / alone["seconds"]
    print(
        f"\n{PERSONS:,} persons: DuckDB alone {alone['seconds']:.2f} s; read, checked, counted and"
    )
    print(f"staged {written:.2f} s ({ratio:.2f} ×); approved after {approved:.2f} s")
    assert submission.file.forgotten_at
    assert Observation.objects.count() == submission.added > 0


def _handed(path: Path, initiative, partner) -> Submission:
    builders.a_dimension(initiative, "race", ("white", "black", "hispanic", "asian", "multi"))
    builders.a_dimension(initiative, "sex", ("female", "male"))
    indicator = builders.an_indicator(initiative)
    with path.open("rb") as file:
        return Submission.receive(
            indicator=indicator,
            organization=partner.organization,
            file=File(file, name="people.csv"),
            kind="people",
            header=["person_id", *MAPPING.columns],
            signature="bench",
            by=partner.user,
        )

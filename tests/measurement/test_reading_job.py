"""The job that reads a file: killed, refused, withdrawn, and never keeping a person."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, connection

from ciforum.people import clock, jobs
from ciforum.people.models import Job, StoredFile
from measurement.desk import leftovers
from measurement.models import Submission, SubmissionRow
from measurement.reading.mapping import Column, Mapping
from measurement.tasks import forget_old_uploads
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = b"place,year,group,number\nHere,2020,all,62\nHere,2020,white,39\nHere,2020,black,oops\n"
TABLE_MEANS = Mapping(
    {
        "place": Column("place", labels={"Here": "new"}),
        "year": Column("period"),
        "group": Column(
            "group", labels={"all": "everyone", "white": "race:white", "black": "race:black"}
        ),
        "number": Column("numerator"),
    }
)
PEOPLE = (
    b"name,town,year,race,small\n"
    + b"".join(
        f"Jane Doe {n},Here,2020,{race},{'yes' if n % 4 else 'no'}\n".encode()
        for n in range(60)
        for race in ("white", "black")
    )
    + b"Rosa Luz,Here,2020,Rosa Luz,yes\n"
)
PEOPLE_MEAN = Mapping(
    {
        "town": Column("place", labels={"Here": "new"}),
        "year": Column("period"),
        "race": Column("group", "race", labels={"white": "race:white", "black": "race:black"}),
        "small": Column("outcome", labels={"yes": "yes", "no": "no"}),
    },
    kind="people",
)


@pytest.fixture
def indicator(initiative, backbone):
    builders.a_dimension(initiative)
    return builders.an_indicator(initiative, by=backbone.user)


def told(indicator, partner, content=TABLE, mapping=TABLE_MEANS, kind="table"):
    submission = builders.a_submission(indicator, partner, content=content, kind=kind)
    submission.read_as(mapping, by=partner.user)
    return submission


def test_a_reading_keeps_rows_problems_and_the_line_as_it_stands(indicator, partner, run_jobs):
    submission = told(indicator, partner)

    run_jobs()

    submission.refresh_from_db()
    assert (submission.state, submission.row_count, submission.error_count) == ("checked", 2, 1)
    problem = submission.problems.get(severity="error")
    assert (problem.line, problem.code, problem.raw) == (4, "bad_number", "Here,2020,black,oops")


def test_killed_in_the_middle_and_run_again_gives_the_same_rows_once(indicator, partner):
    """The worker dies after the rows were copied and before they are committed."""
    submission = told(indicator, partner)
    job = Job.objects.get()
    script = (
        "import json, os, signal, django\n"
        "from django.conf import settings\n"
        "settings.DATABASES['default'].update(json.loads(os.environ['TEST_DATABASE']))\n"
        "django.setup()\n"
        "from measurement.desk import staging\n"
        "staging._keep_problems = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"from ciforum.people import jobs; jobs.run({job.pk})\n"
    )
    dead = subprocess.run([sys.executable, "-c", script], env=_environment(), timeout=120)
    assert dead.returncode == -9
    assert not SubmissionRow.objects.exists()
    assert jobs.due() == []  # its worker may still be alive

    Job.objects.update(started_at=clock.now() - jobs.SILENCE - timedelta(seconds=1))
    for pk in jobs.due():
        jobs.run(pk)

    submission.refresh_from_db()
    assert (submission.state, submission.rows.count()) == ("checked", 2)
    told_of = sorted(submission.problems.values_list("code", flat=True))
    assert told_of == ["bad_number", "no_line_has_whole"]


def _environment():
    """What a process needs to reach the test database."""
    wanted = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ciforum.settings",
        "DEBUG": "1",
        "SECRET_KEY": "only-for-development-and-tests",
        "PYTHONPATH": str(settings.BASE_DIR),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "DATABASE_URL": "postgres://nobody@localhost/replaced",
        "TEST_DATABASE": json.dumps({name: connection.settings_dict[name] for name in wanted}),
    }


def test_a_vanished_group_is_said_in_words(indicator, partner, run_jobs):
    columns = {**TABLE_MEANS.columns}
    columns["group"] = Column("group", labels={"all": "everyone", "white": "race:martian"})
    submission = told(indicator, partner, mapping=Mapping(columns))

    run_jobs()

    submission.refresh_from_db()
    assert (submission.state, submission.trouble["code"]) == ("uploaded", "group_gone")
    assert not submission.rows.exists()


def test_withdrawn_while_it_is_read(indicator, partner, run_jobs):
    submission = told(indicator, partner)
    submission.withdraw(by=partner.user)

    run_jobs()

    submission.refresh_from_db()
    assert submission.state == "withdrawn"
    assert not SubmissionRow.objects.exists()
    assert Job.objects.get().state == "done"


def test_of_a_file_of_people_only_counts_are_left(indicator, partner, run_jobs):
    submission = told(indicator, partner, PEOPLE, PEOPLE_MEAN, kind="people")
    path = Path(submission.file.storage.path)
    assert path.exists()

    run_jobs()

    submission.refresh_from_db()
    assert (submission.state, submission.lines) == ("checked", 121)
    assert submission.rows.get(stratum_key="").denominator == 121
    assert not path.exists()
    stored = StoredFile.objects.get(pk=submission.file_id)
    assert (stored.storage.name, bool(stored.forgotten_at)) == ("", True)
    assert "Rosa" not in _everything_kept()
    assert "Jane" not in _everything_kept()
    assert submission.problems.get().code == "rare_people_label"


def _everything_kept() -> str:
    """Every table but the sessions, as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(json_agg(t)::text, '') FROM \"{table}\" t")
            found.append(cursor.fetchone()[0])
    return json.dumps(found)


def test_an_unread_file_of_people_is_forgotten_after_a_day(indicator, partner):
    young = builders.a_submission(indicator, partner, content=PEOPLE, kind="people")
    old = builders.a_submission(indicator, partner, content=PEOPLE, kind="people")
    Submission.objects.filter(pk=old.pk).update(uploaded_at=clock.now() - timedelta(hours=25))
    path = Path(old.file.storage.path)

    forget_old_uploads()

    assert not path.exists()
    assert Path(young.file.storage.path).exists()


def test_what_a_crash_left_is_swept_up(indicator, partner, tmp_path):
    kept = builders.a_submission(indicator, partner)
    half_forgotten = builders.a_submission(indicator, partner, content=PEOPLE, kind="people")
    StoredFile.objects.filter(pk=half_forgotten.file_id).update(forgotten_at=clock.now())
    orphan = default_storage.save(f"{indicator.initiative_id}/never-committed", kept.file.storage)
    long_ago = time.time() - 3 * 60 * 60
    for name in (orphan, kept.file.storage.name):
        os.utime(default_storage.path(name), (long_ago, long_ago))
    marked = Path(tempfile.gettempdir()) / f"marked-{uuid4().hex}"
    marked.write_text("small counts")
    os.utime(marked, (long_ago, long_ago))

    leftovers.sweep()

    assert not marked.exists()

    assert not default_storage.exists(orphan)
    assert not Path(half_forgotten.file.storage.path).exists()
    assert default_storage.exists(kept.file.storage.name)


def test_a_receipt_that_fails_leaves_no_bytes(indicator, partner):
    before = _stored_files()

    with pytest.raises(DataError):
        Submission.receive(
            indicator=indicator,
            organization=partner.organization,
            file=SimpleUploadedFile("births.csv", TABLE),
            kind="table",
            header=[],
            signature="x" * 65,
            by=partner.user,
        )

    assert _stored_files() == before
    assert not StoredFile.objects.exists()


def _stored_files():
    return {each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()}

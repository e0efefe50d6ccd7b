"""The work in the background, with the processes that really do it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import duckdb
import pytest
import redis
from django.conf import settings
from django.core.files import File
from django.db import connection

from ciforum.celery import app
from ciforum.embedded.place import CHECKOUT
from ciforum.people.jobs import SILENCE, enqueue
from ciforum.people.models import Job
from ciforum.processes import born, signal_group, start, wait_for_end
from measurement.models import Submission
from measurement.reading.mapping import Column, Mapping
from tests import builders
from tests.house.trial_jobs import EFFECT, ROWS

REDIS = os.environ.get("CIFORUM_TEST_REDIS", "")
LONGEST = 60  # seconds to wait for anything on a slow machine
# As `make demo` and as the image start them.
POOLS = {
    "files": ["--pool", "threads", "--concurrency", "2"],
    "redis": ["--pool", "prefork", "--concurrency", "2"],
}
HAND_OUT = "import django; django.setup(); from tests.house import trial_jobs; trial_jobs.hand_out"
PERSONS = 2_000_000


def until(holds: Callable[[], object], what: str) -> None:
    end = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < end, f"still not so: {what}"
        time.sleep(0.1)


@dataclass
class Site:
    """A queue, a folder and this test's database, with the programs that work on them."""

    folder: Path
    pool: list[str]
    env: dict[str, str]
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def worker(self, name: str = "first") -> subprocess.Popen[bytes]:
        options = ["-n", f"{name}@%h", "-l", "INFO", "-I", "tests.house.trial_jobs", *self.pool]
        return self._celery(name, "worker", "--without-gossip", "--without-mingle", *options)

    def beat(self) -> subprocess.Popen[bytes]:
        schedule = str(self.folder / "beat")
        return self._celery("beat", "beat", "-l", "INFO", "--schedule", schedule, "--pidfile=")

    def _celery(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "ciforum", *words]
        program = start(command, log=self.folder / f"{name}.log", env=self.env, cwd=CHECKOUT)
        self.started.append(program)
        return program

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def wait_until_ready(self, *names: str) -> None:
        for name in names:
            until(lambda name=name: " ready." in self.log(name), f"{name} is ready")

    def office(self, kind: str, count: int = 1, **env: str) -> subprocess.Popen[bytes]:
        """A process of its own that enqueues jobs in one transaction, as the web does."""
        command = [sys.executable, "-c", f"{HAND_OUT}({kind!r}, {count})"]
        program = subprocess.Popen(
            command, env=self.env | env, cwd=CHECKOUT, stdout=subprocess.PIPE
        )
        self.started.append(program)
        return program


def handed_out(office: subprocess.Popen[bytes]) -> list[Job]:
    """The jobs it has enqueued, once it has."""
    keys = json.loads(office.communicate(timeout=LONGEST)[0])
    return list(Job.objects.filter(pk__in=keys).order_by("pk"))


def database_of_this_test() -> str:
    """Where the tests are, for the web's role."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def redis_of_this_process() -> str:
    """Tests run side by side, and no worker may take another one's jobs."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 16
    address = f"{REDIS.rpartition('/')[0]}/{number}"
    with redis.Redis.from_url(address) as queue:
        queue.flushdb()
    return address


def a_site(folder: Path, broker: str) -> Iterator[Site]:
    env = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"},
        "CIFORUM_LOCAL": str(folder),
        "CIFORUM_DEMO": "1",
        "DEBUG": "off",
        "SECRET_KEY": "of the tests",
        "DJANGO_SETTINGS_MODULE": "ciforum.settings",
        "DATABASE_URL": database_of_this_test(),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "JOB_SWEEP_SECONDS": "0.5",
        "REDIS_URL": redis_of_this_process() if broker == "redis" else "",
    }
    site = Site(folder, POOLS[broker], env)
    yield site
    for program in site.started:
        signal_group(program.pid, signal.SIGKILL)
        program.wait()


@pytest.fixture
def files(transactional_db, tmp_path) -> Iterator[Site]:
    yield from a_site(tmp_path, "files")


@pytest.fixture(
    params=[
        "files",
        pytest.param(
            "redis",
            marks=[
                pytest.mark.redis,
                pytest.mark.skipif(not REDIS, reason="no Redis (set CIFORUM_TEST_REDIS=redis://…)"),
            ],
        ),
    ]
)
def site(request, transactional_db, tmp_path) -> Iterator[Site]:
    yield from a_site(tmp_path, request.param)


def are_done(jobs: list[Job]) -> bool:
    done = Job.objects.filter(pk__in=[job.pk for job in jobs], state=Job.State.DONE)
    return done.count() == len(jobs)


def effects() -> list[list]:
    return sorted(Job.objects.filter(kind=EFFECT).values_list("args", flat=True))


def let_its_silence_be_noticed(job: Job) -> None:
    """Some minutes go by."""
    job.refresh_from_db()
    Job.objects.filter(pk=job.pk).update(started_at=job.started_at - SILENCE)


def test_every_periodic_task_exists():
    app.autodiscover_tasks(force=True)

    wanted = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert wanted - set(app.tasks) == set()


def test_two_workers_do_each_job_of_a_transaction_once_and_end_when_told(site):
    workers = [site.worker("first"), site.worker("second")]
    site.wait_until_ready("first", "second")

    hundred = handed_out(site.office("trial.mark", 100))  # no beat: the queue alone brings them

    until(lambda: are_done(hundred), "all are done")
    assert [number for number, _worker in effects()] == list(range(100))
    assert {worker.partition("@")[0] for _number, worker in effects()} == {"first", "second"}
    for worker in workers:
        worker.terminate()
    assert [worker.wait(10) for worker in workers] == [0, 0]  # `make demo` waits no longer
    assert complaints(site.log("first") + site.log("second")) == []


def complaints(log: str) -> list[str]:
    """Lines of a worker's log that somebody should look into; that root runs it is not one."""
    about_root = ("SecurityWarning", "_warn_or_raise_security_error")
    loud = ("warn", "error", "Traceback")
    return [
        line for line in log.splitlines()
        if any(word in line.lower() for word in loud) and not any(w in line for w in about_root)
    ]  # fmt: skip


def test_what_a_killed_worker_left_is_finished_by_the_next_one(site):
    worker = site.worker("first")
    site.beat()
    job = enqueue("trial.rows")
    until(lambda: Job.objects.get(pk=job.pk).percent == 50, "half of it is done")
    signal_group(worker.pid, signal.SIGKILL)
    worker.wait()
    assert len(effects()) == ROWS // 2

    let_its_silence_be_noticed(job)
    site.worker("second")

    until(lambda: are_done([job]), "the job is done")
    assert effects() == [[number] for number in range(ROWS)]
    assert Job.objects.get(pk=job.pk).tries == 2


def test_work_asked_for_while_the_queue_is_away_is_done_later(files, tmp_path):
    unusable = tmp_path / "unusable"
    unusable.mkdir()
    (unusable / "queue").write_text("a file where a folder should be")
    with socket.socket() as nobody, socket.socket() as silent:
        nobody.bind(("127.0.0.1", 0))
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        here = [f"redis://127.0.0.1:{each.getsockname()[1]}/0" for each in (nobody, silent)]
        offices = [
            files.office("trial.mark", CIFORUM_LOCAL=str(unusable)),
            files.office("trial.mark", REDIS_URL=here[0]),
            files.office("trial.mark", REDIS_URL=here[1]),
        ]
        files.worker()
        files.beat()
        waiting = [job for office in offices for job in handed_out(office)]

    until(lambda: are_done(waiting), "all are done")
    assert len(effects()) == len(waiting) == 3


PEOPLE = Mapping(
    {
        "county": Column("place", labels={"Here": "new:Here", "There": "new:There"}),
        "born": Column("period"),
        "race": Column("group", "race", labels={"Black": "race:black", "White": "race:white"}),
        "enrolled": Column("outcome", labels={"Yes": "yes", "No": "no"}),
    },
    kind="people",
    bucket="year",
)


@pytest.fixture
def file_of_people(tmp_path) -> Path:
    path = tmp_path / "people.csv"
    duckdb.execute("SELECT setseed(0.5)")
    duckdb.execute(
        f"""COPY (SELECT ['Here', 'There'][1 + i % 2] AS county,
        DATE '2015-01-01' + floor(random() * 2920)::INT AS born,
        ['Black', 'White'][1 + floor(random() * 2)::INT] AS race,
        ['Yes', 'No'][1 + floor(random() * 2)::INT] AS enrolled
        FROM range({PERSONS}) AS t(i)) TO '{path}' (HEADER)"""
    )
    return path


@pytest.fixture
def submission(transactional_db, file_of_people) -> Submission:
    """The file, uploaded by a partner and not read yet."""
    initiative = builders.an_initiative()
    partner = builders.a_member(
        initiative, "partner", organization=builders.an_organization(initiative)
    )
    indicator = builders.an_indicator(
        initiative, required=[builders.a_dimension(initiative)], by=partner.user
    )
    with file_of_people.open("rb") as content:
        return Submission.receive(
            indicator=indicator, organization=partner.organization, kind="people",
            file=File(content, "people.csv"), header=list(PEOPLE.columns), signature="test",
            by=partner.user,
        )  # fmt: skip


def counted(path: Path) -> dict[tuple[str, str, str], tuple[int, int]]:
    """What the file holds for each place, year and race, by another reader."""
    query = """SELECT county, year(born)::VARCHAR, race, count(*) FILTER (enrolled = 'Yes'),
               count(*) FROM read_csv(?) GROUP BY ALL"""
    rows = duckdb.execute(query, [str(path)]).fetchall()
    return {(place, year, f"race:{race.lower()}"): (x, n) for place, year, race, x, n in rows}


def staged(submission: Submission) -> dict[tuple[str, str, str], list[tuple[int, int]]]:
    """What was kept of it for each place, year and race."""
    found: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for row in submission.rows.exclude(group_keys=[]):
        key = (row.place_name, str(row.period_start.year), *row.group_keys)
        found.setdefault(key, []).append((row.numerator, row.denominator))
    return found


def children(pid: int) -> dict[int, str]:
    """Processes that this one has started, with their births."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid and (since := born(int(stat.parent.name))):
            found[int(stat.parent.name)] = since
    return found


def reported_by(reader: int, job: Job) -> int:
    """What is reported so far. The reader gets little time and is left standing: however fast
    the machine, it is still there when its worker is killed."""
    os.kill(reader, signal.SIGCONT)
    time.sleep(0.02)
    os.kill(reader, signal.SIGSTOP)
    return Job.objects.get(pk=job.pk).percent


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_a_long_reading_reports_leaves_no_orphan_and_counts_once(files, submission, file_of_people):
    worker = files.worker("first")
    files.beat()
    submission.read_as(PEOPLE, by=submission.uploaded_by)
    job = submission.job
    until(lambda: children(worker.pid), "there is a reader")
    readers = children(worker.pid)
    assert len(readers) == 1
    (reader,) = readers
    until(lambda: reported_by(reader, job), "some of it is reported")
    worker.kill()
    worker.wait()
    os.kill(reader, signal.SIGCONT)

    assert wait_for_end(readers, LONGEST)
    job.refresh_from_db()
    assert (job.state, 0 < job.percent < 90, job.tries) == ("running", True, 1)

    expected = counted(file_of_people)
    let_its_silence_be_noticed(job)
    files.worker("second")

    until(lambda: are_done([job]), "the reading is done")
    assert staged(submission) == {key: [numbers] for key, numbers in expected.items()}
    assert Job.objects.get(pk=job.pk).tries == 2


def it_watches(readers: dict[int, str]) -> bool:
    """Whether a reader has come so far that a thread of it watches its parent."""
    return any(len(list(Path(f"/proc/{pid}/task").iterdir())) > 1 for pid in readers)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("has_come_so_far", [bool, it_watches])
def test_a_reader_ends_with_its_parent_however_long_it_would_read(tmp_path, has_come_so_far):
    endless = tmp_path / "endless.csv"
    os.mkfifo(endless)  # nobody ever writes into it
    code = f"from measurement.reading import child; child.run('open', {str(endless)!r})"
    parent = start([sys.executable, "-c", code], log=tmp_path / "log", cwd=CHECKOUT)
    until(lambda: has_come_so_far(children(parent.pid)), "there is a reader")
    readers = children(parent.pid)

    parent.kill()
    parent.wait()

    assert len(readers) == 1
    assert wait_for_end(readers, LONGEST)

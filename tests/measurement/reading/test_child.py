from __future__ import annotations

import copy
import tempfile
import time

import pytest

from measurement.reading import child
from measurement.reading.errors import Unreadable
from measurement.reading.mapping import BadMapping, Column, Mapping
from tests.measurement.reading.files import RACES, long_mapping, write

TABLE = "place,year,group,number,of\nVirginia,2019,all,5,90\n"
PEOPLE = Mapping({"id": Column("ignore")}, kind="people", place="va", period="2019")


def test_a_table_is_read_in_another_process(tmp_path):
    path = write(tmp_path, TABLE)

    reading = child.run("table", path, long_mapping(), groups=RACES)

    assert [(row.line, row.numerator, row.period.label) for row in reading.rows] == [(2, 5, "2019")]


def test_opening_guessing_and_labels_go_through_it_too(tmp_path):
    path = write(tmp_path, TABLE)

    source = child.run("open", str(path))
    mapping = child.run("guess", path, groups=RACES)

    assert (source.header[0], source.sample[0].line) == ("place", 2)
    assert mapping.columns["group"].labels == {"all": "everyone"}
    assert child.run("labels", path, mapping)["group"][0].key == "everyone"


def test_progress_is_told(tmp_path):
    told: list[float] = []

    reading = child.run("people", write(tmp_path, "id\n1\n2\n"), PEOPLE, on_progress=told.append)

    assert reading.persons == 2
    assert told[-1] == 1.0


@pytest.mark.parametrize(
    ("content", "mapping", "error", "code"),
    [
        ("%PDF", long_mapping(), Unreadable, "is_pdf"),
        ("a,b\n1,2\n", long_mapping(), BadMapping, "mapping_no_column"),
    ],
)
def test_refusals_come_through(tmp_path, content, mapping, error, code):
    with pytest.raises(error) as refused:
        child.run("table", write(tmp_path, content), mapping)

    assert refused.value.code == code


def test_time_runs_out(tmp_path):
    path = write(tmp_path, TABLE)
    started = time.monotonic()

    with pytest.raises(Unreadable) as refused:
        child.run("table", path, long_mapping(), seconds=0.05)

    assert refused.value.code == "too_slow"
    assert time.monotonic() - started < 5


def test_memory_runs_out(tmp_path):
    with pytest.raises(Unreadable) as refused:
        child.run("table", write(tmp_path, TABLE), long_mapping(), memory_mb=20)

    assert refused.value.code == "too_heavy"


def test_a_child_that_dies_is_a_file_too_heavy(tmp_path, monkeypatch):
    start = child._start

    def start_and_kill(folder):
        process = start(folder)
        process.kill()
        return process

    monkeypatch.setattr(child, "_start", start_and_kill)

    with pytest.raises(Unreadable) as refused:
        child.run("table", write(tmp_path, TABLE), long_mapping())

    assert refused.value.code == "too_heavy"


def test_a_fault_of_ours_names_no_content(tmp_path):
    with pytest.raises(child.ChildFailed) as failed:
        child.run("table", write(tmp_path, "secret\nperson\n"), "not a mapping")

    assert str(failed.value).startswith("AttributeError at ")


def test_only_readings_can_be_asked_for():
    with pytest.raises(ValueError, match="system"):
        child.run("system", "true")


def test_its_folder_is_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()

    child.run("open", write(tmp_path, TABLE))

    assert list((tmp_path / "temp").iterdir()) == []


def test_errors_survive_the_pipe():
    error = copy.copy(Unreadable("too_large", megabytes=3))  # what pickle does, too
    bad = copy.copy(BadMapping("mapping_no_column", name="x"))

    assert (error.code, error.params) == ("too_large", {"megabytes": 3})
    assert (bad.code, bad.params) == ("mapping_no_column", {"name": "x"})

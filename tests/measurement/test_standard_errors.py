"""A survey's standard error: read, approved, used for intervals, never a way to a hidden number."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from types import SimpleNamespace

import duckdb
import pytest
from django.db import IntegrityError
from django.urls import reverse

from measurement.boarding import panes
from measurement.drawing import figures, sheet
from measurement.models import Observation, ReleaseCell
from measurement.protecting.rehearsal import rehearse
from measurement.protecting.rolling import Counted as Part
from measurement.protecting.rolling import RolledUp, Sum
from measurement.reading.mapping import Column, Mapping
from measurement.reliability import present_proportion, present_rate
from measurement.showing import printing
from measurement.showing.derived import of
from measurement.showing.judging import Counted, judge
from measurement.showing.shown import Choice, show
from tests import builders
from tests.measurement.test_handin_real_files import mapped, read, write

HEADER = "town,year,number,births,percent,percent se\n"
# Of 400 asked, 100: a simple sample would have an error of 2.2 points.
WHOLE = {
    "": (100, 400, "0.030"),
    "race:white": (60, 240, "0.035"),
    "race:black": (40, 160, "0.045"),
}
# One group is too small to show, so another goes with it.
SMALL = {
    "": (154, 600, "0.020"),
    "race:white": (110, 400, "0.025"),
    "race:black": (40, 160, "0.210"),
    "race:other": (4, 40, "0.050"),
}


# --- reading


def test_it_is_read_in_the_unit_of_the_rate(tmp_path):
    path = write(tmp_path, HEADER + "Here,2020,25,100,25,4.5\nThere,2020,20,80,25,\n")
    columns = mapped(path).columns
    assert columns["percent se"].role == "se"  # proposed by its name

    reading = read(path, mapped(path))

    assert [row.se for row in reading.rows] == [Decimal("0.045"), None]


def test_one_that_no_rate_can_have_keeps_the_line_out(tmp_path):
    path = write(tmp_path, HEADER + "Here,2020,25,100,25,450\nThere,2020,20,80,25,5\n")

    reading = read(path, mapped(path))

    assert [(each.line, each.code) for each in reading.errors] == [(2, "se_out_of_range")]
    assert [row.place for row in reading.rows] == ["new:There"]


def test_without_a_number_it_says_nothing(tmp_path):
    path = write(tmp_path, HEADER + "Here,2020,s,100,,4.5\nThere,2020,20,80,25,5\n")

    assert [row.se for row in read(path, mapped(path)).rows] == [None, Decimal("0.05")]


def test_beside_a_bare_count_it_is_in_people(tmp_path):
    path = write(tmp_path, "town,year,cases,stderr\nHere,2020,250,31.5\n")
    columns = {
        "town": Column("place", labels={"Here": "new"}),
        "year": Column("period"),
        "cases": Column("numerator"),
        "stderr": Column("se"),
    }

    assert [row.se for row in read(path, Mapping(columns)).rows] == [Decimal("31.5")]


@pytest.mark.parametrize("name", ["Se graduaron", "margin of error", "standard score"])
def test_other_words_are_not_taken_for_it(tmp_path, name):
    path = write(tmp_path, f"town,year,cases,births,{name}\nHere,2020,25,100,3\n")

    found = mapped(path).columns.get(name)

    assert found is None or found.role != "se"


# --- judging


def version(measure="proportion", scale=100):
    return SimpleNamespace(measure=measure, scale=scale)


PLAIN = SimpleNamespace(reliable_count=0)


@pytest.mark.parametrize(("x", "n", "se"), [(100, 400, 0.03), (12, 60, 0.09), (50, 100, 0.2)])
def test_a_share_is_judged_by_korn_and_graubard(x, n, se):
    (found,) = judge([Counted(x, n, None, version(), PLAIN, Decimal(str(se)))])

    alone = present_proportion(x, n, se=se)
    assert found.decision == alone.decision
    assert (found.low, found.high) == pytest.approx([100 * end for end in alone.interval])
    assert found.se == pytest.approx(100 * se)


def test_a_rate_is_judged_by_its_own_error_too():
    (found,) = judge([Counted(50, 4000, None, version("rate", 1000), PLAIN, Decimal("0.003"))])

    alone = present_rate(50, 4000, per=1000, se=12)
    assert (found.low, found.high) == pytest.approx(alone.interval)
    assert found.decision == alone.decision


def test_added_up_the_error_is_that_of_independent_samples():
    def part(number, n, se):
        return Part(number, 1, 1, frozenset(), 10, n, se=se and Decimal(se))

    known = Sum(RolledUp.PARENT, 1, 1, frozenset(), (part(1, 100, "0.03"), part(2, 300, "0.04")))
    unknown = Sum(RolledUp.PARENT, 1, 1, frozenset(), (part(1, 100, "0.03"), part(2, 300, None)))

    assert float(known.se) == pytest.approx(((3**2 + 12**2) ** 0.5) / 400)
    assert unknown.se is None


# --- from approval to the public


@pytest.fixture
def released(initiative, partner, backbone):
    """Release these numbers of 2020, each with its standard error."""
    builders.a_dimension(initiative)

    def make(numbers):
        made = builders.an_indicator(initiative, slug="hope")
        rows = {(2020, "Here", *filter(None, [g])): (x, n) for g, (x, n, _se) in numbers.items()}
        submission = builders.handed_in(made, partner, rows)
        for row in submission.rows.all():
            key = "".join(row.group_keys)
            submission.rows.filter(pk=row.pk).update(se=Decimal(numbers[key][2]))
        submission.approve(by=backbone.user)
        builders.a_release(made, backbone, ready=True).publish(by=backbone.user)
        return made

    return make


def cells():
    return {
        "".join(group.code for group in cell.stratum.groups.all()): (
            None if cell.se is None else float(cell.se),
            cell.kept_error,
        )
        for cell in ReleaseCell.objects.all()
    }


def row_of(indicator, by, group):
    derived = of(show(indicator, Choice(by=by)))
    cell = next(each for each in derived.shown.cells if each.series.key == group)
    return derived, cell


@pytest.mark.django_db
def test_where_nothing_is_hidden_it_is_shown_and_used(released, client):
    made = released(WHOLE)

    derived, cell = row_of(made, "race", "race:black")
    assert cells() == {"": (0.03, ""), "white": (0.035, ""), "black": (0.045, "")}
    alone = present_proportion(40, 160, se=0.045)
    assert derived.precision(cell).low == pytest.approx(100 * alone.interval[0])

    rows = list(csv.DictReader(io.StringIO(sheet.sheet(derived).decode("utf-8-sig"))))
    assert {row["standard_error"] for row in rows} == {"3.000000", "3.500000", "4.500000"}


@pytest.mark.django_db
def test_the_api_tells_it_in_the_unit_of_the_rate(released, client, tmp_path):
    made = released(WHOLE)
    address = [made.initiative.slug, "hope"]

    rows = client.get(reverse("api:cells", args=address)).json()["items"]

    black = next(row for row in rows if row["group_code"] == "race:black")
    alone = present_proportion(40, 160, se=0.045)
    assert black["standard_error"] == 4.5
    assert black["low_95"] == pytest.approx(100 * alone.interval[0], abs=1e-6)
    path = tmp_path / "cells.parquet"
    answer = client.get(reverse("api:cells_file", args=[*address, "parquet"]))
    path.write_bytes(answer.content)
    query = f"SELECT max(standard_error) FROM '{path}'"
    assert duckdb.sql(query).fetchall() == [(4.5,)]


@pytest.mark.django_db
def test_beside_a_hidden_number_no_error_is_told_but_what_it_came_to(released, client):
    made = released(SMALL)

    found = cells()
    assert {error for error, _kept in found.values()} == {None}
    assert found[""] == (None, "kept")
    hidden = [name for name, (_se, kept) in found.items() if not kept]
    assert "other" in hidden

    derived, everyone = row_of(made, "", "")
    assert printing.value(derived, everyone) == "25.7%"
    assert printing.interval(derived, everyone) == ""
    assert derived.precision(everyone).se is None
    rows = client.get(reverse("api:cells", args=[made.initiative.slug, "hope"])).json()["items"]
    assert {row["standard_error"] for row in rows} == {None}
    assert {row["low_95"] for row in rows} == {None}


@pytest.mark.django_db
def test_no_chart_bar_or_measure_tells_an_error_that_is_kept_back(released):
    derived = of(show(released(SMALL), Choice(by="race")))

    bars = [trace["error_y"] for trace in figures.lines(derived)["data"] if "error_y" in trace]
    assert bars
    assert {end for each in bars for end in (*each["array"], *each["arrayminus"])} == {None}
    assert {each.interval for each in panes.bars(derived)} == {""}
    assert {each.se for each in derived.measures.values()} == {None}


@pytest.mark.django_db
def test_an_imprecise_estimate_is_unreliable_though_its_error_is_kept_back(
    released, client, initiative
):
    """Everyone's own error is so large that nobody may rely on it; a group beside it is hidden."""
    made = released({**SMALL, "": (154, 600, "0.150")})

    derived, everyone = row_of(made, "", "")

    assert cells()[""] == (None, "unreliable")
    assert printing.value(derived, everyone) == "[u]"
    rows = client.get(reverse("api:cells", args=[initiative.slug, "hope"])).json()["items"]
    whole = next(row for row in rows if row["group_code"] == "")
    assert (whole["rate"], whole["sign"]) == (None, "unreliable")


@pytest.mark.django_db
def test_an_error_that_tells_of_few_people_is_kept_back(released):
    """25 % with an error of 14 points: as precise as ten people, fewer than may be shown."""
    released({**WHOLE, "race:black": (40, 160, "0.140")})

    assert cells()["black"] == (None, "unreliable")
    assert cells()[""] == (None, "kept")


@pytest.mark.django_db
@pytest.mark.parametrize("field", [{"se": Decimal("0.1")}, {"kept_error": "kept"}])
def test_a_hidden_cell_cannot_hold_one(released, partner, backbone, field):
    made = released(SMALL)
    builders.approved(made, partner, backbone, {(2021, "Here"): (100, 400)})
    draft = builders.a_release(made, backbone)
    cell = ReleaseCell.objects.filter(is_protected=True).first()
    cell.pk, cell.release = None, draft
    for name, value in field.items():
        setattr(cell, name, value)

    with pytest.raises(IntegrityError, match="protected_cells_hold_no_error"):
        cell.save(force_insert=True)


@pytest.mark.django_db
def test_another_error_of_the_same_count_is_a_new_revision(released, partner, backbone):
    made = released(WHOLE)
    again = builders.handed_in(made, partner, {(2020, "Here"): (100, 400)}, reason="New weights")
    again.rows.update(se=Decimal("0.025"))

    again.approve(by=backbone.user)

    newest = Observation.objects.get(stratum__key="", is_current=True)
    assert (newest.revision, float(newest.se)) == (2, 0.025)


@pytest.mark.django_db
def test_a_sample_that_is_kept_back_still_decides(initiative, partner, backbone):
    """154 of 600 stand for a sample of 24: too few to rely on, whether or not it may be told."""
    builders.a_dimension(initiative)
    made = builders.an_indicator(initiative)
    rows = {(2020, "Here", *filter(None, [g])): (x, n) for g, (x, n, _se) in SMALL.items()}
    submission = builders.handed_in(made, partner, rows)
    submission.rows.filter(group_keys=["race:white"]).update(sample_size=24)
    submission.approve(by=backbone.user)
    draft = builders.a_release(made, backbone, ready=True)

    table = rehearse(draft)
    white = next(cell for cell in table.cells if cell.series.key == "race:white")
    before = printing.texts(table, white).rate
    draft.publish(by=backbone.user)

    derived, cell = row_of(made, "race", "race:white")
    assert (cell.sample_size, cell.kept_error) == (None, "unreliable")
    assert (before, printing.value(derived, cell)) == ("[u]", "[u]")

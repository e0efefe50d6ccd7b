"""Nothing that a rule reads can change between its answer and the step it lets through.

Each side runs in a thread with a connection of its own. A rule added for the test stops the one
that publishes, after the real rules have answered, until the other has had its chance.
"""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection

from ciforum.people.models import AuditLine
from ciforum.people.words import Words
from equity.gates import GateClosed, Met, publish_release
from equity.models import Dimension, LedgerEntry, Policy
from measurement.models import DataRequest, Release, Submission
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class Side(threading.Thread):
    """One of two people who act at the same moment; `ended` is what came of it."""

    def __init__(self, act):
        super().__init__(daemon=True)
        self.act, self.ended = act, None

    def run(self):
        try:
            self.act()
            self.ended = "done"
        except Exception as error:
            self.ended = error
        finally:
            connection.close()

    def is_waiting(self):
        """True as soon as somebody waits for a lock, False when it ends without."""
        while self.is_alive():
            with connection.cursor() as cursor:
                cursor.execute(WAITING)
                if cursor.fetchone()[0]:
                    return True
            time.sleep(0.01)
        return False


@pytest.fixture
def pause():
    """Stop whoever publishes inside the gate: `.reached` when there, `.go_on` to let it pass."""

    class Pause:
        reached, go_on = threading.Event(), threading.Event()

    @publish_release.rule(strategy=5, code="pause", promise="…")
    def wait(release, policy):
        Pause.reached.set()
        assert Pause.go_on.wait(20)
        return Met()

    yield Pause
    Pause.go_on.set()
    publish_release.rules = [rule for rule in publish_release.rules if rule.code != "pause"]


@pytest.fixture
def race(initiative):
    return builders.a_dimension(initiative, groups=["white", "black"])


@pytest.fixture
def indicator(initiative, race):
    return builders.an_indicator(initiative, required=[race])


def numbers(year, small=12):
    return {
        (year, "here"): (100, 1000),
        (year, "here", "race:white"): (100 - small, 800),
        (year, "here", "race:black"): (small, 200),
    }


@pytest.fixture
def release(indicator, partner, backbone):
    """A release that every rule is content with."""
    builders.approved(indicator, partner, backbone, numbers(2020))
    return builders.a_release(indicator, backbone, ready=True)


def publish(release, backbone):
    return Side(lambda: Release.objects.get(pk=release.pk).publish(by=backbone.user))


def changes(indicator, race, partner, backbone):
    """Everything that changes what the gate reads, by name."""
    again = numbers(2020, small=3)
    submission = builders.handed_in(indicator, partner, again, reason="counted again")
    return {
        "approve": lambda: Submission.objects.get(pk=submission.pk).approve(by=backbone.user),
        "tighten": lambda: Policy.of(indicator.initiative).tighten(
            by=backbone.user, small_count=40
        ),
        "add_group": lambda: Dimension.objects.get(pk=race.pk).add_group(
            code="asian", name=Words(en="Asian"), by=backbone.user
        ),
        "revise": lambda: Dimension.objects.get(pk=race.pk).revise(by=backbone.user),
        "tell": lambda: Release.objects.get(indicator=indicator).tell(
            story=Words(en="Short."), by=backbone.user
        ),
        "describe": lambda: (
            type(indicator)
            .objects.get(pk=indicator.pk)
            .describe(by=backbone.user, required_dimensions=[])
        ),
    }


@pytest.mark.parametrize(
    "change", ["approve", "tighten", "add_group", "revise", "tell", "describe"]
)
def test_a_change_waits_until_the_release_is_through_its_gate(
    change, pause, release, indicator, race, partner, backbone
):
    change = Side(changes(indicator, race, partner, backbone)[change])
    publishing = publish(release, backbone)

    publishing.start()
    assert pause.reached.wait(20)
    change.start()
    was_waiting = change.is_waiting()
    pause.go_on.set()
    publishing.join(20)
    change.join(20)

    assert was_waiting
    assert publishing.ended == "done"
    assert published_black(release) == 12


def published_black(release):
    group = "black"
    return release.cells.get(stratum__groups__code=group, period__start__year=2020).numerator


@pytest.mark.parametrize(
    ("change", "held_by"),
    [
        ("approve", "protection_stale"),
        ("tighten", "protection_weak"),
        ("add_group", "groups_missing"),
        ("tell", "story_missing"),
    ],
)
def test_a_release_waits_for_the_change_and_is_held_by_it(
    change, held_by, release, indicator, race, partner, backbone, monkeypatch
):
    """The change holds its locks, its last line not yet written, while somebody publishes."""
    before_its_end, go_on = threading.Event(), threading.Event()
    write = AuditLine.objects.create

    def slowly(**line):
        if threading.current_thread().name == "changing":
            before_its_end.set()
            assert go_on.wait(20)
        return write(**line)

    changing = Side(changes(indicator, race, partner, backbone)[change])
    changing.name = "changing"
    monkeypatch.setattr(AuditLine.objects, "create", slowly)
    publishing = publish(release, backbone)

    changing.start()
    assert before_its_end.wait(20)
    publishing.start()
    was_waiting = publishing.is_waiting()
    go_on.set()
    changing.join(20)
    publishing.join(20)

    assert was_waiting
    assert changing.ended == "done"
    assert isinstance(publishing.ended, GateClosed)
    assert held_by in [unmet.code for unmet in publishing.ended.unmet]
    assert not release.cells.exists()


def test_a_refused_request_and_a_release_never_meet(pause, initiative, partner, backbone):
    race = builders.a_dimension(initiative, groups=["white"])
    indicator = builders.an_indicator(initiative, required=[race])
    builders.approved(indicator, partner, backbone, {(2020, "here"): (100, 1000)})
    request = builders.a_request(indicator, race, backbone)
    release = builders.a_release(indicator, backbone, ready=True)
    answering = Side(
        lambda: DataRequest.objects.get(pk=request.pk).record_answer(
            outcome="refused", answer="We do not count it.", by=backbone.user
        )
    )
    publishing = publish(release, backbone)

    publishing.start()
    assert pause.reached.wait(20)
    answering.start()
    was_waiting = answering.is_waiting()
    pause.go_on.set()
    publishing.join(20)
    answering.join(20)

    assert (was_waiting, publishing.ended, answering.ended) == (True, "done", "done")


def test_of_two_who_publish_at_once_one_passes(release, backbone):
    sides = [publish(release, backbone), publish(release, backbone)]

    for side in sides:
        side.start()
    for side in sides:
        side.join(20)

    assert sorted(str(side.ended) == "done" for side in sides) == [False, True]
    assert LedgerEntry.objects.filter(kind="pass").count() == 1


@pytest.mark.parametrize("lead", [0, 0.005, 0.01, 0.02, 0.04, 0.08])
def test_whoever_comes_first_no_row_slips_past_the_gate(
    lead, release, indicator, race, partner, backbone
):
    """Publishing and approving start together; what is public is what the gate saw."""
    approving = Side(changes(indicator, race, partner, backbone)["approve"])
    publishing = publish(release, backbone)

    publishing.start()
    time.sleep(lead)
    approving.start()
    publishing.join(20)
    approving.join(20)

    assert approving.ended == "done"
    if publishing.ended == "done":
        assert published_black(release) == 12
    else:
        assert [unmet.code for unmet in publishing.ended.unmet] == ["protection_stale"]
        assert not release.cells.exists()

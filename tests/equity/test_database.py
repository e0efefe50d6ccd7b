"""What the database holds, whoever asks it."""

from __future__ import annotations

import pgtrigger
import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ciforum.people.models import AuditLine
from ciforum.people.transitions import audit
from ciforum.people.words import Words
from equity.gates import Met
from equity.models import Dimension, Group, LedgerEntry, Policy
from tests import builders

APPEND_ONLY = """
    SELECT tgname FROM pg_trigger WHERE tgrelid = 'equity_ledgerentry'::regclass
    AND tgname LIKE 'pgtrigger_append_only%'
"""


@pytest.fixture
def entry(gate, step):
    gate.rule(strategy=1, code="one", promise="…")(lambda record, policy: Met())
    return gate.require(step, by=None)


def test_the_ledger_can_not_be_changed_or_removed(entry):
    rows = LedgerEntry.objects.filter(pk=entry.pk)

    for change in (lambda: rows.update(kind="hold"), rows.delete):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()


def test_the_trail_of_states_can_not_be_changed_or_removed(initiative):
    audit(builders.a_dimension(initiative), before="", after="test", by=None)

    for change in (lambda: AuditLine.objects.update(after="other"), AuditLine.objects.all().delete):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE equity_ledgerentry CASCADE",
        "ALTER TABLE equity_ledgerentry ADD COLUMN x int",
        "ALTER TABLE equity_ledgerentry DISABLE TRIGGER ALL",
        "DROP TABLE equity_ledgerentry",
        "DROP FUNCTION public._pgtrigger_should_ignore",
        "CREATE TABLE public.mine (x int)",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) "
        "RETURNS BOOLEAN LANGUAGE sql AS 'SELECT true'",
    ],
)
def test_the_web_can_not_walk_round_the_triggers(web, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(statement)


def test_the_web_can_not_switch_triggers_off_for_its_session(web, entry):
    [name] = web.execute(APPEND_ONLY).fetchone()
    web.execute(f"SET pgtrigger.ignore = '{{{name}}}'")

    with pytest.raises(psycopg.DatabaseError, match="Cannot update or delete"):
        web.execute("DELETE FROM equity_ledgerentry")
    with pgtrigger.ignore("equity.LedgerEntry:append_only"):  # the owner may: full import
        assert LedgerEntry.objects.filter(pk=entry.pk).delete()[0] == 1


def test_no_table_of_a_session_stands_in_for_one_that_triggers_ask(web):
    elsewhere = """
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        AND prorettype = 'trigger'::regtype
        AND NOT 'search_path=pg_catalog, public, pg_temp' = ANY(coalesce(proconfig, '{}'))
    """

    assert web.execute(elsewhere).fetchall() == []


def test_the_web_reads_and_adds(web, entry):
    web.execute(
        "INSERT INTO equity_ledgerentry (uid, initiative_id, kind, gate, record_kind, record_uid,"
        " label, url, answers, at) SELECT gen_random_uuid(), initiative_id, 'hold', gate,"
        " record_kind, record_uid, label, url, answers, at FROM equity_ledgerentry"
    )

    assert web.execute("SELECT kind FROM equity_ledgerentry ORDER BY id").fetchall() == [
        ("pass",),
        ("hold",),
    ]


def test_a_group_belongs_to_the_dimension_of_its_parent(initiative):
    race = builders.a_dimension(initiative, groups=["asian"])
    language = builders.a_dimension(initiative, code="language", groups=[])

    with pytest.raises(IntegrityError, match="belong to one dimension"), transaction.atomic():
        Group.objects.create(
            initiative=initiative,
            dimension=language,
            code="hmong",
            name=Words(en="Hmong"),
            parent=race.groups.get(),
        )


@pytest.mark.parametrize("field", ["parent", "code"])
def test_a_group_keeps_its_place_so_the_tree_has_no_circle(initiative, field):
    race = builders.a_dimension(initiative, groups=["asian", "asian/hmong"])
    asian, hmong = race.groups.order_by("pk")
    change = {"parent": hmong} if field == "parent" else {"code": "other"}

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Group.objects.filter(pk=asian.pk).update(**change)


def test_a_dimension_keeps_its_kind(initiative):
    race = builders.a_dimension(initiative)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Dimension.objects.filter(pk=race.pk).update(kind="overlapping")


@pytest.mark.parametrize("looser", [{"small_count": 10}, {"story_words": 24}, {"waiver_days": 91}])
def test_no_threshold_goes_below_the_common_floor(initiative, looser):
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.filter(initiative=initiative).update(**looser)


def test_a_release_is_not_published_by_writing_its_state(initiative, backbone, partner):
    indicator = builders.an_indicator(initiative)
    builders.approved(indicator, partner, backbone, {(2020, "here"): (30, 300)})
    release = builders.a_release(indicator, backbone, ready=True)
    rows = type(release).objects.filter(pk=release.pk)

    for state in (
        {"state": "published"},
        {"state": "published", "passed": None, "published_at": release.drafted_at},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**state)


def test_a_release_does_not_pass_with_the_ledger_entry_of_another(initiative, backbone, partner):
    indicator, other = builders.an_indicator(initiative), builders.an_indicator(initiative)
    for each in (indicator, other):
        builders.approved(each, partner, backbone, {(2020, "here"): (30, 300)})
    release = builders.a_release(indicator, backbone, ready=True)
    theirs = builders.a_release(other, backbone, ready=True)
    theirs.publish(by=backbone.user)

    with pytest.raises(IntegrityError, match="through its gate only"), transaction.atomic():
        type(release).objects.filter(pk=release.pk).update(
            state="published", passed=theirs.passed, published_at=theirs.published_at
        )

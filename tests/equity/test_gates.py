"""A gate is closed until every rule is met, whatever happens inside the rules."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from ciforum.people import checks
from equity.gates import Gate, GateClosed, Met, NotYet, Unmet, publish_release
from equity.models import LedgerEntry
from measurement.models import Release


def rule(gate, verdict, code="one", **more):
    """Register a rule that answers `verdict`, or runs it when it is a function."""
    ask = verdict if callable(verdict) else lambda record, policy: verdict
    gate.rule(strategy=1, code=code, promise="…", **more)(ask)


def crash(record, policy):
    raise RuntimeError("out of order")


def broken_query(record, policy):
    with connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column FROM equity_policy")
    return Met()


def test_a_met_rule_lets_through_and_the_ledger_keeps_its_evidence(gate, step, backbone):
    rule(gate, Met({"seen": 3}))

    entry = gate.require(step, by=backbone.user)

    assert (entry.kind, entry.gate, entry.record_uid, entry.by_uid) == (
        "pass",
        "tests.step.go",
        step.uid,
        backbone.user.uid,
    )
    assert entry.answers == [
        {"rule": "one", "strategy": 1, "outcome": "met", "code": "one", "params": {"seen": 3}}
    ]


def test_every_objection_is_said_at_once(gate, step):
    rule(gate, Unmet("too_few", {"wanted": 3}), "one")
    rule(gate, Met(), "two")
    rule(gate, Unmet("too_late"), "three")

    with pytest.raises(GateClosed) as closed:
        gate.require(step, by=None)

    assert closed.value.unmet == [Unmet("too_few", {"wanted": 3}), Unmet("too_late")]


def test_a_rule_that_crashes_holds_the_step(gate, step):
    rule(gate, crash)

    with pytest.raises(GateClosed) as closed:
        gate.require(step, by=None)

    assert closed.value.unmet == [Unmet("could_not_be_checked", {"rule": "one"})]


@pytest.mark.parametrize(
    "answer", [None, True, "yes", Met, Met({"when": object()}), Met({1.5: set()})]
)
def test_what_is_no_verdict_holds_the_step(gate, step, answer):
    rule(gate, lambda record, policy: answer)

    with pytest.raises(GateClosed) as closed:
        gate.require(step, by=None)

    assert [unmet.code for unmet in closed.value.unmet] == ["could_not_be_checked"]


def test_a_query_that_fails_in_one_rule_does_not_silence_the_next(gate, step):
    rule(gate, broken_query, "broken")
    rule(gate, lambda record, policy: Met({"policies": type(policy).objects.count()}), "counts")

    answers = gate.ask(step)

    assert [(answer.rule.code, answer.outcome, answer.params) for answer in answers] == [
        ("broken", "unmet", {"rule": "broken"}),
        ("counts", "met", {"policies": 1}),
    ]


def test_what_waits_is_never_counted_as_met(gate, step):
    gate.later(strategy=4, code="voices", promise="…", until="stories")
    rule(gate, NotYet("letter"), "later_in_words")

    with pytest.raises(GateClosed) as closed:
        gate.require(step, by=None)

    assert closed.value.unmet == [Unmet("no_rule_in_force")]


def test_what_waits_stands_in_the_ledger_as_not_yet(gate, step):
    gate.later(strategy=4, code="voices", promise="…", until="stories")
    rule(gate, Met())

    entry = gate.require(step, by=None)

    assert [(answer["rule"], answer["outcome"]) for answer in entry.answers] == [
        ("voices", "not_yet"),
        ("one", "met"),
    ]


def test_a_gate_without_a_rule_lets_nothing_through(gate, step):
    with pytest.raises(GateClosed):
        gate.require(step, by=None)

    assert not LedgerEntry.objects.filter(kind="pass").exists()


def test_the_site_refuses_to_start_when_a_gate_has_no_rule(gate):
    gate.model = publish_release.model

    with pytest.raises(ImproperlyConfigured, match=r"tests.step.go has no rule in force"):
        checks.refuse_to_start_unsafe()


def test_the_site_refuses_to_start_when_a_gate_only_waits(gate):
    gate.model = publish_release.model
    gate.later(strategy=4, code="voices", promise="…", until="stories")

    with pytest.raises(ImproperlyConfigured, match=r"tests.step.go has no rule in force"):
        checks.refuse_to_start_unsafe()


def test_the_site_refuses_to_start_when_nobody_passes_a_gate(gate):
    rule(gate, Met())

    with pytest.raises(ImproperlyConfigured, match=r"No model passes the gate tests.step.go"):
        checks.refuse_to_start_unsafe()


def test_the_site_refuses_to_start_when_the_database_does_not_know_the_gate(gate):
    rule(gate, Met())
    gate.guards(Release)

    with pytest.raises(ImproperlyConfigured, match=r"No trigger holds measurement.Release back"):
        checks.refuse_to_start_unsafe()


def test_the_site_starts_as_it_is():
    checks.refuse_to_start_unsafe()

    assert publish_release.model is Release


def test_a_gate_and_a_rule_have_their_name_once(gate):
    rule(gate, Met())

    with pytest.raises(ValueError, match="stands twice"):
        Gate(gate.name, "Again")
    with pytest.raises(ValueError, match="already"):
        rule(gate, Met())
    with pytest.raises(ValueError, match="no equity strategy 6"):
        gate.later(strategy=6, code="six", promise="…", until="letter")


def test_a_record_is_found_in_its_own_initiative_only(gate, initiative, db):
    from tests import builders  # noqa: PLC0415 - only this test needs them

    elsewhere = builders.an_initiative()
    gate.guards(builders.a_dimension(elsewhere).__class__)
    theirs = builders.a_dimension(elsewhere, code="language")

    assert gate.find(elsewhere, theirs.uid) == theirs
    assert gate.find(initiative, theirs.uid) is None

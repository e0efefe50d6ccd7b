"""A held step leaves nothing behind but the hold itself."""

from __future__ import annotations

import pytest

from ciforum.people.models import Place
from ciforum.people.transitions import verb
from equity.gates import GateClosed, Met, Unmet
from equity.models import LedgerEntry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def closed_gate(gate):
    gate.rule(strategy=1, code="one", promise="…")(lambda record, policy: Unmet("too_few"))
    return gate


def holds():
    return list(LedgerEntry.objects.filter(kind="hold").values_list("record_uid", flat=True))


def test_a_hold_is_written_after_what_the_verb_did_is_undone(closed_gate, step, backbone):
    with pytest.raises(GateClosed) as closed:
        step.go(by=backbone.user)

    assert not Place.objects.exists()
    assert holds() == [step.uid]
    assert closed.value.entry.by_uid == backbone.user.uid


def test_a_hold_inside_another_verb_undoes_both_and_is_written_once(closed_gate, step):
    @verb
    def outer():
        Place.objects.create(initiative=step.initiative, code="outer", name="Outer")
        step.go(by=None)

    with pytest.raises(GateClosed):
        outer()

    assert not Place.objects.exists()
    assert holds() == [step.uid]


def test_a_verb_that_goes_on_after_a_hold_keeps_its_own_work_and_the_hold(closed_gate, step):
    @verb
    def outer():
        Place.objects.create(initiative=step.initiative, code="outer", name="Outer")
        try:
            step.go(by=None)
        except GateClosed:
            return "stands as held"

    assert outer() == "stands as held"
    assert list(Place.objects.values_list("code", flat=True)) == ["outer"]
    assert holds() == [step.uid]


def test_a_hold_is_written_even_when_the_outer_verb_breaks_later(closed_gate, step):
    @verb
    def outer():
        try:
            step.go(by=None)
        except GateClosed:
            raise LookupError("something else") from None

    with pytest.raises(LookupError):
        outer()

    assert holds() == [step.uid]


def test_a_passage_is_undone_with_the_verb_that_breaks_after_it(gate, step):
    gate.rule(strategy=1, code="one", promise="…")(lambda record, policy: Met())

    @verb
    def outer():
        step.go(by=None)
        raise LookupError("after the gate")

    with pytest.raises(LookupError):
        outer()

    assert not LedgerEntry.objects.exists()


def test_a_verb_refuses_to_run_inside_a_transaction_that_could_swallow_its_hold(closed_gate, step):
    from django.db import transaction  # noqa: PLC0415 - only this test breaks the rule

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        step.go(by=None)

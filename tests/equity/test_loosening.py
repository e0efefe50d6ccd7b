"""A threshold gets looser as the effect of a decision, and in no other way."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from ciforum.people import clock
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.effects import LOOSEN, params_of
from equity.gates import GateClosed
from equity.models import LedgerEntry, Loosening, Policy, SeatClass
from tests import deciding

pytestmark = pytest.mark.django_db(transaction=True)

REASON = Words(en="Two residents said that thirty days are too short to find the missing numbers.")
STRICT = {"lived_experience": "2/3", "grassroots": "2/3"}
HALF = {"lived_experience": "1/2", "grassroots": "1/2"}


@pytest.fixture
def policy(initiative, backbone):
    policy = Policy.of(initiative)
    policy.tighten(by=backbone.user, waiver_days=30)
    return policy


@pytest.fixture
def loosening(policy, backbone):
    return Loosening.propose(
        policy=policy, threshold="waiver_days", after=60, reason=REASON, by=backbone.user
    )


def a_decision(loosening, backbone, **fields):
    """One that carries it, in a body of two lived, one grassroots and two other seats."""
    others = (SeatClass.GRASSROOTS, SeatClass.INSTITUTION, SeatClass.FUNDER)
    committee, seats = deciding.a_body(loosening.initiative, backbone, others=others)
    values = {"threshold": STRICT, "quorum": {"all": "1/2", **HALF}}
    decision = deciding.a_decision(
        committee,
        backbone,
        effect=LOOSEN,
        effect_params=params_of(loosening),
        **{**values, **fields},
    )
    return decision, seats


def days(policy):
    return Policy.objects.get(pk=policy.pk).waiver_days


def test_a_decision_of_the_community_makes_it_looser(policy, loosening, backbone):
    decision, seats = a_decision(loosening, backbone)
    deciding.closed(decision, backbone, dict.fromkeys(seats, "agree"))

    loosening.refresh_from_db()
    assert (days(policy), loosening.state, loosening.decision_uid) == (60, "done", decision.uid)
    assert LedgerEntry.objects.about(loosening).filter(kind="pass").count() == 1


def test_without_the_grassroots_seats_it_fails_and_is_dropped(policy, loosening, backbone):
    decision, seats = a_decision(loosening, backbone)
    choices = {seat: "disagree" if seat.seat_class == "grassroots" else "agree" for seat in seats}
    deciding.closed(decision, backbone, choices)

    loosening.refresh_from_db()
    assert (days(policy), loosening.state) == (30, "dropped")


@pytest.mark.parametrize(
    "fields",
    [
        {"threshold": {}},
        {"threshold": HALF},  # exactly half is no majority
        {"threshold": {"lived_experience": "2/3"}},  # grassroots seats sit there too
        {"quorum": {"all": "1/2", "lived_experience": "1/2"}},
    ],
)
def test_no_vote_opens_when_the_community_could_be_outvoted(policy, loosening, backbone, fields):
    decision, _seats = a_decision(loosening, backbone, **fields)

    with pytest.raises(GateClosed) as closed:
        deciding.in_vote(decision, backbone)

    assert "no_community_majority" in str(closed.value.answers)
    assert days(policy) == 30


def test_a_made_up_decision_carries_nothing(policy, loosening, backbone, initiative):
    committee, _seats = deciding.a_body(initiative, backbone)
    forged = SimpleNamespace(
        uid=uuid4(),
        state="closed",
        committee=committee,
        closed_by=backbone.user,
        threshold=STRICT,
        quorum=STRICT,
        get_absolute_url=lambda: "/",
    )
    with pytest.raises(GateClosed) as closed:
        loosening.adopt(decision=forged)
    forged.state = "draft"
    with pytest.raises(DatabaseError):
        loosening.adopt(decision=forged)

    assert [unmet.code for unmet in closed.value.unmet] == ["last_word_missing"]
    assert days(policy) == 30


def refused(change):
    try:
        with transaction.atomic():
            change()
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize(
    "looser",
    [
        {"waiver_days": 90},
        {"small_count": 11},
        {"lived_one_in": 3},
        {"lived_minimum": 2},
        {"resident_choosers": 2},
        {"input_days": 7},
        {"last_word_days": 7},
        {"contact_tries": 2},
        {"story_words": 25},
    ],
)
def test_the_database_refuses_a_looser_threshold(policy, backbone, looser):
    policy.tighten(
        by=backbone.user,
        waiver_days=30,
        small_count=20,
        lived_one_in=2,
        lived_minimum=3,
        resident_choosers=3,
        input_days=10,
        last_word_days=10,
        contact_tries=3,
        story_words=30,
    )

    assert refused(lambda: Policy.objects.filter(pk=policy.pk).update(**looser))


def test_a_loosening_in_force_cannot_be_used_twice(policy, loosening, backbone):
    decision, seats = a_decision(loosening, backbone)
    deciding.closed(decision, backbone, dict.fromkeys(seats, "agree"))
    Policy.of(policy.initiative).tighten(by=backbone.user, waiver_days=30)
    rows = Policy.objects.filter(pk=policy.pk)

    assert refused(lambda: rows.update(waiver_days=60))
    assert refused(lambda: rows.update(waiver_days=60, loosened=loosening))


def test_nobody_writes_that_it_is_in_force(policy, loosening):
    rows, now = Loosening.objects.filter(pk=loosening.pk), clock.now()
    forged = LedgerEntry.write(
        kind="pass", gate="equity.policy.loosen", record=loosening, answers=[], by=None
    )

    assert refused(lambda: rows.update(state="done", ended_at=now))
    assert refused(
        lambda: rows.update(state="done", ended_at=now, passed=forged, decision_uid=uuid4())
    )
    assert refused(lambda: rows.update(after=90))
    assert refused(lambda: rows.delete())


@pytest.mark.parametrize(
    ("proposal", "match"),
    [
        ({"after": 20}, "not looser than now"),
        ({"after": 91}, "below what holds for every initiative"),
        ({"after": 60, "reason": Words(en="Too strict.")}, "Say why"),
    ],
)
def test_what_cannot_be_proposed(policy, backbone, proposal, match):
    with pytest.raises(ValidationError, match=match):
        Loosening.propose(
            policy=policy,
            threshold="waiver_days",
            by=backbone.user,
            **{"reason": REASON, **proposal},
        )


def test_a_threshold_that_moved_on_is_not_set_back(policy, loosening, backbone):
    policy.tighten(by=backbone.user, waiver_days=20)

    assert loosening.stands() == "moved"


def test_what_a_decision_carries_cannot_be_taken_back(policy, loosening, backbone):
    decision, _seats = a_decision(loosening, backbone)
    deciding.in_input(decision, backbone)

    with pytest.raises(StateChanged):
        loosening.take_back(by=backbone.user)


def test_the_page_shows_the_proposal_and_says_what_stays_hidden(policy, resident, login, client):
    home = [policy.initiative.slug]
    answer = login(resident.user).post(
        reverse("equity:loosening_new", args=home),
        {"threshold": "waiver_days", "after": "60", "reason_en": REASON["en"]},
    )
    proposed = Loosening.objects.get()
    shown = client.get(reverse("equity:policy", args=home)).content.decode()
    login(resident.user).post(reverse("equity:loosening_drop", args=[*home, proposed.uid]))

    assert answer.status_code == 302
    assert "30 → 60" in shown
    assert REASON["en"] in shown
    assert "never uncovers what is hidden already" in shown
    assert Loosening.objects.get().state == "dropped"


def test_the_page_says_every_threshold_in_words(policy, client):
    shown = client.get(reverse("equity:policy", args=[policy.initiative.slug])).content.decode()

    for sentence in (
        "A waiver ends after at most 30 days.",
        "At least one of every 3 seats that vote is for lived experience.",
        "A body that decides has at least 2 seats for lived experience.",
        "At least 2 residents say that they chose who holds such a seat.",
        "A decision is open for input for at least 7 days.",
        "has at least 7 days for her last word",
        "Her last word lapses only after at least 2 tries to reach her.",
    ):
        assert sentence in shown

"""Two people who act on seats at the same moment, and two workers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from ciforum.people import clock
from ciforum.people.models import AuditLine, Membership, Notice
from ciforum.people.transitions import StateChanged
from equity.models import LedgerEntry, Seat
from equity.tasks import end_terms
from tests import builders
from tests.equity.test_races import Side

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    sides = [Side(act) for act in acts]
    for side in sides:
        side.start()
    for side in sides:
        side.join(30)
    return [side.ended for side in sides]


@pytest.fixture
def committee(initiative):
    return builders.a_committee(initiative)


def chosen(committee, holder, **fields):
    """Offered, and residents stand behind it."""
    seat = Seat.offer(
        committee=committee,
        holder=holder,
        seat_class="lived_experience",
        by=builders.a_user(),
        **fields,
    )
    for _each in range(2):
        seat.choose(by=builders.a_member(committee.initiative, "community"))
    return seat


def again(seat):
    return Seat.objects.get(pk=seat.pk)


def test_of_two_offers_to_one_person_one_stands(initiative, committee):
    holder = builders.a_member(initiative, "partner")
    organization = builders.an_organization(initiative)
    twice = builders.a_member(initiative, "partner", user=holder.user, organization=organization)

    def offer(member):
        return lambda: Seat.offer(
            committee=committee, holder=member, seat_class="institution", by=holder.user
        )

    ended = together(offer(holder), offer(twice))

    assert sorted(isinstance(each, ValidationError) for each in ended) == [False, True]
    assert Seat.objects.count() == 1


def test_of_two_offers_for_one_group_one_stands(initiative):
    race = builders.a_dimension(initiative, groups=("black",))
    council = builders.a_committee(initiative, kind="council", dimension=race)

    def offer():
        Seat.offer(
            committee=council,
            holder=builders.a_member(initiative, "community"),
            seat_class="lived_experience",
            group=race.groups.get(),
            by=builders.a_user(),
        )

    ended = together(offer, offer)

    assert sorted(isinstance(each, ValidationError) for each in ended) == [False, True]
    assert Seat.objects.count() == 1


def test_a_seat_is_taken_once(initiative, committee):
    holder = builders.a_member(initiative, "community")
    seat = chosen(committee, holder)
    ended = together(*[lambda: again(seat).take(by=holder.user)] * 2)

    assert sorted(isinstance(each, StateChanged) for each in ended) == [False, True]
    assert LedgerEntry.objects.about(seat).filter(kind="pass").count() == 1


@pytest.mark.parametrize("attempt", range(4))
def test_a_membership_ends_before_the_seat_or_stays(initiative, committee, backbone, attempt):
    """Whoever comes first: no seat is held by somebody whose membership was ended under her."""
    holder = builders.a_member(initiative, "community")
    seat = chosen(committee, holder)
    taken, left = together(
        lambda: again(seat).take(by=holder.user),
        lambda: Membership.objects.get(pk=holder.pk).end(by=backbone.user),
    )

    assert (taken == "done") != (left == "done")
    assert isinstance(left if taken == "done" else taken, ValidationError)
    assert committee.voting().exists() == (taken == "done")


def test_two_workers_end_a_term_once(initiative, committee):
    with clock.at(clock.now() - timedelta(days=400)):
        ends = clock.now() + timedelta(days=300)
        for _each in range(3):
            builders.a_seat(committee, builders.a_member(initiative, "community"), term_ends=ends)
    counts = []
    ended = together(*[lambda: counts.append(end_terms())] * 2)

    assert (ended, sum(counts)) == (["done", "done"], 3)
    assert AuditLine.objects.filter(after="ended", record_kind="equity.seat").count() == 3
    assert Notice.objects.filter(kind="seat.ended").count() == 3


def test_a_resident_says_it_once_however_often_she_clicks(initiative, committee):
    seat = Seat.offer(
        committee=committee,
        holder=builders.a_member(initiative, "community"),
        seat_class="lived_experience",
        by=builders.a_user(),
    )
    resident = builders.a_member(initiative, "community")
    ended = together(*[lambda: again(seat).choose(by=resident)] * 4)

    assert (ended, seat.choices.count()) == (["done"] * 4, 1)

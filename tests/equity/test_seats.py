"""Seats: chosen by residents, taken through the gate, and nobody takes one away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from ciforum.people import clock
from ciforum.people.models import Duty, Invitation, Notice
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.gates import GateClosed
from equity.models import Committee, LedgerEntry, Seat, SeatClass
from equity.tasks import announce_ends, end_terms
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

LIVED = SeatClass.LIVED


@pytest.fixture
def committee(initiative):
    return builders.a_committee(initiative)


@pytest.fixture
def denise(initiative):
    return builders.a_member(initiative, "community")


def offered(committee, holder, seat_class=LIVED, **fields):
    return Seat.offer(
        committee=committee,
        holder=holder,
        seat_class=seat_class,
        by=builders.a_user(),
        **fields,
    )


def residents(initiative, number=2):
    return [builders.a_member(initiative, "community") for _number in range(number)]


def codes(closed):
    return [unmet.code for unmet in closed.value.unmet]


def fresh(seat):
    return Seat.objects.get(pk=seat.pk)


# --- chosen by residents, never appointed


def test_a_seat_for_lived_experience_waits_until_two_residents_say_they_chose_her(
    initiative, committee, denise
):
    seat = offered(committee, denise)
    first, second = residents(initiative)
    with pytest.raises(GateClosed) as nobody:
        seat.take(by=denise.user)
    seat.choose(by=first)
    with pytest.raises(GateClosed) as one:
        seat.take(by=denise.user)
    seat.choose(by=second)
    seat.take(by=denise.user)

    assert (codes(nobody), codes(one)) == (["not_chosen"], ["not_chosen"])
    assert fresh(seat).state == "seated"
    assert list(committee.voting()) == [seat]
    assert LedgerEntry.objects.about(seat).filter(kind="pass").count() == 1


@pytest.mark.parametrize("roles", [["backbone"], ["backbone", "community"], ["partner"]])
def test_who_is_no_resident_cannot_say_so(initiative, committee, denise, roles):
    seat = offered(committee, denise)

    with pytest.raises(ValidationError, match="Residents choose"):
        seat.choose(by=builders.a_member(initiative, *roles))


def test_staff_with_a_second_membership_as_a_resident_cannot_say_so(initiative, committee, denise):
    seat = offered(committee, denise)
    staff = builders.a_member(initiative, "backbone")
    organization = builders.an_organization(initiative)
    sockpuppet = builders.a_member(
        initiative, "community", user=staff.user, organization=organization
    )

    with pytest.raises(ValidationError, match="Residents choose"):
        seat.choose(by=sockpuppet)


def test_a_resident_who_is_a_member_twice_counts_once(initiative, committee, denise):
    seat = offered(committee, denise)
    resident = builders.a_member(initiative, "community")
    again = builders.a_member(
        initiative,
        "community",
        user=resident.user,
        organization=builders.an_organization(initiative),
    )
    seat.choose(by=resident)
    seat.choose(by=again)

    assert seat.resident_choosers() == 1


def test_the_word_of_somebody_who_joined_the_staff_counts_no_more(initiative, committee, denise):
    seat = offered(committee, denise)
    for each in residents(initiative):
        seat.choose(by=each)
    each.change(roles=["backbone"], data_steward=False, by=each.user)

    with pytest.raises(GateClosed) as closed:
        seat.take(by=denise.user)

    assert codes(closed) == ["not_chosen"]


def test_nobody_says_it_of_herself(committee, denise):
    with pytest.raises(ValidationError, match="Somebody else"):
        offered(committee, denise).choose(by=denise)


def test_a_stranger_cannot_say_it(committee, denise):
    stranger = builders.a_member(builders.an_initiative(), "community")

    with pytest.raises(ValidationError, match="Residents choose"):
        offered(committee, denise).choose(by=stranger)


@pytest.mark.parametrize("seat_class", [each for each in SeatClass if each != "backbone"])
def test_backbone_staff_are_offered_no_seat_but_their_own(initiative, committee, seat_class):
    staff = builders.a_member(initiative, "backbone", "community")

    with pytest.raises(ValidationError):
        offered(committee, staff, seat_class)


def test_who_joins_the_staff_after_the_offer_is_held_at_the_gate(initiative, committee):
    holder = builders.a_member(initiative, "partner")
    seat = offered(committee, holder, "institution")
    holder.change(roles=["partner", "backbone"], data_steward=False, by=holder.user)

    with pytest.raises(GateClosed) as closed:
        seat.take(by=holder.user)

    assert codes(closed) == ["holder_is_staff"]


def test_only_the_holder_takes_it(initiative, committee, denise):
    seat = offered(committee, denise)

    with pytest.raises(ValidationError, match="Only the person"):
        seat.take(by=builders.a_member(initiative, "backbone").user)


# --- nobody takes one away


@pytest.fixture
def seated(committee, denise):
    return builders.a_seat(committee, denise, term_ends=clock.now() + timedelta(days=300))


def refused(change):
    """True when the database itself refuses."""
    try:
        with transaction.atomic():
            change()
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize("by", ["staff", "clock"])
def test_staff_and_clock_cannot_end_her_seat_before_its_term(seated, backbone, by):
    with pytest.raises(ValidationError):
        seated.end(by=backbone.user if by == "staff" else None)

    assert fresh(seated).state == "seated"


def test_the_database_refuses_every_other_way_to_end_it(seated, backbone, denise):
    rows, now = Seat.objects.filter(pk=seated.pk), clock.now()
    late = now + timedelta(days=900)
    ways = [
        lambda: rows.update(state="ended", ended_at=now),
        lambda: rows.update(state="ended", ended_at=now, ended_by=backbone.user),
        lambda: rows.update(ended_at=now),
        lambda: rows.update(state="offered", passed=None, taken_at=None),
        lambda: rows.update(term_ends=now - timedelta(days=1)),
        lambda: rows.update(term_starts=late),
        lambda: rows.update(taken_at=late),
        lambda: rows.update(is_voting=False),
        lambda: rows.update(seat_class="institution"),
        lambda: rows.update(holder=backbone),
        lambda: rows.delete(),
        lambda: type(denise).objects.filter(pk=denise.pk).update(ended_at=now),
        lambda: type(denise).objects.filter(pk=denise.pk).update(roles=["partner"]),
        lambda: type(denise).objects.filter(pk=denise.pk).update(roles=["community", "backbone"]),
    ]

    assert [refused(way) for way in ways] == [True] * len(ways)
    assert list(seated.committee.voting()) == [seated]


def test_staff_cannot_put_anybody_into_a_seat_behind_the_gate(committee, denise, backbone):
    seat = offered(committee, denise)
    rows, now = Seat.objects.filter(pk=seat.pk), clock.now()
    other = LedgerEntry.write(
        kind="pass", gate="equity.seat.take", record=builders_record(committee), answers=[], by=None
    )

    assert refused(lambda: rows.update(state="seated", taken_at=now))
    assert refused(lambda: rows.update(state="seated", taken_at=now, passed=other))


def builders_record(committee):
    """Another seat of the committee, which passed in its own name."""
    return builders.a_seat(committee, builders.a_member(committee.initiative, "community"))


@pytest.mark.parametrize("roles", [["community", "backbone"], ["partner"]])
def test_her_roles_cannot_be_changed_under_her(seated, denise, backbone, roles):
    with pytest.raises(ValidationError, match="Only she can leave the seat"):
        denise.change(roles=roles, data_steward=False, by=backbone.user)


def test_her_membership_cannot_be_ended_under_her(seated, denise, backbone):
    with pytest.raises(ValidationError, match="Only she can leave the seat"):
        denise.end(by=backbone.user)


def test_after_she_left_the_seat_her_membership_can_end(seated, denise, backbone):
    seated.end(by=denise.user, because="I move away.")
    denise.end(by=backbone.user)

    denise.refresh_from_db()
    assert denise.ended_at is not None


def test_an_invitation_to_the_staff_is_refused_while_she_holds_the_seat(
    initiative, seated, denise, backbone, login
):
    _invitation, token = Invitation.send(
        initiative=initiative, email=denise.user.email, roles=["backbone"], by=backbone.user
    )

    answer = login(denise.user).post(reverse("people:invitation", args=[token]), follow=True)

    assert "Only she can leave the seat" in answer.content.decode()
    denise.refresh_from_db()
    assert denise.roles == ["community"]


def test_who_joins_the_staff_for_an_organization_no_longer_counts(initiative, seated, denise):
    """A membership of her own choice beside the first: nothing can be taken, but it is paused."""
    organization = builders.an_organization(initiative)
    builders.a_member(initiative, "backbone", user=denise.user, organization=organization)

    assert list(seated.committee.voting()) == []
    assert not seated.is_seated()
    assert not seated.may_speak(denise.user)


def test_an_offer_that_residents_stand_behind_is_theirs(initiative, committee, denise, backbone):
    seat = offered(committee, denise)
    seat.choose(by=residents(initiative)[0])

    with pytest.raises(ValidationError, match="Residents chose"):
        seat.end(by=backbone.user)
    now = clock.now()
    assert refused(lambda: Seat.objects.filter(pk=seat.pk).update(state="ended", ended_at=now))


def test_an_offer_that_nobody_stands_behind_can_be_taken_back(committee, denise, backbone):
    seat = offered(committee, denise)
    seat.end(by=backbone.user)

    assert fresh(seat).state == "ended"


def test_a_seat_of_an_institution_can_be_ended_by_staff(initiative, committee, backbone):
    seat = builders.a_seat(committee, builders.a_member(initiative, "partner"), "institution")
    seat.end(by=backbone.user, because="The clinic closed.")

    assert (fresh(seat).state, fresh(seat).ended_by) == ("ended", backbone.user)


def test_an_ended_seat_stays_ended(seated, denise):
    seated.end(by=denise.user)
    rows = Seat.objects.filter(pk=seated.pk)

    for verb in (
        lambda: seated.end(by=denise.user),
        lambda: seated.take(by=denise.user),
        lambda: seated.name_alternate(alternate=None, by=denise.user),
        lambda: seated.prefer(by=denise.user, shown_as="D", channel="phone", language="en"),
    ):
        with pytest.raises(StateChanged):
            verb()
    assert refused(lambda: rows.update(state="seated", ended_at=None, ended_by=None))
    assert refused(lambda: rows.update(ended_because="pushed"))
    assert rows.update(shown_as="") == 1  # she may want to be forgotten


def test_who_comes_back_as_a_member_does_not_find_her_old_seat(initiative, committee, backbone):
    holder = builders.a_member(initiative, "partner")
    seat = builders.a_seat(committee, holder, "institution")
    holder.end(by=backbone.user)
    assert list(committee.voting()) == []

    end_terms()
    type(holder).objects.filter(pk=holder.pk).update(ended_at=None)

    assert fresh(seat).state == "ended"
    assert list(committee.voting()) == []


# --- one person, one voice


def test_a_person_holds_one_seat_even_with_two_memberships(initiative, committee, seated, denise):
    organization = builders.an_organization(initiative)
    again = builders.a_member(initiative, "partner", user=denise.user, organization=organization)

    with pytest.raises(ValidationError, match="holds a seat of the committee already"):
        offered(committee, again, "institution")
    assert refused(
        lambda: Seat.objects.create(
            initiative=initiative, committee=committee, holder=again, seat_class="institution"
        )
    )


def test_an_alternate_is_a_resident_who_speaks_for_no_other_seat(
    initiative, committee, seated, denise
):
    other = builders.a_seat(committee, builders.a_member(initiative, "community"))
    fitting = builders.a_member(initiative, "community")
    seated.name_alternate(alternate=fitting, by=denise.user)

    assert fresh(seated).alternate == fitting
    assert seated.may_speak(fitting.user)
    for wrong, match in (
        (denise, "other than the holder"),
        (other.holder, "speaks for another seat"),
        (builders.a_member(initiative, "partner"), "held by a community member"),
        (builders.a_member(initiative, "community", "backbone"), "held by a community member"),
        (builders.a_member(builders.an_initiative(), "community"), "member of this initiative"),
    ):
        with pytest.raises(ValidationError, match=match):
            seated.name_alternate(alternate=wrong, by=denise.user)
    with pytest.raises(ValidationError, match="speaks for another seat"):
        other.name_alternate(alternate=fitting, by=other.holder.user)
    with pytest.raises(ValidationError, match="or stands in for one"):
        offered(committee, fitting)


def test_staff_name_no_alternate_and_none_of_the_staff_stands_in(
    initiative, committee, seated, backbone
):
    with pytest.raises(ValidationError, match="Only the holder"):
        seated.name_alternate(
            alternate=builders.a_member(initiative, "community"), by=backbone.user
        )
    partner = builders.a_seat(committee, builders.a_member(initiative, "partner"), "institution")
    with pytest.raises(ValidationError, match="seats of the backbone only"):
        partner.name_alternate(alternate=backbone, by=partner.holder.user)


def test_an_alternate_who_joined_the_staff_speaks_no_more(initiative, seated, denise):
    alternate = builders.a_member(initiative, "community")
    seated.name_alternate(alternate=alternate, by=denise.user)
    alternate.change(roles=["community", "backbone"], data_steward=False, by=denise.user)

    assert not fresh(seated).may_speak(alternate.user)
    assert not Seat.objects.held_by(alternate.user).exists()


# --- councils


def test_a_council_gives_each_group_one_seat_and_institutions_no_vote(initiative, backbone):
    race = builders.a_dimension(initiative, groups=("black", "white"))
    council = builders.a_committee(
        initiative, kind="council", dimension=race, institutions_follow=True
    )
    black = race.groups.get(code="black")
    seat = builders.a_seat(council, builders.a_member(initiative, "community"), group=black)
    follower = builders.a_seat(council, builders.a_member(initiative, "partner"), "institution")

    assert list(council.voting()) == [seat]
    assert follower in council.seated()
    for fields in ({}, {"group": black}):
        with pytest.raises(ValidationError):
            offered(council, builders.a_member(initiative, "community"), **fields)


def test_who_votes_does_not_change_under_those_who_sit(seated, committee, backbone):
    with pytest.raises(ValidationError, match="People hold seats under this rule"):
        committee.describe(by=backbone.user, institutions_follow=True)

    committee.describe(by=backbone.user, name=Words(en="The table"), institutions_follow=False)
    assert str(Committee.objects.get().name) == "The table"


def test_a_committee_ends_after_its_last_seat(seated, committee, denise, backbone):
    with pytest.raises(ValidationError, match="when its last seat has ended"):
        committee.end(by=backbone.user)
    seated.end(by=denise.user)
    committee.end(by=backbone.user)

    with pytest.raises(StateChanged):
        offered(committee, denise)


def test_a_grassroots_seat_needs_a_group_that_residents_lead(initiative, committee):
    organizer = builders.a_member(initiative, "partner")
    hospital = builders.an_organization(initiative, community_led=False)

    with pytest.raises(ValidationError, match="residents lead"):
        offered(committee, organizer, "grassroots", organization=hospital)


# --- terms


def test_the_clock_ends_a_term_once_and_tells(initiative, committee, denise, backbone):
    with clock.at(clock.now() - timedelta(days=400)):
        seat = builders.a_seat(committee, denise, term_ends=clock.now() + timedelta(days=365))

    assert list(committee.voting()) == []  # it does not vote, whether or not the clock was here
    assert (end_terms(), end_terms()) == (1, 0)
    seat = fresh(seat)
    assert (seat.state, seat.ended_by) == ("ended", None)
    assert Notice.objects.filter(kind="seat.ended", to=denise.user).count() == 1
    assert Notice.objects.filter(kind="seat.ended", to=backbone.user).count() == 1


def test_a_term_that_begins_later_does_not_vote_today(committee, denise):
    seat = builders.a_seat(committee, denise, term_starts=clock.now() + timedelta(days=10))

    assert list(committee.voting()) == []
    assert list(committee.voting(clock.now() + timedelta(days=11))) == [seat]


def test_an_offer_whose_term_is_over_cannot_be_taken(initiative, committee, denise):
    seat = offered(committee, denise, term_ends=clock.now() + timedelta(days=5))

    with (
        clock.at(clock.now() + timedelta(days=6)),
        pytest.raises(ValidationError, match="term of this seat is over"),
    ):
        seat.take(by=denise.user)


def test_the_end_of_a_term_is_announced_once(seated, denise, backbone):
    announce_ends()
    with clock.at(seated.term_ends - timedelta(days=20)):
        announce_ends()
        announce_ends()

    assert Duty.objects.filter(kind="seat.ending", owner=backbone).count() == 1
    assert Notice.objects.filter(kind="seat.ending", to=denise.user).count() == 1


# --- what is told, and what the ledger keeps


def test_holder_and_residents_are_asked_and_asked_no_more(initiative, committee, denise):
    first, second = residents(initiative)
    staff = builders.a_member(initiative, "backbone", "community")
    seat = offered(committee, denise)
    asked = set(Duty.objects.filter(kind="seat.choose").values_list("owner", flat=True))
    seat.choose(by=first)
    still = set(Duty.objects.filter(kind="seat.choose", done_at=None).values_list("owner"))
    seat.choose(by=second)
    seat.take(by=denise.user)

    assert asked == {first.pk, second.pk}
    assert still == {(second.pk,)}
    assert not Duty.objects.filter(done_at=None).exists()
    assert Notice.objects.filter(kind="seat.taken", to=staff.user).exists()


def test_the_ledger_names_no_holder_and_speaks_every_language(initiative, committee, denise):
    seat = offered(committee, denise, shown_as="Doña Luz")

    assert seat.ledger_label() == {
        "en": "Committee: Lived experience",
        "es": "Committee: Experiencia vivida",
    }


def test_an_address_is_never_shown_as_a_name(initiative, committee):
    holder = builders.a_member(initiative, "community", user=builders.a_user(name=""))

    assert offered(committee, holder).public_name == "A member"

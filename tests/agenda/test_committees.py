"""The pages of committees and seats, from each side."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from ciforum.people import clock
from ciforum.people.models import Initiative
from ciforum.people.words import Words
from equity.models import Committee, Seat
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committee(initiative):
    return builders.a_committee(initiative, name=Words(en="The table"), slug="table")


@pytest.fixture
def denise(initiative):
    return builders.a_member(initiative, "community", user=builders.a_user(name="Denise Carter"))


@pytest.fixture
def offered(committee, denise):
    return Seat.offer(
        committee=committee, holder=denise, seat_class="lived_experience", by=builders.a_user()
    )


def page(client, record):
    answer = client.get(record.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def url(name, record, *arguments):
    return reverse(f"agenda:{name}", args=[record.initiative.slug, *arguments])


def test_staff_found_a_committee_and_offer_a_seat(initiative, backbone, denise, login):
    client = login(backbone.user)
    client.post(
        url("committee_new", backbone),
        {"name_en": "Families' table", "slug": "", "kind": "council", "institutions_follow": "on"},
    )
    committee = Committee.objects.get(slug="families-table")
    client.post(
        url("seat_offer", committee, committee.slug),
        {
            "seat_class": "lived_experience",
            "holder": denise.pk,
            "term_ends": localdate(clock.now() + timedelta(days=365)).isoformat(),
            "channel": "phone",
            "language": "en",
            "shown_as": "Doña Luz",
        },
    )

    seat = Seat.objects.get()
    assert (committee.kind, committee.institutions_follow) == ("council", True)
    assert (seat.state, seat.holder, seat.channel, seat.public_name) == (
        *("offered", denise, "phone", "Doña Luz"),
    )


def test_a_resident_puts_forward_somebody_for_lived_experience_only(
    initiative, committee, resident, denise, login
):
    client = login(resident.user)
    offer = {
        "holder": denise.pk,
        "term_ends": localdate(clock.now() + timedelta(days=90)).isoformat(),
        "channel": "email",
        "language": "en",
    }
    refused = client.post(
        url("seat_offer", committee, "table"), {**offer, "seat_class": "institution"}
    )
    client.post(url("seat_offer", committee, "table"), {**offer, "seat_class": "lived_experience"})

    assert refused.status_code == 422
    assert [seat.seat_class for seat in Seat.objects.all()] == ["lived_experience"]


def test_the_whole_way_of_a_seat_in_the_browser(initiative, committee, offered, denise, login):
    holder = login(denise.user)
    held = holder.post(url("seat_take", offered, offered.uid), follow=True).content.decode()
    for _each in range(2):
        resident = login(builders.a_member(initiative, "community").user)
        assert "We chose her" in page(resident, offered)
        resident.post(url("seat_choose", offered, offered.uid))
    taken = holder.post(url("seat_take", offered, offered.uid), follow=True).content.decode()
    holder.post(
        url("seat_prefer", offered, offered.uid),
        {"shown_as": "Doña Luz", "channel": "phone", "language": "es"},
    )

    assert "0 residents said that residents chose the holder" in held
    assert "The seat is yours" in taken
    seat = Seat.objects.get()
    assert (seat.state, seat.channel, seat.language) == ("seated", "phone", "es")


def test_a_chosen_name_hides_the_own_one(client, committee, denise, login, initiative):
    seat = builders.a_seat(committee, denise)
    seat.prefer(by=denise.user, shown_as="Doña Luz", channel="phone", language="es")

    for reader in (client, login(builders.a_member(initiative, "funder").user)):
        for record in (committee, seat):
            shown = page(reader, record)
            assert "Doña Luz" in shown
            assert "Denise" not in shown
            assert "Phone call" not in shown


def test_an_offer_names_nobody_outside(client, committee, offered):
    for record in (committee, offered):
        assert "Denise" not in page(client, record)


def test_staff_see_why_they_cannot_end_her_seat(committee, denise, backbone, login):
    seat = builders.a_seat(committee, denise)
    client = login(backbone.user)

    assert "Only its holder can end this seat before its term" in page(client, seat)
    answer = client.post(url("seat_end", seat, seat.uid), {"understood": "on"}, follow=True)
    assert "Only its holder can end this seat" in answer.content.decode()
    assert Seat.objects.get().state == "seated"


def test_she_leaves_with_a_confirmation(committee, denise, login):
    seat = builders.a_seat(committee, denise)
    client = login(denise.user)

    unconfirmed = client.post(url("seat_end", seat, seat.uid), {"because": "I move."})
    client.post(url("seat_end", seat, seat.uid), {"because": "I move.", "understood": "on"})

    assert unconfirmed.status_code == 422
    assert (Seat.objects.get().state, Seat.objects.get().ended_because) == ("ended", "I move.")


def test_staff_cannot_take_choose_or_name_an_alternate(offered, backbone, login):
    client = login(backbone.user)
    statuses = {
        name: client.post(url(name, offered, offered.uid)).status_code
        for name in ("seat_take", "seat_choose", "seat_alternate")
    }

    assert statuses == dict.fromkeys(statuses, 403)


def test_staff_note_preferences_only_while_the_seat_is_offered(
    initiative, offered, denise, backbone, login
):
    client = login(backbone.user)
    noted = {"shown_as": "Luz", "channel": "text", "language": "en"}
    client.post(url("seat_prefer", offered, offered.uid), noted)
    for _each in range(2):
        offered.choose(by=builders.a_member(initiative, "community"))
    offered.take(by=denise.user)

    later = client.post(url("seat_prefer", offered, offered.uid), {**noted, "shown_as": "X"})
    assert later.status_code == 403
    assert Seat.objects.get().shown_as == "Luz"


def test_a_council_shows_each_of_21_groups_and_who_has_no_seat_yet(client, initiative):
    race = builders.a_dimension(initiative, groups=[f"group{number}" for number in range(21)])
    council = builders.a_committee(initiative, kind="council", dimension=race)
    for group in race.groups.all()[:5]:
        builders.a_seat(council, builders.a_member(initiative, "community"), group=group)

    shown = page(client, council)
    assert shown.count("No seat yet") == 16
    assert all(f"Group{number}" in shown for number in range(21))


def test_the_floor_is_said_with_what_is_missing(client, initiative, committee):
    for _each in range(4):
        builders.a_seat(committee, builders.a_member(initiative, "partner"), "institution")

    shown = page(client, committee)
    assert "no one person can be the voice of a community" in shown
    assert "0 of 4 seats that vote are for lived experience; it takes 2" in shown
    assert "No vote can open here until 2 more such seats are taken" in shown


def test_seats_over_time_are_drawn_and_told(client, initiative, committee):
    long_ago = clock.now() - timedelta(days=500)
    with clock.at(long_ago):
        builders.a_seat(committee, builders.a_member(initiative, "partner"), "institution")
    builders.a_seat(committee, builders.a_member(initiative, "community"))

    shown = page(client, committee)
    assert "Seats for lived experience: 0 of 1 at first" in shown
    assert "1 of 2 now" in shown
    assert "<svg" in shown


@pytest.mark.parametrize("name", ["committee", "seat", "seat_take", "seat_end", "seat_offer"])
def test_another_initiatives_committee_is_not_there(name, offered, login):
    elsewhere = builders.an_initiative()
    staff = login(builders.a_member(elsewhere, "backbone").user)
    key = "table" if name in ("committee", "seat_offer") else offered.uid
    address = reverse(f"agenda:{name}", args=[elsewhere.slug, key])

    assert staff.post(address).status_code in (404, 405)
    assert staff.get(address).status_code in (404, 405)
    assert isinstance(elsewhere, Initiative)


def test_more_seats_ask_no_more_queries(client, initiative, committee):
    builders.a_seat(committee, builders.a_member(initiative, "community"))
    page(client, committee)
    with CaptureQueriesContext(connection) as few:
        page(client, committee)
    for _each in range(3):
        builders.a_seat(committee, builders.a_member(initiative, "community"))
    with CaptureQueriesContext(connection) as many:
        page(client, committee)

    assert len(many) == len(few)

"""A data agreement waits for the council of every group whose numbers it would share."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from ciforum.people import clock
from ciforum.people.models import Duty, Notice
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from measurement.catalogue.agreeing import SPEAK
from measurement.models import DataAgreement
from tests import asking_building as asking
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def race(initiative):
    return builders.a_dimension(initiative, groups=["white", "asian", "asian/hmong"])


@pytest.fixture
def indicator(initiative, race):
    return builders.an_indicator(initiative, required=[race])


@pytest.fixture
def seats(initiative):
    return asking.a_council(initiative)


@pytest.fixture
def authority(race, backbone, seats):
    return asking.an_authority(race.groups.get(code="asian"), backbone, seats)


@pytest.fixture
def start(initiative, backbone):
    def make(*indicators, **fields):
        values = {
            "name": Words(en="Birth records"),
            "terms": Words(en="Counts by town and year."),
            "others": "State Office",
            "starts": clock.now().date(),
            "ends": clock.now() + timedelta(days=90),
        }
        return DataAgreement.start(
            initiative=initiative, by=backbone.user, indicators=indicators, **{**values, **fields}
        )

    return make


def test_without_authority_it_is_in_force_at_once(start, indicator):
    assert start(indicator).state == "in_force"


def test_it_waits_for_more_than_half_of_the_councils_seats(start, indicator, authority, seats):
    made = start(indicator)
    assert made.state == "waiting"
    assert not DataAgreement.objects.in_force().exists()

    asking.say(authority, made, "release", seats[0])
    made.refresh_from_db()
    assert made.state == "waiting"
    asking.say(authority, made, "release", seats[1])

    made.refresh_from_db()
    assert made.state == "in_force"
    with pytest.raises(StateChanged):
        asking.say(authority, made, "withhold", seats[2])


def test_one_no_keeps_it_waiting_and_it_can_be_ended(start, indicator, authority, seats, backbone):
    made = start(indicator)
    asking.say(authority, made, "withhold", seats[2])
    asking.say(authority, made, "release", *seats[:2])

    made.refresh_from_db()
    assert made.state == "waiting"
    made.end(by=backbone.user, why=Words(en="The council said no."))
    assert made.state == "ended"


def test_a_part_of_the_group_that_was_counted_is_enough(
    initiative, start, authority, partner, backbone, seats
):
    counted, other = (builders.an_indicator(initiative) for _each in range(2))
    builders.approved(counted, partner, backbone, {(2020, "here", "race:hmong"): (40, 300)})
    builders.approved(other, partner, backbone, {(2020, "here", "race:white"): (40, 300)})

    assert start(other).state == "in_force"
    assert start(counted, other).state == "waiting"


def test_every_council_has_to_agree(start, indicator, authority, seats, race, backbone):
    others = asking.a_council(indicator.initiative)
    theirs = asking.an_authority(race.groups.get(code="white"), backbone, others)
    made = start(indicator)

    asking.say(authority, made, "release", *seats)
    made.refresh_from_db()
    assert made.state == "waiting"
    asking.say(theirs, made, "release", *others[:2])

    made.refresh_from_db()
    assert made.state == "in_force"


def test_renewed_on_the_same_terms_nobody_is_asked_again(start, indicator, race, backbone, seats):
    made = start(indicator)
    asking.an_authority(race.groups.get(code="asian"), backbone, seats)
    later = {"starts": made.ends.date(), "ends": made.ends + timedelta(days=90)}

    again = made.renew(by=backbone.user, **later)
    assert again.state == "in_force"

    later = {"starts": again.ends.date(), "ends": again.ends + timedelta(days=90)}
    other = again.renew(by=backbone.user, terms=Words(en="And by street."), **later)
    assert other.state == "waiting"


def test_no_shell_puts_it_into_force(start, indicator, authority, seats, initiative, backbone):
    made = start(indicator)
    waiting = DataAgreement.objects.filter(pk=made.pk)
    asking.say(authority, made, "release", seats[0])

    with pytest.raises(DatabaseError), transaction.atomic():
        waiting.update(state="in_force")
    with pytest.raises(DatabaseError), transaction.atomic():
        DataAgreement.objects.create(
            initiative=initiative,
            name=Words(en="Made by hand"),
            terms=Words(en="All of it."),
            others="Somebody",
            starts=clock.now().date(),
            ends=clock.now() + timedelta(days=9),
            state="in_force",
            made_by=backbone.user,
        )
    assert waiting.get().state == "waiting"


def test_those_who_sit_there_are_asked_and_answer_on_a_page(
    start, indicator, authority, seats, login, backbone, partner
):
    made = start(indicator)
    person = seats[0].holder.user
    assert Notice.objects.filter(to=person, kind=SPEAK).count() == 1
    args = [made.initiative.slug, authority.uid, made.uid]
    here = reverse("measurement:authority_agreement", args=args)
    assert here in login(backbone.user).get(made.get_absolute_url()).content.decode()
    assert "Counts by town and year." in login(person).get(here).content.decode()

    for seat in seats[:2]:
        answer = login(seat.holder.user).post(here, {"seat": seat.pk, "says": "release"})
        assert answer.status_code == 302

    made.refresh_from_db()
    assert made.state == "in_force"
    assert not Duty.objects.filter(kind=SPEAK, done_at=None).exists()
    assert login(partner.user).get(here).status_code == 403
    assert login(backbone.user).post(here, {"says": "release"}).status_code == 403

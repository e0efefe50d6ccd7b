"""A walk's round is opened on its day, ended, taken up again; a phone hears that its words came."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from ciforum.people import clock
from ciforum.people.models import Duty
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from measurement.models import DataWalk, Finding, Reaction
from measurement.walking import sent
from measurement.walking.asking_again import WAITS
from tests import walks_building as walking

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ready(initiative, backbone) -> DataWalk:
    return walking.a_ready_walk(initiative, backbone)


@pytest.fixture
def opened(ready, backbone) -> DataWalk:
    ready.open(by=backbone.user)
    return ready


def page(walk, name, *args):
    return reverse(f"measurement:{name}", args=[walk.initiative.slug, walk.uid, *args])


# --- opening and ending


def test_opening_on_another_day_asks_once(ready, backbone, login):
    browser = login(backbone.user)

    asked = browser.post(page(ready, "walk_open"))
    assert "Open the walk today?" in asked.content.decode()
    assert DataWalk.objects.get().is_preparing
    browser.post(page(ready, "walk_open"), {"sure": "yes"})

    assert DataWalk.objects.get().is_open


def test_opening_on_its_day_asks_nothing(ready, backbone, login):
    with clock.at(ready.starts):
        assert login(backbone.user).post(page(ready, "walk_open")).status_code == 302

    assert DataWalk.objects.get().is_open


def test_a_round_that_was_ended_too_early_goes_on(opened, backbone, login):
    opened.begin_debrief(by=backbone.user)
    browser = login(backbone.user)
    assert page(opened, "walk_resume") in browser.get(opened.get_absolute_url()).content.decode()

    browser.post(page(opened, "walk_resume"))

    walk = DataWalk.objects.get()
    assert (walk.is_open, walk.debrief_at) == (True, None)
    assert walking.a_reaction(walk.stations.first(), "Late, and still heard.")


def test_after_an_agreed_finding_the_round_stays_over(opened, backbone, login):
    opened.begin_debrief(by=backbone.user)
    walking.an_agreed_finding(opened, backbone)

    with pytest.raises(ValidationError, match="agreed already"):
        opened.resume(by=backbone.user)

    html = login(backbone.user).get(opened.get_absolute_url()).content.decode()
    assert page(opened, "walk_resume") not in html
    assert DataWalk.objects.get().state == "debrief"


def test_a_closed_walk_is_not_taken_up_again(opened, backbone):
    opened.begin_debrief(by=backbone.user)
    opened.close(next_steps=walking.NEXT, by=backbone.user)

    with pytest.raises(StateChanged):
        opened.resume(by=backbone.user)


def test_a_partner_does_not_take_it_up_again(opened, backbone, partner, login):
    opened.begin_debrief(by=backbone.user)

    assert login(partner.user).post(page(opened, "walk_resume")).status_code == 403


# --- phones


def send(phone, address, said):
    ticket = re.search(r'name="ticket" value="([^"]+)"', phone.get(address).content.decode())
    return phone.post(address, {"ticket": ticket.group(1), "p1": said})


def link(html, rel):
    return re.search(rf'href="([^"]+)" rel="{rel}"', html).group(1).replace("&amp;", "&")


def test_the_next_station_says_thank_you_and_the_one_before_shows_what_was_sent(opened):
    phone = Client()
    first = opened.stations.first()

    answer = send(phone, first.phone_url() + "?lang=en", "The line goes up.")
    second = phone.get(answer["Location"]).content.decode()
    back = phone.get(link(second, "prev")).content.decode()

    assert "Thank you, that was sent." in second
    assert "The line goes up." not in second
    assert "The line goes up." in back
    assert "Thank you" not in back
    other = re.search(r'href="([^"]+)" lang="es"', back).group(1).replace("&amp;", "&")
    assert "The line goes up." in phone.get(first.phone_url() + other).content.decode()
    assert set(phone.cookies) <= {"csrftoken"}


def test_what_was_sent_is_remembered_over_stations_and_the_list(opened):
    phone = Client()
    address = opened.stations.first().phone_url() + "?lang=en"
    for said in ("One", "Two", "Three", "Four", "Five"):
        address = send(phone, address, said)["Location"]

    end = phone.get(address).content.decode()
    listed = re.findall(r'href="(/[^"]+sent=[^"]+)"', end)
    shown = [phone.get(each.replace("&amp;", "&")).content.decode() for each in listed]

    assert "Thank you, that was sent." in end
    assert [said in html for said, html in zip(("One", "Two"), shown, strict=False)] == [True] * 2


def test_another_phone_and_a_made_up_address_show_nothing(opened):
    first = opened.stations.first()
    said = walking.a_reaction(first, "Mine alone.")
    tickets = {1: said.ticket}
    own = sent.written(opened, tickets)

    assert "Mine alone." in Client().get(f"{first.phone_url()}?sent={own}").content.decode()
    for made_up in ("", "x", own[:-2] + "zz", own.replace(":", ".")):
        html = Client().get(f"{first.phone_url()}?sent={made_up}").content.decode()
        assert "Mine alone." not in html


def test_what_was_hidden_is_not_shown_to_its_phone_either(opened, backbone):
    first = opened.stations.first()
    said = walking.a_reaction(first, "Call Ana.")
    said.hide(reason="a name in it", by=backbone.user)

    assert sent.at(first, {1: said.ticket}) == []
    assert Reaction.objects.count() == 1


def test_tickets_of_another_walk_open_nothing(opened, initiative, backbone):
    said = walking.a_reaction(opened.stations.first())
    other = walking.a_walk(initiative, backbone, starts=clock.now() + timedelta(days=30))

    assert sent.read(other, sent.written(opened, {1: said.ticket})) == {}


# --- findings


def test_a_finding_says_at_once_which_language_is_missing(opened, backbone, login):
    station = opened.stations.first()
    data = {"text_en": "The bus is the gap.", "stations": [station.pk]}

    answer = login(backbone.user).post(page(opened, "walk_finding_new"), data, follow=True)

    assert "Not written yet in: Spanish." in answer.content.decode()


def rewritten(opened, backbone, resident):
    """A draft in English that a resident signed; then its Spanish is written."""
    station = opened.stations.first()
    found = Finding.write(
        walk=opened, text=Words(en="The bus."), stations=[station], by=backbone.user
    )
    found.sign(member=resident, name="Ana")
    found.record_author(name="", is_resident=True, how="Read aloud in the hall.", by=backbone.user)
    found.rewrite(text=Words(en="The bus.", es="El autobús."), stations=[station], by=backbone.user)
    return found


def test_whoever_said_yes_finds_on_today_that_the_words_changed(opened, backbone, resident, login):
    found = rewritten(opened, backbone, resident)

    open_ones = Duty.objects.filter(kind=WAITS, done_at=None)
    assert {each.owner for each in open_ones} == {resident, backbone}
    today = login(resident.user).get(reverse("backbone:today", args=[opened.initiative.slug]))
    assert "waits for your yes" in today.content.decode()
    assert found.get_absolute_url() in today.content.decode()


def test_her_new_yes_settles_it(opened, backbone, resident):
    found = rewritten(opened, backbone, resident)

    found.sign(member=resident, name="Ana")
    assert [each.owner for each in Duty.objects.filter(kind=WAITS, done_at=None)] == [backbone]
    found.agree(by=backbone.user)

    assert not Duty.objects.filter(kind=WAITS, done_at=None).exists()

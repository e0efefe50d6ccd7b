"""What people say to a decision: members, and anybody with a link."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from agenda.models import Input, InputLink
from ciforum.people import clock
from tests import builders, deciding
from tests.agenda.booths import BEGAN, hidden, signed_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_counters():
    cache.clear()


@pytest.fixture
def decision(initiative, backbone):
    committee, _seats = deciding.a_body(initiative, backbone)
    return deciding.in_input(deciding.a_decision(committee, backbone), backbone)


@pytest.fixture
def link(decision, backbone):
    made, token = InputLink.make(decision=decision, label="School gate", by=backbone.user)
    return made, reverse("agenda:input_link", args=[decision.initiative.slug, token])


def send(client, address, **boxes):
    return client.post(address, {**hidden(client.get(address)), **boxes})


def private_address(page):
    found = re.search(r'id="address">([^<]+)<', page.content.decode())
    return unescape(found.group(1)).replace("http://testserver", "")


# --- members


def test_a_member_says_something_once_and_erases_it(decision, partner):
    client, address = signed_in(partner), url("decision_input", decision)

    for _again in range(2):
        done = client.post(address, {"words": "Think of the last bus.", "language": "English"})
    said = decision.inputs.get()
    asks = client.get(url("input_erase", decision, said.uid))
    client.post(url("input_erase", decision, said.uid))

    said.refresh_from_db()
    assert (done.status_code, asks.status_code) == (302, 200)
    assert (said.words, said.stage, said.author) == ("", "input", partner.user)
    assert "Erased by its author" in client.get(address).content.decode()


def test_nobody_erases_what_somebody_else_said(decision, partner, backbone):
    signed_in(partner).post(url("decision_input", decision), {"words": "The last bus."})
    said = decision.inputs.get()

    answer = signed_in(backbone).post(url("input_erase", decision, said.uid))

    assert answer.status_code == 404
    assert Input.objects.get().words == "The last bus."


def test_members_deliberate_and_from_the_last_word_on_nobody_adds_anything(
    initiative, backbone, partner
):
    with clock.at(clock.now() - BEGAN):
        committee, seats = deciding.a_body(initiative, backbone)
        decision = deciding.a_decision(committee, backbone)
        deciding.in_deliberation(decision, backbone)
    address = url("decision_input", decision)
    signed_in(partner).post(address, {"words": "Who pays?"})
    decision.open_last_word(by=backbone.user)

    people = [backbone, partner, seats[0].holder, seats[-1].holder]
    late = [signed_in(each).post(address, {"words": "One more thing."}) for each in people]

    assert {each.status_code for each in late} == {422}
    assert all("One more thing." in each.content.decode() for each in late)
    assert [each.stage for each in decision.inputs.all()] == ["deliberation"]


# --- links


def test_a_link_is_shown_once_and_counts_what_came(decision, backbone, partner):
    staff, address = signed_in(backbone), url("input_links", decision)

    made = staff.post(address, {"label": "School gate"})
    shown = re.search(r'id="made">([^<]+)<', made.content.decode()).group(1)
    send(Client(), shown.replace("http://testserver", ""), words="Open earlier.")
    later = staff.get(address).content.decode()

    assert "no-store" in made["Cache-Control"]
    assert shown.rsplit("/", 2)[1] not in later
    assert "1 input came" in later
    assert signed_in(partner).get(address).status_code == 403


def test_anybody_with_the_link_says_it_in_any_language_without_a_name(decision, link):
    visitor = Client()
    words = "Nou vle yon orè pita. ¿Y el autobús? 晚上吧"

    page = visitor.get(link[1])
    done = send(visitor, link[1], words=words, language="Kreyòl")
    mine = visitor.get(private_address(done))

    said = decision.inputs.get()
    assert (said.words, said.language, said.name, said.author) == (words, "Kreyòl", "", None)
    assert set(visitor.cookies) <= {"csrftoken"}
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in done["Cache-Control"]
    assert "晚上吧" in mine.content.decode()


def test_the_same_page_sent_twice_is_one_input_at_one_address(decision, link):
    visitor = Client()
    form = {**hidden(visitor.get(link[1])), "words": "Open earlier."}

    first, second = visitor.post(link[1], form), visitor.post(link[1], form)

    assert private_address(first) == private_address(second)
    assert decision.inputs.count() == 1


def test_she_reads_the_reply_and_erases_behind_her_address(decision, link, backbone):
    visitor = Client()
    address = private_address(send(visitor, link[1], words="Open earlier.", name="Ana"))
    decision.inputs.get().answer(reply="From 8, then.", by=backbone.user)

    before = visitor.get(address).content.decode()
    asks = visitor.get(f"{address}?erase=1").content.decode()
    after = visitor.post(address).content.decode()

    said = decision.inputs.get()
    assert "From 8, then." in before
    assert "Open earlier." in asks
    assert "Open earlier." not in after
    assert (said.words, said.name, said.salt) == ("", "", "")
    assert visitor.post(address).status_code == 200


def test_the_page_speaks_spanish_where_it_is_asked_to_without_a_cookie(link):
    visitor = Client()

    page = visitor.get(f"{link[1]}?lang=es")

    assert '<html lang="es"' in page.content.decode()
    assert page["Content-Language"] == "es"
    assert "language" not in visitor.cookies


def test_an_ended_link_a_made_up_one_and_anothers_take_nothing(decision, link, backbone):
    visitor = Client()
    form = {**hidden(visitor.get(link[1])), "words": "Open earlier."}
    elsewhere = builders.an_initiative("elsewhere")
    link[0].end(by=backbone.user)

    ended = visitor.post(link[1], form)
    made_up = visitor.get(link[1].replace("input/", "input/x"))
    foreign = visitor.get(link[1].replace(decision.initiative.slug, elsewhere.slug, 1))

    assert (ended.status_code, made_up.status_code, foreign.status_code) == (410, 404, 404)
    assert "Open earlier." in ended.content.decode()
    assert not decision.inputs.exists()


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        ({"words": ""}, "Write what you want to say."),
        ({"words": "a" * 5001}, "at most 5000 signs, now 5001"),
        ({"words": "Hi", "name": "n" * 101}, "at most 100 signs"),
        ({"words": "Hi", "website": "http://spam"}, "Leave the last box empty"),
        ({"words": "Hi", "ticket": "made:up"}, "out of date"),
        ({"words": "Hi\x00"}, "Null characters"),
    ],
)
def test_what_is_refused_is_refused_with_a_sentence(decision, link, boxes, sentence):
    page = send(Client(), link[1], **boxes)

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not decision.inputs.exists()


def test_too_much_at_once_waits_and_loses_no_words(decision, link, monkeypatch):
    monkeypatch.setattr("agenda.views.light.LIMITS", {"agenda.input": "2/m/key"})

    pages = [send(Client(), link[1], words=f"Word {number}") for number in range(3)]

    assert [page.status_code for page in pages] == [200, 200, 429]
    assert "Word 2" in pages[-1].content.decode()
    assert decision.inputs.count() == 2


def test_no_counter_keeps_an_address_of_a_sender(decision, link):
    send(Client(REMOTE_ADDR="203.0.113.7"), link[1], words="Open earlier.")
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM django_cache")
        keys = [row[0] for row in cursor.fetchall()]

    assert any("agenda.input" in key for key in keys)
    assert not any("203.0.113.7" in key for key in keys)

"""A vote that is open at this very moment, and hands that fill in its pages."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from agenda import ballot_links
from agenda.models import Decision, Input, InputLink
from ciforum.people import clock
from ciforum.people.models import StoredFile
from tests import deciding

# So long ago began the way of a decision whose vote is open now.
BEGAN = timedelta(days=10)


def an_open_vote(initiative: Any, by: Any, lived: int = 2, **fields: Any) -> Any:
    """(decision, seats), brought there in the past by the verbs people use."""
    with clock.at(clock.now() - BEGAN):
        committee, seats = deciding.a_body(initiative, by, lived=lived)
        decision = deciding.a_decision(committee, by, **fields)
        deciding.in_vote(decision, by)
    return Decision.objects.get(pk=decision.pk), seats


def an_open_last_word(initiative: Any, by: Any, lived: int = 2, **fields: Any) -> Any:
    """(decision, seats), its text frozen a day ago."""
    with clock.at(clock.now() - BEGAN):
        committee, seats = deciding.a_body(initiative, by, lived=lived)
        decision = deciding.a_decision(committee, by, **fields)
        deciding.in_last_word(decision, by)
    return Decision.objects.get(pk=decision.pk), seats


def url(name: str, decision: Decision, *more: Any) -> str:
    return reverse(f"agenda:{name}", args=[decision.initiative.slug, decision.uid, *more])


def link_to(decision: Decision, seat: Any) -> str:
    token = ballot_links.token(seat=str(seat.uid), round=str(decision.round.uid))
    return reverse("agenda:ballot_link", args=[decision.initiative.slug, token])


def hidden(page: Any) -> dict[str, str]:
    """The hidden boxes of a page."""
    found = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()
    )
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(getattr(person, "user", person))
    return client


def cast(client: Client, address: str, **boxes: str) -> Any:
    """Choose, look again, cast: as somebody does it. The answer to the last step."""
    form = hidden(client.get(address))
    looked = client.post(address, {**form, **boxes, "step": "look"})
    return client.post(address, {**hidden(looked), "step": "cast"})


def a_house(initiative: Any, by: Any, resident: Any) -> dict[str, Any]:
    """Input, last word and votes going on, with a seat for this resident: arguments of addresses.

    `asked` is open for input, `heard` at its last word, `voted` open for voting.
    """
    with clock.at(clock.now() - BEGAN):
        committee = deciding.a_committee(initiative, by)
        hers = deciding.a_seat(committee, holder=resident)
        other = deciding.a_seat(committee)
        asked, heard, voted = (deciding.a_decision(committee, by) for _each in range(3))
        deciding.in_last_word(heard, by)
        deciding.in_vote(voted, by)
    asked.describe(by=by.user, input_until=clock.now() + timedelta(days=9))
    deciding.in_input(asked, by)
    link, token = InputLink.make(decision=asked, label="School gate", by=by.user)
    own, _key = Input.give(decision=asked, member=resident, words="The last bus.")
    _said, key = Input.give(decision=asked, link=link, words="Open earlier.")
    voice = StoredFile.keep(
        ContentFile(b"OggS recording", "last-word.ogg"), initiative=initiative, kind="last_word"
    )
    spoken = Decision.objects.get(pk=heard.pk).speak(
        seat=hers, choice="support", by=resident.user, voice=voice
    )
    ballot = ballot_links.token(seat=str(other.uid), round=str(voted.round.uid))
    return {
        "asked": asked.uid,
        "link": link.uid,
        "own_input": own.uid,
        "input_token": token,
        "input_key": key,
        "heard": heard.uid,
        "spoken": spoken.uid,
        "voted": voted.uid,
        "ballot_token": ballot,
    }

"""A vote that is open at this very moment, and hands that fill in its pages."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from agenda import ballot_links
from agenda.models import Decision
from ciforum.people import clock
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
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode())
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

"""Data walks at any stage, brought there by the verbs people use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from ciforum.people import clock
from ciforum.people.models import Membership
from ciforum.people.words import Words
from measurement.models import DataWalk, Finding, Indicator, Reaction, Station
from measurement.showing.shown import Choice
from tests import chartering

NEXT = Words(en="The committee reads the findings in May.", es="El comité los lee en mayo.")


def a_walk(initiative: Any, by: Membership, **fields: Any) -> DataWalk:
    """A walk in preparation, without stations."""
    return DataWalk.prepare(
        initiative=initiative,
        by=by.user,
        **{
            "title": Words(en="Walk through the numbers", es="Camine por los números"),
            "hall": "Library hall, 1 Main Street",
            "starts": clock.now() + timedelta(days=7),
            "languages": ["en", "es"],
            **fields,
        },
    )


def a_station(
    walk: DataWalk, indicator: Indicator, by: Membership, choice: Choice | None = None
) -> Station:
    number = walk.stations.count() + 1
    return Station.add(
        walk=walk,
        indicator=indicator,
        choice=choice or Choice(),
        title=Words(en=f"Who is born small? ({number})", es=f"¿Quién nace pequeño? ({number})"),
        by=by.user,
    )


def a_ready_walk(
    initiative: Any, by: Membership, indicator: Indicator | None = None, stations: int = 5
) -> DataWalk:
    """A walk that can be opened: stations that show one indicator."""
    found = indicator or chartering.a_figure(initiative, by)
    walk = a_walk(initiative, by)
    for _each in range(stations):
        a_station(walk, found, by)
    return walk


def an_open_walk(initiative: Any, by: Membership, indicator: Indicator | None = None) -> DataWalk:
    walk = a_ready_walk(initiative, by, indicator)
    walk.open(by=by.user)
    return walk


def a_debrief(initiative: Any, by: Membership, indicator: Indicator | None = None) -> DataWalk:
    walk = an_open_walk(initiative, by, indicator)
    walk.begin_debrief(by=by.user)
    return walk


def a_reaction(station: Station, text: str = "The line goes up.", prompt: int = 0) -> Reaction:
    """What somebody wrote on a phone, in answer to the first prompt."""
    asked = list(station.prompts.all())[prompt]
    ticket = uuid4()
    Reaction.send(station=station, answers={asked: text}, language="en", ticket=ticket)
    return Reaction.objects.get(prompt=asked, ticket=ticket)


def on_paper(
    station: Station, by: Membership, sheet: int = 1, text: str = "Too far to the clinic."
) -> Reaction:
    asked = station.prompts.first()
    Reaction.type_in(station=station, sheet=sheet, answers={asked: text}, language="en", by=by.user)
    return Reaction.objects.seen().get(prompt=asked, sheet=sheet)


def a_finding(walk: DataWalk, by: Membership, text: str = "The bus is the gap.") -> Finding:
    """A draft about the first station."""
    return Finding.write(
        walk=walk,
        text=Words(en=text, es=f"{text} (es)"),
        stations=[walk.stations.first()],
        by=by.user,
    )


def with_a_resident(finding: Finding, by: Membership) -> Finding:
    finding.record_author(
        name="A mother of Eastgate",
        is_resident=True,
        how="Read aloud in the hall; she said yes.",
        by=by.user,
    )
    return finding


def an_agreed_finding(walk: DataWalk, by: Membership, text: str = "The bus is the gap.") -> Finding:
    finding = with_a_resident(a_finding(walk, by, text), by)
    finding.agree(by=by.user)
    return finding

"""The agenda of the demonstration, lived through from its words to the decisions of today."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from agenda.models import Goal
from ciforum.demo import agenda_decisions as decisions
from ciforum.demo.agenda_charter import charter
from ciforum.demo.agenda_goals import goals
from ciforum.demo.agenda_maps import scenarios
from ciforum.demo.agenda_seats import Bodies, seats
from ciforum.demo.agenda_words import words
from ciforum.demo.people import Cast
from ciforum.people import clock


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def agree(cast: Cast) -> Bodies:
    """Seats, words, maps, goals, the charter, and then decisions at every stage."""
    bodies = seats(cast)
    words(cast)
    with clock.at(days_ago(210)):
        scenarios(cast)
    _adopt_goals(cast, bodies)
    with clock.at(days_ago(132)):
        version = charter(cast)
    decisions.decide_charter(cast, bodies.steering, str(version.uid))
    decisions.decide_with_a_send_back(cast, bodies.steering)
    decisions.decide_in_secret(cast, bodies.steering)
    decisions.in_voting(cast, bodies.steering)
    decisions.at_last_word(cast, bodies.steering)
    decisions.for_input(cast, bodies.council)
    return bodies


def _adopt_goals(cast: Cast, bodies: Bodies) -> None:
    with clock.at(days_ago(190)):
        worded: tuple[Goal, ...] = goals(cast)
    for goal in worded:
        decisions.decide_goal(cast, bodies.steering, goal)

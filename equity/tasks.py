"""What the clock does for seats: it ends terms, and says in time that they will end."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.core.exceptions import ValidationError
from django.db import transaction

from ciforum.people import clock
from ciforum.people.transitions import StateChanged
from equity import telling_seats as telling
from equity.seats import Seat

log = logging.getLogger(__name__)

NOTICE = timedelta(days=30)


@shared_task
def end_terms() -> int:
    """End every seat whose term is over or whose holder left; answers how many.

    Safe to run twice, and by two workers at once: of two who end a seat one finds it ended.
    """
    return sum(_end(seat) for seat in Seat.objects.overdue(clock.now()).order_by("pk"))


@shared_task
def announce_ends() -> None:
    """Tell of each term that ends within 30 days, once."""
    soon = clock.now() + NOTICE
    ending = Seat.objects.filter(
        state=Seat.State.SEATED, term_ends__gt=clock.now(), term_ends__lte=soon
    )
    for seat in ending.select_related("holder__user", "committee", "initiative"):
        with transaction.atomic():
            telling.term_ends_soon(seat)


def _end(seat: Seat) -> bool:
    try:
        with suppress(StateChanged, ValidationError):  # somebody else was faster
            seat.end(by=None)
            return True
    except Exception:  # one that cannot end must not keep back the others
        log.exception("seat %s could not be ended; it will be tried again", seat.pk)
    return False

"""What the clock does for decisions."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task

from agenda.models import Decision
from agenda.telling import decisions as telling
from ciforum.people import clock
from ciforum.people.transitions import StateChanged
from equity.models import Seat

log = logging.getLogger(__name__)

# Those who have not voted are reminded once, this long before the vote ends.
REMINDED_BEFORE = timedelta(days=2)


@shared_task(name="agenda.tasks.act_on_deadlines")
def act_on_deadlines() -> int:
    """Take every decision on whose time has come; answers how many moved.

    Two workers may run it at once, and it may come late: each decision is locked, asked again
    whether it is due, and moved once.
    """
    due = Decision.objects.due(clock.now()).order_by("pk").values_list("pk", flat=True)
    return sum(_act(pk) for pk in list(due))


def _act(pk: int) -> bool:
    decision = Decision.objects.select_related("initiative", "committee").get(pk=pk)
    try:
        return bool(decision.act_on_time())
    except StateChanged:
        return False
    except Exception:  # one that fails must not keep back the others; the next round tries again
        log.exception("decision %s could not be taken on", pk)
        return False


@shared_task(name="agenda.tasks.remind_voters")
def remind_voters() -> None:
    """Tell the seats that have not voted that the vote ends soon; once for each."""
    soon = clock.now() + REMINDED_BEFORE
    for decision in Decision.objects.filter(state="voting", acts_at__lte=soon):
        round = decision.round
        if round is None:
            continue
        waiting = round.electors.exclude(seat__in=decision.voted_seats()).values("seat")
        back = decision.recusals().values("seat")
        seats = Seat.objects.filter(pk__in=waiting).exclude(pk__in=back)
        telling.remind(decision, seats.select_related("holder__user"))

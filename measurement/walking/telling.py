"""Who hears what came of a walk: everybody who left an address, by mail, once each time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps

from ciforum.people import clock
from ciforum.people.jobs import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from measurement.models import DataWalk, Finding, Follower

JOB = "measurement.walk_mail"
CONFIRM, FOUND, CLOSED = "confirm", "findings", "closed"
# Findings are agreed one after the other; together they make one mail.
TOGETHER = timedelta(minutes=15)


def asked(follower: Follower) -> None:
    """Somebody left an address: ask whether she did."""
    _post([follower], CONFIRM)


def agreed(finding: Finding) -> None:
    """The followers hear of it, with what else is agreed in the next minutes."""
    _post(list(finding.walk.followers.reached()), FOUND, at=clock.now() + TOGETHER)


def closed(walk: DataWalk) -> None:
    """The followers hear what comes next; addresses that nobody confirmed are forgotten."""
    _post(list(walk.followers.reached()), CLOSED)
    for each in walk.followers.unconfirmed():
        each.forget()


def _post(followers: list[Follower], kind: str, at: datetime | None = None) -> None:
    """Leave a row for each mail, unless the same one waits already."""
    if not followers:
        return
    mails = apps.get_model("measurement", "WalkMail")
    now = clock.now()
    mails.objects.bulk_create(
        [
            mails(initiative_id=each.initiative_id, follower=each, kind=kind, due=at or now)
            for each in followers
        ],
        ignore_conflicts=True,
    )
    job = enqueue(JOB, followers[0].walk_id)
    if at is not None:
        type(job).objects.filter(pk=job.pk).update(run_at=at)

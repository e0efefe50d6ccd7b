"""`manage.py demo`: load the demonstration initiative, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ciforum.demo.agenda import agree
from ciforum.demo.measurement import measure
from ciforum.demo.measurement_asking import hear_council
from ciforum.demo.measurement_boards import compose
from ciforum.demo.measurement_catalogue import catalogue
from ciforum.demo.measurement_duties import owe
from ciforum.demo.measurement_shifts import shift
from ciforum.demo.people import SLUG, gather
from ciforum.people import clock
from ciforum.people.models import AuditLine, Initiative, Notice
from ciforum.people.transitions import audit

LOADED = "demonstration loaded"


class Command(BaseCommand):
    help = "Load the demonstration initiative. Does nothing when it is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration loads only where CIFORUM_DEMO=1.")
        if initiative := Initiative.objects.filter(slug=SLUG).first():
            self._must_be_whole(initiative)
            return
        cast = gather()
        measure(cast)
        catalogue(cast)
        owe(cast)
        compose(cast)
        bodies = agree(cast)
        shift(cast, bodies)
        hear_council(cast, bodies)
        # What happened in the demonstration's past is not mailed today.
        Notice.objects.filter(sent_at=None).update(sent_at=clock.now())
        audit(cast.initiative, before="", after=LOADED, by=None)

    def _must_be_whole(self, initiative: Initiative) -> None:
        if not AuditLine.objects.filter(record_uid=initiative.uid, after=LOADED).exists():
            raise CommandError(
                "Loading the demonstration was cut off last time. Run `make clean`, which deletes "
                "the local database, and start again."
            )

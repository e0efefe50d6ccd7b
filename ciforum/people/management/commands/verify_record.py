"""`manage.py verify_record`: recompute an initiative's record and name the first broken row."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ciforum.people.models import Initiative
from ciforum.people.verifying import verify


class Command(BaseCommand):
    help = "Recompute every link of an initiative's record chain and every count under it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("initiative", help="its short name in addresses, e.g. alder-valley")

    def handle(self, *args: Any, **options: Any) -> None:
        initiative = Initiative.objects.filter(slug=options["initiative"]).first()
        if initiative is None:
            raise CommandError(f"There is no initiative {options['initiative']!r}.")
        found = verify(initiative)
        if found.trouble:
            raise CommandError(f"BROKEN after {found.links} good links. {found.trouble}")
        self.stdout.write(f"OK: {found.links} links, head {found.head}")
        for kind, number in sorted(found.kinds.items()):
            self.stdout.write(f"  {kind}: {number}")

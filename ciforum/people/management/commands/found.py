"""`manage.py found`: begin an initiative and invite its first director by e-mail."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from ciforum.people.invitations import mail_link
from ciforum.people.models import Initiative, Invitation, Membership, Role, User
from ciforum.people.words import Words


class Command(BaseCommand):
    help = "Begin an initiative and invite its first director, who does everything else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="its short name in addresses, e.g. alder-valley")
        parser.add_argument("name", help="its name, in the first language given")
        parser.add_argument("director", help="the e-mail address of its first director")
        parser.add_argument("--languages", nargs="+", default=["en", "es"])
        parser.add_argument("--time-zone", default="America/New_York")

    def handle(self, *args: Any, **options: Any) -> None:
        first = options["languages"][0]
        try:
            validate_email(options["director"])
            initiative = self._initiative(options, first)
            self._invite(initiative, options["director"], first)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _initiative(self, options: dict[str, Any], language: str) -> Initiative:
        """A new one; or the one of that name, as long as nobody runs it."""
        begun = Initiative.objects.filter(slug=options["slug"]).first()
        if begun is not None:
            members = Membership.objects.for_initiative(begun).current()
            if members.with_role(Role.BACKBONE).exists():
                raise CommandError(f"{begun} has a director already, who can invite others.")
            return begun
        initiative = Initiative(
            slug=options["slug"],
            name=Words({language: options["name"]}),
            languages=options["languages"],
            time_zone=options["time_zone"],
        )
        initiative.full_clean()
        initiative.save()
        return initiative

    def _invite(self, initiative: Initiative, address: str, language: str) -> None:
        # Nobody is there yet who could invite, so the site does, as an account that can never
        # sign in.
        site, _made = User.objects.get_or_create(
            email="site@localhost", defaults={"name": "CI Forum", "is_active": False}
        )
        invitation, token = Invitation.send(
            initiative=initiative,
            email=address,
            roles=[Role.BACKBONE],
            by=site,
            language=language,
        )
        url = settings.SITE_URL + reverse("people:invitation", args=[token])
        if mail_link(invitation, token):
            self.stdout.write(f"{initiative} stands. {address} has been sent the link to join it.")
        else:
            self.stdout.write(f"{initiative} stands. No mail could be sent; give them this: {url}")

"""The people, organizations and places of the demonstration. All of them are invented."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Initiative, Membership, Organization, Place, Role, User
from ciforum.people.registry import DemoPerson
from ciforum.people.words import Words

SLUG = "alder-valley"

DEMO_PEOPLE = [
    DemoPerson(
        key="director",
        email="rosa@alder-valley.example",
        name="Rosa Delgado",
        role_label=_("Backbone director"),
        try_this=_("Approve numbers, prepare a release, and see what holds it."),
    ),
    DemoPerson(
        key="committee",
        email="martin@alder-valley.example",
        name="Martin Hale",
        role_label=_("Steering committee member, for the hospital"),
        try_this=_("Read what is published, and the ledger of what was held and why."),
    ),
    DemoPerson(
        key="resident",
        email="denise@alder-valley.example",
        name="Denise Carter",
        role_label=_("Resident with a lived-experience seat"),
        try_this=_("Decide on a waiver that staff asked for."),
    ),
    DemoPerson(
        key="partner",
        email="priya@alder-valley.example",
        name="Priya Nair",
        role_label=_("Partner staff who hands in data, for the health department"),
        try_this=_("Upload a file, say what its columns mean, and hand it in."),
    ),
    DemoPerson(
        key="funder",
        email="tom@alder-valley.example",
        name="Tom Okafor",
        role_label=_("Funder"),
        try_this=_("See published results by group, and what is held."),
    ),
]

ROLES = {
    "director": [Role.BACKBONE],
    "committee": [Role.COMMITTEE],
    "resident": [Role.COMMUNITY, Role.COMMITTEE],
    "partner": [Role.PARTNER],
    "funder": [Role.FUNDER],
}
ORGANIZATIONS = {
    "director": ("Alder Valley Birth Equity Network", "nonprofit", False),
    "committee": ("Alder Valley Hospital", "health", False),
    "partner": ("Alder County Health Department", "government", False),
    "funder": ("Three Rivers Foundation", "philanthropy", False),
    "comadres": ("Comadres Doula Collective", "community", True),
    "tenants": ("Eastgate Tenants Together", "community", True),
}
COUNTY = "Alder County"
TOWNS = ("Millbrook", "Eastgate", "San Isidro")


@dataclass(frozen=True)
class Cast:
    """Everybody and everything the other parts of the demonstration need."""

    initiative: Initiative
    members: dict[str, Membership]

    def user(self, key: str) -> User:
        return self.members[key].user

    def organization(self, key: str) -> Organization:
        return Organization.objects.get(initiative=self.initiative, name=ORGANIZATIONS[key][0])


def gather() -> Cast:
    """Found the initiative, its places and organizations, and let everybody join."""
    initiative = _found()
    members = {person.key: _join(initiative, person) for person in DEMO_PEOPLE}
    for key in ("comadres", "tenants"):
        _organization(initiative, key)
    return Cast(initiative, members)


def _found() -> Initiative:
    initiative = Initiative.objects.create(
        slug=SLUG,
        name=Words(
            en="Alder Valley Birth Equity Network",
            es="Red de Equidad al Nacer del Valle Alder",
        ),
        purpose=Words(
            en="Every child in Alder Valley is born healthy, to a mother who was listened to, "
            "whatever her race, language or address.",
            es="Que cada niña y niño del Valle Alder nazca con salud, de una madre a quien se "
            "escuchó, sin importar su raza, idioma o dirección.",
        ),
        population=Words(
            en="Families who are expecting a child, and children under one",
            es="Familias que esperan un bebé y niños menores de un año",
        ),
        languages=["en", "es"],
        time_zone="America/New_York",
        contact="hello@alder-valley.example",
    )
    county = Place.objects.create(initiative=initiative, code="alder-county", name=COUNTY)
    for name in TOWNS:
        code = name.lower().replace(" ", "-")
        Place.objects.create(initiative=initiative, code=code, name=name, parent=county)
    initiative.place = county
    initiative.save(update_fields=["place"])
    return initiative


def _join(initiative: Initiative, person: DemoPerson) -> Membership:
    user = User.objects.create_user(person.email, name=person.name)
    user.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return Membership.objects.create(
        initiative=initiative,
        user=user,
        organization=_organization(initiative, person.key),
        roles=ROLES[person.key],
        data_steward=person.key == "director",
    )


def _organization(initiative: Initiative, key: str) -> Organization | None:
    if key not in ORGANIZATIONS:
        return None
    name, sector, community_led = ORGANIZATIONS[key]
    return Organization.objects.create(
        initiative=initiative,
        slug=name.lower().replace(" ", "-"),
        name=name,
        sector=sector,
        community_led=community_led,
    )

"""Who decides in the demonstration: a steering committee that grew fairer, and a council."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from ciforum.demo.people import Cast
from ciforum.people import clock
from ciforum.people.models import Membership, Role, User
from ciforum.people.words import Words
from equity.models import Committee, Dimension, Group, Policy, Seat, SeatClass
from equity.tasks import announce_ends

# key: (e-mail, name, language, roles, organization)
NEIGHBORS: dict[str, tuple[str, str, str, list[str], str]] = {
    "lupe": ("lupe@alder-valley.example", "Guadalupe Ramírez", "es", [Role.COMMUNITY], ""),
    "tasha": ("tasha@alder-valley.example", "Tasha Greene", "en", [Role.COMMUNITY], ""),
    "mai": ("mai@alder-valley.example", "Mai Vang", "en", [Role.COMMUNITY], ""),
    "ruth": ("ruth@alder-valley.example", "Ruth Ann Kelly", "en", [Role.COMMUNITY], ""),
    "elena": ("elena@alder-valley.example", "Elena Ortiz", "es", [Role.PARTNER], "comadres"),
}
# Those whom the others ask when residents choose.
RESIDENTS = ("resident", "tasha", "mai", "ruth", "lupe")


@dataclass(frozen=True)
class Bodies:
    """The committees of the demonstration, and their seats by who holds them."""

    steering: Committee
    council: Committee
    steering_seats: dict[str, Seat]
    council_seats: dict[str, Seat]


def seats(cast: Cast) -> Bodies:
    """Live through it: seats are offered, chosen by residents, taken, and one term ends.

    Adds `NEIGHBORS` to the cast's members. Needs the dimension "race".
    """
    with clock.at(_ago(910)):
        for key in NEIGHBORS:
            cast.members[key] = _join(cast, key)
        steering = _steering(cast)
    held = _early_years(cast, steering) | _later_years(cast, steering)
    with clock.at(_ago(300)):
        council = _council(cast)
    answer = Bodies(steering, council, held, _council_seats(cast, council))
    announce_ends()
    return answer


def _steering(cast: Cast) -> Committee:
    return Committee.found(
        initiative=cast.initiative,
        by=cast.user("director"),
        slug="steering",
        name=Words(en="Steering committee", es="Comité directivo"),
        kind=Committee.Kind.STEERING,
        remit=Words(
            en="Adopts the charter and the goals, and decides what the whole network does next.",
            es="Adopta el acuerdo común y las metas, y decide qué hace después toda la red.",
        ),
    )


def _early_years(cast: Cast, steering: Committee) -> dict[str, Seat]:
    """Three institutions, a funder's seat among them, and one resident whose term ran out."""
    with clock.at(_ago(900)):
        held = {
            "hospital": _seat(cast, steering, "committee", SeatClass.INSTITUTION, ends=120),
            "health": _seat(cast, steering, "partner", SeatClass.INSTITUTION, ends=120),
            "funder": _seat(cast, steering, "funder", SeatClass.FUNDER, ends=120),
            "ruth": _seat(cast, steering, "ruth", SeatClass.LIVED, ends=-530),
        }
    with clock.at(_ago(528)):
        held["ruth"].end(by=None)
    return held


def _later_years(cast: Cast, steering: Committee) -> dict[str, Seat]:
    """Residents come in, one after the other, until they are half of the table."""
    with clock.at(_ago(700)):
        denise = _seat(cast, steering, "resident", SeatClass.LIVED, ends=21)
    with clock.at(_ago(500)):
        tasha = _seat(cast, steering, "tasha", SeatClass.LIVED, ends=230)
        elena = _seat(cast, steering, "elena", SeatClass.GRASSROOTS, ends=230)
    with clock.at(_ago(260)):
        lupe = _seat(
            cast, steering, "lupe", SeatClass.LIVED, ends=470, shown_as="Doña Lupe", channel="phone"
        )
        mai = _seat(cast, steering, "mai", SeatClass.LIVED, ends=470, channel="text")
        denise.name_alternate(alternate=cast.members["ruth"], by=cast.user("resident"))
    return {"resident": denise, "tasha": tasha, "elena": elena, "lupe": lupe, "mai": mai}


def _council(cast: Cast) -> Committee:
    race = Dimension.objects.for_initiative(cast.initiative).current().get(code="race")
    return Committee.found(
        initiative=cast.initiative,
        by=cast.user("director"),
        slug="families-council",
        name=Words(en="Families' council", es="Consejo de familias"),
        kind=Committee.Kind.COUNCIL,
        institutions_follow=True,
        dimension=race,
        remit=Words(
            en="Says what matters most to families. Institutions answer what they will do.",
            es="Dice qué importa más a las familias. Las instituciones responden qué harán.",
        ),
    )


def _council_seats(cast: Cast, council: Committee) -> dict[str, Seat]:
    """One seat for each group, as far as there are any; the hospital and the county follow."""
    groups = {group.code: group for group in Group.objects.filter(dimension=council.dimension)}
    asian = next((code for code in ("hmong", "asian") if code in groups), "asian")
    with clock.at(_ago(290)):
        return {
            "tasha": _seat(
                cast, council, "tasha", SeatClass.LIVED, ends=440, group=groups["black"]
            ),
            "lupe": _seat(
                cast,
                council,
                "lupe",
                SeatClass.LIVED,
                ends=440,
                group=groups["latina"],
                shown_as="Doña Lupe",
                channel="phone",
            ),
            "mai": _seat(cast, council, "mai", SeatClass.LIVED, ends=440, group=groups[asian]),
            "hospital": _seat(cast, council, "committee", SeatClass.INSTITUTION, ends=440),
            "health": _seat(cast, council, "partner", SeatClass.INSTITUTION, ends=440),
        }


def _seat(
    cast: Cast, committee: Committee, key: str, seat_class: str, *, ends: int, **fields: Any
) -> Seat:
    """Offered, chosen where residents choose, and taken a few days later."""
    holder = cast.members[key]
    lived = seat_class == SeatClass.LIVED
    seat = Seat.offer(
        committee=committee,
        holder=holder,
        by=cast.user("director"),
        seat_class=seat_class,
        organization=None if lived else holder.organization,
        term_ends=clock.end_of_day(_ago(-ends).date(), cast.initiative.time_zone),
        designation="Chosen by a meeting of residents" if lived else "Named by its organization",
        **fields,
    )
    with clock.at(clock.now() + timedelta(days=4)):
        if lived:
            _choose(cast, seat, key)
        seat.take(by=holder.user)
    return seat


def _choose(cast: Cast, seat: Seat, key: str) -> None:
    others = [each for each in RESIDENTS if each != key]
    for each in others[: Policy.of(cast.initiative).resident_choosers]:
        seat.choose(by=cast.members[each])


def _join(cast: Cast, key: str) -> Membership:
    email, name, language, roles, organization = NEIGHBORS[key]
    user = User.objects.create_user(email, name=name, language=language)
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    return Membership.objects.create(
        initiative=cast.initiative,
        user=user,
        organization=cast.organization(organization) if organization else None,
        roles=roles,
        joined_at=clock.now(),
    )


def _ago(days: int) -> datetime:
    """So many days before today; a negative number is ahead."""
    return timezone.now() - timedelta(days=days)

"""Data we asked for, and a council with authority over its group's data, in the demonstration."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from ciforum.demo.agenda_seats import Bodies
from ciforum.demo.people import Cast
from ciforum.people import clock
from ciforum.people.words import Words
from equity.models import DataAuthority, Dimension
from measurement.models import DataRequest, Release, RequestSigner

ESCALATION = (
    "We ask the county board to put the finer form on its agenda. The hospital and the county "
    "health department have signed the letter with us."
)
ADDRESSEE = "State Board of Health"
POLICY = (
    "Add a box for mothers who give another race, or several, to the birth form, and count it as "
    "a group of its own from next year on."
)
MAI = Words(
    en="Show them. For once our daughters see that somebody counted us.",
    es="Muéstrenlos. Por una vez nuestras hijas ven que alguien nos contó.",
)


def take_further(cast: Cast, request: DataRequest) -> None:
    """Two partners and a resident sign, and the call for another form goes out."""
    for key in ("committee", "partner"):
        member = cast.members[key]
        RequestSigner.sign(request=request, member=member, organization=member.organization)
    RequestSigner.sign(request=request, member=cast.members["resident"])
    request.escalate(words=ESCALATION, addressee=ADDRESSEE, policy=POLICY, by=cast.user("director"))


def hear_council(cast: Cast, bodies: Bodies) -> None:
    """The families' council holds authority over Asian mothers' numbers, and releases a draft."""
    race = Dimension.objects.for_initiative(cast.initiative).current().get(code="race")
    mai, tasha = bodies.council_seats["mai"], bodies.council_seats["tasha"]
    with clock.at(timezone.now() - timedelta(days=10)):
        authority = DataAuthority.propose(
            group=race.groups.get(code="asian"), council=bodies.council, by=cast.user("director")
        )
    with clock.at(timezone.now() - timedelta(days=8)):
        authority.consent(seat=mai, by=cast.user("mai"))
    drafts = Release.objects.for_initiative(cast.initiative).filter(state=Release.State.DRAFT)
    with clock.at(timezone.now() - timedelta(days=5)):
        for draft in drafts:
            if draft.seen_by(authority):
                authority.speak(
                    record=draft, seat=mai, says="release", by=cast.user("mai"), words=MAI
                )
                authority.speak(record=draft, seat=tasha, says="release", by=cast.user("tasha"))

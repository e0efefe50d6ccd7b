"""Maps that others may see, and the events they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import registry
from ciforum.people.models import Role
from ciforum.people.permissions import holds
from measurement.models import HistoricMap

if TYPE_CHECKING:
    from ciforum.people.models import Citation, Initiative, Membership
    from measurement.models.maps import HistoricMapQuerySet


def may_draw_maps(member: Membership | None) -> bool:
    """Outlines of places and historic maps: the backbone."""
    return holds(member, Role.BACKBONE)


def seen_by(initiative: Initiative, member: Membership | None) -> HistoricMapQuerySet:
    """Public maps; to members also drafts, and those whose event was withdrawn."""
    own = HistoricMap.objects.for_initiative(initiative).select_related("initiative", "event")
    return own if member else own.public()


def _citer(citation: Citation, member: Membership | None) -> registry.Citer | None:
    found = seen_by(citation.initiative, member).filter(uid=citation.source_uid).first()
    return found and registry.Citer(_("Then and now"), str(found), found.get_absolute_url())


def _public_urls(initiative: Initiative) -> Iterator[str]:
    yield reverse("measurement:maps", args=[initiative.slug])
    for each in seen_by(initiative, None):
        yield each.get_absolute_url()


def register() -> None:
    """Fill the ground's tables; called once at start-up."""
    registry.citers.add("measurement.historicmap", _citer)
    registry.public_urls.add("maps of places", _public_urls)

"""What measurement shows on the initiative's front page, and its pages for the sitemap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse

from ciforum.people import registry
from ciforum.people.folding import folded
from measurement.models import Indicator
from measurement.saying.tiles import signs, tiles

if TYPE_CHECKING:
    from ciforum.people.models import Initiative
    from ciforum.people.requests import MemberRequest

SHOWN = 3


def register() -> None:
    """Fill the ground's tables; called once at start-up."""
    registry.front_parts.add("measurement", part)
    registry.public_urls.add("measurement", public_urls)


def part(request: MemberRequest) -> registry.FrontPart | None:
    """A few public numbers; nothing while there are none."""
    published = _published(request.initiative)[:SHOWN]
    if not published:
        return None
    made = tiles(published)
    return registry.FrontPart("measurement/_front.html", {"tiles": made, "signs": signs(made)})


def public_urls(initiative: Initiative) -> Iterator[str]:
    """The overview, the requests, and every published indicator."""
    for name in ("overview", "requests"):
        yield reverse(f"measurement:{name}", args=[initiative.slug])
    for indicator in _published(initiative):
        yield indicator.get_absolute_url()


def _published(initiative: Initiative) -> list[Indicator]:
    own = Indicator.objects.for_initiative(initiative).filter(retired_at=None)
    found = own.select_related("initiative").published()
    return sorted(found, key=lambda each: folded(str(each.name)))

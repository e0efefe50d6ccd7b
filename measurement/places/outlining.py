"""Which area of an uploaded file is which place; kept all at once or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ciforum.people.folding import folded
from ciforum.people.models import Place, StoredFile
from ciforum.people.transitions import StateChanged, lock, verb
from measurement.places import outlines
from measurement.places.outlines import Area

if TYPE_CHECKING:
    from django.core.files.base import File

    from ciforum.people.models import Initiative, User

KIND = "outlines"


@dataclass(frozen=True)
class Match:
    """A place, the areas that make it up, and a sentence that says what happens."""

    place: Place
    areas: list[Area]

    @property
    def geojson(self) -> dict[str, Any]:
        found = [each.geojson["coordinates"] for each in self.areas]
        return {"type": "MultiPolygon", "coordinates": [one for some in found for one in some]}

    @property
    def sentence(self) -> str:
        corners = sum(
            len(ring) for each in self.areas for polygon in each.polygons for ring in polygon
        )
        said = ngettext(
            "%(place)s gets an outline of %(number)s corner.",
            "%(place)s gets an outline of %(number)s corners.",
            corners,
        ) % {"place": self.place, "number": corners}
        if len(self.areas) > 1:
            said += " " + _("%(number)s areas make it up.") % {"number": len(self.areas)}
        if self.place.geojson:
            said += " " + _("It takes the place of the outline it has.")
        return said


@dataclass(frozen=True)
class Matching:
    """What the file would do. left_out: a sentence for each area that is no place here, and for
    each place that gets nothing."""

    name: str
    names: list[str]
    matches: list[Match]
    left_out: list[str]


def matching(initiative: Initiative, areas: Sequence[Area], name: str = "") -> Matching:
    """Match by a property of the areas: the one asked for, else the one that matches most."""
    places = list(Place.objects.for_initiative(initiative).order_by("name", "pk"))
    names = outlines.properties(list(areas))
    chosen = name if name in names else _best(names, areas, places)
    by_place: dict[int, list[Area]] = {}
    left_out = []
    known = _known(places)
    for number, area in enumerate(areas, start=1):
        text = area.properties.get(chosen, "")
        place = known.get(folded(text)) if text else None
        if place is None:
            left_out.append(_area_left_out(number, text))
        else:
            by_place.setdefault(place.pk, []).append(area)
    matches = [Match(each, by_place[each.pk]) for each in places if each.pk in by_place]
    left_out += [_place_left_out(each) for each in places if each.pk not in by_place]
    return Matching(chosen, names, matches, left_out)


def _known(places: Sequence[Place]) -> dict[str, Place]:
    """Codes go before names; two places of one name are matched by code only."""
    names = [folded(place.name) for place in places]
    by_name = {folded(each.name): each for each in places if names.count(folded(each.name)) == 1}
    return by_name | {folded(each.code): each for each in places}


def _best(names: Sequence[str], areas: Sequence[Area], places: Sequence[Place]) -> str:
    known = _known(places)

    def hits(name: str) -> int:
        return sum(folded(area.properties.get(name, "")) in known for area in areas)

    return max(names, key=hits, default="")


def _area_left_out(number: int, text: str) -> str:
    if not text:
        return _("Area %(number)s does not say which place it is: it is left out.") % {
            "number": number
        }
    return _("“%(name)s” is the name or code of no place here: it is left out.") % {"name": text}


def _place_left_out(place: Place) -> str:
    if place.geojson:
        return _("%(place)s is not in the file: it keeps the outline it has.") % {"place": place}
    return _("%(place)s is not in the file: it stays without an outline.") % {"place": place}


@verb
def hand_in(*, initiative: Initiative, file: File[bytes]) -> StoredFile:
    """Keep a file until it is matched; one that was left lying before is forgotten."""
    lock(initiative)
    for old in waiting(initiative):
        old.forget()
    return StoredFile.keep(file, initiative=initiative, kind=KIND)


def waiting(initiative: Initiative) -> Any:
    return StoredFile.objects.filter(initiative=initiative, kind=KIND, forgotten_at=None)


@verb
def keep(*, stored: StoredFile, found: Matching, by: User) -> None:
    """Give every matched place its outline, and forget the file. Raises StateChanged."""
    lock(stored)
    if stored.forgotten_at:
        raise StateChanged
    if not found.matches:
        raise ValidationError(_("No area of the file is a place here, so nothing is kept."))
    for match in found.matches:
        match.place.outline(geojson=match.geojson, by=by)
    stored.forget()

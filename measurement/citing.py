"""The kind "figure": an indicator as a release showed it, cited by other records.

A citation pins the release that was seen. It reads as that release's headline; when a newer one
is out, it says so. Only cells of releases are read, so nothing that is hidden can be cited.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people import registry
from ciforum.people.models import Citable, Period, Place
from measurement.models import Indicator, Release
from measurement.models.releases import ReleaseCell
from measurement.saying.headline import headline
from measurement.showing.home import home_of
from measurement.showing.shown import Cell, Series, Shown

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, Membership

KIND = "figure"


@dataclass
class Figure:
    """What the functions below need of one cited indicator; releases are public, oldest first."""

    indicator: Indicator
    releases: list[Release]
    place: Place | None = None
    # The rows for everyone at that place, by the release they stand in.
    rows: dict[int, list[ReleaseCell]] = field(default_factory=dict)
    showing_groups: set[int] = field(default_factory=set)

    def release(self, citable: Citable) -> Release | None:
        """The release that was pinned, else the newest."""
        uid = citable.detail.get("release")
        pinned = next((each for each in self.releases if str(each.uid) == uid), None)
        return pinned or (self.releases[-1] if self.releases else None)


def register() -> None:
    """Fill the ground's table of citations; called once at start-up."""
    registry.citations.add(
        KIND,
        registry.CitationKind(
            label=gettext_lazy("Figure"),
            icon="chart-line",
            title=lambda citable: str(figure(citable).indicator.name),
            url=lambda citable: figure(citable).indicator.get_absolute_url(),
            excerpt=excerpt,
            visible_to=lambda citable, member: bool(figure(citable).releases),
            choices=choices,
            find=find,
            traits=traits,
            pin=pin,
            load=load,
        ),
    )


def choices(initiative: Initiative, member: Membership | None) -> Iterable[tuple[Any, str]]:
    """Every indicator with a public release."""
    for indicator in _published(initiative):
        yield indicator.uid, str(indicator.name)


def find(initiative: Initiative, uid: Any) -> Citable | None:
    """The row that stands for a published indicator, made when it is cited first."""
    try:
        indicator = _published(initiative).filter(uid=uid).first()
    except ValidationError:  # no uid at all
        return None
    return Citable.of(indicator, KIND) if indicator else None


def pin(citable: Citable) -> dict[str, Any]:
    """The newest release: the one that whoever cites now has seen."""
    releases = figure(citable).releases
    return {"release": str(releases[-1].uid)} if releases else {}


def traits(citable: Citable) -> set[str]:
    """{"disaggregated"} when the pinned release shows numbers of groups."""
    seen = figure(citable)
    release = seen.release(citable)
    return {"disaggregated"} if release and release.pk in seen.showing_groups else set()


def excerpt(citable: Citable, member: Membership | None) -> str:
    """The headline of the pinned release, and whether a newer one is out."""
    seen = figure(citable)
    release = seen.release(citable)
    if release is None:
        return ""
    said = headline(_as_of(seen, release))
    newest = seen.releases[-1]
    if newest.pk == release.pk or newest.published_at is None:
        return said
    day = date_format(localtime(newest.published_at), "DATE_FORMAT")
    return said + " " + _("A newer release came out on %(day)s.") % {"day": day}


def figure(citable: Citable) -> Figure:
    """What is known of the cited indicator; fetched now when `load` was not asked before."""
    if citable.record is None:
        load([citable])
    found: Figure = citable.record
    return found


def load(citables: list[Citable]) -> None:
    """Fetch indicators, releases and rows of many figures, in as many queries as for one."""
    uids = [citable.record_uid for citable in citables]
    found = {
        indicator.uid: Figure(indicator, [])
        for indicator in Indicator.objects.filter(uid__in=uids).select_related("initiative")
    }
    _load_releases({each.indicator.pk: each for each in found.values()})
    for citable in citables:
        citable.record = found[citable.record_uid]


def _load_releases(figures: dict[int, Figure]) -> None:
    releases = Release.objects.published().filter(indicator__in=figures)
    for release in releases.select_related("version").order_by("version__number", "number"):
        figures[release.indicator_id].releases.append(release)
    _load_rows(figures)
    shown = ReleaseCell.objects.filter(
        release__in=[release for each in figures.values() for release in each.releases],
        is_protected=False,
        numerator__isnull=False,
    ).exclude(stratum__key="")
    with_groups = set(shown.values_list("release", flat=True).distinct())
    for each in figures.values():
        each.showing_groups = with_groups


def _load_rows(figures: dict[int, Figure]) -> None:
    """The rows for everyone, at the place where each indicator's own page opens."""
    everyone = ReleaseCell.objects.filter(
        release__state=Release.State.PUBLISHED,
        release__indicator__in=figures,
        stratum__key="",
    )
    pairs = everyone.values_list("release__indicator", "place").distinct()
    places: dict[int, set[int]] = {pk: set() for pk in figures}
    for indicator, place in pairs:
        places[indicator].add(place)
    known = Place.objects.filter(pk__in=set().union(*places.values())).order_by("name", "pk")
    for pk, each in figures.items():
        own = [place for place in known if place.pk in places[pk]]
        each.place = home_of(each.indicator.initiative, own)
    homes = {each.place for each in figures.values() if each.place}
    for row in everyone.filter(place__in=homes).select_related("period", "release"):
        seen = figures[row.release.indicator_id]
        if seen.place and seen.place.pk == row.place_id:
            seen.rows.setdefault(row.release_id, []).append(row)


def _as_of(seen: Figure, release: Release) -> Shown:
    """What the public could read for everyone on the day of this release."""
    rows: dict[Period, tuple[Release, ReleaseCell]] = {}
    for each in seen.releases:
        if each.version_id == release.version_id and each.number <= release.number:
            rows |= {row.period: (each, row) for row in seen.rows.get(each.pk, [])}
    # Years and quarters do not stand in one line; the kind of the newest release's periods leads.
    own = [row.period.kind for row in seen.rows.get(release.pk, [])]
    kind = max(own, key=own.count, default="")
    cells = [Cell.of(row, each, Series()) for each, row in rows.values() if row.period.kind == kind]
    return Shown(
        indicator=seen.indicator,
        version=release.version,
        place=seen.place,
        by="",
        kind=kind,
        breakdowns={},
        kinds=[kind],
        cells=sorted(cells, key=lambda cell: (cell.period.end, cell.period.start)),
        release=release,
    )


def _published(initiative: Initiative) -> Any:
    own = Indicator.objects.for_initiative(initiative)
    return own.select_related("initiative").published().order_by("slug")

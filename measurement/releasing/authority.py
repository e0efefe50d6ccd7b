"""Which councils a release waits for, what they say of it, and what is withheld at their word."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from equity.models import DataAuthority, Group
from equity.models.authority import Count
from measurement.models.observations import StratumGroup

if TYPE_CHECKING:
    from measurement.models import Release
    from measurement.models.withholdings import Withholding


@dataclass(frozen=True)
class Concern:
    """One council and its group's strata in a release, by id."""

    authority: DataAuthority
    strata: frozenset[int]
    count: Count
    # Kept back on all pages of the indicator, whatever is said of one release; None: it is not.
    kept_back: Withholding | None = None

    @property
    def says(self) -> str:
        return "withhold" if self.kept_back else self.count.says

    @property
    def is_told(self) -> bool:
        """The council keeps the numbers, and more than half of those who do let pages say so."""
        if self.kept_back:
            return self.kept_back.is_told
        return self.says == "withhold" and 2 * self.count.told > self.count.withhold


def standing(release: Release) -> list[DataAuthority]:
    own = DataAuthority.objects.for_initiative(release.initiative).standing()
    return list(own.select_related("group__dimension", "council__initiative").order_by("pk"))


def hold(release: Release) -> None:
    """Lock every council and authority that the gate of a release asks."""
    for authority in standing(release):
        authority.hold()


def concerning(release: Release) -> list[Concern]:
    """The councils whose group, or a part of it, has numbers in the release."""
    back = {each.authority_id: each for each in release.indicator.withholdings.in_force()}
    found = []
    for authority in standing(release):
        if strata := strata_of(release, authority):
            count = authority.count(release)
            found.append(Concern(authority, strata, count, back.get(authority.pk)))
    return found


def withheld(release: Release) -> set[int]:
    """Strata, by id, that more than half of a council's seats keep."""
    return {
        stratum
        for concern in concerning(release)
        if concern.says == "withhold"
        for stratum in concern.strata
    }


def kept_words(release: Release) -> list[dict[str, Any]]:
    """The groups whose council lets pages say that it keeps their numbers: names, in words."""
    return [
        {
            "group": dict(concern.authority.group.name),
            "council": dict(concern.authority.council.name),
        }
        for concern in concerning(release)
        if concern.is_told
    ]


def answers(release: Release) -> list[dict[str, Any]]:
    """What the gate asks of each council: see `Releasable.authorities`."""
    hidden = set(release.protected.get("withheld", []))
    return [
        {
            "group": dict(concern.authority.group.name),
            "council": dict(concern.authority.council.name),
            "seats": concern.count.seats,
            "release": concern.count.release,
            "withhold": concern.count.withhold,
            "says": concern.says,
            "withheld": concern.strata <= hidden,
        }
        for concern in concerning(release)
    ]


def strata_of(release: Release, authority: DataAuthority) -> frozenset[int]:
    """The strata of a release that are the group or a part of it, in any version of its dimension.

    A group is known by its code, as everywhere.
    """
    strata = release.observations().order_by().values("stratum")
    found = StratumGroup.objects.filter(stratum__in=strata, group__in=family_of(authority.group))
    return frozenset(found.values_list("stratum", flat=True))


def seen(release: Release, authority: DataAuthority) -> str:
    """Changes with every observation of the group that the release holds; "" without any."""
    strata = strata_of(release, authority)
    if not strata:
        return ""
    rows = release.observations().filter(stratum__in=strata).order_by("pk")
    told = ",".join(map(str, rows.values_list("pk", flat=True)))
    return hashlib.sha256(told.encode()).hexdigest()


def codes_of(authority: DataAuthority) -> set[str]:
    """The codes of the group and all its parts."""
    family = Group.objects.filter(pk__in=family_of(authority.group))
    return set(family.values_list("code", flat=True))


def family_of(group: Group) -> set[int]:
    """The group and all its parts, by id, in every version of the dimension."""
    every = Group.objects.filter(
        initiative=group.initiative_id, dimension__code=group.dimension.code
    )
    rows = list(every.values_list("pk", "parent", "code"))
    family = {pk for pk, _parent, code in rows if code == group.code}
    while more := {pk for pk, parent, _code in rows if parent in family} - family:
        family |= more
    return family


def waiting_url(release: Release) -> str:
    """The page where the first council that has not agreed says its word."""
    for concern in concerning(release):
        if not concern.says:
            args = [release.initiative.slug, concern.authority.uid, release.uid]
            return reverse("measurement:authority_word", args=args)
    return reverse("measurement:authorities", args=[release.initiative.slug])

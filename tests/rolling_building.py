"""Numbers that can be added up, and what stands in a release of them."""

from __future__ import annotations

GROUPS = ("asian", "asian/hmong", "asian/lao", "white", "native")


def year(number, **groups):
    """{group: (x, n)} of one year at one place; `everyone` has no group."""
    return {
        (number, "Here", *([] if group == "everyone" else [f"origin:{group}"])): counts
        for group, counts in groups.items()
    }


FINE = year(
    2020, everyone=(703, 9000), white=(600, 8000), hmong=(57, 300), lao=(3, 300), native=(43, 400)
)
TWO = {
    **year(2019, everyone=(70, 900), white=(63, 820), native=(7, 80)),
    **year(2020, everyone=(74, 910), white=(66, 830), native=(8, 80)),
}


def protected(release, by):
    release.protect(release.work_out_protection(), by=by.user)
    return release


def published(release, by):
    protected(release, by).publish(by=by.user)
    return release


def rows(release, way=None):
    """{(period, groups): (x, n)} of what stands in a release; only those of one way."""
    found = release.observations()
    if way is not None:
        found = found.filter(rolled_up=way)
    return {
        (str(row.period), groups_of(row)): (row.numerator, row.denominator)
        for row in found.select_related("period")
    }


def groups_of(row):
    """Codes of its groups, joined by +."""
    return "+".join(sorted(group.code for group in row.stratum.groups.all()))

"""Strategy 1: ground the work in data and context, and target solutions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from equity.gates import Met, Releasable, Unmet, Verdict, publish_release
from equity.models import Policy
from equity.sentences import GAP_CODES

_UNSAFE = {
    "none": "protection_none",
    "stale": "protection_stale",
    "impossible": "protection_impossible",
    "weak": "protection_weak",
}


@publish_release.rule(
    strategy=1,
    code="values",
    promise=_("The release holds approved numbers for its periods."),
)
def there_is_something_to_show(release: Releasable, policy: Policy) -> Verdict:
    return Met() if release.has_values() else Unmet("no_values")


@publish_release.rule(
    strategy=1,
    code="groups",
    promise=_(
        "Every required breakdown is filled for the latest period, or whoever holds it was asked "
        "in public and still has time to answer."
    ),
    waivable=True,
)
def every_required_group_is_counted(release: Releasable, policy: Policy) -> Verdict:
    missing = release.missing_dimensions()
    if not missing:
        return Met({"dimensions": release.filled_dimensions()})
    reasons = {gap["request"] for gap in missing}
    worst = next(code for reason, code in GAP_CODES.items() if reason in reasons)
    return Unmet(worst, {"missing": missing})


# Never waivable: a small group's safety is not ours to give away.
@publish_release.rule(
    strategy=1,
    code="small_cells",
    promise=_(
        "No small group can be read or worked out from the release, nor from totals and earlier "
        "releases beside it."
    ),
)
def no_small_group_can_be_worked_out(release: Releasable, policy: Policy) -> Verdict:
    found = release.protection()
    if found["state"] != "sound":
        return Unmet(_UNSAFE[found["state"]], found)
    if found["threshold"] < policy.small_count:
        return Unmet("protection_weak", {**found, "wanted": policy.small_count})
    return Met(found)


@publish_release.rule(
    strategy=1,
    code="story",
    promise=_("A story stands behind the numbers: what they cannot say by themselves."),
    waivable=True,
)
def a_story_stands_behind_the_numbers(release: Releasable, policy: Policy) -> Verdict:
    written = release.story_words()
    if written < policy.story_words:
        return Unmet("story_missing", {"written": written, "words": policy.story_words})
    return Met({"words": written})


publish_release.later(
    strategy=1,
    code="structural_cause",
    promise=_(
        "A published gap names a structural cause from the community's history, or says that it "
        "has not been looked into."
    ),
    until="history",
)

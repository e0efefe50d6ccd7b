"""Strategy 1: ground the work in data and context, and target solutions."""

from __future__ import annotations

from equity.gates import Met, NotYet, Releasable, Unmet, Verdict, publish_release
from equity.models import Policy


@publish_release.rule(strategy=1, code="values")
def there_is_something_to_show(release: Releasable, policy: Policy) -> Verdict:
    """The release holds approved numbers for its periods."""
    return Met() if release.has_values() else Unmet("no_values")


@publish_release.rule(strategy=1, code="groups", waivable=True)
def every_required_group_is_counted(release: Releasable, policy: Policy) -> Verdict:
    """Every required breakdown is filled for the latest period, or has been asked for in time."""
    missing = release.missing_dimensions()
    if not missing:
        return Met({"dimensions": release.filled_dimensions()})
    worst = max(missing, key=lambda gap: ("none", "refused", "overdue").index(gap["request"]))
    code = "groups_missing" if worst["request"] == "none" else f"request_{worst['request']}"
    return Unmet(code, {"missing": missing})


# Never waivable: a small group's safety is not ours to give away.
@publish_release.rule(strategy=1, code="small_cells")
def no_small_group_can_be_worked_out(release: Releasable, policy: Policy) -> Verdict:
    """No small group can be read or worked out, from totals and earlier releases either."""
    found = release.protection()
    if found["state"] != "sound":
        return Unmet(f"protection_{found['state']}", found)
    if found["threshold"] < policy.small_count:
        return Unmet("protection_weak", {**found, "wanted": policy.small_count})
    return Met(found)


@publish_release.rule(strategy=1, code="story", waivable=True)
def a_story_stands_behind_the_numbers(release: Releasable, policy: Policy) -> Verdict:
    """A story behind the numbers is written: what the numbers cannot say by themselves."""
    written = release.story_words()
    if written < policy.story_words:
        return Unmet("story_missing", {"written": written, "words": policy.story_words})
    return Met({"words": written})


@publish_release.rule(strategy=1, code="structural_cause")
def a_gap_names_its_cause(release: Releasable, policy: Policy) -> Verdict:
    """A published gap names a structural cause from the history, or says it is not researched."""
    return NotYet("history")

"""Strategy 1: ground the work in data and context, and target solutions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from equity.gates import Met, Releasable, Unmet, Verdict, publish_release
from equity.models import Policy
from equity.sentences import GAP_CODES
from equity.steps import Chartered, Universal, adopt_charter, adopt_goal

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


# Not waivable: whoever cannot name a cause yet can say so, and who looks for it until when.
@publish_release.rule(
    strategy=1,
    code="structural_cause",
    promise=_(
        "A published gap names a structural cause from the community's history, or says that it "
        "has not been looked into."
    ),
)
def a_gap_names_its_cause(release: Releasable, policy: Policy) -> Verdict:
    said = release.structural_causes()
    if not said["groups"]:
        return Met({"groups": False})
    if said["events"]:
        return Met({"events": said["events"]})
    if said["until"] and not said["overdue"]:
        return Met({"until": said["until"]})
    if said["overdue"]:
        return Unmet("cause_overdue", {"until": said["until"]})
    return Unmet("cause_missing")


# None of the rules for goals is waivable: a goal that leaves a group out is another goal.
@adopt_goal.rule(
    strategy=1,
    code="universal",
    promise=_("The goal is one for everyone, and not merely to make a gap smaller."),
)
def the_goal_is_for_everyone(goal: Universal, policy: Policy) -> Verdict:
    found = goal.gap_wording()
    return Unmet("gap_goal", {"words": found}) if found else Met()


@adopt_goal.rule(
    strategy=1,
    code="groups_named",
    promise=_("The goal says which groups it considers, so that none is lost in the whole."),
)
def the_goal_considers_groups(goal: Universal, policy: Policy) -> Verdict:
    considered = goal.groups_considered()
    return Met({"considered": considered}) if considered else Unmet("goal_without_groups")


@adopt_goal.rule(
    strategy=1,
    code="barriers_named",
    promise=_(
        "For every group that has not reached the goal, what blocks it is named, or a dated "
        "“not yet” says why not."
    ),
)
def every_group_has_a_named_barrier(goal: Universal, policy: Policy) -> Verdict:
    lacking = [each for each in goal.groups_without_plan() if "barrier" in each["lacks"]]
    if lacking:
        return Unmet("barriers_missing", {"lacking": lacking})
    return Met({"planned": goal.groups_with_plan()})


@adopt_goal.rule(
    strategy=1,
    code="strategies_targeted",
    promise=_(
        "Every group that has not reached the goal has a strategy made for it, or a dated "
        "“not yet” says why not."
    ),
)
def every_group_has_a_targeted_strategy(goal: Universal, policy: Policy) -> Verdict:
    lacking = [each for each in goal.groups_without_plan() if "strategy" in each["lacks"]]
    if lacking:
        return Unmet("strategies_missing", {"lacking": lacking})
    return Met({"planned": goal.groups_with_plan()})


@adopt_charter.rule(
    strategy=1,
    code="core_terms",
    promise=_("The core words of the lexicon are agreed: we mean the same when we say the same."),
)
def core_terms_are_agreed(charter: Chartered, policy: Policy) -> Verdict:
    if terms := charter.open_core_terms():
        return Unmet("core_terms_open", {"terms": terms})
    agreed = charter.agreed_core_terms()
    return Met({"agreed": agreed}) if agreed else Unmet("no_core_terms")


@adopt_charter.rule(
    strategy=1,
    code="problem_history",
    promise=_("The problem statement links what happened here before: the community's history."),
)
def the_problem_has_a_history(charter: Chartered, policy: Policy) -> Verdict:
    events = sum(cited["kind"] == "event" for cited in charter.cited("problem"))
    return Met({"events": events}) if events else Unmet("problem_without_history")


@adopt_charter.rule(
    strategy=1,
    code="problem_figure",
    promise=_("The problem statement links at least one published figure that shows groups."),
    waivable=True,
)
def the_problem_shows_groups(charter: Chartered, policy: Policy) -> Verdict:
    figures = sum("disaggregated" in cited["traits"] for cited in charter.cited("problem"))
    return Met({"figures": figures}) if figures else Unmet("problem_without_figure")


# Not waivable, as its history is not: residents can always be asked, in a hall or at a table.
@adopt_charter.rule(
    strategy=1,
    code="problem_voice",
    promise=_("The problem statement links at least one story, or finding of a data walk."),
)
def the_problem_has_a_voice(charter: Chartered, policy: Policy) -> Verdict:
    voices = sum("voice" in cited["traits"] for cited in charter.cited("problem"))
    return Met({"voices": voices}) if voices else Unmet("problem_without_voice")

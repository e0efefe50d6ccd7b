"""Strategy 2: systems change, beside programs and services."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from equity.gates import Met, Releasable, Unmet, Verdict, publish_release
from equity.models import Policy
from equity.steps import Chartered, Confirmable, adopt_charter, confirm_shift

# What changes between people, or in what they believe, is known to those who live it.
FELT_LEVELS = ("relational", "transformative")


# A shift that is hoped for counts: it says what should move the number. Waivable as the story is.
@publish_release.rule(
    strategy=2,
    code="systems_beside",
    promise=_("A headline number stands beside the systems shifts that are meant to move it."),
    waivable=True,
)
def a_headline_stands_beside_shifts(release: Releasable, policy: Policy) -> Verdict:
    found = release.systems_shifts()
    if found["headline"] and not found["shifts"]:
        return Unmet("no_systems_shift")
    return Met(found)


@adopt_charter.rule(
    strategy=2,
    code="systems_goal",
    promise=_("A goal about what changes in systems stands beside one about what people live."),
)
def a_systems_goal_stands_beside(charter: Chartered, policy: Policy) -> Verdict:
    levels = charter.goal_levels()
    if not any(levels.values()):
        return Unmet("no_goal")
    if not levels.get("population"):
        return Unmet("no_population_goal")
    return Met(levels) if levels.get("systems") else Unmet("no_systems_goal")


# None of the rules for shifts is waivable: a change that nobody confirms is a claim, and stays one.
@confirm_shift.rule(
    strategy=2,
    code="community_confirms",
    promise=_(
        "A change of relations, power or beliefs is confirmed by a seat of lived experience or of "
        "a grassroots group, whose holder did not write the claim."
    ),
)
def a_community_seat_confirms_it(shift: Confirmable, policy: Policy) -> Verdict:
    said = shift.community_voices()
    needed = shift.level in FELT_LEVELS
    seen = {**said, "needed": needed}
    if needed and not said["yes"]:
        return Unmet("no_community_voice", seen)
    # More seats that say no than yes: then the community does not confirm it, at any level.
    return Unmet("community_contradicts", seen) if said["no"] > said["yes"] else Met(seen)


@confirm_shift.rule(
    strategy=2,
    code="evidence_graded",
    promise=_("It says how we know, and how good that evidence is."),
)
def the_evidence_is_graded(shift: Confirmable, policy: Policy) -> Verdict:
    grades = shift.evidence_grades()
    if not grades:
        return Unmet("evidence_missing")
    graded = {grade: rows for grade, rows in grades.items() if grade != "unknown"}
    return Met({"grades": grades}) if graded else Unmet("evidence_ungraded", {"grades": grades})


@confirm_shift.rule(
    strategy=2,
    code="another_confirms",
    promise=_("Nobody confirms what she wrote or claimed herself."),
)
def somebody_else_confirms_it(shift: Confirmable, policy: Policy) -> Verdict:
    return Unmet("own_claim") if shift.confirmer_wrote_it() else Met()

"""Strategy 4: listen to and act with community."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from equity.gates import Met, Unmet, Verdict, publish_release
from equity.models import Policy
from equity.steps import (
    Closable,
    Confirmable,
    Votable,
    adopt_charter,
    close_decision,
    confirm_shift,
    open_voting,
)

publish_release.later(
    strategy=4,
    code="lived_experience",
    promise=_("The story behind the numbers carries a resident's own words, with her consent."),
    until="stories",
)

adopt_charter.later(
    strategy=4,
    code="assets_beside_needs",
    promise=_("The charter names what the community already has and does, beside what it needs."),
    until="assets",
)


@open_voting.rule(
    strategy=4,
    code="input_long_enough",
    promise=_("Everybody had time to say what they think before it was settled."),
)
def input_was_open_long_enough(decision: Votable, policy: Policy) -> Verdict:
    days = decision.days_of_input()
    if days < policy.input_days:
        return Unmet("input_too_short", {"days": days, "needed": policy.input_days})
    return Met({"days": days})


@close_decision.rule(
    strategy=4,
    code="replies",
    promise=_("Everybody who said something while input was open got a reply."),
)
def everybody_got_a_reply(decision: Closable, policy: Policy) -> Verdict:
    if unanswered := decision.unanswered_inputs():
        return Unmet("inputs_unanswered", {"inputs": unanswered})
    return Met()


@close_decision.rule(
    strategy=4,
    code="reasons",
    promise=_("The reasons for the outcome are written down."),
)
def reasons_are_written(decision: Closable, policy: Policy) -> Verdict:
    return Met() if decision.reasons_written() else Unmet("reasons_missing")


@confirm_shift.rule(
    strategy=4,
    code="disagreement_answered",
    promise=_("Where a community seat disagrees, its words stand beside the claim, answered."),
)
def disagreement_is_answered(shift: Confirmable, policy: Policy) -> Verdict:
    if voices := shift.unanswered_voices():
        return Unmet("disagreement_unanswered", {"voices": voices})
    said = shift.community_voices()
    return Met({"disagree": said["no"] + said["partly"]})

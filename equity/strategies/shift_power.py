"""Strategy 3: shift power within the collaborative."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from equity.composition import floor
from equity.gates import Met, Releasable, Unmet, Verdict, publish_release
from equity.models import Policy, SeatClass
from equity.models.loosening import is_half, is_majority
from equity.steps import (
    Closable,
    Endable,
    Loosenable,
    OpenForInput,
    Takable,
    Votable,
    close_decision,
    end_authority,
    loosen_policy,
    open_input,
    open_voting,
    take_seat,
)


# Never waivable: what a group keeps is not ours to give away.
@publish_release.rule(
    strategy=3,
    code="group_authority",
    promise=_(
        "A group that holds authority over its data has agreed that it is shown, or its numbers "
        "are kept back."
    ),
)
def councils_agree_that_their_groups_are_shown(release: Releasable, policy: Policy) -> Verdict:
    found = release.authorities()
    if waiting := [each for each in found if not each["says"]]:
        return Unmet("authority_waits", {"waiting": waiting})
    if open_still := [e for e in found if e["says"] == "withhold" and not e["withheld"]]:
        return Unmet("authority_not_withheld", {"open": open_still})
    return Met({"authorities": found})


@take_seat.rule(
    strategy=3,
    code="chosen_by_residents",
    promise=_(
        "A seat for lived experience is held by a resident whom residents chose. Staff cannot "
        "appoint her."
    ),
)
def residents_chose_the_holder(seat: Takable, policy: Policy) -> Verdict:
    if seat.seat_class != SeatClass.LIVED:
        return Met({"seat_class": seat.seat_class})
    if not seat.holder_is_resident():
        return Unmet("holder_no_resident")
    chosen = seat.resident_choosers()
    if chosen < policy.resident_choosers:
        return Unmet("not_chosen", {"chosen": chosen, "needed": policy.resident_choosers})
    return Met({"seat_class": seat.seat_class, "chosen": chosen})


@take_seat.rule(
    strategy=3,
    code="backbone_apart",
    promise=_("Backbone staff sit in seats of the backbone only."),
)
def the_backbone_sits_apart(seat: Takable, policy: Policy) -> Verdict:
    if seat.seat_class != SeatClass.LIVED and not seat.holder_suits():
        return Unmet("holder_is_staff")
    return Met()


@loosen_policy.rule(
    strategy=3,
    code="community_majority",
    promise=_(
        "A threshold gets looser only by a decision that counts when more than half of each class "
        "of community seats agrees, and at least half of each votes."
    ),
)
def each_class_of_community_seats_agrees(loosening: Loosenable, policy: Policy) -> Verdict:
    return _carried_by_community(loosening.carrier_bars())


@end_authority.rule(
    strategy=3,
    code="ends_by_community",
    promise=_(
        "A council's authority over its group's data ends by its own seats, or by a decision that "
        "counts when more than half of each class of community seats agrees, and at least half of "
        "each votes."
    ),
)
def the_community_ends_it(authority: Endable, policy: Policy) -> Verdict:
    return _carried_by_community(authority.carrier_bars())


def _carried_by_community(bars: list[dict[str, Any]] | None) -> Verdict:
    if bars is None:
        return Unmet("no_decision")
    weak = [
        bar["class"]
        for bar in bars
        if not (is_majority(bar["threshold"]) and is_half(bar["quorum"]))
    ]
    return Unmet("no_community_majority", {"classes": weak}) if weak else Met({"bars": bars})


@loosen_policy.rule(
    strategy=3,
    code="last_word_first",
    promise=_("The seats for lived experience have the last word before the vote."),
)
def the_last_word_is_held(loosening: Loosenable, policy: Policy) -> Verdict:
    when = loosening.last_word()
    return Unmet("last_word_missing") if when == "missing" else Met({"last_word": when})


@open_input.rule(
    strategy=3,
    code="basics",
    promise=_(
        "It says what it is for, what can still change, what is decided, who decides and by when."
    ),
)
def the_basics_are_said(decision: OpenForInput, policy: Policy) -> Verdict:
    missing = decision.missing_basics()
    return Unmet("basics_missing", {"missing": missing}) if missing else Met()


@open_input.rule(
    strategy=3,
    code="groups_asked",
    promise=_(
        "It names the groups it affects; each holds a seat where it is decided, or is asked."
    ),
)
def affected_groups_sit_or_are_asked(decision: OpenForInput, policy: Policy) -> Verdict:
    if not (number := decision.affected_groups()):
        return Unmet("groups_not_named")
    if unasked := decision.unasked_groups():
        return Unmet("groups_not_asked", {"groups": unasked})
    return Met({"groups": number})


@open_voting.rule(
    strategy=3,
    code="composition",
    promise=_(
        "Enough of the seats that vote are for lived experience: no one person can be the voice "
        "of a community."
    ),
)
def enough_seats_for_lived_experience(decision: Votable, policy: Policy) -> Verdict:
    found = decision.composition()
    found = {**found, "needed": floor(found["seats"], found["lived"], policy).needed}
    if found["lived"] < found["needed"]:
        return Unmet("composition", found)
    return Met(found)


@open_voting.rule(
    strategy=3,
    code="last_word",
    promise=_(
        "Every seat for lived experience has spoken last or passed, or could not be reached after "
        "tries in her own channel and language."
    ),
)
def every_seat_was_heard_last(decision: Votable, policy: Policy) -> Verdict:
    if unheard := decision.unheard_seats():
        return Unmet("seats_unheard", {"seats": unheard})
    return Met(decision.heard_seats())


@open_voting.rule(
    strategy=3,
    code="half_heard",
    promise=_(
        "At least half of the seats for lived experience, and never fewer than two, have spoken "
        "or passed themselves."
    ),
)
def half_of_them_spoke_themselves(decision: Votable, policy: Policy) -> Verdict:
    found = decision.heard_seats()
    needed = max(2, -(-found["lived"] // 2))
    if found["heard"] < needed:
        return Unmet("too_few_heard", {**found, "needed": needed})
    return Met({**found, "needed": needed})


@open_voting.rule(
    strategy=3,
    code="text_unchanged",
    promise=_("The text is, letter by letter, the one that the last word was given on."),
)
def the_text_is_the_same(decision: Votable, policy: Policy) -> Verdict:
    return Met() if decision.text_unchanged() else Unmet("text_changed")


@open_voting.rule(
    strategy=3,
    code="effect_may_pass",
    promise=_("What the decision would put in force meets the rules of its own step."),
)
def the_effect_meets_its_own_rules(decision: Votable, policy: Policy) -> Verdict:
    if objections := decision.effect_objections():
        return Unmet("effect_held", {"objections": objections})
    return Met()


@close_decision.rule(
    strategy=3,
    code="quorum",
    promise=_("Enough seats voted, in all and among the seats for lived experience."),
)
def enough_seats_voted(decision: Closable, policy: Policy) -> Verdict:
    if missing := decision.missing_quorum():
        return Unmet("quorum_missing", {"missing": missing})
    return Met({"turnout": decision.turnout()})

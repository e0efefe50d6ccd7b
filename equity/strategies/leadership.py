"""Strategy 5: build equity leadership and accountability."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from equity.gates import Met, Unmet, Verdict, publish_release
from equity.models import Policy
from equity.models.loosening import REASON_WORDS
from equity.steps import Loosenable, adopt_charter, loosen_policy, take_seat

# What a proposal may say against itself, and the code of its sentence.
_TROUBLES = {
    "ended": "loosening_ended",
    "moved": "loosening_moved",
    "below": "loosening_below",
}

publish_release.later(
    strategy=5,
    code="holder_accountable",
    promise=_("The organization that holds the data has signed the public letter on equity."),
    until="letter",
)

take_seat.later(
    strategy=5,
    code="holder_committed",
    promise=_(
        "The holder of a seat for an institution, a funder or the backbone has made a commitment, "
        "and found a buddy who asks about it."
    ),
    until="commitments",
)

adopt_charter.later(
    strategy=5,
    code="letter_signed",
    promise=_(
        "Every partner was asked to sign the public letter on equity, and every organization that "
        "holds a seat has signed it."
    ),
    until="letter",
)


@loosen_policy.rule(
    strategy=5,
    code="reason_public",
    promise=_("Everybody can read why a threshold is made looser, before and after."),
)
def the_reason_is_public(loosening: Loosenable, policy: Policy) -> Verdict:
    words = loosening.reason_words()
    if words < REASON_WORDS:
        return Unmet("reason_missing", {"words": words, "needed": REASON_WORDS})
    return Met({"words": words})


@loosen_policy.rule(
    strategy=5,
    code="loosening_stands",
    promise=_("What was proposed is what changes, and never below what holds for everybody."),
)
def the_proposal_stands(loosening: Loosenable, policy: Policy) -> Verdict:
    trouble = loosening.stands()
    return Unmet(_TROUBLES[trouble]) if trouble else Met()

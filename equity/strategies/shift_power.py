"""Strategy 3: shift power within the collaborative."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from equity.gates import Met, Unmet, Verdict, publish_release
from equity.models import Policy, SeatClass
from equity.steps import Takable, take_seat

publish_release.later(
    strategy=3,
    code="group_authority",
    promise=_("A group that holds authority over its data has agreed that it is shown."),
    until="group_councils",
)


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

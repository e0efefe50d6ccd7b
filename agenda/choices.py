"""What a ballot may say, per method: read once at the door, so that the count never fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from agenda.models import Decision

SIDES = ("agree", "disagree", "abstain", "block")


def read(decision: Decision, choice: Any) -> Any:
    """The choice as the tally takes it. Raises ValidationError for what the method doesn't know."""
    match decision.method:
        case "consent" | "majority" | "two_thirds":
            return _side(decision.method, choice)
        case "gradients":
            return _step(choice)
        case "irv" | "schulze":
            return _ranking(decision, choice)
        case _:
            return _points(decision, choice)


def _side(method: str, choice: Any) -> str:
    allowed = SIDES if method == "consent" else SIDES[:3]
    if choice not in allowed:
        raise ValidationError(_("Choose one of the answers."))
    return str(choice)


def _step(choice: Any) -> int:
    try:
        step = int(choice)
    except (TypeError, ValueError, OverflowError):
        step = 0
    if not 1 <= step <= 8:
        raise ValidationError(_("Choose a step from 1 to 8."))
    return step


def _keys(decision: Decision) -> set[str]:
    return set(decision.options.values_list("key", flat=True))


def _ranking(decision: Decision, choice: Any) -> list[list[str]]:
    """Best first, ties together; options left out come last."""
    keys = _keys(decision)
    if not isinstance(choice, list) or not all(isinstance(tied, list) for tied in choice):
        raise ValidationError(_("Give each option a place."))
    named = [key for tied in choice for key in tied]
    if not all(isinstance(key, str) for key in named):
        raise ValidationError(_("Give each option one place."))
    if not named or len(named) != len(set(named)) or not set(named) <= keys:
        raise ValidationError(_("Give each option one place."))
    return [sorted(tied) for tied in choice if tied]


def _points(decision: Decision, choice: Any) -> dict[str, int]:
    if not isinstance(choice, dict) or not set(choice) <= _keys(decision):
        raise ValidationError(_("Give points to the options of this decision."))
    try:
        points = {key: int(given or 0) for key, given in choice.items()}
    except (TypeError, ValueError, OverflowError):
        raise ValidationError(_("Points are whole numbers.")) from None
    top = decision.points
    if any(not 0 <= given <= top for given in points.values()):
        raise ValidationError(_("Give each option 0 to %(top)s.") % {"top": top})
    if decision.method == "dot" and sum(points.values()) > top:
        raise ValidationError(_("Share out at most %(top)s dots.") % {"top": top})
    return dict(sorted(points.items()))

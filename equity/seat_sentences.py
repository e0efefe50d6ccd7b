"""What the rules of seats and of looser thresholds say, per code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

Params = dict[str, Any]

REMEDIES: dict[str, _StrPromise] = {
    "no_decision": gettext_lazy("Go to the thresholds"),
    "no_community_majority": gettext_lazy("Go to the decision"),
    "last_word_missing": gettext_lazy("Go to the decision"),
}


def _fixed(words: _StrPromise) -> Callable[[Params], str]:
    return lambda params: str(words)


def _last_word(params: Params) -> str:
    if params["last_word"] == "held":
        return _("The last word was held before the vote.")
    return _("The vote opens only after the last word.")


SENTENCES: dict[str, Callable[[Params], str]] = {
    # met
    "backbone_apart": _fixed(gettext_lazy("Backbone staff sit in no other seat than their own.")),
    "community_majority": _fixed(
        gettext_lazy(
            "The decision passes only when more than half of each class of community seats agrees."
        )
    ),
    "last_word_first": _last_word,
    "reason_public": _fixed(gettext_lazy("Everybody can read the reason.")),
    "loosening_stands": _fixed(gettext_lazy("What was proposed is what would change.")),
    # not met
    "holder_is_staff": _fixed(
        gettext_lazy("The holder works for the backbone, and this is no seat of the backbone.")
    ),
    "no_decision": _fixed(
        gettext_lazy("No decision carries this. A threshold gets looser by a decision only.")
    ),
    "no_community_majority": _fixed(
        gettext_lazy(
            "The decision could pass without more than half of each class of community seats, or "
            "without half of each voting. Set its thresholds above 1/2 and its quorums to at least "
            "1/2 for these classes."
        )
    ),
    "last_word_missing": _fixed(gettext_lazy("The vote was opened without the last word.")),
    "reason_missing": _fixed(
        gettext_lazy("The reason is too short. Say why in a sentence or two.")
    ),
    "loosening_ended": _fixed(gettext_lazy("This proposal has ended.")),
    "loosening_moved": _fixed(
        gettext_lazy("The threshold is another by now than the proposal says. Propose it anew.")
    ),
    "loosening_below": _fixed(
        gettext_lazy("The new value is below what holds for every initiative.")
    ),
}

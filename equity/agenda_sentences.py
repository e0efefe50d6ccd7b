"""What the rules of the charter, goals and structural causes say, per code."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from equity import charter_sentences, goal_sentences

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

Params = dict[str, Any]

REMEDIES: dict[str, _StrPromise] = {
    **charter_sentences.REMEDIES,
    **goal_sentences.REMEDIES,
    "cause_missing": gettext_lazy("Say why the gap is there"),
    "cause_overdue": gettext_lazy("Say why the gap is there"),
}


def _structural_cause(params: Params) -> str:
    if params.get("until"):
        return _(
            "Nobody has looked into the causes of the gap yet. It says so, and who does until "
            "%(date)s."
        ) % {"date": _day(params["until"])}
    if not params.get("events"):
        return _("It shows no groups, so it shows no gap that has a cause.")
    return ngettext(
        "The gap names %(events)s structural cause from our history.",
        "The gap names %(events)s structural causes from our history.",
        params["events"],
    ) % {"events": params["events"]}


def _cause_overdue(params: Params) -> str:
    return _(
        "Somebody was going to look into the causes of the gap until %(date)s. Name what was "
        "found, or say anew who looks into it, and until when."
    ) % {"date": _day(params["until"])}


def _day(moment: str) -> str:
    return date_format(localtime(datetime.fromisoformat(moment)), "DATE_FORMAT")


def _fixed(words: _StrPromise) -> Callable[[Params], str]:
    return lambda params: str(words)


SENTENCES: dict[str, Callable[[Params], str]] = {
    **charter_sentences.SENTENCES,
    **goal_sentences.SENTENCES,
    # causes of a gap
    "structural_cause": _structural_cause,
    "cause_overdue": _cause_overdue,
    "cause_missing": _fixed(
        gettext_lazy(
            "The numbers differ between groups, and nothing says why. Name a cause from our "
            "history, or say that nobody has looked into it yet."
        )
    ),
}

"""What stands beside the public numbers of an indicator, whichever of them are looked at.

Its goal, comparison, causes, findings, answers, shifts and requests, and what its numbers name, are
the same for every place, breakdown and reader. They are read once and kept until anything public
changes, so that a page or chart that nobody asked for before reads its numbers and little else.
Only what anyone may read is kept, and nobody's own telling of an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from equity.models import LedgerEntry
from measurement.models import Comparison, CurveNote, Question, Restatement
from measurement.saying.reasons import Past, Reasons, past, why
from measurement.shifting import shift_log
from measurement.showing import places_of
from measurement.showing.pages import kept
from measurement.showing.shown import Names, names_of
from measurement.showing.universal_goal import goal_measured_by
from measurement.walking import findings

if TYPE_CHECKING:
    from measurement.models import DataRequest, Indicator, Release
    from measurement.showing.universal_goal import UniversalGoal


@dataclass(frozen=True)
class Beside:
    """What belongs to one indicator with public numbers.

    shifts: for `measurement/shifts/_beside.html`. findings: each with who found it, in words.
    holds: the numbers of the strategies that held its newest release, once for each time it was
    held. places: kind of period → (code, name) of the first `places_of.LISTED` + 1.
    """

    names: Names
    goal: UniversalGoal | None
    comparison: Comparison | None
    why: Reasons
    findings: list[tuple[Any, str]]
    curve: list[dict[str, Any]]
    shifts: dict[str, Any]
    requests: list[DataRequest]
    holds: list[set[int]]
    was_restated: bool
    places: dict[str, list[tuple[str, str]]]


def beside(indicator: Indicator) -> Beside | None:
    """What stands beside its public numbers, in the reader's language; None without any."""
    name = ("beside", indicator.pk, get_language() or "")
    found = kept(indicator.initiative, name, lambda: [_read(indicator)])
    return found[0]


def past_of(indicator: Indicator) -> Past:
    """The events of its initiative, for the letters in charts."""
    return kept(indicator.initiative, ("past",), lambda: past(indicator.initiative))


def _read(indicator: Indicator) -> Beside | None:
    names = names_of(indicator)
    if names is None:
        return None
    newest = names.releases[-1]
    return Beside(
        names=names,
        goal=goal_measured_by(newest.version),
        comparison=_comparison(indicator),
        why=why(indicator),
        findings=_findings(indicator),
        curve=_curve(indicator),
        shifts=shift_log.aiming_at(indicator, None),
        requests=_requests(indicator),
        holds=_holds(newest),
        was_restated=Restatement.objects.filter(indicator=indicator).public().exists(),
        places=places_of.listed(indicator),
    )


def _comparison(indicator: Indicator) -> Comparison | None:
    found: Comparison | None = (
        Comparison.objects.filter(indicator=indicator).select_related("group__dimension").last()
    )
    return found


def _findings(indicator: Indicator) -> list[tuple[Any, str]]:
    found = [(each, findings.signed(each)) for each in findings.of_indicator(indicator)]
    for each, _signed in found:
        vars(each).pop("_prefetched_objects_cache", None)  # of authors only their signing is kept
    return found


def _curve(indicator: Indicator) -> list[dict[str, Any]]:
    """Each question with the answer that stands, or None."""
    notes = {note.question: note for note in CurveNote.objects.newest().filter(indicator=indicator)}
    return [
        {
            "question": question,
            "note": note if (note := notes.get(question)) and note.text else None,
            "versions": note.number if note else 0,
        }
        for question in Question
    ]


def _requests(indicator: Indicator) -> list[DataRequest]:
    """Without the letter, which is in no list."""
    known = indicator.requests.select_related("dimension")
    return list(known.defer("letter", "ask", "answer", "escalation"))


def _holds(release: Release) -> list[set[int]]:
    entries = LedgerEntry.objects.about(release).filter(kind=LedgerEntry.Kind.HOLD)
    return [
        {answer["strategy"] for answer in entry.answers if answer["outcome"] == "unmet"}
        for entry in entries
    ]

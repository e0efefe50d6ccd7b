"""The decision log as a CSV file: one row for each public decision, and what it leaves out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda import answers, bodies
from ciforum.people.cells import harmless

if TYPE_CHECKING:
    from agenda.models import Decision, Outcome, Round
    from agenda.models.decisions import DecisionQuerySet

OUTCOMES = {
    "passed": gettext_lazy("passed"),
    "failed": gettext_lazy("did not pass"),
    "tied": gettext_lazy("tied"),
    "no quorum": gettext_lazy("too few voted"),
}


def sheet(decisions: DecisionQuerySet) -> bytes:
    """UTF-8 with a byte order mark, without which Excel garbles every accent.

    decisions: of one initiative, only public ones. Times are in the initiative's zone. After the
    table come the notes, each a row of its own.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_columns())
    found = decisions.select_related("initiative", "committee").prefetch_related(
        "rounds", "outcomes"
    )
    for decision in found.order_by("number").iterator(chunk_size=500):
        writer.writerow([harmless(cell) for cell in _row(decision)])
    writer.writerows([harmless(note)] for note in ["", *left_out()])
    return file.getvalue().encode("utf-8-sig")


def left_out() -> list[str]:
    """What is not in the file, and why."""
    return [
        _("What this file leaves out:"),
        _("Drafts: they become public when they are opened for input."),
        _("Names of persons, last words and input: each decision's page shows what is public."),
        _("Ballots: the public record of each decision lists them, and how to count them again."),
    ]


def _columns() -> list[str]:
    return [
        *(_("Number"), _("Decision"), _("Who decides"), _("State"), _("Method")),
        *(_("Secret ballot"), _("Proposed from"), _("Open for input since")),
        *(_("Last word since"), _("Vote opened"), _("Vote ended"), _("Times sent back")),
        *(_("Outcome"), _("Winners"), _("Ballots"), _("Seats"), _("In force"), _("Ended on")),
        *(_("Look again on"), _("Why it was withdrawn"), _("Page"), _("Public record")),
    ]


def _row(decision: Decision) -> Iterator[str]:
    rounds: list[Round] = sorted(decision.rounds.all(), key=lambda each: each.number)
    standing = next((each for each in rounds if not each.ended_how), None)
    outcome = _standing_outcome(decision, standing)
    yield from (str(decision.number), str(decision.title), str(decision.committee.name))
    yield from (str(decision.get_state_display()), str(decision.get_method_display()))
    yield from (
        _("yes") if decision.secret else _("no"),
        bodies.proposed_from(decision.proposed_class),
    )
    yield _time(decision.input_opened_at)
    yield _time(standing.opened_at if standing else None)
    yield from (
        _time(standing.voting_opened_at if standing else None),
        _time(standing.counted_at if standing else None),
    )
    yield str(sum(each.ended_how == "sent_back" for each in rounds))
    yield from _came_out(standing, outcome)
    yield _time(decision.closed_at)
    yield decision.review_on.isoformat() if decision.review_on else ""
    yield decision.withdrawn_because
    yield from _addresses(decision)


def _standing_outcome(decision: Decision, standing: Round | None) -> Outcome | None:
    every: Iterable[Outcome] = decision.outcomes.all()
    return next((each for each in every if standing and each.round_id == standing.pk), None)


def _came_out(standing: Round | None, outcome: Outcome | None) -> Iterable[str]:
    if standing is None or outcome is None:
        return ("",) * 5
    turnout: dict[str, Any] = outcome.result["turnout"]["all"]
    labels = answers.options(standing)
    return (
        str(OUTCOMES[outcome.outcome]),
        " | ".join(str(labels.get(key, key)) for key in outcome.result["winners"]),
        *(str(turnout["cast"]), str(turnout["seats"])),
        str(outcome.get_effect_state_display()),
    )


def _addresses(decision: Decision) -> Iterable[str]:
    record = reverse("agenda:decision_json", args=[decision.initiative.slug, decision.uid])
    return (settings.SITE_URL + decision.get_absolute_url(), settings.SITE_URL + record)


def _time(moment: datetime | None) -> str:
    return localtime(moment).isoformat(timespec="minutes") if moment else ""

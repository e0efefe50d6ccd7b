"""The ledger: everybody sees how often, members see who, what and why."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ciforum.people.models import User
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from equity.forms import LedgerFilter
from equity.gates import Gate
from equity.models import LedgerEntry, Seat
from equity.models.ledger import LedgerQuerySet
from equity.permissions import may_read_ledger
from equity.presenting import Answers, gate_label, present_entry
from equity.steps import take_seat
from equity.views.tabs import crumbs, tabs

ENTRIES_ON_A_PAGE = 25
NEXT_SHOWN = 5


@dataclass(frozen=True)
class Shown:
    """One entry with what a page says about it."""

    entry: LedgerEntry
    gate: str
    who: str
    answers: Answers
    next: LedgerEntry | None


@public
@require_safe
def ledger(request: MemberRequest, initiative: str) -> HttpResponse:
    """Counts for everybody; for members every entry, with filters."""
    entries = LedgerEntry.objects.for_initiative(request.initiative)
    context: dict[str, Any] = {
        **tabs(request, "ledger"),
        "months": _months(entries),
        "total": entries.count(),
        "may_read": may_read_ledger(request.membership),
    }
    if context["may_read"]:
        form = LedgerFilter(request.GET)
        page = Paginator(_filtered(entries, form), ENTRIES_ON_A_PAGE).get_page(
            request.GET.get("page")
        )
        context |= {"form": form, "page": page, "shown": _shown(page.object_list)}
    return render(request, "equity/ledger.html", context)


@require_safe
def ledger_csv(request: SignedInRequest, initiative: str) -> HttpResponse:
    """The entries that the filters leave, as a table for members."""
    entries = LedgerEntry.objects.for_initiative(request.initiative)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{initiative}-ledger.csv"'
    response.write("\ufeff")  # spreadsheets take it for Latin-1 otherwise
    writer = csv.writer(response)
    writer.writerow(
        [_("When"), _("What happened"), _("Step"), _("About"), _("Who"), _("What the rules said")]
    )
    for shown in _shown(_filtered(entries, LedgerFilter(request.GET))):
        writer.writerow([_harmless(cell) for cell in _row(shown)])
    return response


@require_safe
def ledger_entry(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One entry: what every rule said then, and what happened next."""
    entries = LedgerEntry.objects.for_initiative(request.initiative)
    entry = get_object_or_404(entries, uid=uid)
    after = entries.filter(record_uid=entry.record_uid, id__gt=entry.pk).order_by("at", "id")
    gate = Gate.all.get(entry.gate)
    overview = reverse("equity:ledger", args=[initiative])
    return render(
        request,
        "equity/ledger_entry.html",
        {
            "crumbs": crumbs(request, (_("Ledger"), overview)),
            "shown": _shown([entry])[0],
            "record": gate.find(request.initiative, entry.record_uid) if gate else None,
            "after": _shown(after[:NEXT_SHOWN]),
        },
    )


def _filtered(entries: LedgerQuerySet, form: LedgerFilter) -> LedgerQuerySet:
    """What the filters leave, newest first. A filter that makes no sense leaves nothing."""
    if not form.is_valid():
        return entries.none()
    wanted = form.cleaned_data
    if wanted["kind"]:
        entries = entries.filter(kind=wanted["kind"])
    if wanted["gate"]:
        entries = entries.filter(gate=wanted["gate"])
    if wanted["record"]:
        entries = entries.filter(record_uid=wanted["record"])
    return entries.select_related("initiative")


def _shown(entries: Iterable[LedgerEntry]) -> list[Shown]:
    """Entries with names and what came next; three queries, however many there are."""
    listed = list(entries)
    names = _names({entry.by_uid for entry in listed})
    chosen = _chosen_names([entry for entry in listed if _is_of_a_seat(entry)])
    following = _following(listed)
    return [
        Shown(
            entry=entry,
            gate=gate_label(entry.gate),
            who=chosen.get(entry.pk) or names[entry.by_uid],
            answers=present_entry(entry),
            next=following.get(entry.pk),
        )
        for entry in listed
    ]


def _names(uids: set[UUID | None]) -> dict[UUID | None, str]:
    """Each person's name; whoever is gone is a former member, and no e-mail address is told."""
    people = [uid for uid in uids if uid]
    known = dict(User.objects.filter(uid__in=people).values_list("uid", "name"))
    names: dict[UUID | None, str] = {uid: known.get(uid) or _("former member") for uid in people}
    return {**names, None: _("the site itself")}


def _is_of_a_seat(entry: LedgerEntry) -> bool:
    """It tells what somebody did as the holder of a seat: she took it, or opened the text."""
    return entry.by_uid is not None and (
        entry.gate == take_seat.name or entry.kind == LedgerEntry.Kind.TRY
    )


def _chosen_names(entries: list[LedgerEntry]) -> dict[int, str]:
    """By entry, the name under which the holder of a seat wants to be shown, if she chose one."""
    if not entries:
        return {}
    seats = Seat.objects.filter(
        initiative=entries[0].initiative_id,
        holder__user__uid__in={entry.by_uid for entry in entries},
    ).exclude(shown_as="")
    shown = dict(seats.values_list("holder__user__uid", "shown_as"))
    return {entry.pk: shown[entry.by_uid] for entry in entries if entry.by_uid in shown}


def _following(listed: list[LedgerEntry]) -> dict[int, LedgerEntry]:
    """The next entry about the same record, by the key of the entry before it."""
    if not listed:
        return {}
    about = {entry.record_uid for entry in listed}
    trail = (
        LedgerEntry.objects.filter(initiative=listed[0].initiative_id, record_uid__in=about)
        .select_related("initiative")
        .order_by("at", "id")
    )
    last: dict[UUID, LedgerEntry] = {}
    following = {}
    for entry in trail:
        if earlier := last.get(entry.record_uid):
            following[earlier.pk] = entry
        last[entry.record_uid] = entry
    return following


def _months(entries: LedgerQuerySet) -> list[dict[str, Any]]:
    """How often each step was held, passed or waived, per month, the newest first."""
    counted = (
        entries.annotate(month=TruncMonth("at"))
        .values("month", "gate", "kind")
        .annotate(times=Count("pk"))
        .order_by("-month", "gate")
    )
    rows: dict[tuple[Any, str], dict[str, Any]] = {}
    for each in counted:
        empty = {kind: 0 for kind in LedgerEntry.Kind.values}
        row = rows.setdefault(
            (each["month"], each["gate"]),
            {"month": each["month"], "gate": gate_label(each["gate"]), **empty},
        )
        row[each["kind"]] = each["times"]
    return list(rows.values())


def _row(shown: Shown) -> list[str]:
    answers = shown.answers
    said = [*answers.unmet, *answers.waived, *answers.met, *answers.not_yet]
    return [
        localtime(shown.entry.at).isoformat(timespec="minutes"),
        str(shown.entry.get_kind_display()),
        shown.gate,
        str(shown.entry.label),
        shown.who,
        " | ".join(line.sentence for line in said),
    ]


def _harmless(cell: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula, and would run it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell

"""How we know of a shift: evidence, what seats say, and answers to those that disagree."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ciforum.people.requests import SignedInRequest
from measurement.forms.shifts import EvidenceForm, VoiceForm, WordsForm
from measurement.models import ShiftEvidence, ShiftVoice
from measurement.shifting import shift_permissions as rights
from measurement.views.shift_steps import asked
from measurement.views.shifts import find


@require_http_methods(["GET", "HEAD", "POST"])
def shift_evidence(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Add what speaks for it, and how good that is."""
    found = find(request, uid)
    if not rights.may_add_evidence(request.membership, found):
        raise PermissionDenied
    form = EvidenceForm(
        request.POST or None,
        initiative=request.initiative,
        member=request.membership,
        q=request.GET.get("q", ""),
    )
    return asked(
        request,
        found,
        form,
        lambda: ShiftEvidence.add(shift=found, by=request.user, **form.values()),
        _("The evidence is added."),
        title=_("Add evidence"),
        lede=_("How do we know? Say what it shows and how good it is; weak evidence is welcome."),
        button=_("Add it"),
    )


@require_POST
def shift_evidence_drop(
    request: SignedInRequest, initiative: str, uid: UUID, row: UUID
) -> HttpResponse:
    """Take evidence away while nothing was confirmed on it."""
    found = find(request, uid)
    evidence = get_object_or_404(found.evidence.select_related("shift", "citation"), uid=row)
    if not rights.may_drop_evidence(request.membership, evidence):
        raise PermissionDenied
    try:
        evidence.drop(by=request.user)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    else:
        messages.success(request, _("The evidence is taken away."))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def shift_voice(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Say for a seat whether it changed."""
    found = find(request, uid)
    seats = rights.seats_of(request.membership)
    if not seats:
        raise PermissionDenied
    if found.state != found.State.CLAIMED:
        messages.info(request, _("Seats speak of a claim, and this is none now."))
        return redirect(found)
    form = VoiceForm(request.POST or None, seats=seats, initiative=request.initiative)
    return asked(
        request,
        found,
        form,
        lambda: ShiftVoice.say(shift=found, by=request.user, **form.cleaned_data),
        _("Your seat has spoken. You can change it until it is confirmed."),
        title=_("Did this change?"),
        lede=_("What you see where you live counts. Everybody reads what each seat says."),
        button=_("Say it"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def shift_answer(request: SignedInRequest, initiative: str, uid: UUID, voice: UUID) -> HttpResponse:
    """Answer a seat that disagrees."""
    found = find(request, uid)
    said = get_object_or_404(found.voices.standing().select_related("shift", "seat"), uid=voice)
    if not rights.may_answer_seats(request.membership, found):
        raise PermissionDenied
    form = WordsForm(
        request.POST or None,
        initial={"answer": said.answer},
        initiative=request.initiative,
        name="answer",
        label=_("Your answer"),
    )
    return asked(
        request,
        found,
        form,
        lambda: said.reply(answer=form.cleaned_data["answer"], by=request.user),
        _("The answer stands beside what the seat says."),
        title=_("Answer a seat"),
        lede=_("It says: “%(words)s”") % {"words": said.words},
        button=_("Answer"),
    )

"""After the count: reasons, replies, what followers answer, and the date to look again."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agenda.deciding import heard, results, standing
from agenda.forms.decisions import FollowForm, ReasonsForm, ReplyForm
from agenda.models import Decision, FollowerAnswer, Input
from agenda.permissions import may_take_on
from agenda.views.decisions import find, forms_page
from agenda.views.stages import attempt, must_take_on
from ciforum.people.requests import SignedInRequest

REPLIES_ON_A_PAGE = 20
# When a reply may be written: never while the last word or the vote is open.
REPLIED_IN = ("input", "deliberation", "counted")


@require_http_methods(["GET", "HEAD", "POST"])
def decision_reasons(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Write why it came out like this."""
    found = find(request, uid)
    must_take_on(request, found)
    outcome = found.outcome
    if outcome is None or found.state != "counted":
        messages.info(request, _("The reasons are written between the count and the close."))
        return redirect(found)
    form = ReasonsForm(
        request.POST or None, initiative=request.initiative, initial={"reasons": outcome.reasons}
    )
    if request.method == "POST" and form.is_valid():
        verb = partial(found.give_reasons, by=request.user, **form.cleaned_data)
        if done := attempt(request, found, form, verb, _("The reasons are saved.")):
            return done
    result = results.shown(found, outcome)
    round = outcome.round
    said = heard.last_words(round, request.membership, initiative)
    return forms_page(request, found, "reasons", form=form, result=result, last_words=said)


@require_safe
def decision_inputs(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """What people said, those without a reply first, each with a form."""
    found = find(request, uid)
    must_take_on(request, found)
    return _inputs(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
def input_reply(request: SignedInRequest, initiative: str, uid: UUID, said: UUID) -> HttpResponse:
    """Reply to one of them."""
    found = find(request, uid)
    must_take_on(request, found)
    own = Input.objects.for_initiative(request.initiative).filter(decision=found)
    about = get_object_or_404(own.select_related("decision__initiative", "author"), uid=said)
    if request.method != "POST":
        return redirect(_replies(found) + f"#i-{said}")
    form = ReplyForm(request.POST, prefix=str(said))
    if form.is_valid():
        verb = partial(about.answer, by=request.user, **form.cleaned_data)
        done = _("Replied. Its author is told.")
        if answer := attempt(request, found, form, verb, done, to=_replies(found)):
            return answer
    return _inputs(request, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_follow(
    request: SignedInRequest, initiative: str, uid: UUID, seat: UUID
) -> HttpResponse:
    """A follower answers: "will do", or "cannot, because"."""
    found = find(request, uid)
    own = FollowerAnswer.objects.for_initiative(request.initiative).filter(decision=found)
    owed = get_object_or_404(
        own.select_related("seat__holder__user", "seat__alternate__user", "seat__organization"),
        seat__uid=seat,
    )
    if not owed.seat.may_speak(request.user):
        raise PermissionDenied
    initial = {"answer": owed.answer, "words": owed.words}
    form = FollowForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        verb = partial(found.follow, seat=owed.seat, by=request.user, **form.cleaned_data)
        if done := attempt(request, found, form, verb, _("Answered. Everybody can read it.")):
            return done
    return forms_page(request, found, "follow", form=form, owed=owed)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_review(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Note that it was looked at again."""
    found = find(request, uid)
    must_take_on(request, found)
    if found.state != "closed":
        messages.info(request, _("It is looked at again after it is closed."))
        return redirect(found)
    if request.method == "POST":
        found.review(by=request.user)
        messages.success(request, _("Noted: it was looked at again."))
        return redirect(found)
    return forms_page(request, found, "review", due=standing.is_due_for_review(found))


def _inputs(
    request: SignedInRequest, found: Decision, wrong: ReplyForm | None = None
) -> HttpResponse:
    """The page of replies; `wrong` is the form that was sent with a mistake."""
    shown = heard.inputs(found, request.membership, "input")
    shown.sort(key=lambda each: each.said.replied_at is not None or each.is_erased)
    page = Paginator(shown, REPLIES_ON_A_PAGE).get_page(request.GET.get("page"))
    may_reply = found.state in REPLIED_IN and may_take_on(request.membership, found)
    return forms_page(
        request,
        found,
        "inputs",
        page=page,
        rows=[(each, _form(each, wrong) if may_reply else None) for each in page],
        owed=found.unanswered_inputs(),
        may_reply=may_reply,
        wrong=wrong,
    )


def _form(each: heard.InputShown, wrong: ReplyForm | None) -> ReplyForm | None:
    if each.is_erased:
        return None
    if wrong is not None and wrong.prefix == str(each.said.uid):
        return wrong
    return ReplyForm(prefix=str(each.said.uid), initial={"reply": each.said.reply})


def _replies(found: Decision) -> str:
    return reverse("agenda:decision_inputs", args=[found.initiative.slug, found.uid])

"""The lexicon: the list of terms, each term with what people say about it, and its doors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.forms.lexicon import TEXTS, LexiconFilter, RemarkForm, StanceForm, TermForm, WordingForm
from agenda.lexicon import glossary, presenting
from agenda.models import Stance, Term, TermRemark
from agenda.permissions import may_settle_terms
from agenda.views.tabs import crumbs, tabs
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put

ON_A_PAGE = 30


@public
@require_safe
def lexicon(request: MemberRequest, initiative: str) -> HttpResponse:
    """All terms of the initiative, by word, with how far each of them is."""
    form = LexiconFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    state, q = wanted.get("state", ""), wanted.get("q", "")
    every = presenting.readable(request)
    rows = presenting.rows(every.whole(), request.initiative)
    counts = presenting.counts(rows)
    found = presenting.matching(rows, state=state, q=q)
    return render(
        request,
        "agenda/lexicon/lexicon.html",
        {
            **tabs(request, "lexicon"),
            "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
            "states": presenting.states(request, counts, state, q),
            "counts": counts,
            "missing_core": Term.missing_core(request.initiative),
            "form": form,
            "state": state,
            "q": q,
        },
    )


@public
@require_safe
def term(request: MemberRequest, initiative: str, code: str) -> HttpResponse:
    """One term: what is in force, what is proposed, who agrees and why somebody does not."""
    return _page(request, _find(request, code))


@require_http_methods(["GET", "HEAD", "POST"])
def term_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Propose a word."""
    form = TermForm(
        request.POST or None,
        initiative=request.initiative,
        may_settle=may_settle_terms(request.membership),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = Term.propose(initiative=request.initiative, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("Proposed. Every member can now say what she thinks."))
            return redirect(made)
    return _form(request, form, None)


@require_POST
def term_starters(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Propose the starter terms that are not here yet."""
    made = Term.propose_starters(initiative=request.initiative, by=request.user)
    said = ngettext(
        "One word was proposed. Amend it until it is yours.",
        "%(count)s words were proposed. Amend them until they are yours.",
        len(made),
    )
    messages.success(request, said % {"count": len(made)})
    return redirect("agenda:lexicon", request.initiative.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def term_amend(request: SignedInRequest, initiative: str, code: str) -> HttpResponse:
    """Propose other words for a term; the newest ones stand in the form."""
    found = _find(request, code)
    newest = found.newest or found.shown
    form = WordingForm(
        request.POST or None,
        initiative=request.initiative,
        initial={name: getattr(newest, name) for name in TEXTS},
    )
    if request.method == "POST" and form.is_valid():
        if not set(form.changed_data) & set(TEXTS):
            form.add_error(None, _("These are the words that are here already. Change something."))
        else:
            found.propose_amendment(by=request.user, **form.cleaned_data)
            messages.success(request, _("Proposed. What was agreed holds until this is."))
            return redirect(found)
    return _form(request, form, found)


@require_POST
def term_core(request: SignedInRequest, initiative: str, code: str) -> HttpResponse:
    """Let the charter wait for this word too."""
    found = _find(request, code)
    _must_settle(request)
    return _do(request, found, found.make_core, _("The charter now waits for this word."))


@require_POST
def term_settle(request: SignedInRequest, initiative: str, code: str) -> HttpResponse:
    """Count the stances."""
    found = _find(request, code)
    _must_settle(request)
    return _do(request, found, found.settle, _("Counted. Here is how it stands now."))


@require_POST
def term_stance(request: SignedInRequest, initiative: str, code: str) -> HttpResponse:
    """Agree or dissent."""
    found = _find(request, code)
    form = StanceForm(request.POST)
    wording = found.newest
    if form.is_valid() and wording and request.POST.get("wording") in ("", None, str(wording.uid)):
        try:
            Stance.take(wording=wording, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        except StateChanged as changed:
            messages.warning(request, str(changed))
            return redirect(found)
        else:
            messages.success(request, _("Noted. You can change it until these words are agreed."))
            return redirect(found)
    elif form.is_valid():
        messages.warning(request, _("There are newer words by now. Read them before you answer."))
        return redirect(found)
    return _page(request, found, stance_form=form)


@require_POST
def term_note_erase(request: SignedInRequest, initiative: str, code: str) -> HttpResponse:
    """Her own note goes; that somebody dissented stays. Names the wording it belongs to."""
    found = _find(request, code)
    own = found.stances.filter(person=request.user, agrees=False, erased_at=None)
    number = request.POST.get("number", "")
    if number.isdecimal() and len(number) < 6:
        own = own.filter(wording__number=int(number))
    note = own.order_by("-at").first()
    if note is None:
        messages.warning(request, _("You have no note here."))
        return redirect(found)
    return _do(request, found, note.erase_note, _("Your note is erased."))


@require_POST
def term_remark(request: SignedInRequest, initiative: str, code: str) -> HttpResponse:
    """Say something to the other members."""
    found = _find(request, code)
    form = RemarkForm(request.POST)
    if form.is_valid():
        TermRemark.write(term=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Said. The other members can read it."))
        return redirect(found.get_absolute_url() + "#h-discussion")
    return _page(request, found, remark_form=form)


@require_POST
def term_remark_erase(
    request: SignedInRequest, initiative: str, code: str, uid: UUID
) -> HttpResponse:
    """Take one's own words away."""
    found = _find(request, code)
    remark = get_object_or_404(found.remarks, uid=uid)
    if remark.person_id != request.user.pk:
        raise PermissionDenied
    return _do(request, found, remark.erase, _("Your words are erased."))


def _do(request: SignedInRequest, found: Term, verb: Callable[..., Any], done: str) -> HttpResponse:
    """Call one verb and go back to the term, saying what came of it."""
    try:
        verb(by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StateChanged as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(request, done)
    return redirect(found)


def _find(request: MemberRequest, code: str) -> Term:
    return get_object_or_404(presenting.readable(request).whole(), code=code)


def _lexicon(request: MemberRequest) -> tuple[str, str]:
    return _("Lexicon"), reverse("agenda:lexicon", args=[request.initiative.slug])


def _must_settle(request: SignedInRequest) -> None:
    if not may_settle_terms(request.membership):
        raise PermissionDenied


def _form(request: SignedInRequest, form: WordingForm, found: Term | None) -> HttpResponse:
    return render(
        request,
        "agenda/lexicon/form.html",
        {
            "crumbs": crumbs(
                request,
                _lexicon(request),
                *([(str(found.word), found.get_absolute_url())] if found else []),
            ),
            "form": form,
            "term": found,
        },
        status=422 if form.errors else 200,
    )


def _page(
    request: MemberRequest,
    found: Term,
    *,
    stance_form: StanceForm | None = None,
    remark_form: RemarkForm | None = None,
) -> HttpResponse:
    glossary.leave_out(found.code)
    return render(
        request,
        "agenda/lexicon/term.html",
        {
            **presenting.page(request, found),
            "crumbs": crumbs(request, _lexicon(request)),
            "stance_form": stance_form or StanceForm(initial=presenting.own_stance(request, found)),
            "remark_form": remark_form or RemarkForm(),
            "may_settle": may_settle_terms(request.membership),
        },
        status=422 if stance_form or remark_form else 200,
    )

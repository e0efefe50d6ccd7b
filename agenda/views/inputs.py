"""What people say to a decision: members, and anybody with a link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agenda.forms.inputs import InputForm, LinkForm, OpenInputForm
from agenda.models import Decision, Input, InputLink
from agenda.models.inputs import token_digest
from agenda.permissions import may_take_on
from agenda.views.ballots import find_decision, way
from agenda.views.light import languages, may_go_on, private_address
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from equity.forms import put

# --- members


@require_http_methods(["GET", "HEAD", "POST"])
def decision_input(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """A member says what she thinks, and reads what she said and the replies to it."""
    decision = find_decision(request, uid)
    takes = decision.state in Input.Stage.values
    form = InputForm(request.POST or None, initial={"language": own_language()})
    if request.method == "POST" and not takes:
        form.add_error(None, _("Nothing more can be added now. What you wrote was not kept."))
    elif request.method == "POST" and form.is_valid():
        try:
            Input.give(decision=decision, member=request.membership, **form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("It is here. It gets a reply before the decision closes."))
            return redirect(request.path)
    page = {
        "decision": decision,
        "takes": takes,
        "form": form,
        "own": decision.inputs.filter(author=request.user).order_by("-at"),
        "crumbs": way(request, decision),
    }
    status = 422 if form.errors else 200
    return render(request, "agenda/voices/input.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def input_erase(request: SignedInRequest, initiative: str, uid: UUID, said: UUID) -> HttpResponse:
    """A member takes her own words away; asks first. Somebody else's are not found."""
    decision = find_decision(request, uid)
    found = get_object_or_404(decision.inputs.filter(author=request.user), uid=said)
    back = reverse("agenda:decision_input", args=[initiative, uid])
    if request.method == "POST":
        if found.erased_at is None:
            found.erase(by=request.user)
        messages.success(request, _("Erased. That somebody said something, and when, stays."))
        return redirect(back)
    page = {"decision": decision, "said": found, "back": back, "crumbs": way(request, decision)}
    return render(request, "agenda/voices/input_erase.html", page)


# --- links: made by those who take the decision on


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def input_links(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The links of a decision. A new one is shown once, by the answer to the POST itself."""
    decision = _taken_on(request, uid)
    form, made = LinkForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _link, token = InputLink.make(decision=decision, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            put(form, error)
        else:
            where = reverse("agenda:input_link", args=[initiative, token])
            made, form = request.build_absolute_uri(where), LinkForm()
    page = {
        "decision": decision,
        "form": form,
        "made": made,
        "links": decision.input_links.order_by("-id"),
        "crumbs": way(request, decision),
    }
    status = 422 if form.errors else 200
    return render(request, "agenda/voices/input_links.html", page, status=status)


@require_POST
def input_link_end(
    request: SignedInRequest, initiative: str, uid: UUID, link: UUID
) -> HttpResponse:
    """Take no more input through a link."""
    decision = _taken_on(request, uid)
    get_object_or_404(decision.input_links, uid=link).end(by=request.user)
    messages.success(request, _("The link takes no more input. What came through it stays."))
    return redirect("agenda:input_links", initiative, uid)


def _taken_on(request: SignedInRequest, uid: UUID) -> Decision:
    decision = find_decision(request, uid)
    if not may_take_on(request.membership, decision):
        raise PermissionDenied
    return decision


# --- anybody with a link


@public
@private_address
@require_http_methods(["GET", "HEAD", "POST"])
def input_link(request: MemberRequest, initiative: str, token: str) -> HttpResponse:
    """One light page: what is decided, and a box for what she thinks of it. No account."""
    link = get_object_or_404(
        InputLink.objects.for_initiative(request.initiative).select_related("decision"),
        token_digest=token_digest(token),
    )
    decision = link.decision
    page: dict[str, Any] = {"decision": decision, "languages": languages(request)}
    if link.ended_at or decision.state != Input.Stage.INPUT:
        page["was_sent"] = request.method == "POST"
        return render(request, "agenda/voices/input_over.html", page, status=410)
    form = OpenInputForm(
        request.POST or None, link=str(link.uid), initial={"language": own_language()}
    )
    page["form"] = form
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "agenda/voices/input_link.html", page, status=status)
    return _received(request, link, form, page)


def _received(
    request: MemberRequest, link: InputLink, form: OpenInputForm, page: dict[str, Any]
) -> HttpResponse:
    """Keep it, and show the address at which she finds it again: here, once."""
    values = form.cleaned_data
    if not may_go_on(request, "agenda.input"):
        form.add_error(
            None,
            _(
                "Very much came from your connection in a short time, so this was not kept yet. "
                "Your words are still in the box: wait a minute and send them again."
            ),
        )
        return render(request, "agenda/voices/input_link.html", page, status=429)
    try:
        said, key = Input.give(
            decision=link.decision,
            link=link,
            words=values["words"],
            name=values["name"],
            language=values["language"],
            key=values["ticket"],
        )
    except ValidationError as error:
        put(form, error)
        return render(request, "agenda/voices/input_link.html", page, status=422)
    where = reverse("agenda:input_mine", args=[request.initiative.slug, key])
    page.update(said=said, address=request.build_absolute_uri(where))
    return render(request, "agenda/voices/input_received.html", page)


@public
@private_address
@require_http_methods(["GET", "HEAD", "POST"])
def input_mine(request: MemberRequest, initiative: str, key: str) -> HttpResponse:
    """Behind her private address: what she said, the reply, and a way to erase it."""
    said = get_object_or_404(
        Input.objects.for_initiative(request.initiative).select_related("decision"),
        key_digest=token_digest(key),
    )
    page = {"said": said, "decision": said.decision, "languages": languages(request)}
    if request.method == "POST":
        if said.erased_at is None:
            said.erase(key=key)
        page["just_erased"] = True
    page["asks"] = request.method != "POST" and "erase" in request.GET and not said.erased_at
    return render(request, "agenda/voices/input_mine.html", page)


def own_language() -> str:
    """The name of the page's language, in itself: what most will write in."""
    return get_language_info((get_language() or "en").split("-")[0])["name_local"]

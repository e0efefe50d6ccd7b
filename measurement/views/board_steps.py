"""Composing a dashboard: what it says, its panels, and its way to the public."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ciforum.people.requests import SignedInRequest
from equity.forms import put
from measurement.boarding.permissions import (
    may_change_board,
    may_compose,
    may_embed,
    may_publish_boards,
    may_take_back,
    owns,
)
from measurement.forms.boards import BoardForm, NewPanelForm, PanelForm
from measurement.models import Board, Indicator, Panel
from measurement.models.board_guards import MOST
from measurement.showing.shown import Choice, Shown, Unknown, show
from measurement.views.answering import form_page, must, submitted
from measurement.views.board_common import find_board, find_panel, step, way


@require_http_methods(["GET", "HEAD", "POST"])
def board_new(request: SignedInRequest, initiative: str) -> HttpResponse:
    """Begin a dashboard of one's own."""
    must(may_compose(request.membership))
    form = BoardForm(request.POST or None, initiative=request.initiative)
    if request.method == "POST" and form.is_valid():
        try:
            made = Board.compose(
                initiative=request.initiative, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("Now add its panels: up to 24."))
            return redirect(made.compose_url())
    return form_page(
        request,
        form,
        title=_("Compose a dashboard"),
        lede=_("Only you and the backbone see it until it is published."),
        button=_("Go on to the panels"),
        back=reverse("measurement:boards", args=[initiative]),
        crumbs=way(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def board_describe(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Change title and introduction of a draft."""
    found = find_board(request, slug)
    must(may_change_board(request.membership, found))
    form = BoardForm(request.POST or None, initiative=request.initiative, board=found)
    if answer := submitted(
        request,
        form,
        lambda: found.describe(by=request.user, **form.cleaned_data),
        _("The changes are saved."),
        back=found.compose_url(),
    ):
        return answer
    return form_page(
        request,
        form,
        title=_("Title and introduction"),
        lede=str(found.title),
        button=_("Save the changes"),
        back=found.compose_url(),
        crumbs=way(request, found),
    )


@require_safe
def board_compose(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Its panels in order, what can be added, and what comes next."""
    found = find_board(request, slug)
    member = request.membership
    changes, publishes = may_change_board(member, found), may_publish_boards(member)
    must(changes or publishes)
    panels = found.in_order()
    page = {
        "board": found,
        "panels": panels,
        "removed": found.last_removed() if found.is_draft and changes else None,
        "crumbs": way(request, found),
        "new_panel": NewPanelForm(indicators=_indicators(request)),
        "most": MOST,
        "is_full": len(panels) >= MOST,
        "may_change": changes,
        "may_publish": publishes,
        "may_propose": owns(member, found) and not publishes,
        "may_take_back": may_take_back(member, found),
        "may_embed": may_embed(member),
    }
    return render(request, "measurement/boards/compose.html", page)


def _indicators(request: SignedInRequest) -> list[Indicator]:
    own = Indicator.objects.for_initiative(request.initiative).published()
    return sorted(own, key=lambda each: str(each.name).casefold())


@require_POST
def board_propose(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Ask those who may publish to look at it."""
    found = find_board(request, slug)
    must(may_change_board(request.membership, found))
    done = _("Proposed. The backbone and the committee see it in the list of dashboards now.")
    step(request, lambda: found.propose(by=request.user), done)
    return redirect(found.compose_url())


@require_POST
def board_publish(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Let everyone read it."""
    found = find_board(request, slug)
    must(may_publish_boards(request.membership))
    step(request, lambda: found.publish(by=request.user), _("Everyone can read it now."))
    return redirect(found.compose_url())


@require_POST
def board_archive(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """Put it away."""
    found = find_board(request, slug)
    must(may_take_back(request.membership, found))
    done = _("Put away. Nobody outside finds it now, and other sites no longer show it.")
    step(request, lambda: found.archive(by=request.user), done)
    return redirect("measurement:boards", initiative)


@require_POST
def board_take_back(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """A draft again."""
    found = find_board(request, slug)
    must(may_take_back(request.membership, found))
    done = _("It is a draft again. Nobody outside reads it until it is published anew.")
    step(request, lambda: found.take_back(by=request.user), done)
    if may_change_board(request.membership, found):
        return redirect(found.compose_url())
    return redirect("measurement:boards", initiative)


@require_POST
def board_copy(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """A draft of her own with the same panels."""
    found = find_board(request, slug)
    must(may_compose(request.membership))
    done = _("This copy is yours. Change what you like; the other stays as it is.")
    made = step(request, lambda: found.copy(by=request.user), done)
    return redirect(made.compose_url() if made else found)


# --- panels


@require_http_methods(["GET", "HEAD", "POST"])
def board_panel_new(request: SignedInRequest, initiative: str, slug: str) -> HttpResponse:
    """What a new panel shows; kind and indicator stand in the address."""
    board = find_board(request, slug)
    must(may_change_board(request.membership, board))
    kind = request.GET.get("kind", Panel.Kind.LINE)
    if kind not in Panel.Kind.values:
        raise Http404
    shown = None if kind == Panel.Kind.TEXT else _released(request)
    form = PanelForm(request.POST or None, board=board, kind=kind, shown=shown)
    if answer := submitted(
        request,
        form,
        lambda: Panel.add(
            board=board,
            kind=kind,
            indicator=shown.indicator if shown else None,
            by=request.user,
            **form.asked(),
        ),
        _("The panel is added at the end."),
        back=board.compose_url(),
        to=lambda made: f"{board.compose_url()}#panel-{made.uid}",
    ):
        return answer
    return form_page(
        request,
        form,
        title=_("New panel: %(kind)s") % {"kind": Panel.Kind(kind).label},
        lede=str(shown.indicator.name) if shown else "",
        button=_("Add it"),
        back=board.compose_url(),
        crumbs=way(request, board),
    )


def _released(request: SignedInRequest) -> Shown:
    own = Indicator.objects.for_initiative(request.initiative).select_related("initiative")
    shown = show(get_object_or_404(own, slug=request.GET.get("indicator", "")), Choice())
    if shown is None:
        raise Http404
    return shown


@require_http_methods(["GET", "HEAD", "POST"])
def board_panel(request: SignedInRequest, initiative: str, slug: str, uid: UUID) -> HttpResponse:
    """Change what a panel shows and says."""
    board = find_board(request, slug)
    must(may_change_board(request.membership, board))
    panel = find_panel(board, uid)
    shown = _present(panel)
    form = PanelForm(request.POST or None, board=board, kind=panel.kind, shown=shown, panel=panel)
    if answer := submitted(
        request,
        form,
        lambda: panel.change(by=request.user, **form.asked()),
        _("The changes are saved."),
        back=board.compose_url(),
        to=lambda _found: f"{board.compose_url()}#panel-{panel.uid}",
    ):
        return answer
    return form_page(
        request,
        form,
        title=_("Change the panel"),
        lede=str(panel.heading),
        button=_("Save the changes"),
        back=board.compose_url(),
        crumbs=way(request, board),
    )


def _present(panel: Panel) -> Shown | None:
    """What can be chosen for it now."""
    if panel.is_text or panel.indicator is None:
        return None
    try:
        found = show(panel.indicator, Choice(panel.place.code if panel.place else ""))
    except Unknown:
        found = show(panel.indicator, Choice())
    if found is None:
        raise Http404
    return found


@require_POST
def board_panel_move(
    request: SignedInRequest, initiative: str, slug: str, uid: UUID
) -> HttpResponse:
    """Change places with its neighbour."""
    board, panel, up = _moved(request, slug, uid)
    step(request, lambda: panel.shift(up=up, by=request.user), "")
    # Back to the same button, so that the keyboard stays where it was.
    return redirect(f"{board.compose_url()}#{'up' if up else 'down'}-{uid}")


def _moved(request: SignedInRequest, slug: str, uid: UUID) -> tuple[Board, Panel, bool]:
    board = find_board(request, slug)
    must(may_change_board(request.membership, board))
    return board, find_panel(board, uid), request.POST.get("to") == "up"


@require_POST
def board_panel_remove(
    request: SignedInRequest, initiative: str, slug: str, uid: UUID
) -> HttpResponse:
    """Take a panel away; it can be put back."""
    board, panel, _up = _moved(request, slug, uid)
    step(request, lambda: panel.remove(by=request.user), "")
    return redirect(f"{board.compose_url()}#removed")


@require_POST
def board_panel_put_back(
    request: SignedInRequest, initiative: str, slug: str, uid: UUID
) -> HttpResponse:
    """Undo: the panel stands where it stood."""
    board, panel, _up = _moved(request, slug, uid)
    step(request, lambda: panel.put_back(by=request.user), _("The panel is back."))
    return redirect(f"{board.compose_url()}#panel-{uid}")

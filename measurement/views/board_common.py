"""What the pages of dashboards share: finding one, where it lies, and one step of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from ciforum.people.context import Link
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from measurement.boarding.permissions import may_see_board
from measurement.models import Board, Panel
from measurement.views.answering import say
from measurement.views.crumbs import trail


def find_board(request: MemberRequest, slug: str) -> Board:
    """A dashboard she may see; any other is not found."""
    found: Board = get_object_or_404(Board.objects.for_initiative(request.initiative), slug=slug)
    found.initiative = request.initiative
    if not may_see_board(request.membership, found):
        raise Http404
    return found


def find_panel(board: Board, uid: UUID) -> Panel:
    panels = board.panels.select_related("indicator", "place").defer("place__geojson")
    found: Panel = get_object_or_404(panels, uid=uid)
    found.board = board
    if found.indicator is not None:
        found.indicator.initiative = board.initiative
    return found


def step(request: SignedInRequest, verb: Callable[[], Any], done: str) -> Any:
    """Try a verb and say how it went; what it answered, or None where it refused."""
    try:
        found = verb()
    except (ValidationError, StateChanged) as error:
        say(request, error)
        return None
    if done:
        messages.success(request, done)
    return found


def way(request: MemberRequest, board: Board | None = None) -> list[Link]:
    """The links above a page: measures, dashboards, this one."""
    listed = reverse("measurement:boards", args=[request.initiative.slug])
    found = [*trail(request), Link(_("Dashboards"), listed)]
    return [*found, Link(str(board.title), board.get_absolute_url())] if board else found

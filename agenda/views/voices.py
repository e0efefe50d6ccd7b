"""What people say and choose: answered on the page of the decision until each has its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from agenda.models import Decision
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest


@public
def soon(request: MemberRequest, initiative: str, uid: UUID, **more: Any) -> HttpResponse:
    return redirect(get_object_or_404(Decision.objects.for_initiative(request.initiative), uid=uid))


@public
def soon_by_token(request: MemberRequest, initiative: str, **more: Any) -> HttpResponse:
    raise Http404

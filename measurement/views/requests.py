"""Pages of measurement: requests."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest


@public
def requests(request: MemberRequest, initiative: str) -> HttpResponse:
    return HttpResponse(status=204)


def request_new(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    return HttpResponse(status=204)


@public
def request(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def request_answer(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def request_escalate(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)

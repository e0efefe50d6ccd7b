"""Pages of measurement: the partners' desk."""

from __future__ import annotations

from django.http import HttpResponse

from ciforum.people.requests import MemberRequest


def desk(request: MemberRequest, initiative: str) -> HttpResponse:
    return HttpResponse(status=204)


def upload(request: MemberRequest, initiative: str) -> HttpResponse:
    return HttpResponse(status=204)

"""Pages of measurement: indicators."""

from __future__ import annotations

from django.http import HttpResponse

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest


@public
def overview(request: MemberRequest, initiative: str) -> HttpResponse:
    return HttpResponse(status=204)


def indicator_new(request: MemberRequest, initiative: str) -> HttpResponse:
    return HttpResponse(status=204)


def indicator_edit(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    return HttpResponse(status=204)


def indicator_define(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    return HttpResponse(status=204)

"""Pages of measurement: public."""

from __future__ import annotations

from django.http import HttpResponse

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest


@public
def indicator(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    return HttpResponse(status=204)


@public
def chart(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    return HttpResponse(status=204)


@public
def table_csv(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    return HttpResponse(status=204)

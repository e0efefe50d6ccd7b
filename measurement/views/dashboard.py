"""Pages of measurement: dashboard."""

from __future__ import annotations

from django.http import HttpResponse

from ciforum.people.requests import MemberRequest


def dashboard(request: MemberRequest, initiative: str) -> HttpResponse:
    return HttpResponse(status=204)

"""Pages of measurement: saying what a file means."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from ciforum.people.requests import MemberRequest


def submission_columns(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def submission_labels(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)

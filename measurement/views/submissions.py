"""Pages of measurement: one submission."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from ciforum.people.requests import MemberRequest


def submission(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def submission_progress(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def submission_problems_csv(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def submission_file(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def submission_hand_in(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def submission_approve(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def submission_return(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def submission_withdraw(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)

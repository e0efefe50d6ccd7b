"""Pages of measurement: releases."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from ciforum.people.requests import MemberRequest


def release_new(request: MemberRequest, initiative: str, slug: str) -> HttpResponse:
    return HttpResponse(status=204)


def release(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def release_story(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def release_protect(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def release_renew(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def release_publish(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)


def release_discard(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    return HttpResponse(status=204)

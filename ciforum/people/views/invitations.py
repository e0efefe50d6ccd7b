from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ciforum.people.permissions import public


@public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "base.html")


def invite(request: HttpRequest, initiative: str) -> HttpResponse:
    return render(request, "base.html")


def withdraw(request: HttpRequest, initiative: str, uid: UUID) -> HttpResponse:
    return render(request, "base.html")


def resend(request: HttpRequest, initiative: str, uid: UUID) -> HttpResponse:
    return render(request, "base.html")

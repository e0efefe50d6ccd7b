from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def members(request: HttpRequest, initiative: str) -> HttpResponse:
    return render(request, "base.html")


def member(request: HttpRequest, initiative: str, uid: UUID) -> HttpResponse:
    return render(request, "base.html")


def end(request: HttpRequest, initiative: str, uid: UUID) -> HttpResponse:
    return render(request, "base.html")

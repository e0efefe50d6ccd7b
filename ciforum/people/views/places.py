from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def places(request: HttpRequest, initiative: str) -> HttpResponse:
    return render(request, "base.html")


def place_new(request: HttpRequest, initiative: str) -> HttpResponse:
    return render(request, "base.html")


def place(request: HttpRequest, initiative: str, uid: UUID) -> HttpResponse:
    return render(request, "base.html")

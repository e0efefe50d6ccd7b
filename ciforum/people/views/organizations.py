from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def organizations(request: HttpRequest, initiative: str) -> HttpResponse:
    return render(request, "base.html")


def organization_new(request: HttpRequest, initiative: str) -> HttpResponse:
    return render(request, "base.html")


def organization(request: HttpRequest, initiative: str, slug: str) -> HttpResponse:
    return render(request, "base.html")

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def settings(request: HttpRequest, initiative: str) -> HttpResponse:
    return render(request, "base.html")

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ciforum.people.permissions import public


@public
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@public
def front(request: HttpRequest, initiative: str) -> HttpResponse:
    return render(request, "base.html")

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ciforum.people.permissions import public


@public
def enter(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")

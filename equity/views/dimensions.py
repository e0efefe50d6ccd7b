"""Pages of equity."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest


@public
def dimensions(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")


def dimension_new(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")


@public
def dimension(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")


def group_new(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")


def dimension_revise(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")

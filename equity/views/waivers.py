"""Pages of equity."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest


@public
def waivers(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")


def waiver_new(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")


@public
def waiver(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")


def waiver_agree(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")


def waiver_refuse(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")

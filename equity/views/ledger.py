"""Pages of equity."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest


@public
def ledger(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")


def ledger_csv(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")


def ledger_entry(request: MemberRequest, initiative: str, **names: Any) -> HttpResponse:
    return render(request, "equity/page.html")

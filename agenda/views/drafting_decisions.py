"""Pages of a decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from ciforum.people.requests import SignedInRequest


def decision_new(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_edit(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_cite(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_uncite(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)

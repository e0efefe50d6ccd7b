"""Pages of a decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from ciforum.people.requests import SignedInRequest


def decision_hearing(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def hearing_try(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def hearing_word(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def try_dispute(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)

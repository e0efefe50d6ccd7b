"""Pages of a decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from ciforum.people.requests import SignedInRequest


def decision_open_input(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_open_last_word(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_open_voting(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_again(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_withdraw(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_close(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_retry(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_recuse(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)

"""Pages of a decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from ciforum.people.requests import SignedInRequest


def decision_reasons(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_inputs(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def input_reply(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_follow(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)


def decision_review(request: SignedInRequest, initiative: str, **more: Any) -> HttpResponse:
    return redirect("agenda:decisions", initiative)

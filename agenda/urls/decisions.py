"""Addresses: the decision room, seen by everybody."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

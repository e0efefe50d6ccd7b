"""Addresses: the decision log, public records, feeds, calendar files, print."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

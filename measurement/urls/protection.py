"""Addresses: protection presets and what was hidden."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

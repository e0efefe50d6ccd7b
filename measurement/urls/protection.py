"""Addresses: protection presets and what was hidden."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import protection

urlpatterns: list[URLPattern] = [
    path("protection/", protection.protection, name="protection"),
]

"""Addresses: other ways to hand in: pasting, a grid, a phone."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

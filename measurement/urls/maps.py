"""Addresses: maps of places, then and now."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

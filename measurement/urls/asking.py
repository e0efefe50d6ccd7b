"""Addresses: data we asked for, and groups with authority over their data."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

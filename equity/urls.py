"""Addresses of equity."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "equity"

urlpatterns: list[URLPattern | URLResolver] = []

"""Addresses of backbone."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "backbone"

urlpatterns: list[URLPattern | URLResolver] = []

"""Addresses: the indicator's page: turning the curve, explaining a number."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

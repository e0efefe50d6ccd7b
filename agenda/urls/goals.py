"""Addresses: goals by the five steps of targeted universalism."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

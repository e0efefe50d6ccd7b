"""Addresses: input, last word and ballots: what people say and choose."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

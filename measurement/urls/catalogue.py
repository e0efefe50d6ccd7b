"""Addresses: the catalogue of indicators, packs and crosswalks."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

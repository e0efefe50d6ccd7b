"""Addresses: the charter and its versions."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import charter

urlpatterns: list[URLPattern] = [
    path("charter/", charter.charter, name="charter"),
]

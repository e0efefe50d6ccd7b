"""Addresses: other ways to hand in: pasting, a grid, a phone."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import grids, handin

_SUBMISSION = "submissions/<uuid:uid>/"

urlpatterns: list[URLPattern] = [
    path("desk/paste/", handin.paste, name="paste"),
    path("desk/grid/", grids.grid, name="grid"),
    path(_SUBMISSION + "sheets/", handin.submission_sheets, name="submission_sheets"),
    path(_SUBMISSION + "marked/", handin.submission_marked, name="submission_marked"),
]

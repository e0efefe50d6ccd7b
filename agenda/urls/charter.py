"""Addresses: the charter and its versions."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import charter, charter_draft

urlpatterns: list[URLPattern] = [
    path("charter/", charter.charter, name="charter"),
    path("charter/compare/", charter.charter_compare, name="charter_compare"),
    path("charter/start/", charter_draft.charter_start, name="charter_start"),
    path("charter/edit/", charter_draft.charter_edit, name="charter_edit"),
    path("charter/edit/<uuid:uid>/cite/", charter_draft.charter_cite, name="charter_cite"),
    path("charter/discard/", charter_draft.charter_discard, name="charter_discard"),
    path("charter/versions/<int:number>/", charter.charter_version, name="charter_version"),
    path("charter/versions/<int:number>/print/", charter.charter_print, name="charter_print"),
]

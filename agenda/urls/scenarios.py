"""Addresses: maps of understanding."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import scenario_parts as parts
from agenda.views import scenarios as views

_MAP = "scenarios/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path("scenarios/", views.scenarios, name="scenarios"),
    path("scenarios/new/", views.scenario_new, name="scenario_new"),
    path(_MAP, views.scenario_set, name="scenario_set"),
    path(f"{_MAP}room/", views.scenario_room, name="scenario_room"),
    path(f"{_MAP}edit/", views.scenario_edit, name="scenario_edit"),
    path(f"{_MAP}describe/", views.scenario_describe, name="scenario_describe"),
    path(f"{_MAP}publish/", views.scenario_publish, name="scenario_publish"),
    path(f"{_MAP}withdraw/", views.scenario_withdraw, name="scenario_withdraw"),
    path(f"{_MAP}people/new/", parts.scenario_person_new, name="scenario_person_new"),
    path(f"{_MAP}stages/new/", parts.scenario_stage_new, name="scenario_stage_new"),
    path(f"{_MAP}cell/<uuid:person>/<uuid:stage>/", parts.scenario_cell, name="scenario_cell"),
    path(f"{_MAP}parts/<uuid:uid>/", parts.scenario_part, name="scenario_part"),
    path(f"{_MAP}parts/<uuid:uid>/move/", parts.scenario_move, name="scenario_move"),
    path(f"{_MAP}parts/<uuid:uid>/remove/", parts.scenario_remove, name="scenario_remove"),
    path(f"{_MAP}parts/<uuid:uid>/restore/", parts.scenario_restore, name="scenario_restore"),
    path(f"{_MAP}parts/<uuid:uid>/evidence/", parts.scenario_cite, name="scenario_cite"),
    path(f"{_MAP}parts/<uuid:uid>/evidence/remove/", parts.scenario_uncite, name="scenario_uncite"),
]

"""Addresses: input, last word and ballots: what people say and choose."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import decisions

urlpatterns: list[URLPattern] = [
    path("decisions/<uuid:uid>/inputs/", decisions.decision, name="decision_inputs"),
    path("decisions/<uuid:uid>/last-word/", decisions.decision, name="decision_last_word"),
    path("decisions/<uuid:uid>/ballot/", decisions.decision, name="ballot"),
    path("ballot/<str:uid>/", decisions.decision, name="ballot_link"),
]

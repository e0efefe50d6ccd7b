"""Addresses: the decision room, seen by everybody and by those who take a decision on."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import decisions

urlpatterns: list[URLPattern] = [
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/new/", decisions.decisions, name="decision_new"),
    path("decisions/<uuid:uid>/", decisions.decision, name="decision"),
    path("decisions/<uuid:uid>/edit/", decisions.decision, name="decision_edit"),
    path("decisions/<uuid:uid>/hearing/", decisions.decision, name="decision_hearing"),
    path("decisions/<uuid:uid>/reasons/", decisions.decision, name="decision_reasons"),
]

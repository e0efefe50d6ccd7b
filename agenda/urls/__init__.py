"""Addresses of the agenda: one file for each area."""

from __future__ import annotations

from django.urls import include, path

from agenda.urls import (
    charter,
    committees,
    decisions,
    goals,
    history,
    lexicon,
    records,
    scenarios,
    voices,
)
from agenda.views import overview

app_name = "agenda"

_pages = [
    path("", overview.overview, name="overview"),
    *charter.urlpatterns,
    *lexicon.urlpatterns,
    *history.urlpatterns,
    *scenarios.urlpatterns,
    *goals.urlpatterns,
    *committees.urlpatterns,
    *decisions.urlpatterns,
    *voices.urlpatterns,
    *records.urlpatterns,
]

urlpatterns = [path("<slug:initiative>/agenda/", include(_pages))]

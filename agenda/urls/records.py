"""Addresses: the decision log, public records, feeds, calendar files, print."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import record_files as files
from agenda.views import records as views

_DECISION = "decisions/<uuid:uid>/"

urlpatterns: list[URLPattern] = [
    path("records/", views.records, name="records"),
    path("records/verify/", views.records_verify, name="records_verify"),
    path("records.json", views.records_json, name="records_json"),
    path("decisions/log.csv", files.decisions_csv, name="decisions_csv"),
    path("decisions/feed.atom", files.decisions_atom, name="decisions_atom"),
    path("decisions/dates.ics", files.decisions_ics, name="decisions_ics"),
    path(_DECISION + "record.json", views.decision_json, name="decision_json"),
    path(_DECISION + "dates.ics", files.decision_ics, name="decision_ics"),
    path(_DECISION + "print/", files.decision_print, name="decision_print"),
]

"""Addresses of measurement."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from measurement.views import dashboard, indicators, public, releases, requests

app_name = "measurement"

_HOME = "<slug:initiative>/measurement/"
_INDICATOR = _HOME + "indicators/<slug:slug>/"
_RELEASE = _HOME + "releases/<uuid:uid>/"
_REQUEST = _HOME + "requests/<uuid:uid>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_HOME, indicators.overview, name="overview"),
    path(_HOME + "dashboard/", dashboard.dashboard, name="dashboard"),
    path(_HOME + "indicators/new/", indicators.indicator_new, name="indicator_new"),
    path(_INDICATOR, public.indicator, name="indicator"),
    path(_INDICATOR + "chart.json", public.chart, name="chart"),
    path(_INDICATOR + "table.csv", public.table_csv, name="table_csv"),
    path(_INDICATOR + "edit/", indicators.indicator_edit, name="indicator_edit"),
    path(_INDICATOR + "define/", indicators.indicator_define, name="indicator_define"),
    path(_INDICATOR + "ask/", requests.request_new, name="request_new"),
    path(_INDICATOR + "releases/new/", releases.release_new, name="release_new"),
    path(_RELEASE, releases.release, name="release"),
    path(_RELEASE + "story/", releases.release_story, name="release_story"),
    path(_RELEASE + "protect/", releases.release_protect, name="release_protect"),
    path(_RELEASE + "renew/", releases.release_renew, name="release_renew"),
    path(_RELEASE + "publish/", releases.release_publish, name="release_publish"),
    path(_RELEASE + "discard/", releases.release_discard, name="release_discard"),
    path(_HOME + "requests/", requests.requests, name="requests"),
    path(_REQUEST, requests.request, name="request"),
    path(_REQUEST + "answer/", requests.request_answer, name="request_answer"),
    path(_REQUEST + "escalate/", requests.request_escalate, name="request_escalate"),
]

"""Addresses: indicators, releases, the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import (
    causes,
    dashboard,
    desk,
    indicators,
    mapping,
    public,
    releases,
    requests,
    submissions,
    targets,
)

_INDICATOR = "indicators/<slug:slug>/"
_RELEASE = "releases/<uuid:uid>/"
_REQUEST = "requests/<uuid:uid>/"
_SUBMISSION = "submissions/<uuid:uid>/"

urlpatterns: list[URLPattern] = [
    path("", indicators.overview, name="overview"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("indicators/new/", indicators.indicator_new, name="indicator_new"),
    path(_INDICATOR, public.indicator, name="indicator"),
    path(_INDICATOR + "chart.json", public.chart, name="chart"),
    path(_INDICATOR + "table.csv", public.table_csv, name="table_csv"),
    path(_INDICATOR + "edit/", indicators.indicator_edit, name="indicator_edit"),
    path(_INDICATOR + "define/", indicators.indicator_define, name="indicator_define"),
    path(_INDICATOR + "retire/", indicators.indicator_retire, name="indicator_retire"),
    path(_INDICATOR + "discard/", indicators.indicator_discard, name="indicator_discard"),
    path(_INDICATOR + "causes/", causes.causes, name="causes"),
    path(_INDICATOR + "causes/<uuid:uid>/end/", causes.cause_end, name="cause_end"),
    path(_INDICATOR + "ask/", requests.request_new, name="request_new"),
    path(_INDICATOR + "releases/new/", releases.release_new, name="release_new"),
    path(_RELEASE, releases.release, name="release"),
    path(_RELEASE + "story/", releases.release_story, name="release_story"),
    path(_RELEASE + "protect/", releases.release_protect, name="release_protect"),
    path(_RELEASE + "renew/", releases.release_renew, name="release_renew"),
    path(_RELEASE + "publish/", releases.release_publish, name="release_publish"),
    path(_RELEASE + "discard/", releases.release_discard, name="release_discard"),
    path("goals/<slug:slug>/", targets.target, name="target"),
    path("requests/", requests.requests, name="requests"),
    path(_REQUEST, requests.request, name="request"),
    path(_REQUEST + "answer/", requests.request_answer, name="request_answer"),
    path(_REQUEST + "escalate/", requests.request_escalate, name="request_escalate"),
    path("desk/", desk.desk, name="desk"),
    path("desk/upload/", desk.upload, name="upload"),
    path(_SUBMISSION, submissions.submission, name="submission"),
    path(_SUBMISSION + "columns/", mapping.submission_columns, name="submission_columns"),
    path(_SUBMISSION + "labels/", mapping.submission_labels, name="submission_labels"),
    path(_SUBMISSION + "progress/", submissions.submission_progress, name="submission_progress"),
    path(
        _SUBMISSION + "problems.csv",
        submissions.submission_problems_csv,
        name="submission_problems_csv",
    ),
    path(_SUBMISSION + "file/", submissions.submission_file, name="submission_file"),
    path(_SUBMISSION + "hand-in/", submissions.submission_hand_in, name="submission_hand_in"),
    path(_SUBMISSION + "approve/", submissions.submission_approve, name="submission_approve"),
    path(_SUBMISSION + "return/", submissions.submission_return, name="submission_return"),
    path(_SUBMISSION + "withdraw/", submissions.submission_withdraw, name="submission_withdraw"),
]

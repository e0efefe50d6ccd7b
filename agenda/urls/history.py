"""Addresses: the history timeline."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import history

_EVENT = "history/<uuid:uid>/"

urlpatterns: list[URLPattern] = [
    path("history/", history.history, name="history"),
    path("history/new/", history.event_new, name="event_new"),
    path(_EVENT, history.event, name="event"),
    path(_EVENT + "picture/", history.event_image, name="event_image"),
    path(_EVENT + "edit/", history.event_edit, name="event_edit"),
    path(_EVENT + "publish/", history.event_publish, name="event_publish"),
    path(_EVENT + "agree/", history.event_agree, name="event_agree"),
    path(_EVENT + "withdraw/", history.event_withdraw, name="event_withdraw"),
]

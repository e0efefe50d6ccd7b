"""Addresses: input, last word and ballots: what people say and choose."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import voices

_DECISION = "decisions/<uuid:uid>/"

urlpatterns: list[URLPattern] = [
    # --- input
    path(f"{_DECISION}input/", voices.soon, name="decision_input"),
    path(f"{_DECISION}input/links/", voices.soon, name="input_links"),
    path(f"{_DECISION}input/links/<uuid:link>/end/", voices.soon, name="input_link_end"),
    path(f"{_DECISION}input/<uuid:said>/erase/", voices.soon, name="input_erase"),
    path("input/<str:token>/", voices.soon_by_token, name="input_link"),
    path("input/mine/<str:key>/", voices.soon_by_token, name="input_mine"),
    # --- last word
    path(f"{_DECISION}last-word/", voices.soon, name="decision_last_word"),
    path(f"{_DECISION}last-word/<uuid:said>/voice/", voices.soon, name="last_word_voice"),
    path(f"{_DECISION}last-word/<uuid:said>/confirm/", voices.soon, name="last_word_confirm"),
    path(f"{_DECISION}last-word/<uuid:said>/back/", voices.soon, name="last_word_take_back"),
    path(f"{_DECISION}last-word/<uuid:said>/erase/", voices.soon, name="last_word_erase"),
    # --- ballots
    path(f"{_DECISION}ballot/", voices.soon, name="ballot"),
    path(f"{_DECISION}ballot/back/", voices.soon, name="ballot_take_back"),
    path(f"{_DECISION}ballot/record/", voices.soon, name="ballot_record"),
    path(f"{_DECISION}ballot/print/", voices.soon, name="ballot_print"),
    path(f"{_DECISION}ballot/find/", voices.soon, name="ballot_find"),
    path("ballot/<str:token>/", voices.soon_by_token, name="ballot_link"),
]

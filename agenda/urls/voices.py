"""Addresses: input, last word and ballots: what people say and choose."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import ballot_by_link, ballots, inputs, last_word, paper_ballots

_DECISION = "decisions/<uuid:uid>/"
_SAID = f"{_DECISION}last-word/<uuid:said>/"

urlpatterns: list[URLPattern] = [
    # --- input
    path(f"{_DECISION}input/", inputs.decision_input, name="decision_input"),
    path(f"{_DECISION}input/links/", inputs.input_links, name="input_links"),
    path(f"{_DECISION}input/links/<uuid:link>/end/", inputs.input_link_end, name="input_link_end"),
    path(f"{_DECISION}input/<uuid:said>/erase/", inputs.input_erase, name="input_erase"),
    path("input/<str:token>/", inputs.input_link, name="input_link"),
    path("input/mine/<str:key>/", inputs.input_mine, name="input_mine"),
    # --- last word
    path(f"{_DECISION}last-word/", last_word.decision_last_word, name="decision_last_word"),
    path(f"{_SAID}voice/", last_word.last_word_voice, name="last_word_voice"),
    path(f"{_SAID}confirm/", last_word.last_word_confirm, name="last_word_confirm"),
    path(f"{_SAID}back/", last_word.last_word_take_back, name="last_word_take_back"),
    path(f"{_SAID}erase/", last_word.last_word_erase, name="last_word_erase"),
    # --- ballots
    path(f"{_DECISION}ballot/", ballots.ballot, name="ballot"),
    path(f"{_DECISION}ballot/back/", ballots.ballot_take_back, name="ballot_take_back"),
    path(f"{_DECISION}ballot/find/", ballots.ballot_find, name="ballot_find"),
    path(f"{_DECISION}ballot/record/", paper_ballots.ballot_record, name="ballot_record"),
    path(f"{_DECISION}ballot/print/", paper_ballots.ballot_print, name="ballot_print"),
    path("ballot/<str:token>/", ballot_by_link.ballot_link, name="ballot_link"),
]

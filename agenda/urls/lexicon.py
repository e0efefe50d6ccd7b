"""Addresses: the lexicon."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import lexicon as views

urlpatterns: list[URLPattern] = [
    path("lexicon/", views.lexicon, name="lexicon"),
    path("lexicon/new/", views.term_new, name="term_new"),
    path("lexicon/starters/", views.term_starters, name="term_starters"),
    path("lexicon/<slug:code>/", views.term, name="term"),
    path("lexicon/<slug:code>/amend/", views.term_amend, name="term_amend"),
    path("lexicon/<slug:code>/core/", views.term_core, name="term_core"),
    path("lexicon/<slug:code>/settle/", views.term_settle, name="term_settle"),
    path("lexicon/<slug:code>/stance/", views.term_stance, name="term_stance"),
    path("lexicon/<slug:code>/notes/erase/", views.term_note_erase, name="term_note_erase"),
    path("lexicon/<slug:code>/remarks/", views.term_remark, name="term_remark"),
    path(
        "lexicon/<slug:code>/remarks/<uuid:uid>/erase/",
        views.term_remark_erase,
        name="term_remark_erase",
    ),
]

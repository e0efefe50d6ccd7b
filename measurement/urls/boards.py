"""Addresses: dashboards, embedding, downloads."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import board_steps, boards, downloads, embeddings

_BOARD = "boards/<slug:slug>/"
_PANEL = _BOARD + "panels/<uuid:uid>/"
_INDICATOR = "indicators/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path("boards/", boards.boards, name="boards"),
    path("boards/new/", board_steps.board_new, name="board_new"),
    path(_BOARD, boards.board, name="board"),
    path(_BOARD + "paper/", boards.board_print, name="board_print"),
    path(_BOARD + "compose/", board_steps.board_compose, name="board_compose"),
    path(_BOARD + "describe/", board_steps.board_describe, name="board_describe"),
    path(_BOARD + "propose/", board_steps.board_propose, name="board_propose"),
    path(_BOARD + "publish/", board_steps.board_publish, name="board_publish"),
    path(_BOARD + "archive/", board_steps.board_archive, name="board_archive"),
    path(_BOARD + "take-back/", board_steps.board_take_back, name="board_take_back"),
    path(_BOARD + "copy/", board_steps.board_copy, name="board_copy"),
    path(_BOARD + "embed/", embeddings.board_embed, name="board_embed"),
    path(_BOARD + "numbers.<slug:kind>", downloads.board_file, name="board_file"),
    path(_BOARD + "panels/new/", board_steps.board_panel_new, name="board_panel_new"),
    path(_PANEL, board_steps.board_panel, name="board_panel"),
    path(_PANEL + "move/", board_steps.board_panel_move, name="board_panel_move"),
    path(_PANEL + "remove/", board_steps.board_panel_remove, name="board_panel_remove"),
    path(_PANEL + "put-back/", board_steps.board_panel_put_back, name="board_panel_put_back"),
    path(_PANEL + "chart.json", boards.board_chart, name="board_chart"),
    path(_PANEL + "picture.svg", boards.board_picture, name="board_picture"),
    path(_INDICATOR + "embed/", embeddings.indicator_embed, name="indicator_embed"),
    path(_INDICATOR + "numbers.<slug:kind>", downloads.indicator_file, name="indicator_file"),
    path("embeddings/", embeddings.embeddings, name="embeddings"),
    path("embeddings/<uuid:uid>/revoke/", embeddings.embedding_revoke, name="embedding_revoke"),
    # What other sites show: no session, no cookie.
    path("embed/<str:token>/", embeddings.embed, name="embed"),
    path("embed/<str:token>/<uuid:uid>.svg", embeddings.embed_picture, name="embed_picture"),
]

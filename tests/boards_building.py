"""Dashboards at any stage, brought there by the verbs people use."""

from __future__ import annotations

from typing import Any

from ciforum.people.models import Membership
from ciforum.people.words import Words
from measurement.models import Board, Embedding, Indicator, Panel
from measurement.showing.shown import Choice
from tests import chartering

SITE = "https://partner.example.org"


def a_board(initiative: Any, by: Membership, title: str = "How babies fare") -> Board:
    """An empty draft."""
    return Board.compose(
        initiative=initiative,
        title=Words(en=title, es=f"{title} (es)"),
        intro=Words(en="What we watch together.", es="Lo que miramos juntos."),
        by=by.user,
    )


def a_panel(
    board: Board, by: Membership, indicator: Indicator, kind: str = "line", **fields: Any
) -> Panel:
    return Panel.add(
        board=board,
        kind=kind,
        indicator=indicator,
        by=by.user,
        **{"choice": Choice(by="" if kind in ("tile", "map", "by_place") else None), **fields},
    )


def a_text(board: Board, by: Membership, text: str = "Read this first.") -> Panel:
    return Panel.add(board=board, kind="text", words=Words(en=text, es=f"{text} (es)"), by=by.user)


def a_public_board(
    initiative: Any, by: Membership, indicator: Indicator | None = None, panels: int = 2
) -> Board:
    found = indicator or chartering.a_figure(initiative, by)
    board = a_board(initiative, by)
    for _each in range(panels):
        a_panel(board, by, found)
    board.publish(by=by.user)
    return board


def an_embedding(subject: Board | Indicator, by: Membership, origin: str = SITE) -> Embedding:
    return Embedding.allow(subject=subject, origin=origin, label="Partner's front page", by=by.user)

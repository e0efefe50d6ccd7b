"""Dashboards in the demonstration: one that everyone reads, one being composed, one embedding."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from ciforum.demo.people import Cast
from ciforum.people import clock
from ciforum.people.words import Words
from measurement.models import Board, Embedding, Indicator, Panel
from measurement.showing.shown import Choice

Kind = Panel.Kind


def compose(cast: Cast) -> None:
    """A public dashboard of six panels, shown on a partner's site; a draft; one proposed."""
    with clock.at(timezone.now() - timedelta(days=20)):
        board = _public(cast)
        Embedding.allow(
            subject=board,
            origin="https://clinic.example.org",
            label="Riverside Clinic, front page",
            by=cast.user("director"),
        )
    with clock.at(timezone.now() - timedelta(days=3)):
        _draft(cast)
    with clock.at(timezone.now() - timedelta(days=2)):
        _proposed(cast)


def _indicators(cast: Cast) -> list[Indicator]:
    own = Indicator.objects.for_initiative(cast.initiative).published().order_by("pk")
    return list(own.select_related("initiative"))


def _public(cast: Cast) -> Board:
    by = cast.user("director")
    first, *others = _indicators(cast)
    second = others[0] if others else first
    board = Board.compose(
        initiative=cast.initiative,
        title=Words(en="Healthy beginnings at a glance", es="Un comienzo sano, de un vistazo"),
        intro=Words(
            en="What the committee looks at first in every meeting.",
            es="Lo primero que mira el comité en cada reunión.",
        ),
        by=by,
    )
    text = Words(
        en="Numbers follow what surrounds people: bus lines, clinic hours, rent. Read them so.",
        es="Los números siguen lo que rodea a la gente: autobuses, horarios, renta. Léalos así.",
    )
    Panel.add(board=board, kind=Kind.TILE, indicator=first, choice=Choice(by=""), by=by)
    Panel.add(board=board, kind=Kind.LINE, indicator=first, by=by)
    Panel.add(board=board, kind=Kind.BARS, indicator=first, by=by)
    Panel.add(board=board, kind=Kind.BY_PLACE, indicator=second, choice=Choice(by=""), by=by)
    Panel.add(board=board, kind=Kind.TABLE, indicator=second, by=by)
    Panel.add(board=board, kind=Kind.TEXT, words=text, by=by)
    board.publish(by=by)
    return board


def _draft(cast: Cast) -> None:
    by = cast.user("director")
    first = _indicators(cast)[0]
    board = Board.compose(
        initiative=cast.initiative,
        title=Words(en="Where we live", es="Donde vivimos"),
        by=by,
    )
    Panel.add(board=board, kind=Kind.MAP, indicator=first, choice=Choice(by=""), by=by)
    Panel.add(board=board, kind=Kind.BY_GROUP, indicator=first, by=by)


def _proposed(cast: Cast) -> None:
    """A partner's: the director and the committee find it on Today."""
    by = cast.user("partner")
    indicator = _indicators(cast)[-1]
    board = Board.compose(
        initiative=cast.initiative,
        title=Words(en="Home visits, place by place", es="Visitas en casa, lugar por lugar"),
        intro=Words(
            en="For the clinics' meeting in spring.", es="Para la reunión de clínicas en primavera."
        ),
        by=by,
    )
    Panel.add(board=board, kind=Kind.BY_PLACE, indicator=indicator, choice=Choice(by=""), by=by)
    Panel.add(board=board, kind=Kind.TABLE, indicator=indicator, by=by)
    board.propose(by=by)

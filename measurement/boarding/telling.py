"""Who hears of a dashboard that is proposed, and of what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people import registry
from ciforum.people.duties import owe, settle
from ciforum.people.models import Initiative, Membership, Role
from ciforum.people.notices import notify, notify_all
from ciforum.people.words import Words
from equity.seats import Seat
from measurement.boarding.permissions import may_publish_boards

if TYPE_CHECKING:
    from ciforum.people.models import User
    from measurement.models import Board

LOOK, OUT = "board.look", "board.published"


def proposed(board: Board, *, by: User) -> None:
    """Whoever may publish it is asked to look at it, but for the one who proposes."""
    deciding = [each for each in _deciding(board) if each.user_id != by.pk]
    key = f"{board.uid}:{board.proposed_at:%Y%m%d%H%M%S%f}"
    about = {**_about(board), "who": by.name}
    for member in deciding:
        owe(member, LOOK, about=board.uid, dedup_key=key, **about)
    notify_all(
        [member.user for member in deciding],
        LOOK,
        initiative=board.initiative,
        dedup_key=key,
        about=board.uid,
        **about,
    )


def published(board: Board, *, by: User) -> None:
    """Nobody is asked any more; whoever composed it hears that it is public."""
    put_away(board)
    if board.owner_id != by.pk:
        notify(
            board.owner,
            OUT,
            initiative=board.initiative,
            dedup_key=f"{board.uid}:{board.public_at:%Y%m%d%H%M%S%f}",
            about=board.uid,
            **_about(board),
        )


def put_away(board: Board) -> None:
    """Nobody is asked any more."""
    settle(board.uid, LOOK)


def _deciding(board: Board) -> list[Membership]:
    """Those who may publish dashboards: some by their role, some by the seat they speak for."""
    seats = Seat.objects.for_initiative(board.initiative).filter(state=Seat.State.SEATED)
    own = Membership.objects.for_initiative(board.initiative).current().select_related("user")
    asked = own.filter(
        Q(roles__overlap=[Role.BACKBONE, Role.COMMITTEE])
        | Q(pk__in=seats.values("holder"))
        | Q(pk__in=seats.exclude(alternate=None).values("alternate"))
    )
    return [each for each in asked if may_publish_boards(each)]


def _about(board: Board) -> dict[str, Any]:
    return {"slug": board.slug, "title": dict(board.title)}


def _filled(sentence: str, params: dict[str, Any]) -> str:
    return sentence % {"title": Words(params["title"]), "who": params.get("who", "")}


def _compose_url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("measurement:board_compose", args=[initiative.slug, params["slug"]])


def _url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("measurement:board", args=[initiative.slug, params["slug"]])


def register() -> None:
    """Fill the ground's tables of notices and duties; called once at start-up."""
    registry.notices.add(
        LOOK,
        registry.NoticeKind(
            lambda p: _filled(_("A dashboard waits for you: “%(title)s”"), p),
            lambda p: _filled(
                _(
                    "%(who)s proposes to publish the dashboard “%(title)s”. Please look at it. You "
                    "can publish it."
                ),
                p,
            ),
            _compose_url,
        ),
    )
    registry.notices.add(
        OUT,
        registry.NoticeKind(
            lambda p: _filled(_("Your dashboard is public: “%(title)s”"), p),
            lambda p: _filled(
                _("The dashboard “%(title)s” that you composed is now on a public page."), p
            ),
            _url,
        ),
    )
    registry.duties.add(
        LOOK,
        registry.DutyKind(
            lambda p: _filled(_("Look at the dashboard “%(title)s” and decide on it."), p),
            _compose_url,
            gettext_lazy("Look at it"),
            "chart-line",
        ),
    )

"""The addresses of dashboards: a public one, a draft of the backbone's, an embedding."""

from __future__ import annotations

from typing import Any

from ciforum.people.models import Membership
from measurement.models import Indicator
from tests import boards_building as building
from tests.doors.roles import DRAWING, everyone, members

_PUBLIC = ("initiative", "board")
# Drafts are the owner's (here the backbone's): other members do not find them.
_DRAFT = ("initiative", "board_draft")
_PANEL = (*_PUBLIC, "board_panel")
_DRAFT_PANEL = (*_DRAFT, "board_draft_panel")
_INDICATOR = ("initiative", "board_indicator")
_TOKEN = ("initiative", "embed_token")


def _owners(status: int = 200) -> dict[str, int]:
    return {**members(404), "backbone": status}


# The committee's turn comes first and takes it out of sight of those who neither own nor run it.
_GONE = {**members(302, only=DRAWING), "community": 404, "partner": 404}

TABLE = {
    "measurement:boards": ("get", ("initiative",), everyone()),
    "measurement:board_new": ("get", ("initiative",), members()),
    "measurement:board": ("get", _PUBLIC, everyone()),
    "measurement:board_print": ("get", _PUBLIC, everyone()),
    "measurement:board_compose": ("get", _PUBLIC, members(only=DRAWING)),
    "measurement:board_describe": ("get", _DRAFT, _owners()),
    "measurement:board_propose": ("post", _DRAFT, _owners(302)),
    "measurement:board_copy": ("post", _PUBLIC, members(302)),
    "measurement:board_embed": ("get", _PUBLIC, members(only=DRAWING)),
    "measurement:board_file": ("get", (*_PUBLIC, "board_file_kind"), everyone()),
    "measurement:board_panel_new": ("get", _DRAFT, _owners(404)),  # asks for an indicator
    "measurement:board_panel": ("get", _DRAFT_PANEL, _owners()),
    "measurement:board_panel_move": ("post", _DRAFT_PANEL, _owners(302)),
    "measurement:board_panel_remove": ("post", _DRAFT_PANEL, _owners(302)),
    "measurement:board_panel_put_back": ("post", _DRAFT_PANEL, _owners(302)),
    "measurement:board_chart": ("get", _PANEL, everyone()),
    "measurement:board_picture": ("get", _PANEL, everyone()),
    "measurement:indicator_embed": ("get", _INDICATOR, members(only=DRAWING)),
    "measurement:indicator_file": ("get", (*_INDICATOR, "board_file_kind"), everyone()),
    "measurement:embeddings": ("get", ("initiative",), members(only=DRAWING)),
    "measurement:embedding_revoke": (
        "post", ("initiative", "embedding"), members(302, only=DRAWING)
    ),
    "measurement:embed": ("get", _TOKEN, everyone()),
    "measurement:embed_picture": ("get", (*_TOKEN, "board_panel"), everyone()),
    # Last: these change who finds it.
    "measurement:board_publish": ("post", (_DRAFT[0], "board_ready"), _owners(302)),
    "measurement:board_take_back": ("post", ("initiative", "board_other"), _GONE),
    "measurement:board_archive": ("post", ("initiative", "board_third"), _GONE),
}  # fmt: skip


def furnish(house: Any) -> dict[str, Any]:
    """Public boards, drafts, and leave to embed, all of the backbone's."""
    by = Membership.objects.get(user=house.people["backbone"], initiative=house.initiative)
    births = Indicator.objects.get(initiative=house.initiative, slug="births")
    public, other, third = (
        building.a_public_board(house.initiative, by, births, panels=1) for _each in range(3)
    )
    draft, ready = (building.a_board(house.initiative, by, f"Draft {each}") for each in (1, 2))
    panel = building.a_panel(draft, by, births)
    building.a_panel(ready, by, births)
    spare = building.an_embedding(public, by)
    return {
        "board": public.slug,
        "board_other": other.slug,
        "board_third": third.slug,
        "board_draft": draft.slug,
        "board_ready": ready.slug,
        "board_panel": public.panels.get().uid,
        "board_draft_panel": panel.uid,
        "board_indicator": "births",
        "board_file_kind": "csv",
        "embedding": spare.uid,
        "embed_token": building.an_embedding(public, by).token,
    }

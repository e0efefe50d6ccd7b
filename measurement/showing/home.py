"""Which place stands for the whole of an initiative."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, Place


def home_of(initiative: Initiative, places: list[Place]) -> Place | None:
    """The place a page opens with: the initiative's own, else a widest one."""
    home = [place for place in places if place.pk == initiative.place_id]
    tops = [place for place in places if place.parent_id is None]
    return next(iter([*home, *tops, *places]), None)

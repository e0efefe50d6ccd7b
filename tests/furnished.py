"""An initiative with one of everything that anybody can fetch, over two small groups.

Made twice, with the same story and other hidden counts, it must look the same to a stranger.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps

from ciforum.people import clock
from ciforum.people.models import Place
from ciforum.people.words import Words
from measurement.models import DataWalk, Embedding, Indicator, Panel, Question, Target
from measurement.showing.shown import Choice
from tests import (
    asking_building,
    boards_building,
    builders,
    maps_building,
    shifts_building,
    walks_building,
)

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
GROUPS = ("white", "black", "other")
FRAME = {"west": -79, "south": 41, "east": -77, "north": 42}
YEARS = (2022, 2023, 2024)

Counts = Mapping[str, Mapping[str, tuple[int, int]]]


def _whole(*parts: Mapping[str, tuple[int, int]]) -> dict[str, dict[str, tuple[int, int]]]:
    """East and west with everyone in each, and the whole that they are."""
    east, west = ({"": _sum(each.values()), **each} for each in parts)
    here = {group: _sum((east[group], west[group])) for group in east}
    return {"Here": here, "East": east, "West": west}


def _sum(pairs: Any) -> tuple[int, int]:
    x, n = zip(*pairs, strict=True)
    return sum(x), sum(n)


# Equal in all that is printed. What is hidden differs: the others in the east, and who guards them.
ONE = _whole(
    {"white": (503, 5_011), "black": (217, 1_227), "other": (3, 413)},
    {"white": (421, 4_019), "black": (229, 2_101), "other": (1, 427)},
)
TWO = _whole(
    {"white": (503, 5_011), "black": (212, 1_227), "other": (8, 413)},
    {"white": (421, 4_019), "black": (229, 2_101), "other": (1, 427)},
)
# Nearly everybody is counted: here those who are not are few, and no hidden count is small.
NEARLY = _whole(
    {"white": (4_817, 5_011), "black": (1_019, 1_227), "other": (410, 413)},
    {"white": (3_811, 4_019), "black": (1_931, 2_101), "other": (421, 427)},
)


def _later(counts: Counts, years: int) -> dict[str, dict[str, tuple[int, int]]]:
    """The same table some years on: other counts of those who are many."""
    more = {"white": 11 * years, "black": 13 * years, "other": 0}
    east, west = (
        {group: (x + more[group], n) for group, (x, n) in counts[place].items() if group}
        for place in ("East", "West")
    )
    return _whole(east, west)


class World:
    """Two indicators about the same people, released year by year, and all that shows them.

    counts: indicator → year → place → group → those counted, and all of them. names: what stands
    in an address of the world → the name it goes by in every world.
    """

    def __init__(self, slug: str, first: Counts) -> None:
        self.slug = slug
        # Only the first year is another one in each world.
        small = (first, *(_later(ONE, years) for years in (1, 2)))
        self.counts = {
            "small": dict(zip(YEARS, small, strict=True)),
            "early": {year: _later(NEARLY, years) for years, year in enumerate(YEARS)},
        }
        with clock.at(NOW):
            self._people()
            self._indicators()
        for day, year in enumerate(YEARS):
            for indicator in self.indicators:
                with clock.at(NOW + timedelta(days=day)):
                    self._release(indicator, year, self.counts[indicator.slug][year])
        with clock.at(NOW + timedelta(days=9)):
            self._show()
        self.names = self._named()

    def _people(self) -> None:
        self.initiative = builders.an_initiative(self.slug, name=Words(en="The valley"))
        self.backbone = builders.a_member(self.initiative, "backbone", data_steward=True)
        county = builders.an_organization(self.initiative, name="County", slug="county")
        self.partner = builders.a_member(self.initiative, "partner", organization=county)
        self.race = builders.a_dimension(self.initiative, groups=GROUPS)
        here = maps_building.outlined(self.initiative, self.backbone, "Here", -79)
        for west, name in ((-79, "East"), (-78, "West")):
            part = maps_building.outlined(self.initiative, self.backbone, name, west)
            Place.objects.filter(pk=part.pk).update(parent=here)

    def _indicators(self) -> None:
        start = {"by": self.backbone.user, "required": [self.race]}
        up = {"direction": "up"}
        self.indicators = [
            builders.an_indicator(
                self.initiative, "Babies born small", slug="small", code="small", **start
            ),
            builders.an_indicator(
                self.initiative, "Early care", slug="early", code="early", definition=up, **start
            ),
        ]
        self.goal = builders.a_goal(self.initiative, self.backbone, [self.race], slug="care")
        Target.aim(goal=self.goal, indicator=self.indicators[1], by=self.backbone.user)
        shifts_building.a_claim(self.initiative, self.backbone, indicators=self.indicators)

    def _release(self, indicator: Indicator, year: int, numbers: Counts) -> None:
        rows = {
            (year, place, *([f"race:{group}"] if group else [])): value
            for place, groups in numbers.items()
            for group, value in groups.items()
        }
        builders.approved(indicator, self.partner, self.backbone, rows)
        draft = builders.a_release(indicator, self.backbone, ready=True)
        draft.publish(by=self.backbone.user)

    def _show(self) -> None:
        """Everything that puts a released number somewhere else."""
        by = self.backbone
        self.board = boards_building.a_board(self.initiative, by)
        for indicator in self.indicators:
            for kind in set(Panel.Kind) - {Panel.Kind.TEXT}:
                boards_building.a_panel(self.board, by, indicator, kind)
        self.board.publish(by=by.user)
        boards_building.an_embedding(self.board, by)
        for place in ("here", "east"):
            Embedding.allow(
                subject=self.indicators[0],
                choice=Choice(place, "race", "year"),
                origin=boards_building.SITE,
                label=place,
                by=by.user,
            )
        event = builders.an_event(self.initiative, by.user, "The ward closed", began="1937")
        for fields in ({}, {"picture": maps_building.a_picture(), **FRAME}):
            drawn = maps_building.a_historic_map(self.initiative, by, event=event, **fields)
            drawn.publish(by=by.user)
        builders.a_request(self.indicators[0], self.race, by)
        seats = asking_building.a_council(self.initiative)
        white = self.race.groups.get(code="white")
        asking_building.an_authority(white, by, seats)
        for indicator in self.indicators:
            walks_building.an_open_walk(self.initiative, by, indicator)
        debrief = walks_building.a_debrief(self.initiative, by, self.indicators[0])
        walks_building.an_agreed_finding(debrief, by)

    def _named(self) -> dict[str, dict[str, str]]:
        """What fills an address: {argument: {value here: its name in every world}}."""
        own = {"initiative": self.initiative}
        embeddings = Embedding.objects.filter(**own).order_by("pk")
        walks = DataWalk.objects.filter(**own).order_by("pk")
        pages = [page for model in apps.get_models() for page in self._pages(model)]
        pages += [f"/{self.slug}/measurement/walks/{walk.code}/" for walk in walks]
        pages += [each.get_embed_url() for each in embeddings]
        pages += [f"/api/v1/{self.slug}/indicators/{each.slug}/" for each in self.indicators]
        return {
            "page": dict.fromkeys(pages, ""),
            "kind": dict.fromkeys(("csv", "xlsx", "parquet", "svg", "png", "json"), ""),
            "number": dict.fromkeys(map(str, range(1, 6)), ""),
            "question": dict.fromkeys(Question.values, ""),
            "token": {each.token: f"Token {n}" for n, each in enumerate(embeddings)},
            "code": {walk.code: f"Walk {n}" for n, walk in enumerate(walks)},
        }

    def _pages(self, model: Any) -> list[str]:
        fields = {field.name for field in model._meta.get_fields()}
        if "initiative" not in fields or not hasattr(model, "get_absolute_url"):
            return []
        rows = model._base_manager.filter(initiative=self.initiative).order_by("pk")
        return [row.get_absolute_url() for row in rows]

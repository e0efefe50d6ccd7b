"""What a map of understanding shows: its table, its counts, and the sentence they make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agenda.citing import Cited, hang, present, record_of
from agenda.models.scenarios import Mark, Scenario, ScenarioSet, Stage
from ciforum.people import registry
from ciforum.people.models import Citable, Citation

if TYPE_CHECKING:
    from uuid import UUID

    from ciforum.people.models import Initiative, Membership

KIND = "scenario"
WASHES = 9  # classes heat-0 … heat-9


@dataclass
class Entry:
    """A mark with its evidence."""

    mark: Mark
    cited: list[Cited] = field(default_factory=list)


@dataclass
class Cell:
    """Where a person and a stage meet."""

    scenario: Scenario
    stage: Stage
    obstacles: list[Entry] = field(default_factory=list)
    supports: list[Entry] = field(default_factory=list)
    heat: int = 0  # 0 … 9: its share of the most obstacles in one cell

    @property
    def counts(self) -> str:
        """ "3 obstacles, 1 support", in the reader's language."""
        return counted(len(self.obstacles), len(self.supports))


@dataclass
class Column:
    """One person: all that stands in her way, and all that helps, over the whole journey."""

    scenario: Scenario
    cells: list[Cell]

    @property
    def obstacles(self) -> int:
        return sum(len(cell.obstacles) for cell in self.cells)

    @property
    def supports(self) -> int:
        return sum(len(cell.supports) for cell in self.cells)

    @property
    def counts(self) -> str:
        return counted(self.obstacles, self.supports)


@dataclass
class Map:
    """The whole table. Columns run from most marginalized to most privileged."""

    set: ScenarioSet
    scenarios: list[Scenario]
    stages: list[Stage]
    cells: dict[tuple[int, int], Cell]

    @property
    def rows(self) -> list[tuple[Stage, list[Cell]]]:
        return [
            (stage, [self.cells[scenario.pk, stage.pk] for scenario in self.scenarios])
            for stage in self.stages
        ]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column(scenario, [self.cells[scenario.pk, stage.pk] for stage in self.stages])
            for scenario in self.scenarios
        ]

    @property
    def most(self) -> int:
        """What the longest bar stands for; never 0."""
        return max([1, *(max(each.obstacles, each.supports) for each in self.columns)])

    @property
    def has_marks(self) -> bool:
        return any(column.obstacles or column.supports for column in self.columns)

    @property
    def sentence(self) -> str:
        """What the counts say: of the system, never of the people."""
        if len(self.columns) < 2 or not self.has_marks:
            return ""
        first, last = self.columns[0], self.columns[-1]
        return _(
            "On the same journey, %(first)s meets %(many)s and %(last)s meets %(few)s. What "
            "differs is what surrounds them."
        ) % {
            "first": first.scenario,
            "many": first.counts,
            "last": last.scenario,
            "few": last.counts,
        }


def counted(obstacles: int, supports: int) -> str:
    return _("%(obstacles)s, %(supports)s") % {
        "obstacles": ngettext("%(number)s obstacle", "%(number)s obstacles", obstacles)
        % {"number": obstacles},
        "supports": ngettext("%(number)s support", "%(number)s supports", supports)
        % {"number": supports},
    }


def draw(found: ScenarioSet, member: Membership | None) -> Map:
    """The table of a map for this reader: as many queries for a large one as for a small one."""
    scenarios, stages = list(found.scenarios.live()), list(found.stages.live())
    cells = {
        (scenario.pk, stage.pk): Cell(scenario, stage) for scenario in scenarios for stage in stages
    }
    marks = list(found.marks.live())
    cited = _cited(marks, member)
    for mark in marks:
        cell = cells.get((mark.scenario_id, mark.stage_id))
        if cell:  # else its person or stage was taken off the map
            side = cell.obstacles if mark.kind == Mark.Kind.OBSTACLE else cell.supports
            side.append(Entry(mark, cited.get(mark.uid, [])))
    _warm(cells.values())
    return Map(found, scenarios, stages, cells)


def _cited(marks: Iterable[Mark], member: Membership | None) -> dict[UUID, list[Cited]]:
    citations = list(
        Citation.objects.filter(source_uid__in=[mark.uid for mark in marks])
        .select_related("citable__initiative")
        .order_by("id")
    )
    found: dict[UUID, list[Cited]] = {}
    for citation, cited in zip(citations, present(citations, member), strict=True):
        found.setdefault(citation.source_uid, []).append(cited)
    return found


def _warm(cells: Iterable[Cell]) -> None:
    every = list(cells)
    most = max((len(cell.obstacles) for cell in every), default=0)
    for cell in every:
        cell.heat = round(WASHES * len(cell.obstacles) / most) if most else 0


# --- where others cite it


def of(citable: Citable) -> ScenarioSet:
    found: ScenarioSet = record_of(citable, _every())
    return found


def _every() -> Any:
    return ScenarioSet.objects.select_related("initiative")


def _excerpt(citable: Citable, member: Membership | None) -> str:
    return draw(of(citable), member).sentence or str(of(citable).purpose)


def _choices(initiative: Initiative, member: Membership | None) -> list[tuple[UUID, str]]:
    published = ScenarioSet.objects.for_initiative(initiative).published()
    return [(each.uid, str(each)) for each in published]


def _find(initiative: Initiative, uid: Any) -> Citable | None:
    published = ScenarioSet.objects.for_initiative(initiative).published()
    found = published.select_related("initiative").filter(uid=uid).first()
    return Citable.of(found, KIND) if found else None


def _public_urls(initiative: Initiative) -> list[str]:
    published = ScenarioSet.objects.for_initiative(initiative).published()
    return [each.get_absolute_url() for each in published.select_related("initiative")]


def _citer(citation: Citation, member: Membership | None) -> registry.Citer | None:
    """The map whose entry cites something, to whoever may see it."""
    marks = Mark.objects.live().select_related("set__initiative")
    mark = marks.filter(uid=citation.source_uid).first()
    if mark is None or not (mark.set.is_published or member is not None):
        return None
    label = gettext_lazy("Map of understanding")
    return registry.Citer(label, str(mark.set), mark.set.get_absolute_url())


def register() -> None:
    """Fill the ground's tables; called once at start-up."""
    registry.citations.add(
        KIND,
        registry.CitationKind(
            label=gettext_lazy("Map of understanding"),
            icon="layers",
            title=lambda citable: str(of(citable)),
            url=lambda citable: of(citable).get_absolute_url(),
            excerpt=_excerpt,
            visible_to=lambda citable, member: of(citable).is_published,
            choices=_choices,
            find=_find,
            load=lambda citables: hang(citables, _every()),
        ),
    )
    registry.public_urls.add("maps", _public_urls)
    registry.citers.add("agenda.mark", _citer)

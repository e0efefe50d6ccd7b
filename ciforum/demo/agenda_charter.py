"""The charter of the demonstration: its draft, and what each paragraph stands on. All invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from agenda import citing
from agenda.drafting import Chosen
from agenda.models import CharterVersion, Goal, Part
from ciforum.demo import agenda_history, measurement_walks
from ciforum.demo.people import Cast
from ciforum.people.words import Words
from measurement.models import Indicator


@dataclass(frozen=True)
class Said:
    """One paragraph. `events`: key of an event → what it shows here; `figures`: by slug."""

    part: Part
    text: Words
    events: dict[str, str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    # What a finding of the data walk shows here; "" where none is cited.
    finding: str = ""


TEXT = (
    Said(
        Part.PROBLEM,
        Words(
            en="In Alder County it depends on your street, your language and the color of your "
            "skin whether your pregnancy is looked after in time. This was made, step by step: a "
            "map of 1937 said where no one should lend, a highway cut Eastgate in two, and in 1988 "
            "the ward closed where its children were born.",
            es="En el condado de Alder depende de la calle, del idioma y del color de la piel que "
            "un embarazo se atienda a tiempo. Esto se hizo paso a paso: un mapa de 1937 dijo dónde "
            "nadie debía prestar dinero, una carretera partió a Eastgate en dos, y en 1988 cerró "
            "la sala donde nacían sus niñas y niños.",
        ),
        events={
            "map": "Where no one should lend",
            "highway": "How Eastgate was cut off",
            "ward": "Why mothers travel to give birth",
        },
    ),
    Said(
        Part.PROBLEM,
        Words(
            en="For a long time nobody counted by race, so nobody had to answer. The numbers of "
            "the last years show a gap between groups that no mother made.",
            es="Durante mucho tiempo nadie contó por raza, así que nadie tuvo que responder. Los "
            "números de los últimos años muestran una diferencia entre grupos que ninguna madre "
            "causó.",
        ),
        figures={"early-prenatal-care": "Who has care in the first three months, by race"},
        finding="Why, as those who live it say",
    ),
    Said(
        Part.PROBLEM,
        Words(
            en="Since the county stopped paying interpreters, mothers who speak Spanish, Hmong or "
            "Mam bring a child to translate, or do not come.",
            es="Desde que el condado dejó de pagar intérpretes, las madres que hablan español, "
            "hmong o mam traen a una hija o un hijo para traducir, o no vienen.",
        ),
        events={"interpreters": "When the county stopped paying"},
    ),
    Said(
        Part.VISION,
        Words(
            en="Every child in Alder County is born into the arms of people who expected it. Every "
            "mother is asked what she needs, in her language, and it is there.",
            es="Cada bebé del condado de Alder nace en brazos de personas que lo esperaban. A cada "
            "madre se le pregunta en su idioma qué necesita, y lo tiene.",
        ),
        events={"midwives": "It was like this once, and residents made it so"},
    ),
    Said(
        Part.PRINCIPLES,
        Words(
            en="Those who live it speak last before we decide.",
            es="Quienes lo viven tienen la última palabra antes de que decidamos.",
        ),
    ),
    Said(
        Part.PRINCIPLES,
        Words(
            en="One goal for all, and for each group what it takes to get there.",
            es="Una meta para todas las personas, y para cada grupo lo que haga falta.",
        ),
    ),
    Said(
        Part.PRINCIPLES,
        Words(
            en="We change rules and money, and not only help people to live with them.",
            es="Cambiamos las reglas y el dinero, y no solo ayudamos a vivir con ellos.",
        ),
    ),
    Said(
        Part.POPULATION,
        Words(
            en="Everyone who is pregnant or has a child under one year in Alder County, with or "
            "without papers, insurance or an address.",
            es="Toda persona embarazada o con un bebé menor de un año en el condado de Alder, "
            "tenga o no papeles, seguro o domicilio.",
        ),
    ),
    Said(
        Part.OUTSIDE,
        Words(
            en="Schools and child care. Others lead there; we sit at their table when they ask.",
            es="Las escuelas y las guarderías. Otros guían ese trabajo; vamos a su mesa cuando nos "
            "llaman.",
        ),
    ),
)


def charter(cast: Cast) -> CharterVersion:
    """The first version as the director drafts it, ready to be put to a decision."""
    by = cast.user("director")
    version = CharterVersion.start(initiative=cast.initiative, by=by)
    for said in TEXT:
        paragraph = version.add(part=said.part, text=said.text, by=by)
        for kind, uid, note in _cited(cast, said):
            citing.cite(version, kind=kind, uid=uid, by=by, anchor=str(paragraph.uid), note=note)
    goals = Goal.objects.for_initiative(cast.initiative).current()
    version.write(by=by, goals=Chosen(set(), set(goals.values_list("uid", flat=True))))
    return version


def _cited(cast: Cast, said: Said) -> list[tuple[str, UUID, Any]]:
    """(kind, uid, note) of all that a paragraph cites."""
    figures = Indicator.objects.for_initiative(cast.initiative)
    return [
        *(("event", agenda_history.find(cast, key).uid, note) for key, note in said.events.items()),
        *(("figure", figures.get(slug=slug).uid, note) for slug, note in said.figures.items()),
        *(
            [("finding", measurement_walks.cited_finding(cast).uid, said.finding)]
            if said.finding
            else []
        ),
    ]

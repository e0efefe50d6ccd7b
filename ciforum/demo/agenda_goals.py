"""Two universal goals for the demonstration, one for people and one for systems.

They end as drafts that lack nothing: a decision of the demonstration adopts them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from agenda.models import Goal
from ciforum.demo.agenda_maps import scenarios
from ciforum.demo.people import Cast
from ciforum.people import clock
from ciforum.people.words import Words
from equity.models import Dimension
from measurement.models import Indicator, Target

__all__ = ["goals", "scenarios"]

EARLY_CARE = Words(
    en="Every mother has care from the start of pregnancy",
    es="Toda madre tiene atención desde el comienzo del embarazo",
)
EARLY_CARE_WHY = Words(
    en="Care in the first three months finds early what can still be treated, and is the first "
    "time somebody asks a mother what she needs. No group here has reached it. The same goal holds "
    "for all; what it takes differs from group to group.",
    es="La atención en los primeros tres meses encuentra a tiempo lo que aún se puede tratar, y es "
    "la primera vez que alguien pregunta a una madre qué necesita. Ningún grupo la ha alcanzado. "
    "La meta es la misma para todas; lo que hace falta cambia de un grupo a otro.",
)
SHARED_POWER = Words(
    en="Every clinic, hospital and office that serves mothers here decides with them",
    es="Toda clínica, hospital y oficina que atiende a madres aquí decide con ellas",
)
SHARED_POWER_WHY = Words(
    en="Opening hours, interpreters and what is counted are decided in rooms where no mother sits. "
    "Programs end when the money ends; rules and seats stay.",
    es="Los horarios, los intérpretes y lo que se cuenta se deciden en salas donde no hay ninguna "
    "madre. Los programas terminan con el dinero; las reglas y los asientos quedan.",
)

# Group → (what blocks it, what is done for it), each (English, Spanish).
Pair = tuple[str, str]
EARLY_CARE_PLANS: dict[str, tuple[Pair, Pair]] = {
    "white": (
        (
            "North of Millbrook no clinic takes new patients without insurance",
            "Al norte de Millbrook ninguna clínica recibe pacientes nuevas sin seguro",
        ),
        (
            "A midwife comes to the Millbrook fire hall two mornings a week",
            "Una partera viene a la estación de bomberos de Millbrook dos mañanas por semana",
        ),
    ),
    "black": (
        (
            "The Eastgate clinic closes at five, and the last bus leaves at half past four",
            "La clínica de Eastgate cierra a las cinco y el último autobús sale a las 4:30",
        ),
        (
            "Evening hours in Eastgate, held by Black midwives and doulas of the collective",
            "Horario nocturno en Eastgate, con parteras y doulas negras del colectivo",
        ),
    ),
    "latina": (
        (
            "One interpreter for the whole county, on Mondays, and forms that ask for papers",
            "Una sola intérprete para todo el condado, los lunes, y formularios que piden papeles",
        ),
        (
            "Promotoras who book and go along, and a form without a question about papers",
            "Promotoras que hacen la cita y acompañan, y un formulario sin preguntas sobre papeles",
        ),
    ),
    "asian": (
        (
            "Letters go out in English and Spanish only, and reach nobody who reads Hmong",
            "Las cartas salen solo en inglés y español, y no llegan a quien lee hmong",
        ),
        (
            "Calls in Hmong and Vietnamese from women the families know",
            "Llamadas en hmong y vietnamita de mujeres que las familias conocen",
        ),
    ),
    "native": (
        (
            "The tribal clinic lost its grant, and no county clinic has a Native midwife",
            "La clínica tribal perdió su fondo y ninguna clínica tiene una partera indígena",
        ),
        (
            "The county pays the tribal clinic for early visits, by its own rules",
            "El condado paga a la clínica tribal las visitas tempranas, con las reglas de ella",
        ),
    ),
}
SHARED_POWER_PLANS: dict[str, tuple[Pair, Pair]] = {
    "white": (
        (
            "Boards are filled by people whom members already know",
            "Las juntas se llenan con gente que los miembros ya conocen",
        ),
        (
            "Seats for mothers on low wages, chosen by the parents' tables",
            "Asientos para madres con salarios bajos, elegidas por las mesas de padres",
        ),
    ),
    "black": (
        (
            "The hospital board has never had a Black mother from Eastgate",
            "La junta del hospital nunca tuvo una madre negra de Eastgate",
        ),
        (
            "Two seats on the hospital board, chosen by the Eastgate tenants and the collective",
            "Dos asientos en la junta del hospital, elegidos por inquilinos y el colectivo",
        ),
    ),
    "latina": (
        (
            "Meetings are held in English at ten in the morning",
            "Las reuniones son en inglés a las diez de la mañana",
        ),
        (
            "Meetings in Spanish in San Isidro, in the evening, with pay and child care",
            "Reuniones en español en San Isidro, de noche, con pago y cuidado infantil",
        ),
    ),
    "asian": (
        (
            "One seat “for all Asian families”, which no Hmong mother ever held",
            "Un asiento “para todas las familias asiáticas”, que ninguna madre hmong ocupó",
        ),
        (
            "A circle of Hmong mothers that the health department must ask first",
            "Un círculo de madres hmong al que el departamento de salud debe preguntar primero",
        ),
    ),
}
NATIVE_NOT_YET = Words(
    en="The tribal council wants to say itself how it decides with the county. It answers after "
    "its meeting; until then we plan nothing over its head.",
    es="El consejo tribal quiere decir por sí mismo cómo decide con el condado. Responde después "
    "de su reunión; hasta entonces no planeamos nada sin él.",
)
# A group that is not in the numbers yet: said openly, with a day.
NOT_COUNTED = Words(
    en="The numbers do not tell this group apart yet. We ask for them, and for its own words, "
    "before we plan.",
    es="Los números aún no distinguen a este grupo. Los pedimos, y pedimos su palabra, antes de "
    "planear.",
)


def goals(cast: Cast) -> tuple[Goal, Goal]:
    """Word both goals, tie the first to early prenatal care, and plan for every group."""
    race = Dimension.objects.for_initiative(cast.initiative).get(code="race", retired_at=None)
    care = _begin(
        cast,
        race,
        level=Goal.Level.POPULATION,
        slug="care-from-the-start",
        name=EARLY_CARE,
        why=EARLY_CARE_WHY,
        target_value=Decimal(90),
        target_unit=Words(en="percent of mothers", es="por ciento de las madres"),
        target_by=_by_the_end_of(cast, clock.now().year + 5),
    )
    indicator = Indicator.objects.for_initiative(cast.initiative).get(slug="early-prenatal-care")
    Target.aim(goal=care, indicator=indicator, by=cast.user("director"))
    _plan(cast, care, EARLY_CARE_PLANS, {})
    power = _begin(
        cast,
        race,
        level=Goal.Level.SYSTEMS,
        slug="decided-with-mothers",
        name=SHARED_POWER,
        why=SHARED_POWER_WHY,
    )
    _plan(cast, power, SHARED_POWER_PLANS, {"native": NATIVE_NOT_YET})
    return care, power


def _begin(cast: Cast, race: Dimension, **fields: Any) -> Goal:
    return Goal.start(
        initiative=cast.initiative, by=cast.user("director"), dimensions=[race], **fields
    )


def _by_the_end_of(cast: Cast, year: int) -> Any:
    return clock.end_of_day(date(year, 12, 31), cast.initiative.time_zone)


def _plan(
    cast: Cast,
    goal: Goal,
    plans: dict[str, tuple[Pair, Pair]],
    put_off: dict[str, Words],
) -> None:
    """The resident names what blocks, the director writes what is done."""
    until = _by_the_end_of(cast, clock.now().year + 1)
    for group in goal.groups():
        if group.code in plans:
            blocks, does = plans[group.code]
            barrier = goal.name_barrier(
                group=group,
                kind="blocks",
                text=Words(en=blocks[0], es=blocks[1]),
                by=cast.user("resident"),
            )
            goal.plan(
                group=group,
                text=Words(en=does[0], es=does[1]),
                barrier=barrier,
                by=cast.user("director"),
            )
        elif group.parent_id is None:
            why = put_off.get(group.code, NOT_COUNTED)
            goal.wait(group=group, until=until, why=why, by=cast.user("director"))

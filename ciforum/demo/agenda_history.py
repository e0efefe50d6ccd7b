"""The history of Alder County in the demonstration. Places, people and events are invented."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from agenda import overlay, when
from agenda.models import HistoryEvent
from ciforum.demo.people import COUNTY, Cast
from ciforum.people import clock
from ciforum.people.models import Place
from ciforum.people.words import Words
from measurement.models import Cause, Indicator


@dataclass(frozen=True)
class Told:
    """One event as somebody of the cast tells it. `began`: as typed, or years before now."""

    key: str
    began: str | int
    kind: str
    title: Words
    what_happened: Words
    teller: str = "director"
    ended: str = ""
    place: str = COUNTY
    more: dict[str, Any] = field(default_factory=dict)


def _area(name: str, grade: str, *corners: tuple[float, float]) -> dict[str, Any]:
    ring = [list(corner) for corner in (*corners, corners[0])]
    return _feature(name, grade, "Polygon", [ring])


def _feature(name: str, grade: str, kind: str, coordinates: list[Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name": name, "grade": grade},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


# A drawing, not a survey: four neighborhoods and the river between them.
LENDERS_MAP = {
    "type": "FeatureCollection",
    "features": [
        _area(
            "Millbrook Heights",
            "A: best",
            *((-78.62, 41.36), (-78.55, 41.38), (-78.50, 41.34), (-78.53, 41.29), (-78.60, 41.30)),
        ),
        _area(
            "Old Millbrook",
            "B: still desirable",
            *((-78.53, 41.29), (-78.50, 41.34), (-78.45, 41.33), (-78.44, 41.28), (-78.49, 41.26)),
        ),
        _area(
            "San Isidro",
            "C: declining",
            *((-78.60, 41.27), (-78.54, 41.265), (-78.52, 41.21), (-78.58, 41.19), (-78.63, 41.22)),
        ),
        _area(
            "Eastgate",
            "D: hazardous",
            *((-78.42, 41.30), (-78.36, 41.31), (-78.33, 41.25), (-78.38, 41.21), (-78.43, 41.24)),
        ),
        _feature(
            "Alder River",
            "",
            "LineString",
            [[-78.40, 41.38], [-78.435, 41.33], [-78.43, 41.27], [-78.47, 41.22], [-78.46, 41.17]],
        ),
    ],
}

EVENTS = (
    Told(
        "map",
        "1937",
        "policy",
        ended="1968",
        title=Words(
            en="Lenders mark Eastgate as hazardous", es="Los bancos marcan a Eastgate como riesgo"
        ),
        what_happened=Words(
            en="A map made for the county’s lenders graded every neighborhood. Eastgate, where "
            "Black families had been allowed to buy, got the lowest grade. For thirty years almost "
            "no mortgage was written there, and no bank, pharmacy or doctor’s office came.",
            es="Un mapa hecho para los bancos del condado calificó cada barrio. Eastgate, donde se "
            "permitía comprar a las familias negras, recibió la peor nota. Durante treinta años "
            "casi no hubo hipotecas, y no llegaron bancos, farmacias ni consultorios.",
        ),
        more={
            "is_structural": True,
            "told_by": "Eastgate elders’ circle",
            "source": "Lenders’ map of Alder County, invented",
            "overlay": overlay.read(json.dumps(LENDERS_MAP).encode()),
        },
    ),
    Told(
        "highway",
        "1962",
        "harm",
        place="Eastgate",
        title=Words(en="Route 9 is cut through Eastgate", es="La Ruta 9 parte a Eastgate en dos"),
        what_happened=Words(
            en="The state built a highway along Mill Street. Two hundred homes, a school and the "
            "only pharmacy were torn down. The walk to the hospital became a bus ride with a "
            "change.",
            es="El estado construyó una autopista sobre la calle Mill. Tumbaron doscientas casas, "
            "una escuela y la única farmacia. Ir al hospital a pie se convirtió en un viaje en "
            "autobús con transbordo.",
        ),
        more={
            "is_structural": True,
            "told_by": "Eastgate elders’ circle",
            "source": "Alder Courier, 12 May 1962, invented",
        },
    ),
    Told(
        "midwives",
        "1974",
        "resistance",
        place="San Isidro",
        title=Words(
            en="Midwives of San Isidro keep going to births",
            es="Las parteras de San Isidro siguen atendiendo partos",
        ),
        what_happened=Words(
            en="A new rule asked for a license that could be had only in English. The midwives of "
            "San Isidro went on attending births, and the parish kept their book of names.",
            es="Una regla nueva exigía una licencia que solo se podía obtener en inglés. Las "
            "parteras de San Isidro siguieron atendiendo partos y la parroquia guardó su libro de "
            "nombres.",
        ),
        more={"told_by": "Comadres Doula Collective"},
    ),
    Told(
        "ward",
        "1988-06",
        "harm",
        place="Eastgate",
        title=Words(
            en="The hospital closes its Eastgate maternity ward",
            es="El hospital cierra su maternidad de Eastgate",
        ),
        what_happened=Words(
            en="Alder Valley Hospital moved all births to Millbrook to save money. The board did "
            "not meet anybody from Eastgate. Since then the nearest delivery room is eleven miles "
            "away, across the river.",
            es="El Hospital del Valle Alder trasladó todos los partos a Millbrook para ahorrar. La "
            "junta no se reunió con nadie de Eastgate. Desde entonces la sala de partos más "
            "cercana está a once millas, al otro lado del río.",
        ),
        more={
            "is_structural": True,
            "told_by": "Eastgate Tenants Together",
            "source": "Minutes of the hospital’s board, June 1988, invented",
        },
    ),
    Told(
        "interpreters",
        "1996",
        "policy",
        title=Words(
            en="The county stops paying interpreters",
            es="El condado deja de pagar intérpretes",
        ),
        what_happened=Words(
            en="To balance its budget the county ended the contract with interpreters at its "
            "clinics. One interpreter came back in 2004, on Mondays.",
            es="Para equilibrar su presupuesto, el condado terminó el contrato con intérpretes en "
            "sus clínicas. En 2004 volvió una intérprete, los lunes.",
        ),
        more={"is_structural": True, "source": "County budget of 1996, invented"},
    ),
    Told(
        "doulas",
        "2011-03",
        "resistance",
        place="San Isidro",
        title=Words(
            en="Comadres Doula Collective is founded", es="Nace el Colectivo de Doulas Comadres"
        ),
        what_happened=Words(
            en="Seven women who had been alone at a birth promised each other that nobody on their "
            "street would be. They learned from the last of the midwives.",
            es="Siete mujeres que habían estado solas en un parto se prometieron que nadie de su "
            "calle lo estaría. Aprendieron de la última de las parteras.",
        ),
        more={"told_by": "Comadres Doula Collective"},
    ),
    Told(
        "bus",
        6,
        "policy",
        place="Eastgate",
        title=Words(
            en="The evening bus to Eastgate is cut", es="Eliminan el autobús nocturno a Eastgate"
        ),
        what_happened=Words(
            en="The transit board ended the line after half past four for lack of riders. The "
            "clinic closes at five.",
            es="La junta de transporte terminó la línea después de las cuatro y media por falta de "
            "pasajeros. La clínica cierra a las cinco.",
        ),
        more={
            "is_structural": True,
            "told_by": "Eastgate Tenants Together",
            "source": "Transit board, timetable, invented",
        },
    ),
    Told(
        "fund",
        4,
        "funding",
        title=Words(
            en="A county fund for bilingual clinics",
            es="Un fondo del condado para clínicas bilingües",
        ),
        what_happened=Words(
            en="After two years of hearings the county set money aside for clinics where staff "
            "speak Spanish. San Isidro got the first one; Eastgate waits.",
            es="Después de dos años de audiencias, el condado reservó dinero para clínicas donde "
            "el personal habla español. San Isidro tuvo la primera; Eastgate espera.",
        ),
        more={"is_structural": True, "source": "County board, resolution, invented"},
    ),
    Told(
        "campaign",
        3,
        "resistance",
        place="Eastgate",
        title=Words(
            en="Residents ride the missing bus", es="Residentes suben al autobús que falta"
        ),
        what_happened=Words(
            en="For forty evenings residents of Eastgate drove neighbors to the clinic in their "
            "own cars, with a sign in the window: “This is the 5:15”. They counted every ride.",
            es="Durante cuarenta noches, residentes de Eastgate llevaron a sus vecinas a la "
            "clínica en sus carros, con un letrero: «Este es el de las 5:15». Contaron cada viaje.",
        ),
        more={"told_by": "Eastgate Tenants Together"},
    ),
)
# Waits for somebody to read it.
WAITING = Told(
    "river",
    "1991",
    "harm",
    teller="resident",
    place="Eastgate",
    title=Words(en="Crossing the river in labor", es="Cruzar el río con contracciones"),
    what_happened=Words(
        en="The winter after the ward closed, the bridge was shut for ice. Women of my street "
        "waited in cars on the wrong side. We still tell each other who was there.",
        es="El invierno después de que cerró la maternidad, el puente estaba cerrado por el hielo. "
        "Mujeres de mi calle esperaron en carros del lado equivocado. Todavía nos contamos quién "
        "estuvo allí.",
    ),
    more={"told_by": "A resident of Eastgate", "own_words": True},
)
HOW_IT_WORKS = {
    "ward": Words(
        en="The first visit of a pregnancy still means a trip across the river, on a bus that "
        "leaves before the clinic closes.",
        es="La primera visita del embarazo todavía significa cruzar el río, en un autobús que sale "
        "antes de que cierre la clínica.",
    ),
    "interpreters": Words(
        en="Mothers who speak Spanish wait for the one interpreter, so their first visit comes "
        "later.",
        es="Las madres que hablan español esperan a la única intérprete, así que su primera visita "
        "llega más tarde.",
    ),
}


def tell(cast: Cast, begin: datetime) -> None:
    """Write the history down, one event a week from `begin` on, and publish it."""
    for week, told in enumerate(EVENTS):
        with clock.at(begin + timedelta(weeks=week)):
            event = _propose(cast, told)
            event.publish(by=cast.user("director"))


def tell_one_more(cast: Cast) -> HistoryEvent:
    """A resident's own telling that waits to be published."""
    return _propose(cast, WAITING)


def name_causes(cast: Cast, indicator: Indicator) -> None:
    """Name the ward and the interpreters as causes of an indicator's gaps."""
    for key, note in HOW_IT_WORKS.items():
        Cause.name(
            indicator=indicator,
            event=find(cast, key),
            note=note,
            by=cast.user("director"),
        )


def say_nobody_looked(cast: Cast, indicator: Indicator, days: int) -> None:
    """Say who looks for the causes, and until when."""
    Cause.not_researched(
        indicator=indicator,
        who=str(cast.organization("comadres")),
        until=(clock.now() + timedelta(days=days)).date(),
        by=cast.user("director"),
    )


def _propose(cast: Cast, told: Told) -> HistoryEvent:
    began = told.began
    if isinstance(began, int):
        began = str(clock.now().year - began)
    return HistoryEvent.propose(
        initiative=cast.initiative,
        by=cast.user(told.teller),
        began=when.read(began),
        ended=when.read(told.ended) if told.ended else None,
        kind=told.kind,
        title=told.title,
        what_happened=told.what_happened,
        place=Place.objects.get(initiative=cast.initiative, name=told.place),
        **told.more,
    )


def find(cast: Cast, key: str) -> HistoryEvent:
    """A published event of `EVENTS`."""
    title = next(told.title for told in EVENTS if told.key == key)
    own = HistoryEvent.objects.for_initiative(cast.initiative).published()
    found: HistoryEvent = own.get(title=dict(title))
    return found

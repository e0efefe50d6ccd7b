"""Maps in the demonstration: outlines of the towns, and a lenders' map with its event. A drawing,
not a survey: places and grades are invented.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from ciforum.demo import agenda_history
from ciforum.demo.people import TOWNS, Cast
from ciforum.people import clock
from ciforum.people.models import Place
from ciforum.people.words import Words
from measurement.models import HistoricMap

Corners = tuple[tuple[float, float], ...]

# The river is the border of Millbrook and Eastgate.
OUTLINES: dict[str, Corners] = {
    "Millbrook": (
        *((-78.645, 41.385), (-78.56, 41.405), (-78.47, 41.395), (-78.41, 41.375)),
        *((-78.435, 41.335), (-78.428, 41.29), (-78.452, 41.252), (-78.49, 41.262)),
        *((-78.535, 41.284), (-78.60, 41.288), (-78.64, 41.31), (-78.655, 41.35)),
    ),
    "Eastgate": (
        *((-78.41, 41.375), (-78.35, 41.365), (-78.315, 41.31), (-78.31, 41.245)),
        *((-78.355, 41.195), (-78.42, 41.185), (-78.452, 41.20), (-78.452, 41.252)),
        *((-78.428, 41.29), (-78.435, 41.335)),
    ),
    "San Isidro": (
        *((-78.64, 41.31), (-78.60, 41.288), (-78.535, 41.284), (-78.49, 41.262)),
        *((-78.452, 41.252), (-78.452, 41.20), (-78.49, 41.165), (-78.57, 41.16)),
        *((-78.64, 41.185), (-78.665, 41.25)),
    ),
}
# Grade → the areas that lenders drew, by the names of then.
AREAS: tuple[tuple[str, str, Corners], ...] = (
    (
        "A",
        "Millbrook Heights",
        ((-78.62, 41.36), (-78.55, 41.38), (-78.50, 41.34), (-78.53, 41.29), (-78.60, 41.30)),
    ),
    (
        "B",
        "Old Millbrook",
        ((-78.53, 41.29), (-78.50, 41.34), (-78.445, 41.33), (-78.44, 41.28), (-78.49, 41.266)),
    ),
    (
        "C",
        "San Isidro",
        ((-78.61, 41.27), (-78.54, 41.268), (-78.48, 41.25), (-78.50, 41.185), (-78.62, 41.20)),
    ),
    (
        "D",
        "Eastgate",
        ((-78.42, 41.33), (-78.36, 41.34), (-78.325, 41.26), (-78.37, 41.205), (-78.44, 41.215)),
    ),
)
GRADES = {
    "A": Words(en="Best", es="La mejor"),
    "B": Words(en="Still desirable", es="Todavía deseable"),
    "C": Words(en="Declining", es="En declive"),
    "D": Words(en="Hazardous", es="De riesgo"),
}
SHADES = {"A": 0, "B": 1, "C": 3, "D": 4}


def draw(cast: Cast) -> None:
    """Give each town its shape, lay the lenders' map over today's numbers, begin another one."""
    _outline(cast)
    _lay_over(cast)


def _outline(cast: Cast) -> None:
    with clock.at(timezone.now() - timedelta(days=160)):
        for place in Place.objects.for_initiative(cast.initiative).filter(name__in=TOWNS):
            place.outline(geojson=_shape(OUTLINES[place.name]), by=cast.user("director"))


def _lay_over(cast: Cast) -> None:
    """Publish the lenders' map with the event that tells what it did; another one is a draft."""
    with clock.at(timezone.now() - timedelta(days=150)):
        _lenders_map(cast).publish(by=cast.user("director"))
    with clock.at(timezone.now() - timedelta(days=6)):
        _route(cast)


def _lenders_map(cast: Cast) -> HistoricMap:
    return HistoricMap.draw(
        initiative=cast.initiative,
        by=cast.user("director"),
        title=Words(
            en="The lenders’ map of 1937 over today’s numbers",
            es="El mapa de los bancos de 1937 sobre las cifras de hoy",
        ),
        year=1937,
        source=Words(
            en="Lenders’ map of Alder County, county archive, invented",
            es="Mapa de los bancos del condado de Alder, archivo del condado, inventado",
        ),
        alt=Words(
            en="Four graded areas: Millbrook Heights best, Eastgate hazardous.",
            es="Cuatro zonas calificadas: Millbrook Heights la mejor, Eastgate de riesgo.",
        ),
        event=agenda_history.find(cast, "map"),
        areas=[
            {"name": name, "value": grade, "geometry": _shape(corners)}
            for grade, name, corners in AREAS
        ],
        grades=[
            {"value": grade, "label": dict(words), "class": SHADES[grade]}
            for grade, words in GRADES.items()
        ],
    )


def _route(cast: Cast) -> HistoricMap:
    """Not finished: the backbone still looks for the plan's source."""
    corners = ((-78.41, 41.375), (-78.40, 41.375), (-78.39, 41.19), (-78.40, 41.188))
    return HistoricMap.draw(
        initiative=cast.initiative,
        by=cast.user("director"),
        title=Words(en="Homes taken for Route 9", es="Casas tomadas para la Ruta 9"),
        year=1962,
        source=Words(en="Drawn from memory by residents, invented"),
        alt=Words(en="A strip through Eastgate from north to south."),
        event=agenda_history.find(cast, "highway"),
        areas=[{"name": "Route 9", "value": "Taken", "geometry": _shape(corners)}],
    )


def _shape(corners: Corners) -> dict[str, Any]:
    ring = [list(corner) for corner in (*corners, corners[0])]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}

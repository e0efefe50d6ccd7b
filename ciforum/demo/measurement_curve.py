"""Turning a curve in the demonstration: three questions answered, one open; a comparison chosen."""

from __future__ import annotations

from ciforum.demo.people import Cast
from ciforum.people.words import Words
from measurement.models import Comparison, CurveNote, Indicator

ANSWERS = {
    "explains": (
        Words(
            en="The clinic opens on weekdays from nine to four. Mothers who work by the hour lose "
            "pay for every visit."
        ),
        Words(
            en="The clinic opens on weekdays from nine to four, and the last bus leaves at six. "
            "Mothers who work by the hour lose pay for every visit.",
            es="La clínica abre de lunes a viernes de nueve a cuatro y el último autobús sale a "
            "las seis. Las madres que trabajan por horas pierden pago en cada visita.",
        ),
    ),
    "partners": (
        Words(
            en="The county health department, the hospital, the transit agency, and the largest "
            "employers.",
            es="El departamento de salud del condado, el hospital, la agencia de transporte y los "
            "empleadores más grandes.",
        ),
    ),
    "works": (
        Words(
            en="Evening hours with an interpreter, and a van from the edge of town.",
            es="Horario de tarde con intérprete y una camioneta desde las afueras.",
        ),
    ),
}
WHY_THE_AVERAGE = Words(
    en="No goal is agreed for home visits yet. Until it is, the average keeps any one group from "
    "becoming the norm.",
    es="Todavía no hay una meta acordada para las visitas a domicilio. Hasta entonces, el promedio "
    "evita que un grupo sea la norma.",
)


def turn(cast: Cast) -> None:
    """Answer what can be answered about early care; say why home visits have another measure."""
    own = Indicator.objects.for_initiative(cast.initiative)
    care = own.get(slug="early-prenatal-care")
    for question, versions in ANSWERS.items():
        for seen, text in enumerate(versions):
            CurveNote.write(
                indicator=care, question=question, text=text, seen=seen, by=cast.user("director")
            )
    Comparison.compare_with(
        indicator=own.get(slug="home-visits"),
        against="mean",
        reason=WHY_THE_AVERAGE,
        by=cast.user("director"),
    )

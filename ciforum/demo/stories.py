"""What people wrote in the demonstration, in English and Spanish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ciforum.people.words import Words


@dataclass(frozen=True)
class Told:
    """An indicator's name and the first version of its definition."""

    name: Words
    definition: dict[str, Any]


MOTHERS = Words(en="mothers", es="madres")
BABIES = Words(en="babies", es="bebés")
BIRTHS = Words(en="mothers who gave birth", es="madres que dieron a luz")
BORN_ALIVE = Words(en="babies born alive", es="bebés nacidos vivos")
RECORDS = Words(en="Birth certificates, invented", es="Actas de nacimiento, inventadas")

PRENATAL = Told(
    name=Words(en="Care from the start of pregnancy", es="Atención desde el inicio del embarazo"),
    definition={
        "measure": "proportion",
        "numerator": Words(
            en="mothers who had care in the first three months",
            es="madres que recibieron atención en los primeros tres meses",
        ),
        "denominator": BIRTHS,
        "direction": "up",
        "scale": 100,
        "unit": MOTHERS,
        "source": RECORDS,
    },
)
VISITS = Told(
    name=Words(en="Home visits after birth", es="Visitas en casa después del parto"),
    definition={
        "measure": "proportion",
        "numerator": Words(
            en="mothers visited at home within two weeks",
            es="madres visitadas en casa en las primeras dos semanas",
        ),
        "denominator": BIRTHS,
        "direction": "up",
        "scale": 100,
        "unit": MOTHERS,
        "source": Words(en="Hospital records, invented", es="Registros del hospital, inventados"),
    },
)
WEIGHT = Told(
    name=Words(en="Babies born too small", es="Bebés con bajo peso al nacer"),
    definition={
        "measure": "proportion",
        "numerator": Words(
            en="babies born under 2,500 grams", es="bebés que nacieron con menos de 2500 gramos"
        ),
        "denominator": BORN_ALIVE,
        "direction": "down",
        "scale": 100,
        "unit": BABIES,
        "source": Words(en="Birth certificates", es="Actas de nacimiento"),
    },
)
DEATHS = Told(
    name=Words(
        en="Babies who died before their first birthday",
        es="Bebés fallecidos antes de cumplir un año",
    ),
    definition={
        "measure": "rate",
        "numerator": Words(
            en="babies who died before their first birthday",
            es="bebés que fallecieron antes de cumplir un año",
        ),
        "denominator": BORN_ALIVE,
        "direction": "down",
        "scale": 1000,
        "unit": BABIES,
        "source": Words(en="Birth and death certificates", es="Actas de nacimiento y de defunción"),
    },
)
ORIGINS = {
    "hmong": Words(en="Hmong", es="Hmong"),
    "vietnamese": Words(en="Vietnamese", es="Vietnamita"),
}

PRENATAL_STORY = Words(
    en="Mothers in Eastgate told us that the nearest clinic closes at five and the last bus leaves "
    "at half past four. In San Isidro many wait for the one interpreter, who comes on Mondays. "
    "Care that starts late is not a choice these mothers made; it is how the system is set up.",
    es="Las madres de Eastgate nos contaron que la clínica más cercana cierra a las cinco y el "
    "último autobús sale a las cuatro y media. En San Isidro muchas esperan a la única intérprete, "
    "que viene los lunes. Empezar tarde la atención no es una decisión de ellas; así está hecho "
    "el sistema.",
)
PRENATAL_LATER = Words(
    en="Since the doula collective opened a room at the San Isidro library, more mothers see "
    "somebody in their first weeks, in their language. Bus hours in Eastgate have not changed, and "
    "neither have the numbers there as much as anyone hoped.",
    es="Desde que el colectivo de doulas abrió un espacio en la biblioteca de San Isidro, más "
    "madres ven a alguien en sus primeras semanas, en su idioma. El horario del autobús en "
    "Eastgate no ha cambiado, y los números de allí tampoco tanto como se esperaba.",
)
VISITS_STORY = Words(
    en="The hospital's nurses visit when a mother's address is on their route. Streets with rented "
    "rooms are mostly not. Residents drew a new route with the nurses this spring; what it "
    "changes should show in the next numbers.",
    es="Las enfermeras del hospital visitan a la madre cuando su dirección está en su ruta. Las "
    "calles con cuartos de renta casi nunca lo están. Esta primavera, residentes y enfermeras "
    "trazaron una ruta nueva; lo que cambie debe verse en los próximos números.",
)
ASK_RACE = (
    "Please count mothers who give another race, or several, as a group of their own. Today they "
    "are left out of the file that we get, so nobody can see how the clinics serve them."
)
REFUSAL = "The birth form has no such box, and the office does not plan to add one before 2028."
ASK_NATIVE = (
    "Please count Native mothers in the file of home visits. They give birth in your hospital, and "
    "no number tells whether anybody visits them at home."
)
ASK_LANGUAGE = (
    "Please add the language spoken at home to the file of infant deaths, so that we can see "
    "whether families without an interpreter are served as well as others."
)
WAIVER = (
    "The hospital's new record system counts Native mothers from January. Residents want to see "
    "the other groups now, before the nurses' routes are settled for the year."
)
WAIVER_AGAIN = (
    "The first file from the new record system is late. The routes for next year are decided in "
    "two weeks, and the committee should see last year's numbers before that."
)

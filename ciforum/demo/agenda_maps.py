"""A map of understanding for the demonstration: four expectant mothers, all of them invented."""

from __future__ import annotations

from agenda.models import ScenarioSet
from ciforum.demo.people import Cast
from ciforum.people.words import Words

TITLE = Words(
    en="Nine months in Alder Valley, four ways",
    es="Nueve meses en el Valle Alder, de cuatro maneras",
)
PURPOSE = Words(
    en="We drew this map at the parents' table in Eastgate. Four mothers live in the same county "
    "and expect a child in the same month. We asked at each stage: what stands in her way, and "
    "what helps? Look at the county, not at the mothers.",
    es="Dibujamos este mapa en la mesa de madres y padres de Eastgate. Cuatro madres viven en el "
    "mismo condado y esperan un bebé en el mismo mes. En cada etapa preguntamos: ¿qué le estorba y "
    "qué le ayuda? Miremos al condado, no a las madres.",
)

# From most marginalized to most privileged.
PEOPLE = {
    "ixchel": (
        Words(en="Ixchel", es="Ixchel"),
        Words(
            en="19, speaks Mam, picks apples in San Isidro, has no papers and no insurance",
            es="19 años, habla mam, cosecha manzanas en San Isidro, sin papeles ni seguro",
        ),
    ),
    "keisha": (
        Words(en="Keisha", es="Keisha"),
        Words(
            en="27, Black, works nights in a nursing home, rents in Eastgate",
            es="27 años, negra, trabaja de noche en un asilo, alquila en Eastgate",
        ),
    ),
    "jen": (
        Words(en="Jen", es="Jen"),
        Words(
            en="24, white, cashier in Millbrook, shares a car with her sister",
            es="24 años, blanca, cajera en Millbrook, comparte un carro con su hermana",
        ),
    ),
    "claire": (
        Words(en="Claire", es="Claire"),
        Words(
            en="34, white, manager at the hospital, owns a house in Millbrook",
            es="34 años, blanca, gerente en el hospital, tiene casa en Millbrook",
        ),
    ),
}
STAGES = [
    Words(en="She finds out", es="Se entera"),
    Words(en="The first visit", es="La primera visita"),
    Words(en="The months at work", es="Los meses de trabajo"),
    Words(en="The birth", es="El parto"),
    Words(en="The first weeks at home", es="Las primeras semanas en casa"),
]

Marks = list[tuple[str, str]]

# Person → for each stage: obstacles, supports; each (English, Spanish).
MARKS: dict[str, list[tuple[Marks, Marks]]] = {
    "ixchel": [
        (
            [
                ("No test without a drive to town", "No hay prueba sin un viaje al pueblo"),
                ("Nobody to ask in Mam", "Nadie a quien preguntar en mam"),
                ("Afraid to lose the season's work", "Miedo a perder el trabajo de temporada"),
            ],
            [("An older neighbor who has been through it", "Una vecina mayor que ya lo vivió")],
        ),
        (
            [
                (
                    "The clinic asks for an address and papers",
                    "La clínica pide dirección y papeles",
                ),
                ("Interpreter only by phone, only Spanish", "Intérprete por teléfono y en español"),
                ("Two buses, four hours", "Dos autobuses, cuatro horas"),
                ("Pays cash: a week's wage", "Paga en efectivo: el salario de una semana"),
            ],
            [("A promotora drives her once", "Una promotora la lleva una vez")],
        ),
        (
            [
                ("No sick days: a visit costs the day", "Sin días de enfermedad: pierde el día"),
                ("Sprays and heat in the orchard", "Químicos y calor en el huerto"),
                ("No toilet near the rows", "No hay baño cerca de los surcos"),
                ("Her room is let by the employer", "Su cuarto es del patrón"),
            ],
            [],
        ),
        (
            [
                ("Nobody speaks her language in the ward", "Nadie habla su idioma en la sala"),
                ("Signs forms she cannot read", "Firma papeles que no puede leer"),
                ("Afraid that somebody calls the police", "Miedo a que llamen a la policía"),
                ("Her mother may not stay", "Su mamá no puede quedarse"),
            ],
            [("Emergency cover pays the birth", "La cobertura de emergencia paga el parto")],
        ),
        (
            [
                ("No cover for a check after birth", "Sin cobertura para el control posparto"),
                ("Back at work after two weeks", "Vuelve al trabajo a las dos semanas"),
                ("The bill comes in English", "La cuenta llega en inglés"),
                ("No crib, one room for five", "Sin cuna, un cuarto para cinco"),
            ],
            [("The church collects diapers", "La iglesia junta pañales")],
        ),
    ],
    "keisha": [
        (
            [
                ("The clinic is closed after her shift", "La clínica cierra antes de su salida"),
                (
                    "Her last doctor did not believe her pain",
                    "El doctor anterior no creyó su dolor",
                ),
            ],
            [("Her aunt is a retired nurse", "Su tía es enfermera jubilada")],
        ),
        (
            [
                ("Six weeks until an appointment", "Seis semanas para una cita"),
                ("The last bus leaves at half past four", "El último autobús sale a las 4:30"),
                ("Asked about drugs before her name", "Preguntan por drogas antes del nombre"),
            ],
            [("Medicaid pays", "Medicaid paga")],
        ),
        (
            [
                ("Loses pay for each visit", "Pierde salario por cada visita"),
                ("No lighter work without a letter", "Sin trabajo liviano si no trae carta"),
                ("Rent went up in spring", "El alquiler subió en primavera"),
            ],
            [("A doula of the collective calls weekly", "Una doula llama cada semana")],
        ),
        (
            [
                ("Her headache is called stress", "A su dolor de cabeza le dicen estrés"),
                ("Her doula may not come in", "No dejan entrar a su doula"),
                ("Moved to another hospital by night", "La trasladan de noche a otro hospital"),
            ],
            [("Her aunt insists on a blood test", "Su tía insiste en un análisis")],
        ),
        (
            [
                ("Six weeks' leave without pay", "Seis semanas de permiso sin pago"),
                ("No visit at home: the list is full", "Sin visita en casa: lista llena"),
            ],
            [("The tenants' group cooks for her", "El grupo de inquilinos cocina para ella")],
        ),
    ],
    "jen": [
        (
            [("No doctor of her own", "No tiene médico propio")],
            [("Her sister drives her", "Su hermana la lleva")],
        ),
        (
            [
                ("The car is free on Mondays only", "El carro está libre solo los lunes"),
                ("A form of eleven pages", "Un formulario de once páginas"),
            ],
            [("Is spoken to in her language", "Le hablan en su idioma")],
        ),
        (
            [
                ("Stands eight hours a day", "De pie ocho horas al día"),
                ("Her shifts change weekly", "Sus turnos cambian cada semana"),
            ],
            [("Her manager swaps a shift", "Su jefa le cambia un turno")],
        ),
        (
            [("Bills after the birth", "Cuentas después del parto")],
            [
                ("Believed when she says it hurts", "Le creen cuando dice que duele"),
                ("Her sister may stay", "Su hermana puede quedarse"),
            ],
        ),
        (
            [("Leave without pay", "Permiso sin pago")],
            [("A nurse visits at home", "Una enfermera la visita en casa")],
        ),
    ],
    "claire": [
        (
            [],
            [
                ("Her own doctor, the same week", "Su propia doctora, esa misma semana"),
                ("Paid time to go", "Tiempo pagado para ir"),
            ],
        ),
        (
            [],
            [
                ("Insurance pays all of it", "El seguro lo paga todo"),
                ("Her doctor knows her", "Su doctora la conoce"),
            ],
        ),
        (
            [("A long way to the specialist", "La especialista queda lejos")],
            [
                ("Works from home when tired", "Trabaja desde casa si está cansada"),
                ("A class for parents, in work time", "Un curso, en horas de trabajo"),
            ],
        ),
        (
            [],
            [
                ("A room of her own", "Un cuarto propio"),
                ("Those who decide look like her", "Quienes deciden se parecen a ella"),
            ],
        ),
        (
            [("Few friends close by", "Pocas amistades cerca")],
            [
                ("Sixteen weeks' paid leave", "Dieciséis semanas de permiso pagado"),
                ("A nurse calls on the third day", "Una enfermera llama al tercer día"),
            ],
        ),
    ],
}


def scenarios(cast: Cast) -> ScenarioSet:
    """Draw the map with the resident, and publish it."""
    resident = cast.user("resident")
    drawn = ScenarioSet.start(
        initiative=cast.initiative,
        slug="four-mothers",
        title=TITLE,
        purpose=PURPOSE,
        by=resident,
    )
    stages = [drawn.add_stage(title=title, by=resident) for title in STAGES]
    for key, (name, who) in PEOPLE.items():
        person = drawn.add_scenario(name=name, who=who, origin="invented", by=resident)
        for stage, sides in zip(stages, MARKS[key], strict=True):
            for kind, texts in zip(("obstacle", "support"), sides, strict=True):
                for english, spanish in texts:
                    drawn.add_mark(
                        scenario=person,
                        stage=stage,
                        kind=kind,
                        text=Words(en=english, es=spanish),
                        by=resident,
                    )
    drawn.publish(by=cast.user("director"))
    return drawn

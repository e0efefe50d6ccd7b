"""The papers of the demonstration's decisions, and what people said to them. All invented."""

from __future__ import annotations

from dataclasses import dataclass, field

from ciforum.people.words import Words


@dataclass(frozen=True)
class Paper:
    """What is put to a decision. `groups`: code → how it is asked."""

    title: Words
    purpose: Words
    can_change: Words
    text: Words
    proposed_by: str = "director"
    groups: dict[str, Words] = field(default_factory=dict)


AT_THE_TABLE = Words(
    en="At the parents' table in the San Isidro library, each Tuesday, with an interpreter.",
    es="En la mesa de madres y padres de la biblioteca de San Isidro, cada martes, con intérprete.",
)
AT_THE_DOORS = Words(
    en="By the tenants' group, at the doors of Eastgate, on two weekends.",
    es="Por el grupo de inquilinos, de puerta en puerta en Eastgate, dos fines de semana.",
)
BLACK_AND_LATINA = {"black": AT_THE_DOORS, "latina": AT_THE_TABLE}


def for_goal(name: Words) -> Paper:
    """The paper that adopts a goal."""
    return Paper(
        title=Words({code: ADOPT[code] % {"goal": name[code]} for code in ADOPT}),
        purpose=Words(
            en="A goal binds us only when those whom it is about have had the last word on it.",
            es="Una meta nos obliga solo cuando las personas de quienes trata tuvieron la última "
            "palabra.",
        ),
        can_change=Words(
            en="The wording, the barriers we name, and what we do for each group.",
            es="Las palabras, las barreras que nombramos y lo que hacemos por cada grupo.",
        ),
        text=Words(
            en="We adopt this goal, with the barriers and the strategies named for each group.",
            es="Adoptamos esta meta, con las barreras y las estrategias nombradas para cada grupo.",
        ),
        groups={**BLACK_AND_LATINA, "asian": AT_THE_TABLE, "native": AT_THE_DOORS},
    )


ADOPT = {"en": "Adopt the goal: %(goal)s", "es": "Adoptar la meta: %(goal)s"}
GOAL_REASONS = Words(
    en="Every seat that voted agreed, and residents wrote most of the strategies.",
    es="Todos los asientos que votaron estuvieron de acuerdo, y las residentes escribieron la "
    "mayoría de las estrategias.",
)

CHARTER = Paper(
    title=Words(en="Adopt our charter", es="Adoptar nuestra carta de acuerdos"),
    purpose=Words(
        en="So far each of us works from a paper of her own. With one charter we can be held to "
        "the same words.",
        es="Hasta ahora cada quien trabaja con su propio papel. Con una sola carta se nos puede "
        "pedir cuentas con las mismas palabras.",
    ),
    can_change=Words(
        en="Every sentence, until the last word opens. What stays: it covers the whole county.",
        es="Cada frase, hasta que se abra la última palabra. Lo que queda: vale para todo el "
        "condado.",
    ),
    text=Words(
        en="We adopt the charter of the Alder Valley Birth Equity Network and work by it. We look "
        "at it again in a year.",
        es="Adoptamos la carta de la Red de Equidad al Nacer del Valle Alder y trabajamos según "
        "ella. La revisamos dentro de un año.",
    ),
    groups={**BLACK_AND_LATINA, "asian": AT_THE_TABLE, "native": AT_THE_DOORS},
)
CHARTER_INPUT = (
    "The problem statement should say that the numbers by race exist only since two years, because "
    "nobody counted before."
)
CHARTER_REPLY = "Yes. The second paragraph says so now, and links the numbers."
CHARTER_LAST_WORDS = {
    0: "I buried a cousin's baby here. I want my name under a paper that says why, and this one "
    "does.",
}
CHARTER_REASONS = Words(
    en="Every seat agreed. The residents asked that the charter name the closed ward, and it does.",
    es="Todos los asientos estuvieron de acuerdo. Las residentes pidieron que la carta nombre la "
    "sala cerrada, y así lo hace.",
)

DOULAS = Paper(
    title=Words(en="Where doulas meet mothers", es="Dónde las doulas reciben a las madres"),
    purpose=Words(
        en="The doula collective has money for one more room. Where it stands decides who comes.",
        es="El colectivo de doulas tiene dinero para un espacio más. Dónde esté decide quién "
        "llega.",
    ),
    can_change=Words(
        en="The place and the hours. The budget is fixed at 1,400 dollars a month.",
        es="El lugar y el horario. El presupuesto es fijo: 1,400 dólares al mes.",
    ),
    text=Words(
        en="The new room opens in the hospital's east wing, on weekdays from 9 to 5.",
        es="El espacio nuevo abre en el ala este del hospital, de lunes a viernes, de 9 a 5.",
    ),
    proposed_by="committee",
    groups=BLACK_AND_LATINA,
)
DOULAS_INPUT = "Nobody I know goes to the east wing unless she has to. That is where the ward was."
DOULAS_INPUT_ES = "Trabajo hasta las seis. Si cierra a las cinco, no es para mí."
DOULAS_REPLY = "You are right about the wing; the last word took it up, and the room moved."
DOULAS_REPLY_ES = "Gracias. Ahora abre dos tardes hasta las ocho."
DOULAS_SENT_BACK = (
    "My mother lost her bed when they closed that ward. A room there tells us to be grateful. Put "
    "it where we shop, and keep it open after work."
)
DOULAS_CHANGED = Words(
    en="The new room opens beside the laundromat in Eastgate, on three weekdays from 10 to 4 and "
    "on two evenings until 8.",
    es="El espacio nuevo abre junto a la lavandería de Eastgate, tres días de 10 a 4 y dos tardes "
    "hasta las 8.",
)
DOULAS_LAST_WORD = "This is the room we meant. Thank you for walking over to look at it with us."
DOULAS_REASONS = Words(
    en="Nobody blocks. The first text put the room where a ward was closed; a last word sent it "
    "back, and the text that came after is the residents' own.",
    es="Nadie bloquea. El primer texto ponía el espacio donde se cerró una sala; una última "
    "palabra lo devolvió, y el texto que siguió es de las residentes.",
)

SPEAKER = Paper(
    title=Words(en="Who speaks for the network", es="Quién habla en nombre de la red"),
    purpose=Words(
        en="The county board hears one speaker. Whoever it is should be chosen without pressure.",
        es="La junta del condado escucha a una sola persona. Debe elegirse sin presiones.",
    ),
    can_change=Words(en="The list of names.", es="La lista de nombres."),
    text=Words(
        en="The one whom we choose speaks for us before the county board for a year.",
        es="La persona que elijamos habla por nosotras ante la junta del condado durante un año.",
    ),
    groups=BLACK_AND_LATINA,
)
SPEAKERS = [
    ("a", Words(en="A resident of Eastgate", es="Una residente de Eastgate")),
    ("b", Words(en="Somebody of the doula collective", es="Alguien del colectivo de doulas")),
    ("c", Words(en="The hospital's midwife", es="La partera del hospital")),
]
RANKINGS = [
    [["a"], ["b"], ["c"]],
    [["b"], ["a"]],
    [["a"], ["c"]],
    [["c"], ["b"], ["a"]],
    [["a"], ["b"]],
]
SPEAKER_REASONS = Words(
    en="A resident of Eastgate was first on most ballots.",
    es="Una residente de Eastgate quedó primera en la mayoría de las boletas.",
)

SATURDAYS = Paper(
    title=Words(en="Open the clinic on Saturdays", es="Abrir la clínica los sábados"),
    purpose=Words(
        en="Mothers who work on weekdays come late to care, or not at all.",
        es="Las madres que trabajan entre semana llegan tarde a la atención, o no llegan.",
    ),
    can_change=Words(
        en="The hours, the place, and which of the nurses' weekday hours move.",
        es="El horario, el lugar y qué horas de las enfermeras entre semana se mueven.",
    ),
    text=Words(
        en="From March on, the county's clinic in Eastgate opens each Saturday from 9 to 1, with "
        "an interpreter. The health department moves eight weekday hours for it.",
        es="Desde marzo, la clínica del condado en Eastgate abre cada sábado de 9 a 1, con "
        "intérprete. El departamento de salud mueve para ello ocho horas de entre semana.",
    ),
    proposed_by="resident",
    groups=BLACK_AND_LATINA,
)
SATURDAYS_INPUT = "Is there a bus on Saturdays? Without one the clinic may as well stay closed."
SATURDAYS_REPLY = "The 14 runs each hour on Saturdays. We asked the county for the half hours too."
SATURDAYS_REMARK = "The hospital can lend a midwife every second Saturday."
SATURDAYS_LAST_WORD = "Nine is too early for those who clean offices on Friday nights. Start at 11."

ROUTES = Paper(
    title=Words(
        en="Which streets the nurses visit first", es="Qué calles visitan primero las enfermeras"
    ),
    purpose=Words(
        en="There are nurses for two more routes. The streets that come first decide whom they "
        "reach.",
        es="Hay enfermeras para dos rutas más. Las calles que van primero deciden a quién llegan.",
    ),
    can_change=Words(en="The order of the streets.", es="El orden de las calles."),
    text=Words(
        en="The two streets with the most points get a route of their own from January.",
        es="Las dos calles con más puntos tendrán su propia ruta desde enero.",
    ),
    groups=BLACK_AND_LATINA,
)
STREETS = [
    ("river", Words(en="River Street, rented rooms", es="Calle del Río, cuartos de renta")),
    ("mill", Words(en="Mill Row", es="Mill Row")),
    ("isidro", Words(en="San Isidro, behind the church", es="San Isidro, detrás de la iglesia")),
    ("heights", Words(en="Millbrook Heights", es="Millbrook Heights")),
]
SCORES = [
    {"river": 5, "mill": 3, "isidro": 4, "heights": 0},
    {"river": 4, "mill": 2, "isidro": 5, "heights": 1},
    {"river": 5, "mill": 4, "isidro": 3, "heights": 0},
]
ROUTES_LAST_WORD = "Ask who answers the door at night. It is not the Heights."

PRIORITIES = Paper(
    title=Words(en="What we put first this year", es="Qué ponemos primero este año"),
    purpose=Words(
        en="The families' council sets the order in which institutions work for us.",
        es="El consejo de familias fija el orden en que las instituciones trabajan para nosotras.",
    ),
    can_change=Words(en="The list, and the wording.", es="La lista y las palabras."),
    text=Words(
        en="Institutions take these up in the order of their points, and answer the council.",
        es="Las instituciones las atienden según sus puntos y responden al consejo.",
    ),
    groups={**BLACK_AND_LATINA, "asian": AT_THE_TABLE, "native": AT_THE_DOORS},
)
PRIORITY_OPTIONS = [
    ("buses", Words(en="Evening buses", es="Autobuses por la noche")),
    ("rent", Words(en="Rent help in pregnancy", es="Ayuda con la renta en el embarazo")),
    ("interpreters", Words(en="Interpreters each day", es="Intérpretes todos los días")),
    ("leave", Words(en="Paid leave after birth", es="Permiso pagado después del parto")),
]
PRIORITIES_INPUT = "Rent first. You cannot rest in a room that you may lose on the first."

REASONS = {"agree": "It says what we asked for."}

"""Terms to begin with, in our own words: proposals that a community amends until they are its own.

The facts behind them: inequality in opportunity, outcome and representation, and action aimed at
it (Kania and others, "Centering Equity in Collective Impact", 2022); structural, institutional and
interpersonal racism told apart (same); targeted universalism (powell, Menendian and Ake, 2019);
intersectionality (Crenshaw, 1989).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ciforum.people.words import Words


@dataclass(frozen=True)
class Starter:
    """One term to propose; `is_core` where a charter waits for it."""

    code: str
    word: Words
    definition: Words
    example: Words = field(default_factory=Words)
    misuse: Words = field(default_factory=Words)
    also: Words = field(default_factory=Words)
    is_core: bool = False

    def texts(self, languages: Iterable[str]) -> dict[str, Words]:
        """Its texts in the languages of an initiative, as far as they are written."""
        codes = list(languages)
        return {
            name: Words({code: text for code in codes if (text := getattr(self, name).get(code))})
            for name in ("word", "definition", "example", "misuse", "also")
        }


STARTERS = (
    Starter(
        code="equity",
        is_core=True,
        word=Words(en="equity", es="equidad"),
        definition=Words(
            en="Equity means that who you are no longer predicts how well you do. Today groups "
            "differ in their opportunities, in their outcomes and in how they are represented "
            "where decisions are made. Equity sets this right by action aimed at the groups that "
            "were left out.\n\nIt is both a goal and a way of working: people who live with a "
            "problem help to decide what is done about it.",
            es="Hay equidad cuando quién eres ya no predice cómo te va. Hoy los grupos difieren en "
            "sus oportunidades, en sus resultados y en su representación donde se toman las "
            "decisiones. La equidad lo corrige con acciones dirigidas a los grupos que quedaron "
            "fuera.\n\nEs una meta y también una manera de trabajar: quienes viven un problema "
            "ayudan a decidir qué se hace.",
        ),
        example=Words(
            en="A clinic stays open late where parents work shifts, and mothers from that "
            "neighborhood sit on the board that chose the hours.",
            es="Una clínica abre hasta tarde donde las familias trabajan por turnos, y madres de "
            "ese barrio están en la junta que eligió el horario.",
        ),
        misuse=Words(
            en="It is not the same for everyone. Giving each person the same leaves the "
            "distance between groups as it was.",
            es="No es lo mismo para todos. Dar lo mismo a cada persona deja la distancia entre los "
            "grupos como estaba.",
        ),
        also=Words(en="equitable, inequity, inequities", es="equitativo, equitativa, inequidad"),
    ),
    Starter(
        code="power",
        is_core=True,
        word=Words(en="power", es="poder"),
        definition=Words(
            en="Power is the ability to decide: what counts as the problem, what is done, where "
            "the money goes, and whose story is believed. It can be shared, and it can be used "
            "without being seen.",
            es="El poder es la capacidad de decidir: cuál es el problema, qué se hace, adónde va "
            "el dinero y qué historia se cree. Se puede compartir, y se puede usar sin que se vea.",
        ),
        example=Words(
            en="Residents choose who holds their seats and speak last before a vote.",
            es="Las personas residentes eligen quién ocupa sus asientos y hablan al final antes de "
            "votar.",
        ),
        misuse=Words(
            en="Being asked for an opinion is not power when others decide alone.",
            es="Que te pidan una opinión no es poder cuando otras personas deciden solas.",
        ),
    ),
    Starter(
        code="structural-racism",
        is_core=True,
        word=Words(en="structural racism", es="racismo estructural"),
        definition=Words(
            en="Structural racism is how laws, institutions, money and common beliefs work "
            "together over generations so that people of some races are kept back and others are "
            "helped. Nobody has to mean it for it to go on.",
            es="El racismo estructural es la manera en que leyes, instituciones, dinero y "
            "creencias comunes actúan juntos durante generaciones, de modo que unas razas quedan "
            "atrás y otras reciben ventajas. Sigue aunque nadie lo quiera.",
        ),
        example=Words(
            en="Banks once refused loans in Black neighborhoods. Homes there are still worth less, "
            "so schools paid from home taxes still get less.",
            es="Los bancos negaban préstamos en barrios negros. Allí las casas todavía valen "
            "menos, y las escuelas que viven de esos impuestos todavía reciben menos.",
        ),
        misuse=Words(
            en="It does not say that every person is racist. It speaks of rules and systems.",
            es="No dice que cada persona sea racista. Habla de reglas y sistemas.",
        ),
        also=Words(en="structurally racist", es="estructuralmente racista"),
    ),
    Starter(
        code="institutional-racism",
        word=Words(en="institutional racism", es="racismo institucional"),
        definition=Words(
            en="Institutional racism is when the rules or habits of one organization treat people "
            "worse because of their race, whether or not anyone there wants it.",
            es="Hay racismo institucional cuando las reglas o costumbres de una organización "
            "tratan peor a las personas por su raza, lo quiera alguien o no.",
        ),
        example=Words(
            en="A hospital gives its forms in English only and writes down that other patients "
            "did not follow advice.",
            es="Un hospital da sus formularios solo en inglés y anota que otros pacientes no "
            "siguieron los consejos.",
        ),
    ),
    Starter(
        code="interpersonal-racism",
        word=Words(en="interpersonal racism", es="racismo interpersonal"),
        definition=Words(
            en="Interpersonal racism is what one person says or does to another because of race: "
            "an insult, a colder tone, a closed door, an idea that only some are heard with.",
            es="El racismo interpersonal es lo que una persona dice o hace a otra por su raza: un "
            "insulto, un tono más frío, una puerta cerrada, no escuchar una idea según quién la "
            "diga.",
        ),
        misuse=Words(
            en="It is real harm, and it is only a part. Kind people inside unfair rules still "
            "leave unfair results.",
            es="Es un daño real, y es solo una parte. Personas amables dentro de reglas injustas "
            "siguen dejando resultados injustos.",
        ),
    ),
    Starter(
        code="structural-cause",
        word=Words(
            en="structural cause and personal blame", es="causa estructural y culpa personal"
        ),
        definition=Words(
            en="A structural cause lies in rules, places, prices or history that many people "
            "face alike. Personal blame looks for the cause in what each person did. When a whole "
            "group has the same trouble, we look for what its people have in common around them.",
            es="Una causa estructural está en reglas, lugares, precios o historia que muchas "
            "personas enfrentan por igual. La culpa personal busca la causa en lo que hizo cada "
            "persona. Cuando todo un grupo tiene el mismo problema, buscamos lo que su gente tiene "
            "en común a su alrededor.",
        ),
        example=Words(
            en="“They miss their visits” is blame. “The bus does not run after six” is a cause.",
            es="“Faltan a sus citas” es culpar. “No hay autobús después de las seis” es una causa.",
        ),
        also=Words(
            en="structural cause, structural causes, personal blame",
            es="causa estructural, causas estructurales, culpa personal",
        ),
    ),
    Starter(
        code="lived-experience",
        is_core=True,
        word=Words(en="lived experience", es="experiencia vivida"),
        definition=Words(
            en="Lived experience is what people know because they live, or have lived, with the "
            "problem we work on. It is knowledge of its own kind, and it counts here as much as "
            "study or a job.",
            es="La experiencia vivida es lo que la gente sabe porque vive, o ha vivido, el "
            "problema en el que trabajamos. Es un conocimiento propio, y aquí vale tanto como "
            "los estudios o un empleo.",
        ),
        example=Words(
            en="A mother who gave birth here without insurance explains which form made her give "
            "up.",
            es="Una madre que dio a luz aquí sin seguro explica qué formulario la hizo desistir.",
        ),
        misuse=Words(
            en="One person does not speak for all, and nobody owes us her story.",
            es="Una persona no habla por todas, y nadie nos debe su historia.",
        ),
    ),
    Starter(
        code="targeted-universalism",
        is_core=True,
        word=Words(en="targeted universalism", es="universalismo focalizado"),
        definition=Words(
            en="Targeted universalism sets one goal for everybody and takes different roads to "
            "it. Each group stands in a different place and meets different barriers, so each "
            "gets the help that fits.",
            es="El universalismo focalizado fija una sola meta para todas las personas y toma "
            "caminos distintos hacia ella. Cada grupo está en un lugar distinto y encuentra "
            "barreras distintas, así que cada uno recibe la ayuda que le sirve.",
        ),
        example=Words(
            en="Every child reads well by age nine. Some need books in two languages, some need "
            "glasses, some need a room where it is quiet.",
            es="Cada niña y niño lee bien a los nueve años. Hay quien necesita libros en dos "
            "idiomas, quien necesita lentes y quien necesita un cuarto tranquilo.",
        ),
        misuse=Words(
            en="Closing the gap is not the goal. A gap can also close because those ahead fall "
            "back.",
            es="Cerrar la brecha no es la meta. Una brecha también se cierra cuando caen quienes "
            "iban adelante.",
        ),
        also=Words(en="targeted-universalist", es="universalismo dirigido"),
    ),
    Starter(
        code="intersectionality",
        word=Words(en="intersectionality", es="interseccionalidad"),
        definition=Words(
            en="Intersectionality is how race, sex, income, disability, language and other parts "
            "of a life meet in one person, so that she can face barriers that none of them "
            "explains alone.",
            es="La interseccionalidad es cómo la raza, el sexo, el ingreso, la discapacidad, el "
            "idioma y otras partes de una vida se cruzan en una persona, de modo que puede "
            "enfrentar barreras que ninguna de ellas explica por sí sola.",
        ),
        example=Words(
            en="Numbers for women and numbers for Black residents can both look better while "
            "those for Black women get worse.",
            es="Los números de las mujeres y los de las personas negras pueden mejorar mientras "
            "empeoran los de las mujeres negras.",
        ),
        also=Words(en="intersectional", es="interseccional, interseccionales"),
    ),
    Starter(
        code="race",
        word=Words(en="race", es="raza"),
        definition=Words(
            en="Race is a way of sorting people that societies made up, mostly by how someone "
            "looks. It says nothing about ability. It still shapes lives, because laws and habits "
            "were built on it. People say themselves which words fit them.",
            es="La raza es una forma de clasificar a las personas que las sociedades inventaron, "
            "sobre todo por la apariencia. No dice nada de la capacidad. Aun así marca la vida, "
            "porque hay leyes y costumbres hechas sobre ella. Cada persona dice qué palabras le "
            "corresponden.",
        ),
        also=Words(en="races", es="razas"),
    ),
    Starter(
        code="low-income",
        word=Words(en="low-income", es="bajos ingresos"),
        definition=Words(
            en="Low-income describes a household whose money does not cover what living here "
            "costs. We say which line we use, and since when. It describes a situation, not a "
            "kind of person.",
            es="De bajos ingresos es un hogar cuyo dinero no alcanza para lo que cuesta vivir "
            "aquí. Decimos qué límite usamos y desde cuándo. Describe una situación, no un tipo de "
            "persona.",
        ),
        example=Words(
            en="Families with less than twice the federal poverty line for their size.",
            es="Familias con menos del doble del límite federal de pobreza para su tamaño.",
        ),
        misuse=Words(
            en="It is not another word for a race or for a part of town.",
            es="No es otra palabra para una raza ni para una parte de la ciudad.",
        ),
        also=Words(en="low income", es="ingresos bajos, bajo ingreso"),
    ),
)

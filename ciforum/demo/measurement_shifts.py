"""Systems change in the demonstration: one hoped for, one claimed and held, two confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from agenda import when
from ciforum.demo.agenda_seats import Bodies
from ciforum.demo.people import COUNTY, TOWNS, Cast
from ciforum.people import clock
from ciforum.people.models import Place
from ciforum.people.words import Words
from equity.gates import GateClosed
from equity.seats import Seat
from measurement.models import Indicator, ShiftEvidence, ShiftVoice, SystemsShift


@dataclass(frozen=True)
class Told:
    """A shift as it is written down; `since` in years before now, None for what is hoped for."""

    title: Words
    before: Words
    after: Words
    level: str
    kind: str
    strategies: tuple[int, ...]
    since: int | None = None
    places: tuple[str, ...] = (COUNTY,)


PAID_EARLY = Told(
    title=Words(
        en="First visits are paid before Medicaid papers are through",
        es="Las primeras visitas se pagan antes de que Medicaid apruebe los papeles",
    ),
    before=Words(
        en="Clinics wait for the papers, so the first visit comes in the fourth month.",
        es="Las clínicas esperan los papeles, y la primera visita llega al cuarto mes.",
    ),
    after=Words(
        en="Every clinic sees a mother within a week, and the county pays until the papers come.",
        es="Cada clínica atiende a una madre en una semana, y el condado paga mientras tanto.",
    ),
    level="structural",
    kind="resources",
    strategies=(1, 2),
)
EVENINGS = Told(
    title=Words(
        en="The county clinic is open two evenings a week",
        es="La clínica del condado abre dos noches por semana",
    ),
    before=Words(
        en="It closed at four, before most shifts ended and the last bus left.",
        es="Cerraba a las cuatro, antes de que terminaran los turnos y saliera el último autobús.",
    ),
    after=Words(
        en="On Tuesdays and Thursdays it is open until nine, with an interpreter.",
        es="Los martes y jueves abre hasta las nueve, con intérprete.",
    ),
    level="structural",
    kind="practice",
    strategies=(2, 4),
    since=1,
    places=(TOWNS[0], TOWNS[1]),
)
TABLE = Told(
    title=Words(
        en="Doulas and nurses plan a birth together",
        es="Las doulas y las enfermeras planean juntas el parto",
    ),
    before=Words(
        en="A doula waited in the corridor until a nurse let her in.",
        es="La doula esperaba en el pasillo hasta que una enfermera la dejaba entrar.",
    ),
    after=Words(
        en="At the hospital, doula, nurse and mother sit down together in the seventh month.",
        es="En el hospital, doula, enfermera y madre se sientan juntas en el séptimo mes.",
    ),
    level="relational",
    kind="relationship",
    strategies=(2, 3, 4),
    since=1,
)
BELIEVED = Told(
    title=Words(
        en="Mothers who say that something is wrong are believed",
        es="A las madres que dicen que algo anda mal se les cree",
    ),
    before=Words(
        en="Pain was called worry, most often when a Black or a Native mother spoke of it.",
        es="El dolor se llamaba nervios, sobre todo cuando hablaba una madre negra o indígena.",
    ),
    after=Words(
        en="Staff stop and check when a mother says that something is wrong.",
        es="El personal se detiene y revisa cuando una madre dice que algo anda mal.",
    ),
    level="transformative",
    kind="narrative",
    strategies=(2, 4, 5),
    since=0,
)


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def headline(cast: Cast, indicator: Indicator) -> None:
    """Lead with this number: it is then held until something that should move it is named."""
    indicator.describe(
        by=cast.user("director"),
        required_dimensions=list(indicator.required_dimensions.all()),
        tier="headline",
    )


def hope(cast: Cast, indicator: Indicator) -> None:
    """What should move a headline number, before the number itself is released."""
    _write(cast, PAID_EARLY, "partner", [indicator])


def shift(cast: Cast, bodies: Bodies) -> None:
    """Claims of the last years: residents confirm two, and hold one that they do not see."""
    denise, tasha = bodies.steering_seats["resident"], bodies.steering_seats["tasha"]
    with clock.at(days_ago(150)):
        _evenings(cast, tasha)
    with clock.at(days_ago(95)):
        _table(cast, denise)
    with clock.at(days_ago(9)):
        _believed(cast, denise, tasha)


def _evenings(cast: Cast, seat: Seat) -> None:
    made = _claimed(cast, EVENINGS, "partner")
    _know(
        cast, made, "documented",
        "The clinic's hours, as the county board adopted them.",
        "El horario de la clínica, como lo aprobó la junta del condado.",
    )  # fmt: skip
    _say(made, seat, "yes")
    made.confirm(by=cast.user("committee"))


def _table(cast: Cast, seat: Seat) -> None:
    """Held while no resident had spoken."""
    made = _claimed(cast, TABLE, "elena")
    _know(
        cast, made, "several",
        "Eleven doulas and six nurses told us separately how they plan.",
        "Once doulas y seis enfermeras nos contaron por separado cómo planean.",
    )  # fmt: skip
    _try(cast, made)
    with clock.at(clock.now() + timedelta(days=12)):
        _say(
            made, seat, "yes",
            "My niece had all three of them at her kitchen table. That was new.",
            "Mi sobrina tuvo a las tres en la mesa de su cocina. Eso fue nuevo.",
        )  # fmt: skip
        made.confirm(by=cast.user("committee"))


def _believed(cast: Cast, first: Seat, second: Seat) -> None:
    """Claimed, and held today: one seat says in part, one says no, and nobody has answered."""
    made = _claimed(cast, BELIEVED, "committee")
    _know(
        cast, made, "own",
        "We heard it at two rounds on the ward.",
        "Lo escuchamos en dos rondas de la sala.",
    )  # fmt: skip
    with clock.at(clock.now() + timedelta(days=4)):
        _say(
            made, first, "partly",
            "By day, yes. At night my cousin was told to calm down.",
            "De día, sí. De noche a mi prima le dijeron que se calmara.",
        )  # fmt: skip
        _say(
            made, second, "no",
            "Nobody I know would say that.",
            "Nadie que yo conozca diría eso.",
        )  # fmt: skip
        _try(cast, made)


def _write(
    cast: Cast, told: Told, writer: str, indicators: Iterable[Indicator] = ()
) -> SystemsShift:
    year = clock.now().year
    return SystemsShift.propose(
        initiative=cast.initiative,
        by=cast.user(writer),
        title=told.title,
        level=told.level,
        kind=told.kind,
        strategies=list(told.strategies),
        before=told.before,
        after=told.after,
        since=None if told.since is None else when.read(str(year - told.since)),
        places=Place.objects.for_initiative(cast.initiative).filter(name__in=told.places),
        indicators=indicators,
    )


def _claimed(cast: Cast, told: Told, writer: str) -> SystemsShift:
    made = _write(cast, told, writer)
    made.claim(by=cast.user("director"))
    return made


def _know(cast: Cast, made: SystemsShift, grade: str, en: str, es: str) -> None:
    words = Words(en=en, es=es)
    ShiftEvidence.add(shift=made, words=words, grade=grade, by=cast.user("director"))


def _say(made: SystemsShift, seat: Seat, stance: str, en: str = "", es: str = "") -> None:
    words = Words(en=en, es=es) if en else None
    ShiftVoice.say(shift=made, seat=seat, stance=stance, words=words, by=seat.holder.user)


def _try(cast: Cast, made: SystemsShift) -> None:
    """Try to confirm what is not ready; the ledger keeps what held it."""
    with suppress(GateClosed):
        made.confirm(by=cast.user("committee"))

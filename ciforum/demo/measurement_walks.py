"""Two data walks of the demonstration: one held, whose finding the charter cites, one prepared."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from ciforum.demo.people import Cast
from ciforum.people import clock
from ciforum.people.words import Words
from measurement.models import (
    DataWalk,
    Finding,
    Follower,
    Indicator,
    Reaction,
    Station,
    Theme,
    WalkMail,
)
from measurement.showing.shown import Choice

TITLE = Words(en="What the numbers say about us", es="Lo que los números dicen de nosotras")
STATIONS = (
    (
        "alder-county",
        "",
        Words(en="Who has care from the start?", es="¿Quién recibe atención desde el principio?"),
    ),
    (
        "alder-county",
        "race",
        Words(en="The same county, for every group", es="El mismo condado, para cada grupo"),
    ),
    ("eastgate", "race", Words(en="And in Eastgate?", es="¿Y en Eastgate?")),
    ("san-isidro", "race", Words(en="And in San Isidro?", es="¿Y en San Isidro?")),
    ("millbrook", "race", Words(en="And in Millbrook?", es="¿Y en Millbrook?")),
)
# (station, prompt, words, language): by phone.
BY_PHONE = (
    (1, 1, "It goes up, slowly.", "en"),
    (1, 3, "Why the others do not come. Nobody asked them.", "en"),
    (2, 2, "Que la diferencia sea tan grande.", "es"),
    (2, 4, "The clinic closes at four. I work until six.", "en"),
    (2, 4, "Sin intérprete no voy. Mi hija tiene diez años.", "es"),
    (3, 1, "Our line is below the others.", "en"),
    (3, 4, "Two buses, and the second comes once an hour.", "en"),
    (3, 5, "A clinic evening on this side of the highway.", "en"),
    (4, 4, "Nadie contesta el teléfono en español.", "es"),
    (4, 5, "Que paguen otra vez a las intérpretes.", "es"),
    (5, 2, "I thought it was the same for everyone here.", "en"),
)
# (station, sheet, prompt, words, language): typed in from paper.
ON_PAPER = (
    (2, 1, 2, "I did not know it was twenty points.", "en"),
    (2, 2, 5, "Ask the mothers first.", "en"),
    (3, 1, 4, "No one looks after the other children while I wait.", "en"),
    (3, 2, 4, "El autobús no llega.", "es"),
    (4, 1, 3, "Faltan las que no tienen papeles.", "es"),
)
BUS = Words(
    en="In Eastgate it is not that mothers come late: the way is long. Two buses, the second once "
    "an hour, and a clinic that closes at four.",
    es="En Eastgate no es que las madres lleguen tarde: el camino es largo. Dos autobuses, el "
    "segundo una vez por hora, y una clínica que cierra a las cuatro.",
)
WORDS = Words(
    en="Whoever speaks Spanish here waits for a daughter to be free to translate. Since nobody is "
    "paid to interpret, care begins later.",
    es="Quien aquí habla español espera a que una hija pueda traducir. Desde que no se paga a "
    "intérpretes, la atención empieza más tarde.",
)
NEXT = Words(
    en="Both findings go into the charter that the steering committee decides on. In the fall we "
    "walk again and look at what has moved.",
    es="Los dos hallazgos van a la carta que decide el comité directivo. En otoño caminamos otra "
    "vez y vemos qué ha cambiado.",
)
INVITATION = Words(
    en="Come and look at the numbers with us. There is supper, child care and an interpreter.",
    es="Venga a mirar los números con nosotras. Hay cena, cuidado de niños e intérprete.",
)


def walk(cast: Cast) -> None:
    """Hold the first walk, some weeks before the charter is written."""
    held = _prepared(cast, days=175, starts=168)
    with clock.at(_ago(168)):
        held.open(by=cast.user("director"))
        _react(held, cast)
        _leave_addresses(held)
        held.begin_debrief(by=cast.user("director"))
        _sort(held, cast)
        _find(held, cast)
    with clock.at(_ago(160)):
        held.close(next_steps=NEXT, by=cast.user("director"))
    # What happened in the demonstration's past is not mailed today.
    WalkMail.objects.filter(follower__walk=held, sent_at=None).update(sent_at=clock.now())


def prepare(cast: Cast) -> None:
    """The next walk: three stations stand, two are missing."""
    by = cast.user("director")
    with clock.at(_ago(6)):
        soon = DataWalk.prepare(
            initiative=cast.initiative,
            by=by,
            title=Words(en="One year later: what moved?", es="Un año después: ¿qué cambió?"),
            hall="Eastgate Library, 12 Mill Street",
            starts=_ago(-21),
            languages=["en", "es"],
            invitation=INVITATION,
        )
        for slug, title in (
            ("early-prenatal-care", STATIONS[1][2]),
            (
                "home-visits",
                Words(en="Who is visited at home?", es="¿A quién visitan en casa?"),
            ),
            ("early-prenatal-care", STATIONS[2][2]),
        ):
            Station.add(
                walk=soon,
                indicator=_indicator(cast, slug),
                choice=Choice(),
                title=title,
                by=by,
            )


def cited_finding(cast: Cast) -> Finding:
    """What the charter's problem statement cites."""
    found: Finding = Finding.objects.for_initiative(cast.initiative).agreed().earliest("pk")
    return found


def _ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def _indicator(cast: Cast, slug: str) -> Indicator:
    return Indicator.objects.for_initiative(cast.initiative).get(slug=slug)


def _prepared(cast: Cast, *, days: int, starts: int) -> DataWalk:
    by = cast.user("director")
    with clock.at(_ago(days)):
        made = DataWalk.prepare(
            initiative=cast.initiative,
            by=by,
            title=TITLE,
            hall="St. Ann’s parish hall, Eastgate",
            starts=_ago(starts),
            languages=["en", "es"],
            invitation=INVITATION,
        )
        for place, breakdown, title in STATIONS:
            Station.add(
                walk=made,
                indicator=_indicator(cast, "early-prenatal-care"),
                choice=Choice(place, breakdown),
                title=title,
                by=by,
            )
    return made


def _react(held: DataWalk, cast: Cast) -> None:
    stations = {each.order: each for each in held.stations.all()}
    for number, prompt, words, language in BY_PHONE:
        station = stations[number]
        Reaction.send(
            station=station,
            answers={station.prompts.get(order=prompt): words},
            language=language,
            ticket=uuid4(),
        )
    for number, sheet, prompt, words, language in ON_PAPER:
        station = stations[number]
        Reaction.type_in(
            station=station,
            sheet=sheet,
            answers={station.prompts.get(order=prompt): words},
            language=language,
            by=cast.user("resident"),
        )


def _leave_addresses(held: DataWalk) -> None:
    for name, language in (("lupita", "es"), ("mai", "en"), ("carmen", "es")):
        Follower.leave(walk=held, address=f"{name}@alder-valley.example", language=language)
    for follower in Follower.objects.filter(walk=held).exclude(address__startswith="mai"):
        follower.confirm()


def _sort(held: DataWalk, cast: Cast) -> None:
    by = cast.user("resident")
    for station, name, words in (
        (3, "The way to the clinic", ("bus", "autobús")),
        (2, "When it is open, and in which language", ("clinic", "intérprete")),
    ):
        here = held.stations.get(order=station)
        theme = Theme.name_one(station=here, name=name, by=by)
        said = [
            each.uid
            for each in here.reactions.all()
            if any(word in each.text.lower() for word in words)
        ]
        Reaction.sort(station=here, reactions=said, theme=theme, by=by)


def _find(held: DataWalk, cast: Cast) -> None:
    """Two findings: one signed by a resident herself, one with a yes said in the hall."""
    director = cast.user("director")
    bus = Finding.write(
        walk=held, text=BUS, stations=[held.stations.get(order=3)], by=cast.user("resident")
    )
    bus.sign(member=cast.members["resident"], name="Denise Carter, Eastgate")
    bus.record_author(
        name="A mother of three",
        is_resident=True,
        how="Read aloud in the hall; she said yes and wanted no name.",
        by=director,
    )
    bus.agree(by=director)
    words = Finding.write(
        walk=held,
        text=WORDS,
        stations=list(held.stations.filter(order__in=[2, 4])),
        by=director,
    )
    words.record_author(
        name="Comadres of San Isidro",
        is_resident=True,
        how="Read aloud in Spanish in the hall; the four of them agreed.",
        by=director,
    )
    words.agree(by=director)

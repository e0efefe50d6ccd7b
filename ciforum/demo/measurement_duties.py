"""Who owes which numbers in the demonstration: a year of quarters, and one number put right."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from ciforum.demo.numbers import EVERYONE, PRENATAL, table
from ciforum.demo.people import COUNTY, TOWNS, Cast
from ciforum.people import clock, jobs
from ciforum.people.models import Membership, Role, User
from ciforum.people.words import Words
from measurement.models import Indicator, ReportDuty, ReportingRule, Submission
from measurement.owing import expecting, reminding
from measurement.reading.mapping import Column, Mapping
from measurement.reading.source import open_source

# Who hands in, beside the health department: organization of the cast, name, address.
STAFF = {
    "committee": ("Joel Byrne", "joel@alder-valley.example"),
    "comadres": ("Lena Ortiz", "lena@alder-valley.example"),
}
NAME = Words(en="New mothers seen within three weeks", es="Madres vistas en tres semanas")
DEFINITION: dict[str, Any] = {
    "measure": "proportion",
    "numerator": Words(
        en="mothers seen by a nurse, midwife or doula within three weeks of giving birth",
        es="madres a quienes vio una enfermera, partera o doula en las tres semanas tras el parto",
    ),
    "denominator": Words(en="mothers who gave birth", es="madres que dieron a luz"),
    "direction": "up",
    "scale": 100,
    "unit": Words(en="mothers", es="madres"),
    "source": Words(en="Partners' own records", es="Registros de cada organización"),
}
NO_RECORDS = Words(
    en="We began to write visits down only this year. Before that nobody counted.",
    es="Empezamos a anotar las visitas este año. Antes nadie las contaba.",
)
STILL_PAPER = Words(
    en="The visits are on paper cards, and nobody has time to count them before winter.",
    es="Las visitas están en tarjetas de papel y nadie puede contarlas antes del invierno.",
)
MIXED_UP = "The births of July are missing, so the share comes out too high. Please add them."
LATE_RECORDS = (
    "Two clinics in Eastgate sent their visit records late, so early visits of Black mothers had "
    "been counted too low."
)
SAID_IN_PUBLIC = Words(
    en="Two clinics in Eastgate had sent their records late; early visits of Black mothers were "
    "counted too low.",
    es="Dos clínicas de Eastgate enviaron tarde sus registros; las primeras visitas de madres "
    "negras se contaron de menos.",
)


def owe(cast: Cast) -> None:
    """Four quarters of three partners in every state, and a public number that was corrected."""
    staff = {"partner": cast.members["partner"], **{key: _join(cast, key) for key in STAFF}}
    begins = _quarters_back(4)
    with clock.at(_noon(begins)):
        indicator = _indicator(cast)
        rules = [_agree(cast, indicator, member, begins) for member in staff.values()]
    _live(cast, indicator, staff, begins)
    for rule in rules:
        rule.look_ahead()
    _correct(cast)
    reminding.owe_soon()


def _quarters_back(number: int) -> date:
    """The first day of the quarter so many quarters before this one."""
    start, _end = expecting.around("quarter", timezone.now().date())
    for _each in range(number):
        start, _end = expecting.around("quarter", start - timedelta(days=1))
    return start


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _join(cast: Cast, key: str) -> Membership:
    name, email = STAFF[key]
    return Membership.objects.create(
        initiative=cast.initiative,
        user=User.objects.create_user(email, name=name),
        organization=cast.organization(key),
        roles=[Role.PARTNER],
    )


def _indicator(cast: Cast) -> Indicator:
    return Indicator.start(
        initiative=cast.initiative,
        by=cast.user("director"),
        slug="seen-within-three-weeks",
        code="seen-within-three-weeks",
        name=NAME,
        steward=cast.organization("partner"),
        definition=DEFINITION,
    )


def _agree(cast: Cast, indicator: Indicator, member: Membership, begins: date) -> ReportingRule:
    assert member.organization is not None  # noqa: S101 - they all hand in for one
    return ReportingRule.agree(
        indicator=indicator,
        organization=member.organization,
        every="quarter",
        days_after=20,
        begins=begins,
        by=cast.user("director"),
    )


def _live(cast: Cast, indicator: Indicator, staff: dict[str, Membership], begins: date) -> None:
    """Quarter by quarter; what nobody touches becomes late, or is due."""
    director = cast.user("director")
    quarters = list(expecting.spans("quarter", begins, _quarters_back(1)))
    for number, (start, end) in enumerate(quarters):
        with clock.at(min(_noon(end + timedelta(days=11)), timezone.now())):
            for rule in ReportingRule.objects.filter(indicator=indicator):
                rule.look_ahead()
            partner = _bring(indicator, staff["partner"], "Millbrook", start, 70 + number)
            if number < 3:
                partner.approve(by=director)
            if number in (0, 2):
                hospital = _bring(indicator, staff["committee"], "Eastgate", start, 61 + number)
                if number:
                    hospital.send_back(words=MIXED_UP, by=director)
                else:
                    hospital.approve(by=director)
            if number in (0, 2):
                _excuse(indicator, staff["comadres"], start, STILL_PAPER if number else NO_RECORDS)
            if number == 0:
                _duty(indicator, staff["comadres"], start).accept(by=director)


def _duty(indicator: Indicator, member: Membership, start: date) -> ReportDuty:
    found: ReportDuty = ReportDuty.objects.get(
        indicator=indicator, organization=member.organization, period__start=start
    )
    return found


def _excuse(indicator: Indicator, member: Membership, start: date, words: Words) -> None:
    _duty(indicator, member, start).excuse(reason="not_collected", words=words, by=member.user)


def _bring(
    indicator: Indicator, member: Membership, town: str, start: date, seen: int
) -> Submission:
    """One quarter of one town, handed in."""
    quarter = f"{start.year} Q{(start.month + 2) // 3}"
    rows: list[list[Any]] = [
        ["town", "quarter", "seen", "births"],
        [town, quarter, seen, 2 * seen - 12],
    ]
    means = {
        "town": Column("place", labels=_places()),
        "quarter": Column("period"),
        "seen": Column("numerator"),
        "births": Column("denominator"),
    }
    return _hand_in(indicator, member, rows, Mapping(columns=means), f"visits-{start}.csv")


def _places() -> dict[str, str]:
    return {name: name.lower().replace(" ", "-") for name in (COUNTY, *TOWNS)}


def _hand_in(
    indicator: Indicator,
    member: Membership,
    rows: list[list[Any]],
    mapping: Mapping,
    name: str,
    reason: str = "",
) -> Submission:
    """Upload, say what the columns mean, read, hand in: as she would on her screen."""
    assert member.organization is not None  # noqa: S101 - they all hand in for one
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    content = out.getvalue().encode()
    submission = Submission.receive(
        indicator=indicator,
        organization=member.organization,
        file=ContentFile(content, name=name),
        kind=Submission.Kind.TABLE,
        **_first_look(content),
        by=member.user,
    )
    jobs.run(submission.read_as(mapping, by=member.user).pk)
    submission.refresh_from_db()
    submission.hand_in(by=member.user, reason=reason)
    return submission


def _first_look(content: bytes) -> dict[str, Any]:
    with NamedTemporaryFile(suffix=".csv") as file:
        Path(file.name).write_bytes(content)
        source = open_source(Path(file.name))
        return {"header": list(source.header), "signature": source.layout_signature}


def _correct(cast: Cast) -> None:
    """Four public numbers of early care, put right: a town's group, and the sums above it."""
    year = timezone.now().year
    known = list(csv.reader(io.StringIO(table(PRENATAL, range(year - 7, year - 1)).decode())))
    header, *lines = known
    changed = [
        [town, when, race, int(number) + 3, births]
        for town, when, race, number, births in lines
        if town in ("Eastgate", COUNTY) and when == str(year - 2) and race in ("Black", EVERYONE)
    ]
    means = {
        "town": Column("place", labels=_places()),
        "year": Column("period"),
        "race": Column(
            "group", dimension="race", labels={"Black": "race:black", EVERYONE: "everyone"}
        ),
        "number": Column("numerator"),
        "births": Column("denominator"),
    }
    prenatal = Indicator.objects.get(initiative=cast.initiative, slug="early-prenatal-care")
    with clock.at(timezone.now() - timedelta(days=9)):
        _hand_in(
            prenatal,
            cast.members["partner"],
            [header, *changed],
            Mapping(columns=means),
            "prenatal-care-late-records.csv",
            LATE_RECORDS,
        ).approve(by=cast.user("director"), public_words=SAID_IN_PUBLIC)

"""Two years of shared measurement in the demonstration: indicators, files, holds and releases."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from ciforum.demo import (
    agenda_history,
    measurement_asking,
    measurement_curve,
    measurement_handin,
    measurement_maps,
    measurement_shifts,
    measurement_walks,
    stories,
)
from ciforum.demo.numbers import EVERYONE, PRENATAL, VISITS, table
from ciforum.demo.people import COUNTY, TOWNS, Cast
from ciforum.people import clock, jobs
from ciforum.people.models import Organization
from ciforum.people.words import Words
from equity.gates import GateClosed, publish_release
from equity.models import Dimension, Waiver
from measurement.models import DataRequest, Indicator, Release, Submission
from measurement.models.observations import RolledUp
from measurement.reading.mapping import Column, Mapping
from measurement.reading.source import open_source

RACE = {
    "black": Words(en="Black", es="Negra"),
    "latina": Words(en="Latina", es="Latina"),
    "white": Words(en="White", es="Blanca"),
    "asian": Words(en="Asian", es="Asiática"),
    "native": Words(en="Native", es="Indígena"),
    "other": Words(en="Other or several", es="Otra o varias"),
}
LANGUAGE = {
    "english": Words(en="English", es="Inglés"),
    "spanish": Words(en="Spanish", es="Español"),
    "other-language": Words(en="Another language", es="Otro idioma"),
}


def days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def measure(cast: Cast) -> None:
    """Live through it: agree, hand in, be held, remedy, release."""
    year = timezone.now().year
    with clock.at(days_ago(700)):
        race, language = _dimensions(cast)
        prenatal, visits, deaths = _indicators(cast, race, language)
        measurement_shifts.headline(cast, prenatal)
    agenda_history.tell(cast, days_ago(690))
    with clock.at(days_ago(420)):
        _hand_in(cast, prenatal, table(PRENATAL, range(year - 7, year - 2)), "prenatal-care.csv")
        _first_release(cast, prenatal, race)
    with clock.at(days_ago(200)):
        _hand_in(cast, prenatal, table(PRENATAL, range(year - 7, year - 1)), "prenatal-care-2.csv")
        _release(cast, prenatal, stories.PRENATAL_LATER)
    with clock.at(days_ago(180)):
        agenda_history.say_nobody_looked(cast, visits, days=300)
        _hand_in(cast, visits, table(VISITS, range(year - 5, year - 1)), "home-visits.csv")
        _ask_in_vain(cast, visits, race)
    measurement_maps.draw(cast)
    measurement_walks.walk(cast)
    with clock.at(days_ago(40)):
        _waived_release(cast, visits)
    with clock.at(days_ago(12)):
        _hand_in(cast, visits, table(VISITS, range(year - 5, year)), "home-visits-2.csv")
        _wait_for_a_waiver(cast, visits)
        _ask_for_language(cast, deaths, language)
    measurement_walks.prepare(cast)
    with clock.at(days_ago(4)):
        agenda_history.tell_one_more(cast)
        measurement_curve.turn(cast)
        measurement_handin.begin_typing(cast)


def _dimensions(cast: Cast) -> tuple[Dimension, Dimension]:
    made = []
    for code, name, groups in (
        ("race", Words(en="Race and ethnicity", es="Raza y etnia"), RACE),
        ("language", Words(en="Language at home", es="Idioma en casa"), LANGUAGE),
    ):
        dimension = Dimension.start(
            initiative=cast.initiative,
            code=code,
            name=name,
            kind=Dimension.Kind.EXCLUSIVE,
            by=cast.user("director"),
        )
        for group, words in groups.items():
            dimension.add_group(code=group, name=words, by=cast.user("director"))
        made.append(dimension)
    asian = made[0].groups.get(code="asian")
    for code, words in stories.ORIGINS.items():
        made[0].add_group(code=code, name=words, parent=asian, by=cast.user("director"))
    return made[0], made[1]


def _indicators(
    cast: Cast, race: Dimension, language: Dimension
) -> tuple[Indicator, Indicator, Indicator]:
    """Three that get numbers here; babies born small wait for a visitor's own file."""
    health = cast.organization("partner")
    hospital = cast.organization("committee")
    _indicator(cast, "low-birth-weight", stories.WEIGHT, health, [race])
    return (
        _indicator(cast, "early-prenatal-care", stories.PRENATAL, health, [race]),
        _indicator(cast, "home-visits", stories.VISITS, hospital, [race]),
        _indicator(cast, "infant-deaths", stories.DEATHS, health, [race, language]),
    )


def _indicator(
    cast: Cast,
    slug: str,
    told: stories.Told,
    steward: Organization,
    required: list[Dimension],
) -> Indicator:
    return Indicator.start(
        initiative=cast.initiative,
        by=cast.user("director"),
        slug=slug,
        code=slug,
        name=told.name,
        steward=steward,
        required_dimensions=required,
        definition=told.definition,
    )


def _hand_in(cast: Cast, indicator: Indicator, content: bytes, name: str) -> Submission:
    """Upload, say what the columns mean, read, hand in, approve."""
    partner = cast.user("partner")
    submission = Submission.receive(
        indicator=indicator,
        organization=cast.organization("partner"),
        file=ContentFile(content, name=name),
        kind=Submission.Kind.TABLE,
        **_first_look(content),
        by=partner,
    )
    job = submission.read_as(_mapping(), by=partner)
    jobs.run(job.pk)
    submission.refresh_from_db()
    submission.hand_in(by=partner, reason="")
    submission.approve(by=cast.user("director"))
    return submission


def _first_look(content: bytes) -> dict[str, Any]:
    """What the upload page finds out: the header, and a signature of the layout."""
    with NamedTemporaryFile(suffix=".csv") as file:
        Path(file.name).write_bytes(content)
        source = open_source(Path(file.name))
        return {"header": list(source.header), "signature": source.layout_signature}


def _mapping() -> Mapping:
    """What the partner says of her columns: town, year, race, number, births."""
    groups = {code.capitalize(): f"race:{code}" for code in RACE}
    places = {name: name.lower().replace(" ", "-") for name in (COUNTY, *TOWNS)}
    return Mapping(
        columns={
            "town": Column("place", labels=places),
            "year": Column("period"),
            "race": Column("group", dimension="race", labels={**groups, EVERYONE: "everyone"}),
            "number": Column("numerator"),
            "births": Column("denominator"),
        }
    )


def _first_release(cast: Cast, indicator: Indicator, race: Dimension) -> None:
    """Held at first, with everything that is missing; then remedied, and passed."""
    director = cast.user("director")
    release = Release.draft(indicator=indicator, by=director)
    _try(release, cast)
    request = DataRequest.send(
        indicator=indicator,
        dimension=race,
        holder="State Office of Vital Records",
        ask=stories.ASK_RACE,
        due=clock.now() + timedelta(days=300),
        by=director,
    )
    with clock.at(clock.now() + timedelta(days=3)):
        agenda_history.name_causes(cast, indicator)
        measurement_shifts.hope(cast, indicator)
        _finish(release, stories.PRENATAL_STORY, cast)
    with clock.at(clock.now() + timedelta(days=290)):
        request.record_answer(
            outcome=DataRequest.State.REFUSED, answer=stories.REFUSAL, by=director
        )
    with clock.at(clock.now() + timedelta(days=300)):
        measurement_asking.take_further(cast, request)


def _release(cast: Cast, indicator: Indicator, story: Words) -> None:
    _finish(Release.draft(indicator=indicator, by=cast.user("director")), story, cast)


def _finish(release: Release, story: Words, cast: Cast) -> None:
    """Tell the story, protect the small groups, publish."""
    director = cast.user("director")
    release.tell(story=story, by=director)
    release.protect(release.work_out_protection(), by=director)
    release.publish(by=director)


def _try(release: Release, cast: Cast) -> None:
    """Try to publish what is not ready; the ledger keeps what held it."""
    with suppress(GateClosed):
        release.publish(by=cast.user("director"))


def _ask_in_vain(cast: Cast, indicator: Indicator, race: Dimension) -> None:
    """Ask the hospital to count Native mothers; no answer comes."""
    DataRequest.send(
        indicator=indicator,
        dimension=race,
        holder="Alder Valley Hospital",
        organization=cast.organization("committee"),
        ask=stories.ASK_NATIVE,
        due=clock.now() + timedelta(days=60),
        by=cast.user("director"),
    )


def _waived_release(cast: Cast, indicator: Indicator) -> None:
    """Held because the request ran out; a resident agrees to a waiver, in the open."""
    release = Release.draft(indicator=indicator, by=cast.user("director"))
    release.tell(story=stories.VISITS_STORY, by=cast.user("director"))
    _try(release, cast)
    waiver = _waive(release, stories.WAIVER, cast)
    with clock.at(clock.now() + timedelta(days=2)):
        waiver.agree(by=cast.user("resident"))
        # The visits to a small town's Asian mothers are too few to show by the year.
        release.roll_up(to=RolledUp.TWO_YEARS, by=cast.user("director"))
        _finish(release, stories.VISITS_STORY, cast)


def _waive(release: Release, reason: str, cast: Cast) -> Waiver:
    return Waiver.ask(
        gate=publish_release,
        record=release,
        code="groups",
        reason=reason,
        days=60,
        by=cast.user("director"),
    )


def _ask_for_language(cast: Cast, indicator: Indicator, language: Dimension) -> None:
    DataRequest.send(
        indicator=indicator,
        dimension=language,
        holder="State Office of Vital Records",
        ask=stories.ASK_LANGUAGE,
        due=clock.now() + timedelta(days=120),
        by=cast.user("director"),
    )


def _wait_for_a_waiver(cast: Cast, indicator: Indicator) -> None:
    """A release that is held today, with a waiver that waits for the resident's answer."""
    release = Release.draft(indicator=indicator, by=cast.user("director"))
    release.protect(release.work_out_protection(), by=cast.user("director"))
    release.keep_offers(release.work_out_offers())
    _try(release, cast)
    _waive(release, stories.WAIVER_AGAIN, cast)

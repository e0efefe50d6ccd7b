"""The catalogue in the demonstration: tiers, a pack, agreements and crosswalks of groups."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from ciforum.demo.people import Cast
from ciforum.people import clock
from ciforum.people.models import Period
from ciforum.people.words import Words
from equity.models import Dimension
from measurement.catalogue.agreements_due import remind_of_agreements
from measurement.catalogue.packing import bring_in
from measurement.catalogue.packs import KNOWN
from measurement.models import Crosswalk, DataAgreement, Indicator
from measurement.models.crosswalks import Pair

FUNDER = "Three Rivers Foundation"
# Code of an indicator → where it stands in the catalogue.
PLACES: dict[str, dict[str, object]] = {
    "early-prenatal-care": {"tier": "headline", "aspect": "opportunity", "required_by": [FUNDER]},
    "home-visits": {"level": "performance", "aspect": "opportunity"},
    "low-birth-weight": {"tier": "headline"},
    "infant-deaths": {"tier": "headline", "required_by": [FUNDER]},
}
BROUGHT = ("preterm-births", "doula-support", "listened-to", "birth-staff-origin")
INSURANCE = {
    "medicaid": Words(en="Medicaid", es="Medicaid"),
    "private": Words(en="Private insurance", es="Seguro privado"),
    "uninsured": Words(en="No insurance", es="Sin seguro"),
}


def days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def catalogue(cast: Cast) -> None:
    """Order the measures, bring in others, write down agreements, say who is who."""
    with clock.at(days_ago(640)):
        _agree_and_end(cast)
        insurance = _insurance(cast)
        _state_labels(cast)
    with clock.at(days_ago(150)):
        _place(cast)
        bring_in(
            initiative=cast.initiative,
            pack=KNOWN["birth-outcomes"].read(),
            codes=BROUGHT,
            by=cast.user("director"),
        )
        _revise(cast, insurance)
    with clock.at(days_ago(340)):
        _agree_with_an_end_in_sight(cast)
    remind_of_agreements()


def _place(cast: Cast) -> None:
    """Headline or contributing, and where the first one began."""
    year = timezone.now().year - 7
    first = Period.objects.of(
        cast.initiative, Period.Kind.YEAR, date(year, 1, 1), date(year + 1, 1, 1)
    )
    for code, fields in PLACES.items():
        indicator = Indicator.objects.get(initiative=cast.initiative, code=code)
        baseline = {"baseline": first} if code == "early-prenatal-care" else {}
        indicator.describe(
            by=cast.user("director"),
            required_dimensions=list(indicator.required_dimensions.all()),
            frequency="year",
            **fields,
            **baseline,
        )


def _indicators(cast: Cast, *codes: str) -> list[Indicator]:
    return list(Indicator.objects.for_initiative(cast.initiative).filter(code__in=codes))


def _agree_and_end(cast: Cast) -> None:
    """The hospital's first agreement, ended early for a better one."""
    agreement = DataAgreement.start(
        initiative=cast.initiative,
        by=cast.user("director"),
        indicators=_indicators(cast, "home-visits"),
        organizations=[cast.organization("committee"), cast.organization("director")],
        name=Words(en="Home visits, trial year", es="Visitas en casa, año de prueba"),
        terms=Words(
            en="One table a year, for the county as a whole. No town, no group.",
            es="Una tabla al año, para el condado completo. Sin pueblos ni grupos.",
        ),
        starts=clock.now().date(),
        ends=clock.days_on(500, cast.initiative.time_zone),
    )
    with clock.at(clock.now() + timedelta(days=200)):
        agreement.end(
            by=cast.user("director"),
            why=Words(
                en="A table without groups does not show whom the visits leave out. The hospital "
                "agreed to count them.",
                es="Una tabla sin grupos no muestra a quién dejan fuera las visitas. El hospital "
                "aceptó contarlos.",
            ),
        )


def _agree_with_an_end_in_sight(cast: Cast) -> None:
    DataAgreement.start(
        initiative=cast.initiative,
        by=cast.user("director"),
        indicators=_indicators(cast, "early-prenatal-care", "infant-deaths", "low-birth-weight"),
        organizations=[cast.organization("partner"), cast.organization("director")],
        others="State Office of Vital Records",
        name=Words(en="Birth and death records", es="Actas de nacimiento y defunción"),
        terms=Words(
            en="Counts by town, year and race, once a year. No names, no dates of birth, no "
            "addresses. Groups below eleven are never shown. Residents read the numbers before "
            "anybody else does.",
            es="Conteos por pueblo, año y raza, una vez al año. Sin nombres, fechas de nacimiento "
            "ni direcciones. Nunca se muestran grupos menores de once. Las y los residentes leen "
            "los números antes que nadie.",
        ),
        starts=clock.now().date(),
        ends=clock.days_on(365, cast.initiative.time_zone),
        reminder_days=45,
    )


def _state_labels(cast: Cast) -> None:
    """How the state's old files name groups."""
    Crosswalk.start(
        initiative=cast.initiative,
        dimension_code="race",
        name=Words(en="Labels of the state’s files", es="Etiquetas de los archivos del estado"),
        pairs=[
            Pair("Black, not of Hispanic origin", ("black",)),
            Pair("White, not of Hispanic origin", ("white",)),
            Pair("Hispanic", ("latina",)),
            Pair("American Indian", ("native",)),
            Pair("Hmong or Vietnamese", ("hmong", "vietnamese"), "split"),
            Pair("Not stated", (), "none"),
        ],
        by=cast.user("director"),
    )


def _insurance(cast: Cast) -> Dimension:
    by = cast.user("director")
    dimension = Dimension.start(
        initiative=cast.initiative,
        code="insurance",
        name=Words(en="Insurance at birth", es="Seguro al nacer"),
        kind=Dimension.Kind.EXCLUSIVE,
        by=by,
    )
    for code, name in INSURANCE.items():
        dimension.add_group(code=code, name=name, by=by)
    return dimension


def _revise(cast: Cast, insurance: Dimension) -> None:
    """The state tells two kinds of Medicaid apart now: its line breaks off, the others go on."""
    by = cast.user("director")
    after = insurance.revise(by=by)
    after.add_group(
        code="emergency",
        name=Words(en="Emergency Medicaid", es="Medicaid de emergencia"),
        by=by,
    )
    Crosswalk.start(
        initiative=cast.initiative,
        dimension_code="insurance",
        name=Words(en="Insurance at birth: version 1 to 2", es="Seguro al nacer: versión 1 a 2"),
        pairs=[
            Pair("medicaid", ("medicaid", "emergency"), "split"),
            Pair("private", ("private",)),
            Pair("uninsured", ("uninsured",)),
        ],
        before=1,
        by=by,
    )

"""Valid records, made through the same verbs as people use. A test names only what matters."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from agenda import when
from agenda.models import Goal, HistoryEvent, ScenarioSet, Stance, Term
from agenda.models.plans import plan_of
from ciforum.people import clock
from ciforum.people.models import Initiative, Membership, Organization, User
from ciforum.people.words import Words
from equity.models import Committee, Dimension, Policy, Seat
from measurement.models import Cause, DataRequest, Indicator, Release, Submission, SystemsShift
from measurement.reading.periods import PeriodSpec
from measurement.reading.rows import Row, TableReading

_numbers = itertools.count(1)

STORY = Words(
    en="Mothers told us that the clinic closes before the last bus, that interpreters come only on "
    "Mondays, and that rent takes what healthy food would cost. These numbers show what such "
    "days add up to."
)


def an_initiative(slug: str = "", **fields: Any) -> Initiative:
    number = next(_numbers)
    initiative = Initiative.objects.create(
        slug=slug or f"valley-{number}",
        **{"name": Words(en=f"Valley {number}", es=f"Valle {number}"), **fields},
    )
    Policy.of(initiative)
    return initiative


def a_user(email: str = "", **fields: Any) -> User:
    number = next(_numbers)
    return User.objects.create_user(
        email or f"person{number}@example.org", **{"name": f"Person {number}", **fields}
    )


def an_organization(initiative: Initiative, **fields: Any) -> Organization:
    number = next(_numbers)
    values = {
        "name": f"Organization {number}",
        "slug": f"organization-{number}",
        "sector": "health",
    }
    return Organization.objects.create(initiative=initiative, **{**values, **fields})


def a_member(
    initiative: Initiative,
    *roles: str,
    organization: Organization | None = None,
    user: User | None = None,
    **fields: Any,
) -> Membership:
    return Membership.objects.create(
        initiative=initiative,
        user=user or a_user(),
        roles=list(roles),
        organization=organization,
        **fields,
    )


def a_dimension(
    initiative: Initiative,
    code: str = "race",
    groups: Iterable[str] = ("white", "black", "other"),
    kind: str = "exclusive",
    by: User | None = None,
) -> Dimension:
    """A dimension with these groups; "asian/hmong" is Hmong under Asian."""
    dimension = Dimension.start(
        initiative=initiative,
        code=code,
        name=Words(en=code.capitalize(), es=code.capitalize()),
        kind=kind,
        by=by or a_user(),
    )
    made: dict[str, Any] = {}
    for path in groups:
        parent, _slash, name = path.rpartition("/")
        made[path] = dimension.add_group(
            code=name,
            name=Words(en=name.capitalize(), es=name.capitalize()),
            parent=made.get(parent),
            by=None,
        )
    return dimension


def an_indicator(
    initiative: Initiative,
    name: str = "Babies born small",
    required: Iterable[Dimension] = (),
    by: User | None = None,
    definition: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Indicator:
    number = next(_numbers)
    values = {"slug": f"indicator-{number}", "code": f"indicator-{number}", "name": Words(en=name)}
    return Indicator.start(
        initiative=initiative,
        by=by or a_user(),
        required_dimensions=required,
        definition={
            "measure": "proportion",
            "numerator": Words(en="babies born under 2,500 grams"),
            "denominator": Words(en="babies born alive"),
            "direction": "down",
            "scale": 100,
            "unit": Words(en="babies"),
            "source": Words(en="Birth records"),
            **(definition or {}),
        },
        **{**values, **fields},
    )


def a_year(year: int) -> PeriodSpec:
    return PeriodSpec(date(year, 1, 1), date(year + 1, 1, 1), "year", str(year))


def a_submission(
    indicator: Indicator,
    partner: Membership,
    content: bytes = b"place,year,number\nHere,2020,12\n",
    name: str = "numbers.csv",
    kind: str = "table",
) -> Submission:
    """A partner's file, kept and not read yet."""
    return Submission.receive(
        indicator=indicator,
        organization=partner.organization,
        file=SimpleUploadedFile(name, content),
        kind=kind,
        header=content.split(b"\n")[0].decode("utf-8", "replace").split(","),
        signature="test",
        by=partner.user,
    )


def approved(
    indicator: Indicator,
    partner: Membership,
    by: Membership,
    numbers: Mapping[tuple[Any, ...], Any],
    reason: str = "",
    parents: Mapping[str, str] | None = None,
) -> Submission:
    """Numbers that went all the way: {(year, place, *groups): (numerator, denominator)}.

    A value may be a bare numerator, or the code of why it is missing. Groups are written
    "race:black"; none means everyone.
    """
    submission = handed_in(indicator, partner, numbers, reason)
    submission.approve(by=by.user)
    return submission


def handed_in(
    indicator: Indicator,
    partner: Membership,
    numbers: Mapping[tuple[Any, ...], Any],
    reason: str = "",
) -> Submission:
    """Numbers, written as for `approved`, that wait for approval."""
    submission = a_submission(indicator, partner, content=repr(sorted(map(str, numbers))).encode())
    Submission.objects.filter(pk=submission.pk).update(state="checking")
    submission.refresh_from_db()
    submission.store_reading(TableReading([_row(*item) for item in numbers.items()], []))
    submission.hand_in(by=partner.user, reason=reason)
    return submission


def _row(key: tuple[Any, ...], value: Any) -> Row:
    year, place, *groups = key
    period = year if isinstance(year, PeriodSpec) else a_year(year)
    numerator, denominator, missing = None, None, None
    match value:
        case str():
            missing = value
        case int():
            numerator = value
        case (numerator, denominator):
            pass
    return Row(
        line=None,
        place=f"new:{place}",
        period=period,
        groups=frozenset(groups),
        numerator=numerator,
        denominator=denominator,
        missing=missing,
    )


def a_release(indicator: Indicator, by: Membership, *, ready: bool = False) -> Release:
    """A draft of all that is new; `ready` also protects it, tells its story and says who looks
    into the causes of its gaps."""
    release = Release.draft(indicator=indicator, by=by.user)
    if ready:
        not_looked_into(indicator, by)
        what_should_move_it(indicator, by)
        release.protect(release.work_out_protection(), by=by.user)
        release.tell(story=STORY, by=by.user)
    return release


def a_request(indicator: Indicator, dimension: Dimension, by: Membership, days: int = 60) -> Any:
    return DataRequest.send(
        indicator=indicator,
        dimension=dimension,
        holder="State Department of Health",
        ask="Please count births by mother's race in finer groups than white, black and other.",
        due=clock.now() + timedelta(days=days),
        by=by.user,
    )


def an_event(
    initiative: Initiative,
    by: User | None = None,
    title: str = "",
    *,
    began: str = "1988",
    ended: str = "",
    published: bool = True,
    **fields: Any,
) -> HistoryEvent:
    """A structural event of the history, published unless told otherwise."""
    person = by or a_user()
    event = HistoryEvent.propose(
        initiative=initiative,
        by=person,
        began=when.read(began),
        ended=when.read(ended) if ended else None,
        **{
            "title": Words(en=title or f"The hospital closed ward {next(_numbers)}"),
            "what_happened": Words(en="Mothers had to cross the river to give birth."),
            "kind": "harm",
            "is_structural": True,
            **fields,
        },
    )
    if published:
        event.publish(by=person)
    return event


def not_looked_into(indicator: Indicator, by: Membership, days: int = 180) -> None:
    """Say that nobody has looked for causes, where nothing is said yet."""
    if not indicator.causes.named().exists() and not indicator.causes.promised().exists():
        Cause.not_researched(
            indicator=indicator,
            who="The elders' circle",
            until=(clock.now() + timedelta(days=days)).date(),
            by=by.user,
        )


def what_should_move_it(indicator: Indicator, by: Membership) -> None:
    """Hope for a systems shift, where a headline number has none beside it."""
    if indicator.tier == "headline" and not indicator.shifts.standing().exists():
        SystemsShift.propose(
            initiative=indicator.initiative,
            by=by.user,
            title=Words(en="Every clinic stays open late"),
            level="structural",
            kind="practice",
            strategies=[2],
            before=Words(en="Clinics close before the last bus."),
            after=Words(en="Clinics are open until the last bus."),
            indicators=[indicator],
        )


def a_term(initiative: Initiative, by: Membership, code: str = "", **fields: Any) -> Term:
    """A word just proposed, in English and Spanish."""
    code = code or f"word-{next(_numbers)}"
    values = {
        "word": Words(en=code.replace("-", " "), es=f"{code.replace('-', ' ')} (es)"),
        "definition": Words(en="What we mean by it.", es="Lo que queremos decir."),
    }
    return Term.propose(initiative=initiative, by=by.user, code=code, **{**values, **fields})


def an_agreed_term(initiative: Initiative, by: Membership, code: str = "", **fields: Any) -> Term:
    """A word that three residents agreed on, settled by `by` a week after it was proposed."""
    with clock.at(clock.now() - timedelta(days=8)):
        term = a_term(initiative, by, code, **fields)
    agreed(term, by)
    return term


def agreed(term: Term, by: Membership) -> None:
    """Let three new residents agree with the newest wording, and settle it."""
    for _each in range(3):
        resident = a_member(term.initiative, "community")
        Stance.take(wording=term.newest, by=resident.user, agrees=True)
    term.settle(by=by.user)


def a_committee(initiative: Initiative, **fields: Any) -> Committee:
    number = next(_numbers)
    values = {"slug": f"committee-{number}", "name": Words(en="Committee")}
    return Committee.found(initiative=initiative, by=a_user(), **{**values, **fields})


def a_seat(
    committee: Committee,
    holder: Membership,
    seat_class: str = "lived_experience",
    **fields: Any,
) -> Seat:
    """A seat that is taken; for lived experience, chosen by two residents made for it."""
    seat = Seat.offer(
        committee=committee, holder=holder, seat_class=seat_class, by=a_user(), **fields
    )
    if seat.is_lived:
        for _resident in range(Policy.of(committee.initiative).resident_choosers):
            seat.choose(by=a_member(committee.initiative, "community"))
    seat.take(by=holder.user)
    return seat


def a_map(
    initiative: Initiative, by: Membership, people: int = 2, stages: int = 2, slug: str = ""
) -> ScenarioSet:
    """A map with this many people and stages: the first meets three obstacles a stage, each next
    one fewer, and the last a support."""
    made = ScenarioSet.start(
        initiative=initiative,
        slug=slug or f"map-{next(_numbers)}",
        title=Words(en="Nine months", es="Nueve meses"),
        purpose=Words(en="So that we look at the system and not at her."),
        by=by.user,
    )
    columns = [
        made.add_scenario(
            name=Words(en=f"Ana {number}"),
            who=Words(en="Expects a child"),
            origin="invented",
            by=by.user,
        )
        for number in range(1, people + 1)
    ]
    rows = [
        made.add_stage(title=Words(en=f"Month {number}"), by=by.user)
        for number in range(1, stages + 1)
    ]
    for place, person in enumerate(columns):
        for stage in rows:
            kinds = ["obstacle"] * max(3 - place, 1) + ["support"] * (person == columns[-1])
            for kind in kinds:
                made.add_mark(
                    scenario=person, stage=stage, kind=kind, text=Words(en=kind), by=by.user
                )
    return made


def a_goal(
    initiative: Initiative,
    by: Membership,
    dimensions: Iterable[Dimension] = (),
    **fields: Any,
) -> Goal:
    """A draft: 90 percent of everyone have early care."""
    values = {
        "slug": f"goal-{next(_numbers)}",
        "level": "population",
        "name": Words(en="Every mother has care from the start", es="Toda madre tiene atención"),
        "target_value": Decimal(90),
        "target_unit": Words(en="percent", es="por ciento"),
    }
    return Goal.start(
        initiative=initiative, by=by.user, dimensions=dimensions, **{**values, **fields}
    )


def planned(goal: Goal, by: Membership) -> Goal:
    """A barrier and a strategy for every group that needs them."""
    for plan in plan_of(goal):
        if plan.needs_plan and plan.lacks:
            barrier = goal.name_barrier(
                group=plan.group, kind="blocks", text=Words(en="No bus goes there"), by=by.user
            )
            goal.plan(group=plan.group, text=Words(en="A van"), barrier=barrier, by=by.user)
    return goal

"""Charters at any stage, brought there by the verbs people use."""

from __future__ import annotations

from typing import Any

from agenda import citing
from agenda.lexicon.starters import STARTERS
from agenda.models import CharterVersion, Goal, Paragraph, Part, Term
from agenda.models.charter import Charter
from ciforum.people.models import Membership
from ciforum.people.words import Words
from tests import builders, deciding

GROUPS = {
    (2020, "Here"): (620, 10510),
    (2020, "Here", "race:white"): (390, 8670),
    (2020, "Here", "race:black"): (230, 1840),
}


def a_draft(initiative: Any, by: Membership) -> CharterVersion:
    """A first draft that says something in every part it needs, and cites nothing."""
    version = CharterVersion.start(initiative=initiative, by=by.user)
    for part, words in {
        Part.PROBLEM: "Babies are born small where rents are high.",
        Part.VISION: "Every baby is born healthy.",
        Part.PRINCIPLES: "Nothing about us without us.",
    }.items():
        version.add(part=part, text=Words(en=words, es=f"{words} (es)"), by=by.user)
    return version


def paragraph(version: CharterVersion, part: str = Part.PROBLEM) -> Paragraph:
    found: Paragraph = version.paragraphs.filter(part=part).first()
    return found


def cite(version: CharterVersion, kind: str, record: Any, by: Membership, part: str = "") -> Any:
    anchor = str(paragraph(version, part or Part.PROBLEM).uid)
    return citing.cite(version, kind=kind, uid=record.uid, by=by.user, anchor=anchor)


def a_figure(initiative: Any, by: Membership, numbers: Any = None) -> Any:
    """An indicator with a release, which shows groups unless `numbers` does not."""
    from equity.models import Dimension  # noqa: PLC0415 - only where groups are made

    if not Dimension.objects.for_initiative(initiative).filter(code="race").exists():
        builders.a_dimension(initiative, groups=("white", "black"))
    partner = builders.a_member(
        initiative, "partner", organization=builders.an_organization(initiative)
    )
    indicator = builders.an_indicator(initiative)
    builders.approved(indicator, partner, by, numbers or GROUPS)
    builders.not_looked_into(indicator, by)
    builders.a_release(indicator, by, ready=True).publish(by=by.user)
    return indicator


def a_finding(initiative: Any, by: Membership, indicator: Any) -> Any:
    """What a resident found at a data walk through this indicator, agreed."""
    from tests import walks_building  # noqa: PLC0415 - it builds on this module

    walk = walks_building.an_open_walk(initiative, by, indicator)
    return walks_building.an_agreed_finding(walk, by)


def a_goal(initiative: Any, by: Membership, level: str) -> Goal:
    """A goal that is put to a decision."""
    goal = Goal.start(
        initiative=initiative,
        by=by.user,
        level=level,
        slug=f"goal-{level}-{next(builders._numbers)}",
        name=Words(en=f"Every family is well ({level})"),
    )
    goal.propose(decision=deciding.a_decision(deciding.a_committee(initiative, by), by), by=by.user)
    return goal


def link(version: CharterVersion, *goals: Goal, by: Membership) -> None:
    from agenda.drafting import Chosen  # noqa: PLC0415 - only here

    seen = set(version.goals.values_list("uid", flat=True))
    version.write(by=by.user, goals=Chosen(seen, seen | {goal.uid for goal in goals}))


def agree_on_words(initiative: Any, by: Membership) -> None:
    """All core words of the lexicon are agreed."""
    for starter in STARTERS:
        if starter.is_core:
            builders.an_agreed_term(initiative, by, starter.code, is_core=True)
    assert not Term.missing_core(initiative)


def a_ready_draft(initiative: Any, by: Membership) -> CharterVersion:
    """A draft that meets every rule in force."""
    version = a_draft(initiative, by)
    agree_on_words(initiative, by)
    cite(version, "event", builders.an_event(initiative, by.user), by)
    figure = a_figure(initiative, by)
    cite(version, "figure", figure, by)
    cite(version, "finding", a_finding(initiative, by, figure), by)
    goals = [a_goal(initiative, by, level) for level in ("population", "systems")]
    link(version, *goals, by=by)
    return version


def a_carrying_decision(version: CharterVersion, by: Membership) -> tuple[Any, list[Any]]:
    """A decision in draft that would adopt the version, and the seats that decide."""
    committee, seats = deciding.a_body(version.initiative, by)
    decision = deciding.a_decision(
        committee, by, effect="charter.adopt", effect_params={"version": str(version.uid)}
    )
    return decision, seats


def adopted(version: CharterVersion, by: Membership) -> CharterVersion:
    """The version, adopted by a decision that passed."""
    decision, seats = a_carrying_decision(version, by)
    deciding.closed(decision, by, dict.fromkeys(seats, "agree"))
    return CharterVersion.objects.get(pk=version.pk)


def proposed(version: CharterVersion, by: Membership) -> CharterVersion:
    """The version, frozen: its decision is open for input."""
    decision, _seats = a_carrying_decision(version, by)
    deciding.in_input(decision, by)
    return CharterVersion.objects.get(pk=version.pk)


def versions(initiative: Any) -> dict[int, str]:
    """number → state of every version."""
    return dict(Charter.of(initiative).versions.values_list("number", "state"))

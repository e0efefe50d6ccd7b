"""Universal goals as others see them: as the effect of a decision, cited, and as evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agenda.citing import hang, record_of
from agenda.models.goals import Goal
from agenda.models.plans import Barrier, plan_of
from agenda.progress import goal_sentence
from ciforum.people import registry
from ciforum.people.models import Citable, Citation
from ciforum.people.registry import Effect, Evidence, EvidenceSource
from equity.steps import adopt_goal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agenda.models.decisions import Decision
    from ciforum.people.models import Initiative, Membership

KIND, ADOPT, RETIRE = "goal", "goal.adopt", "goal.retire"


# --- what a decision does


def subject(initiative: Initiative, params: dict[str, Any]) -> Goal | None:
    """The goal that a decision names, or None."""
    try:
        uid = UUID(str(params.get("goal", "")))
    except ValueError:
        return None
    return Goal.objects.for_initiative(initiative).filter(uid=uid).first()


def content(goal: Goal) -> dict[str, Any]:
    """All that a decision adopts, in plain values and a fixed order."""
    return {
        "level": goal.level,
        "name": dict(goal.name),
        "why": dict(goal.why),
        "target": None if goal.target_value is None else f"{goal.target_value.normalize():f}",
        "unit": dict(goal.target_unit),
        "by": goal.target_by.isoformat() if goal.target_by else None,
        "dimensions": sorted(f"{each.code}/{each.version}" for each in goal.dimensions.all()),
        "barriers": [
            [str(each.group.uid), each.kind, dict(each.text)]
            for each in goal.barriers.select_related("group")
        ],
        "strategies": [
            [
                str(each.group.uid),
                dict(each.text),
                dict(each.barrier.text) if each.barrier else None,
            ]
            for each in goal.strategies.select_related("group", "barrier")
        ],
        "not_yet": [
            [str(each.group.uid), each.until.isoformat(), dict(each.why)]
            for each in goal.waits.select_related("group")
        ],
    }


def _drafts(initiative: Initiative) -> Iterable[tuple[dict[str, Any], str]]:
    for goal in Goal.objects.for_initiative(initiative).filter(state=Goal.State.DRAFT):
        yield {"goal": str(goal.uid)}, str(goal)


def _adopted(initiative: Initiative) -> Iterable[tuple[dict[str, Any], str]]:
    for goal in Goal.objects.for_initiative(initiative).filter(state=Goal.State.ADOPTED):
        yield {"goal": str(goal.uid)}, str(goal)


def _adopt_sentence(goal: Goal) -> str:
    return _("If it passes, “%(goal)s” becomes a goal of the community, with its strategies.") % {
        "goal": goal
    }


def _retire_sentence(goal: Goal) -> str:
    return _("If it passes, “%(goal)s” ends as a goal of the community.") % {"goal": goal}


def _adopt(decision: Decision, goal: Goal) -> None:
    goal.adopt(decision=decision, by=decision.closed_by)


def _retire(decision: Decision, goal: Goal) -> None:
    goal.retire(decision=decision, by=decision.closed_by)


def _freeze(goal: Goal, decision: Decision) -> None:
    goal.propose(decision=decision, by=None)


def _let_go(goal: Goal, decision: Decision) -> None:
    goal.take_back(decision=decision, by=None)


# --- where others cite it


def of(citable: Citable) -> Goal:
    found: Goal = record_of(citable, _every())
    return found


def _every() -> Any:
    return Goal.objects.select_related("initiative")


def _choices(initiative: Initiative, member: Membership | None) -> list[tuple[UUID, str]]:
    return [(each.uid, str(each)) for each in Goal.objects.for_initiative(initiative).current()]


def _find(initiative: Initiative, uid: Any) -> Citable | None:
    goals = Goal.objects.for_initiative(initiative).current().select_related("initiative")
    goal = goals.filter(uid=uid).first()
    return Citable.of(goal, KIND) if goal else None


def _public_urls(initiative: Initiative) -> list[str]:
    goals = Goal.objects.for_initiative(initiative).current().select_related("initiative")
    return [each.get_absolute_url() for each in goals]


def _citer(citation: Citation, member: Membership | None) -> registry.Citer | None:
    """The goal one of whose barriers cites something, to whoever may see it."""
    barriers = Barrier.objects.select_related("goal__initiative")
    barrier = barriers.filter(uid=citation.source_uid).first()
    if barrier is None or not (barrier.goal.is_public or member is not None):
        return None
    url = barrier.goal.get_absolute_url()
    return registry.Citer(gettext_lazy("Goal"), str(barrier.goal), url)


# --- evidence for the equity strategies


def strategies_made(initiative: Initiative, member: Membership | None) -> Evidence:
    """Groups that have not reached a goal, and those with a strategy made for them."""
    below = planned = waiting = 0
    for goal in Goal.objects.for_initiative(initiative).current().prefetch_related("dimensions"):
        for plan in plan_of(goal):
            if plan.needs_plan:
                below += 1
                planned += bool(plan.strategies) or (plan.borrows and not _waits(plan))
                waiting += bool(_waits(plan))
    if not below:
        sentence = _("No goal is adopted yet, so no group has a strategy made for it.")
    else:
        sentence = ngettext(
            "Of %(below)s group that has not reached a goal, %(planned)s has a strategy made for "
            "it, and %(waiting)s is put off in the open.",
            "Of %(below)s groups that have not reached a goal, %(planned)s have a strategy made "
            "for them, and %(waiting)s are put off in the open.",
            below,
        ) % {"below": below, "planned": planned, "waiting": waiting}
    return Evidence(sentence, planned, (_link(initiative),))


def _waits(plan: Any) -> bool:
    """The plan that counts for the group, its own or that of the whole, is a "not yet"."""
    own = plan.above if plan.borrows else plan
    return own.wait is not None and not own.strategies


def systems_beside(initiative: Initiative, member: Membership | None) -> Evidence:
    counts = Goal.objects.levels(initiative)
    sentence = (
        ngettext(
            "%(systems)s goal for systems stands beside %(population)s for the population.",
            "%(systems)s goals for systems stand beside %(population)s for the population.",
            counts["systems"],
        )
        % counts
    )
    if not counts["systems"]:
        sentence = _("No goal for systems stands beside the goals for the population yet.")
    return Evidence(sentence, counts["systems"], (_link(initiative),))


def _link(initiative: Initiative) -> tuple[str, str]:
    return _("See the goals"), reverse("agenda:goals", args=[initiative.slug])


def register() -> None:
    """Fill the ground's tables; called once at start-up."""
    adopt_goal.guards(Goal)
    registry.effects.add(
        ADOPT,
        Effect(
            label=gettext_lazy("Adopt a goal"),
            sentence=_adopt_sentence,
            subject=subject,
            ask=lambda goal, decision: adopt_goal.ask(goal),
            carry_out=_adopt,
            content=content,
            choices=_drafts,
            freeze=_freeze,
            let_go=_let_go,
        ),
    )
    registry.effects.add(
        RETIRE,
        Effect(
            label=gettext_lazy("End a goal"),
            sentence=_retire_sentence,
            subject=subject,
            ask=lambda goal, decision: [],
            carry_out=_retire,
            content=content,
            choices=_adopted,
        ),
    )
    registry.citations.add(
        KIND,
        registry.CitationKind(
            label=gettext_lazy("Goal"),
            icon="target",
            title=lambda citable: str(of(citable)),
            url=lambda citable: of(citable).get_absolute_url(),
            excerpt=lambda citable, member: goal_sentence(of(citable)),
            visible_to=lambda citable, member: of(citable).is_public,
            choices=_choices,
            find=_find,
            load=lambda citables: hang(citables, _every()),
        ),
    )
    registry.public_urls.add("goals", _public_urls)
    registry.citers.add("agenda.barrier", _citer)
    for name, strategy, question, answer in (
        (
            "agenda.strategies",
            1,
            gettext_lazy("Which groups below a goal have a strategy made for them?"),
            strategies_made,
        ),
        (
            "agenda.systems",
            2,
            gettext_lazy("Does a systems goal stand beside the population goals?"),
            systems_beside,
        ),
    ):
        registry.evidence.add(name, EvidenceSource(strategy, question, answer))

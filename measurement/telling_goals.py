"""Who hears that a goal is measured by a definition that no longer stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.models import Goal
from ciforum.people import registry
from ciforum.people.duties import owe, settle
from ciforum.people.models import Initiative, Membership, Role
from ciforum.people.words import Words

if TYPE_CHECKING:
    from measurement.models import Indicator

AIM = "target.aim"


def defined(indicator: Indicator) -> None:
    """Goals that it measured by its earlier definition wait for the backbone to say what does."""
    measured = Goal.objects.filter(
        targets__ended_at=None, targets__version__indicator=indicator
    ).distinct()
    staff = Membership.objects.for_initiative(indicator.initiative).current()
    for member in staff.with_role(Role.BACKBONE):
        for goal in measured:
            owe(
                member,
                AIM,
                about=goal.uid,
                dedup_key=f"{goal.uid}:{indicator.current.uid}",
                indicator=dict(indicator.name),
                goal=dict(goal.name),
                slug=goal.slug,
            )


def aimed(goal: Goal) -> None:
    settle(goal.uid, AIM)


def _sentence(params: dict[str, Any]) -> str:
    return _(
        "“%(indicator)s” is defined anew, and “%(goal)s” is still measured by the earlier"
        " definition. Say what measures it now."
    ) % {"indicator": Words(params["indicator"]), "goal": Words(params["goal"])}


def _url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("measurement:target", args=[initiative.slug, params["slug"]])


def register() -> None:
    """Fill the ground's table of duties; called once at start-up."""
    kind = registry.DutyKind(_sentence, _url, gettext_lazy("Say what measures it"), "target")
    registry.duties.add(AIM, kind)

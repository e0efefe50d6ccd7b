"""The effect "charter.adopt": what a passed decision does with a version of the charter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.models.charter import CharterVersion
from ciforum.people import registry
from equity.steps import adopt_charter

if TYPE_CHECKING:
    from agenda.models.decisions import Decision
    from ciforum.people.models import Initiative

EFFECT = "charter.adopt"


def register() -> None:
    """Fill the ground's table of effects; called once at start-up."""
    registry.effects.add(
        EFFECT,
        registry.Effect(
            label=gettext_lazy("Adopt the charter"),
            sentence=sentence,
            subject=subject,
            ask=lambda version, decision: adopt_charter.ask(version),
            carry_out=carry_out,
            content=lambda version: version.content(),
            choices=choices,
            freeze=freeze,
            let_go=let_go,
        ),
    )


def sentence(version: CharterVersion) -> str:
    if version.charter.versions.adopted().exists():
        return _("Version %(number)s of the charter is adopted and replaces the one before.") % {
            "number": version.number
        }
    return _("Version %(number)s of the charter is adopted.") % {"number": version.number}


def subject(initiative: Initiative, params: dict[str, Any]) -> CharterVersion | None:
    try:
        uid = UUID(str(params.get("version", "")))
    except ValueError:
        return None
    own = CharterVersion.objects.for_initiative(initiative).filter(uid=uid)
    found: CharterVersion | None = own.select_related("initiative", "charter").first()
    return found


def choices(initiative: Initiative) -> Iterable[tuple[dict[str, Any], str]]:
    """The draft, and what was proposed already."""
    own = CharterVersion.objects.for_initiative(initiative)
    for version in own.filter(state__in=["draft", "proposed"]):
        yield {"version": str(version.uid)}, str(version)


def freeze(version: CharterVersion, decision: Decision) -> None:
    """From when the decision opens nothing of the version changes."""
    version.propose(by=decision.proposed_by, decision_uid=decision.uid)


def let_go(version: CharterVersion, decision: Decision) -> None:
    """The decision ended, or goes on, without this version."""
    version.let_go(by=decision.closed_by, refused=decision.state in ("counted", "closed"))


def carry_out(decision: Decision, version: CharterVersion) -> None:
    """Adopt it, inside the decision's close. May raise GateClosed."""
    version.adopt(by=decision.closed_by, decision_uid=decision.uid)

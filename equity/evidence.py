"""What equity itself can show for the five strategies: counts of what really happened."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ciforum.people import clock, registry
from ciforum.people.models import Initiative, Membership, Role
from ciforum.people.registry import Evidence, EvidenceSource
from equity.models import Committee, Dimension, Group, LedgerEntry, Waiver

YEAR = timedelta(days=365)


def groups_told_apart(initiative: Initiative, member: Membership | None) -> Evidence:
    dimensions = Dimension.objects.for_initiative(initiative).current().count()
    groups = Group.objects.for_initiative(initiative).filter(dimension__retired_at=None).count()
    sentence = ngettext(
        "We can tell %(groups)s groups apart, in one dimension.",
        "We can tell %(groups)s groups apart, in %(dimensions)s dimensions.",
        dimensions,
    ) % {"groups": groups, "dimensions": dimensions}
    if not dimensions:
        sentence = _("We tell no groups apart yet, so no gap between groups can be seen.")
    return Evidence(sentence, dimensions, (_link("dimensions", initiative, _("See the groups")),))


def residents(initiative: Initiative, member: Membership | None) -> Evidence:
    members = Membership.objects.for_initiative(initiative).current()
    here = members.with_role(Role.COMMUNITY).values("user").distinct().count()
    everybody = members.values("user").distinct().count()
    sentence = ngettext(
        "%(here)s of %(everybody)s members is a community member.",
        "%(here)s of %(everybody)s members are community members.",
        here,
    ) % {"here": here, "everybody": everybody}
    return Evidence(sentence, here)


def who_decides(initiative: Initiative, member: Membership | None) -> Evidence:
    """How the voting seats of the bodies that decide stand to the floor."""
    bodies = [
        each.composition()
        for each in Committee.objects.for_initiative(initiative).standing()
        if each.kind != Committee.Kind.WORKING_GROUP
    ]
    held = [floor for floor in bodies if floor.seats]
    lived, met = sum(floor.lived for floor in held), sum(floor.is_met for floor in held)
    link = (_("See the committees"), reverse("agenda:committees", args=[initiative.slug]))
    if not held:
        return Evidence(_("Nobody holds a seat yet, so nothing can be decided here."), 0, (link,))
    sentence = ngettext(
        "One of %(seats)s seats that vote is for lived experience.",
        "%(lived)s of %(seats)s seats that vote are for lived experience.",
        lived,
    ) % {"lived": lived, "seats": sum(floor.seats for floor in held)}
    sentence += " " + ngettext(
        "%(met)s of %(bodies)s body that decides has enough of them.",
        "%(met)s of %(bodies)s bodies that decide have enough of them.",
        len(held),
    ) % {"met": met, "bodies": len(held)}
    return Evidence(sentence, lived, (link,))


def waivers_decided(initiative: Initiative, member: Membership | None) -> Evidence:
    waivers = Waiver.objects.for_initiative(initiative).filter(asked_at__gt=clock.now() - YEAR)
    asked = waivers.count()
    agreed = waivers.filter(state=Waiver.State.AGREED).count()
    refused = waivers.filter(state=Waiver.State.REFUSED).count()
    sentence = ngettext(
        "One waiver was asked for in the last twelve months. Residents agreed to %(agreed)s and "
        "refused %(refused)s.",
        "%(asked)s waivers were asked for in the last twelve months. Residents agreed to "
        "%(agreed)s and refused %(refused)s.",
        asked,
    ) % {"asked": asked, "agreed": agreed, "refused": refused}
    if not asked:
        sentence = _("No waiver was asked for in the last twelve months.")
    return Evidence(sentence, asked, (_link("waivers", initiative, _("See the waivers")),))


def holds_and_passes(initiative: Initiative, member: Membership | None) -> Evidence:
    entries = LedgerEntry.objects.for_initiative(initiative).filter(at__gt=clock.now() - YEAR)
    holds = entries.filter(kind=LedgerEntry.Kind.HOLD).count()
    passes = entries.filter(kind=LedgerEntry.Kind.PASS).count()
    sentence = _(
        "In the last twelve months steps were held %(holds)s and let through %(passes)s."
    ) % {
        "holds": ngettext("once", "%(times)s times", holds) % {"times": holds},
        "passes": ngettext("once", "%(times)s times", passes) % {"times": passes},
    }
    if not holds and not passes:
        sentence = _("No step has come before a gate in the last twelve months.")
    return Evidence(sentence, holds, (_link("ledger", initiative, _("See the ledger")),))


def _link(name: str, initiative: Initiative, label: str) -> tuple[str, str]:
    return label, reverse(f"equity:{name}", args=[initiative.slug])


def register() -> None:
    """Fill the ground's table of evidence; called once at start-up."""
    for name, strategy, question, answer in (
        ("equity.groups", 1, gettext_lazy("Which groups can we see?"), groups_told_apart),
        (
            "equity.seats",
            3,
            gettext_lazy("Who decides, and do residents hold enough seats?"),
            who_decides,
        ),
        ("equity.residents", 3, gettext_lazy("How many of us are residents?"), residents),
        ("equity.waivers", 3, gettext_lazy("Who lets a rule be waived?"), waivers_decided),
        ("equity.ledger", 5, gettext_lazy("Do our rules hold us back?"), holds_and_passes),
    ):
        registry.evidence.add(name, EvidenceSource(strategy, question, answer))

"""The agenda at a glance: where each of its parts stands, for its first page and the front page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agenda.models import CharterVersion, Decision, Goal, HistoryEvent, ScenarioSet, Term
from ciforum.people import registry
from ciforum.people.registry import Evidence, EvidenceSource
from equity.models import Committee, Seat, SeatClass

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, Membership
    from ciforum.people.requests import MemberRequest
    from ciforum.people.words import Words

# States in which a decision asks somebody for something now.
LIVE = ("input", "deliberation", "last_word", "voting")


@dataclass(frozen=True)
class Tile:
    """What `_tile.html` needs."""

    name: str
    url: str
    number: str = ""
    note: str = ""
    state: str = ""
    status: str = ""


@dataclass(frozen=True)
class Live:
    """A decision that goes on now, and until when its step lasts."""

    decision: Decision
    until: datetime | None
    tone: str = field(default="watch")


def register() -> None:
    """Fill the ground's tables; called once at start-up."""
    registry.front_parts.add("agenda", part)
    registry.public_urls.add("agenda", public_urls)
    registry.evidence.add(
        "agenda.charter",
        EvidenceSource(
            1,
            gettext_lazy("Does each part of the charter stand on figures and history?"),
            charter_stands_on,
        ),
    )


def tiles(initiative: Initiative) -> list[Tile]:
    """One tile for each part of the agenda, the same for everybody."""
    return [
        _charter(initiative),
        _goals(initiative),
        _decisions(initiative),
        _lexicon(initiative),
        _history(initiative),
        _maps(initiative),
        _committees(initiative),
    ]


def live(initiative: Initiative) -> list[Live]:
    """Decisions that go on now, those that end first first."""
    found = Decision.objects.for_initiative(initiative).public().filter(state__in=LIVE)
    rows = [Live(each, _until(each)) for each in found.select_related("committee", "initiative")]
    return sorted(rows, key=lambda row: (row.until is None, row.until, row.decision.pk))


def in_force(initiative: Initiative) -> CharterVersion | None:
    own = CharterVersion.objects.for_initiative(initiative).adopted()
    found: CharterVersion | None = own.select_related("initiative").first()
    return found


def part(request: MemberRequest) -> registry.FrontPart | None:
    """The vision in short, and what one can have a say in now; nothing while there is neither."""
    initiative = request.initiative
    version, now = in_force(initiative), live(initiative)
    vision = _vision(version) if version else None
    if not vision and not now:
        return None
    return registry.FrontPart(
        "agenda/_front.html",
        {
            "vision": vision,
            "charter_url": reverse("agenda:charter", args=[initiative.slug]),
            "open": [row for row in now if row.decision.state == "input"],
            "next": next((row for row in now if row.until and row.decision.state != "input"), None),
        },
    )


def public_urls(initiative: Initiative) -> Iterator[str]:
    """The pages of the charter, and of every decision, event, goal and map that is public."""
    slug = initiative.slug
    for name in (
        *("overview", "charter", "goals", "decisions", "lexicon", "history", "scenarios"),
        "committees",
    ):
        yield reverse(f"agenda:{name}", args=[slug])
    for model in (Decision, Goal):
        for record in model.objects.for_initiative(initiative).public():
            record.initiative = initiative
            yield record.get_absolute_url()
    for version in CharterVersion.objects.for_initiative(initiative).visible_to(None):
        version.initiative = initiative
        yield version.get_absolute_url()


def charter_stands_on(initiative: Initiative, member: Membership | None) -> Evidence:
    version = in_force(initiative)
    link = (_("See the charter"), reverse("agenda:charter", args=[initiative.slug]))
    if version is None:
        return Evidence(_("No charter is in force yet."), 0)
    paragraphs = version.paragraphs.count()
    kinds = [each for each in version.citations() if each.citable.withdrawn_at is None]
    standing = len({each.anchor for each in kinds})
    figures = sum(each.citable.kind == "figure" for each in kinds)
    events = sum(each.citable.kind == "event" for each in kinds)
    sentence = ngettext(
        "%(standing)s of its %(paragraphs)s paragraphs cites something:",
        "%(standing)s of its %(paragraphs)s paragraphs cite something:",
        standing,
    ) % {"standing": standing, "paragraphs": paragraphs}
    counted = _("figures %(figures)s, events of our history %(events)s.") % {
        "figures": figures,
        "events": events,
    }
    return Evidence(f"{sentence} {counted}", standing, (link,))


def _vision(version: CharterVersion) -> Words | None:
    first = version.paragraphs.filter(part="vision").first()
    return first.text if first else None


def _until(decision: Decision) -> datetime | None:
    return decision.input_until if decision.state == "input" else decision.acts_at


def _url(initiative: Initiative, name: str) -> str:
    return reverse(f"agenda:{name}", args=[initiative.slug])


def _charter(initiative: Initiative) -> Tile:
    url, name = _url(initiative, "charter"), _("Charter")
    version = in_force(initiative)
    if version and version.adopted_at:
        day = date_format(localtime(version.adopted_at), "DATE_FORMAT")
        note = _("in force since %(day)s") % {"day": day}
        number = _("Version %(number)s") % {"number": version.number}
        return Tile(name, url, number, note, "ok", _("Adopted"))
    own = CharterVersion.objects.for_initiative(initiative)
    if own.filter(state="proposed").exists():
        return Tile(name, url, "", _("Put to a decision now."), "watch", _("Proposed"))
    return Tile(name, url, "", _("None is in force yet."), "neutral", _("Not yet adopted"))


def _goals(initiative: Initiative) -> Tile:
    counted = _counts(Goal.objects.for_initiative(initiative), "state")
    adopted, proposed = counted.get("adopted", 0), counted.get("proposed", 0)
    note = _("adopted for everyone")
    if proposed:
        note += " · " + ngettext(
            "%(number)s put to a decision", "%(number)s put to a decision", proposed
        ) % {"number": proposed}
    return Tile(_("Goals"), _url(initiative, "goals"), str(adopted), note)


def _decisions(initiative: Initiative) -> Tile:
    counted = _counts(Decision.objects.for_initiative(initiative).public(), "state")
    names = {
        "input": _("open for input: %(number)s"),
        "last_word": _("at last word: %(number)s"),
        "voting": _("vote open: %(number)s"),
    }
    said = [names[state] % {"number": counted[state]} for state in names if counted.get(state)]
    going = sum(counted.get(state, 0) for state in LIVE)
    note = ", ".join(said) or _("none asks for anything now")
    return Tile(_("Decisions now"), _url(initiative, "decisions"), str(going), note)


def _lexicon(initiative: Initiative) -> Tile:
    every = Term.objects.for_initiative(initiative)
    agreed, rest = every.in_use().count(), every.filter(in_force=None).count()
    note = ngettext("agreed, %(number)s still open", "agreed, %(number)s still open", rest) % {
        "number": rest
    }
    return Tile(_("Words"), _url(initiative, "lexicon"), str(agreed), note)


def _history(initiative: Initiative) -> Tile:
    number = HistoryEvent.objects.for_initiative(initiative).published().count()
    note = _("what made it so, told by those who know")
    return Tile(_("Events of our history"), _url(initiative, "history"), str(number), note)


def _maps(initiative: Initiative) -> Tile:
    number = ScenarioSet.objects.for_initiative(initiative).filter(state="published").count()
    note = _("one journey, seen from several lives")
    return Tile(_("Maps"), _url(initiative, "scenarios"), str(number), note)


def _committees(initiative: Initiative) -> Tile:
    number = Committee.objects.for_initiative(initiative).filter(ended_at=None).count()
    seats = Seat.objects.for_initiative(initiative).filter(state="seated", is_voting=True)
    counted = _counts(seats, "seat_class")
    lived, every = counted.get(SeatClass.LIVED, 0), sum(counted.values())
    note = _("%(lived)s of %(every)s voting seats are for lived experience") % {
        "lived": lived,
        "every": every,
    }
    return Tile(_("Committees"), _url(initiative, "committees"), str(number), note)


def _counts(rows: Any, by: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(by).annotate(Count("pk")))

"""The charter, as everybody may read it: what holds, every version, and how two of them differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agenda import citing, comparing
from agenda.citing import Cited
from agenda.models import CharterVersion, Paragraph, Part
from agenda.permissions import may_draft_charter
from agenda.views.tabs import crumbs, tabs
from ciforum.people.models import Citation
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest
from ciforum.people.words import Words
from equity.presenting import Answers, present
from equity.steps import adopt_charter

STATUS = {
    "draft": "neutral",
    "proposed": "watch",
    "adopted": "ok",
    "superseded": "neutral",
    "rejected": "off",
    "withdrawn": "off",
}
State = CharterVersion.State
# Which version a reader wants who asks for "the charter".
FIRST = (State.ADOPTED, State.PROPOSED, State.DRAFT)


@dataclass(frozen=True)
class Section:
    """One part of a version: its paragraphs, each with what it cites."""

    part: Part
    paragraphs: list[tuple[Paragraph, list[Cited]]]


@public
@require_safe
def charter(request: MemberRequest, initiative: str) -> HttpResponse:
    """What the initiative agreed on: the version in force, else the newest she may read."""
    versions = readable(request)
    if not versions:
        context = {**tabs(request, "charter"), "may_draft": may_draft_charter(request.membership)}
        return render(request, "agenda/charter/none.html", context)
    ranked = [v for state in FIRST for v in versions if v.state == state]
    chosen = (ranked or versions)[0]
    return render(
        request,
        "agenda/charter/charter.html",
        {**reading(request, chosen, versions), **tabs(request, "charter")},
    )


@public
@require_safe
def charter_version(request: MemberRequest, initiative: str, number: int) -> HttpResponse:
    """One version, whatever became of it."""
    chosen, versions = find(request, number)
    context = {**reading(request, chosen, versions), "crumbs": _below(request)}
    return render(request, "agenda/charter/charter.html", context)


@public
@require_safe
def charter_print(request: MemberRequest, initiative: str, number: int) -> HttpResponse:
    """One version as a plain sheet."""
    chosen, versions = find(request, number)
    context = {
        **reading(request, chosen, versions),
        "crumbs": _below(request, (str(chosen), chosen.get_absolute_url())),
    }
    return render(request, "agenda/charter/print.html", context)


@public
@require_safe
def charter_compare(request: MemberRequest, initiative: str) -> HttpResponse:
    """Two versions side by side, word by word, in one language."""
    versions = readable(request)
    if not versions:
        raise Http404
    newer = _asked(request.GET.get("b"), versions) or versions[0]
    older = _asked(request.GET.get("a"), versions) or _before(newer, versions)
    language = _language(request)
    return render(
        request,
        "agenda/charter/compare.html",
        {
            "crumbs": _below(request),
            "versions": versions,
            "older": older,
            "newer": newer,
            "language": language,
            "languages": _languages(request),
            "parts": _parts(older, newer, language),
            "goals": _goals(older, newer),
        },
    )


def readable(request: MemberRequest) -> list[CharterVersion]:
    """All versions this reader may see, newest first."""
    own = CharterVersion.objects.for_initiative(request.initiative)
    return list(own.visible_to(request.membership).select_related("initiative", "place", "charter"))


def find(request: MemberRequest, number: int) -> tuple[CharterVersion, list[CharterVersion]]:
    """The version with this number and all she may read; 404 where she may not."""
    versions = readable(request)
    chosen = next((each for each in versions if each.number == number), None)
    if chosen is None:
        raise Http404
    return chosen, versions


def reading(
    request: MemberRequest, version: CharterVersion, versions: list[CharterVersion]
) -> dict[str, Any]:
    """What the page of a version needs."""
    return {
        "version": version,
        "status": STATUS[version.state],
        "versions": [(each, STATUS[each.state]) for each in versions],
        "body": sections(request, version),
        "goals": [g for g in version.goals.all() if g.is_public or request.membership],
        "draft": next((each for each in versions if each.is_draft and each != version), None),
        "has_draft": any(each.is_draft for each in versions),
        "may_draft": may_draft_charter(request.membership),
        "answers": _answers(request, version),
        "decide_url": _decide_url(request, version),
    }


def sections(request: MemberRequest, version: CharterVersion) -> list[Section]:
    cited = citing.by_anchor(Citation.objects.of(version), request.membership)
    paragraphs = list(version.paragraphs.all())
    return [
        Section(part, inside)
        for part in Part
        if (inside := [(p, cited.get(str(p.uid), [])) for p in paragraphs if p.part == part])
    ]


def _answers(request: MemberRequest, version: CharterVersion) -> Answers | None:
    """What the gate says now, to members, while the version is on its way."""
    if request.membership is None or version.state not in (State.DRAFT, State.PROPOSED):
        return None
    return present(adopt_charter.ask(version), record=version, member=request.membership)


def _decide_url(request: MemberRequest, version: CharterVersion) -> str:
    if not version.is_draft or not may_draft_charter(request.membership):
        return ""
    query = urlencode({"effect": "charter.adopt", "version": version.uid})
    return reverse("agenda:decision_new", args=[request.initiative.slug]) + "?" + query


def _below(request: MemberRequest, *names: tuple[str, str]) -> list[Any]:
    url = reverse("agenda:charter", args=[request.initiative.slug])
    return crumbs(request, (_("Charter"), url), *names)


def _asked(number: str | None, versions: list[CharterVersion]) -> CharterVersion | None:
    return next((each for each in versions if str(each.number) == number), None)


def _before(newer: CharterVersion, versions: list[CharterVersion]) -> CharterVersion:
    """What it was made from, else the one before; itself where it is the first."""
    basis = next((each for each in versions if each.pk == newer.basis_id), None)
    earlier = (each for each in versions if each.number < newer.number)
    return basis or next(earlier, newer)


def _languages(request: MemberRequest) -> list[tuple[str, str]]:
    names = dict(settings.LANGUAGES)
    return [(code, str(names.get(code, code))) for code in request.initiative.languages]


def _language(request: MemberRequest) -> str:
    own = request.initiative.languages
    wanted = request.GET.get("language") or (get_language() or "").split("-")[0]
    return wanted if wanted in own else own[0]


def _parts(
    older: CharterVersion, newer: CharterVersion, language: str
) -> list[tuple[Part, list[comparing.Pair[Any]]]]:
    before, after = (_texts(each, language) for each in (older, newer))
    found = [(part, comparing.pairs(before[part], after[part])) for part in Part]
    return [(part, pairs) for part, pairs in found if pairs]


def _texts(version: CharterVersion, language: str) -> dict[Part, list[tuple[Any, str]]]:
    texts: dict[Part, list[tuple[Any, str]]] = {part: [] for part in Part}
    for each in version.paragraphs.all():
        texts[Part(each.part)].append((each.thread, each.text.get(language, "")))
    return texts


def _goals(older: CharterVersion, newer: CharterVersion) -> list[tuple[Words, str]]:
    """Goals with "same", "added" or "removed"."""
    before, after = ({goal.pk: goal.name for goal in each.goals.all()} for each in (older, newer))
    kept = [(name, "same" if pk in before else "added") for pk, name in after.items()]
    return kept + [(name, "removed") for pk, name in before.items() if pk not in after]

"""The open doors: the list of initiatives, and the public front page of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ciforum.people import registry
from ciforum.people.folding import folded
from ciforum.people.models import Initiative
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest

INITIATIVES_ON_A_PAGE = 24


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The initiatives here; where there is only one, its front page."""
    initiatives = sorted(
        Initiative.objects.select_related("place"), key=lambda each: folded(str(each.name))
    )
    if len(initiatives) == 1:
        return redirect(initiatives[0])
    wanted = folded(request.GET.get("q", "").strip())
    found = [each for each in initiatives if wanted in folded(_words_of(each))]
    page = Paginator(found, INITIATIVES_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "people/home.html",
        {"page": page, "total": len(initiatives), "q": request.GET.get("q", "").strip()},
    )


def _words_of(initiative: Initiative) -> str:
    return f"{initiative.name} {initiative.population} {initiative.place or ''}"


@dataclass(frozen=True)
class Condition:
    """One of the five conditions, or equity that runs through them, as the front page shows it."""

    name: str
    label: Any
    purpose: Any
    icon: str


# Sections that later parts of the house open; until then the page says that they are closed.
CONDITIONS = (
    Condition(
        "agenda",
        _("Common agenda"),
        _("What we want to change together, for whom, and how we decide."),
        "compass",
    ),
    Condition(
        "measurement",
        _("Shared measurement"),
        _("The same numbers, counted the same way, by group."),
        "chart-line",
    ),
    Condition(
        "activities",
        _("Mutually reinforcing activities"),
        _("Who does what, for whom, and how it strengthens the work of others."),
        "network",
    ),
    Condition(
        "communications",
        _("Continuous communication"),
        _("How we listen, tell each other what we learn, and answer."),
        "messages-square",
    ),
    Condition(
        "backbone",
        _("Backbone"),
        _("The staff who hold the work together, and what they answer for."),
        "landmark",
    ),
)


@public
@require_safe
def front(request: MemberRequest, initiative: str) -> HttpResponse:
    """What the initiative is for, and what stands in each of its sections now."""
    sections = [*(_section(request, condition) for condition in CONDITIONS), _equity(request)]
    return render(
        request,
        "people/front.html",
        {
            "opened": [section for section in sections if section["url"]],
            "closed": [section for section in sections if not section["url"]],
        },
    )


def _section(request: MemberRequest, condition: Condition) -> dict[str, Any]:
    """One section: its words, its address when it is open, and the part that fills it."""
    opened = registry.sections.get(condition.name)
    part = registry.front_parts.get(condition.name)
    return {
        "name": condition.name,
        "label": opened.label if opened else condition.label,
        "purpose": opened.purpose if opened else condition.purpose,
        "icon": opened.icon if opened else condition.icon,
        "url": reverse(opened.url_name, args=[request.initiative.slug]) if opened else "",
        "part": part(request) if part else None,
    }


def _equity(request: MemberRequest) -> dict[str, Any]:
    """The equity section, with an answer from the records for each strategy that has one."""
    equity = Condition(
        "equity", _("Equity"), _("How the rules of the five equity strategies are kept."), "scale"
    )
    answers = [
        {
            "question": source.question,
            "strategy": source.strategy,
            "answer": source.answer(request.initiative, request.membership),
        }
        for source in sorted(registry.evidence, key=lambda source: source.strategy)
    ]
    return {**_section(request, equity), "answers": answers}

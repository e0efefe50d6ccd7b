"""A data walk on paper: posters, forms with numbered sheets, and the grid they are typed into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from measurement.models import DataWalk, Prompt, Reaction, Station
from measurement.models.reactions import LONGEST, MOST_SHEETS
from measurement.views.answering import must, say
from measurement.views.walk_common import find_station, find_walk, way
from measurement.walking.permissions import may_help
from measurement.walking.presenting import Stop, picture_url, qr, signs_of, stop

PAPERS = ("a2", "a3")
FORM_PAPERS = {"a4": "A4", "letter": gettext_lazy("Letter")}
ROWS = 20
MOST_FORMS = 200


@public
@require_safe
def walk_posters(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """One sheet for each station, A2 or A3, in each language of the walk; before, a preview."""
    walk = find_walk(request, uid)
    paper = request.GET.get("paper", "")
    page = {
        "walk": walk,
        "crumbs": way(request, walk),
        "paper": paper if paper in PAPERS else PAPERS[0],
        "papers": PAPERS,
        "sheets": [
            {**each, "address": request.build_absolute_uri(each["station"].phone_url())}
            for station in walk.in_order()
            if (each := _poster(walk, station))
        ],
    }
    return render(request, "measurement/walks/posters.html", page)


@dataclass(frozen=True)
class Face:
    """A station in one of the walk's languages."""

    language: str
    name: str
    stop: Stop
    title: str
    prompts: list[str]


def _poster(walk: DataWalk, station: Station) -> dict[str, Any] | None:
    """The first language leads; the others stand below it, each with title, sentence, prompts."""
    faces = [face for code in walk.languages if (face := _face(station, code))]
    if not faces:
        return None
    return {
        "station": station,
        "lead": faces[0],
        "others": faces[1:],
        "picture": picture_url(station, "poster", faces[0].language),
        "signs": _signs(faces[0]),
        "qr": qr(station.phone_url()),
    }


def _signs(face: Face) -> Any:
    """What its signs mean, in the language that leads the poster."""
    with override(face.language):
        return signs_of([face.stop])


def _face(station: Station, language: str) -> Face | None:
    with override(language):
        seen = stop(station)
        if seen is None:
            return None
        return Face(
            language,
            get_language_info(language)["name_local"].capitalize(),
            seen,
            str(station.title),
            [str(each.words) for each in station.prompts.all()],
        )


@public
@require_safe
def walk_forms(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Numbered sheets, A4 or letter, one for each person and station, in every language."""
    walk = find_walk(request, uid)
    stations = walk.in_order()
    first = _number(request.GET.get("from"), 1, MOST_SHEETS)
    count = _number(request.GET.get("sheets"), 10, MOST_FORMS // max(1, len(stations)))
    last = min(MOST_SHEETS, first + count - 1)
    paper = request.GET.get("paper", "")
    page = {
        "walk": walk,
        "crumbs": way(request, walk),
        "first": first,
        "count": count,
        "most": MOST_FORMS // max(1, len(stations)),
        "paper": paper if paper in FORM_PAPERS else "a4",
        "papers": FORM_PAPERS.items(),
        "frame": [_frame(walk, code) for code in walk.languages],
        "sheets": [
            {"station": station, "number": number, **_asked(walk, station)}
            for station in stations
            if station.prompts.all()
            for number in range(first, last + 1)
        ],
    }
    return render(request, "measurement/walks/forms.html", page)


def _asked(walk: DataWalk, station: Station) -> dict[str, Any]:
    """Its title and prompts, each in all languages of the walk that it is written in."""

    def faces(words: Words) -> list[tuple[str, str]]:
        return [(code, words[code]) for code in walk.languages if words.get(code)]

    return {
        "titles": faces(station.title),
        "prompts": [faces(each.words) for each in station.prompts.all()],
    }


def _frame(walk: DataWalk, language: str) -> tuple[str, str, str, str]:
    """What stands on every sheet in one language: the code, "Sheet", the walk, the request."""
    with override(language):
        request = _("No names, please. Others read what you write.")
        return language, _("Sheet"), f"{walk.title} · {walk.initiative.name}", request


def _number(text: str | None, default: int, most: int) -> int:
    return max(1, min(most, int(text))) if text and text.isascii() and text.isdigit() else default


# --- typing in


@dataclass
class Row:
    """A sheet of paper in the grid: what is typed, and what is wrong with it."""

    number: int
    language: str
    cells: list[tuple[Prompt, str, str]]
    errors: list[str] = field(default_factory=list)
    saved: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(text for _prompt, _name, text in self.cells)


@require_http_methods(["GET", "HEAD", "POST"])
def walk_type(request: SignedInRequest, initiative: str, uid: UUID, station: UUID) -> HttpResponse:
    """The grid: a row for each sheet, a column for each prompt; each row is kept as one goes on."""
    walk = find_walk(request, uid)
    must(may_help(request.membership))
    here = find_station(walk, station)
    if not walk.takes_paper:
        say(request, StateChanged())
        return redirect(walk)
    first = _number(request.GET.get("from"), 1, MOST_SHEETS)
    rows = _rows(here, first)
    status = 200
    if request.method == "POST":
        only = request.POST.get("row", "")
        for row in rows:
            if f"seen-{row.number}" in request.POST and only in ("", str(row.number)):
                _keep(request, here, row)
        status = 422 if any(row.errors for row in rows) else 200
        if request.htmx and only:
            asked = [each for each in rows if str(each.number) == only]
            if not asked:
                raise Http404
            return render(
                request, "measurement/walks/_row.html", _grid(walk, here, asked), status=status
            )
        if status == 200:
            return redirect(request.get_full_path())
    page = {
        **_grid(walk, here, rows),
        "crumbs": way(request, walk),
        "stations": walk.in_order(),
        "first": first,
        "next_first": first + ROWS,
        "before_first": max(1, first - ROWS),
    }
    return render(request, "measurement/walks/type.html", page, status=status)


def _grid(walk: DataWalk, station: Station, rows: list[Row]) -> dict[str, Any]:
    languages = [(code, get_language_info(code)["name_local"]) for code in walk.languages]
    return {
        "walk": walk,
        "station": station,
        "prompts": list(station.prompts.all()),
        "rows": rows,
        "row": rows[0] if rows else None,
        "languages": languages,
        "longest": LONGEST,
    }


def _rows(station: Station, first: int) -> list[Row]:
    last = min(MOST_SHEETS, first + ROWS - 1)
    typed = Reaction.objects.seen().filter(
        station=station, via=Reaction.Via.PAPER, sheet__range=(first, last)
    )
    known = {(each.sheet, each.prompt_id): each for each in typed}
    prompts = list(station.prompts.all())
    rows = []
    for number in range(first, last + 1):
        found = [known.get((number, prompt.pk)) for prompt in prompts]
        spoken = next((each.language for each in found if each), station.walk.languages[0])
        cells = [
            (prompt, f"r{number}-p{prompt.order}", each.text if each else "")
            for prompt, each in zip(prompts, found, strict=True)
        ]
        rows.append(Row(number, spoken, cells))
    return rows


def _keep(request: SignedInRequest, station: Station, row: Row) -> None:
    """Keep one row as it was typed; what did not change is left alone."""
    typed = [
        (prompt, name, request.POST.get(name, text).replace("\x00", ""))
        for prompt, name, text in row.cells
    ]
    language = request.POST.get(f"r{row.number}-language", row.language)
    changed = {
        prompt: after
        for (prompt, _name, before), (_same, _again, after) in zip(row.cells, typed, strict=True)
        if after.strip() != before
    }
    spoken_changed = language != row.language and not row.is_empty
    row.cells, row.language = typed, language
    if not changed and not spoken_changed:
        return
    answers = changed if not spoken_changed else {prompt: text for prompt, _n, text in typed}
    try:
        Reaction.type_in(
            station=station,
            sheet=row.number,
            answers=answers,
            language=language,
            by=request.user,
        )
    except ValidationError as error:
        row.errors = list(error.messages)
    except StateChanged:
        row.errors = [_("The walk was closed a moment ago. This row is not kept.")]
    else:
        row.saved = True

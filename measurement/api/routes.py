"""The addresses of the API."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from django.core.paginator import Paginator
from django.db.models import Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import get_schema

from ciforum.people.permissions import public
from measurement.api import cells, shapes
from measurement.api.access import opens
from measurement.models import DataRequest, Indicator, SystemsShift

PAGE = 100
LARGEST = 5_000
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}

Page = Annotated[int, Query(ge=1, le=1_000_000)]
Size = Annotated[int, Query(ge=1, le=LARGEST)]
Code = Annotated[str, Query(max_length=200)]
TROUBLES: dict[int, Any] = {code: shapes.Trouble for code in (401, 403, 404, 422, 429)}

api = NinjaAPI(
    title="CI Forum",
    version="1",
    description=(
        "Released numbers of an initiative and what explains them. Everything here is public; "
        "small groups are protected before anything is released. Send a token as "
        "`Authorization: Bearer …` to ask more often."
    ),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


@api.exception_handler(ValidationError)
def wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say which parameter is wrong, in a sentence."""
    names = ", ".join(sorted({str(each["loc"][-1]) for each in error.errors}))
    detail = _("This cannot be read: %(names)s. See what it may be in the document.")
    return api.create_response(request, {"detail": detail % {"names": names}}, status=422)


@api.exception_handler(Http404)
def unknown(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, {"detail": _("There is nothing here.")}, status=404)


@api.get("/{slug:initiative}/openapi.json", include_in_schema=False, url_name="openapi")
@opens("measures")
def openapi(request: HttpRequest, initiative: str) -> HttpResponse:
    """This document, for programs that read addresses from it."""
    return HttpResponse(
        json.dumps(get_schema(api, path_prefix="/api/v1")), content_type="application/json"
    )


@api.get(
    "/{slug:initiative}/indicators",
    response={200: shapes.IndicatorPage, **TROUBLES},
    url_name="indicators",
)
@opens("measures")
def indicators(request: HttpRequest, initiative: str, page: Page = 1, size: Size = PAGE) -> Any:
    """Every indicator with released numbers, by its short name."""
    found = _published(request).annotate(
        released_at=Max("releases__published_at", filter=Q(releases__state="published"))
    )
    return _paged(found, page, size, lambda each: _line(request, each))


@api.get(
    "/{slug:initiative}/indicators/{slug:indicator}",
    response={200: shapes.IndicatorWhole, **TROUBLES},
    url_name="indicator",
)
@opens("measures")
def indicator(request: HttpRequest, initiative: str, indicator: str) -> Any:
    """One indicator: its definitions, and the story behind its newest numbers."""
    found: Any = _find(request, indicator)
    releases = found.releases.filter(state="published").order_by("-published_at")
    newest = releases.select_related("version")[0]
    found.released_at = newest.published_at
    return {
        **_line(request, found),
        "definitions": [_definition(each) for each in found.versions.order_by("number")],
        "story": str(newest.story),
        "protection": {
            name: value
            for name, value in {**newest.protected.get("rules", {}), **newest.protected}.items()
            if name in ("threshold", "preset", "version", "reliable_count") and value
        },
    }


@api.get(
    "/{slug:initiative}/indicators/{slug:indicator}/cells",
    response={200: shapes.RowPage, **TROUBLES},
    url_name="cells",
)
@opens("measures")
def rows(
    request: HttpRequest,
    initiative: str,
    indicator: str,
    place: Code = "",
    by: Annotated[str | None, Query(max_length=200)] = None,
    periods: Code = "",
    start: date | None = None,
    end: date | None = None,
    page: Page = 1,
    size: Size = PAGE,
) -> Any:
    """Public cells, page by page. `by`: a breakdown's code; empty for everyone only."""
    found = _find(request, indicator)
    wanted = cells.Filter(place, by, periods, start, end)
    count, items = cells.as_json(found, wanted, page=page, size=size)
    pages = max(1, -(-count // size))
    text = f'{{"count": {count}, "page": {page}, "pages": {pages}, "items": {items}}}'
    response = HttpResponse(text, content_type="application/json")
    links = {"next": page + 1 if page < pages else 0, "prev": page - 1}
    query = request.GET.copy()
    told = []
    for name, number in links.items():
        if number > 0:
            query["page"] = str(number)
            told.append(f'<{request.build_absolute_uri("?" + query.urlencode())}>; rel="{name}"')
    if told:
        response.headers["Link"] = ", ".join(told)
    return response


@api.get(
    "/{slug:initiative}/indicators/{slug:indicator}/cells.{kind}",
    response={**TROUBLES},
    url_name="cells_file",
    openapi_extra={"responses": {200: {"description": "All rows: csv or parquet."}}},
)
@opens("measures")
def rows_file(
    request: HttpRequest,
    initiative: str,
    indicator: str,
    kind: str,
    place: Code = "",
    by: Annotated[str | None, Query(max_length=200)] = None,
    periods: Code = "",
    start: date | None = None,
    end: date | None = None,
) -> Any:
    """All public cells as one file: CSV for spreadsheets, Parquet with types for statistics."""
    if kind not in KINDS:
        raise HttpError(404, _("Choose csv or parquet."))
    found = _find(request, indicator)
    write = cells.as_csv if kind == "csv" else cells.as_parquet
    with write(found, cells.Filter(place, by, periods, start, end)) as path:
        return _file(path, f"{found.slug}.{kind}", KINDS[kind])


@api.get(
    "/{slug:initiative}/shifts", response={200: shapes.ShiftPage, **TROUBLES}, url_name="shifts"
)
@opens("shifts")
def shifts(request: HttpRequest, initiative: str, page: Page = 1, size: Size = PAGE) -> Any:
    """Systems shifts that anyone may read, with the state each is in."""
    found = SystemsShift.objects.for_initiative(request.initiative).public()  # type: ignore[attr-defined]
    found = found.select_related("initiative").order_by("pk")
    return _paged(found, page, size, lambda each: _shift(request, each))


@api.get(
    "/{slug:initiative}/requests",
    response={200: shapes.RequestPage, **TROUBLES},
    url_name="requests",
)
@opens("requests")
def requests(request: HttpRequest, initiative: str, page: Page = 1, size: Size = PAGE) -> Any:
    """Data we asked for: of whom, since when, and what they answered."""
    found = (
        DataRequest.objects.for_initiative(request.initiative)  # type: ignore[attr-defined]
        .filter(indicator__in=_published(request))
        .select_related("initiative", "indicator", "dimension")
        .order_by("pk")
    )
    return _paged(found, page, size, lambda each: _request(request, each))


def _published(request: Any) -> Any:
    own = Indicator.objects.for_initiative(request.initiative)
    return own.select_related("initiative", "steward").published().order_by("slug")


def _find(request: Any, slug: str) -> Indicator:
    found: Indicator | None = _published(request).filter(slug=slug).first()
    if found is None:
        raise HttpError(404, _("No indicator of this name has released numbers here."))
    return found


def _paged(found: Any, page: int, size: int, line: Any) -> dict[str, Any]:
    paginator = Paginator(found, size)
    if page > paginator.num_pages:
        raise HttpError(404, _("There is no such page."))
    return {
        "count": paginator.count,
        "page": page,
        "pages": paginator.num_pages,
        "items": [line(each) for each in paginator.page(page)],
    }


def _line(request: HttpRequest, each: Any) -> dict[str, Any]:
    page = request.build_absolute_uri(each.get_absolute_url())
    here = f"/api/v1/{each.initiative.slug}/indicators/{each.slug}/cells"
    return {
        **{name: getattr(each, name) for name in ("slug", "code", "tier", "level", "aspect")},
        "name": str(each.name),
        "steward": str(each.steward or ""),
        "released_at": each.released_at,
        "page": page,
        "cells": request.build_absolute_uri(here),
    }


def _definition(version: Any) -> dict[str, Any]:
    words = ("numerator", "denominator", "unit", "source")
    return {
        **{name: getattr(version, name) for name in ("number", "measure", "direction", "scale")},
        **{name: str(getattr(version, name)) for name in words},
        "since": version.defined_at,
    }


def _shift(request: HttpRequest, each: SystemsShift) -> dict[str, Any]:
    return {
        **{name: getattr(each, name) for name in ("level", "kind", "state", "strategies", "since")},
        **{name: str(getattr(each, name)) for name in ("uid", "title", "before", "after")},
        "page": request.build_absolute_uri(each.get_absolute_url()),
    }


def _request(request: HttpRequest, each: DataRequest) -> dict[str, Any]:
    moments = ("state", "holder", "sent_at", "due", "answered_at", "escalated_at")
    return {
        **{name: getattr(each, name) for name in moments},
        "uid": str(each.uid),
        "indicator": each.indicator.slug,
        "breakdown": each.dimension.code,
        "page": request.build_absolute_uri(each.get_absolute_url()),
    }


def _file(path: Path, name: str, content_type: str) -> HttpResponse:
    safe = name.encode("ascii", "ignore").decode()
    return HttpResponse(
        path.read_bytes(),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{safe}"'},
    )


def open_to_all() -> Any:
    """The addresses, each marked as open: what they tell is public. The root has no page."""
    patterns: Any
    patterns, *names = api.urls  # made anew at each question
    ours = [pattern for pattern in patterns if pattern.name != "api-root"]
    for pattern in ours:
        view: Any = pattern.callback
        public(view)
    return ours, *names

"""Public pages from the cache: built once per address, language and public version.

Only pages made from releases go through here. An anonymous visitor gets no cookie, and her
browser asks again each time, so that nothing outlives what was withdrawn.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpResponse, HttpResponseNotModified

from ciforum.people.requests import MemberRequest

if TYPE_CHECKING:
    from ciforum.people.models import Initiative

T = TypeVar("T")

# "Waiting for 12 days" changes without anybody's doing.
SECONDS = 600
# Pages of one initiative that are kept in this time; addresses without end are built, not kept.
MOST = 5_000
# What is kept holds no days, only records: it goes with the next change, however late that is.
KEPT_SECONDS = 24 * 60 * 60


def cached(
    request: MemberRequest, parameters: tuple[str, ...], build: Callable[[], HttpResponse]
) -> HttpResponse:
    """The page for a reader who is signed out, from the cache where it can be.

    parameters: the query parameters the page knows. Asked with others it is built afresh, so
    that made-up ones cannot fill the cache; made-up values meet MOST. Members' pages know them
    and are never kept.
    """
    if request.user.is_authenticated or len(get_messages(request)):
        # Also whoever has just signed out: what the page tells her is not for the next reader.
        response = build()
        response.headers["Cache-Control"] = "private, no-store"
        return response
    known = set(request.GET) <= {*parameters, "lang"} and not settings.DEBUG
    key = _key(request)
    found = caches["pages"].get(key) if known else None
    if found is None:
        response = build()
        found = (response.content, response.headers["Content-Type"], _extra(response))
        if known and response.status_code == 200:
            _keep(request.initiative, key, found)
    return _answer(request, *found)


def cached_part(
    request: MemberRequest,
    parameters: tuple[str, ...],
    flags: tuple[bool, ...],
    build: Callable[[], str],
) -> str:
    """The public half of a page, which members and strangers share.

    flags: what else decides how it looks, such as which links it offers; never who reads it.
    """
    if not set(request.GET) <= {*parameters, "lang"} or settings.DEBUG:
        return build()
    key = _key(request) + ":" + "".join(str(int(flag)) for flag in flags)
    found: str | None = caches["pages"].get(key)
    if found is None:
        found = build()
        _keep(request.initiative, key, found)
    return found


def _keep(initiative: Initiative, key: str, found: object) -> None:
    """Keep a page for a while, but no more than MOST of one initiative at a time."""
    cache = caches["pages"]
    counter = f"measurement:pages:{initiative.pk}:{int(time.time()) // SECONDS}"
    cache.add(counter, 0, SECONDS)
    try:
        number = cache.incr(counter)
    except ValueError:  # the counter went meanwhile
        return
    if number <= MOST:
        cache.set(key, found, SECONDS)


def kept(
    initiative: Initiative,
    name: tuple[str | int, ...],
    build: Callable[[], T],
    seconds: int = KEPT_SECONDS,
) -> T:
    """What many public pages have in common, until anything public changes.

    name: tells it from all else that is kept. It must be for everybody to know, as a page is.
    """
    if settings.DEBUG:
        return build()
    parts = (*map(str, name), str(initiative.pk), str(initiative.public_version))
    key = "measurement:kept:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
    found: T | None = caches["pages"].get(key)
    if found is None:
        found = build()
        caches["pages"].set(key, found, seconds)
    return found


def _answer(
    request: MemberRequest, content: bytes, content_type: str, extra: dict[str, str]
) -> HttpResponse:
    etag = '"' + hashlib.sha256(content).hexdigest()[:32] + '"'
    asked = [
        each.strip().removeprefix("W/")
        for each in request.headers.get("If-None-Match", "").split(",")
    ]
    response: HttpResponse
    if etag in asked:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type=content_type, headers=extra)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _extra(response: HttpResponse) -> dict[str, str]:
    kept = ("Content-Disposition", "Content-Language")
    return {name: response.headers[name] for name in kept if name in response.headers}


def _key(request: MemberRequest) -> str:
    parts = (
        request.get_full_path(),
        request.get_host(),
        str(request.LANGUAGE_CODE),
        str(request.initiative.pk),
        str(request.initiative.public_version),
    )
    return "measurement:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()

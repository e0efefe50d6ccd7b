"""Pages of the whole site: what it is about, its languages, and what machines ask."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ciforum.people import clock, registry
from ciforum.people.language import remember
from ciforum.people.models import Initiative, Job, User
from ciforum.people.permissions import public


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What collective impact is, who says so, who disagrees, and what this software makes of it."""
    return render(request, "people/about.html")


@public
@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Choose a language: kept in a cookie, and in the account of who is signed in."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=code)
    return remember(redirect(_back(request)), code)


def _back(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else reverse("people:home")


@public
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """503 until the database answers and every migration is applied; also how old the queue is."""
    state: dict[str, bool | int | None] = {"database": False, "migrations": False}
    try:
        connection.ensure_connection()
        state["database"] = True
        state["migrations"] = _migrated()
        state["oldest_job_seconds"] = _oldest_job_seconds()
    except (DatabaseError, _Behind):
        return JsonResponse(state, status=503)
    return JsonResponse(state)


class _Behind(Exception):
    """The tables are older than the code."""


@lru_cache(maxsize=1)
def _migrated() -> bool:
    # Kept for the life of the process once true: an exception is not cached.
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _Behind
    return True


def _oldest_job_seconds() -> int:
    """For how long the oldest job that is due has been waiting; 0 when none is."""
    now = clock.now()
    since = (
        Job.objects.filter(state=Job.State.WAITING, run_at__lte=now)
        .order_by("run_at")
        .values_list("run_at", flat=True)
        .first()
    )
    return int((now - since).total_seconds()) if since else 0


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: the public pages."""
    lines = [
        "User-agent: *",
        "Disallow: /accounts/",
        "Disallow: /admin/",
        "Disallow: /i18n/",
        f"Sitemap: {settings.SITE_URL}{reverse('people:sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask without reading the page."""
    return redirect(static("icons/favicon.ico"))


@public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page, as each part of the house names them; at most as many as one map holds."""
    addresses = islice(_public_addresses(), 50_000)
    return render(
        request,
        "people/sitemap.xml",
        {"addresses": [settings.SITE_URL + address for address in addresses]},
        content_type="application/xml",
    )


def _public_addresses() -> Iterator[str]:
    yield reverse("people:home")
    yield reverse("people:about")
    for initiative in Initiative.objects.order_by("pk").iterator():
        yield initiative.get_absolute_url()
        for addresses in registry.public_urls:
            yield from addresses(initiative)

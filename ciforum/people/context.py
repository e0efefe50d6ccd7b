"""What every page's frame needs: navigation, account links, languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from ciforum.people import registry


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    icon: str = ""
    is_current: bool = False
    code: str = ""


def chrome(request: HttpRequest) -> dict[str, Any]:
    """`sections`, `account_links`, `language_links`, `is_demo` for base.html."""
    return {
        "sections": _sections(request),
        "account_links": _account_links(request),
        "language_links": _language_links(request),
        "is_demo": settings.DEMO,
    }


def _sections(request: HttpRequest) -> list[Link]:
    initiative = getattr(request, "initiative", None)
    if initiative is None:
        return []
    rest = request.path.removeprefix(f"/{initiative.slug}/")
    return [
        Link(
            str(section.label),
            reverse(section.url_name, args=[initiative.slug]),
            section.icon,
            rest.startswith(section.prefix),
        )
        for section in sorted(registry.sections, key=lambda section: section.order)
    ]


def _account_links(request: HttpRequest) -> list[Link]:
    initiative = getattr(request, "initiative", None)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    links = []
    if initiative is not None and getattr(request, "membership", None):
        links += [
            Link(_("Today"), reverse("backbone:today", args=[initiative.slug]), "sun"),
            Link(_("People"), reverse("people:members", args=[initiative.slug]), "users"),
        ]
    links.append(Link(_("My account"), reverse("people:account"), "user"))
    return links


def _language_links(request: HttpRequest) -> list[Link]:
    here = request.get_full_path()
    current = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return [
        Link(
            get_language_info(code)["name_local"].capitalize(),
            reverse("people:language", args=[code]) + "?" + urlencode({"next": here}),
            is_current=code == current,
            code=code,
        )
        for code, _name in settings.LANGUAGES
    ]

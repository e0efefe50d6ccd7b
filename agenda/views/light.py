"""What pages behind a private address have in common: hers alone, light, in the language asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal.ratelimit import consume, get_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, get_language_info

from ciforum.people import clock
from ciforum.people.context import Link

# Counted by address of the sender, on POST only. A whole meeting may share one address.
LIMITS = {"agenda.input": "30/m/key,300/h/key", "agenda.ballot_link": "60/m/key,600/h/key"}

View = Callable[..., HttpResponse]


def private_address(view: View) -> View:
    """Keep the answer out of caches and search engines, and follow `?lang=` without a cookie."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code = request.GET.get("lang", "")
        if code not in dict(settings.LANGUAGES):
            code = get_language() or settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = code
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        add_never_cache_headers(response)
        return response

    return answer


def languages(request: HttpRequest) -> list[Link]:
    """The same page in each language, without a cookie."""
    now = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return [
        Link(
            get_language_info(code)["name_local"].capitalize(),
            f"?lang={code}",
            is_current=code == now,
            code=code,
        )
        for code, _name in settings.LANGUAGES
    ]


def may_go_on(request: HttpRequest, action: str) -> bool:
    """False when too much came from one address in a short time.

    Counted under a keyed digest that changes each day: no table keeps who wrote from where.
    """
    sender = salted_hmac("agenda.pace", f"{get_ip(request)} {clock.now():%Y-%m-%d}").hexdigest()
    return consume(request, app="agenda", action=action, config=LIMITS, key=sender) is not None

"""Who asks, how often she may, and whether she has the answer already."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal.ratelimit import consume, get_ip
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from ciforum.people import clock
from ciforum.people.models import ApiToken

# A whole office may share one address; a token is one program's own.
LIMITS = {"anonymous": "120/m/key,2000/h/key", "token": "600/m/key,20000/h/key"}

View = Callable[..., Any]


def opens(scope: str) -> Callable[[View], View]:
    """What the view tells is told to everyone, and to tokens that hold this scope."""

    def guard(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            token = _token(request, scope)
            _pace(request, token)
            etag = _etag(request)
            if etag in _known(request):
                response = HttpResponse(status=304)
            else:
                found = view(request, *args, **kwargs)
                response = found if isinstance(found, HttpResponse) else JsonResponse(found)
            response.headers["ETag"] = etag
            response.headers["Cache-Control"] = "public, no-cache"
            # Anyone's program may read it from any page: there is nothing of a session in it.
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response

        # Its names are known where the view stands, not here.
        answer.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
        return answer

    return guard


def _token(request: Any, scope: str) -> ApiToken | None:
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if not kind:
        return None
    found = ApiToken.objects.for_initiative(request.initiative).by_secret(secret.strip())
    if kind.lower() != "bearer" or found is None:
        raise HttpError(401, _("This token is not known here, has ended or was revoked."))
    if scope not in found.scopes:
        raise HttpError(403, _("This token does not open this. Ask for one with more scopes."))
    found.used()
    return found


def _pace(request: HttpRequest, token: ApiToken | None) -> None:
    """Counted under a keyed digest that changes each day: no table keeps who read from where."""
    who = str(token.uid) if token else f"{get_ip(request)} {clock.now():%Y-%m-%d}"
    key = salted_hmac("measurement.api", who).hexdigest()
    action = "token" if token else "anonymous"
    if consume(request, app="api", action=action, config=LIMITS, key=key, limit_get=True) is None:
        raise HttpError(429, _("Too many questions in a short time. Wait a minute, then go on."))


def _etag(request: Any) -> str:
    """Changes with whatever becomes public, and is known before anything is read."""
    asked = (
        str(request.initiative.uid),
        str(request.initiative.public_version),
        str(get_language()),
        request.get_full_path(),
    )
    return f'W/"{hashlib.sha256(chr(10).join(asked).encode()).hexdigest()[:32]}"'


def _known(request: HttpRequest) -> list[str]:
    return [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]

"""From a form or a button to a verb, and what she is told then: the same on every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from ciforum.people.requests import MemberRequest
from ciforum.people.transitions import StateChanged
from equity.forms import put

Tell = Callable[[Any, str], None]


def must(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def say(request: MemberRequest, error: Exception, tell: Tell = messages.error) -> None:
    """A verb's no, above the page she comes back to."""
    for text in getattr(error, "messages", [str(error)]):
        tell(request, text)


def submitted(
    request: MemberRequest,
    form: Any,
    verb: Callable[[], Any],
    done: str,
    *,
    back: Any,
    to: Callable[[Any], Any] | None = None,
    faster: Tell = messages.error,
) -> HttpResponse | None:
    """Call the verb once the form is filled in well; None: show the form.

    back: where she goes when it is done, and when a colleague was faster. to: another place to go
    when it is done, from what the verb answered. faster: how she is told of the colleague.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        found = verb()
    except ValidationError as error:
        put(form, error)
        return None
    except StateChanged as error:
        say(request, error, faster)
        return redirect(back)
    messages.success(request, done)
    return redirect(to(found) if to else back)


def pressed(
    request: MemberRequest,
    verb: Callable[[], Any],
    done: str,
    *,
    back: Any,
    faster: Tell = messages.error,
) -> HttpResponse:
    """Call a verb that needs nothing but a button, and go back."""
    try:
        verb()
    except ValidationError as error:
        say(request, error)
    except StateChanged as error:
        say(request, error, faster)
    else:
        messages.success(request, done)
    return redirect(back)


def form_page(
    request: MemberRequest, form: Any, template: str = "measurement/form.html", **page: Any
) -> HttpResponse:
    """A form on a page of its own."""
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, **page}, status=status)

"""The pages for requests that cannot be read, and for our own mistakes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.template import loader

# Django's own handlers ask for the form's token first. Where the body is what cannot be read, that
# fails again inside the handler, and the server is left with a bare error.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, without touching the body."""
    return HttpResponseBadRequest(loader.render_to_string("400.html"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without touching the body."""
    return HttpResponseServerError(loader.render_to_string("500.html"))

"""Answers of public files: asked again each time, sent again only when they changed."""

from __future__ import annotations

import hashlib

from django.http import HttpResponse
from django.utils.cache import get_conditional_response

from ciforum.people.requests import MemberRequest


def answer(
    request: MemberRequest, content: bytes, content_type: str, name: str = ""
) -> HttpResponse:
    """The file with its ETag, or 304. `name` offers it for saving.

    A shared cache may keep it, but asks each time: what was erased or withdrawn is gone at once.
    """
    etag = '"' + hashlib.sha256(content).hexdigest()[:32] + '"'
    response = HttpResponse(content, content_type=content_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    if name:
        safe = name.encode("ascii", "ignore").decode()
        response.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    return get_conditional_response(request, etag=etag, response=response) or response

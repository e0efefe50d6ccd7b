"""The request as views of an initiative get it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from ciforum.people.models import Initiative, Membership, User


class MemberRequest(HttpRequest):
    """A request inside an initiative; `membership` is None for a reader who is signed out."""

    user: User
    initiative: Initiative
    membership: Membership | None
    htmx: HtmxDetails
    session: Any


class SignedInRequest(MemberRequest):
    """A request that only members can make."""

    membership: Membership

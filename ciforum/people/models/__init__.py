"""The ground: people and what belongs to them."""

from __future__ import annotations

from ciforum.people.models.chain import ChainHead, ChainLink
from ciforum.people.models.citations import CanBeCited, Citable, Citation
from ciforum.people.models.initiative import (
    RESERVED_SLUGS,
    Initiative,
    Organization,
    Period,
    Place,
)
from ciforum.people.models.membership import Invitation, Membership, Role
from ciforum.people.models.scoped import Scoped, ScopedQuerySet
from ciforum.people.models.tokens import ApiToken, Scope
from ciforum.people.models.trail import AuditLine
from ciforum.people.models.user import User
from ciforum.people.models.work import Duty, Job, Notice, StoredFile

__all__ = [
    "RESERVED_SLUGS",
    "ApiToken",
    "AuditLine",
    "CanBeCited",
    "ChainHead",
    "ChainLink",
    "Citable",
    "Citation",
    "Duty",
    "Initiative",
    "Invitation",
    "Job",
    "Membership",
    "Notice",
    "Organization",
    "Period",
    "Place",
    "Role",
    "Scope",
    "Scoped",
    "ScopedQuerySet",
    "StoredFile",
    "User",
]

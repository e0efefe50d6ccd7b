"""What a member has to do: one row each, whatever part of the house it comes from."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ciforum.people import clock, registry
from ciforum.people.models import Duty, Membership


def owe(
    owner: Membership,
    kind: str,
    *,
    about: UUID,
    dedup_key: str = "",
    due: datetime | None = None,
    **params: Any,
) -> None:
    """Give a member something to do, once per `dedup_key`. Call it inside the verb."""
    if registry.duties.get(kind) is None:
        raise LookupError(f"no duty {kind!r}")
    Duty.objects.bulk_create(
        [
            Duty(
                initiative_id=owner.initiative_id,
                owner=owner,
                kind=kind,
                about=about,
                params=params,
                due=due,
                dedup_key=f"{kind}:{dedup_key or about}",
            )
        ],
        ignore_conflicts=True,
    )


def settle(about: UUID, *kinds: str) -> None:
    """It is done, for everybody who had to: by herself or by a colleague."""
    Duty.objects.filter(about=about, kind__in=kinds, done_at=None).update(done_at=clock.now())

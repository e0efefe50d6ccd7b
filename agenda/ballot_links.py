"""Links in mail that open one seat's ballot for one round, for a few days, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing

MAX_AGE = timedelta(days=3)
_SALT = "agenda.ballot_link"


@dataclass(frozen=True)
class Opened:
    """Whose ballot a link opens, in which round."""

    seat: UUID
    round: UUID


def token(*, seat: str, round: str) -> str:
    """A token for the address of a link. It is made when the mail is written and kept nowhere."""
    return signing.dumps([seat, round], salt=_SALT, compress=True)


def read(token: str, max_age: timedelta | None = MAX_AGE) -> Opened | None:
    """What a token opens; None when it was made up, changed, or is too old.

    Without `max_age` it tells whose ballot a link opened that has run out since.
    """
    try:
        seat, round = signing.loads(token, salt=_SALT, max_age=max_age)
        return Opened(UUID(seat), UUID(round))
    except (signing.BadSignature, ValueError, TypeError):
        return None

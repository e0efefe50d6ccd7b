"""Who knocks at every address, and what each is answered."""

from __future__ import annotations

# The order matters: whoever may change something comes last.
ROLES = (
    "anonymous",
    "stranger",
    "superuser",
    "funder",
    "committee",
    "community",
    "partner",
    "backbone",
)
INSIDE = ("funder", "committee", "community", "partner", "backbone")


def everyone(status: int = 200) -> dict[str, int]:
    return dict.fromkeys(ROLES, status)


def members(status: int = 200, *, only: tuple[str, ...] = INSIDE) -> dict[str, int]:
    """302 to sign-in for the anonymous, 404 for strangers, 403 for members without the right."""
    outside = {"anonymous": 302, "stranger": 404, "superuser": 404}
    return {**outside, **{role: status if role in only else 403 for role in INSIDE}}


def signed_in(status: int = 200) -> dict[str, int]:
    return {**everyone(status), "anonymous": 302}


def hers_alone(role: str) -> dict[str, int]:
    """What one person wrote: nobody else of the members finds it."""
    return {**members(404), "anonymous": 302, role: 200}


BACKBONE = ("backbone",)
# The resident holds a seat of the committee that decides.
SEATED = ("community", "backbone")
DESK = ("partner", "backbone")
DRAWING = ("committee", "community", "backbone")
NO_UID = "00000000-0000-4000-8000-000000000000"

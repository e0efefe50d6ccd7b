"""The short code that leads a phone to a walk: read aloud, typed, or scanned."""

from __future__ import annotations

import secrets

# Without letters and digits that are taken for one another.
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 6


def new_code() -> str:
    """Six signs out of 31: 887 million."""
    return "".join(secrets.choice(SIGNS) for _each in range(LENGTH))

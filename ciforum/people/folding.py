"""Names in the order people expect: É beside E, z after Z's neighbours, whatever the database."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """`text` without accents and case, as a key for sorting and searching."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))

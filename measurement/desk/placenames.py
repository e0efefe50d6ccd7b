"""From what a file calls a place to the place: known by code, by name, or to be made."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.text import slugify

from measurement.reading.errors import Unreadable

if TYPE_CHECKING:
    from ciforum.people.models import Initiative

NEW = "new:"


def fold(name: str) -> str:
    """Two spellings of one name meet: case, spaces and composed letters do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class PlaceNames:
    """The places of an initiative, by code and by name."""

    def __init__(self, initiative: Initiative) -> None:
        places = apps.get_model("people", "Place").objects.for_initiative(initiative)
        self.names: dict[str, str] = dict(places.order_by("code").values_list("code", "name"))
        self.codes = {fold(name): code for code, name in reversed(self.names.items())}
        self.seen: dict[str, tuple[str, str]] = {}

    def __call__(self, key: str) -> tuple[str, str]:
        """(code, name) of a place key; a name nobody knows yet gives `new:<name>`, once.

        Raises Unreadable when the key is a code that is gone.
        """
        if key not in self.seen:
            self.seen[key] = self._find(key)
        return self.seen[key]

    def _find(self, key: str) -> tuple[str, str]:
        if not key.startswith(NEW):
            if key not in self.names:
                raise Unreadable("place_gone", name=key)
            return key, self.names[key]
        name = " ".join(key.removeprefix(NEW).split())[:200]
        code = self.codes.setdefault(fold(name), NEW + name)
        return code, self.names.get(code, code.removeprefix(NEW))

    def free_code(self, name: str) -> str:
        """A code for a new place; taken from now on."""
        stem = slugify(name, allow_unicode=True)[:70] or "place"
        code, number = stem, 1
        while code in self.names:
            number += 1
            code = f"{stem}-{number}"
        self.names[code] = name
        self.codes[fold(name)] = code
        return code

"""What a decision can put in force, as a form offers it and as an address asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from ciforum.people import registry
from ciforum.people.words import Words

if TYPE_CHECKING:
    from ciforum.people.models import Initiative


def effects(initiative: Initiative) -> Iterable[tuple[str, str]]:
    """Everything that can be put to a decision now: (packed, label)."""
    for name, effect in registry.effects.items():
        for params, label in effect.choices(initiative):
            yield packed(name, params), f"{effect.label}: {label}"


def packed(name: str, params: Mapping[str, Any]) -> str:
    return json.dumps([name, dict(params)], sort_keys=True)


def unpacked(value: str) -> tuple[str, dict[str, Any]]:
    if not value:
        return "", {}
    name, params = json.loads(value)
    return name, params


def asked_for(initiative: Initiative, query: Mapping[str, str]) -> dict[str, Any]:
    """What an address such as `?effect=charter.adopt&version=…` fills in."""
    effect = registry.effects.get(query.get("effect", ""))
    if effect is None:
        return {}
    wanted = {key: value for key, value in query.items() if key != "effect"}
    for value, _label in effects(initiative):
        name, params = unpacked(value)
        given = {key: str(params[key]) for key in wanted if key in params}
        if name == query["effect"] and given == wanted:
            return {"effect": value, "title": _title(initiative, effect.label)}
    return {}


def _title(initiative: Initiative, label: Any) -> Words:
    title = {}
    for code in initiative.languages:
        with override(code):
            title[code] = str(label)
    return Words(title)

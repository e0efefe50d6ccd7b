"""Select boxes for long lists: the same choices, written without a template per option."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from ciforum.people.models import Initiative
from equity.models import Dimension

Choice = tuple[str, Any]


class PlainSelect(forms.Select):
    """A page may hold hundreds of these with dozens of options each."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        final = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        final.pop("required", None)  # an empty first choice is said in words instead
        parts = [_group(key, label, chosen) for key, label in self.choices]
        return format_html("<select{}>{}</select>", flatatt(final), mark_safe("".join(parts)))  # noqa: S308 - escaped below


def _group(key: Any, label: Any, chosen: str) -> SafeString:
    if isinstance(label, list | tuple):
        return format_html('<optgroup label="{}">{}</optgroup>', key, _options(label, chosen))
    return _options([(key, label)], chosen)


def _options(choices: Iterable[Choice], chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (key, mark_safe(" selected") if str(key) == chosen else "", label)
            for key, label in choices
        ),
    )


def group_choices(initiative: Initiative, dimension: str = "") -> list[Choice]:
    """Groups under their dimension; finer groups follow the one they are part of."""
    dimensions = Dimension.objects.for_initiative(initiative).current().prefetch_related("groups")
    return [
        (str(each.name), _tree(each))
        for each in dimensions
        if not dimension or each.code == dimension
    ]


def _tree(dimension: Dimension) -> list[Choice]:
    parts: dict[int | None, list[Any]] = {}
    for group in dimension.groups.all():
        parts.setdefault(group.parent_id, []).append(group)
    found: list[Choice] = []

    def add(parent: int | None, path: str) -> None:
        for group in parts.get(parent, []):
            name = f"{path}{group.name}"
            found.append((f"{dimension.code}:{group.code}", name))
            add(group.pk, f"{name} / ")

    add(None, "")
    return found


def flat(choices: Iterable[Choice]) -> dict[str, str]:
    """Key → label, without the headings."""
    found: dict[str, str] = {}
    for key, label in choices:
        if isinstance(label, list | tuple):
            found.update({str(inner): str(text) for inner, text in label})
        else:
            found[str(key)] = str(label)
    return found

"""The form of a crosswalk: texts on the left, the groups they go over into beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Initiative
from ciforum.people.words import Words, WordsFormField
from equity.models import Dimension
from measurement.catalogue.crosswalks import labelled, related
from measurement.forms.choices import Choice, PlainSelect
from measurement.models.crosswalks import Pair

BLANK = 6  # empty lines below those that are there
MOST = 8  # groups that one text may go over into


@dataclass(frozen=True)
class Row:
    """text: the box of a label, or None where `name` says which earlier group it is."""

    name: str
    text: forms.BoundField | None
    first: forms.BoundField
    more: list[forms.BoundField]
    has_more: bool


class CrosswalkForm(forms.Form):
    """A name, and lines. `sources`: the groups of the earlier version; None: labels to type in."""

    name = WordsFormField(
        label=_("What it is called"), help_text=_("E.g. “Labels of the state’s school files”.")
    )

    def __init__(
        self,
        *args: Any,
        initiative: Initiative,
        targets: Sequence[Choice],
        sources: Sequence[Choice] | None,
        lines: Sequence[tuple[str, Sequence[str]]],
        called: Words | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        if isinstance(name, WordsFormField):
            name.limit_to(initiative.languages)
        self.initial["name"] = called or Words()
        self.sources = sources
        self.lines: list[tuple[str, str, Sequence[str]]] = self._lines(list(lines))
        for number, (text, _label, codes) in enumerate(self.lines):
            self._ask(number, text, codes, targets)

    def _lines(
        self, lines: list[tuple[str, Sequence[str]]]
    ) -> list[tuple[str, str, Sequence[str]]]:
        if self.sources is not None:
            known = dict(lines)
            return [(code, str(name), known.get(code, ())) for code, name in self.sources]
        count = len(lines) + BLANK
        if self.is_bound:
            count = max(count, sum(1 for name in self.data if name.endswith("-text")))
        empty: list[tuple[str, Sequence[str]]] = [("", ())]
        padded = lines + empty * (min(count, 500) - len(lines))
        return [(text, "", codes) for text, codes in padded]

    def _ask(self, number: int, text: str, codes: Sequence[str], targets: Sequence[Choice]) -> None:
        if self.sources is None:
            self.fields[f"r{number}-text"] = forms.CharField(
                label=_("Label in the file"), max_length=200, required=False, initial=text
            )
        for place in range(MOST):
            empty = ("", _("No counterpart") if place == 0 else _("no other"))
            self.fields[f"r{number}-{place}"] = forms.ChoiceField(
                label=_("Stands for") if place == 0 else _("and for"),
                choices=[empty, *targets],
                required=False,
                initial=codes[place] if place < len(codes) else "",
                widget=PlainSelect,
            )

    def rows(self) -> Iterator[Row]:
        for number, (_text, label, codes) in enumerate(self.lines):
            selects = [self[f"r{number}-{place}"] for place in range(MOST)]
            chosen = [bool(select.value()) for select in selects]
            text = self[f"r{number}-text"] if self.sources is None else None
            yield Row(label, text, selects[0], selects[1:], any(chosen[1:]) or len(codes) > 1)

    def pairs(self) -> list[Pair]:
        """What was written, once the form is valid; empty lines are left out."""
        wanted: dict[str, list[str]] = {}
        doubled: list[Pair] = []
        for number, (text, _label, _codes) in enumerate(self.lines):
            if self.sources is None:
                text = self.cleaned_data.get(f"r{number}-text", "").strip()
                if not text:
                    continue
            codes = [
                code
                for place in range(MOST)
                if (code := self.cleaned_data.get(f"r{number}-{place}", ""))
            ]
            if text in wanted:  # the verb says that it stands there twice
                doubled += labelled({text: codes})
            wanted[text] = codes
        return [*(labelled(wanted) if self.sources is None else related(wanted)), *doubled]


def targets_of(dimension: Dimension) -> list[Choice]:
    """Codes and names of a dimension's groups, parts below what they are part of."""
    groups = list(dimension.groups.all())
    parts: dict[int | None, list[Any]] = {}
    for group in groups:
        parts.setdefault(group.parent_id, []).append(group)

    def below(parent: int | None, path: str) -> Iterator[Choice]:
        for group in parts.get(parent, []):
            yield group.code, f"{path}{group.name}"
            yield from below(group.pk, f"{path}{group.name} / ")

    return list(below(None, ""))

"""The form that asks what the texts of place, group and other labelled columns stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from ciforum.people.models import Initiative, Place
from measurement.catalogue import crosswalks
from measurement.desk.placenames import PlaceNames, fold
from measurement.forms.choices import Choice, PlainSelect, flat, group_choices
from measurement.forms.columns import PLACES_OFFERED
from measurement.models import Submission
from measurement.reading.catalogue import GroupName, PlaceName
from measurement.reading.guessing_labels import CloseNames, guess_labels
from measurement.reading.labels import Label
from measurement.reading.mapping import EVERYONE, IGNORE, KEEP, NEW, NO, UNKNOWN, YES, Mapping
from measurement.reading.synonyms import concept

# So many texts of a column are asked one by one; the rest in one answer.
ASKED = 200


@dataclass(frozen=True)
class AskedLabel:
    text: str
    rows: int
    field: forms.BoundField


@dataclass(frozen=True)
class AskedTexts:
    """One column: its texts one by one, and what is asked about the others together."""

    name: str
    role: str
    labels: tuple[AskedLabel, ...]
    recognised: int
    others: int
    rest: forms.BoundField | None


class LabelsForm(forms.Form):
    """Completes a Mapping: every text of its labelled columns gets a meaning."""

    def __init__(
        self,
        *args: Any,
        submission: Submission,
        mapping: Mapping,
        texts: dict[str, list[Label]],
        groups: tuple[GroupName, ...],
        places: tuple[PlaceName, ...],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.given = mapping
        self.choosing = _Choices(submission, groups, places)
        order = {name: at for at, name in enumerate(submission.header)}
        self.columns = sorted(texts, key=lambda name: order.get(name[:200], len(order)))
        self.asked_of: dict[str, list[Label]] = {}
        self.rest_of: dict[str, list[Label]] = {}
        self.known: dict[str, dict[str, str]] = {}
        for at, name in enumerate(self.columns):
            self._ask(at, name, texts[name])

    def _ask(self, at: int, name: str, found: list[Label]) -> None:
        column = self.given.columns[name]
        known = self.choosing.meanings(column.role, column.dimension, found)
        self.known[name] = known
        ordered = sorted(found, key=lambda label: (bool(known.get(label.text)), -label.rows))
        self.asked_of[name], others = ordered[:ASKED], ordered[ASKED:]
        self.rest_of[name] = [label for label in others if not known.get(label.text)]
        for number, label in enumerate(self.asked_of[name]):
            choices = self.choosing.of(column.role, column.dimension, label.text)
            self._choice(f"l{at}-{number}", label.text, choices, known.get(label.text, ""))
        if self.rest_of[name]:
            rest = [("", _("Choose one")), *_REST[column.role]()]
            self._choice(f"l{at}-rest", _("All the others"), rest, "")

    def _choice(self, name: str, label: str, choices: list[Choice], initial: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label or _("(empty)"), choices=choices, initial=initial, widget=PlainSelect
        )

    def asked(self) -> Iterator[AskedTexts]:
        for at, name in enumerate(self.columns):
            labels = tuple(
                AskedLabel(label.text, label.rows, self[f"l{at}-{number}"])
                for number, label in enumerate(self.asked_of[name])
            )
            listed = {label.text for label in labels}
            recognised = sum(
                1 for text, key in self.known[name].items() if key and text not in listed
            )
            others = len(self.rest_of[name])
            rest = self[f"l{at}-rest"] if others else None
            role = self.given.columns[name].role
            yield AskedTexts(name, role, labels, recognised, others, rest)

    @property
    def is_complete(self) -> bool:
        """Nothing is left to ask: every text has a meaning already."""
        return not self.rest_of_any and all(
            self.known[name].get(label.text)
            for name, labels in self.asked_of.items()
            for label in labels
        )

    @property
    def rest_of_any(self) -> bool:
        return any(self.rest_of.values())

    def mapping(self) -> Mapping:
        """The whole mapping: with her answers, or with what is known when she was not asked."""
        answers = self.cleaned_data if self.is_bound else {}
        columns = dict(self.given.columns)
        for at, name in enumerate(self.columns):
            meanings = dict(self.known[name])
            for number, label in enumerate(self.asked_of[name]):
                if chosen := answers.get(f"l{at}-{number}"):
                    meanings[label.text] = chosen
            for label in self.rest_of[name]:
                if chosen := answers.get(f"l{at}-rest"):
                    meanings[label.text] = chosen
            kept = {text: key for text, key in meanings.items() if key}
            columns[name] = replace(columns[name], labels=kept)
        return replace(self.given, columns=columns)


class _Choices:
    """What a text may stand for, and what it stands for as far as anybody knows."""

    def __init__(
        self, submission: Submission, groups: tuple[GroupName, ...], places: tuple[PlaceName, ...]
    ) -> None:
        self.initiative: Initiative = submission.initiative
        self.of_people = submission.is_of_people
        self.groups, self.places = groups, places
        self.names = PlaceNames(self.initiative)
        self.near_places, self.near_groups = CloseNames(places), dict[str, CloseNames]()
        self.group_lists: dict[str, list[Choice]] = {}
        named = Place.objects.for_initiative(self.initiative).order_by("name", "code")
        self.place_list: list[Choice] = list(named.values_list("code", "name"))

    def of(self, role: str, dimension: str, text: str) -> list[Choice]:
        empty = ("", _("Choose one"))
        if role == "place":
            # An empty cell names no place that could be made.
            answers = _new_or_not() if text else _new_or_not()[1:]
            near = self._did_you_mean(text, self.near_places, self.places)
            return [empty, *near, *answers, (_("Places"), self._places_for(text))]
        if role == "group":
            if dimension not in self.group_lists:
                self.group_lists[dimension] = group_choices(self.initiative, dimension)
            near = self._did_you_mean(text, self._groups_near(dimension), self.groups)
            return [empty, *near, *_REST["group"](), *self.group_lists[dimension]]
        return [empty, *_REST[role]()]

    def _groups_near(self, dimension: str) -> CloseNames:
        if dimension not in self.near_groups:
            named = [each for each in self.groups if dimension in ("", each.dimension)]
            self.near_groups[dimension] = CloseNames(named)
        return self.near_groups[dimension]

    def _did_you_mean(
        self,
        text: str,
        near: CloseNames,
        named: tuple[GroupName, ...] | tuple[PlaceName, ...],
    ) -> list[Choice]:
        """The known name that this text may misspell, as the first answer."""
        key = near(text)
        name = next((each.name for each in named if each.key == key), None)
        same = name is None or fold(name) == fold(text)
        return [] if same else [(key or "", _("Did you mean %(name)s?") % {"name": name})]

    def _places_for(self, text: str) -> list[Choice]:
        """All of them, or where they are many those that begin alike."""
        if len(self.place_list) <= PLACES_OFFERED:
            return self.place_list
        start = fold(text)[:3]
        code = self.names.codes.get(fold(text))
        return [
            (key, name)
            for key, name in self.place_list
            if key == code or fold(name).startswith(start)
        ][:PLACES_OFFERED]

    def meanings(self, role: str, dimension: str, found: list[Label]) -> dict[str, str]:
        """Text → key: as the mapping says where that still holds, else as it can be guessed."""
        texts = [label.text for label in found]
        guessed = (
            {} if role == "filter"
            else guess_labels(texts, role, groups=self.groups, places=self.places)
        )  # fmt: skip
        if role == "group":
            # What people wrote down of this label goes before what can be guessed.
            guessed |= crosswalks.proposals(self.initiative, dimension, texts)
        allowed = set(flat(self.of(role, dimension, ""))) - {""}
        meanings = {}
        for label in found:
            key = label.key or ""
            if role == "place":
                meanings[label.text] = self._place(label.text, key, guessed)
                continue
            key = key if key in allowed else guessed.get(label.text, "")
            meanings[label.text] = key if key in allowed else ""
        return meanings

    def _place(self, text: str, key: str, guessed: dict[str, str]) -> str:
        if key == IGNORE or key in self.names.names or (key == NEW and text):
            return key
        known = self.names.codes.get(fold(text)) or guessed.get(text)
        if known in self.names.names:
            return str(known)
        # A total among places is no place of that name; an empty cell is none either. What is
        # close to a known name may be a slip of the pen: a person says whether it is new.
        unsure = not text or concept(text) == "everyone" or self.near_places(text)
        return "" if unsure else NEW


def _new_or_not() -> list[Choice]:
    return [(NEW, _("A new place with this name")), (IGNORE, _("Leave these lines out"))]


def _group_rest() -> list[Choice]:
    return [
        (EVERYONE, _("Everyone (the total)")),
        (UNKNOWN, _("Group not known")),
        (IGNORE, _("Leave these lines out")),
    ]


_REST: dict[str, Callable[[], list[Choice]]] = {
    "place": _new_or_not,
    "group": _group_rest,
    "filter": lambda: [(KEEP, _("Use these lines")), (IGNORE, _("Leave these lines out"))],
    "outcome": lambda: [
        (YES, _("Yes: the person is counted")),
        (NO, _("No: the person is not counted")),
        (UNKNOWN, _("Not known")),
        (IGNORE, _("Leave these lines out")),
    ],
}

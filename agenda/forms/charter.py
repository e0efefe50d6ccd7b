"""Reading what an editor typed into a draft of the charter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from agenda import drafting
from agenda.models import CharterVersion, Goal, Paragraph, Part
from ciforum.people.models import Place
from ciforum.people.words import Words, WordsFormField

HINTS = {
    Part.PROBLEM: _("What is wrong, for whom, and how it came to be. Cite numbers and history."),
    Part.VISION: _("What will be true for everybody when this work is done."),
    Part.PRINCIPLES: _("How we work together. One principle in each box."),
    Part.POPULATION: _("Whom this work is for, in the words they use for themselves."),
    Part.OUTSIDE: _("What others do, or what we leave for later, so that nobody waits for it."),
}


@dataclass(frozen=True)
class Box:
    """One paragraph of the form: its field, and what somebody else made of it meanwhile."""

    paragraph: Paragraph
    field: BoundField
    seen: BoundField
    theirs: Words | None


class DraftForm(forms.Form):
    """A whole draft at once: every paragraph, a box for one more in each part, place and goals.

    Hidden stamps say what stood there when the form was made; see `agenda.drafting`.
    """

    place = forms.ModelChoiceField(
        label=_("Where"), queryset=Place.objects.none(), required=False, empty_label=_("Not said")
    )
    seen_place = forms.CharField(required=False, widget=forms.HiddenInput)
    goals = forms.MultipleChoiceField(
        label=_("Goals for everyone"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Goals that are adopted, or put to a decision."),
    )
    seen_goals = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: CharterVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.languages = list(version.initiative.languages)
        self.paragraphs = list(version.paragraphs.all())
        self.theirs: dict[UUID, Words | None] = {}
        # What was typed for paragraphs that are gone by now.
        self.homeless: list[Words] = []
        for each in self.paragraphs:
            # One that somebody added meanwhile is not in what was sent.
            asked = not self.is_bound or self._was_sent(each.uid)
            self._box(f"text-{each.uid}", _("Text"), each.text, required=asked)
            self.fields[f"seen-{each.uid}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=self._stamp(each.text)
            )
        for part in Part:
            self._box(f"new-{part.value}", _("One more paragraph"), Words())
        self._choices()

    def _box(self, name: str, label: Any, initial: Words, *, required: bool = False) -> None:
        box = WordsFormField(
            label=label, long=True, max_length=4000, required=required, initial=initial
        )
        box.limit_to(self.languages)
        self.fields[name] = box

    def _choices(self) -> None:
        initiative = self.version.initiative
        place, goals = self.fields["place"], self.fields["goals"]
        assert isinstance(place, forms.ModelChoiceField)  # noqa: S101 - for mypy
        assert isinstance(goals, forms.MultipleChoiceField)  # noqa: S101 - for mypy
        place.queryset = Place.objects.for_initiative(initiative).order_by("name")
        place.initial = self.version.place_id
        self.fields["seen_place"].initial = str(self.version.place_id or "")
        linked = [str(uid) for uid in self.version.goals.values_list("uid", flat=True)]
        current = Goal.objects.for_initiative(initiative).current()
        goals.choices = [(str(goal.uid), str(goal.name)) for goal in current]
        goals.initial = linked
        self.fields["seen_goals"].initial = " ".join(linked)

    def _stamp(self, text: Words) -> str:
        return drafting.stamp(text, self.languages)

    def sections(self) -> Iterator[tuple[Part, Any, list[Box], BoundField]]:
        """(part, its hint, its boxes, the box for one more), in the order of the charter."""
        for part in Part:
            boxes = [
                Box(each, self[f"text-{each.uid}"], self[f"seen-{each.uid}"], self._theirs(each))
                for each in self.paragraphs
                if each.part == part
            ]
            yield part, HINTS[part], boxes, self[f"new-{part.value}"]

    def _theirs(self, paragraph: Paragraph) -> Words | None:
        return self.theirs.get(paragraph.uid)

    def _was_sent(self, uid: UUID) -> bool:
        return f"seen-{uid}" in self.data

    def written(self) -> dict[str, Any]:
        """What `CharterVersion.write` takes."""
        cleaned = self.cleaned_data
        typed = {
            each.uid: drafting.Typed(
                cleaned[f"seen-{each.uid}"], cleaned[f"text-{each.uid}"], self.languages
            )
            for each in self.paragraphs
            if self._was_sent(each.uid)
        }
        new = {part.value: cleaned[f"new-{part.value}"] for part in Part}
        place = cleaned["place"]
        seen = cleaned["seen_place"]
        return {
            "typed": {**typed, **self._gone()},
            "new": {part: _tidy(text) for part, text in new.items() if text},
            "place": drafting.Chosen(seen, str(place.pk) if place else ""),
            "goals": drafting.Chosen(_uids(cleaned["seen_goals"].split()), _uids(cleaned["goals"])),
        }

    def _gone(self) -> dict[UUID, drafting.Typed]:
        """What was typed for paragraphs that somebody took out meanwhile."""
        here = {each.uid for each in self.paragraphs}
        sent = (name.removeprefix("seen-") for name in self.data if name.startswith("seen-"))
        gone = _uids(sent) - here
        return {
            uid: drafting.Typed(self.data[f"seen-{uid}"], self._raw(uid), self.languages)
            for uid in gone
        }

    def _raw(self, uid: UUID) -> Words:
        typed = {
            code: str(self.data.get(f"text-{uid}_{code}", "")).strip() for code in self.languages
        }
        return Words({code: text[:4000] for code, text in typed.items() if text})

    def overtaken(self, error: drafting.Overtaken) -> None:
        """Show what somebody else wrote below each box; saving again then keeps what is typed."""
        self.add_error(None, error)
        self.theirs = {uid: text for uid, text in error.texts.items() if text is not None}
        self.homeless = [
            self._raw(uid) for uid, text in error.texts.items() if text is None and self._raw(uid)
        ]
        sent: Any = self.data  # a QueryDict
        fresh = sent.copy()
        for uid, text in self.theirs.items():
            fresh[f"seen-{uid}"] = self._stamp(text or Words())
        for uid, text in error.texts.items():
            if text is None:  # said once; it does not come back by itself
                del fresh[f"seen-{uid}"]
        fresh["seen_place"] = str(self.version.place_id or "")
        self.data = fresh


def _tidy(text: Words) -> Words:
    return Words({code: drafting.tidy(each) for code, each in text.items() if each})


def _uids(texts: Any) -> set[UUID]:
    found = set()
    for text in texts:
        try:
            found.add(UUID(str(text)))
        except ValueError:
            continue
    return found

"""Forms of the maps of understanding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from agenda.models import Mark, Scenario, ScenarioSet, Stage
from agenda.models.scenarios import NOBODY_REAL
from ciforum.people.models import Initiative
from ciforum.people.words import WordsFormField


class SeenForm(forms.ModelForm):
    """A form of words; `seen` is the wording she looked at, so that two at once are told apart."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, WordsFormField):
                field.limit_to(initiative.languages)
        self.fields["seen"].initial = getattr(self.instance, "revision", None)

    def values(self) -> dict[str, Any]:
        """What a verb takes: the fields of the record alone."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def _post_clean(self) -> None:
        """The verb checks the record, on a fresh copy that it locks."""

    @property
    def seen_revision(self) -> int | None:
        seen: int | None = self.cleaned_data.get("seen")
        return seen

    def look_again(self, revision: int) -> None:
        """Somebody else was faster: the next attempt is made in sight of her words."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("seen")] = str(revision)
        self.data = data


class MapForm(SeenForm):
    """Title and purpose of a map."""

    class Meta:
        model = ScenarioSet
        fields = ["title", "purpose"]


class MapStartForm(MapForm):
    """A new map, with its short name in addresses."""

    class Meta(MapForm.Meta):
        fields = ["title", "purpose", "slug"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Letters a–z, digits, hyphens. Empty: from the title.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("title") and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = slugify(str(cleaned["title"]))[:60].strip("-")
            if not cleaned["slug"]:
                self.add_error("slug", _("Write one: the title has no letters from a to z."))
        return cleaned


class PersonForm(SeenForm):
    """A person of the map: invented, or put together from several."""

    class Meta:
        model = Scenario
        fields = ["name", "who", "origin"]
        widgets = {"origin": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["origin"] = forms.ChoiceField(
            label=_("Where this person comes from"),
            choices=Scenario.Origin.choices,
            widget=forms.RadioSelect,
            help_text=_("Nobody on a map may be somebody one could recognize."),
        )

    def clean_origin(self) -> str:
        origin = str(self.cleaned_data["origin"])
        if origin == Scenario.Origin.REAL:
            raise ValidationError(NOBODY_REAL)
        return origin


class StageForm(SeenForm):
    class Meta:
        model = Stage
        fields = ["title"]


class EntryForm(SeenForm):
    """An obstacle or a support."""

    class Meta:
        model = Mark
        fields = ["kind", "text"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("What it is"), choices=Mark.Kind.choices, widget=forms.RadioSelect
        )

"""Forms of an indicator: what it is called and who looks after it, and what it means."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Initiative, Organization, Period
from ciforum.people.words import WordsFormField
from equity.models import Dimension
from measurement.models import Indicator, IndicatorVersion
from measurement.models.indicators import Measure

# Addresses of their own below "indicators/".
TAKEN = ("new",)
LONGEST_FUNDER = 120


class LinesField(forms.CharField):
    """A short list, one entry a line; answers a list without empty or repeated ones."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = (" ".join(line.split()) for line in super().clean(value).splitlines())
        found = list(dict.fromkeys(line for line in lines if line))
        if long := next((line for line in found if len(line) > LONGEST_FUNDER), None):
            raise ValidationError(_("Shorten “%(text)s …”.") % {"text": long[:40]})
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class DescribeForm(forms.ModelForm):
    """Everything about an indicator but what is counted."""

    required_by = LinesField(
        label=_("Funders who require it"),
        help_text=_("One a line. Empty where nobody but ourselves asks for it."),
        required=False,
        max_length=2000,
    )

    class Meta:
        model = Indicator
        fields = [
            *("name", "slug", "tier", "level", "aspect", "frequency", "steward"),
            *("required_dimensions", "baseline", "required_by", "same_people_as", "part_of"),
        ]
        widgets = {
            "required_dimensions": forms.CheckboxSelectMultiple,
            "tier": forms.RadioSelect,
            "level": forms.RadioSelect,
            "aspect": forms.RadioSelect,
        }

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative
        name: WordsFormField = self.fields["name"]  # type: ignore[assignment]
        name.limit_to(initiative.languages)
        name.help_text = _("Name the aim, not a group that is failed, e.g. “Healthy births”.")
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Empty: from the name.")
        steward: forms.ModelChoiceField = self.fields["steward"]  # type: ignore[assignment]
        steward.queryset = Organization.objects.for_initiative(initiative).filter(ended_at=None)
        required: forms.ModelMultipleChoiceField = self.fields["required_dimensions"]  # type: ignore[assignment]
        required.queryset = Dimension.objects.for_initiative(initiative).current()
        baseline: forms.ModelChoiceField = self.fields["baseline"]  # type: ignore[assignment]
        baseline.queryset = Period.objects.for_initiative(initiative).order_by("-end", "-start")
        baseline.empty_label = _("Not chosen yet")
        others = Indicator.objects.for_initiative(initiative).exclude(pk=self.instance.pk)
        for key in ("same_people_as", "part_of"):
            sibling: forms.ModelChoiceField = self.fields[key]  # type: ignore[assignment]
            sibling.queryset, sibling.empty_label = others, _("None")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "slug" not in self.fields:  # an address that is known stays
            return cleaned
        if cleaned.get("name") and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = slugify(str(cleaned["name"]))[:80].strip("-")
            if not cleaned["slug"]:
                self.add_error("slug", _("Write one: the name has no letters from a to z."))
        if cleaned.get("slug") in TAKEN:
            self.add_error("slug", _("This word is used by the site. Choose another."))
        return cleaned

    def _post_clean(self) -> None:
        """The verb makes and checks the record; nothing is put together here."""


class DefineForm(forms.ModelForm):
    """What exactly is counted."""

    class Meta:
        model = IndicatorVersion
        fields = ["measure", "numerator", "denominator", "direction", "scale", "unit", "source"]
        widgets = {"measure": forms.RadioSelect, "direction": forms.RadioSelect}

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("numerator", "denominator", "unit", "source"):
            field: WordsFormField = self.fields[name]  # type: ignore[assignment]
            field.limit_to(initiative.languages)
        for name in ("measure", "direction"):
            choices = self.fields[name].choices  # type: ignore[attr-defined]
            self.fields[name].choices = [each for each in choices if each[0]]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("measure") != Measure.COUNT and not cleaned.get("denominator"):
            self.add_error("denominator", ValidationError(_("Say out of whom or what.")))
        return cleaned

    def _post_clean(self) -> None:
        """The verb makes and checks the record; nothing is put together here."""


class RedefineForm(DefineForm):
    """Another definition, and why."""

    class Meta(DefineForm.Meta):
        fields = ["reason", *DefineForm.Meta.fields]

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, initiative=initiative, **kwargs)
        reason: WordsFormField = self.fields["reason"]  # type: ignore[assignment]
        reason.limit_to(initiative.languages)
        reason.required = True
        self.initial["reason"] = None  # the last change had its own

"""Forms for answers about a curve, and for what groups are compared with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciforum.people.words import WordsFormField
from equity.models import Dimension, Group
from measurement.models import Against, Indicator
from measurement.models.curve import LONGEST


class CurveNoteForm(forms.Form):
    """The answer to one question; `seen` says which version she looked at."""

    text = WordsFormField(
        label=_("Answer"),
        long=True,
        max_length=LONGEST,
        help_text=_("About systems, not about the people they fail. Everybody can read it."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = self.fields["text"]
        assert isinstance(text, WordsFormField)  # noqa: S101 - for mypy
        text.limit_to(indicator.initiative.languages)


class GroupChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.dimension.name}: {obj.name}"


class ComparisonForm(forms.Form):
    """The universal goal, or something else and why."""

    against = forms.ChoiceField(
        label=_("Compare each group with"), choices=Against.choices, widget=forms.RadioSelect
    )
    group = GroupChoice(
        label=_("Which group"),
        queryset=Group.objects.none(),
        to_field_name="uid",
        required=False,
        empty_label=_("None"),
    )
    reason = WordsFormField(
        label=_("Why"),
        required=False,
        long=True,
        max_length=1000,
        help_text=_("Shown beside the numbers. Only the universal goal needs no reason."),
    )

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group, reason = self.fields["group"], self.fields["reason"]
        assert isinstance(group, forms.ModelChoiceField)  # noqa: S101 - for mypy
        assert isinstance(reason, WordsFormField)  # noqa: S101 - for mypy
        found = Group.objects.for_initiative(indicator.initiative).filter(
            dimension__retired_at=None, dimension__kind=Dimension.Kind.EXCLUSIVE
        )
        group.queryset = found.select_related("dimension").order_by("dimension__code", "order")
        reason.limit_to(indicator.initiative.languages)

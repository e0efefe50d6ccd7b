"""Choosing what measures a goal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agenda.models import Goal
from measurement.models import Indicator, Target


class TargetForm(forms.Form):
    """An indicator, or none."""

    indicator = forms.ModelChoiceField(
        label=_("Indicator"),
        queryset=Indicator.objects.none(),
        required=False,
        empty_label=_("None yet"),
        help_text=_(
            "Its number is taken from the goal’s, so both count the same thing in the same way."
        ),
    )

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["indicator"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for mypy
        field.queryset = Indicator.objects.for_initiative(goal.initiative).filter(retired_at=None)
        standing = Target.objects.standing().filter(goal=goal).select_related("version").first()
        field.initial = standing.version.indicator_id if standing else None

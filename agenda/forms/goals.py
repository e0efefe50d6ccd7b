"""Forms of the five steps to a universal goal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from agenda.forms.scenarios import SeenForm
from agenda.models import Barrier, Goal, NotYet, Strategy
from agenda.wording import gap_words
from ciforum.people import clock
from ciforum.people.models import Initiative
from ciforum.people.words import Words
from equity.models import Dimension, Group


def day_field(label: Any, *, required: bool, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class GoalForm(SeenForm):
    """Step 1: the goal for everyone. One about a gap is refused, with a wording to take over."""

    target_by = day_field(_("By the end of"), required=False)

    class Meta:
        model = Goal
        fields = ["level", "name", "why", "target_value", "target_unit", "target_by"]
        widgets = {"level": forms.RadioSelect}

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, initiative=initiative, **kwargs)
        self.zone = initiative.time_zone
        self.fields["level"] = forms.ChoiceField(
            label=_("What the goal is about"),
            choices=Goal.Level.choices,
            widget=forms.RadioSelect,
        )
        self.fields["name"].help_text = _(
            "One goal for everyone, e.g. “Every child reads by third grade”. Not the gap between "
            "groups."
        )
        self.fields["target_value"].help_text = _("A number, e.g. 90. Empty if there is none.")
        self.fields["target_unit"].help_text = _("For example “percent of mothers”.")
        if self.instance.target_by:
            self.fields["target_by"].initial = localtime(self.instance.target_by).date()
            self.initial["target_by"] = self.fields["target_by"].initial

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("target_unit") and cleaned.get("target_value") is None:
            self.add_error("target_value", _("Write the number as well."))
        self._refuse_gaps(cleaned)
        return cleaned

    def values(self) -> dict[str, Any]:
        values = super().values()
        day = values.get("target_by")
        values["target_by"] = clock.end_of_day(day, self.zone) if day else None
        return values

    def take_over(self) -> None:
        """Write the suggested words into the boxes of the languages that named a gap."""
        draft = self._draft(self.cleaned_data)
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for code, text in draft.name.items():
            if gap_words(text):
                data[f"{self.add_prefix('name')}_{code}"] = draft.better_name(code)
        self.data = data

    def _refuse_gaps(self, cleaned: dict[str, Any]) -> None:
        draft = self._draft(cleaned)
        self.is_about_a_gap = bool(draft.gap_wording())
        if self.is_about_a_gap:
            self.add_error("name", ValidationError(draft.gap_refusal(draft.gap_wording())))
            # `take_over` needs what was typed.
            cleaned["name"] = draft.name

    def _draft(self, cleaned: dict[str, Any]) -> Goal:
        return Goal(
            name=cleaned.get("name") or Words(),
            target_value=cleaned.get("target_value"),
            target_unit=cleaned.get("target_unit") or Words(),
        )


class GoalStartForm(GoalForm):
    """A new goal, with its short name in addresses."""

    class Meta(GoalForm.Meta):
        fields = [*GoalForm.Meta.fields, "slug"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Letters a–z, digits, hyphens. Empty: from the goal.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("name") and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = slugify(str(cleaned["name"]))[:60].strip("-")
            if not cleaned["slug"]:
                self.add_error("slug", _("Write one: the goal has no letters from a to z."))
        return cleaned


class DimensionsForm(forms.Form):
    """Step 3: whose distance is looked at."""

    dimensions = forms.ModelMultipleChoiceField(
        label=_("Which groups are considered"),
        queryset=Dimension.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["dimensions"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for mypy
        chosen = goal.dimensions.values_list("pk", flat=True)
        every = Dimension.objects.for_initiative(goal.initiative)
        field.queryset = every.filter(retired_at=None) | every.filter(pk__in=list(chosen))
        field.initial = list(chosen)


class PlanForm(SeenForm):
    """An entry for one group of the goal."""

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, initiative=goal.initiative, **kwargs)
        self.zone = goal.initiative.time_zone
        group = self.fields["group"]
        assert isinstance(group, forms.ModelChoiceField)  # noqa: S101 - for mypy
        group.queryset = Group.objects.filter(dimension__in=goal.dimensions.all()).select_related(
            "dimension"
        )
        group.label_from_instance = lambda each: f"{each.dimension}: {each}"  # type: ignore[assignment,method-assign]
        if self.instance.pk:
            group.disabled = True


class BarrierForm(PlanForm):
    """Step 4."""

    class Meta:
        model = Barrier
        fields = ["group", "kind", "text"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("What it does"),
            choices=Barrier.Kind.choices,
            widget=forms.RadioSelect,
            initial=Barrier.Kind.BLOCKS,
        )


class StrategyForm(PlanForm):
    """Step 5."""

    class Meta:
        model = Strategy
        fields = ["group", "text", "barrier"]

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, goal=goal, **kwargs)
        barrier = self.fields["barrier"]
        assert isinstance(barrier, forms.ModelChoiceField)  # noqa: S101 - for mypy
        barrier.queryset = goal.barriers.filter(kind=Barrier.Kind.BLOCKS).select_related("group")
        barrier.label_from_instance = lambda each: f"{each.group}: {each}"  # type: ignore[assignment,method-assign]


class NotYetForm(PlanForm):
    """Step 5, where there is no strategy yet."""

    until = day_field(
        _("Until the end of"),
        required=True,
        help_text=_("After this day the goal shows that a strategy is overdue."),
    )

    class Meta:
        model = NotYet
        fields = ["group", "until", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.until:
            self.initial["until"] = localtime(self.instance.until).date()

    def values(self) -> dict[str, Any]:
        values = super().values()
        values["until"] = clock.end_of_day(values["until"], self.zone)
        return values

"""Reading and checking what people type on the pages of equity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Initiative
from ciforum.people.words import Words, WordsFormField
from equity.gates import Gate
from equity.models import Dimension, Group, LedgerEntry, Policy
from equity.models.policy import LOOSER, SET_BY_HAND, THRESHOLDS, field_of, is_looser
from equity.presenting import gate_label


def put(form: forms.BaseForm, error: ValidationError) -> None:
    """Show a verb's objection at the field it names, or above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class NamedForm(forms.Form):
    """A name in the initiative's languages and a code, made from the name when left empty."""

    name = WordsFormField(label=_("Name"))
    code = forms.SlugField(
        label=_("Code"),
        max_length=60,
        required=False,
        help_text=_("Short, for files: letters a–z, digits and hyphens. Empty: from the name."),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        if isinstance(name, WordsFormField):
            name.limit_to(initiative.languages)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") and not cleaned.get("code") and "code" not in self.errors:
            cleaned["code"] = slugify(str(cleaned["name"]))[:60].strip("-")
            if not cleaned["code"]:
                self.add_error("code", _("Write a code: the name has no letters from a to z."))
        return cleaned


class DimensionForm(NamedForm):
    """A new dimension."""

    kind = forms.ChoiceField(
        label=_("How its groups relate"),
        choices=Dimension.Kind.choices,
        widget=forms.RadioSelect,
        help_text=_("This cannot be changed later: protected tables are made with it."),
    )
    is_ordered = forms.BooleanField(
        label=_("Its groups stand in an order"),
        required=False,
        help_text=_(
            "Such as fifths of income or years of schooling. Add them from the most disadvantaged "
            "to the most advantaged."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("is_ordered") and cleaned.get("kind") == Dimension.Kind.OVERLAPPING:
            self.add_error(
                "is_ordered",
                _("Groups stand in an order only where each person is in one of them."),
            )
        return cleaned


class GroupForm(NamedForm):
    """A new group of a dimension, at the top or under another."""

    parent = forms.ModelChoiceField(
        label=_("Part of"),
        queryset=Group.objects.none(),
        required=False,
        empty_label=_("None: a group at the top"),
    )

    def __init__(self, *args: Any, dimension: Dimension, **kwargs: Any) -> None:
        super().__init__(*args, initiative=dimension.initiative, **kwargs)
        parent = self.fields["parent"]
        if isinstance(parent, forms.ModelChoiceField):
            parent.queryset = dimension.groups.all()


class NamesForm(forms.Form):
    """The names of a dimension and all its groups, in every language of the initiative."""

    def __init__(self, *args: Any, dimension: Dimension, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {f"group-{group.pk}": group for group in dimension.groups.all()}
        self._box("name", _("The dimension"), dimension)
        for field, group in self.groups.items():
            self._box(field, str(group), group)

    def _box(self, field: str, label: Any, named: Dimension | Group) -> None:
        box = WordsFormField(label=label, initial=named.name)
        box.limit_to(named.initiative.languages)
        self.fields[field] = box

    def group_names(self) -> dict[Group, Words]:
        """Each group with the name that was typed for it."""
        return {group: self.cleaned_data[field] for field, group in self.groups.items()}


class PolicyForm(forms.ModelForm):
    """Stricter thresholds. A looser one is refused with the sentence that says who could."""

    understood = forms.BooleanField(
        label=_("I know that only a decision of the community can make this looser again.")
    )

    class Meta:
        model = Policy
        fields = list(SET_BY_HAND)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in SET_BY_HAND:
            now, wanted = self.initial[name], cleaned.get(name)
            if wanted is not None and is_looser(name, now, wanted):
                self.add_error(name, LOOSER)
        return cleaned

    def changes(self) -> dict[str, int]:
        """The thresholds that differ from now."""
        return {name: self.cleaned_data[name] for name in SET_BY_HAND if name in self.changed_data}


class LooseningForm(forms.Form):
    """Which threshold should be looser, and why."""

    threshold = forms.ChoiceField(
        label=_("Threshold"),
        choices=[(name, capfirst(field_of(name).verbose_name)) for name in THRESHOLDS],
    )
    after = forms.IntegerField(
        label=_("New value"),
        min_value=0,
        help_text=_("Looser than now, and not below what holds for every initiative."),
    )
    reason = WordsFormField(
        label=_("Reason"),
        long=True,
        max_length=2000,
        help_text=_("Everybody can read it. It is part of what the community decides on."),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        if isinstance(reason, WordsFormField):
            reason.limit_to(initiative.languages)


class WaiverForm(forms.Form):
    """Why a rule should be waived, and for how long."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=30,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Everybody can read it. Say why the step cannot wait, and what you do next."),
    )
    days = forms.IntegerField(label=_("Days it should last"), min_value=1)

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"] = forms.IntegerField(
            label=_("Days it should last"),
            min_value=1,
            max_value=policy.waiver_days,
            help_text=_("At most %(days)s.") % {"days": policy.waiver_days},
        )


class LedgerFilter(forms.Form):
    """Which entries of the ledger to show."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=[("", _("Anything")), *LedgerEntry.Kind.choices],
        required=False,
    )
    gate = forms.ChoiceField(label=_("Step"), required=False)
    record = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gate"] = forms.ChoiceField(
            label=_("Step"),
            choices=[("", _("Any step")), *((name, gate_label(name)) for name in Gate.all)],
            required=False,
        )

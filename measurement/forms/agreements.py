"""Forms of data agreements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Initiative, Organization
from ciforum.people.words import WordsFormField
from measurement.models import DataAgreement, Indicator

YEAR = timedelta(days=365)
LARGEST = 20 << 20
KINDS = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class DayInput(forms.DateInput):
    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class _Dated(forms.Form):
    """From which day until which; and the signed paper, if it is at hand."""

    starts = forms.DateField(label=_("From"), widget=DayInput)
    ends = forms.DateField(label=_("Until"), widget=DayInput, help_text=_("The end of that day."))
    reminder_days = forms.IntegerField(
        label=_("Remind us so many days before"),
        min_value=1,
        max_value=365,
        initial=60,
        help_text=_("The stewards of its indicators and the backbone get a message and a task."),
    )
    file = forms.FileField(
        label=_("The signed agreement"),
        required=False,
        help_text=_("A PDF or a text document. Members can open it."),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative

    def clean_ends(self) -> Any:
        return clock.end_of_day(self.cleaned_data["ends"], self.initiative.time_zone)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > LARGEST:
            raise forms.ValidationError(_("This file is larger than 20 megabytes."))
        start = file.read(8)
        file.seek(0)
        if not start.startswith(KINDS):
            raise forms.ValidationError(_("Bring a PDF or a text document."))
        return file


class AgreementForm(_Dated):
    """A new agreement."""

    name = WordsFormField(
        label=_("What it is called"), help_text=_("E.g. “Birth records, 2026 to 2028”.")
    )
    indicators = forms.ModelMultipleChoiceField(
        label=_("Indicators it covers"),
        queryset=Indicator.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    organizations = forms.ModelMultipleChoiceField(
        label=_("Partners"),
        queryset=Organization.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    others = forms.CharField(
        label=_("Other parties"),
        max_length=300,
        required=False,
        help_text=_("Who is not a partner here, e.g. “State Office of Vital Records”."),
    )
    terms = WordsFormField(
        label=_("Terms"),
        long=True,
        max_length=20_000,
        help_text=_(
            "What may be shared, in what form, for what, and what may not. Members read it."
        ),
    )
    field_order = (
        *("name", "indicators", "organizations", "others", "terms"),
        *("starts", "ends", "reminder_days", "file"),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, initiative=initiative, **kwargs)
        _limit(self, initiative, "name", "terms")
        self.fields["indicators"].queryset = (  # type: ignore[attr-defined]
            Indicator.objects.for_initiative(initiative).filter(retired_at=None)
        )
        self.fields["organizations"].queryset = (  # type: ignore[attr-defined]
            Organization.objects.for_initiative(initiative).filter(ended_at=None).order_by("name")
        )


class RenewForm(_Dated):
    """The same parties and indicators until a later day; other terms if they changed."""

    terms = WordsFormField(label=_("Terms"), long=True, max_length=20_000)
    field_order = ("starts", "ends", "terms", "reminder_days", "file")

    def __init__(self, *args: Any, agreement: DataAgreement, **kwargs: Any) -> None:
        super().__init__(*args, initiative=agreement.initiative, **kwargs)
        _limit(self, agreement.initiative, "terms")
        last = localtime(agreement.ends, agreement.initiative.zone).date()
        self.initial = {
            "starts": last + timedelta(days=1),
            "ends": last + YEAR,
            "terms": agreement.terms,
            "reminder_days": agreement.reminder_days,
            **self.initial,
        }


class EndForm(forms.Form):
    """Why an agreement ends before its day."""

    why = WordsFormField(label=_("Why it ends"), long=True, max_length=1000)

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limit(self, initiative, "why")


def _limit(form: forms.Form, initiative: Initiative, *names: str) -> None:
    for name in names:
        field = form.fields[name]
        if isinstance(field, WordsFormField):
            field.limit_to(initiative.languages)

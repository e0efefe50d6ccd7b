"""Forms of a data request."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Organization
from equity.models import Dimension
from measurement.models import DataRequest, Indicator

DAYS = 60


class RequestForm(forms.ModelForm):
    """Which groups we ask to see counted, of whom, and by when."""

    due = forms.DateField(
        label=_("Answer by"),
        help_text=_("The end of that day. Until then the request keeps the release gate open."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    class Meta:
        model = DataRequest
        fields = ["dimension", "holder", "organization", "ask"]
        widgets = {"ask": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        initiative = indicator.initiative
        self.fields["dimension"] = forms.ModelChoiceField(
            label=_("Breakdown"),
            queryset=Dimension.objects.for_initiative(initiative).current(),
            help_text=_("The groups we ask to see counted."),
            empty_label=None,
            initial=indicator.required_dimensions.first(),
        )
        self.fields["organization"] = forms.ModelChoiceField(
            label=_("Partner, if the holder is one"),
            queryset=Organization.objects.for_initiative(initiative).filter(ended_at=None),
            required=False,
            empty_label=_("None of our partners"),
        )
        today = localtime(clock.now(), initiative.zone).date()
        self.fields["due"].initial = today + timedelta(days=DAYS)

    def clean_due(self) -> datetime:
        return clock.end_of_day(self.cleaned_data["due"], self.indicator.initiative.time_zone)

    def _post_clean(self) -> None:
        """The verb makes and checks the record; nothing is put together here."""


class AnswerForm(forms.Form):
    """What the holder said."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (DataRequest.State.SHARED, _("They share the data")),
            (DataRequest.State.REFUSED, _("They refused")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Their answer, in short"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown to everybody."),
    )


class EscalationForm(forms.Form):
    """What happens next, in public."""

    words = forms.CharField(
        label=_("What we do next, and who does it"),
        max_length=4000,
        min_length=30,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown to everybody. Say whom you turn to, and until when."),
    )

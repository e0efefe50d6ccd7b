"""The form of an API token."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Initiative, Scope

DAYS = 365


class TokenForm(forms.Form):
    """What a token is for, what it opens, and until when."""

    label = forms.CharField(
        label=_("What it is for"),
        max_length=100,
        help_text=_("So that it can be told apart later, e.g. “County's Power BI report”."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it opens"),
        choices=Scope.choices,
        initial=[Scope.MEASURES],
        widget=forms.CheckboxSelectMultiple,
    )
    expires_at = forms.DateField(
        label=_("Until"),
        help_text=_("The end of that day, at most two years from now."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative
        today = localtime(clock.now(), initiative.zone).date()
        self.fields["expires_at"].initial = today + timedelta(days=DAYS)

    def clean_expires_at(self) -> datetime:
        return clock.end_of_day(self.cleaned_data["expires_at"], self.initiative.time_zone)

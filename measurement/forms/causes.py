"""Forms by which an indicator says why its gaps are there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agenda.models import HistoryEvent
from ciforum.people.words import WordsFormField
from measurement.models import Indicator


class EventChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.when} · {obj.title}"


class CauseForm(forms.Form):
    """A structural event of our history, and how it works until today."""

    event = EventChoice(
        label=_("Event"),
        queryset=HistoryEvent.objects.none(),
        to_field_name="uid",
        empty_label=_("Choose an event"),
    )
    note = WordsFormField(
        label=_("How it works until today"),
        required=False,
        long=True,
        max_length=600,
        help_text=_("One or two sentences, about systems and not about the people they failed."),
    )

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = HistoryEvent.objects.for_initiative(indicator.initiative).published().structural()
        named = indicator.causes.standing().exclude(event=None).values("event")
        event: forms.ModelChoiceField = self.fields["event"]  # type: ignore[assignment]
        event.queryset = events.exclude(pk__in=named)
        note: WordsFormField = self.fields["note"]  # type: ignore[assignment]
        note.limit_to(indicator.initiative.languages)


class NotResearchedForm(forms.Form):
    """Nobody has looked yet; who will, until when."""

    who = forms.CharField(
        label=_("Who looks into it"),
        max_length=200,
        help_text=_("A group or an organization, e.g. “Eastgate elders’ circle with the library”."),
    )
    until = forms.DateField(
        label=_("Until when"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Within a year. After that day it no longer lets a release through."),
    )

"""Forms of what is owed: finding it, agreeing on it, saying why there is nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ciforum.people import clock
from ciforum.people.folding import folded
from ciforum.people.models import Initiative, Organization, Period
from ciforum.people.words import WordsFormField
from measurement.models import Frequency, Indicator, Reason, Standing
from measurement.models.duty_rules import FURTHEST, LONGEST_WAIT
from measurement.owing import expecting

SORTS = (
    ("partner", _("By partner")),
    ("indicator", _("By indicator")),
    ("due", _("What is due first")),
)
DATE = {"type": "date"}


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs=DATE, format="%Y-%m-%d")


class MatrixFilter(forms.Form):
    """Which reports to show. What cannot be read is left aside, not complained about."""

    partner = forms.ModelChoiceField(
        label=_("Partner"),
        required=False,
        queryset=Organization.objects.none(),
        to_field_name="slug",
        empty_label=_("All"),
    )
    indicator = forms.ChoiceField(label=_("Indicator"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Standing.choices]
    )
    since = forms.DateField(label=_("Periods from"), required=False, widget=date_input())
    until = forms.DateField(label=_("Periods to"), required=False, widget=date_input())
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=SORTS)

    def __init__(self, *args: Any, duties: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partner: Any = self.fields["partner"]
        partner.queryset = Organization.objects.filter(
            pk__in=duties.order_by().values("organization")
        )
        indicators = Indicator.objects.filter(pk__in=duties.order_by().values("indicator"))
        names = [(each.slug, str(each.name)) for each in indicators]
        chosen: Any = self.fields["indicator"]
        chosen.choices = [("", _("All")), *sorted(names, key=lambda name: folded(name[1]))]

    @property
    def sorted_by(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("sort") or "partner"

    def narrow(self, duties: Any) -> Any:
        """Those of the chosen partner, indicator and time; `state` is left to the caller."""
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("partner"):
            duties = duties.filter(organization=chosen["partner"])
        if chosen.get("indicator"):
            duties = duties.filter(indicator__slug=chosen["indicator"])
        if chosen.get("since"):
            duties = duties.filter(period__end__gt=chosen["since"])
        if chosen.get("until"):
            duties = duties.filter(period__start__lte=chosen["until"])
        return duties


class _Worded(forms.Form):
    """Words to somebody, in the languages of the initiative."""

    words = WordsFormField(long=True, max_length=1_000)

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative
        words: Any = self.fields["words"]
        words.limit_to(initiative.languages)

    def _end_of(self, day: date | None) -> Any:
        return clock.end_of_day(day, self.initiative.time_zone) if day else None


class ExcuseForm(_Worded):
    """The partner says that there are no numbers."""

    reason = forms.ChoiceField(
        label=_("Why are there no numbers?"), choices=Reason.choices, widget=forms.RadioSelect
    )
    words = WordsFormField(
        label=_("In a few words"),
        help_text=_("The backbone reads this, and accepts it or asks again."),
        long=True,
        max_length=1_000,
    )
    field_order = ("reason", "words")


class AskAgainForm(_Worded):
    """The backbone does not agree that there are no numbers."""

    words = WordsFormField(
        label=_("What do you ask them for?"),
        help_text=_("The partner reads this."),
        long=True,
        max_length=1_000,
    )
    due = forms.DateField(
        label=_("By when"),
        required=False,
        widget=date_input(),
        help_text=_("Empty: the date stays as it is."),
    )

    def clean_due(self) -> Any:
        return self._end_of(self.cleaned_data["due"])


class CloseForm(_Worded):
    """The backbone takes no numbers for it any more."""

    words = WordsFormField(
        label=_("Why is it closed?"),
        help_text=_("The partner reads this wherever she would hand in."),
        long=True,
        max_length=1_000,
    )


class DueForm(forms.Form):
    """Another date."""

    due = forms.DateField(label=_("Due on"), widget=date_input())

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative

    def clean_due(self) -> Any:
        return clock.end_of_day(self.cleaned_data["due"], self.initiative.time_zone)


class _Parties(forms.Form):
    """Which partners, which indicators: agreed for all of them at once."""

    organizations = forms.ModelMultipleChoiceField(
        label=_("Partners"),
        queryset=Organization.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        to_field_name="uid",
    )
    indicators = forms.ModelMultipleChoiceField(
        label=_("Indicators"),
        queryset=Indicator.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        to_field_name="uid",
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative
        fields: Any = self.fields
        fields["organizations"].queryset = (
            Organization.objects.for_initiative(initiative)
            .filter(
                ended_at=None, memberships__roles__contains=["partner"], memberships__ended_at=None
            )
            .distinct()
        )
        fields["indicators"].queryset = Indicator.objects.for_initiative(initiative).filter(
            retired_at=None
        )


class RuleForm(_Parties):
    """A report that is owed again and again."""

    every = forms.ChoiceField(label=_("How often"), choices=Frequency.choices, initial="quarter")
    days_after = forms.IntegerField(
        label=_("Due how many days after it ends"),
        min_value=0,
        max_value=LONGEST_WAIT,
        initial=20,
    )
    begins = forms.DateField(label=_("Beginning with what starts on or after"), widget=date_input())

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, initiative=initiative, **kwargs)
        today = localtime(clock.now(), initiative.zone).date()
        self.fields["begins"].initial = expecting.around("quarter", today)[0]

    def clean_begins(self) -> date:
        begins: date = self.cleaned_data["begins"]
        today = localtime(clock.now(), self.initiative.zone).date()
        if abs(begins - today) > timedelta(days=3_660):
            raise forms.ValidationError(_("Choose a day at most ten years from today."))
        return begins


class OnceForm(_Parties):
    """A report that is owed once."""

    kind = forms.ChoiceField(label=_("Period"), choices=Frequency.choices, initial="quarter")
    day = forms.DateField(
        label=_("A day in it"),
        widget=date_input(),
        help_text=_("Any day: it stands for the month, quarter or year around it."),
    )
    due = forms.DateField(label=_("Due on"), widget=date_input())
    field_order = ("organizations", "indicators", "kind", "day", "due")

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, initiative=initiative, **kwargs)
        labels = {
            "month": _("Month"),
            "quarter": _("Quarter"),
            "year": _("Year"),
            "school_year": _("School year"),
            "fiscal_year": _("Fiscal year"),
        }
        kind: Any = self.fields["kind"]
        kind.choices = list(labels.items())

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not 1990 <= day.year <= 2100:
            raise forms.ValidationError(_("Choose a day between 1990 and 2100."))
        return day

    def clean_due(self) -> Any:
        return clock.end_of_day(self.cleaned_data["due"], self.initiative.time_zone)

    def period(self) -> Period:
        start, end = expecting.around(self.cleaned_data["kind"], self.cleaned_data["day"])
        return Period.objects.of(self.initiative, self.cleaned_data["kind"], start, end)


class EndRuleForm(_Worded):
    """An agreement ends."""

    words = WordsFormField(
        label=_("Why does it end?"),
        help_text=_("Reports that are not due yet are closed, and the partner reads this."),
        long=True,
        max_length=1_000,
    )


class ScheduleForm(forms.Form):
    """On which days partners are reminded."""

    before = forms.CharField(
        label=_("Days before the date"),
        required=False,
        max_length=60,
        help_text=_("Numbers with commas, such as 14, 3. Write 0 for the day itself."),
    )
    after = forms.CharField(
        label=_("Days after the date"),
        required=False,
        max_length=60,
        help_text=_("Such as 1, 7. Leave both empty to send no reminders."),
    )

    @classmethod
    def of(cls, days: list[int]) -> dict[str, str]:
        """The days as they stand in the boxes."""
        return {
            "before": ", ".join(str(-day) for day in days if day <= 0),
            "after": ", ".join(str(day) for day in days if day > 0),
        }

    def clean_before(self) -> list[int]:
        return [-day for day in self._days("before")]

    def clean_after(self) -> list[int]:
        return self._days("after")

    def _days(self, name: str) -> list[int]:
        texts = [text.strip() for text in self.cleaned_data[name].split(",") if text.strip()]
        if not all(text.isascii() and text.isdigit() and int(text) <= FURTHEST for text in texts):
            raise forms.ValidationError(
                _("Write whole numbers from 0 to %(most)s, with commas between them."),
                params={"most": FURTHEST},
            )
        return [int(text) for text in texts]

    @property
    def days(self) -> list[int]:
        return [*self.cleaned_data["before"], *self.cleaned_data["after"]]


class RetractForm(forms.Form):
    """Approved numbers are withdrawn."""

    reason = forms.CharField(
        label=_("Why are these numbers withdrawn?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the numbers. Members read it; the public does not."),
    )


class PublicWordsForm(forms.Form):
    """A sentence for everybody beside releases whose numbers change."""

    public_words = WordsFormField(
        label=_("A sentence for everybody (if you like)"),
        required=False,
        long=True,
        max_length=500,
        help_text=_(
            "Stands on the public page beside the release. Without it, everybody reads only that "
            "numbers have changed, and when."
        ),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words: Any = self.fields["public_words"]
        words.limit_to(initiative.languages)


def reminder_words(days: int) -> str:
    """When a reminder went out, by its report's date."""
    if not days:
        return str(_("on the day"))
    text = (
        ngettext("%(days)s day after", "%(days)s days after", days)
        if days > 0
        else ngettext("%(days)s day before", "%(days)s days before", -days)
    )
    return text % {"days": abs(days)}

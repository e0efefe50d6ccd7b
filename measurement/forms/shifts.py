"""Forms of the log of systems shifts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agenda.forms.citing import CiteForm
from agenda.forms.history import WhenField
from ciforum.people.models import Initiative, Membership, Place
from ciforum.people.words import WordsFormField
from equity.seats import Seat
from equity.sentences import STRATEGIES
from measurement.models import Indicator, ShiftVoice, SystemsShift
from measurement.models.shift_voices import EvidenceGrade
from measurement.models.shifts import Level, ShiftKind
from measurement.shifting.shift_log import Asked
from measurement.shifting.shift_words import GRADES, KINDS, LEVELS

_PLAIN_STRATEGIES = [(number, words[0]) for number, words in STRATEGIES.items()]


def explained(choices: Any, meanings: dict[str, Any]) -> list[tuple[str, str]]:
    """Choices whose labels also say what they mean."""
    return [(value, f"{label}: {meanings[value]}") for value, label in choices]


class ShiftForm(forms.ModelForm):
    """A shift, new or changed while it is hoped for."""

    strategies = forms.TypedMultipleChoiceField(
        label=_("Equity strategies it belongs to"),
        coerce=int,
        choices=_PLAIN_STRATEGIES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At least one."),
    )
    since = WhenField(
        label=_("Since when"),
        required=False,
        help_text=_(
            "A year, 2024, a month, 2024-06, or a day, 2024-06-12. Empty while you hope for it."
        ),
    )

    class Meta:
        model = SystemsShift
        fields = [
            *("title", "level", "kind", "strategies", "before", "after"),
            *("places", "where_words", "indicators"),
        ]
        widgets = {
            "level": forms.RadioSelect,
            "places": forms.CheckboxSelectMultiple,
            "indicators": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "title": _("One line that says what is different, e.g. “Doulas are paid by Medicaid”."),
            "before": _("How it was: the rule, the habit, who decided, what people said."),
            "after": _("How it is now, or how you hope it will be."),
            "where_words": _("For example: “in the maternity wards of the county”."),
            "indicators": _("Numbers that should move because of it."),
        }

    field_order = [
        *("title", "before", "after", "level", "kind", "strategies", "since"),
        *("places", "where_words", "indicators"),
    ]

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "before", "after", "where_words"):
            field: WordsFormField = self.fields[name]  # type: ignore[assignment]
            field.limit_to(initiative.languages)
        self.fields["level"].choices = explained(Level.choices, LEVELS)  # type: ignore[attr-defined]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose…")),
            *explained(ShiftKind.choices, KINDS),
        ]
        _offer(self, initiative)
        if self.instance.pk and self.instance.when:
            self.initial["since"] = self.instance.when.text

    def _post_clean(self) -> None:
        """The verb makes and checks the record; nothing is put together here."""

    def values(self) -> dict[str, Any]:
        """What the verb takes."""
        return dict(self.cleaned_data)


def _offer(form: forms.BaseForm, initiative: Initiative) -> None:
    """Places and measures of this initiative; no box for what there is none of."""
    for name, kind in (("places", Place), ("indicators", Indicator)):
        if name in form.fields:
            field: forms.ModelMultipleChoiceField = form.fields[name]  # type: ignore[assignment]
            field.queryset = kind.objects.for_initiative(initiative)
            if not field.queryset.exists():
                form.fields.pop(name)


class AimForm(forms.Form):
    """Which measures it is meant to move."""

    indicators = forms.ModelMultipleChoiceField(
        label=_("Measures"),
        required=False,
        queryset=Indicator.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A headline number is released once at least one shift aims at it."),
    )

    def __init__(self, *args: Any, shift: SystemsShift, **kwargs: Any) -> None:
        kwargs["initial"] = {"indicators": shift.indicators.all()}
        super().__init__(*args, **kwargs)
        _offer(self, shift.initiative)


class EvidenceForm(CiteForm):
    """One thing that speaks for a shift; a link or a record of ours may stand behind it."""

    words = WordsFormField(
        label=_("What it shows"), long=True, max_length=1000, help_text=_("One or two sentences.")
    )
    grade = forms.ChoiceField(
        label=_("How good it is"),
        choices=explained(EvidenceGrade.choices, GRADES),
        widget=forms.RadioSelect,
    )
    link = forms.URLField(
        label=_("Address on the web"), required=False, max_length=500, assume_scheme="https"
    )

    field_order = ["words", "grade", "link", "record"]

    def __init__(
        self, *args: Any, initiative: Initiative, member: Membership | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, initiative=initiative, member=member, **kwargs)
        self.fields.pop("note")
        record: forms.ChoiceField = self.fields["record"]  # type: ignore[assignment]
        record.required = False
        record.label = _("A record of ours that shows it")
        words: WordsFormField = self.fields["words"]  # type: ignore[assignment]
        words.limit_to(initiative.languages)
        if not any(some for _label, some in self.found):
            self.fields.pop("record")

    def values(self) -> dict[str, Any]:
        """What the verb takes."""
        kind, _colon, uid = self.cleaned_data.get("record", "").partition(":")
        kept = {name: self.cleaned_data[name] for name in ("words", "grade", "link")}
        return {**kept, "kind": kind, "uid": uid}


class SeatChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.committee} · {obj.get_seat_class_display()}"


class VoiceForm(forms.Form):
    """What a seat says of a claim."""

    seat = SeatChoiceField(
        label=_("For which seat you speak"), queryset=Seat.objects.none(), empty_label=None
    )
    stance = forms.ChoiceField(
        label=_("Did it change?"), choices=ShiftVoice.Stance.choices, widget=forms.RadioSelect
    )
    words = WordsFormField(
        label=_("In your words"),
        required=False,
        long=True,
        max_length=1000,
        help_text=_("Needed where you do not agree. Everybody reads it under your seat's name."),
    )

    def __init__(self, *args: Any, seats: list[Seat], initiative: Initiative, **kw: Any) -> None:
        super().__init__(*args, **kw)
        seat: forms.ModelChoiceField = self.fields["seat"]  # type: ignore[assignment]
        seat.queryset = Seat.objects.filter(pk__in=[each.pk for each in seats]).select_related(
            "committee"
        )
        words: WordsFormField = self.fields["words"]  # type: ignore[assignment]
        words.limit_to(initiative.languages)
        if len(seats) == 1:
            seat.initial = seats[0]
            seat.widget = forms.HiddenInput()


class WordsForm(forms.Form):
    """One text: the answer to a seat, or why something is disputed or withdrawn."""

    def __init__(
        self, *args: Any, initiative: Initiative, name: str, label: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields[name] = WordsFormField(
            label=label, long=True, max_length=1000, help_text=_("Everybody reads it.")
        )
        self.fields[name].limit_to(initiative.languages)  # type: ignore[attr-defined]


class ShiftFilter(forms.Form):
    """Which shifts of the log to show."""

    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[("", _("Any level")), *Level.choices]
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Any kind")), *ShiftKind.choices]
    )
    strategy = forms.TypedChoiceField(
        label=_("Strategy"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Any strategy")), *_PLAIN_STRATEGIES],
    )
    state = forms.ChoiceField(label=_("How it stands"), required=False)
    place = forms.ModelChoiceField(
        label=_("Place"),
        required=False,
        queryset=Place.objects.none(),
        to_field_name="code",
        empty_label=_("Anywhere"),
    )
    indicator = forms.ModelChoiceField(
        label=_("Measure"),
        required=False,
        queryset=Indicator.objects.none(),
        to_field_name="slug",
        empty_label=_("Any measure"),
    )
    year = forms.TypedChoiceField(label=_("Since"), required=False, coerce=int, empty_value=None)

    def __init__(
        self,
        *args: Any,
        initiative: Initiative,
        member: Membership | None,
        years: list[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        states = SystemsShift.State.choices
        if member is None:
            states = [each for each in states if each[0] in SystemsShift.PUBLIC]
        indicators = Indicator.objects.for_initiative(initiative)
        shown = indicators if member else indicators.published()
        self.fields["state"].choices = [("", _("Any")), *states]  # type: ignore[attr-defined]
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            ("", _("Any year")),
            *((year, str(year)) for year in years),
        ]
        self.fields["place"].queryset = Place.objects.for_initiative(initiative)  # type: ignore[attr-defined]
        self.fields["indicator"].queryset = shown  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """What she asked for; what cannot be read counts as not asked."""
        self.is_valid()
        return Asked(**{name: value for name, value in self.cleaned_data.items() if value})

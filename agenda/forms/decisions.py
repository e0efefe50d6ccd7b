"""Reading what people type in the decision room: filters, stage buttons, hearing, closing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from agenda.deciding.standing import Voids
from agenda.models import Decision, FollowerAnswer, LastWord
from ciforum.people.models import Initiative
from ciforum.people.words import WordsFormField
from equity.models import Channel, Committee, Seat

OUTCOMES = [
    ("passed", _("Passed")),
    ("failed", _("Not passed")),
    ("tied", _("Tied")),
    ("no quorum", _("No quorum")),
]
RECORDED = [
    (Channel.PHONE, Channel.PHONE.label),
    (Channel.LETTER, Channel.LETTER.label),
    (Channel.IN_PERSON, Channel.IN_PERSON.label),
]


class LogFilter(forms.Form):
    """Which decisions to show, and in which order."""

    q = forms.CharField(
        label=_("Words"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    committee = forms.ModelChoiceField(
        label=_("Who decides"),
        queryset=Committee.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("Anybody"),
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", _("Any outcome")), *OUTCOMES], required=False
    )
    year = forms.TypedChoiceField(label=_("Year"), coerce=int, empty_value=None, required=False)
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[
            ("", _("Newest first")),
            ("soon", _("Next date first")),
            ("old", _("Oldest first")),
        ],
        required=False,
    )

    def __init__(
        self, *args: Any, initiative: Initiative, years: list[int], drafts: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        states = [each for each in Decision.State.choices if drafts or each[0] != "draft"]
        for name, choices in (
            ("state", [("", _("Any state")), ("running", _("Running now")), *states]),
            ("year", [("", _("Any year")), *((str(year), str(year)) for year in years)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for mypy
            field.choices = choices
        committee = self.fields["committee"]
        assert isinstance(committee, forms.ModelChoiceField)  # noqa: S101 - for mypy
        committee.queryset = Committee.objects.for_initiative(initiative)

    def wanted(self) -> dict[str, Any]:
        """What was asked for, without what makes no sense."""
        self.is_valid()
        return self.cleaned_data


class VoidForm(forms.Form):
    """Asked before a change voids what was said and chosen: she has read how much."""

    mark = forms.CharField(widget=forms.HiddenInput)
    understood = forms.BooleanField(label=_("I have read this, and change the paper all the same."))

    def __init__(self, *args: Any, voids: Voids, **kwargs: Any) -> None:
        kwargs |= {"prefix": "void", "initial": {"mark": voids.mark}}
        super().__init__(*args, **kwargs)
        self.voids = voids

    def clean_mark(self) -> str:
        mark = str(self.cleaned_data["mark"])
        if mark != self.voids.mark:
            raise ValidationError(_t("More was said meanwhile. Read again what this voids."))
        return mark


class WithdrawForm(forms.Form):
    because = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody can read it."),
    )


class RecuseForm(forms.Form):
    """A seat stands back because of an interest."""

    seat = forms.ModelChoiceField(
        label=_("Seat"), queryset=Seat.objects.none(), to_field_name="uid", empty_label=None
    )
    interest = forms.CharField(
        label=_("Which interest"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "For example that you work for a group that would get the money. Everybody can read it."
        ),
    )

    def __init__(self, *args: Any, seats: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["seat"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for mypy
        field.queryset = seats
        if len(seats) == 1:
            field.initial = seats[0].uid
            field.widget = forms.HiddenInput()


class TryForm(forms.Form):
    """A try to reach a seat."""

    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices)
    language = forms.ChoiceField(label=_("In which language"))
    delivered = forms.BooleanField(
        label=_("The text reached her: sent, handed over, read out, or left as a message"),
        required=False,
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for mypy
        field.choices = [
            (code, get_language_info(code)["name_translated"]) for code in initiative.languages
        ]


class RecordedWordForm(forms.Form):
    """A last word that came by phone, on paper or in person, written down by somebody else."""

    choice = forms.ChoiceField(
        label=_("What she said"), choices=LastWord.Choice.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In her words"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("As she said it, in her language."),
    )
    channel = forms.ChoiceField(label=_("How it came"), choices=RECORDED)
    language = forms.CharField(label=_("Language"), max_length=40, required=False)
    is_public = forms.BooleanField(label=_("She said that everybody may read it"), required=False)

    def __init__(self, *args: Any, may_send_back: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_send_back:
            field = self.fields["choice"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for mypy
            field.choices = [
                each for each in LastWord.Choice.choices if each[0] != LastWord.Choice.SEND_BACK
            ]


class ReasonsForm(forms.Form):
    """Why it came out like this, in every language of the initiative."""

    reasons = WordsFormField(
        label=_("Why it came out like this"),
        long=True,
        max_length=20_000,
        help_text=_(
            "What spoke for it and against it, and what was done with the last words. It is sealed "
            "when the decision is closed."
        ),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = self.fields["reasons"]
        if isinstance(reasons, WordsFormField):
            reasons.limit_to(initiative.languages)


class ReplyForm(forms.Form):
    """A reply to one input."""

    reply = forms.CharField(
        label=_("Reply"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3})
    )


class FollowForm(forms.Form):
    """A follower's answer."""

    answer = forms.ChoiceField(
        label=_("Answer"), choices=FollowerAnswer.Answer.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What we will do, or why we cannot"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody can read it."),
    )

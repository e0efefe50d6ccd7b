"""Forms of authority over data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Initiative
from ciforum.people.words import WordsFormField
from equity.models import Committee, DataAuthority, Group, Seat
from measurement.forms.shifts import SeatChoiceField


class GroupField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.dimension}: {obj}"


class AuthorityForm(forms.Form):
    """Whose numbers, and which council speaks for them."""

    group = GroupField(label=_("Group"), queryset=Group.objects.none(), empty_label=None)
    council = forms.ModelChoiceField(
        label=_("Its council"),
        queryset=Committee.objects.none(),
        empty_label=None,
        help_text=_("A community council. A resident who sits in it has to consent."),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group: forms.ModelChoiceField = self.fields["group"]  # type: ignore[assignment]
        council: forms.ModelChoiceField = self.fields["council"]  # type: ignore[assignment]
        held = DataAuthority.objects.for_initiative(initiative).open()
        groups = Group.objects.for_initiative(initiative).filter(dimension__retired_at=None)
        group.queryset = groups.exclude(pk__in=held.values("group")).select_related("dimension")
        own = Committee.objects.for_initiative(initiative).standing()
        council.queryset = own.filter(kind=Committee.Kind.COUNCIL)


class _SeatForm(forms.Form):
    """Something that a person says for one of her seats of a council."""

    seat = SeatChoiceField(
        label=_("For which seat you speak"), queryset=Seat.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, seats: list[Seat], initiative: Initiative, **kw: Any) -> None:
        super().__init__(*args, **kw)
        seat: forms.ModelChoiceField = self.fields["seat"]  # type: ignore[assignment]
        own = Seat.objects.filter(pk__in=[each.pk for each in seats])
        seat.queryset = own.select_related("committee")
        if len(seats) == 1:
            seat.initial = seats[0]
            seat.widget = forms.HiddenInput()
        words: WordsFormField = self.fields["words"]  # type: ignore[assignment]
        words.limit_to(initiative.languages)


class WordForm(_SeatForm):
    """Whether the group's numbers in a release are shown."""

    says = forms.ChoiceField(
        label=_("What your seat says"),
        choices=[
            ("release", _("Release our numbers")),
            ("withhold", _("Keep our numbers: they stay hidden in this release")),
        ],
        widget=forms.RadioSelect,
    )
    is_told = forms.BooleanField(
        label=_("If we keep them: the page may say that our council keeps these numbers"),
        required=False,
    )
    words = WordsFormField(
        label=_("In your words"),
        required=False,
        long=True,
        max_length=1000,
        help_text=_("Your council and the backbone read it; the public page does not show it."),
    )

    field_order = ["seat", "says", "is_told", "words"]


class PublicWordForm(WordForm):
    """Whether numbers of the group that are public already stay so."""

    says = forms.ChoiceField(
        label=_("What your seat says"),
        choices=[
            ("release", _("Our numbers may be shown")),
            ("withhold", _("Keep our numbers back: every page hides them from now on")),
        ],
        widget=forms.RadioSelect,
    )


class SharingWordForm(PublicWordForm):
    """Whether a data agreement may share numbers of the group."""

    says = forms.ChoiceField(
        label=_("What your seat says"),
        choices=[
            ("release", _("Our numbers may be shared on these terms")),
            ("withhold", _("Our numbers are not shared on these terms")),
        ],
        widget=forms.RadioSelect,
    )
    # So Django takes a field away. Who shares what is told to members in any case.
    is_told = None  # type: ignore[assignment]


class KeepForm(_SeatForm):
    """Whether the council keeps its authority."""

    says = forms.ChoiceField(
        label=_("What your seat says"),
        choices=[
            ("keep", _("We keep our authority")),
            ("end", _("We end it: releases no longer wait for our word")),
        ],
        widget=forms.RadioSelect,
    )
    words = WordsFormField(label=_("In your words"), required=False, long=True, max_length=1000)

    field_order = ["seat", "says", "words"]

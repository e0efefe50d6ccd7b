"""Forms of a data request."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Membership, Organization, User
from equity.models import Dimension
from measurement.models import DataRequest, Indicator
from measurement.models.request_steps import signing_members
from measurement.releasing import letters

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
        fields = ["dimension", "holder", "organization", "ask", "language", "channel", "letter"]
        widgets = {
            "ask": forms.Textarea(attrs={"rows": 5}),
            "letter": forms.Textarea(attrs={"rows": 18}),
        }
        help_texts = {
            "letter": _(
                "Empty: a letter is written from what you say above. Let it be written first if "
                "you want to change it; its text can no longer be changed once it is public."
            ),
        }

    field_order = [
        *("dimension", "holder", "organization", "ask", "due", "language", "channel", "letter"),
    ]

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
        self.fields["channel"].required = False
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of the letter"),
            choices=[each for each in settings.LANGUAGES if each[0] in initiative.languages],
            required=False,
        )
        today = localtime(clock.now(), initiative.zone).date()
        self.fields["due"].initial = today + timedelta(days=DAYS)

    def clean_due(self) -> datetime:
        return clock.end_of_day(self.cleaned_data["due"], self.indicator.initiative.time_zone)

    def clean_channel(self) -> str:
        return self.cleaned_data["channel"] or DataRequest.Channel.LETTER

    def with_letter(self, by: User) -> RequestForm:
        """The same, with the letter that the template makes of it, to be changed. Saves nothing."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "letter"}
        said["language"] = said["language"] or self.indicator.initiative.languages[0]
        request = DataRequest(
            initiative=self.indicator.initiative, indicator=self.indicator, sent_by=by, **said
        )
        data = {**self.data.dict(), "letter": letters.compose(request)}  # type: ignore[attr-defined]
        return RequestForm(data, indicator=self.indicator)

    def _post_clean(self) -> None:
        """The verb makes and checks the record; nothing is put together here."""


class AnswerForm(forms.Form):
    """What the holder said."""

    def __init__(self, *args: Any, request: DataRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (DataRequest.State.SHARED, _("They share the data")),
            (DataRequest.State.WILL_COLLECT, _("They will collect it, from a day they name")),
            (DataRequest.State.REFUSED, _("They refused")),
            (DataRequest.State.CANNOT, _("They cannot: they do not have it")),
        ],
        widget=forms.RadioSelect,
    )
    collects_from = forms.DateField(
        label=_("They collect it from"),
        required=False,
        help_text=_("Only if they named a day, at most a year from now. Releases stay open until."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    answer = forms.CharField(
        label=_("Their answer, in short"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown to everybody."),
    )

    def clean_collects_from(self) -> datetime | None:
        if not (day := self.cleaned_data["collects_from"]):
            return None
        return clock.end_of_day(day, self.request.initiative.time_zone)


class EscalationForm(forms.Form):
    """What happens next, in public."""

    addressee = forms.CharField(
        label=_("Who can change the rule"),
        max_length=200,
        help_text=_("For example a board, an agency or a legislature."),
    )
    policy = forms.CharField(
        label=_("What we ask them to change"),
        max_length=4000,
        min_length=30,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The rule, so that these groups are counted from now on."),
    )

    words = forms.CharField(
        label=_("What we do next, and who does it"),
        max_length=4000,
        min_length=30,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown to everybody. Say whom you turn to, and until when."),
    )


class SignForm(forms.Form):
    """For whom she signs."""

    for_whom = forms.ChoiceField(label=_("Who signs"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.hers = {str(each.pk): each for each in signing_members(member)}
        field: forms.ChoiceField = self.fields["for_whom"]  # type: ignore[assignment]
        field.choices = [
            *((key, str(each.organization)) for key, each in self.hers.items()),
            ("me", _("I do, in my own name")),
        ]
        field.initial = field.choices[0][0]

    def signed_as(self) -> dict[str, Any]:
        """What the verb takes: member and organization."""
        chosen = self.hers.get(self.cleaned_data["for_whom"])
        if chosen is None:
            return {"member": self.member, "organization": None}
        return {"member": chosen, "organization": chosen.organization}


class AgainForm(forms.Form):
    """How they were asked again."""

    words = forms.CharField(
        label=_("Whom we asked again, and how"),
        max_length=4000,
        min_length=30,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown to everybody."),
    )

"""Reading a ballot, whatever its method, and the boxes of a ballot that somebody writes down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agenda import answers, choices, secrecy
from equity.models import Channel

if TYPE_CHECKING:
    from agenda.models import Decision, Round

RECORDED_CHANNELS = (Channel.PHONE, Channel.LETTER, Channel.IN_PERSON)


class BallotForm(forms.Form):
    """One seat's choice. `cleaned_data["choice"]` is as the tally takes it."""

    reason = forms.CharField(
        label=_("Your reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        decision: Decision,
        round: Round,
        current: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.decision = decision
        self.labels = answers.options(round)
        self.asks_for_one = bool(answers.answers(decision.method))
        self._ask(current)
        self.fields["reason"].help_text = (
            _t("Published without your name. Write nothing that shows who you are.")
            if decision.secret
            else _t("Everybody can read it beside the name of the seat after the count.")
        )

    # --- the boxes

    def _ask(self, current: Any) -> None:
        """The boxes of this method, before the reason; `current` fills them."""
        if self.asks_for_one:
            boxes: dict[str, forms.Field] = {"answer": self._radios(current)}
        elif self.decision.method in ("irv", "schulze"):
            boxes = dict(self._places(current or []))
        else:
            boxes = dict(self._points(current or {}))
        self.fields = {**boxes, **self.fields}

    def _radios(self, current: Any) -> forms.Field:
        return forms.ChoiceField(
            label=_("Your choice"),
            choices=[(each.value, each.label) for each in answers.answers(self.decision.method)],
            widget=forms.RadioSelect,
            initial=current,
            error_messages={"required": _("Choose one of the answers.")},
        )

    def _places(self, current: list[list[str]]) -> Iterator[tuple[str, forms.Field]]:
        held = {key: place for place, tied in enumerate(current, 1) for key in tied}
        places = [(str(place), str(place)) for place in range(1, len(self.labels) + 1)]
        for key, label in self.labels.items():
            yield (
                f"place-{key}",
                forms.ChoiceField(
                    label=str(label),
                    required=False,
                    choices=[("", _("No place")), *places],
                    initial=held.get(key, ""),
                ),
            )

    def _points(self, current: Mapping[str, int]) -> Iterator[tuple[str, forms.Field]]:
        for key, label in self.labels.items():
            yield (
                f"points-{key}",
                forms.IntegerField(
                    label=str(label),
                    required=False,
                    min_value=0,
                    max_value=self.decision.points,
                    initial=current.get(key, 0),
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                ),
            )

    @property
    def cards(self) -> list[tuple[answers.Answer, bool]]:
        """The answers to choose from, and whether each is chosen."""
        chosen = self["answer"].value()
        return [(each, str(chosen) == each.value) for each in answers.answers(self.decision.method)]

    @property
    def numbered(self) -> bool:
        return self.decision.method == "gradients"

    @property
    def question(self) -> str:
        ranked = self.decision.method in ("irv", "schulze")
        return _t("Give each option a place") if ranked else _t("Give points to the options")

    @property
    def how(self) -> str:
        top = self.decision.points
        match self.decision.method:
            case "score":
                return _t("From 0 to %(top)s each. 0 means: not at all.") % {"top": top}
            case "dot":
                return ngettext(
                    "You have %(top)s dot to share out.",
                    "You have %(top)s dots to share out. You need not use all.",
                    top,
                ) % {"top": top}
        return _t(
            "1 is the one you want most. Several may share a place. Without a place means: last."
        )

    @property
    def option_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(("place-", "points-"))]

    # --- what they say

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["choice"] = choices.read(self.decision, self._said(cleaned))
            except ValidationError as error:
                self.add_error(None, self._in_words(cleaned, error))
        return cleaned

    def _said(self, cleaned: dict[str, Any]) -> Any:
        if self.asks_for_one:
            return cleaned["answer"]
        if self.decision.method in ("irv", "schulze"):
            return self._ranking(cleaned)
        return {key: cleaned.get(f"points-{key}") or 0 for key in self.labels}

    def _ranking(self, cleaned: dict[str, Any]) -> list[list[str]]:
        by_place: dict[int, list[str]] = {}
        for key in self.labels:
            if place := cleaned.get(f"place-{key}"):
                by_place.setdefault(int(place), []).append(key)
        return [by_place[place] for place in sorted(by_place)]

    def _in_words(self, cleaned: dict[str, Any], error: ValidationError) -> Any:
        """The same objection with what she has to do about it, where there is more to say."""
        if self.decision.method in ("irv", "schulze") and not self._ranking(cleaned):
            return _t("Give at least one option a place.")
        if self.decision.method == "dot":
            spent = sum(cleaned.get(f"points-{key}") or 0 for key in self.labels)
            if spent > self.decision.points:
                over = spent - self.decision.points
                return ngettext(
                    "You shared out %(over)s dot too many. There are %(top)s.",
                    "You shared out %(over)s dots too many. There are %(top)s.",
                    over,
                ) % {"over": over, "top": self.decision.points}
        return error


class OpenBallotForm(BallotForm):
    """An open ballot: its key makes a request that comes twice count once."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("This page is out of date. Open the ballot again."),
            "invalid": _("This page is out of date. Open the ballot again."),
        },
    )


class SecretBallotForm(BallotForm):
    """A secret ballot under the receipt that the page showed, signed by this site."""

    receipt = forms.CharField(
        widget=forms.HiddenInput,
        max_length=200,
        error_messages={"required": _("This page is out of date. Open the ballot again.")},
    )

    def clean_receipt(self) -> str:
        round = self.decision.round
        return secrecy.unsign(self.cleaned_data["receipt"], round.uid if round else "")


class ReplacingBallotForm(BallotForm):
    """A secret ballot in place of the one under a receipt that she types in."""

    receipt = forms.CharField(
        label=_("The receipt of your ballot"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("20 letters and digits. Lines, spaces and small letters do not matter."),
    )

    field_order = ["receipt"]

    def clean_receipt(self) -> str:
        return secrecy.read_receipt(self.cleaned_data["receipt"])


class RecordForm(OpenBallotForm):
    """A ballot that came by phone, on paper or in person."""

    seat: Any = forms.ModelChoiceField(label=_("Whose ballot"), queryset=None, to_field_name="uid")
    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[(each.value, each.label) for each in RECORDED_CHANNELS],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, seats: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seat = self.fields.pop("seat")
        assert isinstance(seat, forms.ModelChoiceField)  # noqa: S101 - for mypy
        seat.queryset = seats
        self.fields = {"seat": seat, "channel": self.fields.pop("channel"), **self.fields}

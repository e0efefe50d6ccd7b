"""Forms of a data walk: itself, its stations, the debrief, findings, and what phones send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from ciforum.people.words import Words, WordsFormField
from measurement.models import DataWalk, Station, Theme
from measurement.models.reactions import LONGEST
from measurement.models.stations import MOST_PROMPTS
from measurement.showing.shown import Choice

if TYPE_CHECKING:
    from measurement.models import Finding, Prompt
    from measurement.showing.shown import Shown

_SALT = "measurement.walk"
_WHEN = "%Y-%m-%dT%H:%M"


def _language_choices(codes: list[str]) -> list[tuple[str, str]]:
    return [(code, get_language_info(code)["name_translated"].capitalize()) for code in codes]


class WalkForm(forms.ModelForm):
    """What a walk says of itself."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Posters, paper forms and phones speak all of them."),
    )

    class Meta:
        model = DataWalk
        fields = ["title", "starts", "hall", "languages", "invitation"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.initiative = kwargs.pop("initiative")
        super().__init__(*args, **kwargs)
        codes = self.initiative.languages
        for name in ("title", "invitation"):
            box = self.fields[name]
            assert isinstance(box, WordsFormField)  # noqa: S101 - for mypy
            box.limit_to(codes)
        self.fields["languages"].choices = _language_choices(codes)  # type: ignore[attr-defined]
        self.fields["languages"].initial = codes
        self.fields["starts"] = forms.DateTimeField(
            label=_("When it begins"),
            input_formats=[_WHEN, "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WHEN),
        )

    def _post_clean(self) -> None:
        """The verb makes and checks the record; nothing is put together here."""


class StationForm(forms.Form):
    """What a station shows of one indicator, and what it asks."""

    def __init__(
        self,
        *args: Any,
        walk: DataWalk,
        shown: Shown,
        station: Station | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        self.home = shown.place.code if shown.place else ""
        self.fields["title"] = self._words(
            walk,
            label=_("Title, best a question"),
            max_length=160,
            help_text=_("What this picture is about, in plain words."),
            initial=station.title if station else None,
        )
        self._choose("place", _("Place"), _places(shown), station.place.code if station else None)
        self._choose("by", _("Groups"), _breakdowns(shown), station.breakdown if station else None)
        self._choose("kind", _("Periods"), _kinds(shown), station.kind if station else None)
        self.asks = station is not None
        asked = [each.words for each in station.prompts.all()] if station else []
        for number in range(1, MOST_PROMPTS + 1) if station else ():
            self.fields[f"prompt_{number}"] = self._words(
                walk,
                label=_("Prompt %(number)s") % {"number": number},
                max_length=160,
                required=False,
                initial=asked[number - 1] if number <= len(asked) else None,
            )

    def _words(self, walk: DataWalk, **options: Any) -> WordsFormField:
        field = WordsFormField(**options)
        field.limit_to(walk.languages)
        return field

    def _choose(
        self, name: str, label: Any, choices: list[tuple[str, str]], now: str | None
    ) -> None:
        """A box where there is a choice; the only one there is goes without saying."""
        field = forms.ChoiceField(label=label, choices=choices, required=False)
        defaults = {"place": self.home, "by": self.shown.by, "kind": self.shown.kind}
        field.initial = defaults[name] if now is None else now
        if len(choices) < 2:
            field.widget = forms.HiddenInput()
        self.fields[name] = field

    def choice(self) -> Choice:
        said = self.cleaned_data
        return Choice(said["place"] or self.home, said["by"], said["kind"] or self.shown.kind)

    def prompts(self) -> list[Words]:
        said = [self.cleaned_data.get(f"prompt_{each}") for each in range(1, MOST_PROMPTS + 1)]
        return [words for words in said if words]


def _places(shown: Shown) -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in shown.places]


def _breakdowns(shown: Shown) -> list[tuple[str, str]]:
    named = [
        (by, " × ".join(str(each.name) for each in dimensions))
        for by, dimensions in shown.breakdowns.items()
        if by
    ]
    return [*named, ("", str(_("Everyone together")))]


def _kinds(shown: Shown) -> list[tuple[str, str]]:
    labels = {each.period.kind: each.period.get_kind_display() for each in shown.cells}
    return [(kind, str(labels.get(kind, kind))) for kind in shown.kinds]


class CloseForm(forms.Form):
    """What comes next, for everybody who was there."""

    next_steps = WordsFormField(
        label=_("What comes next"),
        long=True,
        max_length=3000,
        help_text=_(
            "Who takes the findings where, and by when. Everybody who left an address gets it."
        ),
    )

    def __init__(self, *args: Any, walk: DataWalk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["next_steps"]
        assert isinstance(box, WordsFormField)  # noqa: S101 - for mypy
        box.limit_to(walk.languages)


class HideForm(forms.Form):
    """Why a reaction is shown no longer."""

    reason = forms.CharField(
        label=_("Why it is hidden"),
        min_length=5,
        max_length=300,
        help_text=_(
            "Members can read it. Hide names, telephone numbers and insults, not opinions."
        ),
    )


class ThemeForm(forms.ModelForm):
    """The name of a theme."""

    class Meta:
        model = Theme
        fields = ["name"]

    def _post_clean(self) -> None:
        """The verb makes and checks the record."""


class FindingForm(forms.Form):
    """What was found, and at which stations."""

    text = WordsFormField(
        label=_("What we found"),
        long=True,
        max_length=1200,
        help_text=_("In the words of those who walked: what it shows, and what they make of it."),
    )
    stations = forms.ModelMultipleChoiceField(
        label=_("About these stations"),
        queryset=Station.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the stations it is about.")},
    )

    def __init__(
        self, *args: Any, walk: DataWalk, finding: Finding | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        box, stations = self.fields["text"], self.fields["stations"]
        assert isinstance(box, WordsFormField)  # noqa: S101 - for mypy
        assert isinstance(stations, forms.ModelMultipleChoiceField)  # noqa: S101 - for mypy
        box.limit_to(walk.languages)
        stations.queryset = walk.stations.all()
        if finding:
            box.initial = finding.text
            stations.initial = finding.stations.all()


class SignForm(forms.Form):
    """I am one of those who found this."""

    name = forms.CharField(
        label=_("Your name, as you want it to stand there"),
        max_length=120,
        required=False,
        help_text=_("Shown to everybody. Leave it empty for no name."),
    )


class AuthorForm(forms.Form):
    """Somebody who was there and has no account here."""

    name = forms.CharField(
        label=_("Name, as she wishes"),
        max_length=120,
        required=False,
        help_text=_("Her name, or “a mother of Eastgate”. Leave it empty for no name."),
    )
    is_resident = forms.BooleanField(label=_("She is a resident"), required=False)
    how = forms.CharField(
        label=_("How she said yes to these words"),
        max_length=300,
        help_text=_("Such as: read aloud in the hall on May 3, she nodded and signed the sheet."),
    )


class FollowForm(forms.Form):
    """An address, to hear what comes of it."""

    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write an e-mail address."),
            "invalid": _("Write an e-mail address, such as ana@example.org."),
        },
    )
    # A box that nobody sees and programs fill.
    website = forms.CharField(required=False)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave the last box empty: it is there to stop programs."))
        return ""


class ReactionForm(forms.Form):
    """What a phone sends from one station: a box for each prompt, and the page's ticket."""

    ticket = forms.CharField(
        widget=forms.HiddenInput,
        error_messages={"required": _("This page is out of date. Open it again.")},
    )
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, station: Station, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.station = station
        self.asked: dict[str, Prompt] = {f"p{each.order}": each for each in station.prompts.all()}
        for name, prompt in self.asked.items():
            self.fields[name] = forms.CharField(
                label=str(prompt.words),
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={
                    "max_length": _(
                        "That is too long: at most %(limit_value)d signs, now %(show_value)d."
                    )
                },
            )
        key = f"{station.uid}:{uuid4()}"
        self.initial.setdefault("ticket", signing.dumps(key, salt=_SALT, compress=True))

    @property
    def boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.asked]

    def clean_ticket(self) -> UUID:
        """The ticket of this page; only one that this site made, for this station."""
        try:
            station, ticket = signing.loads(self.cleaned_data["ticket"], salt=_SALT).split(":")
            if station == str(self.station.uid):
                return UUID(ticket)
        except (signing.BadSignature, ValueError, AttributeError, TypeError):
            pass
        raise ValidationError(_("This page is out of date. Open it again."))

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave the last box empty: it is there to stop programs."))
        return ""

    def answers(self) -> dict[Prompt, str]:
        return {prompt: self.cleaned_data[name] for name, prompt in self.asked.items()}

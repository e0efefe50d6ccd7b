"""Reading a last word: a choice, words or a voice, in any language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from agenda import audio
from agenda.answers import Answer
from agenda.models import LastWord

MEANS = {
    "support": _("The text may go to the vote as it is."),
    "changes": _("Say what should change. Whoever votes hears it first. The vote is not stopped."),
    "send_back": _(
        "There is no vote now: it goes back to be talked over, and the text can change. This can "
        "be done once for each decision."
    ),
    "pass": _("You were asked, and choose to say nothing."),
}


class LastWordForm(forms.Form):
    """What a seat says last."""

    choice = forms.ChoiceField(
        label=_("Your last word"),
        choices=LastWord.Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the four.")},
    )
    sure = forms.BooleanField(
        label=_("Yes, send it back. I know that this can be done only once."), required=False
    )
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("In any language. You can write, or speak, or both."),
        error_messages={
            "max_length": _("That is too long: at most %(limit_value)d signs, now %(show_value)d."),
        },
    )
    voice = forms.FileField(
        label=_("Or a recording of your voice"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "audio/*", "capture": "user"}),
        help_text=_("WebM, Ogg, MP4, M4A, MP3 or WAV, at most 10 MB: about ten minutes."),
    )
    language = forms.CharField(
        label=_("Language you speak or write in"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "languages", "autocomplete": "off"}),
        error_messages={"max_length": _("Name the language in a few words.")},
    )
    is_public = forms.BooleanField(
        label=_("Everybody may read or hear it"),
        required=False,
        help_text=_(
            "Without this, the members of the initiative can. The public then reads only that a "
            "last word was given."
        ),
    )

    def __init__(self, *args: Any, was_sent_back: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was_sent_back = was_sent_back

    @property
    def cards(self) -> list[tuple[Answer, bool]]:
        """The four choices, and whether each is chosen; no send-back where it is used up."""
        chosen = self["choice"].value()
        return [
            (Answer(value, label, MEANS[value]), chosen == value)
            for value, label in LastWord.Choice.choices
            if value != LastWord.Choice.SEND_BACK or not self.was_sent_back
        ]

    def clean_voice(self) -> Any:
        """The recording, named by what it is; nothing of the name it came with is kept."""
        file = self.cleaned_data.get("voice")
        if file:
            file.name = f"last-word.{audio.check(file)}"
        return file or None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("choice") == LastWord.Choice.SEND_BACK and not cleaned.get("sure"):
            error: str = _t("Tick the box if you want to send it back.")
            if cleaned.get("voice"):
                error = f"{error} {_t('Your recording has to be added once more.')}"
            self.add_error("sure", ValidationError(error))
        return cleaned

"""Reading what people write on the pages of the lexicon."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agenda.models import TermWording
from ciforum.people.models import Initiative
from ciforum.people.words import WordsFormField

TEXTS = ("word", "also", "definition", "example", "misuse")


class WordingForm(forms.ModelForm):
    """The words of a term in each language of the initiative. Saved by a verb of `Term`."""

    class Meta:
        model = TermWording
        fields = [*TEXTS, "why"]
        help_texts = {
            "why": _("One sentence for those who decide. It stays beside this wording."),
        }

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            field = self.fields[name]
            if isinstance(field, WordsFormField):
                field.limit_to(initiative.languages)

    def validate_unique(self) -> None:
        """The verb numbers the wordings."""

    def validate_constraints(self) -> None:
        """As above."""


class TermForm(WordingForm):
    """A new term: its first wording, and a code made from the word when left empty."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=60,
        required=False,
        help_text=_("Short, for addresses: letters a–z, digits and hyphens. Empty: from the word."),
    )

    def __init__(self, *args: Any, may_settle: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_settle:
            self.fields["is_core"] = forms.BooleanField(
                label=_("The charter waits for this word"),
                required=False,
                help_text=_("It has to be agreed before a charter is adopted. No way back."),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("word") and not cleaned.get("code") and "code" not in self.errors:
            words = cleaned["word"]
            cleaned["code"] = slugify(words.get("en") or str(words))[:60].strip("-")
            if not cleaned["code"]:
                self.add_error("code", _("Write a code: the word has no letters from a to z."))
        return cleaned


def _language() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Language you write in"),
        choices=settings.LANGUAGES,
        required=False,
        initial=lambda: get_language() or settings.LANGUAGE_CODE,
    )


class StanceForm(forms.Form):
    """Whether she agrees, and why not."""

    agrees = forms.TypedChoiceField(
        label=_("Do you agree with these words?"),
        choices=[("yes", _("I agree")), ("no", _("I do not agree"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Why not"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Needed when you do not agree. It stays beside these words, and everybody can read it "
            "once they are settled. Only you can erase it."
        ),
    )
    shows_name = forms.BooleanField(label=_("Show my name beside it"), required=False)
    language = _language()


class RemarkForm(forms.Form):
    """Something to say about a term, to the other members."""

    text = forms.CharField(
        label=_("Your words"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only members of the initiative read it. You can erase it at any time."),
    )
    language = _language()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands on the page beside the stance, which has a language too.
        super().__init__(*args, **{"auto_id": "id_remark_%s", **kwargs})


class LexiconFilter(forms.Form):
    """Which terms to show."""

    q = forms.CharField(
        label=_("Find a word"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.CharField(required=False, widget=forms.HiddenInput)

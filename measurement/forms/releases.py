"""Forms of a release."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ciforum.people.words import WordsFormField
from equity.models import Policy
from measurement.models import Release


class StoryForm(forms.Form):
    """The story behind the numbers, in the initiative's languages."""

    story = WordsFormField(label=_("The story behind the numbers"), long=True, max_length=20_000)

    def __init__(self, data: Any = None, *, release: Release, policy: Policy) -> None:
        super().__init__(data, initial={"story": release.story})
        field: WordsFormField = self.fields["story"]  # type: ignore[assignment]
        field.limit_to(release.initiative.languages)
        field.help_text = ngettext(
            "At least %(number)s word in one language: what people here say stands behind these "
            "numbers, and which rules, places and habits would have to change.",
            "At least %(number)s words in one language: what people here say stands behind these "
            "numbers, and which rules, places and habits would have to change.",
            policy.story_words,
        ) % {"number": policy.story_words}

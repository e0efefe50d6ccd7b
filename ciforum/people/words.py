"""Texts that people write for others, in each of their languages.

`Words` is a dict from language code to text. As a string it is the text in the reader's language;
where that is missing it is the text in another, and `borrowed` names that language, so that a page
can say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _


class Words(dict[str, str]):
    """One text in several languages, e.g. `Words(en="Infant health", es="Salud infantil")`."""

    def chosen(self, language: str | None = None) -> str:
        """The code of the language shown to a reader of `language` (default: the active one)."""
        wanted = (language or get_language() or settings.LANGUAGE_CODE).split("-")[0]
        order = [wanted, settings.LANGUAGE_CODE, *self]
        return next((code for code in order if self.get(code)), wanted)

    @property
    def borrowed(self) -> str:
        """The language shown instead of the reader's own, or "" where hers is there."""
        wanted = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
        shown = self.chosen()
        return "" if shown == wanted or not self.get(shown) else shown

    def __str__(self) -> str:
        return self.get(self.chosen(), "")

    def __bool__(self) -> bool:
        return any(self.values())


class WordsField(models.JSONField):
    """A column of `Words`. `long=True` asks for paragraphs instead of one line in forms."""

    def __init__(
        self, *args: Any, long: bool = False, max_length: int | None = None, **kwargs: Any
    ) -> None:
        self.long = long
        kwargs.setdefault("default", Words)
        super().__init__(*args, **kwargs)
        self.max_length = max_length or (20_000 if long else 200)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.long:
            kwargs["long"] = True
        kwargs["max_length"] = self.max_length
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Words:
        return Words(super().from_db_value(value, expression, connection) or {})

    def to_python(self, value: Any) -> Words:
        if value is None or isinstance(value, Words):
            return value or Words()
        if isinstance(value, dict):
            return Words(value)
        return Words({settings.LANGUAGE_CODE: str(value)})

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value({k: v for k, v in self.to_python(value).items() if v})

    def formfield(self, **kwargs: Any) -> Any:
        options: dict[str, Any] = {
            "required": not self.blank,
            "label": capfirst(self.verbose_name),
            "help_text": self.help_text,
            "long": self.long,
            "max_length": self.max_length,
        }
        options.update(kwargs)
        return WordsFormField(**options)


class WordsWidget(forms.MultiWidget):
    """One labelled box per language, in a fieldset."""

    template_name = "django/forms/widgets/words.html"
    use_fieldset = True

    def __init__(self, languages: Sequence[str], *, long: bool) -> None:
        self.languages = list(languages)
        box = forms.Textarea if long else forms.TextInput
        super().__init__({code: box(attrs={"lang": code}) for code in self.languages})

    def decompress(self, value: Any) -> list[str]:
        return [(value or {}).get(code, "") for code in self.languages]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for code, box in zip(self.languages, context["widget"]["subwidgets"], strict=True):
            box["language"] = get_language_info(code)["name_translated"]
            box["attrs"].pop("required", None)  # one language is enough
        return context


class WordsFormField(forms.MultiValueField):
    """Reads `Words`. `languages` limits the boxes; a required field needs one of them filled."""

    default_error_messages = {"required": _("Write this in at least one language.")}

    def __init__(
        self,
        *,
        long: bool = False,
        max_length: int = 200,
        languages: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.long = long
        self.length = max_length
        codes = list(languages or [code for code, _name in settings.LANGUAGES])
        self.languages = codes
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        super().__init__(
            fields=self._boxes(codes),
            widget=WordsWidget(codes, long=long),
            require_all_fields=False,
            **kwargs,
        )

    def _boxes(self, codes: Sequence[str]) -> list[forms.CharField]:
        return [forms.CharField(required=False, max_length=self.length) for _code in codes]

    def limit_to(self, languages: Sequence[str]) -> None:
        """Show boxes for these languages only, in this order."""
        self.languages = list(languages)
        self.fields = self._boxes(languages)
        for field in self.fields:
            field.error_messages.setdefault("incomplete", "")
        self.widget = WordsWidget(languages, long=self.long)

    def clean(self, value: Any) -> Words:
        try:
            words = super().clean(value)
        except ValidationError as error:
            raise ValidationError(list(dict.fromkeys(error.messages))) from error
        return words or Words()

    def compress(self, data_list: list[str]) -> Words:
        return Words(
            {code: text for code, text in zip(self.languages, data_list, strict=False) if text}
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return Words(initial or {}) != self.compress([str(text or "") for text in data or []])

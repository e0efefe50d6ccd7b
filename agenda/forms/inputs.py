"""Reading what people say to a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agenda.models.inputs import new_key

_SALT = "agenda.input"
MOST_SIGNS = 5000


class InputForm(forms.Form):
    """What a member says."""

    words = forms.CharField(
        label=_("What you want to say"),
        max_length=MOST_SIGNS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("In any language. At most 5,000 signs, about two pages."),
        error_messages={
            "required": _("Write what you want to say."),
            "max_length": _("That is too long: at most %(limit_value)d signs, now %(show_value)d."),
        },
    )
    language = forms.CharField(
        label=_("Language you write in"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "languages", "autocomplete": "off"}),
        error_messages={"max_length": _("Name the language in a few words.")},
    )


class OpenInputForm(InputForm):
    """What somebody says through a link. `ticket` holds the key that the page was made with."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        required=False,
        help_text=_("Only if you want. Everybody can read it."),
        error_messages={"max_length": _("Write a shorter name: at most 100 signs.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    ticket = forms.CharField(
        widget=forms.HiddenInput,
        error_messages={"required": _("This page is out of date. Open the link again.")},
    )
    # A box that nobody sees and programs fill.
    website = forms.CharField(required=False)

    field_order = ["words", "name", "language"]

    def __init__(self, *args: Any, link: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.link = link
        self.initial.setdefault("ticket", signing.dumps([link, new_key()], salt=_SALT))

    @property
    def visible(self) -> list[forms.BoundField]:
        return [self[name] for name in ("words", "name", "language")]

    def clean_ticket(self) -> str:
        """The key of this page; only one that this site made, for this link."""
        try:
            link, key = signing.loads(self.cleaned_data["ticket"], salt=_SALT)
        except (signing.BadSignature, ValueError, TypeError):
            link, key = "", ""
        if link != self.link:
            raise ValidationError(_("This page is out of date. Open the link again."))
        return str(key)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave the last box empty: it is there to stop programs."))
        return ""


class LinkForm(forms.Form):
    """A new link."""

    label = forms.CharField(
        label=_("Whom it is for"),
        max_length=200,
        help_text=_("So that you can tell the links apart, such as: parents at the school gate."),
    )

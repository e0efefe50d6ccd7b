"""Reading and checking what people type on the pages of the ground."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import (
    Initiative,
    Invitation,
    Membership,
    Organization,
    Place,
    Role,
    User,
)
from ciforum.people.words import Words


def _roles_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A person may hold several."),
    )


def _organization_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=_("None: for herself or himself"),
    )


class InviteForm(forms.Form):
    """Whom to ask in, as what, and in which language."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    roles = _roles_field()
    organization = _organization_field()
    language = forms.ChoiceField(label=_("Language of the message"))

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organization = self.fields["organization"]
        assert isinstance(organization, forms.ModelChoiceField)  # noqa: S101 - for mypy
        organization.queryset = Organization.objects.for_initiative(initiative).filter(
            ended_at=None
        )
        names = dict(settings.LANGUAGES)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)  # noqa: S101 - for mypy
        language.choices = [(code, names[code]) for code in initiative.languages if code in names]


class JoinForm(forms.ModelForm):
    """The account that an invitation opens."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least 10 characters. You may leave it empty: we then send a code to your e-mail "
            "address each time you sign in."
        ),
    )

    class Meta:
        model = User
        fields = ["name", "language"]

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"language": invitation.language})
        super().__init__(*args, **kwargs)
        self.instance.email = invitation.email
        self.fields["name"].required = True
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["name"].help_text = _("As the others here shall see it.")

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            self.instance.name = self.cleaned_data.get("name", "")
            validate_password(password, self.instance)
        return password

    def validate_unique(self) -> None:
        """The verb answers for an address that has an account; it is not typed in here."""

    def validate_constraints(self) -> None:
        """As above."""


class MemberForm(forms.Form):
    """What a member is here."""

    roles = _roles_field()
    data_steward = forms.BooleanField(
        label=_("Data steward"),
        required=False,
        help_text=_(
            "May see counts of fewer people than are ever published, of every partner, to check "
            "them."
        ),
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial", {"roles": membership.roles, "data_steward": membership.data_steward}
        )
        super().__init__(*args, **kwargs)


class OrganizationForm(forms.ModelForm):
    """A partner of the initiative."""

    class Meta:
        model = Organization
        fields = ["name", "sector", "community_led"]

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.initiative = initiative  # never from the browser

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Organization.objects.for_initiative(self.instance.initiative)
        if others.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("An organization of this name is here already."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.instance.slug and cleaned.get("name"):
            self.instance.slug = self._free_slug(cleaned["name"])
        return cleaned

    def _free_slug(self, name: str) -> str:
        """A short name for addresses: from the name, with a number where it is taken."""
        wish = slugify(name)[:50] or "organization"
        wish = f"{wish}-1" if wish == "new" else wish  # the address of the form for a new one
        taken = set(
            Organization.objects.for_initiative(self.instance.initiative)
            .filter(slug__startswith=wish)
            .values_list("slug", flat=True)
        )
        numbered = (f"{wish}-{number}" for number in range(2, len(taken) + 3))
        return next(slug for slug in (wish, *numbered) if slug not in taken)


class PlaceForm(forms.ModelForm):
    """Where the initiative counts. Saved by `Place.describe`."""

    class Meta:
        model = Place
        fields = ["name", "code", "parent"]
        labels = {"parent": _("Part of")}
        help_texts = {
            "code": _("A stable short code, such as a census number. Partners' files may use it.")
        }

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.initiative = initiative  # never from the browser
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)  # noqa: S101 - for mypy
        parent.empty_label = _("No other place")
        parent.queryset = (
            Place.objects.for_initiative(initiative).exclude(pk=self.instance.pk).order_by("name")
        )


class InitiativeForm(forms.ModelForm):
    """What an initiative says of itself. Saved by `Initiative.describe`."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(zone, zone) for zone in sorted(zoneinfo.available_timezones())],
        help_text=_("By dates mean the end of that day here."),
    )

    class Meta:
        model = Initiative
        fields = ["name", "purpose", "population", "place", "languages", "time_zone", "contact"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["place"]
        assert isinstance(place, forms.ModelChoiceField)  # noqa: S101 - for mypy
        place.queryset = Place.objects.for_initiative(self.instance).order_by("name")
        place.empty_label = _("Not said yet")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        spoken, name = cleaned.get("languages"), cleaned.get("name")
        if spoken and isinstance(name, Words) and not any(name.get(code) for code in spoken):
            self.add_error("name", _("Write the name in one of the languages you have chosen."))
        return cleaned


class AccountForm(forms.ModelForm):
    """A person's own name and language."""

    class Meta:
        model = User
        fields = ["name", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["language"].help_text = _("Pages and messages come in this language.")

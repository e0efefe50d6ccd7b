"""Reading and checking what people type about committees and seats."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import Initiative, Membership, Organization
from ciforum.people.words import WordsFormField
from equity.models import Channel, Committee, Dimension, Group, Seat, SeatClass

USUAL_TERM = timedelta(days=730)
LONGEST_TERM = timedelta(days=4 * 366)


class CommitteeForm(forms.ModelForm):
    """A committee's name, what it decides, and who votes in it."""

    class Meta:
        model = Committee
        fields = ["name", "slug", "kind", "remit", "institutions_follow", "dimension"]

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.initiative = initiative
        for name in ("name", "remit"):
            field = self.fields[name]
            if isinstance(field, WordsFormField):
                field.limit_to(initiative.languages)
        slug, dimension = self.fields["slug"], self.fields["dimension"]
        slug.required = False
        slug.help_text = _("Letters a–z, digits and hyphens. Empty: from the name.")
        if isinstance(dimension, forms.ModelChoiceField):
            dimension.queryset = Dimension.objects.for_initiative(initiative).current()
            dimension.empty_label = _("No: seats are not tied to groups")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = slugify(str(cleaned["name"]))[:60].strip("-")
            if not cleaned["slug"]:
                self.add_error(
                    "slug", _("Write a short name: the name has no letters from a to z.")
                )
        return cleaned


class _Members(forms.ModelChoiceField):
    """Members by name, with whom they come for."""

    def label_from_instance(self, member: Any) -> str:
        return f"{member.user} ({member.organization})" if member.organization else str(member.user)


def _people(initiative: Initiative) -> Any:
    everybody = Membership.objects.for_initiative(initiative).current()
    return everybody.select_related("user", "organization").order_by("user__name", "pk")


def _languages(initiative: Initiative, *also: str) -> list[tuple[str, str]]:
    codes = dict.fromkeys([*initiative.languages, *(code for code in also if code)])
    return [(code, get_language_info(code)["name_local"]) for code in codes]


class SeatForm(forms.Form):
    """Offer a seat: to whom, of which class, for how long, and how to reach her."""

    seat_class = forms.ChoiceField(
        label=_("Class"), choices=SeatClass.choices, widget=forms.RadioSelect
    )
    holder = _Members(
        label=_("Offered to"),
        queryset=Membership.objects.none(),
        help_text=_(
            "She takes the seat herself. For lived experience, residents say first that "
            "they chose her."
        ),
    )
    organization = forms.ModelChoiceField(
        label=_("Organization it stands for"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=_("None: she speaks for herself"),
    )
    group = forms.ModelChoiceField(
        label=_("Group it stands for"),
        queryset=Group.objects.none(),
        required=False,
        empty_label=_("No single group"),
    )
    term_ends = forms.DateField(
        label=_("Last day of the term"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    designation = forms.CharField(
        label=_("How the holder was chosen"),
        max_length=300,
        required=False,
        help_text=_("Everybody can read it. For example: “by the tenants' meeting in May”."),
    )
    shown_as = forms.CharField(
        label=_("Name shown in public"),
        max_length=100,
        required=False,
        help_text=_("A name she chose. Empty: her own name. She can change it at any time."),
    )
    channel = forms.ChoiceField(label=_("How to reach her"), choices=Channel.choices)
    language = forms.ChoiceField(label=_("In which language"))

    def __init__(
        self, *args: Any, committee: Committee, lived_only: bool = False, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"term_ends": localdate(clock.now() + USUAL_TERM)})
        super().__init__(*args, **kwargs)
        initiative = committee.initiative
        self._offer("holder", _people(initiative))
        self._offer(
            "organization", Organization.objects.for_initiative(initiative).order_by("name")
        )
        groups = Group.objects.for_initiative(initiative).filter(dimension__retired_at=None)
        if committee.dimension:
            groups = groups.filter(dimension=committee.dimension)
        self._offer("group", groups)
        self._choose("language", _languages(initiative))
        if lived_only:
            lived = SeatClass.LIVED
            self._choose("seat_class", [(lived.value, str(lived.label))])
            self.fields["seat_class"].initial = lived.value

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_term_ends(self) -> Any:
        day, today = self.cleaned_data["term_ends"], localdate(clock.now())
        if not today < day <= today + LONGEST_TERM:
            raise forms.ValidationError(_("Choose a day from tomorrow to four years from now."))
        return day


class PreferForm(forms.Form):
    """How she is shown, and how and in what language she is reached."""

    shown_as = forms.CharField(
        label=_("Name shown in public"),
        max_length=100,
        required=False,
        help_text=_("A name you choose. Empty: your own name."),
    )
    channel = forms.ChoiceField(
        label=_("How to reach you"),
        choices=Channel.choices,
        widget=forms.RadioSelect,
        help_text=_("Before every vote that you speak last on, we try to reach you this way."),
    )
    language = forms.ChoiceField(label=_("In which language"))

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {"shown_as": seat.shown_as, "channel": seat.channel, "language": seat.language},
        )
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        if isinstance(language, forms.ChoiceField):
            language.choices = _languages(seat.initiative, seat.language)


class AlternateForm(forms.Form):
    """Who speaks when she cannot."""

    alternate = _Members(
        label=_("Your alternate"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("She speaks and votes from your seat when you cannot. She could hold it too."),
    )

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"alternate": seat.alternate})
        super().__init__(*args, **kwargs)
        field = self.fields["alternate"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = _people(seat.initiative).exclude(user=seat.holder.user_id)


class EndForm(forms.Form):
    """Leave a seat, or end one, in the open."""

    because = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("Everybody can read it. You can leave it empty."),
    )
    understood = forms.BooleanField(label=_("I know that an ended seat stays ended."))

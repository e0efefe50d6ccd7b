"""Forms of the history timeline."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agenda import overlay, pictures, when
from agenda.models import HistoryEvent
from agenda.timeline import Asked
from ciforum.people.models import Initiative, Place
from ciforum.people.words import WordsFormField


class WhenField(forms.CharField):
    """A date known to the year, the month or the day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, **kwargs)
        self.widget.attrs.update({"autocomplete": "off", "size": 12})

    def clean(self, value: Any) -> when.When | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return when.read(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class EventForm(forms.ModelForm):
    """An event, new or changed. Uploads are read here; the verb keeps what came out."""

    began = WhenField(
        label=_("When it began"),
        help_text=_("A year, 1934, a month, 1934-06, or a day, 1934-06-12: what you know."),
    )
    ended = WhenField(
        label=_("When it ended"), required=False, help_text=_("Empty if it was one moment.")
    )
    own_words = forms.BooleanField(
        label=_("I tell this myself, in my own words"),
        required=False,
        help_text=_("Then nobody can publish it in other words unless you agree to them."),
    )
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_(
            "PNG, JPEG or WebP, at most 8 MB. Where and when it was taken is removed from the file."
        ),
    )
    drop_picture = forms.BooleanField(label=_("Take the picture away"), required=False)
    map_file = forms.FileField(
        label=_("Map (GeoJSON)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
        help_text=_(
            "Areas, lines and points in longitude and latitude, at most 500 kB. Their “name” and "
            "“grade” are shown; nothing else of the file is kept."
        ),
    )
    drop_map = forms.BooleanField(label=_("Take the map away"), required=False)

    class Meta:
        model = HistoryEvent
        fields = [
            *("title", "what_happened", "kind", "place", "is_structural", "told_by"),
            *("source", "source_url", "image_alt", "image_credit"),
        ]
        widgets = {"kind": forms.RadioSelect, "source_url": forms.URLInput}

    field_order = [
        *("title", "began", "ended", "kind", "place", "what_happened", "is_structural"),
        *("told_by", "own_words", "source", "source_url"),
        *("picture", "drop_picture", "image_alt", "image_credit", "map_file", "drop_map"),
    ]

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "what_happened", "image_alt"):
            field: WordsFormField = self.fields[name]  # type: ignore[assignment]
            field.limit_to(initiative.languages)
        for name in ("title", "what_happened"):  # blank in the table only once withdrawn
            self.fields[name].required = True
        kind: forms.ChoiceField = self.fields["kind"]  # type: ignore[assignment]
        kind.choices = HistoryEvent.Kind.choices
        place: forms.ModelChoiceField = self.fields["place"]  # type: ignore[assignment]
        place.queryset = Place.objects.for_initiative(initiative)
        place.empty_label = str(_("Nowhere in particular"))
        event = self.instance
        if event.pk:
            self.initial["began"] = event.began.text
            self.initial["ended"] = event.ended.text if event.ended else ""
            self.fields.pop("own_words")  # whose words they are does not change
        if not (event.pk and event.image_id):
            self.fields.pop("drop_picture")
        if not (event.pk and event.overlay):
            self.fields.pop("drop_map")

    def clean_picture(self) -> pictures.Picture | None:
        upload = self.cleaned_data["picture"]
        try:
            return pictures.read(upload) if upload else None
        except pictures.Unfit as error:
            raise ValidationError(str(error)) from error

    def clean_map_file(self) -> list[dict[str, Any]] | None:
        upload = self.cleaned_data["map_file"]
        if not upload:
            return None
        try:
            # One byte more than may be kept is enough to see that it is too large.
            return overlay.read(upload.read(overlay.MAX_BYTES + 1))
        except overlay.Unfit as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        keeps = self.instance.image_id and not cleaned.get("drop_picture")
        has_picture = bool(cleaned.get("picture")) or bool(keeps)
        if has_picture and "picture" not in self.errors and not cleaned.get("image_alt"):
            self.add_error(
                "image_alt", _("Say what the picture shows, for those who cannot see it.")
            )
        return cleaned

    def _post_clean(self) -> None:
        """The verb makes and checks the record; nothing is put together here."""

    def values(self) -> dict[str, Any]:
        """What the verb takes."""
        values = dict(self.cleaned_data)
        new_map, drop = values.pop("map_file", None), values.pop("drop_map", False)
        if new_map or drop:
            values["overlay"] = new_map
        return values


class TimelineFilter(forms.Form):
    """Which events of the timeline to show."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Any kind")), *HistoryEvent.Kind.choices],
    )
    place = forms.ModelChoiceField(
        label=_("Place"),
        required=False,
        queryset=Place.objects.none(),
        to_field_name="code",
        empty_label=_("Anywhere"),
    )
    words = forms.CharField(label=_("Words"), required=False, max_length=100)
    structural = forms.BooleanField(label=_("Structural causes only"), required=False)

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: forms.ModelChoiceField = self.fields["place"]  # type: ignore[assignment]
        place.queryset = Place.objects.for_initiative(initiative)

    def asked(self) -> Asked:
        """What she asked for; what cannot be read counts as not asked."""
        self.is_valid()
        values = self.cleaned_data
        return Asked(
            kind=values.get("kind", ""),
            place=values.get("place"),
            words=values.get("words", ""),
            structural=values.get("structural", False),
        )


class WithdrawForm(forms.Form):
    """One says that one knows what is lost."""

    understood = forms.BooleanField(
        label=_("I know that the words, the picture and the map are erased and cannot come back.")
    )

"""Forms of maps: outlines of places, and maps of an earlier time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agenda import pictures
from agenda.models import HistoryEvent
from ciforum.people.models import Initiative
from ciforum.people.words import Words, WordsFormField
from measurement.models import HistoricMap
from measurement.models.maps import SIDES
from measurement.places import outlines

_GEOJSON = {"accept": ".geojson,.json,application/geo+json"}
CLASSES = [
    ("0", _("1: lightest")),
    ("1", "2"),
    ("2", "3"),
    ("3", "4"),
    ("4", _("5: darkest")),
]


def read_areas(upload: Any) -> list[outlines.Area]:
    """The areas of an upload. Raises ValidationError with a sentence."""
    try:
        # One byte more than may be kept is enough to see that it is too large.
        return outlines.read(upload.read(outlines.MAX_BYTES + 1))
    except outlines.Unfit as error:
        raise ValidationError(str(error)) from error
    finally:
        upload.seek(0)


class OutlinesForm(forms.Form):
    """A file with the shapes of places."""

    file = forms.FileField(
        label=_("File with outlines (GeoJSON)"),
        widget=forms.FileInput(attrs=_GEOJSON),
        help_text=_(
            "A FeatureCollection of polygons in longitude and latitude, at most 5 MB. One property "
            "of each area holds the code or the name of a place. Census bureaus and county offices "
            "offer such files."
        ),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        read_areas(upload)
        return upload


class HistoricMapForm(forms.ModelForm):
    """A map of an earlier time: its words, its event, and the map as areas or as a picture."""

    areas = forms.FileField(
        label=_("The map as areas (GeoJSON)"),
        required=False,
        widget=forms.FileInput(attrs=_GEOJSON),
        help_text=_("A FeatureCollection of polygons in longitude and latitude, at most 5 MB."),
    )
    grade_property = forms.CharField(
        label=_("Property that holds the grade"), required=False, max_length=80, initial="grade"
    )
    name_property = forms.CharField(
        label=_("Property that holds the name"), required=False, max_length=80, initial="name"
    )
    picture = forms.FileField(
        label=_("Or the map as a picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP, at most 8 MB, north up, cut at the edges of the map."),
    )

    class Meta:
        model = HistoricMap
        fields = ["title", "year", "source", "alt", "event", *SIDES]
        help_texts = {
            "alt": _("What one sees on it, for those who cannot see it."),
            "event": _("Its words tell what this map did; the map alone claims nothing."),
            "source": _("Who made it, and where the original is kept."),
            "west": _("Only for a picture: degrees of longitude, such as -78.63."),
        }

    field_order = [
        *("title", "year", "event", "source", "alt", "areas", "grade_property", "name_property"),
        *("picture", *SIDES),
    ]

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "source", "alt"):
            field: WordsFormField = self.fields[name]  # type: ignore[assignment]
            field.limit_to(initiative.languages)
        event: forms.ModelChoiceField = self.fields["event"]  # type: ignore[assignment]
        event.queryset = HistoryEvent.objects.for_initiative(initiative).published()

    def clean_areas(self) -> list[outlines.Area]:
        upload = self.cleaned_data["areas"]
        return read_areas(upload) if upload else []

    def clean_picture(self) -> pictures.Picture | None:
        upload = self.cleaned_data["picture"]
        try:
            return pictures.read(upload) if upload else None
        except pictures.Unfit as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("areas") and cleaned.get("picture"):
            self.add_error("picture", _("Choose one of both: areas, or a picture."))
        has_map = cleaned.get("areas") or cleaned.get("picture") or self.instance.pk
        if not has_map and not {"areas", "picture"} & self.errors.keys():
            self.add_error("areas", _("Add the map: areas as GeoJSON, or a picture."))
        return cleaned

    def _post_clean(self) -> None:
        """The verb makes and checks the record; nothing is put together here."""

    def values(self) -> dict[str, Any]:
        """What the verb takes."""
        values = dict(self.cleaned_data)
        grade, name = values.pop("grade_property"), values.pop("name_property")
        values["areas"] = [
            {
                "name": area.properties.get(name, ""),
                "value": area.properties.get(grade, ""),
                "geometry": area.geojson,
            }
            for area in values["areas"]
        ]
        return values


class GradesForm(forms.Form):
    """What each grade of a map means, and how dark it is drawn."""

    def __init__(self, *args: Any, found: HistoricMap, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grades = found.grades
        for number, grade in enumerate(self.grades):
            label = WordsFormField(
                label=_("What “%(value)s” means") % {"value": grade["value"]},
                max_length=80,
                initial=Words(grade["label"]),
                help_text=_("In the words of the map's makers; a reader sees that they are old."),
            )
            label.limit_to(found.initiative.languages)
            self.fields[f"label_{number}"] = label
            self.fields[f"class_{number}"] = forms.ChoiceField(
                label=_("Shade of “%(value)s”") % {"value": grade["value"]},
                choices=CLASSES,
                initial=str(grade["class"]),
            )

    def values(self) -> list[dict[str, Any]]:
        """What the verb takes."""
        return [
            {
                "value": grade["value"],
                "label": dict(self.cleaned_data[f"label_{number}"]),
                "class": int(self.cleaned_data[f"class_{number}"]),
            }
            for number, grade in enumerate(self.grades)
        ]

"""The form that asks, for each column of a file, what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people.models import Initiative, Place
from equity.models import Dimension
from measurement.desk.placenames import NEW
from measurement.desk.troubles import sentence
from measurement.forms.choices import Choice, PlainSelect, flat, group_choices
from measurement.models import Grade, IndicatorVersion, Submission
from measurement.reading import codes
from measurement.reading.mapping import LABELLED, NUMBERS, BadMapping, Column, Mapping, check
from measurement.reading.periods import BadPeriod, PeriodRules, parse_period
from measurement.reading.source import Source

SAMPLES = 3
LONGEST_SAMPLE = 60
# More places than this are found by name in the labels step, not in a select box.
PLACES_OFFERED = 200

COLUMN_KINDS = {
    "number": gettext_lazy("Numbers"),
    "time": gettext_lazy("Times"),
    "text": gettext_lazy("Text"),
}
BUCKETS = (
    ("as_is", gettext_lazy("as they are written")),
    ("year", gettext_lazy("years")),
    ("school_year", gettext_lazy("school years")),
    ("quarter", gettext_lazy("quarters")),
    ("month", gettext_lazy("months")),
)
KNOWN_GRADES = [choice for choice in Grade.choices if choice[0] != Grade.UNKNOWN]
SCALES = (
    (100, gettext_lazy("of every 100 (percent)")),
    (1_000, gettext_lazy("of every 1,000")),
    (10_000, gettext_lazy("of every 10,000")),
    (100_000, gettext_lazy("of every 100,000")),
    (1, gettext_lazy("a share between 0 and 1")),
)
# Field → what its codes mean, the stricter meaning first.
CODES = {"hidden_codes": "too_small", "absent_codes": "unknown"}
DAY_ORDERS = (
    ("", gettext_lazy("Find out from the file")),
    ("month", gettext_lazy("March 4 (month first)")),
    ("day", gettext_lazy("3 April (day first)")),
)
SEPARATORS = (
    ("", gettext_lazy("one group in a cell")),
    (";", gettext_lazy("several, divided by ;")),
    (",", gettext_lazy("several, divided by ,")),
    ("|", gettext_lazy("several, divided by |")),
    ("/", gettext_lazy("several, divided by /")),
)


@dataclass(frozen=True)
class AskedColumn:
    """One column as the page shows it."""

    name: str
    kind: str
    samples: tuple[str, ...]
    role: forms.BoundField
    more: tuple[forms.BoundField, ...]
    has_more: bool


class ColumnsForm(forms.Form):
    """Reads a Mapping. `given` is what to start from: a guess or what was said last time."""

    scale = forms.TypedChoiceField(
        label=gettext_lazy("A rate in this file is"), choices=SCALES, coerce=int, required=False
    )
    decimal_comma = forms.BooleanField(
        label=gettext_lazy("The file writes 1.234,5 and not 1,234.5"), required=False
    )
    place = forms.ChoiceField(label=gettext_lazy("The whole file is about"), required=False)
    new_place = forms.CharField(
        label=gettext_lazy("or about a new place called"), required=False, max_length=200
    )
    period = forms.CharField(
        label=gettext_lazy("The whole file is about the time"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("For example 2024, 2023-2024, 2024 Q1 or March 2024."),
    )
    day_first = forms.ChoiceField(
        label=gettext_lazy("03/04/2024 is"), choices=DAY_ORDERS, required=False
    )
    bucket = forms.ChoiceField(
        label=gettext_lazy("Count the dates by"), choices=BUCKETS, required=False
    )
    hidden_codes = forms.CharField(
        label=gettext_lazy("Codes for “hidden, too few”"),
        required=False,
        max_length=80,
        help_text=gettext_lazy(
            "For example -9, -8888. Only where the makers of the file say that it means this."
        ),
    )
    absent_codes = forms.CharField(
        label=gettext_lazy("Codes for “there is no number”"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("For example -1, or an x."),
    )
    grade = forms.ChoiceField(
        label=gettext_lazy("These numbers are"),
        choices=[("", gettext_lazy("not known how they were made")), *KNOWN_GRADES],
        required=False,
        help_text=gettext_lazy("For every line that does not say it itself."),
    )

    def __init__(
        self,
        *args: Any,
        submission: Submission,
        source: Source,
        given: Mapping,
        kinds: AnyMapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.source, self.given, self.kinds = source, given, kinds
        self.of_people = submission.is_of_people
        self.groups = group_choices(submission.initiative)
        self.places = _places(submission.initiative)
        self.dimensions = _dimensions(submission.initiative)
        self.roles = _people_roles() if self.of_people else _table_roles(submission.version)
        self._ask_whole()
        for at, name in enumerate(source.header):
            self._ask(at, given.columns.get(name) or _same(given, source, name))

    def _ask_whole(self) -> None:
        given = self.given
        place: Any = self.fields["place"]
        place.choices = [("", _("as a column says")), *self.places]
        is_new = given.place.startswith(NEW)
        self.initial.update(
            scale=given.scale,
            decimal_comma=given.decimal_comma,
            place="" if is_new else given.place,
            new_place=given.place.removeprefix(NEW) if is_new else "",
            period=given.period,
            day_first={None: "", True: "day", False: "month"}[given.periods.day_first],
            bucket=given.bucket,
            grade=given.grade,
        )
        for field, code in CODES.items():
            self.initial[field] = codes.written(given.missing, code)
        for name in ("scale", "decimal_comma", *CODES) if self.of_people else ("bucket",):
            del self.fields[name]

    def _ask(self, at: int, column: Column) -> None:
        self._choice(f"c{at}-role", _("What is it?"), self.roles, column.role)
        if self.of_people:
            self._choice(f"c{at}-separator", _("A cell names"), SEPARATORS, column.separator)
            self._choice(f"c{at}-dimension", _("Groups of"), self.dimensions, column.dimension)
            return
        keys = "+".join(column.groups)
        groups = [("", _("the group that its line names, or everyone")), *self.groups]
        if len(column.groups) > 1:
            known = flat(self.groups)
            groups.append((keys, " + ".join(known.get(key, key) for key in column.groups)))
        self._choice(f"c{at}-group", _("Only about the group"), groups, keys)
        self.fields[f"c{at}-period"] = forms.CharField(
            label=_("Only about the time"), required=False, max_length=40, initial=column.period
        )
        places = [("", _("the place that its line names")), *self.places]
        self._choice(f"c{at}-place", _("Only about the place"), places, column.place)
        self._choice(f"c{at}-dimension", _("Groups of"), self.dimensions, column.dimension)

    def _choice(self, name: str, label: str, choices: Sequence[Any], initial: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, initial=initial, required=False, widget=PlainSelect
        )

    def asked(self) -> Iterator[AskedColumn]:
        """Every column with its first values and its fields."""
        extra = ("separator", "dimension") if self.of_people else (
            "group", "period", "place", "dimension",
        )  # fmt: skip
        for at, name in enumerate(self.source.header):
            texts = dict.fromkeys(record.cells[at].strip() for record in self.source.sample)
            samples = tuple(text[:LONGEST_SAMPLE] for text in texts if text)[:SAMPLES]
            more = tuple(self[f"c{at}-{each}"] for each in extra)
            # The kind of groups is often guessed; that alone is no reason to unfold the rest.
            filled = any(
                field.errors or (field.value() and not field.name.endswith("-dimension"))
                for field in more
            )
            kind = str(COLUMN_KINDS.get(self.kinds.get(name, ""), ""))
            yield AskedColumn(name, kind, samples, self[f"c{at}-role"], more, filled)

    def whole(self) -> list[forms.BoundField]:
        """What is asked once for the whole file."""
        return [self[name] for name in self.fields if "-" not in name]

    def clean_hidden_codes(self) -> list[str]:
        return self._codes("hidden_codes")

    def clean_absent_codes(self) -> list[str]:
        return self._codes("absent_codes")

    def _codes(self, name: str) -> list[str]:
        found = codes.listed(self.cleaned_data[name])
        if numbers := [each for each in found if codes.is_count(each)]:
            raise ValidationError(
                _("“%(code)s” is a number that could be counted, so it cannot be a code."),
                params={"code": numbers[0]},
            )
        return found

    def clean_period(self) -> str:
        return self._period("period")

    def _period(self, name: str) -> str:
        text: str = self.cleaned_data.get(name, "").strip()
        try:
            if text:
                parse_period(text, self.given.periods)
        except BadPeriod as error:
            raise ValidationError(sentence(error.code, {"text": text})) from error
        return text

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for at in range(len(self.source.header)):
            try:
                self._period(f"c{at}-period")
            except ValidationError as error:
                self.add_error(f"c{at}-period", error)
        if self.errors:
            return data
        self.mapping = self._mapping(data)
        try:
            check(self.mapping)
        except BadMapping as error:
            self.add_error(None, sentence(error.code, error.params))
        return data

    def _mapping(self, data: dict[str, Any]) -> Mapping:
        new_place = " ".join(data.get("new_place", "").split())
        place = f"{NEW}{new_place}" if new_place and not data["place"] else data["place"]
        return replace(
            self.given,
            columns={
                name: self._column(at, name, data) for at, name in enumerate(self.source.header)
            },
            place=place,
            period=data["period"],
            scale=data.get("scale") or self.given.scale,
            decimal_comma=data.get("decimal_comma", self.given.decimal_comma),
            bucket=data.get("bucket") or "as_is",
            grade=data.get("grade", ""),
            missing=self._missing(data),
            periods=self._rules(data["day_first"]),
        )

    def _missing(self, data: dict[str, Any]) -> dict[str, str]:
        """The file's own codes. Of one that is named twice the stricter meaning counts."""
        kept = {
            text: code for text, code in self.given.missing.items() if code not in CODES.values()
        }
        said = [
            (text, code) for name, code in reversed(CODES.items()) for text in data.get(name, [])
        ]
        return {**kept, **dict(said)}

    def _rules(self, day_first: str) -> PeriodRules:
        order = {"": None, "day": True, "month": False}[day_first]
        return replace(self.given.periods, day_first=order)

    def _column(self, at: int, name: str, data: dict[str, Any]) -> Column:
        role = data[f"c{at}-role"] or "ignore"
        before = self.given.columns.get(name) or _same(self.given, self.source, name)
        column = Column(cast(Any, role))
        if role in LABELLED and before.role == role:
            column = replace(column, labels=before.labels)
        if role == "group":
            column = replace(
                column,
                dimension=data[f"c{at}-dimension"],
                separator=data.get(f"c{at}-separator", ""),
            )
        if role in NUMBERS:
            keys = data[f"c{at}-group"]
            column = replace(
                column,
                groups=tuple(keys.split("+")) if keys else (),
                period=data[f"c{at}-period"].strip(),
                place=data[f"c{at}-place"],
            )
        return column


def _same(given: Mapping, source: Source, name: str) -> Column:
    """A saved mapping finds its columns even where case and spaces differ."""
    for saved, column in given.columns.items():
        index = source.index(saved)
        if index is not None and source.header[index] == name:
            return column
    return Column("ignore")


def _table_roles(version: IndicatorVersion) -> list[Choice]:
    counted, out_of = str(version.numerator), str(version.denominator)
    return [
        ("ignore", _("Leave out")),
        ("place", _("Place")),
        ("period", _("Time")),
        ("group", _("Group")),
        ("numerator", _("Counted: %(what)s") % {"what": counted}),
        ("denominator", _("Out of: %(what)s") % {"what": out_of} if out_of else _("Out of")),
        ("rate", _("Rate")),
        ("sample_size", _("Number of people asked")),
        ("weight", _("Number of people they stand for")),
        ("se", _("Standard error of the rate")),
        ("grade", _("How the number was made")),
        ("why", _("Why there is no number")),
        ("filter", _("Says which lines to use")),
    ]


def _people_roles() -> list[Choice]:
    return [
        ("ignore", _("Leave out")),
        ("place", _("Place")),
        ("period", _("Date or time")),
        ("group", _("Group")),
        ("outcome", _("Whether the person counts: yes or no")),
        ("filter", _("Says which lines to use")),
    ]


def _places(initiative: Initiative) -> list[Choice]:
    named = Place.objects.for_initiative(initiative).order_by("name", "code")
    return list(named.values_list("code", "name")[:PLACES_OFFERED])


def _dimensions(initiative: Initiative) -> list[Choice]:
    current = Dimension.objects.for_initiative(initiative).current()
    return [("", _("any kind")), *((each.code, str(each.name)) for each in current)]

"""Forms of the other ways to hand in: pasting a table, choosing sheets, typing numbers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ciforum.people.models import Period
from measurement.desk.askedperiods import address_of
from measurement.desk.troubles import sentence
from measurement.forms.desk import BringForm
from measurement.reading.periods import BadPeriod, parse_period
from measurement.reading.workbook import Sheet

LONGEST = 1_000_000  # characters; more is a file


class PasteForm(BringForm):
    """A table copied from a spreadsheet."""

    table = forms.CharField(
        label=gettext_lazy("The table, with its names of columns"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "pasted"}),
        help_text=gettext_lazy(
            "In your spreadsheet, choose the cells with the line of names above them, copy them, "
            "and paste them here."
        ),
    )

    def clean_table(self) -> str:
        text: str = self.cleaned_data["table"]
        if len(text) > LONGEST:
            raise ValidationError(_("This is too much to paste. Save it as a file and bring that."))
        return text.strip("\r\n")


class SheetsForm(forms.Form):
    """Which sheets of a workbook to read: one, or several with the same columns."""

    sheets = forms.MultipleChoiceField(
        label=gettext_lazy("Sheets to read"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one sheet.")},
    )

    def __init__(self, *args: Any, found: list[Sheet], chosen: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["sheets"]
        field.choices = [(sheet.name, _about(sheet)) for sheet in found if sheet.header]
        self.initial["sheets"] = chosen or _alike(found)


def _alike(found: list[Sheet]) -> list[str]:
    """The first table in sight, and those with the same columns."""
    tables = [sheet for sheet in found if sheet.header and not sheet.hidden]
    return [sheet.name for sheet in tables if sheet.signature == tables[0].signature]


def _about(sheet: Sheet) -> str:
    said = {"name": sheet.name, "columns": ", ".join(sheet.header[:6])}
    rows = ngettext("%(count)s line", "%(count)s lines", sheet.rows) % {"count": sheet.rows}
    hidden = _(" (hidden in the workbook)") if sheet.hidden else ""
    return _("%(name)s: %(rows)s, with the columns %(columns)s%(hidden)s") % {
        **said, "rows": rows, "hidden": hidden,
    }  # fmt: skip


class GridStart(BringForm):
    """Which numbers to type: of which indicator, for which time."""

    when = forms.CharField(
        label=gettext_lazy("Time"),
        max_length=40,
        help_text=gettext_lazy("For example 2024, 2023-2024, 2024 Q1 or March 2024."),
    )

    def clean_when(self) -> str:
        """As an address names it."""
        text: str = self.cleaned_data["when"]
        try:
            spec = parse_period(text)
        except BadPeriod as error:
            raise ValidationError(sentence(error.code, {"text": text})) from error
        return address_of(Period(kind=spec.kind, start=spec.start, end=spec.end))

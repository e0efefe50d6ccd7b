"""Forms of the desk: bringing a file, finding submissions, handing in, sending back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Initiative, Organization
from measurement.models import Indicator, Submission


def largest() -> str:
    """The size that a file may have, in the unit in which it was set: 250 MB are 250,000,000."""
    for size, unit in ((1_000_000, _("%(number)s MB")), (1_000, _("%(number)s kB"))):
        if size <= settings.UPLOAD_MAX_BYTES:
            return str(unit % {"number": number_format(settings.UPLOAD_MAX_BYTES // size)})
    return str(_("%(number)s bytes") % {"number": settings.UPLOAD_MAX_BYTES})


class BringForm(forms.Form):
    """For which indicator and whom; only her own organizations and the initiative's indicators."""

    indicator = forms.ModelChoiceField(
        label=_("Indicator"), queryset=Indicator.objects.none(), empty_label=_("Choose one")
    )
    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.none(),
        empty_label=_("Choose one"),
        help_text=_("For whom you hand it in."),
    )
    # The period that was asked for, as an address names it; what cannot be read is left aside.
    period = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, initiative: Initiative, organizations: list[Organization], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        indicators = Indicator.objects.for_initiative(initiative).filter(retired_at=None)
        self._limit("indicator", indicators, to_field_name="uid")
        own = Organization.objects.for_initiative(initiative).filter(
            pk__in=[each.pk for each in organizations]
        )
        self._limit("organization", own, to_field_name="uid")
        if len(organizations) == 1:
            self.only_organization = organizations[0]
            del self.fields["organization"]

    def _limit(self, name: str, queryset: Any, to_field_name: str) -> None:
        field: Any = self.fields[name]
        field.queryset, field.to_field_name = queryset, to_field_name

    @property
    def for_organization(self) -> Organization:
        """The chosen one, or the only one she hands in for."""
        chosen: Organization = self.cleaned_data.get("organization") or self.only_organization
        return chosen


class UploadForm(BringForm):
    """One file for one indicator."""

    kind = forms.ChoiceField(
        label=_("Each line of the file is"),
        choices=Submission.Kind.choices,
        widget=forms.RadioSelect,
        initial=Submission.Kind.TABLE,
        help_text=_(
            "A file with one line per person is counted and then deleted. Nobody sees the persons."
        ),
    )
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.ods"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "A table as it is, you need not change it: CSV, TSV, Excel (XLSX) or OpenDocument "
            "(ODS). At most %(size)s."
        ) % {"size": largest()}

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _("This file is larger than %(size)s. Split it by year or by place."),
                params={"size": largest()},
            )
        return file


class DeskFilter(forms.Form):
    """Which submissions to list. What cannot be read is left aside, not complained about."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Submission.State.choices]
    )
    indicator = forms.ModelChoiceField(
        label=_("Indicator"),
        required=False,
        queryset=Indicator.objects.none(),
        to_field_name="slug",
        empty_label=_("All"),
    )
    partner = forms.ModelChoiceField(
        label=_("Partner"),
        required=False,
        queryset=Organization.objects.none(),
        to_field_name="slug",
        empty_label=_("All"),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("indicator", Indicator), ("partner", Organization)):
            field: Any = self.fields[name]
            field.queryset = model.objects.for_initiative(initiative)

    def narrow(self, submissions: Any) -> Any:
        self.is_valid()
        chosen = self.cleaned_data
        for name, column in (
            ("state", "state"),
            ("indicator", "indicator"),
            ("partner", "organization"),
        ):
            if chosen.get(name):
                submissions = submissions.filter(**{column: chosen[name]})
        return submissions


class HandInForm(forms.Form):
    """What she confirms when she gives her numbers to the backbone."""

    leave_out_problems = forms.BooleanField(
        label=_("Leave out the lines with problems. I know that their numbers are missing then."),
        required=False,
    )
    reason = forms.CharField(
        label=_("Why do these numbers change?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the new numbers. The old ones are kept, too."),
    )

    def __init__(self, *args: Any, submission: Submission, changes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not submission.error_count:
            del self.fields["leave_out_problems"]
        if changes:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


class ReturnForm(forms.Form):
    """Words with which numbers go back to the partner."""

    words = forms.CharField(
        label=_("What should be mended?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The partner reads this."),
    )


class RowFilter(forms.Form):
    """Which rows of a preview to show."""

    place = forms.CharField(label=_("Place"), required=False, max_length=100)
    period = forms.ChoiceField(label=_("Time"), required=False)
    group = forms.ChoiceField(label=_("Group"), required=False)

    def __init__(
        self,
        *args: Any,
        periods: list[tuple[str, str]],
        groups: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("period", periods), ("group", groups)):
            field: Any = self.fields[name]
            field.choices = [("", _("All")), *choices]

    def narrow(self, rows: Any) -> Any:
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("place"):
            rows = rows.filter(place_name__icontains=chosen["place"])
        if chosen.get("period"):
            kind, start, end = chosen["period"].split("_")
            rows = rows.filter(period_kind=kind, period_start=start, period_end=end)
        if chosen.get("group") == "everyone":
            rows = rows.filter(stratum_key="")
        elif chosen.get("group"):
            rows = rows.filter(group_keys__contains=[chosen["group"]])
        return rows

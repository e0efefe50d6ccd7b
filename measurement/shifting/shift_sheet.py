"""The log of systems shifts as a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from ciforum.people.cells import harmless
from equity.sentences import strategy_name
from measurement.models.shift_voices import EvidenceGrade

if TYPE_CHECKING:
    from measurement.models import SystemsShift
    from measurement.models.shifts import SystemsShiftQuerySet


def sheet(shifts: SystemsShiftQuerySet) -> bytes:
    """One row for each shift. UTF-8 with a byte order mark, without which Excel garbles accents.

    shifts: of one initiative, only those the reader may read; with `places`, `evidence` fetched.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_columns())
    for shift in shifts.prefetch_related("evidence", "voices__seat__committee"):
        writer.writerow([harmless(cell) for cell in _row(shift)])
    return file.getvalue().encode("utf-8-sig")


def _columns() -> list[str]:
    return [
        *(_("Systems shift"), _("Level"), _("Kind"), _("How it stands"), _("Strategies")),
        *(_("Before"), _("After"), _("Since"), _("Places"), _("Where, in words")),
        *(_("Evidence"), _("What seats say"), _("Reason"), _("Page")),
    ]


def _row(shift: SystemsShift) -> Iterator[str]:
    yield from (str(shift.title), str(shift.get_level_display()), str(shift.get_kind_display()))
    yield str(shift.get_state_display())
    yield " | ".join(f"{number}: {strategy_name(number)}" for number in shift.strategies)
    yield from (str(shift.before), str(shift.after))
    yield shift.when.text if shift.when else ""
    yield " | ".join(sorted(str(place) for place in shift.places.all()))
    yield str(shift.where_words)
    yield " | ".join(
        f"{EvidenceGrade(row.grade).label}: {row.words}" for row in shift.evidence.all()
    )
    yield " | ".join(_voices(shift))
    yield str(shift.reason) if shift.state in ("disputed", "withdrawn") else ""
    yield settings.SITE_URL + shift.get_absolute_url()


def _voices(shift: SystemsShift) -> Iterator[str]:
    """The class of each seat and what it says; names stand on the page alone."""
    for voice in shift.voices.all():
        if voice.ended_at is None:
            seat = voice.seat
            yield f"{seat.committee}, {seat.get_seat_class_display()}: {voice.get_stance_display()}"

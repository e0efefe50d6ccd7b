"""The reactions of a walk as a CSV file for members."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from ciforum.people.cells import harmless
from measurement.models import Reaction

if TYPE_CHECKING:
    from measurement.models import DataWalk

COLUMNS = ("station", "title", "prompt", "reaction", "language", "via", "sheet", "theme")


def sheet(walk: DataWalk) -> bytes:
    """What was said and not hidden, station by station; UTF-8 with a mark, as Excel wants it.

    No day and no order of arrival: within a prompt reactions are sorted by their words.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    said = (
        Reaction.objects.seen()
        .filter(station__walk=walk)
        .select_related("station", "prompt", "theme")
        .order_by("station__order", "prompt__order", "text", "id")
    )
    for each in said:
        writer.writerow(
            [
                each.station.order,
                harmless(str(each.station.title)),
                harmless(str(each.prompt.words)),
                harmless(each.text),
                each.language,
                each.via,
                each.sheet or "",
                harmless(str(each.theme or "")),
            ]
        )
    return file.getvalue().encode("utf-8-sig")

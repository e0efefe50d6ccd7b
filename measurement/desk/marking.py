"""A partner's own file with one more column, which says line by line what to mend."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from measurement.desk.preview import Preview
from measurement.models import Submission
from measurement.reading import child
from measurement.reading.marks import Marks

if TYPE_CHECKING:
    from ciforum.people.models import Membership

SECONDS = 120
MEMORY_MB = 900
TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}


def marked(submission: Submission, member: Membership | None) -> FileResponse:
    """The file in the format it came in; a workbook of any kind comes back as XLSX.

    Raises Unreadable when the kept file cannot be written again.
    """
    answer = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with tempfile.NamedTemporaryFile(prefix="marked-") as copy:
        child.run(
            "mark",
            submission.file.storage.path,
            copy.name,
            marks_of(submission, member),
            names=submission.sheet_names,
            seconds=SECONDS,
            memory_mb=MEMORY_MB,
        )
        with open(copy.name, "rb") as written:
            while piece := written.read(1 << 20):
                answer.write(piece)
    answer.seek(0)
    name = file_name(submission)
    kind = TYPES.get(PurePath(name).suffix, "text/plain")
    return FileResponse(answer, as_attachment=True, filename=name, content_type=kind)


def file_name(submission: Submission) -> str:
    path = PurePath(submission.file.name)
    ending = ".xlsx" if submission.sheets else path.suffix.lower()
    if ending not in TYPES and ending != ".txt":
        ending = ".csv"
    return _("%(name)s – what to mend%(ending)s") % {"name": path.stem, "ending": ending}


def marks_of(submission: Submission, member: Membership | None) -> Marks:
    """The sentences by line, in the reader's language; problems before things to check."""
    told: defaultdict[int, list[str]] = defaultdict(list)
    problems = submission.problems.all()
    for problem, shown in zip(
        problems, Preview(submission, member).problems(problems), strict=True
    ):
        if problem.line:
            about = f"{problem.column}: " if problem.column else ""
            told[problem.line].append(f"{about}{shown.sentence}")
    lines: dict[int, str] = {line: " ".join(dict.fromkeys(said)) for line, said in told.items()}
    return Marks(_("What to mend"), lines, sheets_of(submission))


def sheets_of(submission: Submission) -> tuple[tuple[str, int, int], ...]:
    """(name, first line, that line's row) of each sheet that was read."""
    found: list[dict[str, Any]] = submission.sheets
    return tuple((each["name"], each["line"], each["row"]) for each in found)

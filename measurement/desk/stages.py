"""Where a submission stands: the steps on its page, and what its reader may do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from measurement.models import Submission
from measurement.permissions import may_approve, may_hand_in

if TYPE_CHECKING:
    from ciforum.people.models import Membership


@dataclass(frozen=True)
class Step:
    label: str
    state: str
    url: str = ""


@dataclass(frozen=True)
class NextStep:
    """What to do now, in words; `url` where it is done, `mine` when it is the reader's turn."""

    words: str
    url: str
    mine: bool


# What each state says to whoever looks, as a pill (docs/look.md, _status.html).
PILLS = {
    "uploaded": "watch",
    "checking": "neutral",
    "checked": "watch",
    "handed_in": "neutral",
    "approved": "ok",
    "returned": "watch",
    "withdrawn": "off",
    "retracted": "off",
}


def steps(submission: Submission, current: str) -> list[Step]:
    """`current`: columns, labels, check or approval."""
    names = {
        "file": _("File"),
        "columns": _("Columns"),
        "labels": _("Labels"),
        "check": _("Check and hand in"),
        "approval": _("Approval"),
    }
    at = list(names).index(current)
    may_change = submission.state in Submission.EDITABLE and not submission.file.forgotten_at
    found = []
    for number, (name, label) in enumerate(names.items()):
        state = "done" if number < at else "current" if number == at else "todo"
        url = _url(submission, f"submission_{name}") if name in ("columns", "labels") else ""
        found.append(Step(label, state, url if may_change and state == "done" else ""))
    return found


def next_step(submission: Submission, member: Membership | None) -> NextStep:
    here = submission.get_absolute_url()
    partner, approver = may_hand_in(member, submission), may_approve(member, submission)
    match submission.state:
        case "uploaded" if partner and not submission.file.forgotten_at:
            return NextStep(
                _("Say what the columns mean"), _url(submission, "submission_columns"), True
            )
        case "uploaded":
            return NextStep(_("Waiting for the partner"), here, False)
        case "checking":
            return NextStep(_("Being read"), here, False)
        case "checked" if partner:
            return NextStep(_("Check the numbers and hand them in"), here, True)
        case "checked":
            return NextStep(_("Waiting for the partner"), here, False)
        case "handed_in" if approver:
            return NextStep(_("Look at the numbers and approve them"), here, True)
        case "handed_in":
            return NextStep(_("Waiting for approval"), here, False)
        case "returned" if partner:
            return NextStep(_("See what to mend"), here, True)
        case "returned":
            return NextStep(_("Waiting for the partner"), here, False)
        case "approved":
            return NextStep(_("Done"), here, False)
        case _:
            return NextStep(_("Nothing to do"), here, False)


def _url(submission: Submission, name: str) -> str:
    return reverse(f"measurement:{name}", args=[submission.initiative.slug, submission.uid])

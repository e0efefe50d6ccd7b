"""What the page of an indicator says of public numbers that have changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import ngettext

from ciforum.people.words import Words
from measurement.models import Restatement

if TYPE_CHECKING:
    from ciforum.people.models import Membership
    from measurement.models import Indicator

SHOWN = 10


@dataclass(frozen=True)
class Note:
    """One change. `reason` and `url` are for members only; `words` is what everybody reads."""

    day: str
    sentence: str
    words: Words
    reason: str = ""
    url: str = ""


def notes(indicator: Indicator, member: Membership | None) -> list[Note]:
    """The newest changes that public releases were touched by; two queries."""
    found = (
        Restatement.objects.filter(indicator=indicator)
        .public()
        .select_related("initiative")
        .prefetch_related("releases")
    )
    return [_note(each, member) for each in found[:SHOWN]]


def _note(made: Restatement, member: Membership | None) -> Note:
    day = date_format(localtime(made.at), "DATE_FORMAT")
    numbers = sorted(each.number for each in made.releases.all())
    said = {"day": day, "numbers": ", ".join(map(str, numbers))}
    if made.kind == Restatement.Kind.WITHDRAWN:
        sentence = ngettext(
            "On %(day)s, numbers of release %(numbers)s were withdrawn by whoever brought them.",
            "On %(day)s, numbers of releases %(numbers)s were withdrawn by whoever brought them.",
            len(numbers),
        )
    else:
        sentence = ngettext(
            "On %(day)s, numbers of release %(numbers)s were corrected.",
            "On %(day)s, numbers of releases %(numbers)s were corrected.",
            len(numbers),
        )
    inside = {"reason": made.reason, "url": made.get_absolute_url()} if member else {}
    return Note(day=day, sentence=sentence % said, words=made.public_words, **inside)

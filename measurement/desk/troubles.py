"""Sentences for what went wrong with a file: the readers' own codes, and those of this app."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from measurement.models import RowProblem
from measurement.reading.messages import MESSAGES, say

_OURS = {
    "group_gone": gettext_lazy(
        "The group “%(name)s” is no longer there. Say again what the labels mean."
    ),
    "place_gone": gettext_lazy(
        "The place “%(name)s” is no longer there. Say again what the labels mean."
    ),
    "could_not_be_kept": gettext_lazy(
        "Something in this file does not fit: a number or a name is too long. Look for odd cells."
    ),
    "no_line_has_whole": gettext_lazy(
        "No line says out of how many, and this measure is a share. Was a column left out? Say "
        "again what the columns mean."
    ),
    "time_not_over": gettext_lazy("This time is not over yet: %(text)s."),
    "reading_failed": gettext_lazy(
        "The file could not be read because of a fault on our side. Please tell the backbone team."
    ),
    "rare_people_label": ngettext_lazy(
        "%(count)s person has a value here that cannot be read. It is not shown, because it "
        "could tell who it is.",
        "%(count)s people have values here that cannot be read. They are not shown, because they "
        "could tell who it is.",
        "count",
    ),
    "header_of_people": gettext_lazy(
        "The first line of this file looks like a person, not like names of columns. Add a line "
        "with names on top."
    ),
    "many_people_labels": gettext_lazy(
        "The column “%(column)s” holds %(count)s different values for few people each. That looks "
        "like names or ids, which are never kept. Choose another column."
    ),
}

# The same of a table that was pasted, which never was a file.
_PASTED = {
    "empty": gettext_lazy("There is nothing in it."),
    "no_rows": gettext_lazy("It has a line of names, but no rows below it."),
    "too_many_columns": gettext_lazy("It has %(columns)s columns; at most %(limit)s can be read."),
    "not_tabular": gettext_lazy(
        "Its lines do not follow one layout. Choose the cells in your spreadsheet and copy again."
    ),
    "header_of_people": gettext_lazy(
        "Its first line looks like a person, not like names of columns. Add a line with names on "
        "top."
    ),
    "line_too_long": gettext_lazy(
        "One of its lines is longer than %(limit)s letters. Check that the rows end with line "
        "breaks."
    ),
    "too_heavy": gettext_lazy("It is too much to paste. Bring it as a file."),
    "too_slow": gettext_lazy("It is too much to paste. Bring it as a file."),
}

# What a reader who may not see small counts does not get to read in a sentence either.
_COUNTS = ("numerator", "denominator", "part", "total", "sum")
_QUOTED = ("text", "rate")


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """What to tell a person; a code nobody knows still gives a sentence."""
    if code in _OURS:
        return str(_OURS[code] % dict(params))
    if code in MESSAGES:
        return say(code, {name: _number(name, value) for name, value in params.items()})
    return _("Something is wrong here (%(code)s).") % {"code": code}


def pasted_sentence(code: str, params: Mapping[str, Any]) -> str:
    """The same for a table that was pasted."""
    return str(_PASTED[code] % dict(params)) if code in _PASTED else sentence(code, params)


def problem_sentence(problem: RowProblem, *, floor: int | None, hides_all: bool = False) -> str:
    """The sentence of one problem. floor: counts below it are not shown; None shows all.

    hides_all: larger counts are not shown either, since sums of them would tell a small one.
    """
    params = dict(problem.params)
    if floor is not None:
        for name in _COUNTS:
            if name in params and _is_small(params[name], floor):
                params[name] = _("fewer than %(floor)s") % {"floor": floor}
            elif name in params and hides_all:
                params[name] = "…"
        for name in _QUOTED:
            if name not in params:
                continue
            is_number = hides_all and _decimal(params[name]) is not None
            if name == "rate" or is_number or _is_small(params[name], floor):
                params[name] = "…"
    return sentence(problem.code, params)


def _is_small(value: Any, floor: int) -> bool:
    number = _decimal(value)
    return number is not None and 0 < number < floor


def _decimal(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _number(name: str, value: Any) -> Any:
    """A rate was kept as text; here it becomes a number again, to be written as people do."""
    if name == "rate" and (number := _decimal(value)) is not None:
        return number
    if name in ("limit", "count", "columns", "line") and str(value).isdecimal():
        return int(value)
    return value

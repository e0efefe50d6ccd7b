"""`{% rows_of group %}`: the rows of one period in the table of an indicator's numbers.

Written here and not in a template, because a page has hundreds of cells: as nodes of a template
they took a fifth of the time of a page that nobody had asked for before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import template
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

Row = dict[str, Any]
Column = tuple[str, Callable[[Row], str]]  # what opens its cells, and what stands in them
NONE = "–"


@register.simple_tag(takes_context=True)
def rows_of(context: Context, group: dict[str, Any]) -> SafeString:
    """Needs what `measurement/_numbers.html` needs and sets. group: .period and .rows."""
    columns = _columns(context)
    may_explain = context.get("may_explain")
    explain = _explaining(context["said_explain"], group["period"]) if may_explain else None
    found = [_row(row, columns, explain) for row in group["rows"]]
    return mark_safe("".join(found))  # noqa: S308 - each text is escaped below


def _row(row: Row, columns: list[Column], explain: Callable[[Row], str] | None) -> str:
    cells = "".join(f"{opened}{escape(text(row))}</td>" for opened, text in columns)
    last = explain(row) if explain else ""
    return f'<tr><th scope="row">{escape(row["name"])}</th>{cells}{last}</tr>\n'


def _columns(context: Context) -> list[Column]:
    """Those of this table, in their order."""
    heads = context["heads"]
    found: list[Column] = []
    if context["has_whole"]:
        found += [
            (_number(heads["numerator"]), lambda row: row["texts"].numerator),
            (_number(heads["denominator"]), lambda row: row["texts"].denominator),
            (_number(heads["rate"]), lambda row: row["value"] or row["texts"].rate),
        ]
    else:
        found.append((_number(heads["numerator"]), lambda r: r["value"] or r["texts"].numerator))
    if context["has_intervals"]:
        found.append((_number(context["said_range"]), lambda row: row["interval"] or NONE))
    if context["has_samples"]:
        found.append((_number(context["said_asked"]), lambda row: row["sample"] or NONE))
    if context["has_grades"]:
        label = escape(context["said_rests_on"])
        found.append((f'<td data-l="{label}">', lambda row: row["grade"] or NONE))
    return found


def _number(label: str) -> str:
    return f'<td class="n" data-l="{escape(label)}">'


def _explaining(said: str, period: Any) -> Callable[[Row], str]:
    """A link to where a number comes from, named by group and period for those who hear it."""
    word, when = escape(said), escape(str(period))

    def link(row: Row) -> str:
        said = f'<span class="visually-hidden">: {escape(row["name"])}, {when}</span>'
        return f'<td><a href="{escape(row["explain"])}">{word}{said}</a></td>'

    return link

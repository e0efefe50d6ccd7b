"""The sentence behind every code of this package, for the person who brought the file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from measurement.reading.errors import Problem

FILE = {
    "is_workbook": _("This is a spreadsheet workbook. First choose which of its sheets to read."),
    "is_archive": _(
        "This is a packed archive, such as a ZIP file. Unpack it and bring the CSV file "
        "that is inside."
    ),
    "is_pdf": _("This is a PDF. Numbers cannot be taken from it safely. Ask for the table as CSV."),
    "is_document": _(
        "This is a text document. Copy its table into a spreadsheet and save it as CSV."
    ),
    "is_image": _("This is a picture. Type its numbers into a spreadsheet and save it as CSV."),
    "is_markup": _(
        "This is a web page or an XML file. Copy its table into a spreadsheet and save it as CSV."
    ),
    "is_json": _("This is a JSON file. Ask for the same table as CSV."),
    "is_database": _(
        "This is a database or statistics file. Save its table as CSV from the program "
        "that made it."
    ),
    "is_binary": _("This is not a text file. Save the table as CSV and bring that file."),
    "nul_bytes": _(
        "This file holds bytes that no text has. It may be damaged, or not be CSV at all. "
        "Save the table as CSV again, in UTF-8."
    ),
    "damaged_text": _(
        "This file’s text is damaged: it breaks off in the middle of a letter. Save it "
        "again as CSV, in UTF-8."
    ),
    "empty": _("This file is empty."),
    "no_rows": _("This file has a header but no rows below it."),
    "no_good_rows": _(
        "The header names %(columns)s columns, but no line below fits it. The first "
        "that does not is line %(line)s."
    ),
    "too_large": _(
        "This file is larger than %(megabytes)s megabytes. Split it by year or by place."
    ),
    "too_many_columns": _("This file has %(columns)s columns; at most %(limit)s can be read."),
    "line_too_long": _(
        "A line is longer than %(limit)s letters. Check that the rows end with line breaks."
    ),
    "field_too_long": _(
        "A cell that begins on line %(line)s is longer than %(limit)s characters. "
        "Often a closing quote is missing there."
    ),
    "quote_never_closed": _(
        "A quote is opened on line %(line)s and never closed, so everything below "
        "reads as one cell. Add the closing quote."
    ),
    "too_heavy": _("This file needs more memory than is allowed. Split it by year or by place."),
    "too_slow": _("Reading this file took too long and was stopped. Split it by year or by place."),
    "too_many_labels": _(
        "The column “%(column)s” holds too many different values (more than "
        "%(limit)s) to be groups or places. Is it an id or a name?"
    ),
    "too_many_combinations": _(
        "The chosen columns together make more than %(limit)s combinations. "
        "Choose fewer of them, or longer periods."
    ),
    "too_many_bad_lines": _(
        "More than %(limit)s lines cannot be read. Is this the right file, saved the right way?"
    ),
    "too_many_dimensions": _("At most %(limit)s columns of groups can be combined."),
    "not_tabular": _(
        "The lines of this file do not follow one layout. Save the table as CSV again."
    ),
    "not_people": _(
        "This mapping is for a table of counts, not for a file with one line per person."
    ),
}

WORKBOOK = {
    "is_old_workbook": _(
        "This is a workbook of an older kind. Open it, choose “Save as”, and save it as XLSX or "
        "as CSV. Then bring that file."
    ),
    "is_locked_workbook": _(
        "This workbook is locked with a password. Save it without the password and bring that file."
    ),
    "is_broken_workbook": _(
        "This workbook is damaged and cannot be opened. Open it in your spreadsheet, save it "
        "again, and bring that file."
    ),
    "too_many_parts": _(
        "This workbook is made of %(count)s parts; at most %(limit)s are opened. Save the sheet "
        "as CSV."
    ),
    "odd_parts": _(
        "This workbook is put together in an unusual way, so it is not opened. Save the sheet as "
        "CSV and bring that file."
    ),
    "unpacks_too_large": _(
        "This workbook unpacks to %(megabytes)s megabytes; at most %(limit)s are read. Copy the "
        "table alone into a new workbook, or save it as CSV."
    ),
    "too_many_sheets": _(
        "This workbook has %(count)s sheets; at most %(limit)s can be read. Split it."
    ),
    "no_sheet_has_table": _(
        "No sheet of this workbook holds a table: a line with names of columns, and lines below it."
    ),
    "no_such_sheet": _("There is no sheet “%(sheet)s” in this workbook. Choose again."),
    "broken_sheet": _("The sheet “%(sheet)s” is damaged. Save the workbook again and bring it."),
    "sheet_unreadable": _(
        "The sheet “%(sheet)s” holds no table: a line with names of columns, and lines below it."
    ),
    "sheet_differs": _(
        "The sheet “%(sheet)s” has other columns than the first one: %(columns)s. Read it on its "
        "own, as a second file."
    ),
    "stray_cell": _(
        "In the sheet “%(sheet)s”, the cell %(cell)s stands far away from the table. Delete it, or "
        "save the table as CSV."
    ),
    "too_many_cells": _(
        "The sheet “%(sheet)s” has more than %(limit)s filled cells. Save it as CSV and bring "
        "that file."
    ),
}

LAYOUT = {
    "encoding_guessed": _(
        "The file does not say how its letters are stored; %(encoding)s was "
        "assumed. Check names with accents."
    ),
    "title_skipped": _("Lines above the table were taken as a title: “%(text)s”."),
    "header_repeated": _("Two columns are called “%(name)s”. The later ones were given a number."),
    "header_blank": _("Column %(place)s has no name."),
    "header_looks_like_data": _("The first line looks like data, not like column names."),
    "ragged_line": _(
        "This line has %(cells)s cells where the header has %(expected)s. It was left "
        "out, so that nothing slips into the wrong column."
    ),
    "broken_quotes": _(
        "The quotes on this line cannot be read (up to line %(last)s). It was left out."
    ),
    "undecodable_line": _("This line cannot be read as text. It was left out."),
    "ragged_people_line": _(
        "This line has more or fewer cells than the header. This person was not counted."
    ),
    "broken_quotes_line": _("The quotes on this line cannot be read. This person was not counted."),
    "bad_line": _("This line cannot be read. This person was not counted."),
    "lone_cell": _("This line holds only one filled cell, “%(text)s”. It was left out."),
}

CELLS = {
    "unknown_label": _("Nobody has said yet what “%(text)s” stands for."),
    "no_place": _("This line does not say which place it is about."),
    "no_period": _("This line does not say which time it is about."),
    "bad_period": _("“%(text)s” cannot be read as a year, school year, quarter, month or day."),
    "ambiguous_period": _("“%(text)s” could be two different days. Write dates as year-month-day."),
    "period_too_long": _("“%(text)s” is longer than the periods into which dates are grouped."),
    "unknown_grade": _(
        "“%(text)s” does not say how the number was made. Write: full count, survey, sample, "
        "estimate or self-reported."
    ),
    "count_fell": _(
        "%(now)s is less than the %(before)s before it, though these numbers otherwise only grow. "
        "Was it corrected?"
    ),
    "two_groups": _("This number is about two groups that nobody can be in at once."),
    "bad_number": _("“%(text)s” is not a number."),
    "negative": _(
        "“%(text)s” is below zero. A count or rate cannot be. In a file it may be a code for “no "
        "number”: then say so below the columns."
    ),
    "not_whole": _("“%(text)s” is not a whole number, but people are counted here."),
    "number_too_large": _("“%(text)s” is too large to be a count of people."),
    "percent_in_count": _("“%(text)s” is a percent, but people are counted here."),
    "lossy_number": _(
        "“%(text)s” was shortened by a spreadsheet; digits are lost. Write it in full."
    ),
    "numerator_above_denominator": _(
        "%(numerator)s is more than the %(denominator)s it is out of."
    ),
    "rate_out_of_range": _(
        "A rate of %(rate)s cannot be out of every %(scale)s. Is it out of more?"
    ),
    "se_out_of_range": _(
        "A standard error of %(text)s is larger than the whole rate can be, out of %(scale)s."
    ),
    "needs_count": _(
        "Only the rate, %(rate)s, is given. Counts are needed: how many, out of how many."
    ),
    "count_not_exact": _(
        "The rate %(rate)s is too rounded to tell the count behind it. Bring the count."
    ),
    "no_denominator": _("It cannot be told out of how many this count is."),
    "rate_disagrees": _(
        "The rate says %(rate)s, but %(numerator)s of %(denominator)s is something "
        "else out of every %(scale)s. The counts are used."
    ),
    "duplicates_agree": _("Lines %(first)s and %(second)s say the same. It is kept once."),
    "duplicates_disagree": _(
        "Lines %(first)s and %(second)s are about the same place, time and group "
        "but say different things. Both were left out."
    ),
    "group_above_total_numerator": _(
        "This group counts %(part)s, more than the %(total)s of its whole on line %(line)s."
    ),
    "group_above_total_denominator": _(
        "This group is out of %(part)s, more than the %(total)s of its whole on line %(line)s."
    ),
    "parts_above_total_numerator": _(
        "The groups add up to %(sum)s, more than the total %(total)s. Do they overlap?"
    ),
    "parts_above_total_denominator": _(
        "The groups are out of %(sum)s together, more than the total %(total)s. Do they overlap?"
    ),
}

SCALE = {
    "scale_is_other": _(
        "This rate is not out of every %(given)s. On %(agree)s of %(compared)s lines "
        "it is out of every %(scale)s, counted from the numbers beside it."
    ),
    "scale_against_known": _(
        "Compared with what is known from other data, this rate looks like out "
        "of every %(scale)s, not of every %(given)s (%(agree)s of %(compared)s "
        "lines)."
    ),
    "named_percent": _(
        "This column’s name says percent, but it is read as out of every %(scale)s. "
        "Please check with the example."
    ),
    "example_exact": _("So %(numerator)s of %(denominator)s is %(rate)s of every %(scale)s."),
    "example_about": _(
        "So %(numerator)s is %(rate)s of every %(scale)s, out of about %(denominator)s."
    ),
    "example_count": _("So %(numerator)s were counted; out of how many is not known."),
}

MAPPING = {
    "mapping_malformed": _(
        "The saved meaning of the columns is damaged (%(where)s). Map the columns again."
    ),
    "mapping_no_column": _("The file has no column “%(name)s” any more."),
    "mapping_twice": _("Two columns were given the same meaning: %(columns)s."),
    "mapping_no_place": _(
        "Say which column names the place, or which place the whole file is about."
    ),
    "mapping_no_period": _(
        "Say which column names the time, or which time the whole file is about."
    ),
    "mapping_no_number": _("Say which column holds the count."),
    "mapping_no_number_for": _("These columns have no count that belongs to them: %(columns)s."),
}

COUNTED = {
    "unknown_people_label": ngettext_lazy(
        "%(count)s person has “%(text)s” here, and nobody has said yet what it stands for.",
        "%(count)s people have “%(text)s” here, and nobody has said yet what it stands for.",
        "count",
    ),
    "unreadable_people_period": ngettext_lazy(
        "%(count)s person has “%(text)s” here, which cannot be read as a time.",
        "%(count)s people have “%(text)s” here, which cannot be read as a time.",
        "count",
    ),
    "more_warnings": ngettext_lazy(
        "%(count)s more line has a remark of a kind that is listed here.",
        "%(count)s more lines have a remark of a kind that is listed here.",
        "count",
    ),
    "more_bad_lines": ngettext_lazy(
        "%(count)s more line could not be read.",
        "%(count)s more lines could not be read.",
        "count",
    ),
}
MESSAGES: dict[str, Any] = {**FILE, **WORKBOOK, **LAYOUT, **CELLS, **SCALE, **MAPPING, **COUNTED}
PLAIN = frozenset({"line", "last", "first", "second", "place"})  # 1204, never 1,204
COUNTS = frozenset(
    {
        "count",
        "now",
        "before",
        "limit",
        "scale",
        "given",
        "agree",
        "compared",
        "numerator",
        "denominator",
        "sum",
    }
    | {"total", "part", "cells", "expected", "megabytes"}
)


class _Shown(int):
    """A count that picks the plural as a number and shows itself as people here write it."""

    def __str__(self) -> str:
        return number_format(int(self), force_grouping=True)


def say(code: str, params: Mapping[str, Any]) -> str:
    """The sentence in the reader's language and number style."""
    return str(MESSAGES[code] % {name: _shown(name, value) for name, value in params.items()})


def say_problem(problem: Problem) -> str:
    return say(problem.code, problem.params)


def _shown(name: str, value: Any) -> Any:
    if name in PLAIN or isinstance(value, bool):
        return value
    if name in COUNTS and isinstance(value, str) and value.isdecimal():
        value = int(value)  # kept as text with the problem
    if isinstance(value, int):
        return _Shown(value)
    return number_format(value, force_grouping=True) if isinstance(value, Decimal) else value

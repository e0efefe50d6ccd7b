"""Tables copied out of this app come back: its own headings are known in both languages."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils.translation import gettext, override

from measurement.drawing.sheet import COLUMNS
from measurement.drawing.workbooks_out import _heads
from measurement.models import Missing
from measurement.reading.catalogue import IndicatorName, PlaceName
from measurement.reading.guessing import guess
from measurement.reading.headings import is_mark, own_role
from measurement.reading.mapping import Column
from measurement.reading.marks import Marks, mark
from measurement.reading.tables import read_table
from measurement.reading.values import is_reason
from tests.measurement.reading.files import PLACES, RACES, long_mapping, source_of, write

# Headings of the typing grid, of the preview, of a marked file and of the list of problems.
PRINTED = {
    "Place": "place", "Time": "period", "Group": "group", "Counted": "numerator",
    "Out of": "denominator", "Rate": "rate", "Why there is no number": "why", "Line": "ignore",
    "What to mend": "ignore", "What is wrong": "ignore", "How bad": "ignore",
    "The line": "ignore", "Number": "numerator", "Of all": "denominator", "Period": "period",
    "Approximate": "ignore", "Of every": "ignore", "Sign": "ignore", "Rests on": "grade",
    "People asked": "sample_size", "How the number was made": "grade",
    "Number of people asked": "sample_size", "Number of people they stand for": "weight",
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("heading", PRINTED)
def test_a_heading_of_our_own_is_known_in_both_languages(heading, language):
    with override(language):
        assert own_role(gettext(heading)) == PRINTED[heading]


def test_every_column_of_our_public_files_is_known_or_says_several_things():
    several = {"indicator", "definition"}  # a column of them may split a file

    assert [name for name in COLUMNS if own_role(name) is None and name not in several] == []
    for language in ("en", "es"):
        with override(language):
            heads = [head for head in _heads() if own_role(head) is None]
            assert heads == [gettext("Indicator"), gettext("Definition")]


@pytest.mark.parametrize("language", ["en", "es"])
def test_our_own_reasons_are_read_as_reasons(language):
    told = [each for each in Missing if each not in ("unknown", "withdrawn")]
    with override(language):
        assert [str(each.label) for each in told if not is_reason(str(each.label))] == []
    assert all(is_reason(each.value) for each in told)


@pytest.mark.parametrize(
    "head",
    ["Place\tTime\tCounted\tOut of\tWhy there is no number",
     "Lugar\tTiempo\tContado\tDe un total de\tPor qué no hay número",
     "Place\tTime\tCounted: live births\tOut of: all births\tWhy there is no number"],
)  # fmt: skip
def test_the_typing_grid_comes_back_whole(tmp_path, head):
    source = source_of(
        tmp_path,
        f"{head}\nVirginia\t2019\t62\t900\t\nAlbemarle County\t2019\t\t80\tnot there yet\n",
    )

    mapping = guess(source, places=PLACES, indicator=IndicatorName("Low weight"))

    roles = [column.role for column in mapping.columns.values()]
    assert roles == ["place", "period", "numerator", "denominator", "why"]
    rows = read_table(source, mapping).rows
    assert [(row.numerator, row.denominator, row.missing) for row in rows] == [
        (62, 900, None), (None, 80, "late"),
    ]  # fmt: skip


def test_a_reason_never_replaces_a_number_and_an_unknown_word_says_nothing(tmp_path):
    source = source_of(
        tmp_path,
        "place,year,group,number,of,odd\nVirginia,2019,all,5,9,late\nAlbemarle,2019,all,,9,lost\n",
    )
    mapping = long_mapping(odd=Column("why"))

    rows = read_table(source, mapping).rows

    assert [(row.numerator, row.missing) for row in rows] == [(5, None), (None, "unknown")]


def test_our_public_file_keeps_its_counts_and_leaves_its_intervals(tmp_path):
    same = {
        "indicator": "Low weight", "definition": "1", "place_code": "albemarle",
        "place": "Albemarle County", "group": "everyone", "numerator": "62",
        "denominator": "900", "denominator_is_approximate": "no", "rate": "6.8889",
        "rate_per": "100", "low_95": "5.3", "high_95": "8.7", "precision": "present",
        "evidence": "administrative", "release": "3", "released_on": "2025-03-01",
    }  # fmt: skip
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    for year in (2019, 2020):
        ends = {"period_start": f"{year}-01-01", "period_end": f"{year + 1}-01-01"}
        writer.writerow({**same, "period": str(year), **ends})
    source = source_of(tmp_path, text.getvalue())

    mapping = guess(source, groups=RACES, places=PLACES)

    assert mapping.names("place", "period", "numerator", "denominator", "rate", "grade") == [
        "place", "period", "numerator", "denominator", "rate", "evidence",
    ]  # fmt: skip
    assert mapping.names("filter") == []
    assert [row.period.label for row in read_table(source, mapping).rows] == ["2019", "2020"]


def test_one_bad_cell_does_not_make_another_column_of_it(tmp_path):
    source = source_of(
        tmp_path,
        "locality,when,amount\nVirginia,2022,61\nVirginia,2023,62\nVirginia,2024,63\n"
        "Virginia,2025,64\nVirginia,2O26,65\nAlbemarle County,2024,forty\n",
    )

    mapping = guess(source, places=PLACES)

    assert {name: column.role for name, column in mapping.columns.items()} == {
        "locality": "place", "when": "period", "amount": "numerator",
    }  # fmt: skip
    assert [each.code for each in read_table(source, mapping).errors] == [
        "bad_period",
        "bad_number",
    ]


def test_a_few_numbers_among_words_are_no_numbers(tmp_path):
    source = source_of(
        tmp_path,
        "place,year,remark,n\nVirginia,2019,first,61\nVirginia,2020,12,62\nVirginia,2021,third,63\n",
    )

    assert guess(source, places=PLACES).columns["remark"].role == "filter"


def test_a_slip_of_the_pen_is_not_proposed_as_a_new_place(tmp_path):
    places = (PlaceName("alder", "Alder County"), PlaceName("w1", "Ward 1"))
    source = source_of(
        tmp_path,
        "place,year,n\nAlder County,2019,5\nAlder Couty,2019,6\nWard 2,2019,7\n"
        "Birch County,2019,8\n",
    )

    labels = guess(source, places=places).columns["place"].labels

    assert labels == {"Alder County": "alder", "Ward 2": "new", "Birch County": "new"}


def marked(path, lines, title="What to mend"):
    out = path.with_name("marked.csv")
    mark(path, str(out), Marks(title, lines))
    return out


@pytest.mark.parametrize("title", ["What to mend", "Qué corregir"])
def test_a_marked_file_mended_is_read_like_the_first(tmp_path, title):
    content = (
        "place,year,group,number,of,\nVirginia,2019,all,5,9,\nAlbemarle,2019,all,oops,9\n"
        "Virginia,2020,all,5\nVirginia,2021,all,6,9\n\nSource: the registry\n"
    )
    first = source_of(tmp_path, content)
    path = marked(first.path, {3: "“oops” is not a number.", 4: "This line has 4 cells."}, title)

    rows = list(csv.reader(io.StringIO(path.read_text())))
    assert {len(row) for row in rows[:5]} == {6}
    assert is_mark(rows[0][-1])
    mended = path.read_text().replace("oops", "7")
    again = source_of(tmp_path, mended)
    assert again.layout_signature == first.layout_signature
    mapping = guess(again, groups=RACES, places=PLACES)
    assert mapping.columns[title] == Column("ignore")
    reading = read_table(again, long_mapping())
    assert [row.numerator for row in reading.rows] == [5, 7, 5, 6]


def test_marking_a_marked_file_takes_the_old_marks_away(tmp_path):
    path = marked(write(tmp_path, "a,b\n1,2\n3,4\n"), {2: "odd"})

    again = path.with_name("again.csv")
    mark(path, str(again), Marks("Qué corregir", {3: "otra"}))

    assert again.read_text() == "a,b,Qué corregir\n1,2,\n3,4,otra\n"

"""Tables pasted from a spreadsheet, and workbooks through the desk: one door for all of them."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from measurement.models import Observation, SavedMapping, Submission
from tests import builders
from tests.measurement.reading import books
from tests.measurement.reading.files import SHARED, needs_corpora
from tests.measurement.test_desk import answers, upload, url, walked

pytestmark = pytest.mark.django_db(transaction=True)

TOWNS = "".join(f"Town {n}\tall\t{n}\r\n" for n in range(20))
PASTED = "locality\tgroup\tnumber\r\nHere\tall\t62\r\nHere\tblack\toops\r\n" + TOWNS
HEAD = ["locality", "group", "number", "births"]
BOOK = {
    "2020": [HEAD, ["Here", "all", 62, 900], ["Here", "white", 39, 700], ["Here", "black", 99, 9]],
    "2021": [HEAD, ["Here", "all", 60, 900], ["Here", "white", 37, 700]],
    "Codes": [["a", "b"], [1, 2]],
}


@pytest.fixture
def indicator(initiative, backbone):
    builders.a_dimension(initiative)
    return builders.an_indicator(initiative, by=backbone.user)


@pytest.fixture
def hers(partner, login):
    return login(partner.user)


def paste(hers, indicator, table=PASTED, query="", **fields):
    address = reverse("measurement:paste", args=[indicator.initiative.slug]) + query
    return hers.post(address, {"indicator": indicator.uid, "table": table, **fields})


def finish(hers, submission, page, run_jobs):
    """Confirm every proposal from the columns page on."""
    hers.post(page, answers(hers.get(page)))
    submission.refresh_from_db()
    if submission.state == "uploaded":
        labels = url(submission, "submission_labels")
        hers.post(labels, answers(hers.get(labels)))
    run_jobs()
    submission.refresh_from_db()


def test_a_pasted_table_is_a_file_like_any_other(hers, indicator, run_jobs):
    went = paste(hers, indicator, period="year:2020-01-01:2021-01-01")
    submission = Submission.objects.get()
    assert submission.way == "paste"

    finish(hers, submission, went.url, run_jobs)

    assert (submission.state, submission.row_count, submission.error_count) == ("checked", 21, 1)
    assert {row.period_label for row in submission.rows.all()} == {"2020"}


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("", "This field is required"),
        ("a\tb", "no rows below it"),
        ('a\tb\n"1\t2', "never closed"),
        ("a\tb\n1\t\x002", "Null characters"),
        ("x" * 1_000_001, "too much to paste"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_pasted_text(hers, indicator, table, sentence):
    answer = paste(hers, indicator, table)

    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors["table"])
    assert not Submission.objects.exists()


def test_the_address_says_what_was_asked_for(hers, indicator, partner):
    asked = f"?indicator={indicator.slug}&period=quarter:2024-04-01:2024-07-01"
    for name in ("upload", "paste", "grid"):
        page = hers.get(reverse(f"measurement:{name}", args=[indicator.initiative.slug]) + asked)
        assert page.status_code == 200
        assert "2024, quarter 2" in page.content.decode()


@pytest.mark.parametrize("odd", ["year", "year:x:y", "no:2020-01-01:2021-01-01", "::"])
def test_an_address_that_asks_nonsense_asks_nothing(hers, indicator, odd):
    for name in ("upload", "paste", "grid"):
        page = reverse(f"measurement:{name}", args=[indicator.initiative.slug])
        assert hers.get(f"{page}?indicator={indicator.slug}&period={odd}").status_code == 200


def test_a_workbook_asks_which_sheets_and_reads_them_as_one(hers, indicator, run_jobs):
    went = upload(hers, indicator, books.book(BOOK), "births.xlsx")
    submission = Submission.objects.get()
    assert went.url == url(submission, "submission_sheets")
    assert hers.get(url(submission, "submission_columns")).url == went.url

    page = hers.get(went.url)
    assert page.context["form"].initial["sheets"] == ["2020", "2021"]
    wrong = hers.post(went.url, {"sheets": ["2020", "Codes"]})
    assert (wrong.status_code, "other columns" in wrong.content.decode()) == (422, True)
    went = hers.post(went.url, {"sheets": ["2020", "2021"]})
    finish(hers, submission, went.url, run_jobs)

    assert (submission.row_count, submission.error_count) == (4, 1)
    assert {row.period_label for row in submission.rows.all()} == {"2020", "2021"}
    problems = hers.get(url(submission) + "?view=problems").content.decode()
    assert "2020, row 4" in problems
    assert SavedMapping.objects.get().mapping["columns"]["Sheet"]["role"] == "period"


def test_the_only_sheet_is_read_without_asking(hers, indicator, run_jobs):
    rows = [["locality", "year", *HEAD[1:]], ["Here", 2020, "all", 62, 900]]

    submission = walked(hers, indicator, run_jobs, books.book({"Data": rows}), name="b.xlsx")

    assert (submission.state, submission.row_count, submission.sheet_names) == (
        "checked", 1, ["Data"],
    )  # fmt: skip
    assert submission.rows.get().denominator == 900


def test_a_workbook_of_persons_leaves_only_counts(hers, indicator, run_jobs):
    rows = [["name", "town", "year", "race", "small"]]
    rows += [[f"Jane {n}", "Here", 2020, "white", "yes" if n % 4 else "no"] for n in range(60)]

    submission = walked(
        hers, indicator, run_jobs, books.book({"P": rows}), name="people.xlsx", kind="people"
    )

    assert (submission.state, submission.lines) == ("checked", 60)
    assert submission.rows.get(stratum_key="").numerator == 45
    assert (submission.file.storage.name, bool(submission.file.forgotten_at)) == ("", True)
    assert hers.get(url(submission, "submission_marked")).status_code == 404


def test_a_hostile_workbook_is_refused_by_its_name_and_nothing_is_kept(hers, indicator):
    rows = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    content = books.with_rows(books.book({"Data": []}), b'<row r="1"><c r="A1"/></row>' + rows)
    far = books.with_rows(
        books.book({"Data": []}), b'<row r="1"><c r="A1"><v>1</v></c></row>' + rows
    )

    for each in (content, far):
        answer = upload(hers, indicator, each, "far.xlsx")
        assert answer.status_code == 422
        assert "“far.xlsx” was not taken" in str(answer.context["form"].errors["file"])
    assert "XFD1048576" in str(answer.context["form"].errors["file"])
    assert not Submission.objects.exists()


def test_her_own_file_comes_back_with_what_to_mend(hers, indicator, run_jobs):
    content = "locality;year;group;number\nHere;2020;all;62\nHere;2020;white;-3\n"
    content += "".join(f"Town {n};2020;all;{n}\n" for n in range(20))
    submission = walked(hers, indicator, run_jobs, content.encode())

    answer = hers.get(url(submission, "submission_marked"))

    text = b"".join(answer.streaming_content).decode()
    header, *rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert header[-1] == "What to mend"
    assert {len(row) for row in rows} == {5}
    assert "below zero" in rows[1][-1]
    assert "births – what to mend.csv" in answer.filename


def test_her_own_workbook_comes_back_as_a_workbook(hers, indicator, run_jobs):
    upload(hers, indicator, books.book(BOOK), "births.xlsx")
    submission = Submission.objects.get()
    went = hers.post(url(submission, "submission_sheets"), {"sheets": ["2020", "2021"]})
    finish(hers, submission, went.url, run_jobs)

    answer = hers.get(url(submission, "submission_marked"))

    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheet_names == ["2020", "2021", "Codes"]
    first = book.get_sheet_by_name("2020").to_python()
    assert first[0] == [*HEAD, "What to mend"]
    assert [row[-1] for row in first[1:3]] == ["", ""]
    assert "99 is more than the 9" in first[3][-1]
    assert first[3][:4] == BOOK["2020"][3]


def test_a_stranger_to_the_file_may_not_take_its_marked_copy(login, hers, indicator, run_jobs):
    submission = walked(hers, indicator, run_jobs)
    director = builders.a_member(indicator.initiative, "backbone")

    assert login(director.user).get(url(submission, "submission_marked")).status_code == 403


@needs_corpora
def test_naughty_strings_pasted_and_in_workbooks_break_nothing(hers, indicator):
    naughty = json.loads((SHARED / "corpora/blns.json").read_text())
    texts = [" ".join(text.split()) or "-" for text in naughty]
    table = "place\tyear\tn\n" + "".join(f"{text}\t2020\t{n}\n" for n, text in enumerate(texts))
    rows = [["place", "year", "n"], *([text[:32000], 2020, n] for n, text in enumerate(texts))]

    pasted = paste(hers, indicator, table)
    brought = upload(hers, indicator, books.book({"=1+1": rows}), "naughty.xlsx")

    assert {pasted.status_code, brought.status_code} <= {302, 422}
    for submission in Submission.objects.all():
        assert hers.get(url(submission, "submission_columns")).status_code == 200
    assert not Observation.objects.exists()


@needs_corpora
def test_every_file_of_the_spectrum_is_taken_or_refused_in_words(hers, indicator):
    files = sorted((SHARED / "corpora/csv-spectrum").rglob("*.csv"))
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace")
        for answer in (upload(hers, indicator, file.read_bytes()), paste(hers, indicator, text)):
            assert answer.status_code in (302, 422), file.name
    for submission in Submission.objects.all():
        assert hers.get(url(submission, "submission_columns")).status_code == 200

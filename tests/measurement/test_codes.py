"""Numbers below zero are mistakes, but for codes that the partner says mean "no number"."""

from __future__ import annotations

import pytest

from measurement.models import SavedMapping, Submission
from measurement.reading import codes
from tests.measurement.test_desk import answers, hers, indicator, upload, url

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["hers", "indicator"]

FILE = (
    b"race,town,year,number,births\n"
    b"white,Here,2020,62,905\nblack,Here,2020,-9,215\nother,Here,2020,\xe2\x88\x929,80\n"
    b"all,Here,2020,-1,1200\n"
)


ROLES = {
    f"c{at}-role": role
    for at, role in enumerate(("group", "place", "period", "numerator", "denominator"))
}


@pytest.fixture
def walk(hers, indicator, run_jobs):
    """Bring the file, say of its columns what is guessed and this besides, read it."""

    def through(**said):
        upload(hers, indicator, FILE)
        submission = Submission.objects.latest("pk")
        columns = hers.get(url(submission, "submission_columns"))
        data = {**answers(columns), **ROLES, **said}
        answer = hers.post(columns.request["PATH_INFO"], data)
        if answer.status_code == 422:
            return answer.context["form"].errors
        labels = hers.get(url(submission, "submission_labels"))
        if labels.status_code == 200:
            hers.post(url(submission, "submission_labels"), answers(labels))
        run_jobs()
        submission.refresh_from_db()
        return submission

    return through


def test_without_a_word_they_keep_their_lines_out(walk):
    submission = walk()

    assert submission.row_count == 1
    assert set(submission.problems.values_list("code", flat=True)) == {"negative"}


def test_said_to_be_hidden_or_absent_they_are(walk):
    submission = walk(hidden_codes="-9", absent_codes="-1")

    assert submission.error_count == 0
    found = dict(submission.rows.values_list("text", "missing"))
    assert found == {"62": "", "-9": "too_small", "−9": "too_small", "-1": "unknown"}
    assert SavedMapping.objects.latest("pk").mapping["missing"] == {
        "-9": "too_small",
        "-1": "unknown",
    }


def test_one_code_said_twice_means_the_stricter(walk):
    submission = walk(hidden_codes="-9; -1", absent_codes="-1")

    assert submission.rows.filter(missing="too_small").count() == 3


@pytest.mark.parametrize("code", ["12", "0", "9,999 9999"])
def test_a_number_that_could_be_counted_is_no_code(walk, code):
    assert list(walk(hidden_codes=code)) == ["hidden_codes"]


def test_codes_are_listed_as_people_write_them():
    assert codes.listed(" -9, -8888;x\n-9") == ["-9", "-8888", "x"]
    assert codes.written({"-9": "too_small", "x": "unknown"}, "too_small") == "-9"

"""The partner's way through the desk, as a browser walks it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from measurement.models import Observation, SavedMapping, Submission
from tests import builders

BIRTHS = (
    b"locality,year,group,number,percent\n"
    b"Here,2020,all,62,5.9\n"
    b"Here,2020,white,39,4.5\n"
    b"Here,2020,black,19,16.2\n"
    b"Here,2020,other,NA,NA\n"
)


@pytest.fixture
def indicator(initiative, backbone):
    builders.a_dimension(initiative)
    return builders.an_indicator(initiative, by=backbone.user)


@pytest.fixture
def browser(partner, login):
    return login(partner.user)


def url(submission, name="submission"):
    return reverse(f"measurement:{name}", args=[submission.initiative.slug, submission.uid])


def upload(browser, indicator, content=BIRTHS, name="births.csv", **fields):
    data = {"indicator": indicator.uid, "kind": "table", **fields}
    data["file"] = SimpleUploadedFile(name, content)
    return browser.post(reverse("measurement:upload", args=[indicator.initiative.slug]), data)


def answers(page, form="form"):
    """What a browser would send back: every field with the value it shows."""
    form = page.context[form]
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, "")}


def walked(browser, indicator, run_jobs, content=BIRTHS, **fields):
    """From the file to the preview, confirming every proposal."""
    upload(browser, indicator, content, **fields)
    submission = Submission.objects.latest("pk")
    columns = browser.get(url(submission, "submission_columns"))
    browser.post(url(submission, "submission_columns"), answers(columns))
    submission.refresh_from_db()
    if submission.state == "uploaded":
        labels = browser.get(url(submission, "submission_labels"))
        browser.post(url(submission, "submission_labels"), answers(labels))
    run_jobs()
    submission.refresh_from_db()
    return submission


@pytest.mark.django_db(transaction=True)
def test_a_file_goes_from_the_desk_to_approved_numbers(
    browser, login, indicator, backbone, run_jobs
):
    submission = walked(browser, indicator, run_jobs)
    assert (submission.state, submission.row_count, submission.error_count) == ("checked", 4, 0)

    browser.post(url(submission, "submission_hand_in"))
    director = login(backbone.user)
    assert director.get(url(submission)).status_code == 200
    director.post(url(submission, "submission_approve"))

    submission.refresh_from_db()
    assert (submission.state, submission.added) == ("approved", 4)
    counted = Observation.objects.filter(missing="").values_list("numerator", flat=True)
    assert sorted(counted) == [19, 39, 62]
    assert not submission.rows.exists()

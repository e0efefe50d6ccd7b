"""The partner's way through the desk, as a browser walks it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from measurement.models import Observation, SavedMapping, Submission
from measurement.reading.mapping import Mapping
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

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
def hers(partner, login):
    return login(partner.user)


def url(submission, name="submission"):
    return reverse(f"measurement:{name}", args=[submission.initiative.slug, submission.uid])


def upload(hers, indicator, content=BIRTHS, name="births.csv", **fields):
    data = {"indicator": indicator.uid, "kind": "table", **fields}
    data["file"] = SimpleUploadedFile(name, content)
    return hers.post(reverse("measurement:upload", args=[indicator.initiative.slug]), data)


def answers(page, form="form"):
    """What a browser would send back: every field with the value it shows."""
    form = page.context[form]
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, "")}


def walked(hers, indicator, run_jobs, content=BIRTHS, **fields):
    """From the file to the preview, confirming every proposal."""
    upload(hers, indicator, content, **fields)
    submission = Submission.objects.latest("pk")
    columns = hers.get(url(submission, "submission_columns"))
    hers.post(url(submission, "submission_columns"), answers(columns))
    submission.refresh_from_db()
    if submission.state == "uploaded":
        labels = hers.get(url(submission, "submission_labels"))
        hers.post(url(submission, "submission_labels"), answers(labels))
    run_jobs()
    submission.refresh_from_db()
    return submission


def test_a_file_goes_from_the_desk_to_approved_numbers(hers, login, indicator, backbone, run_jobs):
    submission = walked(hers, indicator, run_jobs)
    assert (submission.state, submission.row_count, submission.error_count) == ("checked", 4, 0)

    hers.post(url(submission, "submission_hand_in"))
    director = login(backbone.user)
    assert director.get(url(submission)).status_code == 200
    director.post(url(submission, "submission_approve"))

    submission.refresh_from_db()
    assert (submission.state, submission.added) == ("approved", 4)
    counted = Observation.objects.filter(missing="").values_list("numerator", flat=True)
    assert sorted(counted) == [19, 39, 62]
    assert not submission.rows.exists()


def test_the_next_file_of_this_layout_takes_one_press(hers, indicator, run_jobs):
    walked(hers, indicator, run_jobs)
    upload(hers, indicator, BIRTHS.replace(b"2020", b"2021"))
    second = Submission.objects.latest("pk")
    assert SavedMapping.objects.count() == 1

    hers.post(url(second, "submission_columns"), {"again": "1"})
    run_jobs()

    second.refresh_from_db()
    assert (second.state, second.row_count) == ("checked", 4)


def test_a_new_label_is_asked_even_when_the_rest_is_as_last_time(hers, indicator, run_jobs):
    walked(hers, indicator, run_jobs)
    upload(hers, indicator, BIRTHS.replace(b"other", b"martian"))
    second = Submission.objects.latest("pk")

    answer = hers.post(url(second, "submission_columns"), {"again": "1"})

    assert answer.url == url(second, "submission_labels")
    refused = hers.post(answer.url, answers(hers.get(answer.url)))
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["l1-0"]


def test_the_same_file_again_is_pointed_out(hers, login, indicator, backbone, run_jobs):
    first = walked(hers, indicator, run_jobs)
    first.hand_in(by=first.uploaded_by)
    first.approve(by=backbone.user)
    upload(hers, indicator)
    second = Submission.objects.latest("pk")

    page = hers.get(url(second, "submission_columns")).content.decode()

    assert "This very file was approved before" in page
    assert url(first) in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The submitted file is empty."),
        (b"\n\n", "This file is empty."),
        (b"a,b\n", "no rows below it"),
        (b"PK\x03\x04" + b"x" * 99, "packed archive"),
        (b"a,b\n1,\x002\n", "bytes that no text has"),
        (b'a,b\n"1,2\n', "never closed"),
        (",".join(f"c{n}" for n in range(301)).encode() + b"\n" + b"1," * 300 + b"1\n", "at most"),
    ],
)
def test_an_unreadable_file_is_refused_on_the_spot(hers, indicator, content, sentence):
    answer = upload(hers, indicator, content)

    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors["file"])
    assert str(indicator.uid) in answer.content.decode()  # the other fields are kept
    assert not Submission.objects.exists()


def test_too_large_is_refused(hers, indicator, settings):
    settings.UPLOAD_MAX_BYTES = 50

    assert "larger than" in str(upload(hers, indicator).context["form"].errors["file"])


def test_only_her_organizations_and_this_initiative_s_indicators_are_accepted(hers, indicator):
    elsewhere = builders.an_initiative()
    foreign = builders.an_indicator(elsewhere)
    somebody = builders.an_organization(indicator.initiative)

    refused = hers.post(
        reverse("measurement:upload", args=[indicator.initiative.slug]),
        {"indicator": foreign.uid, "kind": "table", "file": SimpleUploadedFile("b.csv", BIRTHS)},
    )
    assert list(refused.context["form"].errors) == ["indicator"]
    upload(hers, indicator, organization=somebody.uid)
    assert Submission.objects.get().organization != somebody


def test_a_person_in_the_header_is_refused(hers, indicator):
    persons = b"".join(b"%d,Jane Doe,Here,2020,white,yes\n" % n for n in range(9))

    answer = upload(hers, indicator, persons, kind="people")

    assert "looks like a person" in str(answer.context["form"].errors["file"])


def test_names_mapped_as_groups_are_refused(hers, indicator):
    persons = b"name,town,year\n" + b"".join(b"Jane %d,Here,2020\n" % n for n in range(300))
    upload(hers, indicator, persons, kind="people")
    submission = Submission.objects.get()
    columns = {"c0-role": "group", "c1-role": "place", "c2-role": "period", "bucket": "as_is"}

    hers.post(url(submission, "submission_columns"), columns)
    refused = hers.get(url(submission, "submission_labels"), follow=True)

    assert "looks like names or ids" in refused.content.decode()
    submission.refresh_from_db()
    assert "Jane" not in str(submission.mapping)


def test_naughty_texts_come_back_as_they_are(hers, indicator, run_jobs):
    name = "<script>alert(1)</script>;\u202etxt.csv"
    content = "place,year,number\n<b>‮Ω',2020,12\n=1+1,2020,13\n".encode()
    submission = walked(hers, indicator, run_jobs, content=content, name=name)

    page = hers.get(url(submission)).content.decode()

    assert submission.row_count == 2
    assert "<script>alert" not in page
    assert "&lt;b&gt;‮Ω&#x27;" in page


def test_the_example_says_what_a_line_means(hers, indicator):
    upload(hers, indicator)
    submission = Submission.objects.get()
    columns = url(submission, "submission_columns")

    page = hers.get(columns)
    shown = hers.post(columns, {**answers(page), "show": "1"})
    fragment = hers.post(columns, answers(page), headers={"HX-Request": "true"})

    said = "Line 2: in Here, 2020, of the group all. So 62 is 5.9 of every 100, out of about 1,051."
    assert said in shown.context["example"]
    assert said in fragment.content.decode()
    assert "<html" not in fragment.content.decode()


def test_while_it_is_read_the_page_says_how_far(hers, indicator, run_jobs):
    upload(hers, indicator)
    submission = Submission.objects.get()
    submission.read_as(Mapping.from_json(_plain()), by=submission.uploaded_by)

    page = hers.get(url(submission)).content.decode()
    assert "Look again" in page
    bar = hers.get(url(submission, "submission_progress"), headers={"HX-Request": "true"})
    assert "data-hx-get" in bar.content.decode()
    assert hers.get(url(submission, "submission_progress")).url == url(submission)

    run_jobs()
    over = hers.get(url(submission, "submission_progress"), headers={"HX-Request": "true"})
    assert over.headers["HX-Refresh"] == "true"


def _plain():
    return {
        "columns": {
            "locality": {"role": "place", "labels": {"Here": "new"}},
            "year": {"role": "period"},
            "number": {"role": "numerator"},
        }
    }


def test_the_desk_lists_hers_and_the_backbone_finds_by_state_partner_and_indicator(
    hers, login, indicator, backbone, run_jobs
):
    submission = walked(hers, indicator, run_jobs)
    desk = reverse("measurement:desk", args=[indicator.initiative.slug])

    mine = hers.get(desk).context["rows"]
    assert [(each.pk, step.mine) for each, step in mine] == [(submission.pk, True)]
    director = login(backbone.user)
    for query, found in (
        ("", 1),
        ("?state=checked", 1),
        ("?state=approved", 0),
        (f"?partner={submission.organization.slug}", 1),
        (f"?indicator={indicator.slug}&page=7", 1),
        ("?state=nonsense", 1),
    ):
        assert len(director.get(desk + query).context["rows"]) == found
    other = builders.a_member(
        indicator.initiative,
        "partner",
        organization=builders.an_organization(indicator.initiative),
    )
    assert login(other.user).get(desk).context["rows"] == []

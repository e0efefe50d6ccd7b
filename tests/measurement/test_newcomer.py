"""What a newcomer meets at the data desk: slips, marked files, open years, decided numbers."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ciforum.people import clock
from ciforum.people.models import Place
from measurement.models import Observation, Submission
from tests import builders
from tests.measurement.test_desk import answers, upload, url, walked
from tests.measurement.test_pasting import paste

pytestmark = pytest.mark.django_db(transaction=True)

SHARES = "place,year,births,low\nHere,2020,900,62\nThere,2020,800,61\n"
TWO = b"place,year,number,births\nHere,2020,62,900\nThere,2020,61,800\n"


@pytest.fixture
def indicator(initiative, backbone):
    builders.a_dimension(initiative)
    return builders.an_indicator(initiative, by=backbone.user)


@pytest.fixture
def hers(partner, login):
    return login(partner.user)


@pytest.fixture
def alder(initiative):
    return Place.objects.create(initiative=initiative, code="alder", name="Alder County")


def labels_of(hers, indicator, content):
    upload(hers, indicator, content)
    submission = Submission.objects.latest("pk")
    columns = url(submission, "submission_columns")
    hers.post(columns, answers(hers.get(columns)))
    page = hers.get(url(submission, "submission_labels"))
    asked = [label for column in page.context["form"].asked() for label in column.labels]
    return submission, {label.text: label.field for label in asked}


def test_a_name_close_to_a_known_place_waits_for_a_persons_choice(hers, indicator, alder):
    submission, fields = labels_of(
        hers,
        indicator,
        b"place,year,number\nAlder County,2020,62\nAlder Couty,2020,5\nElm,2020,9\n",
    )

    assert {text: field.value() for text, field in fields.items()} == {
        "Alder County": "alder", "Alder Couty": "", "Elm": "new",
    }  # fmt: skip
    choices = fields["Alder Couty"].field.choices
    assert [str(label) for _key, label in choices[:2]] == [
        "Choose one", "Did you mean Alder County?",
    ]  # fmt: skip
    assert choices[1][0] == "alder"
    page = url(submission, "submission_labels")
    assert hers.post(page, answers(hers.get(page))).status_code == 422


def test_a_name_close_to_a_known_group_is_asked_with_that_group_first(hers, indicator):
    _submission, fields = labels_of(
        hers, indicator, b"place,group,year,number\nHere,all,2020,62\nHere,Whitte,2020,9\n"
    )

    field = fields["Whitte"]
    assert field.value() == ""
    assert str(field.field.choices[1][1]).startswith("Did you mean White")


def test_a_share_without_a_whole_is_warned_of_before_and_after_reading(hers, indicator, run_jobs):
    table = SHARES.replace("births", "alle").replace("\n", "\r\n").replace(",", "\t")
    paste(hers, indicator, table)
    submission = Submission.objects.get()
    page = url(submission, "submission_columns")
    given = answers(hers.get(page))
    said = {**given, "c2-role": "ignore", "c3-role": "numerator"}

    shown = hers.post(page, {**said, "show": "1"}).content.decode()
    assert "No column says out of how many" in shown
    whole = hers.post(page, {**said, "c2-role": "denominator", "show": "1"}).content.decode()
    assert "No column says out of how many" not in whole

    hers.post(page, said)
    labels = url(submission, "submission_labels")
    hers.post(labels, answers(hers.get(labels)))
    run_jobs()
    submission.refresh_from_db()
    assert submission.state == "checked"
    assert list(submission.problems.values_list("code", "severity")) == [
        ("no_line_has_whole", "warning")
    ]
    assert not submission.is_refused_whole


def test_a_time_that_is_not_over_gets_a_warning_on_the_initiatives_calendar(
    hers, indicator, run_jobs
):
    zone = indicator.initiative.zone
    with clock.at(datetime(2020, 12, 31, 23, 30, tzinfo=zone)):
        early = walked(hers, indicator, run_jobs, TWO)
    with clock.at(datetime(2021, 1, 1, 0, 30, tzinfo=zone)):
        late = walked(hers, indicator, run_jobs, TWO)

    assert list(early.problems.values_list("code", "params", "line")) == [
        ("time_not_over", {"text": "2020"}, 2)
    ]
    assert not late.problems.exists()
    page = hers.get(f"{url(early)}?view=problems").content.decode()
    assert "This time is not over yet: 2020." in page


def test_a_marked_file_mended_comes_back_and_is_known(hers, indicator, run_jobs):
    first = walked(hers, indicator, run_jobs, TWO.replace(b"61", b"sixty"))
    assert (first.row_count, first.error_count) == (1, 1)
    marked = b"".join(hers.get(url(first, "submission_marked")).streaming_content)
    assert b"What to mend" in marked

    upload(hers, indicator, marked.replace(b",sixty,", b",61,"), "births – what to mend.csv")
    second = Submission.objects.latest("pk")
    assert second.saved_mapping == first.mapping
    hers.post(url(second, "submission_columns"), {"again": "1"})
    run_jobs()

    second.refresh_from_db()
    assert (second.state, second.row_count, second.error_count) == ("checked", 2, 0)


def test_what_was_said_of_these_columns_wins_before_any_guess(hers, indicator, run_jobs):
    upload(hers, indicator, TWO)
    first = Submission.objects.get()
    page = url(first, "submission_columns")
    hers.post(page, {**answers(hers.get(page)), "c2-role": "ignore", "c3-role": "numerator"})
    labels = url(first, "submission_labels")
    hers.post(labels, answers(hers.get(labels)))
    run_jobs()

    upload(hers, indicator, TWO.replace(b"2020", b"2021"))
    form = hers.get(url(Submission.objects.latest("pk"), "submission_columns")).context["form"]

    assert [form[f"c{at}-role"].value() for at in range(4)] == [
        "place", "period", "ignore", "numerator",
    ]  # fmt: skip


def test_a_file_with_problems_opens_on_them_and_offers_a_mended_one(hers, indicator, run_jobs):
    submission = walked(hers, indicator, run_jobs, TWO.replace(b"61", b"sixty"))

    page = hers.get(url(submission))
    assert page.context["view"] == "problems"
    text = page.content.decode()
    assert "See below what to mend" in text
    assert "Look at it, then hand it in below" not in text
    assert "Bring a mended file" in text
    numbers = hers.get(f"{url(submission)}?view=rows&place=Here")
    assert [row.place for row in numbers.context["rows"]] == ["Here"]
    assert 'name="view" value="rows"' in numbers.content.decode()

    hers.post(url(submission, "submission_withdraw"))
    assert "Bring another file" in hers.get(url(submission)).content.decode()


def test_what_was_sent_back_or_taken_back_is_still_shown(
    hers, login, indicator, backbone, run_jobs
):
    submission = walked(hers, indicator, run_jobs, TWO)
    hers.post(url(submission, "submission_hand_in"))
    director = login(backbone.user)
    director.post(url(submission, "submission_return"), {"words": "Which clinic is missing?"})

    for reader in (hers, director):
        page = reader.get(url(submission))
        assert [row.counted for row in page.context["rows"]] == ["62", "61"]
        assert [tab["url"][-4:] for tab in page.context["tabs"]] == ["rows", "lems"]
    hers.post(url(submission, "submission_withdraw"))
    assert [row.counted for row in hers.get(url(submission)).context["rows"]] == ["62", "61"]


def test_what_she_never_handed_in_stays_hers_when_she_takes_it_back(
    hers, login, indicator, backbone, run_jobs
):
    submission = walked(hers, indicator, run_jobs, TWO)
    hers.post(url(submission, "submission_withdraw"))

    assert "rows" in hers.get(url(submission)).context
    assert "rows" not in login(backbone.user).get(url(submission)).context


def test_of_people_no_count_stays_after_it_went_back(hers, indicator, run_jobs, backbone):
    people = b"place,year,graduated\n" + b"Here,2020,yes\nHere,2020,no\n" * 30
    submission = walked(hers, indicator, run_jobs, people, kind="people")
    assert submission.rows.exists()

    submission.hand_in(by=submission.uploaded_by)
    submission.send_back(words="Whose are these?", by=backbone.user)

    assert not submission.rows.exists()


def test_approved_numbers_stand_on_their_submission_small_ones_only_for_her(
    hers, login, indicator, backbone, resident, run_jobs
):
    submission = walked(hers, indicator, run_jobs, TWO.replace(b"61,800", b"3,800"))
    hers.post(url(submission, "submission_hand_in"))
    director = login(backbone.user)
    director.post(url(submission, "submission_approve"))
    assert Observation.objects.count() == 2

    shown = hers.get(url(submission)).context["rows"]
    assert [(row.place, row.period, row.counted, row.out_of) for row in shown] == [
        ("Here", "2020", "62", "900"), ("There", "2020", "3", "800"),
    ]  # fmt: skip
    other = builders.a_member(indicator.initiative, "backbone")  # no data steward
    masked = login(other.user).get(url(submission))
    rows = masked.context["rows"]
    assert [row.counted for row in rows] == ["hidden", "fewer than 11"]
    assert {row.out_of for row in rows} == {"–"}
    assert login(resident.user).get(url(submission)).status_code == 403


def test_a_pasted_table_carries_the_local_day_and_is_never_called_a_file(hers, indicator):
    zone = indicator.initiative.zone
    with clock.at(datetime(2026, 3, 1, 23, 30, tzinfo=zone)):
        assert timezone.localtime(clock.now(), timezone.get_default_timezone()).day == 2
        paste(hers, indicator, SHARES.replace(",", "\t"))
    assert Submission.objects.get().file.name == "pasted on 2026-03-01.tsv"

    refused = paste(hers, indicator, "place\tnumber")
    errors = " ".join(refused.context["form"].errors["table"])
    assert errors == "The table was not taken. It has a line of names, but no rows below it."


def test_the_largest_size_is_a_round_number(hers, indicator, settings):
    settings.UPLOAD_MAX_BYTES = 250_000_000
    address = reverse("measurement:upload", args=[indicator.initiative.slug])
    assert "At most 250 MB." in hers.get(address).content.decode()

    settings.UPLOAD_MAX_BYTES = 2_000
    large = SimpleUploadedFile("large.csv", TWO * 40)
    answer = hers.post(address, {"indicator": indicator.uid, "kind": "table", "file": large})
    assert "larger than 2 kB" in answer.content.decode()


def test_who_handed_it_in_is_told_without_a_double_stop(hers, indicator, run_jobs):
    submission = walked(hers, indicator, run_jobs, TWO)
    hers.post(url(submission, "submission_hand_in"))

    text = hers.get(url(submission)).content.decode()
    said = text.split("Handed in by")[1].split("</p>")[0]
    assert said.strip().endswith(("a.m.", "p.m.", "noon", "midnight"))
    assert ".." not in said

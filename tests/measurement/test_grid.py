"""Numbers typed on screen: kept as she goes, checked, and handed in through the door of files."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from measurement.models import GridDraft, Observation, Submission
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = "year:2024-01-01:2025-01-01"


@pytest.fixture
def indicator(initiative, backbone):
    race = builders.a_dimension(initiative)
    return builders.an_indicator(initiative, by=backbone.user, required=[race])


@pytest.fixture
def reported(indicator, partner, backbone):
    """What she handed in for last year: two places."""
    numbers = {(2023, place): (9, 90) for place in ("Here", "There")}
    return builders.approved(indicator, partner, backbone, numbers)


@pytest.fixture
def hers(partner, login):
    return login(partner.user)


def address(indicator, **more):
    said = {"indicator": indicator.slug, "period": YEAR, **more}
    return f"{reverse('measurement:grid', args=[indicator.initiative.slug])}?{urlencode(said)}"


def cell(place, group, **said):
    return {f"{name}:{place}|{group}": value for name, value in said.items()}


def typed(hers, indicator, action="save", *cells, **more):
    fields = {"action": action, **more}
    for each in cells:
        fields |= each
    return hers.post(address(indicator), fields)


def test_the_rows_are_her_places_of_last_time_by_every_required_group(hers, indicator, reported):
    page = hers.get(address(indicator))

    rows = [(row.place, row.group) for row in page.context["rows"]]
    assert rows == [
        (place, group)
        for place in ("Here", "There")
        for group in ("everyone", "White", "Black", "Other")
    ]


def test_what_is_typed_stays_until_it_is_handed_in(hers, indicator, reported, partner, login):
    typed(hers, indicator, "save", cell("here", "", counted="12", out_of=" 1 0 "), grade="survey")

    page = login(partner.user).get(address(indicator))

    row = page.context["rows"][0]
    assert (row.counted, row.out_of, page.context["grade"]) == ("12", "1 0", "survey")
    start = reverse("measurement:grid", args=[indicator.initiative.slug])
    assert "What you began" in hers.get(start).content.decode()


def test_while_she_types_only_a_word_comes_back(hers, indicator, reported):
    answer = hers.post(
        address(indicator), cell("here", "", counted="12"), headers={"HX-Request": "true"}
    )

    assert answer.content.decode().strip().startswith('<p class="soft" id="saved"')
    assert GridDraft.objects.get().cells == {
        "here|": {"counted": "12", "out_of": "", "why": ""},
    }


def test_typed_numbers_go_through_the_same_door_as_files(
    hers, login, indicator, reported, backbone, run_jobs
):
    cells = [
        cell("here", "", counted="12", out_of="1,090"),
        cell("here", "race:black", why="refused"),
        cell("there", "race:white", counted="0", out_of="40"),
    ]
    went = typed(hers, indicator, "check", *cells, grade="administrative")
    run_jobs()

    submission = Submission.objects.get(way="grid")
    assert submission.trouble == {}
    assert went.url == submission.get_absolute_url()
    assert (submission.state, submission.row_count, submission.error_count) == ("checked", 3, 0)
    hers.post(reverse("measurement:submission_hand_in",
                      args=[indicator.initiative.slug, submission.uid]))  # fmt: skip
    assert hers.get(address(indicator)).url == submission.get_absolute_url()
    submission.refresh_from_db()
    submission.approve(by=backbone.user)

    found = Observation.objects.filter(submission=submission).order_by("pk")
    said = {(o.place.name, o.stratum.key != "", o.numerator, o.denominator, o.missing, o.grade)
            for o in found}  # fmt: skip
    assert said == {
        ("Here", False, 12, 1090, "", "administrative"),
        ("Here", True, None, None, "refused", "administrative"),
        ("There", True, 0, 40, "", "administrative"),
    }


def test_after_approval_a_correction_begins_with_what_is_approved(
    hers, indicator, reported, partner, backbone
):
    builders.approved(indicator, partner, backbone, {(2024, "Here"): (12, 100)})

    page = hers.get(address(indicator))

    row = page.context["rows"][0]
    assert (row.place, row.counted, row.out_of) == ("Here", "12", "100")
    assert page.context["has_approved"]


def test_a_second_window_keeps_what_was_made_of_the_draft(hers, indicator, reported, run_jobs):
    typed(hers, indicator, "save", cell("here", "", counted="12", out_of="90"))
    old = GridDraft.objects.get()
    typed(hers, indicator, "check", cell("here", "", counted="12", out_of="90"))

    old.write(by=old.saved_by, cells={})

    assert GridDraft.objects.get().submission == Submission.objects.get(way="grid")


def test_checking_again_takes_back_what_was_made_before(hers, indicator, reported, run_jobs):
    typed(hers, indicator, "check", cell("here", "", counted="12", out_of="90"))
    run_jobs()
    typed(hers, indicator, "check", cell("here", "", counted="13", out_of="90"))
    run_jobs()

    states = Submission.objects.filter(way="grid").order_by("pk").values_list("state", flat=True)
    assert list(states) == ["withdrawn", "checked"]
    assert GridDraft.objects.get().submission == Submission.objects.latest("pk")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"counted": "many"}, "is not a number"),
        ({"counted": "-1"}, "below zero"),
        ({"counted": "1.5"}, "not a whole number"),
        ({"counted": "s"}, "Choose why there is none"),
        ({"counted": "<10"}, "Choose why there is none"),
        ({"counted": "12", "out_of": "11"}, "more than the 11"),
        ({"counted": "12", "why": "late"}, "not both"),
        ({"out_of": "11"}, "how many were counted"),
    ],
)
def test_a_mistake_is_said_in_its_row_and_nothing_is_made(
    hers, indicator, reported, said, sentence
):
    answer = typed(hers, indicator, "check", cell("here", "", **said))

    assert answer.status_code == 422
    (wrong,) = answer.context["wrong"]
    assert sentence in wrong.error
    assert not Submission.objects.filter(way="grid").exists()
    assert GridDraft.objects.get().cells  # not lost


def test_a_new_place_is_added_and_made_at_approval(hers, indicator, reported, backbone, run_jobs):
    typed(hers, indicator, "add", place=" Up  the hill ")
    typed(hers, indicator, "add", place="HERE")  # there already
    typed(hers, indicator, "check", cell("new:Up the hill", "", counted="5", out_of="50"))
    run_jobs()

    assert GridDraft.objects.get().places == ["Up the hill"]
    row = Submission.objects.get(way="grid").rows.get()
    assert (row.place_code, row.numerator) == ("new:Up the hill", 5)


@pytest.mark.parametrize("odd", ["\x00", "=1+1", "<script>", "a" * 500, "🏳️", "1|2"])
def test_odd_texts_are_kept_or_refused_in_words(hers, indicator, reported, odd):
    answer = typed(hers, indicator, "check", cell("here", "", counted=odd), place=odd)
    added = typed(hers, indicator, "add", place=odd)

    assert (answer.status_code, added.status_code) in {(422, 302), (302, 302)}
    assert hers.get(address(indicator)).status_code == 200


def test_only_her_own_organization_s_drafts_are_hers(hers, indicator, reported, login, initiative):
    typed(hers, indicator, "save", cell("here", "", counted="12"))
    other = builders.a_member(
        initiative, "partner", organization=builders.an_organization(initiative)
    )
    theirs = login(other.user)
    uid = str(GridDraft.objects.get().organization.uid)

    page = theirs.get(address(indicator, organization=uid))

    assert page.context["draft"] is None
    assert {row.counted for row in page.context["rows"]} == {""}


def test_another_initiative_s_indicator_is_not_there(hers, initiative, partner):
    foreign = builders.an_indicator(builders.an_initiative())
    said = urlencode({"indicator": foreign.slug, "period": YEAR})

    page = hers.get(f"{reverse('measurement:grid', args=[initiative.slug])}?{said}")

    assert "rows" not in page.context

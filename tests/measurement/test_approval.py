"""From staged rows to observations: what is added, what is replaced, what is refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from ciforum.people.models import Place
from equity.models import Dimension
from measurement.desk import staging
from measurement.models import Observation, Submission
from measurement.reading.mapping import Column, Mapping
from measurement.reading.tables import TableReading
from tests import builders

TABLE_MEANS = Mapping(
    {"place": Column("place"), "year": Column("period"), "number": Column("numerator")}
)

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = {
    (2020, "Here"): (62, 1051),
    (2020, "Here", "race:white"): (39, 867),
    (2020, "Here", "race:black"): "too_small",
}


@pytest.fixture
def indicator(initiative, backbone):
    builders.a_dimension(initiative)
    return builders.an_indicator(initiative, by=backbone.user)


def staged(indicator, partner, numbers):
    """Numbers that were read and not handed in yet."""
    submission = builders.a_submission(indicator, partner)
    Submission.objects.filter(pk=submission.pk).update(state="checking")
    submission.refresh_from_db()
    rows = [builders._row(*item) for item in numbers.items()]
    submission.store_reading(TableReading(rows, []))
    return submission


def current(indicator):
    found = Observation.objects.filter(version=indicator.current, is_current=True)
    return sorted(found.values_list("numerator", "revision", "reason"), key=str)


def test_the_same_numbers_again_add_nothing(indicator, partner, backbone):
    builders.approved(indicator, partner, backbone, FIRST)

    again = builders.approved(indicator, partner, backbone, FIRST)

    assert (again.added, again.restated) == (0, 0)
    assert Observation.objects.count() == 3


def test_another_number_becomes_the_next_revision_and_the_old_one_stays(
    indicator, partner, backbone
):
    builders.approved(indicator, partner, backbone, FIRST)
    changed = {**FIRST, (2020, "Here", "race:white"): (40, 867)}

    second = builders.approved(indicator, partner, backbone, changed, reason="Late records came in")

    assert (second.added, second.restated) == (0, 1)
    assert (40, 2, "Late records came in") in current(indicator)
    old = Observation.objects.get(is_current=False)
    assert (old.numerator, old.revision, old.reason) == (39, 1, "")


def test_a_change_needs_a_reason(indicator, partner, backbone):
    builders.approved(indicator, partner, backbone, FIRST)
    submission = staged(indicator, partner, {(2020, "Here"): (63, 1051)})
    assert staging.changes(submission) == 1

    with pytest.raises(ValidationError, match="Say in a few words why"):
        submission.hand_in(by=partner.user)


def test_a_change_that_others_caused_meanwhile_is_not_approved_without_a_reason(
    indicator, partner, backbone
):
    first = staged(indicator, partner, {(2020, "Here"): (62, 1051)})
    first.hand_in(by=partner.user)
    builders.approved(indicator, partner, backbone, {(2020, "Here"): (61, 1051)})

    with pytest.raises(ValidationError, match="other numbers were approved"):
        first.approve(by=backbone.user)

    assert current(indicator) == [(61, 1, "")]
    first.refresh_from_db()
    assert first.state == "handed_in"


def test_places_whose_names_share_a_slug_stay_apart(indicator, partner, backbone):
    names = ["St. Mary's", "St Marys", "🏠", "🍕"]

    builders.approved(indicator, partner, backbone, {(2020, name): 20 for name in names})
    builders.approved(indicator, partner, backbone, {(2020, "🎈"): 21, (2021, "🏠"): 22})

    places = Place.objects.for_initiative(indicator.initiative)
    assert sorted(places.values_list("name", flat=True)) == sorted([*names, "🎈"])
    assert Observation.objects.count() == 6


def test_two_spellings_of_one_place_are_compared_like_two_lines(indicator, partner):
    submission = staged(
        indicator,
        partner,
        {(2020, "Here"): 20, (2020, " HERE"): 21, (2021, "Here"): 5, (2021, "here"): 5},
    )

    kept = submission.rows.values_list("period_label", "numerator")
    assert list(kept) == [("2021", 5)]
    codes = sorted(set(submission.problems.values_list("code", flat=True)))
    assert codes == ["duplicates_agree", "duplicates_disagree", "no_line_has_whole"]


def test_groups_that_were_revised_meanwhile_send_the_file_back(indicator, partner, backbone):
    submission = staged(indicator, partner, FIRST)
    submission.hand_in(by=partner.user)
    Dimension.objects.get(code="race").revise(by=backbone.user)

    with pytest.raises(ValidationError, match="groups were changed"):
        submission.approve(by=backbone.user)

    assert not Observation.objects.exists()


def test_a_file_wide_error_cannot_be_handed_in(indicator, partner):
    submission = staged(indicator, partner, FIRST)
    submission.problems.create(code="scale_is_other", severity="error", params={})
    Submission.objects.filter(pk=submission.pk).update(error_count=1)

    with pytest.raises(ValidationError, match="puts every line in doubt"):
        submission.hand_in(by=partner.user, leave_out_problems=True)


def test_sent_back_rows_stay_to_be_seen_and_she_may_read_the_file_again(
    indicator, partner, backbone
):
    submission = staged(indicator, partner, FIRST)
    submission.hand_in(by=partner.user)

    submission.send_back(words="Which clinic is missing?", by=backbone.user)

    assert submission.state == "returned"
    assert submission.rows.count() == submission.row_count > 0
    submission.read_as(TABLE_MEANS, by=partner.user)
    assert submission.state == "checking"

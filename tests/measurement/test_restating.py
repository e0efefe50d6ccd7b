"""Approved numbers that change: what they go back to, what they touch, and who hears of it."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from ciforum.people.models import Duty, Notice
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.gates import GateClosed
from measurement.desk import restating
from measurement.models import (
    Observation,
    Release,
    ReleaseCell,
    RestatedNumber,
    Restatement,
    Submission,
)
from measurement.releasing import restated_notes
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = {(2020, "Here"): (620, 10_510), (2021, "Here"): (600, 10_000)}
WHY = "The clinic counted twins once."


@pytest.fixture
def indicator(initiative, backbone):
    return builders.an_indicator(initiative, "Babies born small", by=backbone.user)


@pytest.fixture
def approve(indicator, partner, backbone):
    """Numbers that are handed in and approved."""

    def go(numbers, reason=""):
        return builders.approved(indicator, partner, backbone, numbers, reason)

    return go


@pytest.fixture
def public(approve, indicator, backbone):
    """The first numbers, approved and released."""
    submission = approve(FIRST)
    release = builders.a_release(indicator, backbone, ready=True)
    release.publish(by=backbone.user)
    return submission, release


def now(indicator):
    """{year: (numerator, missing, revision, submission)} of what is current."""
    found = Observation.objects.filter(version=indicator.current, is_current=True)
    return {
        each.period.start.year: (each.numerator, each.missing, each.revision, each.submission_id)
        for each in found.select_related("period")
    }


# --- correcting


def test_a_correction_names_what_it_replaced_and_where_it_was_printed(public, approve):
    _submission, release = public

    second = approve({(2020, "Here"): (640, 10_510)}, WHY)

    made = Restatement.objects.get()
    assert (made.kind, made.reason, made.count, made.submission) == ("corrected", WHY, 1, second)
    assert list(made.releases.all()) == [release]
    assert list(made.numbers.values_list("period__start__year", "before", "after")) == [
        (2020, 1, 2)
    ]
    [pair] = restating.pairs(made, 0, 10)
    assert (pair["old_numerator"], pair["new_numerator"]) == (620, 640)


def test_new_numbers_are_no_restatement(public, approve):
    approve({(2022, "Here"): (580, 9_900)})
    approve(FIRST)  # the same again

    assert not Restatement.objects.exists()


def test_a_number_nobody_printed_touches_no_release(approve):
    approve(FIRST)
    approve({(2020, "Here"): (640, 10_510)}, WHY)

    assert list(Restatement.objects.get().releases.all()) == []
    assert not Duty.objects.filter(kind="release.restate").exists()


def test_a_number_added_beside_a_release_is_not_what_the_release_shows(public, approve):
    approve({(2020, "There"): (40, 900)})
    approve({(2020, "There"): (41, 900)}, WHY)

    assert list(Restatement.objects.get().releases.all()) == []


def test_a_new_release_is_proposed_and_settled_when_it_is_out(public, approve, indicator, backbone):
    approve({(2020, "Here"): (640, 10_510)}, WHY)
    owed = Duty.objects.get(kind="release.restate")
    assert (owed.owner_id, owed.done_at) == (backbone.pk, None)
    assert Notice.objects.filter(to=backbone.user, kind="release.restate").count() == 1

    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)

    owed.refresh_from_db()
    assert owed.done_at is not None


def test_a_draft_in_preparation_takes_the_changed_period_in(public, approve, indicator, backbone):
    approve({(2022, "Here"): (580, 9_900)})
    draft = builders.a_release(indicator, backbone)
    before = [period.start.year for period in draft.periods.all()]

    approve({(2020, "Here"): (640, 10_510)}, WHY)

    after = sorted(period.start.year for period in draft.periods.all())
    assert (before, after) == ([2022], [2020, 2022])


# --- withdrawing


def test_a_withdrawal_without_anything_before_leaves_a_typed_gap(public, indicator, partner):
    submission, release = public

    submission.retract(reason=WHY, by=partner.user)

    assert submission.state == "retracted"
    gap = (None, "withdrawn", 2, submission.pk)
    assert now(indicator) == {2020: gap, 2021: gap}
    kept = Observation.objects.filter(is_current=False).values_list("numerator", flat=True)
    assert sorted(kept) == [600, 620]
    made = Restatement.objects.get()
    assert (made.kind, made.count, list(made.releases.all())) == ("withdrawn", 2, [release])


def test_a_withdrawal_goes_back_to_the_approved_number_before(approve, indicator, partner):
    first = approve(FIRST)
    second = approve({(2020, "Here"): (640, 10_510)}, WHY)

    second.retract(reason="It was right after all.", by=partner.user)

    assert now(indicator) == {2020: (620, "", 3, first.pk), 2021: (600, "", 1, first.pk)}
    current = Observation.objects.get(is_current=True, revision=3)
    assert current.reason == "It was right after all."


def test_withdrawn_files_are_no_ground_to_go_back_to(approve, indicator, partner):
    first = approve({(2020, "Here"): (620, 10_510)})
    second = approve({(2020, "Here"): (640, 10_510)}, WHY)
    third = approve({(2020, "Here"): (660, 10_510)}, WHY)

    second.retract(reason=WHY, by=partner.user)  # nothing of it is current
    assert now(indicator)[2020] == (660, "", 3, third.pk)
    third.retract(reason=WHY, by=partner.user)
    assert now(indicator)[2020] == (620, "", 4, first.pk)
    first.retract(reason=WHY, by=partner.user)
    assert now(indicator)[2020] == (None, "withdrawn", 5, first.pk)

    counts = Restatement.objects.filter(kind="withdrawn").values_list("submission", "count")
    assert sorted(counts) == [(first.pk, 1), (third.pk, 1)]


def test_what_another_file_repeats_stays_when_one_is_withdrawn(approve, indicator, partner):
    """Partners hand in all years again and again: the old years stand on both files."""
    first = approve({(2020, "Here"): (620, 10_510)})
    both = approve({(2020, "Here"): (620, 10_510), (2021, "Here"): (600, 10_000)})

    first.retract(reason=WHY, by=partner.user)
    assert now(indicator) == {2020: (620, "", 1, first.pk), 2021: (600, "", 1, both.pk)}

    both.retract(reason=WHY, by=partner.user)
    assert now(indicator) == {
        2020: (None, "withdrawn", 2, both.pk),
        2021: (None, "withdrawn", 2, both.pk),
    }


def test_what_is_withdrawn_can_be_handed_in_again(public, approve, indicator, partner):
    submission, _release = public
    submission.retract(reason=WHY, by=partner.user)

    again = approve(FIRST, "Counted once more.")

    assert now(indicator)[2020] == (620, "", 3, again.pk)


def test_it_needs_a_reason_and_an_approved_submission(indicator, partner, approve):
    waiting = builders.handed_in(indicator, partner, FIRST)
    with pytest.raises(StateChanged):
        waiting.retract(reason=WHY, by=partner.user)
    with pytest.raises(ValidationError):
        waiting.retract(reason="  ", by=partner.user)

    done = approve({(2022, "Here"): (580, 9_900)})
    done.retract(reason=WHY, by=partner.user)
    with pytest.raises(StateChanged):
        done.retract(reason=WHY, by=partner.user)

    assert Restatement.objects.count() == 1


def test_a_protected_draft_is_stale_after_a_withdrawal(
    public, approve, indicator, partner, backbone
):
    later = approve({(2022, "Here"): (580, 9_900), (2023, "Here"): (570, 9_800)})
    draft = builders.a_release(indicator, backbone, ready=True)
    assert draft.protection()["state"] == "sound"

    later.retract(reason=WHY, by=partner.user)

    draft.refresh_from_db()
    assert draft.protection()["state"] != "sound"
    with pytest.raises(GateClosed):
        draft.publish(by=backbone.user)


def test_what_is_printed_stays_printed(public, partner):
    submission, release = public
    before = list(release.cells.order_by("pk").values_list("numerator", "denominator", "revision"))

    submission.retract(reason=WHY, by=partner.user)

    cells = ReleaseCell.objects.filter(release=release).order_by("pk")
    assert list(cells.values_list("numerator", "denominator", "revision")) == before


def test_half_a_withdrawal_is_none(public, indicator, partner, monkeypatch):
    submission, _release = public
    before = now(indicator)

    def fail(*args):
        raise RuntimeError("the power went out")

    monkeypatch.setattr("measurement.owing.telling_duties.retracted", fail)
    with pytest.raises(RuntimeError):
        submission.retract(reason=WHY, by=partner.user)

    submission.refresh_from_db()
    assert (now(indicator), submission.state) == (before, "approved")
    assert not Restatement.objects.exists()


def test_of_withdrawing_and_publishing_at_once_one_waits(approve, indicator, partner, backbone):
    """Either the release shows the number and the withdrawal names it, or the gate holds it."""
    for year in (2020, 2021, 2022):
        submission = approve({(year, "Here"): (620, 10_510)})
        draft = builders.a_release(indicator, backbone, ready=True)
        outcome = {}

        def publish(draft=draft, outcome=outcome):
            try:
                draft.publish(by=backbone.user)
                outcome["public"] = True
            except GateClosed:
                outcome["public"] = False
            connection.close()

        def retract(submission=submission):
            submission.retract(reason=WHY, by=partner.user)
            connection.close()

        threads = [threading.Thread(target=publish), threading.Thread(target=retract)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        made = Restatement.objects.get(submission=submission)
        assert list(made.releases.all()) == ([draft] if outcome["public"] else [])
        Release.objects.filter(state="draft").delete()


def test_of_two_who_withdraw_at_once_one_does(public, partner, backbone):
    submission, _release = public
    answers = []

    def retract(by):
        mine = Submission.objects.get(pk=submission.pk)
        try:
            mine.retract(reason=WHY, by=by.user)
            answers.append("done")
        except StateChanged:
            answers.append("changed")
        connection.close()

    threads = [threading.Thread(target=retract, args=[by]) for by in (partner, backbone)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(answers) == ["changed", "done"]
    assert Restatement.objects.count() == 1


def test_the_log_cannot_be_rewritten(public, partner):
    submission, _release = public
    submission.retract(reason=WHY, by=partner.user)

    for change in (
        lambda: Restatement.objects.update(reason="No reason."),
        lambda: Restatement.objects.all().delete(),
        lambda: RestatedNumber.objects.update(after=9),
        lambda: RestatedNumber.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# --- who reads what


def test_the_public_reads_that_and_when_and_the_sentence_for_it(
    public, approve, indicator, backbone
):
    approve({(2020, "Here"): (640, 10_510)}, WHY)
    made = Restatement.objects.get()

    [outside] = restated_notes.notes(indicator, None)
    [inside] = restated_notes.notes(indicator, backbone)
    made.explain(words=Words(en="Twins are counted as two now."), by=backbone.user)
    [explained] = restated_notes.notes(indicator, None)

    assert "release 1" in outside.sentence
    assert (outside.reason, outside.url, str(outside.words)) == ("", "", "")
    assert (inside.reason, inside.url) == (WHY, made.get_absolute_url())
    assert str(explained.words) == "Twins are counted as two now."


def test_old_and_new_numbers_are_for_the_partner_and_stewards(
    login, initiative, public, approve, partner, backbone
):
    approve({(2020, "Here"): (640, 10_510)}, WHY)
    made = Restatement.objects.get()
    file = reverse("measurement:restatement_csv", args=[initiative.slug, made.uid])
    colleague = builders.a_member(initiative, "backbone")
    resident = builders.a_member(initiative, "community")

    for who, sees in ((partner, True), (backbone, True), (colleague, False), (resident, False)):
        client = login(who.user)
        page = client.get(made.get_absolute_url())
        assert page.status_code == 200
        assert (WHY in page.content.decode(), "640 of 10510" in page.content.decode()) == (
            True,
            sees,
        )
        assert client.get(file).status_code == (200 if sees else 403)
    assert Client().get(made.get_absolute_url()).status_code == 302


def test_withdrawing_by_form_says_first_what_it_means(login, initiative, public, partner, backbone):
    submission, release = public
    address = reverse("measurement:submission_retract", args=[initiative.slug, submission.uid])
    hers = login(partner.user)

    shown = hers.get(address).content.decode()
    assert release.get_absolute_url() in shown
    assert "cannot be unprinted" in shown
    assert hers.post(address, {"reason": ""}).status_code == 422
    assert hers.post(address, {"reason": WHY}).status_code == 302

    page = login(backbone.user).get(submission.get_absolute_url()).content.decode()
    assert Restatement.objects.get().get_absolute_url() in page
    log = login(backbone.user).get(reverse("measurement:restatements", args=[initiative.slug]))
    assert WHY in log.content.decode()


def test_the_approver_sees_which_releases_change_and_may_say_it_in_public(
    login, indicator, public, partner, backbone
):
    waiting = builders.handed_in(indicator, partner, {(2020, "Here"): (640, 10_510)}, WHY)
    client = login(backbone.user)
    slug = indicator.initiative.slug

    assert "A sentence for everybody" in client.get(waiting.get_absolute_url()).content.decode()
    approve = reverse("measurement:submission_approve", args=[slug, waiting.uid])
    client.post(approve, {"public_words_en": "Twins are two."})

    made = Restatement.objects.get()
    assert str(made.public_words) == "Twins are two."
    page = client.get(made.get_absolute_url()).content.decode()
    assert reverse("measurement:release_new", args=[slug, indicator.slug]) in page


def test_withdrawing_many_numbers_takes_few_questions(
    approve, partner, django_assert_max_num_queries
):
    many = {(year, f"Town {n}"): (60, 900) for year in (2019, 2020) for n in range(40)}
    submission = approve(many)

    with django_assert_max_num_queries(45):
        submission.retract(reason=WHY, by=partner.user)

    assert Restatement.objects.get().count == 80


# --- earlier definitions


@pytest.fixture
def redefined(indicator, approve, backbone):
    """Two years released under the first definition, and nothing yet under the second."""
    approve(FIRST)
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    first = indicator.current
    indicator.define(
        by=backbone.user,
        reason=Words(en="Very small babies need other help."),
        measure="proportion",
        numerator=Words(en="babies born under 2,000 grams"),
        denominator=Words(en="babies born alive"),
        direction="down",
        scale=100,
        unit=Words(en="babies"),
        source=Words(en="Birth records"),
    )
    return first


def withdrawn(version, partner):
    submission = Submission.objects.get(version=version)
    submission.retract(reason=WHY, by=partner.user)


def test_a_restated_old_definition_is_released_again(redefined, indicator, partner, backbone):
    withdrawn(redefined, partner)

    draft = builders.a_release(indicator, backbone)

    assert draft.version == redefined
    assert draft.number == 2
    assert draft.periods.count() == 2


def test_an_old_definition_without_a_change_is_not(redefined, indicator, backbone):
    with pytest.raises(ValidationError):
        Release.draft(indicator=indicator, by=backbone.user)
    with pytest.raises(ValidationError):
        Release.draft(indicator=indicator, by=backbone.user, version=redefined)


def test_each_definition_gets_a_release_of_its_own(
    redefined, indicator, partner, backbone, approve, login
):
    approve({(2022, "Here"): (90, 1_000)})
    withdrawn(redefined, partner)
    page = login(backbone.user).get(indicator.get_absolute_url()).content.decode()
    assert "Prepare a release of definition 1" in page

    made = Restatement.objects.get()
    shown = login(backbone.user).get(made.get_absolute_url()).content.decode()
    assert 'name="definition" value="1"' in shown
    new = reverse("measurement:release_new", args=[indicator.initiative.slug, indicator.slug])
    login(backbone.user).post(new, {"definition": "1"})

    draft = Release.objects.get(state="draft")
    assert (draft.version, draft.periods.count()) == (redefined, 2)
    draft.discard(by=backbone.user)
    newest = Release.draft(indicator=indicator, by=backbone.user)
    assert newest.version == indicator.current
    assert [period.start.year for period in newest.periods.all()] == [2022]


def test_a_task_to_release_the_old_definition_outlives_the_new_ones_release(
    redefined, indicator, partner, backbone, approve
):
    approve({(2022, "Here"): (90, 1_000)})
    withdrawn(redefined, partner)
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)

    waiting = Duty.objects.filter(kind="release.restate", done_at=None)
    assert waiting.exists()
    draft = Release.draft(indicator=indicator, by=backbone.user)
    assert draft.version == redefined

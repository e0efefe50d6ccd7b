"""The charter: its versions, its gate, and every way round it."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agenda import citing
from agenda.models import CharterGoal, CharterVersion, Paragraph, Part
from ciforum.people.models import Citation
from ciforum.people.words import Words
from equity.gates import GateClosed
from equity.steps import adopt_charter
from tests import builders, chartering, deciding

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(initiative, backbone):
    return chartering.a_draft(initiative, backbone)


def unmet(version):
    return sorted(each.code for each in adopt_charter.ask(version) if each.outcome == "unmet")


def later(version):
    return sorted(each.rule.code for each in adopt_charter.ask(version) if not each.rule.in_force)


# --- the gate, rule by rule


def test_a_bare_draft_lacks_everything(draft):
    assert unmet(draft) == [
        "core_terms_open",
        "no_goal",
        "problem_without_figure",
        "problem_without_history",
        "problem_without_voice",
    ]
    assert later(draft) == ["assets_beside_needs", "letter_signed"]


def test_agreed_words_meet_their_rule(draft, initiative, backbone):
    chartering.agree_on_words(initiative, backbone)

    assert "core_terms_open" not in unmet(draft)


def test_one_core_word_that_opens_anew_holds_it_back(draft, initiative, backbone):
    chartering.agree_on_words(initiative, backbone)
    builders.a_term(initiative, backbone, "belonging", is_core=True)

    (found,) = [each for each in adopt_charter.ask(draft) if each.code == "core_terms_open"]

    assert found.params["terms"] == [{"en": "belonging", "es": "belonging (es)"}]


def test_history_counts_in_the_problem_statement_only(draft, initiative, backbone):
    event = builders.an_event(initiative, backbone.user)
    chartering.cite(draft, "event", event, backbone, part=Part.VISION)
    assert "problem_without_history" in unmet(draft)

    chartering.cite(draft, "event", event, backbone)

    assert "problem_without_history" not in unmet(draft)


def test_a_figure_without_groups_is_not_enough(draft, initiative, backbone):
    plain = chartering.a_figure(initiative, backbone, {(2020, "Here"): (620, 10510)})
    chartering.cite(draft, "figure", plain, backbone)
    assert "problem_without_figure" in unmet(draft)

    chartering.cite(draft, "figure", chartering.a_figure(initiative, backbone), backbone)

    assert "problem_without_figure" not in unmet(draft)


def test_the_problem_speaks_with_a_finding_of_residents(draft, initiative, backbone):
    figure = chartering.a_figure(initiative, backbone)
    finding = chartering.a_finding(initiative, backbone, figure)
    chartering.cite(draft, "finding", finding, backbone, part=Part.VISION)
    assert "problem_without_voice" in unmet(draft)

    chartering.cite(draft, "finding", finding, backbone)
    assert "problem_without_voice" not in unmet(draft)

    finding.withdraw(by=backbone.user)
    assert "problem_without_voice" in unmet(draft)


def test_what_is_withdrawn_counts_no_longer(draft, initiative, backbone):
    citation = chartering.cite(
        draft, "event", builders.an_event(initiative, backbone.user), backbone
    )
    type(citation.citable).objects.update(withdrawn_at=citation.at)

    assert "problem_without_history" in unmet(draft)


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ((), "no_goal"),
        (("population",), "no_systems_goal"),
        (("systems",), "no_population_goal"),
        (("population", "systems"), None),
    ],
)
def test_a_systems_goal_stands_beside_one_for_people(draft, initiative, backbone, levels, code):
    goals = [chartering.a_goal(initiative, backbone, level) for level in levels]
    chartering.link(draft, *goals, by=backbone)

    found = {each for each in unmet(draft) if "goal" in each}

    assert found == ({code} if code else set())


# --- adoption


def test_a_passed_decision_adopts_it(initiative, backbone):
    version = chartering.a_ready_draft(initiative, backbone)

    version = chartering.adopted(version, backbone)

    assert version.state == "adopted"
    assert version.passed.gate == "agenda.charter.adopt"
    assert version.adopted_at is not None


def test_adopting_the_next_replaces_the_one_before(initiative, backbone):
    first = chartering.adopted(chartering.a_ready_draft(initiative, backbone), backbone)
    second = first.amend(by=backbone.user)

    chartering.adopted(second, backbone)

    assert chartering.versions(initiative) == {1: "superseded", 2: "adopted"}


def test_a_failed_decision_rejects_it(initiative, backbone):
    version = chartering.a_ready_draft(initiative, backbone)
    decision, seats = chartering.a_carrying_decision(version, backbone)

    deciding.closed(decision, backbone, dict.fromkeys(seats, "disagree"))

    assert chartering.versions(initiative) == {1: "rejected"}


def test_a_withdrawn_decision_withdraws_it(initiative, backbone, draft):
    decision, _seats = chartering.a_carrying_decision(draft, backbone)
    deciding.in_input(decision, backbone)

    decision.withdraw(by=backbone.user, because="The council asked for another text first.")

    assert chartering.versions(initiative) == {1: "withdrawn"}


def test_no_vote_opens_on_a_charter_that_its_gate_holds(draft, backbone):
    decision, _seats = chartering.a_carrying_decision(draft, backbone)

    with pytest.raises(GateClosed):
        deciding.in_vote(decision, backbone)


def test_a_revised_decision_carries_the_next_version(draft, initiative, backbone):
    decision, _seats = chartering.a_carrying_decision(draft, backbone)
    deciding.in_input(decision, backbone)
    after = CharterVersion.objects.get(pk=draft.pk).amend(by=backbone.user)

    decision.describe(by=backbone.user, effect_params={"version": str(after.uid)})

    assert chartering.versions(initiative) == {1: "withdrawn", 2: "proposed"}


def test_two_decisions_never_carry_the_same_version(draft, backbone):
    chartering.proposed(draft, backbone)
    other, _seats = chartering.a_carrying_decision(draft, backbone)

    with pytest.raises(ValidationError):
        deciding.in_input(other, backbone)


def test_an_empty_charter_is_not_put_to_a_decision(initiative, backbone):
    version = CharterVersion.start(initiative=initiative, by=backbone.user)
    decision, _seats = chartering.a_carrying_decision(version, backbone)

    with pytest.raises(ValidationError, match="Nothing is written yet"):
        deciding.in_input(decision, backbone)

    assert chartering.versions(initiative) == {1: "draft"}


# --- the ways round


def refused(change):
    """The database says no."""
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_no_shell_adopts_a_charter(draft, initiative, backbone):
    versions = CharterVersion.objects.filter(pk=draft.pk)
    foreign = chartering.a_figure(initiative, backbone).releases.get().passed

    refused(lambda: versions.update(state="adopted"))
    draft = chartering.proposed(draft, backbone)
    refused(lambda: versions.update(state="adopted", adopted_at=draft.started_at))
    refused(lambda: versions.update(state="adopted", adopted_at=draft.started_at, passed=foreign))


def test_the_verb_alone_does_not_adopt_without_a_decision_that_passed(initiative, backbone):
    version = chartering.a_ready_draft(initiative, backbone)
    version = chartering.proposed(version, backbone)

    with pytest.raises(IntegrityError):
        version.adopt(by=backbone.user, decision_uid=version.decision_uid)
    with pytest.raises(ValidationError):
        version.adopt(by=backbone.user, decision_uid=uuid.uuid4())

    assert chartering.versions(initiative) == {1: "proposed"}


def test_a_proposed_charter_is_frozen_for_verbs(draft, initiative, backbone):
    event = builders.an_event(initiative, backbone.user)
    goal = chartering.a_goal(initiative, backbone, "systems")
    version = chartering.proposed(draft, backbone)
    uid = chartering.paragraph(version).uid

    for change in (
        lambda: version.add(part=Part.VISION, text=Words(en="More."), by=backbone.user),
        lambda: version.write(by=backbone.user),
        lambda: version.shift(uid, by=backbone.user, up=True),
        lambda: version.remove(uid, by=backbone.user),
        lambda: version.discard(by=backbone.user),
        lambda: chartering.cite(version, "event", event, backbone),
        lambda: chartering.link(version, goal, by=backbone),
    ):
        with pytest.raises(ValidationError):
            change()


def test_a_proposed_charter_is_frozen_for_shells(draft, initiative, backbone):
    citation = chartering.cite(
        draft, "event", builders.an_event(initiative, backbone.user), backbone
    )
    goal = chartering.a_goal(initiative, backbone, "systems")
    chartering.link(draft, goal, by=backbone)
    version = chartering.proposed(draft, backbone)
    one = Paragraph.objects.filter(pk=chartering.paragraph(version).pk)
    citations = Citation.objects.filter(pk=citation.pk)

    refused(lambda: one.update(text=Words(en="Other words.")))
    refused(one.delete)
    refused(
        lambda: Paragraph.objects.create(
            initiative=initiative, version=version, part="vision", order=9, text=Words(en="x")
        )
    )
    refused(CharterGoal.objects.filter(version=version).delete)
    refused(citations.delete)
    refused(lambda: citations.update(note="other"))
    refused(lambda: Citation.cite(version, citation.citable, by=backbone.user, anchor="elsewhere"))
    refused(lambda: CharterVersion.objects.filter(pk=version.pk).update(number=7))
    refused(lambda: CharterVersion.objects.filter(pk=version.pk).update(state="draft"))
    refused(CharterVersion.objects.filter(pk=version.pk).delete)


def test_a_paragraph_cannot_be_moved_into_a_frozen_version(draft, initiative, backbone):
    version = chartering.proposed(draft, backbone)
    after = version.amend(by=backbone.user)

    refused(
        lambda: Paragraph.objects.filter(version=after, part="problem").update(
            version=version, order=5, thread=uuid.uuid4()
        )
    )


def test_other_peoples_citations_are_left_alone(initiative, backbone, draft):
    chartering.proposed(draft, backbone)
    other = builders.a_dimension(initiative, code="other", groups=())
    event = builders.an_event(initiative, backbone.user)

    citing.cite(other, kind="event", uid=event.uid, by=backbone.user)

    assert Citation.objects.of(other).count() == 1


# --- drafting


def test_the_next_version_is_a_copy_with_all_it_cites(draft, initiative, backbone):
    chartering.cite(draft, "event", builders.an_event(initiative, backbone.user), backbone)
    goal = chartering.a_goal(initiative, backbone, "systems")
    chartering.link(draft, goal, by=backbone)
    version = chartering.proposed(draft, backbone)

    after = version.amend(by=backbone.user)

    assert (after.number, after.basis, after.state) == (2, version, "draft")
    assert [p.text for p in after.paragraphs.all()] == [p.text for p in version.paragraphs.all()]
    assert after.cited("problem") == version.cited("problem") != []
    assert list(after.goals.all()) == [goal]


def test_there_is_one_draft_at_a_time(draft, initiative, backbone):
    with pytest.raises(ValidationError):
        CharterVersion.start(initiative=initiative, by=backbone.user)
    version = chartering.proposed(draft, backbone)
    version.amend(by=backbone.user)

    with pytest.raises(ValidationError):
        version.amend(by=backbone.user)


def test_paragraphs_move_within_their_part(draft, backbone):
    second = draft.add(part=Part.PROBLEM, text=Words(en="Two."), by=backbone.user)
    third = draft.add(part=Part.PROBLEM, text=Words(en="Three."), by=backbone.user)

    draft.shift(third.uid, by=backbone.user, up=True)
    draft.shift(second.uid, by=backbone.user, up=False)

    texts = [str(each) for each in draft.paragraphs.filter(part=Part.PROBLEM)]
    assert texts == ["Babies are born small where rents are high.", "Three.", "Two."]


def test_a_paragraph_goes_with_what_it_cites(draft, initiative, backbone):
    chartering.cite(draft, "event", builders.an_event(initiative, backbone.user), backbone)

    draft.remove(chartering.paragraph(draft).uid, by=backbone.user)

    assert not Citation.objects.of(draft).exists()


def test_a_discarded_draft_leaves_nothing(draft, initiative, backbone):
    chartering.cite(draft, "event", builders.an_event(initiative, backbone.user), backbone)
    goal = chartering.a_goal(initiative, backbone, "systems")
    chartering.link(draft, goal, by=backbone)

    draft.discard(by=backbone.user)

    assert chartering.versions(initiative) == {}
    assert not Citation.objects.filter(source_kind="agenda.charterversion").exists()

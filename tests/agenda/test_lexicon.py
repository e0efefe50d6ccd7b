"""When a word is agreed, what stays beside it, and that no way leads round the rule."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, IntegrityError, connection, transaction

from agenda.lexicon.starters import STARTERS
from agenda.models import Stance, Term, TermRemark, TermSettlement, TermWording
from ciforum.people import clock
from ciforum.people.models import AuditLine, Notice
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from tests import builders


@pytest.fixture
def term(initiative, backbone):
    """A word, proposed eight days ago."""
    with clock.at(clock.now() - timedelta(days=8)):
        return builders.a_term(initiative, backbone, "equity")


def say(term, *members, agrees=True, note="It leaves my street out."):
    for member in members:
        Stance.take(wording=term.newest, by=member.user, agrees=agrees, note=note)


def some(initiative, count, role="community"):
    return [builders.a_member(initiative, role) for _each in range(count)]


# --- the rule


def test_three_members_two_of_them_residents_agree_on_a_word(term, initiative, backbone):
    say(term, *some(initiative, 2), *some(initiative, 1, "partner"))

    assert term.settle(by=backbone.user) == "agreed"
    term.refresh_from_db()
    assert (term.state, term.in_force) == ("agreed", term.newest)


def test_staff_and_partners_alone_agree_on_nothing(term, initiative, backbone):
    say(term, backbone, *some(initiative, 3, "partner"), *some(initiative, 1))

    with pytest.raises(ValidationError, match="2 of them residents"):
        term.settle(by=backbone.user)


def test_a_resident_who_works_for_the_backbone_counts_as_staff(term, initiative, backbone):
    both = builders.a_member(initiative, "community")
    organization = builders.an_organization(initiative)
    builders.a_member(initiative, "backbone", organization=organization, user=both.user)
    say(term, both, *some(initiative, 1), *some(initiative, 1, "funder"))

    with pytest.raises(ValidationError, match="1 of them residents"):
        term.settle(by=backbone.user)


def test_as_many_who_dissent_make_a_word_contested_and_keep_their_notes(term, initiative, backbone):
    say(term, *some(initiative, 2))
    say(term, *some(initiative, 2), agrees=False)

    assert term.settle(by=backbone.user) == "contested"
    assert term.is_public
    assert [each.note for each in term.stances.dissent()] == ["It leaves my street out."] * 2


def test_a_contested_word_is_agreed_once_more_agree(term, initiative, backbone):
    objector = builders.a_member(initiative, "community")
    say(term, objector, agrees=False)
    term.settle(by=backbone.user)
    say(term, *some(initiative, 3))

    assert term.settle(by=backbone.user) == "agreed"
    outcomes = list(term.newest.settlements.values_list("outcome", flat=True))
    assert outcomes == ["contested", "agreed"]
    assert term.stances.dissent().get().person == objector.user


def test_a_wording_is_open_for_a_week(initiative, backbone):
    term = builders.a_term(initiative, backbone)
    say(term, *some(initiative, 3))

    with pytest.raises(ValidationError, match="open for 7 days"):
        term.settle(by=backbone.user)


def test_who_has_left_no_longer_counts(term, initiative, backbone):
    leaving, *others = some(initiative, 3)
    say(term, leaving, *others)
    leaving.end(by=backbone.user)

    with pytest.raises(ValidationError, match="So far 2 agree"):
        term.settle(by=backbone.user)


@pytest.mark.parametrize("role", ["community", "partner", "funder", "committee"])
def test_a_role_at_sign_in_settles_nothing(term, initiative, role):
    member = builders.a_member(initiative, role)

    with pytest.raises(ValidationError, match="backbone or with a seat"):
        term.settle(by=member.user)


def test_a_stranger_can_neither_propose_nor_answer(term, initiative):
    stranger = builders.a_member(builders.an_initiative(), "backbone")

    for attempt in (
        lambda: builders.a_term(initiative, stranger),
        lambda: say(term, stranger),
        lambda: TermRemark.write(term=term, by=stranger.user, text="Hello"),
        lambda: term.settle(by=stranger.user),
        lambda: term.propose_amendment(by=stranger.user, word=Words(en="x")),
    ):
        with pytest.raises(ValidationError, match="Only members"):
            attempt()


@pytest.mark.parametrize("missing", ["word", "definition"])
def test_nobody_agrees_with_words_that_some_cannot_read(initiative, backbone, resident, missing):
    term = builders.a_term(initiative, backbone, **{missing: Words(en="English only")})

    with pytest.raises(ValidationError, match="missing in Spanish"):
        say(term, resident)
    say(term, resident, agrees=False)
    assert term.stances.count() == 1


def test_a_dissent_says_why(term, resident):
    with pytest.raises(ValidationError, match="Say why"):
        say(term, resident, agrees=False, note="  ")


def test_she_changes_her_mind_until_it_is_agreed(term, initiative, backbone, resident):
    say(term, resident, agrees=False)
    say(term, resident)
    say(term, *some(initiative, 2))
    term.settle(by=backbone.user)

    with pytest.raises(StateChanged):
        say(term, resident, agrees=False)
    assert term.newest.count().as_dict() == {
        "agree": 3, "agree_residents": 3, "dissent": 0, "dissent_residents": 0
    }  # fmt: skip


# --- other words


def test_agreed_words_stay_in_force_while_others_are_discussed(initiative, backbone, resident):
    term = builders.an_agreed_term(initiative, backbone)
    before = term.in_force
    with clock.at(clock.now() + timedelta(days=1)):
        term.propose_amendment(by=resident.user, word=term.word, definition=Words(en="a", es="b"))
    term.refresh_from_db()

    assert (term.state, term.in_force, term.newest.number) == ("proposed", before, 2)
    assert list(Term.objects.for_initiative(initiative).in_use()) == [term]
    with clock.at(clock.now() + timedelta(days=9)):
        builders.agreed(term, backbone)
    assert (term.state, term.in_force.number) == ("agreed", 2)
    assert [each.number for each in term.wordings.all()] == [2, 1]


def test_stances_belong_to_the_words_they_were_about(term, initiative, backbone, resident):
    say(term, *some(initiative, 3))
    old = term.newest
    term.propose_amendment(by=resident.user, word=term.word, definition=Words(en="a", es="b"))

    assert term.newest.count().agree == 0
    assert old.count().agree == 3
    with pytest.raises(StateChanged):
        Stance.take(wording=old, by=resident.user, agrees=True)


def test_who_answered_the_old_words_hears_of_the_new(term, resident, backbone):
    say(term, resident)
    term.propose_amendment(by=backbone.user, word=term.word, definition=Words(en="a", es="b"))

    assert list(Notice.objects.values_list("to", "kind")) == [(resident.user.pk, "term.amended")]


def test_those_who_took_part_hear_how_it_ended(term, initiative, backbone):
    three = some(initiative, 3)
    say(term, *three)
    some(initiative, 1)
    term.settle(by=backbone.user)

    told = Notice.objects.filter(kind="term.settled").values_list("to", flat=True)
    assert set(told) == {member.user.pk for member in three}


# --- core words


def test_a_core_word_is_open_until_it_is_agreed(initiative, backbone):
    term = builders.a_term(initiative, backbone, is_core=True)
    assert list(Term.objects.open_core(initiative)) == [term]

    with clock.at(clock.now() + timedelta(days=8)):
        builders.agreed(term, backbone)
        term.propose_amendment(by=backbone.user, word=term.word, definition=Words(en="a", es="b"))

    assert not Term.objects.open_core(initiative)
    assert list(Term.objects.agreed_core(initiative)) == [term]


def test_core_words_nobody_proposed_are_missing_too(initiative, backbone):
    core = {str(each.word) for each in STARTERS if each.is_core}
    assert {str(word) for word in Term.missing_core(initiative)} == core

    builders.an_agreed_term(initiative, backbone, "equity")
    assert {str(word) for word in Term.missing_core(initiative)} == core - {"equity"}


def test_only_who_may_settle_lets_the_charter_wait_for_a_word(initiative, resident, backbone):
    with pytest.raises(ValidationError, match="backbone or with a seat"):
        builders.a_term(initiative, resident, is_core=True)
    term = builders.a_term(initiative, resident)
    term.make_core(by=backbone.user)

    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(pk=term.pk).update(is_core=False)


def test_starters_come_once_in_both_languages_as_proposals(initiative, backbone):
    builders.a_term(initiative, backbone, "power")

    made = Term.propose_starters(initiative=initiative, by=backbone.user)
    again = Term.propose_starters(initiative=initiative, by=backbone.user)

    assert len(made) == len(STARTERS) - 1
    assert again == []
    assert {term.state for term in made} == {"proposed"}
    assert [term.code for term in made if term.newest.missing_languages] == []


@pytest.mark.django_db
def test_starters_speak_only_the_languages_of_the_initiative():
    initiative = builders.an_initiative(languages=["es"])
    member = builders.a_member(initiative, "backbone")
    made = Term.propose_starters(initiative=initiative, by=member.user)

    assert {tuple(term.word) for term in made} == {("es",)}


# --- erasing


def test_a_note_is_erased_by_its_author_and_leaves_a_mark(term, initiative, backbone, resident):
    say(term, resident, agrees=False)
    say(term, *some(initiative, 3))
    term.settle(by=backbone.user)
    stance = term.stances.dissent().get()

    with pytest.raises(ValidationError, match="Only the person who wrote"):
        stance.erase_note(by=backbone.user)
    stance.erase_note(by=resident.user)

    stance.refresh_from_db()
    assert (stance.agrees, stance.note, stance.shows_name) == (False, "", False)
    assert stance.erased_at
    assert term.newest.settlements.get().dissent == 1


def test_a_remark_is_erased_by_its_author_and_leaves_a_mark(term, backbone, resident):
    remark = TermRemark.write(term=term, by=resident.user, text="My street says it differently.")

    with pytest.raises(ValidationError, match="Only the person who wrote"):
        remark.erase(by=backbone.user)
    remark.erase(by=resident.user)

    remark.refresh_from_db()
    assert remark.text == ""
    assert remark.erased_at


def test_the_trail_of_states_holds_no_words_of_hers(term, resident):
    say(term, resident, agrees=False, note="Secret reason")
    TermRemark.write(term=term, by=resident.user, text="Secret words")

    assert not AuditLine.objects.filter(note__contains="Secret").exists()


# --- no way round


def refused(change):
    with pytest.raises(Error), transaction.atomic():
        change()


def test_a_shell_agrees_on_nothing(term, initiative, resident):
    say(term, resident)
    mine = Term.objects.filter(pk=term.pk)

    refused(lambda: mine.update(state="agreed"))
    refused(lambda: mine.update(state="agreed", in_force=term.newest))
    refused(lambda: mine.update(in_force=term.newest))
    refused(lambda: mine.update(state="contested"))
    refused(lambda: mine.delete())


def settlement(term, by, **fields):
    values = {
        "outcome": "agreed",
        "agree": 3,
        "agree_residents": 3,
        "dissent": 0,
        "dissent_residents": 0,
    }
    return TermSettlement.objects.create(
        initiative=term.initiative,
        wording=term.newest,
        by=by.user,
        at=clock.now(),
        **{**values, **fields},
    )


def test_a_shell_counts_nobody_who_did_not_speak(term, initiative, backbone):
    say(term, *some(initiative, 2), *some(initiative, 1, "partner"))

    refused(lambda: settlement(term, backbone))
    refused(lambda: settlement(term, backbone, agree_residents=1))
    settlement(term, backbone, agree_residents=2)


def test_a_shell_settles_neither_early_nor_in_half_the_languages(initiative, backbone):
    early = builders.a_term(initiative, backbone)
    say(early, *some(initiative, 3))
    refused(lambda: settlement(early, backbone))

    with clock.at(clock.now() - timedelta(days=9)):
        half = builders.a_term(initiative, backbone, definition=Words(en="English only"))
    for member in some(initiative, 3):
        Stance.objects.create(
            initiative=initiative, term=half, wording=half.newest, person=member.user, agrees=True
        )
    refused(lambda: settlement(half, backbone))


def test_a_shell_changes_no_wording_and_no_settled_stance(initiative, backbone, resident):
    term = builders.an_agreed_term(initiative, backbone)
    stances = Stance.objects.filter(term=term)

    refused(lambda: TermWording.objects.filter(term=term).update(definition=Words(en="x")))
    refused(lambda: TermWording.objects.filter(term=term).delete())
    refused(lambda: TermSettlement.objects.update(agree=9))
    refused(lambda: stances.update(agrees=False, note="forged"))
    refused(lambda: stances.update(person=resident.user))
    refused(lambda: stances.delete())


def test_a_shell_puts_no_words_into_a_mouth(term, resident):
    remark = TermRemark.write(term=term, by=resident.user, text="Mine")
    say(term, resident, agrees=False)

    refused(lambda: TermRemark.objects.filter(pk=remark.pk).update(text="Not mine"))
    refused(lambda: Stance.objects.filter(term=term).update(note=""))


def test_another_terms_wording_is_not_in_force_here(initiative, backbone):
    agreed = builders.an_agreed_term(initiative, backbone)
    other = builders.a_term(initiative, backbone)

    refused(
        lambda: Term.objects.filter(pk=other.pk).update(
            state="agreed", newest=agreed.newest, in_force=agreed.newest
        )
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_settle_at_once_one_does(initiative, backbone):
    with clock.at(clock.now() - timedelta(days=8)):
        term = builders.a_term(initiative, backbone)
    say(term, *some(initiative, 3))
    start, said = Barrier(2), []

    def settle():
        try:
            mine = Term.objects.get(pk=term.pk)
            start.wait()
            said.append(mine.settle(by=backbone.user))
        except StateChanged:
            said.append("late")
        finally:
            connection.close()

    threads = [Thread(target=settle) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["agreed", "late"]
    assert TermSettlement.objects.filter(wording=term.newest).count() == 1

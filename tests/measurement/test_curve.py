"""Turning the curve: answers that keep every version, and what groups are compared with."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.models import Group
from measurement.models import Comparison, CurveNote
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def indicator(initiative):
    builders.a_dimension(initiative)
    return builders.an_indicator(initiative, slug="births")


@pytest.fixture
def address(indicator):
    def of(name, *more):
        return reverse(f"measurement:{name}", args=[indicator.initiative.slug, "births", *more])

    return of


def answer(indicator, by, text="The clinic closes early.", seen=0, question="explains"):
    return CurveNote.write(
        indicator=indicator, question=question, text=Words(en=text), seen=seen, by=by.user
    )


def test_every_answer_is_kept_and_the_newest_stands(indicator, backbone):
    answer(indicator, backbone)
    answer(indicator, backbone, "Buses stop at six.", seen=1)

    assert [str(note.text) for note in CurveNote.objects.order_by("number")] == [
        *("The clinic closes early.", "Buses stop at six.")
    ]
    assert [note.number for note in CurveNote.objects.newest()] == [2]


def test_an_answer_on_top_of_one_she_did_not_see_is_refused(indicator, backbone):
    answer(indicator, backbone)

    with pytest.raises(StateChanged):
        answer(indicator, backbone, "Mine", seen=0)


def test_the_first_answer_needs_words_and_a_later_one_may_take_them_back(indicator, backbone):
    with pytest.raises(ValidationError):
        CurveNote.write(
            indicator=indicator, question="works", text=Words(), seen=0, by=backbone.user
        )
    answer(indicator, backbone)

    CurveNote.write(
        indicator=indicator, question="explains", text=Words(), seen=1, by=backbone.user
    )

    assert not CurveNote.objects.newest().get().text


@pytest.mark.parametrize("change", [{"number": 9}, {"question": "works"}])
def test_a_shell_cannot_change_an_answer(indicator, backbone, change):
    answer(indicator, backbone)

    with pytest.raises(DatabaseError), transaction.atomic():
        CurveNote.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        CurveNote.objects.all().delete()


def test_backbone_and_seats_answer_others_do_not(indicator, backbone, resident, login, address):
    seat = builders.a_member(indicator.initiative, "community")
    builders.a_seat(builders.a_committee(indicator.initiative), seat)
    new = {"text_en": "Interpreters come on Mondays only.", "text_0": "Interpreters", "seen": 0}

    answers = {
        who: login(person.user).post(address("curve_note", "works"), new).status_code
        for who, person in (("backbone", backbone), ("resident", resident), ("seat", seat))
    }

    assert answers == {"backbone": 302, "resident": 403, "seat": 422}  # the seat saw no answer


def test_answers_are_public_with_every_version(client, indicator, backbone, partner, address):
    builders.approved(indicator, partner, backbone, {(2020, "Here"): (68, 900)})
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    answer(indicator, backbone)
    answer(indicator, backbone, "Buses stop at six.", seen=1)

    page = client.get(address("curve_history", "explains")).content.decode()

    assert page.index("Buses stop at six.") < page.index("The clinic closes early.")


def test_answers_of_an_unpublished_indicator_stay_inside(client, indicator, backbone, address):
    answer(indicator, backbone)

    assert client.get(address("curve_history", "explains")).status_code == 404
    assert client.get(address("curve_history", "nonsense")).status_code == 404


def test_any_comparison_but_the_goal_needs_its_reason(indicator, backbone):
    with pytest.raises(ValidationError) as refused:
        Comparison.compare_with(indicator=indicator, against="mean", by=backbone.user)
    assert "reason" in refused.value.error_dict

    Comparison.compare_with(indicator=indicator, against="goal", by=backbone.user)


def test_a_named_group_must_be_named_and_be_of_this_initiative(indicator, backbone):
    stranger = builders.a_dimension(builders.an_initiative(), groups=("white",)).groups.get()

    for group in (None, stranger):
        with pytest.raises(ValidationError) as refused:
            Comparison.compare_with(
                indicator=indicator, against="group", group=group,
                reason=Words(en="As the state does."), by=backbone.user,
            )  # fmt: skip
        assert "group" in refused.value.error_dict


def test_a_shell_cannot_compare_without_a_reason(indicator, backbone):
    with pytest.raises(DatabaseError), transaction.atomic():
        Comparison.objects.create(
            initiative=indicator.initiative, indicator=indicator, against="mean", by=backbone.user
        )


def test_the_backbone_chooses_the_comparison(indicator, backbone, resident, login, address):
    white = Group.objects.get(code="white")
    new = {"against": "group", "group": str(white.uid), "reason_en": "The state does so."}

    assert login(resident.user).post(address("comparison"), new).status_code == 403
    answered = login(backbone.user).post(address("comparison"), new)

    assert answered.status_code == 302, answered.content.decode()[:2000]
    made = Comparison.objects.get()
    assert (made.against, made.group, str(made.reason)) == ("group", white, "The state does so.")

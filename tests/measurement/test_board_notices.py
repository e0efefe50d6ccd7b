"""Whoever decides on a dashboard hears that it is proposed, in her own language."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from ciforum.people import notices
from ciforum.people.models import Duty, Notice
from tests import boards_building as building
from tests import builders, chartering

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(initiative, backbone, resident):
    made = building.a_board(initiative, resident)
    building.a_panel(made, resident, chartering.a_figure(initiative, backbone))
    return made


@pytest.fixture
def committee(initiative):
    return builders.a_member(initiative, "committee")


def told(kind="board.look"):
    return set(Notice.objects.filter(kind=kind).values_list("to", flat=True))


def asked():
    return set(
        Duty.objects.filter(kind="board.look", done_at=None).values_list("owner__user", flat=True)
    )


def test_those_who_decide_are_told_and_nobody_else(board, resident, backbone, committee, partner):
    member = builders.a_member(board.initiative, "community")
    seat = builders.a_seat(builders.a_committee(board.initiative), member)
    elsewhere = builders.a_member(builders.an_initiative(), "backbone")
    left = builders.a_member(board.initiative, "committee")
    left.end(by=backbone.user)

    board.propose(by=resident.user)

    expected = {backbone.user.pk, committee.user.pk, seat.holder.user.pk}
    assert told() == expected
    assert asked() == expected
    assert not expected & {elsewhere.user.pk, left.user.pk, partner.user.pk, resident.user.pk}


def test_a_mail_speaks_the_language_of_its_reader_and_leads_to_the_draft(
    board, resident, backbone, login
):
    backbone.user.language = "es"
    backbone.user.save(update_fields=["language"])
    board.propose(by=resident.user)

    mail.outbox.clear()
    Notice.objects.exclude(to=backbone.user, kind="board.look").delete()
    Notice.objects.update(sent_at=None)
    notices.send_unsent()

    (letter,) = mail.outbox
    address = reverse("measurement:board_compose", args=[board.initiative.slug, board.slug])
    assert "How babies fare (es)" in letter.subject
    assert address in letter.body
    assert login(backbone.user).get(address).status_code == 200


def test_who_proposes_is_not_asked_herself(board, backbone):
    board.propose(by=backbone.user)

    assert backbone.user.pk not in told()


def test_once_it_is_public_nobody_is_asked_and_its_owner_hears_of_it(
    board, resident, backbone, committee
):
    board.propose(by=resident.user)

    board.publish(by=committee.user)

    assert asked() == set()
    assert told("board.published") == {resident.user.pk}


def test_put_away_it_asks_nobody(board, resident, backbone):
    board.propose(by=resident.user)

    board.archive(by=resident.user)

    assert asked() == set()


def test_proposed_again_they_are_asked_again(board, resident, backbone):
    board.propose(by=resident.user)
    board.propose(by=resident.user)

    assert Notice.objects.filter(kind="board.look", to=backbone.user).count() == 2

"""Dashboards: composed of released numbers, arranged in drafts, published by those who may."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from measurement.models import Board, Panel
from measurement.showing.shown import Choice
from tests import boards_building as building
from tests import builders, chartering

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def indicator(initiative, backbone):
    return chartering.a_figure(initiative, backbone)


@pytest.fixture
def board(initiative, backbone):
    return building.a_board(initiative, backbone)


def orders(board):
    return [(each.order, str(each.heading)) for each in board.in_order()]


def test_a_panel_shows_a_released_indicator_only(board, backbone, initiative):
    secret = builders.an_indicator(initiative)

    with pytest.raises(ValidationError) as refused:
        building.a_panel(board, backbone, secret)

    assert refused.value.messages == ["Nothing of this indicator is released yet."]


def test_a_panel_cannot_show_another_initiatives_indicator(board, backbone):
    other = builders.an_initiative()
    theirs = chartering.a_figure(other, builders.a_member(other, "backbone"))

    with pytest.raises(ValidationError):
        building.a_panel(board, backbone, theirs)
    with pytest.raises(IntegrityError), transaction.atomic():
        Panel.objects.bulk_create(
            [
                Panel(
                    initiative=board.initiative,
                    board=board,
                    order=1,
                    kind="line",
                    indicator=theirs,
                )
            ]
        )


def test_panels_move_and_come_back_to_where_they_stood(board, backbone):
    one, two, three = (building.a_text(board, backbone, text) for text in ("One", "Two", "Three"))

    three.shift(up=True, by=backbone.user)
    one.remove(by=backbone.user)
    after_removal = [each.pk for each in board.in_order()]
    board.last_removed().put_back(by=backbone.user)

    assert after_removal == [three.pk, two.pk]
    assert [each.pk for each in board.in_order()] == [one.pk, three.pk, two.pk]
    assert [each.order for each in board.in_order()] == [1, 2, 3]


def test_a_panel_that_a_colleague_took_away_is_not_brought_back_by_changing_it(board, backbone):
    mine = building.a_text(board, backbone, "One")
    Panel.objects.get(pk=mine.pk).remove(by=backbone.user)

    with pytest.raises(StateChanged):
        mine.change(choice=Choice(), title=Words(), words=Words(en="Two"), by=backbone.user)

    assert board.in_order() == []


def test_a_panel_that_a_colleague_moved_stays_there_when_it_is_changed(board, backbone):
    one, two = (building.a_text(board, backbone, text) for text in ("One", "Two"))
    Panel.objects.get(pk=two.pk).shift(up=True, by=backbone.user)

    one.change(choice=Choice(), title=Words(), words=Words(en="First"), by=backbone.user)

    assert [(each.pk, each.order) for each in board.in_order()] == [(two.pk, 1), (one.pk, 2)]


def test_a_board_takes_24_panels(board, backbone):
    for number in range(24):
        building.a_text(board, backbone, f"Text {number}")

    with pytest.raises(ValidationError):
        building.a_text(board, backbone, "One too many")
    with pytest.raises(IntegrityError), transaction.atomic():
        Panel.objects.bulk_create(
            [
                Panel(
                    initiative=board.initiative,
                    board=board,
                    order=25,
                    kind="text",
                    words=Words(en="x"),
                )
            ]
        )


def test_a_public_board_stays_as_it_was_seen(initiative, backbone, indicator):
    public = building.a_public_board(initiative, backbone, indicator)

    with pytest.raises(StateChanged):
        building.a_text(public, backbone)
    with pytest.raises(IntegrityError), transaction.atomic():
        public.panels.update(kind="table")
    public.take_back(by=backbone.user)
    building.a_text(public, backbone)

    assert len(public.in_order()) == 3


def test_no_shell_makes_an_empty_board_public(board, backbone):
    with pytest.raises(ValidationError):
        board.publish(by=backbone.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Board.objects.filter(pk=board.pk).update(
            state="public", public_at=board.made_at, published_by=backbone.user
        )


def test_publishing_and_archiving_make_cached_pages_anew(initiative, backbone, indicator):
    board = building.a_board(initiative, backbone)
    building.a_panel(board, backbone, indicator)
    versions = []

    for step in (board.publish, board.archive):
        step(by=backbone.user)
        initiative.refresh_from_db()
        versions.append(initiative.public_version)

    assert versions[0] < versions[1]


def test_a_copy_is_her_own_draft(initiative, backbone, resident, indicator):
    public = building.a_public_board(initiative, backbone, indicator)

    mine = public.copy(by=resident.user)

    assert (mine.owner, mine.state, mine.slug) == (resident.user, "draft", "how-babies-fare-2")
    assert [each.indicator for each in mine.in_order()] == [indicator] * 2


def test_two_boards_of_one_title_have_two_addresses(initiative, backbone):
    slugs = [building.a_board(initiative, backbone, "New").slug for _each in range(2)]

    assert slugs == ["new-2", "new-3"]


def test_a_choice_that_is_not_released_is_refused(board, backbone, indicator):
    with pytest.raises(ValidationError):
        building.a_panel(board, backbone, indicator, choice=Choice(by="income"))
    with pytest.raises(ValidationError):
        building.a_panel(
            board, backbone, indicator, "tile", choice=Choice(by="race"), group="race:green"
        )

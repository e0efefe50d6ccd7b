"""Today: what needs her, what she was told, and where to go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ciforum.people import duties, notices, registry
from ciforum.people.models import Duty, Notice
from tests import builders


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """One kind of duty and one of message."""
    duty = registry.DutyKind(
        sentence=lambda params: f"Look at {params['what']}.",
        url=lambda initiative, params: f"/{initiative.slug}/look/",
        action="Look",
    )
    notice = registry.NoticeKind(
        subject=lambda params: f"News of {params['what']}",
        body=lambda params: "<b>It came.</b>",
        url=lambda initiative, params: f"/{initiative.slug}/news/",
    )
    monkeypatch.setattr(registry.duties, "_entries", {"look": duty})
    monkeypatch.setattr(registry.notices, "_entries", {"news": notice})


@pytest.fixture
def today(login, initiative):
    """Her page, as she reads it."""

    def read(member):
        return login(member.user).get(f"/{initiative.slug}/today/")

    return read


def owe(member, what, **fields):
    duties.owe(member, "look", about=member.uid, dedup_key=what, what=what, **fields)


def sentences(answer):
    return [line.sentence for line in answer.context["duties"]]


def test_who_has_nothing_to_do_is_told_what_she_could_do(today, partner):
    answer = today(partner)

    page = answer.content.decode()
    assert "You are up to date" in page
    assert f'href="/{partner.initiative.slug}/measurement/desk/upload/"' in page


def test_duties_come_by_date_and_late_ones_say_so(today, partner):
    now = timezone.now()
    owe(partner, "rivers")
    owe(partner, "schools", due=now + timedelta(days=2))
    owe(partner, "clinics", due=now - timedelta(days=2))

    answer = today(partner)

    assert sentences(answer) == ["Look at clinics.", "Look at schools.", "Look at rivers."]
    assert [line.is_late for line in answer.context["duties"]] == [True, False, False]
    page = answer.content.decode()
    assert "3 things need you. 1 is late." in page
    assert f'href="/{partner.initiative.slug}/look/"' in page


def test_what_is_done_is_gone_for_everybody(today, partner, backbone):
    for member in (partner, backbone):
        duties.owe(member, "look", about=partner.uid, what="rivers")

    duties.settle(partner.uid, "look")

    assert sentences(today(partner)) == sentences(today(backbone)) == []


def test_a_duty_is_owed_once_however_often_it_is_said(today, partner):
    owe(partner, "rivers")
    owe(partner, "rivers")

    assert Duty.objects.count() == 1


def test_only_ones_own_of_this_initiative_are_shown(today, partner, resident):
    elsewhere = builders.a_member(builders.an_initiative(), "partner", user=partner.user)
    owe(elsewhere, "other places")
    owe(resident, "other people")

    assert sentences(today(partner)) == []


def test_duties_of_all_her_memberships_here_are_shown(today, initiative, partner):
    second = builders.a_member(initiative, "community", user=partner.user)
    owe(partner, "rivers")
    owe(second, "schools")

    assert sentences(today(partner)) == ["Look at rivers.", "Look at schools."]


def test_messages_are_new_until_they_are_marked_read(login, today, initiative, partner):
    notices.notify(partner.user, "news", initiative=initiative, dedup_key="1", what="rivers")
    notices.notify(builders.a_user(), "news", initiative=initiative, dedup_key="1", what="schools")
    answer = today(partner)
    assert [line.subject for line in answer.context["unread"]] == ["News of rivers"]
    assert "&lt;b&gt;It came.&lt;/b&gt;" in answer.content.decode()

    login(partner.user).post(f"/{initiative.slug}/today/notices/read/")

    answer = today(partner)
    assert answer.context["unread"] == []
    assert [line.subject for line in answer.context["earlier"]] == ["News of rivers"]
    assert Notice.objects.filter(read_at=None).count() == 1


def test_marking_read_is_no_link(login, initiative, partner):
    address = f"/{initiative.slug}/today/notices/read/"

    assert login(partner.user).get(address).status_code == 405


def test_kinds_that_are_gone_break_nothing(today, initiative, partner):
    Duty.objects.create(initiative=initiative, owner=partner, kind="gone", dedup_key="1")
    Notice.objects.create(initiative=initiative, to=partner.user, kind="gone", dedup_key="1")

    assert today(partner).status_code == 200


@pytest.mark.parametrize(
    ("role", "first"),
    [
        ("backbone", "/measurement/desk/"),
        ("partner", "/measurement/desk/upload/"),
        ("funder", "/measurement/dashboard/"),
        ("committee", "/measurement/"),
        ("community", "/measurement/"),
    ],
)
def test_each_role_has_its_own_ways(today, initiative, role, first):
    answer = today(builders.a_member(initiative, role))

    assert answer.context["shortcuts"][0].url == f"/{initiative.slug}{first}"


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_much_there_is(
    login, initiative, partner, number, django_assert_num_queries
):
    for each in range(number):
        owe(partner, str(each))
        notices.notify(
            partner.user, "news", initiative=initiative, dedup_key=str(each), what=str(each)
        )
    browser = login(partner.user)

    with django_assert_num_queries(9):
        browser.get(f"/{initiative.slug}/today/")

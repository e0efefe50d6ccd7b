"""Who gets in where: strangers, members, superusers, and the frame's language and clock."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from ciforum.people.models import Initiative, User
from tests import builders

MEMBERS = "/{}/people/"


@pytest.mark.parametrize("slug", ["{}", "no-such-initiative"])
def test_signed_out_one_is_sent_to_sign_in_and_not_told_whether_it_exists(client, initiative, slug):
    address = MEMBERS.format(slug.format(initiative.slug))

    answer = client.get(address)

    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/accounts/login/?next={address}",
    )


@pytest.mark.parametrize("fields", [{}, {"is_superuser": True, "is_staff": True}])
def test_a_stranger_is_not_told_whether_it_exists(login, initiative, fields):
    stranger = login(builders.a_user(**fields))

    there = stranger.get(MEMBERS.format(initiative.slug))
    nowhere = stranger.get(MEMBERS.format("no-such-initiative"))

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert told(there, initiative.slug) == told(nowhere, "no-such-initiative")


def told(answer, slug):
    """What the page says, without the form token and the address that was asked for."""
    text = answer.content.decode().replace(slug, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


def test_a_member_of_another_initiative_is_a_stranger(login, initiative):
    elsewhere = builders.a_member(builders.an_initiative(), "backbone")

    assert login(elsewhere.user).get(MEMBERS.format(initiative.slug)).status_code == 404


def test_a_membership_that_ended_opens_nothing(login, initiative, backbone, resident):
    resident.end(by=backbone.user)

    assert login(resident.user).get(MEMBERS.format(initiative.slug)).status_code == 404


def test_a_person_signed_out_by_an_administrator_is_out(login, initiative, resident):
    browser = login(resident.user)
    User.objects.filter(pk=resident.user.pk).update(is_active=False)

    assert browser.get(MEMBERS.format(initiative.slug)).status_code == 302


def test_htmx_is_sent_to_sign_in_as_a_whole_page_and_back_to_where_one_was(client, initiative):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/valley/today/?page=2"}

    answer = client.get(MEMBERS.format(initiative.slug), headers=headers)

    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/valley/today/%3Fpage%3D2"


def test_a_person_with_two_memberships_has_the_roles_of_both(login, initiative, partner):
    builders.a_member(initiative, "backbone", user=partner.user)

    answer = login(partner.user).get(reverse("people:invite", args=[initiative.slug]))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("account", "cookie", "asks", "query", "gets"),
    [
        (None, "", "", "", "en"),
        (None, "", "es", "", "es"),
        (None, "", "fr, es;q=0.5", "", "es"),
        (None, "", "en", "?lang=es", "es"),
        (None, "es", "en", "", "es"),
        (None, "xx", "es", "", "es"),
        ("es", "", "en", "", "es"),
        ("es", "", "en", "?lang=en", "es"),
        ("es", "en", "", "", "en"),
    ],
)
def test_language_is_the_one_chosen_then_the_accounts_then_the_browsers(
    db, account, cookie, asks, query, gets
):
    browser = Client(headers={"Accept-Language": asks})
    if account:
        browser.force_login(builders.a_user(language=account))
    if cookie:
        browser.cookies["language"] = cookie

    answer = browser.get("/about/" + query)

    assert answer.headers["Content-Language"] == gets
    assert f'<html lang="{gets}"' in answer.content.decode()
    assert "Cookie" in answer.headers["Vary"]


def test_language_and_clock_of_one_request_do_not_reach_the_next(login, initiative, resident):
    Initiative.objects.filter(pk=initiative.pk).update(time_zone="Pacific/Kiritimati")
    User.objects.filter(pk=resident.user.pk).update(language="es")

    login(resident.user).get(f"/{initiative.slug}/people/")

    assert timezone.get_current_timezone_name() == "UTC"
    assert translation.get_language() == "en"


def test_times_are_told_in_the_initiatives_zone(login, initiative, resident):
    Initiative.objects.filter(pk=initiative.pk).update(time_zone="Pacific/Kiritimati")
    type(resident).objects.filter(pk=resident.pk).update(joined_at="2024-01-31T23:00Z")

    page = login(resident.user).get(f"/{initiative.slug}/people/").content.decode()

    assert "Feb. 1, 2024" in page


@pytest.mark.parametrize(
    "address",
    ["/about/", "/", "/{}/", "/healthz", "/readyz", "/robots.txt", "/sitemap.xml", "/nowhere/x/y"],
)
def test_reading_public_pages_leaves_no_cookie(client, initiative, address):
    builders.an_initiative()

    answer = client.get(address.format(initiative.slug))

    assert dict(answer.cookies) == {}

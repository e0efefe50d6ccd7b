"""The admin shows people and initiatives to superusers, and nothing that has a verb."""

from __future__ import annotations

import pytest

from ciforum.people.admin import site
from ciforum.people.models import AuditLine, Initiative, User
from tests import builders


@pytest.fixture(autouse=True)
def no_second_step(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def root(login, db):
    return login(builders.a_user("root@example.org", is_superuser=True, is_staff=True))


def test_only_people_and_initiatives_are_registered():
    assert set(site._registry) == {User, Initiative}


def test_no_field_of_a_state_and_no_verb_can_be_reached():
    fields = {model: set(screen.fields) for model, screen in site._registry.items()}

    assert fields == {
        User: {"email", "name", "language", "is_active"},
        Initiative: {"slug", "name", "languages", "contact"},
    }
    assert not any(screen.actions for screen in site._registry.values())


@pytest.mark.parametrize("fields", [{}, {"is_staff": True}])
def test_others_do_not_find_it(login, db, fields):
    browser = login(builders.a_user(**fields))

    assert browser.get("/admin/", follow=True).status_code == 404


def test_there_is_one_way_in(client, db):
    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/admin/"
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302


@pytest.mark.parametrize(
    "page",
    [
        "",
        "people/user/",
        "people/user/{user}/change/",
        "people/initiative/",
        "people/initiative/add/",
        "people/initiative/{initiative}/change/",
    ],
)
def test_its_pages_open(root, initiative, page):
    user = User.objects.get(email="root@example.org")
    address = "/admin/" + page.format(user=user.pk, initiative=initiative.pk)

    assert root.get(address).status_code == 200


def test_people_are_neither_added_nor_deleted(root):
    user = builders.a_user()

    assert root.get("/admin/people/user/add/").status_code == 403
    assert root.post(f"/admin/people/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"}
    root.post("/admin/people/user/", bulk)
    assert User.objects.filter(pk=user.pk).exists()


def test_an_initiative_is_added_and_its_change_leaves_an_audit_line(root):
    values = {"name_en": "Valley", "languages": ["en", "es"], "contact": ""}
    root.post("/admin/people/initiative/add/", {**values, "slug": "valley"})
    valley = Initiative.objects.get(slug="valley")

    root.post(
        f"/admin/people/initiative/{valley.pk}/change/", {**values, "contact": "team@example.org"}
    )

    valley.refresh_from_db()
    assert valley.contact == "team@example.org"
    trail = AuditLine.objects.filter(record_uid=valley.uid).order_by("pk")
    assert list(trail.values_list("after", flat=True)) == ["founded", "described"]


def test_a_word_the_site_uses_is_no_address_of_an_initiative(root):
    answer = root.post(
        "/admin/people/initiative/add/",
        {"slug": "accounts", "name_en": "X", "languages": ["en"], "contact": ""},
    )

    assert answer.status_code == 200
    assert not Initiative.objects.exists()

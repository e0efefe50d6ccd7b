"""Pages of the whole site, and what machines ask."""

from __future__ import annotations

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.test import Client

from ciforum.people import registry
from ciforum.people.middleware import ColleagueMiddleware
from ciforum.people.models import Job, User
from ciforum.people.transitions import StateChanged
from ciforum.people.views import site
from ciforum.people.words import Words
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    site._migrated.cache_clear()


def test_health_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_says_that_all_is_well_and_how_old_the_queue_is(client):
    Job.objects.create(kind="x", run_at="2020-01-01T00:00Z")

    answer = client.get("/readyz")

    assert answer.status_code == 200
    state = answer.json()
    assert state.pop("oldest_job_seconds") > 10**8
    assert state == {"database": True, "migrations": True}


def test_ready_is_not_while_a_migration_is_missing(client):
    MigrationRecorder.Migration.objects.filter(app="people").delete()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"database": True, "migrations": False})


def test_robots_are_sent_to_public_pages(client, settings):
    settings.SITE_URL = "https://forum.example.org"

    text = client.get("/robots.txt").content.decode()

    assert "Disallow: /accounts/" in text
    assert "Sitemap: https://forum.example.org/sitemap.xml" in text


def test_the_sitemap_lists_public_pages_of_every_part(client, initiative, settings, monkeypatch):
    settings.SITE_URL = "https://forum.example.org"
    more = {"test": lambda each: [f"/{each.slug}/numbers/"]}
    monkeypatch.setattr(registry.public_urls, "_entries", more)

    text = client.get("/sitemap.xml").content.decode()

    for path in ("/", "/about/", f"/{initiative.slug}/", f"/{initiative.slug}/numbers/"):
        assert f"<loc>https://forum.example.org{path}</loc>" in text


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/about/", "/about/"),
        ("/about/?a=b%20c", "/about/?a=b%20c"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_choosing_a_language_leads_back_and_never_off_the_site(client, wanted, leads):
    answer = client.get("/i18n/es/", {"next": wanted})

    assert (answer.status_code, answer.headers["Location"]) == (302, leads)
    assert answer.cookies["language"].value == "es"


def test_choosing_a_language_changes_the_account(login):
    person = builders.a_user()

    login(person).get("/i18n/es/")

    assert User.objects.get(pk=person.pk).language == "es"


def test_a_language_nobody_speaks_here_is_not_found(client):
    assert client.get("/i18n/tlh/").status_code == 404


def test_one_initiative_is_the_home_page(client, initiative):
    assert client.get("/").headers["Location"] == f"/{initiative.slug}/"


def test_several_initiatives_are_listed_by_name_and_found_without_accents(client, initiative):
    builders.an_initiative(name=Words(en="Zürich Reads"))
    builders.an_initiative(name=Words(en="Émile’s Valley"))

    page = client.get("/").content.decode()
    assert page.index("Émile’s Valley") < page.index(str(initiative.name)) < page.index("Zürich")

    found = client.get("/?q=zurich").content.decode()
    assert "Zürich Reads" in found
    assert "Émile’s Valley" not in found


@pytest.mark.parametrize("number", [2, 4])
def test_the_list_costs_the_same_however_long_it_is(client, number, django_assert_num_queries):
    for _ in range(number):
        builders.an_initiative()

    with django_assert_num_queries(1):
        client.get("/")


def test_the_front_page_tells_what_the_initiative_is_and_what_stands_where(client):
    initiative = builders.an_initiative(
        purpose=Words(es="Que cada bebé nazca sano."), population=Words(en="Families")
    )

    page = client.get(f"/{initiative.slug}/").content.decode()

    assert '<span lang="es">Que cada bebé nazca sano.</span>' in page
    assert "(not yet in English)" in page
    assert f'href="/{initiative.slug}/measurement/"' in page
    assert "The other conditions of collective impact" in page


def test_parts_of_the_front_page_come_through_the_registry(client, initiative, monkeypatch):
    part = registry.FrontPart("_notice.html", {"text": "unused"})
    seen = []

    def fill(request):
        seen.append(request.initiative)
        return part

    monkeypatch.setattr(registry.front_parts, "_entries", {"measurement": fill})

    page = client.get(f"/{initiative.slug}/")

    assert seen == [initiative]
    assert 'class="notice"' in page.content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
def test_about_names_its_sources(client, language):
    client.cookies["language"] = language

    page = client.get("/about/").content.decode()

    for number in range(1, 9):
        assert f'href="#s{number}"' in page
        assert f'id="s{number}"' in page


def test_pages_that_are_missing_or_broken_say_so_in_our_own_look(client, initiative, monkeypatch):
    missing = client.get(f"/{initiative.slug}/nothing/here/")
    assert missing.status_code == 404
    assert "Page not found" in missing.content.decode()

    def break_down(request, initiative):
        raise RuntimeError

    quiet = Client(raise_request_exception=False)
    monkeypatch.setattr("ciforum.people.views.front._section", break_down)
    broken = quiet.get(f"/{initiative.slug}/")
    assert broken.status_code == 500
    assert "Something went wrong on our side" in broken.content.decode()

    strange = quiet.get("/about/", headers={"host": "evil.example"})
    assert strange.status_code == 400
    assert "The request was not understood" in strange.content.decode()


def test_a_form_from_another_site_is_refused_in_our_own_look(resident):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(resident.user)

    answer = browser.post("/accounts/me/", {"name": "Eve", "language": "en"})

    assert answer.status_code == 403
    assert "Please send it again" in answer.content.decode()


class TestEntry:
    """One-click entry."""

    @pytest.fixture
    def person(self, initiative, monkeypatch):
        member = builders.a_member(initiative, "funder")
        person = registry.DemoPerson("fay", member.user.email, "Fay", "Funder", "Look around.")
        monkeypatch.setattr(registry.demo_people, "_entries", {"fay": person})
        return member.user

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_it_does_not_exist_outside_of_the_demonstration(self, client, person, method, settings):
        settings.DEMO = False

        answer = getattr(client, method)("/accounts/enter/", {"person": "fay"})

        assert answer.status_code == 404
        assert "_auth_user_id" not in client.session

    def test_one_click_signs_in_with_a_new_session(self, client, person, initiative, settings):
        settings.DEMO = True
        assert "Enter as Fay" in client.get("/accounts/enter/").content.decode()
        client.session["x"] = 1
        before = client.session.session_key

        answer = client.post("/accounts/enter/", {"person": "fay"})

        assert answer.headers["Location"] == f"/{initiative.slug}/measurement/dashboard/"
        assert client.session["_auth_user_id"] == str(person.pk)
        assert client.session.session_key != before

    def test_it_asks_for_the_forms_token(self, person, settings):
        settings.DEMO = True
        browser = Client(enforce_csrf_checks=True)

        assert browser.post("/accounts/enter/", {"person": "fay"}).status_code == 403

    def test_nobody_else_can_be_entered_as(self, client, person, settings):
        settings.DEMO = True

        assert client.post("/accounts/enter/", {"person": "root"}).status_code == 404


def test_a_colleague_who_was_faster_is_told_of_on_a_page_of_its_own(rf, initiative, backbone):
    request = rf.post("/", headers={"Referer": "http://testserver/births/people/?page=2"})
    request.user, request.LANGUAGE_CODE = backbone.user, "en"
    request.initiative = request.membership = None

    answer = ColleagueMiddleware(lambda request: HttpResponse()).process_exception(
        request, StateChanged()
    )

    assert answer.status_code == 409
    assert "Somebody else changed this a moment ago" in answer.content.decode()
    assert 'href="/births/people/?page=2"' in answer.content.decode()

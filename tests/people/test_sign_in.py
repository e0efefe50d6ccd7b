"""Signing in: reachable while signed out, throttled, in the person's language, proved twice."""

from __future__ import annotations

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse

from ciforum.people.models import User
from tests import builders

SECRET = "correct horse battery"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def nothing_counted(db, settings):
    """No limit is used up yet, and hashing is quick."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def person():
    user = builders.a_user("ana@example.org", password=SECRET, language="es")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def code_in(message):
    """The code that stands on a line of its own."""
    found = re.search(r"^[A-Z0-9]{3,5}(-[A-Z0-9]{3,5})*$", message.body, re.MULTILINE)
    assert found, message.body
    return found[0]


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_request_login_code",
        "account_reset_password",
        "account_signup",
        "account_inactive",
    ],
)
def test_the_ways_in_are_open_while_signed_out_and_in_our_own_look(client, name):
    answer = client.get(reverse(name))

    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'class="site-header"' in page
    assert "style=" not in page
    assert "onclick" not in page


@pytest.mark.parametrize(
    "name",
    [
        "account_email",
        "account_change_password",
        "account_set_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "people:account",
    ],
)
def test_ones_own_account_is_not(client, name):
    assert client.get(reverse(name)).headers["Location"].startswith(LOGIN)


def test_no_way_in_is_left_that_we_do_not_know():
    """Whoever adds a way to sign in adds its page, its limits and its test."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}

    assert {name for name in names if name.startswith(("account_", "mfa_", "socialaccount"))} == {
        "account_change_password",
        "account_complete_password_reset",
        "account_confirm_login_code",
        "account_confirm_password_reset_code",
        "account_email",
        "account_email_verification_sent",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_password_reset_completed",
        "account_reauthenticate",
        "account_request_login_code",
        "account_reset_password",
        "account_set_password",
        "account_signup",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_authenticate",
        "mfa_deactivate_totp",
        "mfa_download_recovery_codes",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_login_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
    }


def test_nobody_signs_up_on_her_own(client):
    answer = client.post(
        "/accounts/signup/",
        {"email": "eve@example.org", "password1": SECRET, "password2": SECRET},
    )

    assert "Accounts come by invitation" in answer.content.decode()
    assert not User.objects.exists()


def test_a_password_signs_in_whatever_the_case_of_the_address(client, person, initiative):
    builders.a_member(initiative, "partner", user=person)

    answer = client.post(LOGIN, {"login": "ANA@example.org", "password": SECRET})

    assert answer.headers["Location"] == f"/{initiative.slug}/today/"
    assert is_in(client)


@pytest.mark.parametrize("memberships", [0, 2])
def test_who_belongs_nowhere_or_to_several_arrives_at_the_list(client, person, memberships):
    for _ in range(memberships):
        builders.a_member(builders.an_initiative(), "partner", user=person)

    answer = client.post(LOGIN, {"login": person.email, "password": SECRET})

    assert answer.headers["Location"] == "/"


def test_sign_in_leads_back_to_the_page_one_came_from_and_never_off_the_site(client, person):
    data = {"login": person.email, "password": SECRET}

    assert client.post(LOGIN, {**data, "next": "/about/"}).headers["Location"] == "/about/"
    client.logout()
    answer = client.post(LOGIN, {**data, "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


def test_a_code_sent_by_mail_signs_in_and_is_in_the_persons_language(client, person, settings):
    settings.SITE_URL = "https://forum.example.org"
    client.post(reverse("account_request_login_code"), {"email": person.email})

    message = mail.outbox[0]
    assert message.to == ["ana@example.org"]
    assert message.subject == "Código de inicio de sesión"
    assert message.body.rstrip().endswith("CI Forum\nhttps://forum.example.org")
    assert "example.com" not in message.body
    client.post(reverse("account_confirm_login_code"), {"code": code_in(message)})
    assert is_in(client)


def test_a_code_is_not_guessed(client, person):
    client.post(reverse("account_request_login_code"), {"email": person.email})

    for _ in range(4):
        client.post(reverse("account_confirm_login_code"), {"code": "AAA-AAA"})

    answer = client.get(reverse("account_confirm_login_code"))
    assert answer.headers["Location"] == reverse("account_request_login_code")
    assert not is_in(client)


def test_an_unknown_address_is_answered_like_a_known_one_and_told_by_mail(client, person):
    url = reverse("account_request_login_code")
    known = client.post(url, {"email": person.email})
    client.logout()
    unknown = client.post(url, {"email": "nobody@example.org"})

    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert mail.outbox[1].to == ["nobody@example.org"]
    assert "by invitation" in mail.outbox[1].body


def test_a_forgotten_password_is_set_anew_by_a_code(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email})
    code = code_in(mail.outbox[0])
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    new = {"password1": "nine green bottles", "password2": "nine green bottles"}
    client.post(reverse("account_complete_password_reset"), new)

    person.refresh_from_db()
    assert person.check_password("nine green bottles")


@pytest.fixture
def hashed(monkeypatch):
    """The passwords that were hashed for comparison."""
    tried = []

    def check(user, password):
        tried.append(password)
        return False

    monkeypatch.setattr(User, "check_password", check)
    monkeypatch.setattr(User, "set_password", lambda user, password: tried.append(password))
    return tried


def test_guessing_one_persons_password_stops_before_it_costs_a_hash(client, person, hashed):
    for number in range(8):
        client.post(LOGIN, {"login": person.email, "password": f"guess {number}"})

    assert len(hashed) == 5


def test_guessing_many_peoples_passwords_from_one_address_stops_too(client, hashed):
    for number in range(14):
        client.post(LOGIN, {"login": f"person{number}@example.org", "password": "x"})

    assert len(hashed) == 10


def test_another_address_is_not_held_back(client, person):
    for number in range(40):
        client.post(LOGIN, {"login": f"p{number}@example.org", "password": "x"})
    data = {"login": person.email, "password": SECRET}
    assert client.post(LOGIN, data).status_code == 429

    client.post(LOGIN, data, REMOTE_ADDR="192.0.2.7")

    assert is_in(client)


def test_an_address_in_a_header_is_not_believed_without_a_proxy(client, hashed):
    for number in range(14):
        client.post(
            LOGIN,
            {"login": f"person{number}@example.org", "password": "x"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )

    assert len(hashed) == 10


@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_codes_are_not_mailed_without_end(person, name):
    for _ in range(5):
        Client().post(reverse(name), {"email": person.email})

    assert len(mail.outbox) == 3


def test_someone_who_may_not_sign_in_cannot(client, person):
    User.objects.update(is_active=False)

    client.post(LOGIN, {"login": person.email, "password": SECRET})

    assert not is_in(client)


class TestASecondStep:
    """Where it is required: of staff and superusers, on every page that is not public."""

    @pytest.fixture(autouse=True)
    def required(self, settings):
        settings.SECOND_FACTOR_REQUIRED = True

    @pytest.mark.parametrize(
        ("role", "sent"),
        [
            ("backbone", True),
            ("committee", False),
            ("partner", False),
            ("community", False),
            ("funder", False),
        ],
    )
    def test_staff_set_it_up_before_they_go_on(self, login, initiative, role, sent):
        browser = login(builders.a_member(initiative, role).user)

        answer = browser.get(f"/{initiative.slug}/today/")

        assert answer.status_code == (302 if sent else 200)
        assert not sent or answer.headers["Location"] == "/accounts/2fa/"

    def test_staff_anywhere_are_staff_everywhere(self, login, initiative, backbone):
        elsewhere = builders.an_initiative()
        builders.a_member(elsewhere, "partner", user=backbone.user)

        answer = login(backbone.user).get(f"/{elsewhere.slug}/today/")

        assert answer.headers["Location"] == "/accounts/2fa/"

    def test_forms_are_not_taken_either(self, login, initiative, backbone):
        answer = login(backbone.user).post(f"/{initiative.slug}/settings/", {"name_en": "Mine"})

        assert answer.headers["Location"] == "/accounts/2fa/"

    def test_htmx_goes_there_as_a_whole_page(self, login, initiative, backbone):
        answer = login(backbone.user).get(
            f"/{initiative.slug}/today/", headers={"HX-Request": "true"}
        )

        assert answer.headers["HX-Redirect"] == "/accounts/2fa/"

    def test_public_pages_and_the_way_to_set_it_up_stay_open(self, login, initiative, backbone):
        browser = login(backbone.user)
        pages = [
            "/about/",
            f"/{initiative.slug}/",
            "/accounts/2fa/",
            "/accounts/2fa/totp/activate/",
        ]

        statuses = {browser.get(page, follow=True).status_code for page in pages}

        assert statuses == {200}

    def test_a_superuser_needs_it_for_the_admin(self, login):
        root = builders.a_user(is_superuser=True, is_staff=True)

        assert login(root).get("/admin/").headers["Location"] == "/accounts/2fa/"

    def test_with_an_app_set_up_one_is_asked_for_its_code_and_then_in(
        self, client, person, initiative
    ):
        builders.a_member(initiative, "backbone", user=person)
        client.post(LOGIN, {"login": person.email, "password": SECRET})
        setup = reverse("mfa_activate_totp")
        client.get(setup, follow=True)
        client.post(reverse("account_reauthenticate"), {"password": SECRET})
        secret = client.get(setup).context["form"].secret
        client.post(setup, {"code": code_of(secret)})
        assert client.get(f"/{initiative.slug}/today/").status_code == 200
        client.logout()

        first = client.post(LOGIN, {"login": person.email, "password": SECRET})
        assert first.headers["Location"].startswith("/accounts/2fa/authenticate/")
        assert not is_in(client)
        assert client.get(f"/{initiative.slug}/today/").status_code == 302
        cache.clear()  # a code works once; the next one comes half a minute later
        client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

        assert is_in(client)
        assert client.get(f"/{initiative.slug}/today/").status_code == 200

    @pytest.mark.django_db(transaction=True)
    def test_setting_it_up_is_told_by_mail_in_the_persons_language(self, client, person):
        client.force_login(person)
        secret = generate_totp_secret()
        client.post(reverse("account_reauthenticate"), {"password": SECRET})
        session = client.session
        session["mfa.totp.secret"] = secret
        session.save()

        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})

        assert Authenticator.objects.filter(user=person, type="totp").exists()
        assert "aplicación" in mail.outbox[-1].subject.lower()


def code_of(secret):
    """The six digits that an app shows now."""
    return f"{hotp_value(secret, int(time.time()) // 30):06d}"

"""Asking people in: the link proves the address, once, for the person it was sent to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from ciforum.people import clock
from ciforum.people.models import AuditLine, Invitation, Membership, User
from ciforum.people.transitions import StateChanged
from tests import builders

NEWCOMER = {"name": "Ana Pérez", "language": "es", "password": ""}


@pytest.fixture
def sent(initiative, backbone):
    """An open invitation for ana@example.org and the token of its link."""
    return Invitation.send(
        initiative=initiative,
        email="ana@example.org",
        roles=["community"],
        by=backbone.user,
        language="es",
    )


def link(token):
    return reverse("people:invitation", args=[token])


def roles_of(initiative):
    rows = Membership.objects.for_initiative(initiative).current()
    return {member.user.email: member.roles for member in rows.select_related("user")}


def test_staff_ask_somebody_in_and_the_mail_is_in_the_chosen_language(
    login, initiative, backbone, settings
):
    settings.SITE_URL = "https://forum.example.org"
    organization = builders.an_organization(initiative, name="Mothers’ Circle")

    answer = login(backbone.user).post(
        reverse("people:invite", args=[initiative.slug]),
        {
            "email": "ana@example.org",
            "roles": ["community", "committee"],
            "organization": organization.pk,
            "language": "es",
        },
    )

    assert answer.status_code == 302
    message = mail.outbox[0]
    assert message.to == ["ana@example.org"]
    assert str(initiative.name["es"]) in message.subject
    assert "Mothers’ Circle" in message.body
    url = re.search(r"https://forum\.example\.org(/accounts/invitation/\S+/)", message.body)
    assert url
    page = login(builders.a_user("ana@example.org")).get(url[1])
    assert page.status_code == 200


def test_the_address_of_another_initiatives_organization_is_refused(login, initiative, backbone):
    foreign = builders.an_organization(builders.an_initiative())

    answer = login(backbone.user).post(
        reverse("people:invite", args=[initiative.slug]),
        {"email": "a@b.org", "roles": ["partner"], "organization": foreign.pk, "language": "en"},
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"organization"}
    assert not Invitation.objects.exists()


def test_mail_that_cannot_be_sent_is_said(login, initiative, backbone, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # nobody listens there

    answer = login(backbone.user).post(
        reverse("people:invite", args=[initiative.slug]),
        {"email": "a@b.org", "roles": ["partner"], "language": "en"},
        follow=True,
    )

    assert "could not be sent" in answer.content.decode()


def test_a_newcomer_opens_her_account_without_a_password_and_is_in(client, initiative, sent):
    _invitation, token = sent
    page = client.get(link(token)).content.decode()
    assert str(initiative) in page
    assert "ana@example.org" in page

    answer = client.post(link(token), NEWCOMER)

    assert answer.headers["Location"] == f"/{initiative.slug}/today/"
    ana = User.objects.get(email="ana@example.org")
    assert (ana.name, ana.language, ana.has_usable_password()) == ("Ana Pérez", "es", False)
    assert client.session["_auth_user_id"] == str(ana.pk)
    assert roles_of(initiative)["ana@example.org"] == ["community"]
    address = EmailAddress.objects.get(user=ana)
    assert (address.email, address.verified, address.primary) == ("ana@example.org", True, True)


def test_a_newcomer_may_choose_a_password_that_is_checked(client, sent):
    _invitation, token = sent

    weak = client.post(link(token), {**NEWCOMER, "password": "ana perez"})
    assert weak.context["form"].errors.keys() == {"password"}
    assert not User.objects.filter(email="ana@example.org").exists()

    client.post(link(token), {**NEWCOMER, "password": "nine green bottles"})
    assert User.objects.get(email="ana@example.org").check_password("nine green bottles")


def test_a_member_of_the_site_joins_as_herself_and_keeps_her_roles(login, initiative, sent):
    _invitation, token = sent
    ana = builders.a_user("Ana@Example.org")
    builders.a_member(initiative, "partner", user=ana)

    answer = login(ana).post(link(token))

    assert answer.status_code == 302
    assert roles_of(initiative)["Ana@example.org"] == ["community", "partner"]
    assert EmailAddress.objects.get(user=ana).verified


def test_who_comes_back_after_leaving_has_only_the_new_roles(initiative, backbone, sent):
    invitation, _token = sent
    ana = builders.a_user("ana@example.org")
    builders.a_member(initiative, "backbone", user=ana).end(by=backbone.user)

    membership = invitation.accept(by=ana)

    assert (membership.roles, membership.ended_at) == (["community"], None)


def test_who_has_an_account_must_sign_in_first(client, sent):
    _invitation, token = sent
    builders.a_user("ana@example.org")

    page = client.get(link(token)).content.decode()
    client.post(link(token), NEWCOMER)

    assert f'href="/accounts/login/?next={link(token).replace("/", "%2F")}"' in page
    assert User.objects.filter(email__iexact="ana@example.org").count() == 1
    assert "_auth_user_id" not in client.session


def test_the_wrong_person_is_told_so_and_cannot_join(login, sent):
    invitation, token = sent
    eve = builders.a_user()

    page = login(eve).post(link(token)).content.decode()

    assert "This invitation is for somebody else" in page
    with pytest.raises(ValidationError):
        invitation.accept(by=eve)
    assert not Membership.objects.filter(user=eve).exists()


@pytest.mark.parametrize(
    ("fate", "status", "sentence"),
    [
        ("used", 410, "It has been used already."),
        ("withdrawn", 410, "withdrawn"),
        ("expired", 410, "has run out"),
        ("unknown", 404, "There is no such invitation"),
    ],
)
def test_a_link_that_no_longer_works_says_why(client, backbone, sent, fate, status, sentence):
    invitation, token = sent
    match fate:
        case "used":
            invitation.accept(by=builders.a_user("ana@example.org"))
        case "withdrawn":
            invitation.withdraw(by=backbone.user)
        case "expired":
            Invitation.objects.update(expires_at=timezone.now())
        case "unknown":
            token = "x" + token

    for answer in (client.get(link(token)), client.post(link(token), NEWCOMER)):
        assert answer.status_code == status
        assert sentence in answer.content.decode()
    assert User.objects.filter(email="ana@example.org").exists() == (fate == "used")


def test_verbs_refuse_a_link_that_is_closed(backbone, sent):
    invitation, _token = sent
    ana = builders.a_user("ana@example.org")
    with clock.at(timezone.now() + timedelta(days=15)), pytest.raises(StateChanged):
        invitation.accept(by=ana)
    invitation.accept(by=ana)

    for again in (
        lambda: invitation.accept(by=ana),
        lambda: invitation.withdraw(by=backbone.user),
        lambda: invitation.open_account(name="Ana", language="en", password=None),
    ):
        with pytest.raises(StateChanged):
            again()


def test_sending_again_makes_the_old_link_worthless(login, client, initiative, backbone, sent):
    invitation, token = sent

    login(backbone.user).post(
        reverse("people:invitation_resend", args=[initiative.slug, invitation.uid])
    )

    assert client.get(link(token)).status_code == 410
    new = re.search(r"/accounts/invitation/\S+/", mail.outbox[0].body)
    assert new
    assert client.get(new[0]).status_code == 200


def test_staff_withdraw_an_invitation_and_it_leaves_the_list(login, initiative, backbone, sent):
    invitation, _token = sent
    browser = login(backbone.user)
    people = reverse("people:members", args=[initiative.slug])
    assert "ana@example.org" in browser.get(people).content.decode()

    browser.post(reverse("people:invitation_withdraw", args=[initiative.slug, invitation.uid]))

    assert browser.get(people).context["invitations"] == []
    assert list(AuditLine.objects.filter(record_uid=invitation.uid).values_list("after")) == [
        ("sent",),
        ("withdrawn",),
    ]


@pytest.mark.parametrize("role", ["committee", "partner", "community", "funder"])
def test_other_members_neither_invite_nor_see_who_was_invited(login, initiative, sent, role):
    invitation, _token = sent
    browser = login(builders.a_member(initiative, role).user)
    slug = initiative.slug

    assert browser.get(reverse("people:invite", args=[slug])).status_code == 403
    for name in ("people:invitation_withdraw", "people:invitation_resend"):
        assert browser.post(reverse(name, args=[slug, invitation.uid])).status_code == 403
    page = browser.get(reverse("people:members", args=[slug])).content.decode()
    assert "ana@example.org" not in page


def test_the_token_is_kept_as_a_digest_only(sent):
    _invitation, token = sent

    assert not Invitation.objects.filter(token_digest__contains=token).exists()


def test_opening_accounts_is_throttled_before_a_password_is_hashed(client, sent, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip"}
    _invitation, token = sent
    weak = {**NEWCOMER, "password": "12345"}

    statuses = [client.post(link(token), weak).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]

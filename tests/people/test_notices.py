"""People are told once, in their language, and mail that fails keeps nothing else back."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from ciforum.people import clock, notices, registry
from ciforum.people.models import Notice
from tests import builders


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """One kind of message, and one that cannot be put into words."""

    def broken(params):
        raise KeyError("number")

    kinds = {
        "came": registry.NoticeKind(
            subject=lambda params: f"{gettext('Yes')}:\n{params['what']}",
            body=lambda params: gettext("Tuesday"),
            url=lambda initiative, params: f"/{initiative.slug}/x/",
        ),
        "broken": registry.NoticeKind(
            subject=broken, body=broken, url=lambda initiative, params: "/"
        ),
    }
    monkeypatch.setattr(registry.notices, "_entries", kinds)


@pytest.fixture
def reader(initiative):
    return builders.a_member(initiative, "partner", user=builders.a_user(language="es")).user


def tell(reader, initiative, kind="came", key="1"):
    notices.notify(reader, kind, initiative=initiative, dedup_key=key, what="numbers")


def test_a_person_is_told_once_however_often_it_happens(reader, initiative):
    tell(reader, initiative)
    tell(reader, initiative)

    assert Notice.objects.count() == 1


def test_a_message_nobody_registered_is_refused(reader, initiative):
    with pytest.raises(LookupError):
        tell(reader, initiative, kind="unknown")


def test_mail_is_in_the_readers_language_and_says_why_she_gets_it(reader, initiative, settings):
    settings.SITE_URL = "https://forum.example.org"
    tell(reader, initiative)

    assert notices.send_unsent() == 1

    message = mail.outbox[0]
    assert message.to == [reader.email]
    assert message.subject == "Sí: numbers"
    assert message.body.startswith("martes\n\nhttps://forum.example.org/")
    assert initiative.name["es"] in message.body.split("\n--\n")[1]


def test_mail_goes_out_once(reader, initiative):
    tell(reader, initiative)
    notices.send_unsent()
    notices.send_unsent()

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_sends():
    initiative = builders.an_initiative()
    reader = builders.a_user()
    for key in range(5):
        tell(reader, initiative, key=str(key))
    start = threading.Barrier(2)

    def worker():
        start.wait()
        notices.send_unsent()
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(mail.outbox) == 5


def test_a_message_that_cannot_be_written_keeps_no_other_back(reader, initiative):
    tell(reader, initiative, kind="broken")
    tell(reader, initiative)

    assert notices.send_unsent() == 1

    assert Notice.objects.get(kind="broken").sent_at is None


def test_mail_that_could_not_be_sent_is_tried_again(reader, initiative, settings):
    tell(reader, initiative)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # nobody listens there
    assert notices.send_unsent() == 0

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert notices.send_unsent() == 1


def test_old_messages_and_people_who_left_get_no_mail(reader, initiative):
    gone = builders.a_user(is_active=False)
    tell(gone, initiative)
    with clock.at(timezone.now() - timedelta(days=3)):
        tell(reader, initiative)

    assert notices.send_unsent() == 0
    assert mail.outbox == []

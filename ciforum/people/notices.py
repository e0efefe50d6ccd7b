"""Telling people: one row each, mailed once, in their language."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from ciforum.people import clock, registry
from ciforum.people.models import Initiative, Notice, User

log = logging.getLogger(__name__)


def notify(to: User, kind: str, **said: Any) -> None:
    """Leave a notice for one person; see `notify_all`."""
    notify_all([to], kind, **said)


def notify_all(
    people: Iterable[User],
    kind: str,
    *,
    initiative: Initiative,
    dedup_key: str,
    about: UUID | None = None,
    **params: Any,
) -> None:
    """Leave a notice for each person, once per `dedup_key`. `params` are plain values.

    Call it inside the verb: the mail goes out only when the transaction has committed.
    """
    if registry.notices.get(kind) is None:
        raise LookupError(f"no notice {kind!r}")
    now = clock.now()
    Notice.objects.bulk_create(
        [
            Notice(
                initiative=initiative,
                to=to,
                kind=kind,
                about=about,
                params=params,
                dedup_key=f"{kind}:{dedup_key}",
                created_at=now,
            )
            for to in people
        ],
        ignore_conflicts=True,
    )


def words(notice: Notice) -> tuple[str, str, str]:
    """Subject, body and address of a notice in the active language."""
    kind = registry.notices[notice.kind]
    url = kind.url(notice.initiative, notice.params)
    return kind.subject(notice.params), kind.body(notice.params), url


def send_unsent() -> int:
    """Mail what has not been mailed; answers how many. Old ones are left: they are on Today."""
    since = clock.now() - timedelta(days=2)
    waiting = (
        Notice.objects.filter(sent_at=None, created_at__gt=since, to__is_active=True)
        .select_related("to", "initiative")
        .order_by("created_at")
    )
    return sum(_send(notice) for notice in waiting[:200])


def _send(notice: Notice) -> bool:
    # Claim first: a mail cannot be taken back, so of two workers one sends.
    if not Notice.objects.filter(pk=notice.pk, sent_at=None).update(sent_at=clock.now()):
        return False
    try:
        _mail(notice).send()
    except Exception:  # one that cannot be written or sent must not keep back the others
        log.exception("notice %s could not be mailed; it will be tried again", notice.pk)
        Notice.objects.filter(pk=notice.pk).update(sent_at=None)
        return False
    return True


def _mail(notice: Notice) -> EmailMessage:
    """The message as its reader gets it: in her language, with the initiative's clock."""
    with override(notice.to.language), timezone.override(notice.initiative.zone):
        subject, body, url = words(notice)
        text = render_to_string(
            "people/mail/notice.txt",
            {
                "notice": notice,
                "body": body,
                "url": settings.SITE_URL + url,
                "site_url": settings.SITE_URL,
            },
        )
    return EmailMessage(" ".join(subject.split()), text, to=[notice.to.email])

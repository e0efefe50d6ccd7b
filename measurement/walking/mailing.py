"""Mail to those who left an address at a walk: claimed first, then sent, in her language."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from ciforum.people import clock
from ciforum.people.jobs import job
from measurement.models import Finding, Follower, WalkMail
from measurement.walking.findings import signed
from measurement.walking.telling import CLOSED, CONFIRM, FOUND, JOB

if TYPE_CHECKING:
    from ciforum.people.models import Job

log = logging.getLogger(__name__)

# How long the link of a first mail waits for its owner.
PATIENCE = timedelta(days=14)


@job(JOB)
def send_walk_mail(row: Job, walk: int) -> None:
    """Send what is due of one walk. Safe to run twice: each mail is claimed before it goes."""
    waiting = WalkMail.objects.filter(follower__walk=walk, sent_at=None, due__lte=clock.now())
    failed = [mail for mail in waiting.order_by("id") if not _send(mail)]
    if failed:  # the job comes back later for these
        raise RuntimeError(f"{len(failed)} mails of a data walk could not be sent")


@shared_task
def forget_unconfirmed() -> None:
    """Erase addresses that nobody confirmed: whoever typed one may not have been its owner."""
    for follower in Follower.objects.unconfirmed().filter(left_on__lt=clock.now() - PATIENCE):
        follower.erase()


def _send(mail: WalkMail) -> bool:
    """True when it is done: sent, claimed by another worker, or with nothing left to say."""
    if not WalkMail.objects.filter(pk=mail.pk, sent_at=None).update(sent_at=clock.now()):
        return True
    follower = Follower.objects.select_related("walk", "initiative").get(pk=mail.follower_id)
    try:
        message = _message(follower, mail)
        if message is not None:
            message.send()
    except Exception:  # one that cannot be sent must not keep back the others
        log.exception("mail %s of a data walk could not be sent; it will be tried again", mail.pk)
        WalkMail.objects.filter(pk=mail.pk).update(sent_at=None)
        return False
    return True


def _message(follower: Follower, mail: WalkMail) -> EmailMessage | None:
    """What she reads; None when there is nothing to say, or nobody to say it to."""
    if follower.erased_on is not None:
        return None
    with override(follower.language), timezone.override(follower.initiative.zone):
        found = _new_findings(follower, mail) if mail.kind != CONFIRM else []
        if mail.kind == FOUND and not found:
            return None
        text = render_to_string(
            f"measurement/walks/mail/{mail.kind}.txt",
            {
                "walk": follower.walk,
                "initiative": follower.initiative,
                "findings": [(str(each.text), signed(each)) for each in found],
                "site_url": settings.SITE_URL,
                "walk_url": settings.SITE_URL + follower.walk.get_absolute_url(),
                "yes_url": settings.SITE_URL + follower.yes_url,
                "stop_url": settings.SITE_URL + follower.stop_url,
            },
        )
        subject = _subject(mail.kind, str(follower.walk.title))
    return EmailMessage(" ".join(subject.split()), text, to=[follower.address])


def _subject(kind: str, walk: str) -> str:
    said = {
        CONFIRM: _("Do you want to hear what came of “%(walk)s”?"),
        FOUND: _("What we found at “%(walk)s”"),
        CLOSED: _("What comes next after “%(walk)s”"),
    }
    return said[kind] % {"walk": walk}


def _new_findings(follower: Follower, mail: WalkMail) -> list[Finding]:
    """Agreed findings that no mail has told her yet."""
    told = (
        follower.mails.filter(kind__in=[FOUND, CLOSED], sent_at__isnull=False)
        .exclude(pk=mail.pk)
        .order_by("-sent_at")
        .first()
    )
    found = follower.walk.findings.agreed().prefetch_related("authors")
    return list(found.filter(agreed_at__gt=told.sent_at) if told else found)

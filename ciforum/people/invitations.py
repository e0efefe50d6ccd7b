"""The message that carries an invitation's link."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ciforum.people.models import Invitation

log = logging.getLogger(__name__)


def mail_link(invitation: Invitation, token: str) -> bool:
    """Mail the link in the language of the invitation. False when the mail could not be sent.

    The token is known only to the caller of `Invitation.send`, so nobody can send it again later:
    a new invitation replaces this one.
    """
    with translation.override(invitation.language):
        names = {"person": str(invitation.invited_by), "initiative": str(invitation.initiative)}
        subject = _("%(person)s invites you to %(initiative)s") % names
        url = settings.SITE_URL + reverse("people:invitation", args=[token])
        text = render_to_string(
            "people/mail/invitation.txt", {"invitation": invitation, "url": url, **names}
        )
    try:
        EmailMessage(" ".join(subject.split()), text, to=[invitation.email]).send()
    except OSError:  # of which smtplib's errors are a kind
        log.warning("invitation %s could not be mailed", invitation.uid)
        return False
    return True

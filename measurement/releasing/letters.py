"""The letter to whoever holds data that we ask for, in the language of its reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

if TYPE_CHECKING:
    from measurement.models import DataRequest


def compose(request: DataRequest) -> str:
    """The whole letter, from the template: plain paragraphs, to be changed before it is sent.

    The request need not be saved yet.
    """
    initiative = request.initiative
    with override(request.language):
        zone = initiative.zone
        groups = request.dimension.groups.filter(parent=None)
        said = {
            "holder": request.holder,
            "initiative": initiative.name,
            "indicator": request.indicator.name,
            "breakdown": request.dimension.name,
            "groups": ", ".join(str(group.name) for group in groups),
            "ask": request.ask,
            "due": date_format(localtime(request.due, zone), "DATE_FORMAT"),
            # The list: an address of its own it has only once it is public.
            "url": settings.SITE_URL + reverse("measurement:requests", args=[initiative.slug]),
        }
        return "\n\n".join(paragraph % said for paragraph in _paragraphs())


def _paragraphs() -> list[str]:
    return [
        _("To %(holder)s"),
        _("We are %(initiative)s: residents and organizations who work for one goal together."),
        _("We follow “%(indicator)s”. You hold the data, and it does not show these groups to us."),
        _("Please share it, or collect it, by %(breakdown)s: %(groups)s."),
        "%(ask)s",
        _("Counts for each group are enough. We need no names and no single records."),
        _(
            "Please answer by %(due)s: that you share it, from when you collect it, or why you "
            "cannot."
        ),
        _(
            "This request and your answer can be read by everybody: %(url)s. Whatever you share is "
            "shown only in groups so large that nobody can be told apart."
        ),
        _("Thank you."),
        "%(initiative)s",
    ]

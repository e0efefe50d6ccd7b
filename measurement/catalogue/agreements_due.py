"""The round that looks for data agreements that are about to end."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction

from measurement.catalogue import agreeing
from measurement.models import DataAgreement


@shared_task
def remind_of_agreements() -> int:
    """Remind of each agreement whose day is near; answers of how many. Safe to run twice: a
    person hears of an agreement once.
    """
    due = list(DataAgreement.objects.running_out().select_related("initiative"))
    for agreement in due:
        with transaction.atomic():
            agreeing.remind(agreement)
    return len(due)

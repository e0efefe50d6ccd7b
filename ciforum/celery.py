"""The Celery application: Redis where REDIS_URL names one, else files in the local folder."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ciforum.settings")

app = Celery("ciforum")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.import_modules.connect(weak=False)
def refuse_to_start_unsafe(**kwargs: Any) -> None:
    """Stop a worker or beat that would run with an open gate; they run no system checks.

    Of all signals of Celery's start this is the one whose exceptions end it. Celery's own part
    for Django is connected first, so the apps are loaded by now.
    """
    from ciforum.people import checks  # noqa: PLC0415 - needs loaded apps

    checks.refuse_to_start_unsafe()

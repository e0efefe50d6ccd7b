"""The Celery application: Redis where REDIS_URL names one, files under the local folder otherwise."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ciforum.settings")

app = Celery("ciforum")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

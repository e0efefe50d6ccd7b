"""CI Forum: a web app for collective impact initiatives."""

from __future__ import annotations

from ciforum.celery import app as celery_app

__all__ = ["celery_app"]

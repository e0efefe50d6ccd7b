"""The entrance for a web server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ciforum.settings")

application = get_wsgi_application()

# A web server runs no system checks by itself; those that keep people safe it must not skip.
from ciforum.people.checks import refuse_to_start_unsafe  # noqa: E402 - needs loaded apps

refuse_to_start_unsafe()

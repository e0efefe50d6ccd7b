"""What must be true before the site starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register, run_checks
from django.core.exceptions import ImproperlyConfigured

# Checks with this tag are asked by the web server and by Celery too, which run no others.
AT_EVERY_START = "at_every_start"

_THIS_MACHINE = ("", "localhost", "127.0.0.1", "::1", "[::1]", "testserver")
# Mail that these take never leaves the machine.
_STAYS_HERE = tuple(
    f"django.core.mail.backends.{name}." for name in ("console", "dummy", "filebased", "locmem")
)


def refuse_to_start_unsafe() -> None:
    """Raise ImproperlyConfigured with every error that a check AT_EVERY_START finds."""
    errors = [message for message in run_checks(tags=[AT_EVERY_START]) if message.is_serious()]
    if errors:
        raise ImproperlyConfigured("\n".join(str(error) for error in errors))


@register(AT_EVERY_START)
def demo_entry_stays_out_of_production(**kwargs: Any) -> list[CheckMessage]:
    """One-click entry lets anybody be the director: never beside a real database or real mail."""
    if not settings.DEMO:
        return []
    real = [
        name
        for name, on in (
            ("SECURE_SSL_REDIRECT", getattr(settings, "SECURE_SSL_REDIRECT", False)),
            ("an https SITE_URL", settings.SITE_URL.startswith("https://")),
            ("ALLOWED_HOSTS beyond this machine", not all(map(_is_local, settings.ALLOWED_HOSTS))),
            ("a DATABASE_URL on another machine", not _is_local(_database_host())),
            ("EMAIL_URL that sends mail", not settings.EMAIL_BACKEND.startswith(_STAYS_HERE)),
        )
        if on
    ]
    if not real:
        return []
    return [
        Error(
            "CIFORUM_DEMO=1 opens one-click entry for everybody and must not be set together with "
            + ", ".join(real)
            + ".",
            hint="Unset CIFORUM_DEMO, or the production settings beside it.",
            id="people.E001",
        )
    ]


def _is_local(host: str) -> bool:
    """True for this machine by any name, a socket's folder included."""
    return host.startswith("/") or host in _THIS_MACHINE


def _database_host() -> str:
    return str(settings.DATABASES["default"].get("HOST") or "")

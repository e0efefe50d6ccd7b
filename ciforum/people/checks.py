"""What must be true before the site starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def demo_entry_stays_out_of_production(**kwargs: Any) -> list[CheckMessage]:
    """One-click entry lets anybody be the director: never beside a real database or real mail."""
    if not settings.DEMO:
        return []
    real = [
        name
        for name, on in (
            ("SECURE_SSL_REDIRECT", getattr(settings, "SECURE_SSL_REDIRECT", False)),
            ("an https SITE_URL", settings.SITE_URL.startswith("https://")),
            ("ALLOWED_HOSTS beyond this machine", not _only_local(settings.ALLOWED_HOSTS)),
            ("EMAIL_URL that sends mail", "smtp" in settings.EMAIL_BACKEND),
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


def _only_local(hosts: list[str]) -> bool:
    return set(hosts) <= {"localhost", "127.0.0.1", "[::1]", "testserver"}

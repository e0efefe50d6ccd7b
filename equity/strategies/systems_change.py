"""Strategy 2: systems change, beside programs and services."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from equity.gates import publish_release

publish_release.later(
    strategy=2,
    code="systems_beside",
    promise=_("A headline number stands beside the systems shifts that are meant to move it."),
    until="shifts",
)

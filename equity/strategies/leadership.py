"""Strategy 5: build equity leadership and accountability."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from equity.gates import publish_release

publish_release.later(
    strategy=5,
    code="holder_accountable",
    promise=_("The organization that holds the data has signed the public letter on equity."),
    until="letter",
)

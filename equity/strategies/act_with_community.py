"""Strategy 4: listen to and act with community."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from equity.gates import publish_release

publish_release.later(
    strategy=4,
    code="lived_experience",
    promise=_("The story behind the numbers carries a resident's own words, with her consent."),
    until="stories",
)

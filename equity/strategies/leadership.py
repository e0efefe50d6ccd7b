"""Strategy 5: build equity leadership and accountability."""

from __future__ import annotations

from equity.gates import NotYet, Releasable, Verdict, publish_release
from equity.models import Policy


@publish_release.rule(strategy=5, code="holder_accountable")
def the_holder_stands_by_the_letter(release: Releasable, policy: Policy) -> Verdict:
    """The organization that holds the data has signed the public letter on equity."""
    return NotYet("letter")

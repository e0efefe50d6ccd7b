"""Strategy 2: systems change, beside programs and services."""

from __future__ import annotations

from equity.gates import NotYet, Releasable, Verdict, publish_release
from equity.models import Policy


@publish_release.rule(strategy=2, code="systems_beside")
def a_systems_shift_stands_beside(release: Releasable, policy: Policy) -> Verdict:
    """A headline number stands beside the systems shifts that are meant to move it."""
    return NotYet("shifts")

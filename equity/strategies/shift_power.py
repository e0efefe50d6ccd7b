"""Strategy 3: shift power within the collaborative."""

from __future__ import annotations

from equity.gates import NotYet, Releasable, Verdict, publish_release
from equity.models import Policy


@publish_release.rule(strategy=3, code="group_authority")
def a_group_decides_over_its_data(release: Releasable, policy: Policy) -> Verdict:
    """A group that holds authority over its data has agreed that it is shown."""
    return NotYet("group_councils")

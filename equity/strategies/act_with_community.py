"""Strategy 4: listen to and act with community."""

from __future__ import annotations

from equity.gates import NotYet, Releasable, Verdict, publish_release
from equity.models import Policy


@publish_release.rule(strategy=4, code="lived_experience")
def residents_speak_in_the_story(release: Releasable, policy: Policy) -> Verdict:
    """The story behind the numbers carries a resident's own words, with her consent."""
    return NotYet("stories")

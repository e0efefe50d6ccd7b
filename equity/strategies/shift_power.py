"""Strategy 3: shift power within the collaborative."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from equity.gates import publish_release

publish_release.later(
    strategy=3,
    code="group_authority",
    promise=_("A group that holds authority over its data has agreed that it is shown."),
    until="group_councils",
)

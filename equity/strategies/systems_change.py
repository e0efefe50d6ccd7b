"""Strategy 2: systems change, beside programs and services."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from equity.gates import Met, Unmet, Verdict, publish_release
from equity.models import Policy
from equity.steps import Chartered, adopt_charter

publish_release.later(
    strategy=2,
    code="systems_beside",
    promise=_("A headline number stands beside the systems shifts that are meant to move it."),
    until="shifts",
)


@adopt_charter.rule(
    strategy=2,
    code="systems_goal",
    promise=_("A goal about what changes in systems stands beside one about what people live."),
)
def a_systems_goal_stands_beside(charter: Chartered, policy: Policy) -> Verdict:
    levels = charter.goal_levels()
    if not any(levels.values()):
        return Unmet("no_goal")
    if not levels.get("population"):
        return Unmet("no_population_goal")
    return Met(levels) if levels.get("systems") else Unmet("no_systems_goal")

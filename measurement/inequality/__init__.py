"""How unequal groups are: the summary measures of WHO's HEAT, of Healthy People and of IDEA.

Pure arithmetic: no Django, no reading of data. Formulae and sources are in the docstrings of the
modules: `pairs` (difference, ratio), `concentration`, `slope`, `dispersion`, `entropy`,
`attributable`, `healthy_people`, `idea`. `explain` and `EXPLANATIONS` give the plain sentence for
each reason; show an absolute and a relative measure (`RELATIVE`) side by side.
"""

from __future__ import annotations

from measurement.inequality.healthy_people import rate_ratios
from measurement.inequality.idea import risk_ratio
from measurement.inequality.reasons import EXPLANATIONS, explain
from measurement.inequality.summary import ALIASES, MEASURES, RATIOS, RELATIVE, summarize
from measurement.inequality.values import Measure, Status, Stratum

__all__ = [
    "ALIASES",
    "EXPLANATIONS",
    "MEASURES",
    "RATIOS",
    "RELATIVE",
    "Measure",
    "Status",
    "Stratum",
    "explain",
    "rate_ratios",
    "risk_ratio",
    "summarize",
]

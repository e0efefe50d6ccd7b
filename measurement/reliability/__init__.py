"""How precise a number is, and whether it may be shown at all.

Precision is one gate, privacy another (`measurement.suppression`): a number can pass one and fail
the other, and each has its own symbol ([u] unreliable, [c] confidential).
"""

from measurement.reliability.bands import BANDS, top_bottom
from measurement.reliability.idea import RiskRatio, idea_risk_ratio
from measurement.reliability.intervals import (
    Interval,
    clopper_pearson,
    effective_sample,
    effective_sample_df,
    korn_graubard,
    newcombe,
    poisson_exact,
    wilson,
)
from measurement.reliability.rates import (
    AdjustedRate,
    cdc_wonder,
    fay_feuer,
    nchs_before_2023,
    present_count,
    present_rate,
)
from measurement.reliability.ratios import katz_log, score_ratio
from measurement.reliability.standards import Standard, present_proportion

__all__ = [
    "BANDS",
    "AdjustedRate",
    "Interval",
    "RiskRatio",
    "Standard",
    "cdc_wonder",
    "clopper_pearson",
    "effective_sample",
    "effective_sample_df",
    "fay_feuer",
    "idea_risk_ratio",
    "katz_log",
    "korn_graubard",
    "nchs_before_2023",
    "newcombe",
    "poisson_exact",
    "present_count",
    "present_proportion",
    "present_rate",
    "score_ratio",
    "top_bottom",
    "wilson",
]

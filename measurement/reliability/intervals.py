"""95 % confidence intervals for a proportion, a difference of two, and a count of events.

Which one where: Clopper-Pearson (Korn-Graubard for surveys) decides whether a proportion may be
shown; Wilson is drawn beside one proportion, Newcombe beside a difference. Wald's interval
(estimate ± 1.96 SE) is nowhere: it leaves 0…1 and has no width at 0 and at 100 %.

Sources: Clopper & Pearson, Biometrika 26 (1934); Wilson, JASA 22 (1927); Newcombe, Statistics in
Medicine 17 (1998), 873-890, method 10; Korn & Graubard, Survey Methodology 24 (1998); Garwood,
Biometrika 28 (1936).
"""

from __future__ import annotations

import math
from typing import SupportsFloat

from scipy import special

Interval = tuple[float, float]

TAIL = 0.025
Z = float(special.ndtri(1 - TAIL))
# A weighted count this small has a lower end of 0 to the last digit, and SciPy's answer is NaN.
NOTHING = 1e-9


def number(value: SupportsFloat, what: str) -> float:
    """The value as a float. Raises ValueError unless it is finite and not negative."""
    if isinstance(value, bool | str) or not hasattr(value, "__float__"):
        raise ValueError(f"{what} must be a number, not {value!r}.")
    found = float(value)
    if not math.isfinite(found) or found < 0:
        raise ValueError(f"{what} must be 0 or more, not {value!r}.")
    return found


def of_sample(x: SupportsFloat, n: SupportsFloat) -> tuple[float, float]:
    """(x, n) as floats. Raises ValueError when x is larger than n, or either is no count.

    Weighted surveys give x = p·n with a fraction, and with a last digit too many: x that is
    larger than n by float noise alone is n.
    """
    part, whole = number(x, "The numerator"), number(n, "The denominator")
    if part > whole * (1 + 1e-9):
        raise ValueError(f"The numerator {x!r} is larger than the denominator {n!r}.")
    return min(part, whole), whole


def clopper_pearson(x: SupportsFloat, n: SupportsFloat) -> Interval:
    """Exact interval of x of n, as fractions 0 to 1; (0, 1) when n is 0.

    L = Beta⁻¹(.025; x, n - x + 1), 0 at x = 0; U = Beta⁻¹(.975; x + 1, n - x), 1 at x = n.
    """
    part, whole = of_sample(x, n)
    low = float(special.betaincinv(part, whole - part + 1, TAIL)) if part > NOTHING else 0.0
    # The upper end is the mirror of the other part's lower end, digit by digit.
    rest = whole - part
    high = 1 - float(special.betaincinv(rest, part + 1, TAIL)) if rest > NOTHING else 1.0
    return low, high


def wilson(x: SupportsFloat, n: SupportsFloat) -> Interval:
    """Score interval of x of n, as fractions 0 to 1; (0, 1) when n is 0.

    (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n). The interval to draw beside a proportion.
    """
    part, whole = of_sample(x, n)
    if whole == 0:
        return 0.0, 1.0
    middle = (part + Z * Z / 2) / (whole + Z * Z)
    spread = part * ((whole - part) / whole) + Z * Z / 4
    half = Z * math.sqrt(spread) / (whole + Z * Z)
    low = max(0.0, middle - half) if part > 0 else 0.0
    high = min(1.0, middle + half) if part < whole else 1.0
    return low, high


def newcombe(
    x1: SupportsFloat, n1: SupportsFloat, x2: SupportsFloat, n2: SupportsFloat
) -> Interval | None:
    """Interval of x1/n1 - x2/n2, in fractions -1 to 1; None when either n is 0.

    Square-and-add of the two Wilson intervals, without continuity correction:
    d - √((p1 - l1)² + (u2 - p2)²), d + √((u1 - p1)² + (p2 - l2)²).
    """
    (a, m1), (b, m2) = of_sample(x1, n1), of_sample(x2, n2)
    if m1 == 0 or m2 == 0:
        return None
    (l1, u1), (l2, u2) = wilson(a, m1), wilson(b, m2)
    p1, p2 = a / m1, b / m2
    d = p1 - p2
    return max(-1.0, d - math.hypot(p1 - l1, u2 - p2)), min(1.0, d + math.hypot(u1 - p1, p2 - l2))


def effective_sample(p: float, n: float, se: float) -> float:
    """How many people of a simple sample would be as precise: p(1 - p)/SE², not capped at n.

    n itself where nobody or everybody is counted (their SE is 0), and where the SE is 0.
    """
    variance = se * se
    if p in (0, 1) or variance == 0:
        return n
    return p * (1 - p) / variance


def effective_sample_df(n: float, n_eff: float, df: float | None) -> float:
    """The effective sample of Korn & Graubard: min(n, n_eff·(t(.975, n - 1)/t(.975, df))²).

    df: design degrees of freedom; None makes no correction, 0 leaves no information at all.
    """
    if df is None:
        return min(n, n_eff)
    if df == 0 or n <= 1:
        return 0.0
    shrink = float(special.stdtrit(n - 1, 1 - TAIL) / special.stdtrit(df, 1 - TAIL))
    return min(n, n_eff * shrink * shrink)


def korn_graubard(
    p: SupportsFloat, n: SupportsFloat, se: SupportsFloat, df: SupportsFloat | None
) -> Interval:
    """Clopper-Pearson on the effective sample of a survey estimate p of n people.

    p, se: fractions. Returns fractions. Raises ValueError for a p above 1.
    """
    part, _whole = of_sample(p, 1)
    size = number(n, "The sample size")
    freedom = None if df is None else number(df, "The degrees of freedom")
    n_eff = effective_sample(part, size, number(se, "The standard error"))
    n_df = effective_sample_df(size, n_eff, freedom)
    return clopper_pearson(part * n_df, n_df)


def poisson_exact(events: SupportsFloat) -> Interval:
    """Exact interval of the number of events to expect, in events; from 0 for none.

    L = χ²⁻¹(.025; 2D)/2, U = χ²⁻¹(.975; 2D + 2)/2. Divide by the population for a rate.
    """
    count = number(events, "The number of events")
    low = float(special.gammaincinv(count, TAIL)) if count > NOTHING else 0.0
    return low, float(special.gammaincinv(count + 1, 1 - TAIL))

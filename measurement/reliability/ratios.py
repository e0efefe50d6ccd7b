"""95 % confidence intervals for the ratio of two proportions.

Sources: Katz et al., Biometrics 34 (1978); Koopman, Biometrics 40 (1984); Miettinen & Nurminen,
Statistics in Medicine 4 (1985).
"""

from __future__ import annotations

import math
from typing import SupportsFloat

from measurement.reliability.intervals import Interval, Z, of_sample

LARGEST = 1e12  # a ratio beyond it is without limit


def katz_log(
    x1: SupportsFloat, n1: SupportsFloat, x2: SupportsFloat, n2: SupportsFloat
) -> Interval | None:
    """Interval of (x1/n1) / (x2/n2): exp(ln R ± z √(1/x1 - 1/n1 + 1/x2 - 1/n2)).

    None where it has no logarithm, x1 or x2 being 0: use `score_ratio`, which always answers.
    """
    (a, m1), (b, m2) = of_sample(x1, n1), of_sample(x2, n2)
    if a == 0 or b == 0:
        return None
    ratio = (a / m1) / (b / m2)
    factor = math.exp(min(700.0, Z * math.sqrt((m1 - a) / m1 / a + (m2 - b) / m2 / b)))
    return ratio / factor, ratio * factor


def score_ratio(
    x1: SupportsFloat, n1: SupportsFloat, x2: SupportsFloat, n2: SupportsFloat
) -> Interval:
    """Interval of (x1/n1) / (x2/n2): every ratio that the score test at 5 % does not reject.

    The statistic is Koopman's, with the variance factor N/(N - 1) of Miettinen & Nurminen, which
    is a little more careful in small samples. The lower end is 0 where x1 is 0, the upper end
    math.inf where x2 is 0 (or nobody was asked): data that rule out no ratio say so.
    """
    sample = (*of_sample(x1, n1), *of_sample(x2, n2))
    a, m1, b, m2 = sample
    if m1 == 0 or m2 == 0:
        return 0.0, math.inf
    ratio = (a / m1) / (b / m2) if b else math.inf
    low = _edge(sample, inside=min(ratio, LARGEST), outside=1 / LARGEST) if a else 0.0
    high = _edge(sample, inside=max(ratio, 1 / LARGEST), outside=LARGEST) if b else math.inf
    return low, high


def _edge(sample: tuple[float, float, float, float], *, inside: float, outside: float) -> float:
    """The ratio between the two at which the test begins to reject, by halving on the log scale."""
    if not _is_rejected(sample, outside):
        return 0.0 if outside < 1 else math.inf
    keep, drop = math.log(inside), math.log(outside)
    for _ in range(80):  # 2⁻⁸⁰ of the log scale: below what a float can tell
        middle = (keep + drop) / 2
        if _is_rejected(sample, math.exp(middle)):
            drop = middle
        else:
            keep = middle
    return math.exp((keep + drop) / 2)


def _is_rejected(sample: tuple[float, float, float, float], ratio: float) -> bool:
    """Whether the data speak against p1 = ratio·p2 at 5 %."""
    a, m1, b, m2 = sample
    # Constrained maximum likelihood of p2: the smaller root of A p² + B p + C = 0, written
    # so that nothing cancels. Rounding can take the discriminant just below 0.
    first, second, third = (m1 + m2) * ratio, m1 * ratio + a + m2 + b * ratio, a + b
    p2 = 2 * third / (second + math.sqrt(max(0.0, second * second - 4 * first * third)))
    p1 = min(1.0, ratio * p2)
    variance = p1 * (1 - p1) / m1 + ratio * ratio * p2 * (1 - p2) / m2
    variance *= (m1 + m2) / (m1 + m2 - 1) if m1 + m2 > 1 else 1.0
    apart = a / m1 - ratio * b / m2
    return apart * apart > Z * Z * max(0.0, variance)

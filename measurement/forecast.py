"""What happens if nothing changes: the line of the last years drawn on, with its band.

A straight line through the years, by least squares; for shares and rates on the logit scale, so
that it bends before 0 and before everybody, and for counts on the scale of their logarithms, so
that it bends before 0. Points with a standard error weigh 1/SE². The band is
the 95 % prediction interval with Student's t, and grows with the distance from the data. For 3 to
15 points nothing finer can be told apart. It is no plan and no promise: it says what the past
alone would lead to.

Sources: Draper & Smith, "Applied Regression Analysis", 3rd ed., ch. 1-3; trend tool of Healthy
People 2030 (weighted or ordinary least squares).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from scipy import special

LEAST_POINTS = 3
TAIL = 0.025
NOISE = 1e-9
MOST_LOGARITHM = 700.0  # of a number that a computer can hold
FURTHEST = 100.0  # years: a line that takes longer is read as "never"

Point = tuple[float, float | None, float | None]  # year, value, standard error


@dataclass(frozen=True)
class Expected:
    """What to expect in a year. low, high: None where the points lie on the line exactly.

    is_far: further beyond the last point than the points themselves reach back.
    """

    year: float
    value: float
    low: float | None
    high: float | None
    is_far: bool = False


@dataclass(frozen=True)
class Line:
    """The fitted line, straight on the scale that `forecast` says. year0: mean of the years."""

    scale: float | None
    year0: float
    level: float
    slope: float
    spread: float
    point_weight: float
    year_spread: float
    all_weight: float
    t: float

    def value(self, year: float) -> float:
        return _back(self.level + self.slope * (year - self.year0), self.scale)

    def band(self, year: float) -> tuple[float, float] | None:
        """95 % prediction interval of one more point in that year."""
        if self.spread == 0:
            return None
        away = year - self.year0
        variance = 1 / self.point_weight + 1 / self.all_weight + away * away / self.year_spread
        middle, reach = self.level + self.slope * away, self.t * self.spread * math.sqrt(variance)
        return _back(middle - reach, self.scale), _back(middle + reach, self.scale)


@dataclass(frozen=True)
class Forecast:
    """reason: None, or why there is none: "too_few_points" or "method_break".

    points: one for each year asked. used: (year, value) of the points behind it.
    """

    reason: str | None
    points: list[Expected] = field(default_factory=list)
    used: list[tuple[float, float]] = field(default_factory=list)
    line: Line | None = None


@dataclass(frozen=True)
class Outlook:
    """The line beside a goal.

    status: "reached" (the last point is there), "year" (see `year`), "never" (it moves away,
        stands still, or takes more than 100 years), "not_computable" (see `reason`).
    required_change_per_year, expected_change_per_year: from the last point to the deadline, in
        the wished direction (below 0: away from the goal); required is 0 once it is reached, and
        both are None where the deadline has passed or is not set.
    at_deadline: what to expect then. is_within_band: the goal is inside that band or passed.
    """

    status: str
    reason: str | None = None
    year: float | None = None
    required_change_per_year: float | None = None
    expected_change_per_year: float | None = None
    at_deadline: Expected | None = None
    is_within_band: bool | None = None


def forecast(
    series: Iterable[Point],
    years: Sequence[float],
    *,
    scale: float | None,
    breaks: Collection[float] = (),
) -> Forecast:
    """What to expect in each of `years` if nothing changes.

    series: (year, value, standard error or None); points without a value are left out. Errors
        weigh the points if all of them are given and above 0.
    scale: the largest value possible (1, 100, 1000, 100000): line and band stay between 0 and
        it. math.inf: no largest value, but none below 0. None: no bounds, a straight line.
    breaks: years with which a new method begins; only points since the last count, and only they
        need lie within 0 to scale: what came before may be in another unit.

    Fewer than 3 points ("too_few_points"), or fewer since the last break ("method_break"), give
    no forecast but the reason. Raises ValueError for two points in a year, and for a value that
    is no number or outside 0 to scale.
    """
    points = sorted(_points(series))
    start = max((year for year in breaks if points and year <= points[-1][0]), default=-math.inf)
    used = [point for point in points if point[0] >= start]
    _check(used, scale)
    shown = [(year, value) for year, value, _ in used]
    if len(used) < LEAST_POINTS:
        broken = len(points) >= LEAST_POINTS
        return Forecast("method_break" if broken else "too_few_points", used=shown)
    line = _fit(used, scale)
    first, last = used[0][0], used[-1][0]
    expected = [_expected(line, year, year - last > last - first) for year in years]
    return Forecast(None, expected, shown, line)


def outlook(
    found: Forecast, *, goal: float, favourable: bool, deadline: float | None = None
) -> Outlook:
    """When the goal would be reached at this pace, and what pace the deadline asks for.

    goal: in the unit of the values. favourable: higher is better. deadline: a year.
    """
    if found.line is None:
        return Outlook("not_computable", found.reason)
    line, sign = found.line, 1 if favourable else -1
    year, value = found.used[-1]
    gap = sign * (goal - value)
    status, when = _when(line, goal, sign, year, gap)
    if deadline is None or deadline <= year:
        return Outlook(status, year=when)
    then = _expected(line, deadline, deadline - year > year - found.used[0][0])
    best = then.high if favourable else then.low
    reach = then.value if best is None else best
    return Outlook(
        status,
        year=when,
        required_change_per_year=max(0.0, gap) / (deadline - year),
        expected_change_per_year=sign * (then.value - line.value(year)) / (deadline - year),
        at_deadline=then,
        is_within_band=sign * (reach - goal) >= -NOISE * max(1.0, abs(goal)),
    )


def _points(series: Iterable[Point]) -> list[tuple[float, float, float]]:
    """The points with a value; a standard error of 0 where there is none."""
    found: dict[float, tuple[float, float, float]] = {}
    for year, value, se in series:
        if value is None:
            continue
        point = (float(year), float(value), float(se or 0))
        if not all(map(math.isfinite, point)) or point[2] < 0:
            raise ValueError(f"Year, value and standard error of {year!r} must be numbers.")
        if point[0] in found:
            raise ValueError(f"The year {year!r} is there twice.")
        # An error this small is a 0 that went through a computer, and would weigh without limit.
        is_given = point[2] > NOISE * NOISE * max(1.0, abs(point[1]))
        found[point[0]] = point if is_given else (*point[:2], 0.0)
    return list(found.values())


def _check(points: Sequence[tuple[float, float, float]], scale: float | None) -> None:
    for year, value, _se in points:
        if scale is not None and not 0 <= value <= scale:
            raise ValueError(f"The value {value!r} of {year!r} is not between 0 and {scale!r}.")


def _fit(points: Sequence[tuple[float, float, float]], scale: float | None) -> Line:
    """Weighted least squares: y = level + slope·(year - mean year)."""
    years = [year for year, _, _ in points]
    values, errors = _straight(points, scale)
    weights = [1 / (e * e) for e in errors] if all(errors) else [1.0] * len(points)
    total = sum(weights)
    year0 = _mean(years, weights)
    level = _mean(values, weights)
    away = [year - year0 for year in years]
    year_spread = sum(w * d * d for w, d in zip(weights, away, strict=True))
    slope = sum(w * d * y for w, d, y in zip(weights, away, values, strict=True)) / year_spread
    fitted = [level + slope * d for d in away]
    squares = sum(w * (y - f) ** 2 for w, y, f in zip(weights, values, fitted, strict=True))
    spread = math.sqrt(squares / (len(points) - 2))
    if all(errors):
        spread = max(1.0, spread)  # never more certain than the points themselves
    elif spread < NOISE * max(1.0, *map(abs, values)):
        spread = 0.0
    t = float(special.stdtrit(len(points) - 2, 1 - TAIL))
    return Line(scale, year0, level, slope, spread, median(weights), year_spread, total, t)


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)


def _straight(
    points: Sequence[tuple[float, float, float]], scale: float | None
) -> tuple[list[float], list[float]]:
    """Values and their standard errors on the scale on which the line is straight."""
    if scale is None:
        return [value for _, value, _ in points], [se for _, _, se in points]
    if scale == math.inf:
        return _logarithms(points)
    # Nobody and everybody have no logit: they count as half of the smallest share that was seen.
    shares = [value / scale for _, value, _ in points]
    inner = [min(p, 1 - p) for p in shares if NOISE < p < 1 - NOISE]
    edge = min([0.01, *inner]) / 2
    kept = [min(max(p, edge), 1 - edge) for p in shares]
    errors = [se / scale / (p * (1 - p)) for p, (_, _, se) in zip(kept, points, strict=True)]
    return [math.log(p / (1 - p)) for p in kept], errors


def _logarithms(
    points: Sequence[tuple[float, float, float]],
) -> tuple[list[float], list[float]]:
    # Zero has no logarithm: it counts as half of the smallest value that was seen.
    edge = min([1.0, *(value for _, value, _ in points if value > NOISE)]) / 2
    kept = [max(value, edge) for _, value, _ in points]
    errors = [se / value for value, (_, _, se) in zip(kept, points, strict=True)]
    return [math.log(value) for value in kept], errors


def _back(straight: float, scale: float | None) -> float:
    if scale is None:
        return straight
    if scale == math.inf:
        return math.exp(min(straight, MOST_LOGARITHM))
    return scale * float(special.expit(straight))


def _expected(line: Line, year: float, is_far: bool) -> Expected:
    low, high = line.band(year) or (None, None)
    return Expected(year, line.value(year), low, high, is_far)


def _when(line: Line, goal: float, sign: int, last: float, gap: float) -> tuple[str, float | None]:
    """The year in which the line crosses the goal. A share of exactly 0 or all is never crossed."""
    if gap <= NOISE * max(1.0, abs(goal)):
        return "reached", None
    height = goal
    if line.scale is not None:
        if not 0 < goal < line.scale:
            return "never", None
        is_bounded = line.scale < math.inf
        height = math.log(goal / (line.scale - goal) if is_bounded else goal)
    if sign * line.slope <= NOISE:
        return "never", None
    year = line.year0 + (height - line.level) / line.slope
    # The line may have passed the goal where the last point has not: then it is due now.
    return ("year", max(year, last)) if year <= last + FURTHEST else ("never", None)

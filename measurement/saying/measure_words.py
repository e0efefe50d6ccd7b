"""The summary measures of inequality in words: what each is, and why one has no number.

The keys are those of `measurement.inequality`; a test holds that none is without words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from measurement.inequality import MEASURES, RELATIVE, Measure
from measurement.showing import wording

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from measurement.models import IndicatorVersion

# Key → (name, what it tells in a line).
NAMES: dict[str, tuple[_StrPromise, _StrPromise]] = {
    "mean": (
        _("Average of all groups"),
        _("What everyone together comes to, each group counting by its people."),
    ),
    "d": (
        _("Difference"),
        _("The largest value less the smallest; with an order, between its two ends."),
    ),
    "r": (
        _("Ratio"),
        _("The largest value divided by the smallest; with an order, between its two ends."),
    ),
    "d_ref": (
        _("Difference from the chosen group"),
        _("The largest difference between the chosen group and another."),
    ),
    "r_ref": (
        _("Ratio to the chosen group"),
        _("The largest ratio between the chosen group and another."),
    ),
    "aci": (
        _("Absolute concentration index"),
        _("How much the value leans to one end of the order, in its own unit."),
    ),
    "rci": (
        _("Relative concentration index"),
        _("How much the value leans to one end of the order, beside the average."),
    ),
    "rci_wagstaff": (
        _("Concentration index, Wagstaff"),
        _("The relative concentration index, set right for shares."),
    ),
    "rci_erreygers": (
        _("Concentration index, Erreygers"),
        _("The concentration index as a part of the largest one possible."),
    ),
    "sii": (
        _("Slope index of inequality"),
        _("The difference between the two ends of the order, by a curve through all groups."),
    ),
    "rii": (
        _("Relative index of inequality"),
        _("The ratio between the two ends of the order, by a curve through all groups."),
    ),
    "sii_linear": (
        _("Slope index, straight line"),
        _("The slope index of inequality by a straight line instead of a curve."),
    ),
    "rii_linear": (
        _("Relative index, straight line"),
        _("The relative index of inequality by a straight line instead of a curve."),
    ),
    "bgv": (
        _("Between-group variance"),
        _("The squared distances of the groups from the average, weighted by people."),
    ),
    "bgsd": (
        _("Between-group standard deviation"),
        _("The usual distance of the groups from the average, in their own unit."),
    ),
    "cov": (
        _("Coefficient of variation"),
        _("The usual distance from the average, in percent of the average."),
    ),
    "mdmu": (
        _("Mean difference from the average"),
        _("The distances from the average, each group counting once."),
    ),
    "mdmw": (
        _("Weighted mean difference from the average"),
        _("The distances from the average, each group counting by its people."),
    ),
    "mdbu": (
        _("Mean difference from the value nearest the aim"),
        _("The distances from that value, each group counting once."),
    ),
    "mdbw": (
        _("Weighted mean difference from the value nearest the aim"),
        _("The distances from that value, each group counting by its people."),
    ),
    "mdru": (
        _("Mean difference from the chosen group"),
        _("The distances from the chosen group, each group counting once."),
    ),
    "mdrw": (
        _("Weighted mean difference from the chosen group"),
        _("The distances from the chosen group, each group counting by its people."),
    ),
    "idisu": (
        _("Index of disparity"),
        _("The distances from the average in percent of it, each group counting once."),
    ),
    "idisw": (
        _("Weighted index of disparity"),
        _("The distances from the average in percent of it, each group counting by its people."),
    ),
    "ti": (
        _("Theil index"),
        _("How far each group's part of the total is from its part of the people, times 1,000."),
    ),
    "mld": (
        _("Mean log deviation"),
        _("As the Theil index, but smaller values count for more."),
    ),
    "par": (
        _("Population attributable risk"),
        _("How much better the average would be if every group had the value nearest the aim."),
    ),
    "paf": (
        _("Population attributable fraction"),
        _("The same improvement, in percent of the average."),
    ),
    "mrd": (
        _("Maximal rate difference"),
        _("The largest value less the smallest, as Healthy People 2030 gives it."),
    ),
    "mrr": (
        _("Maximal rate ratio"),
        _("The largest value divided by the smallest, as Healthy People 2030 gives it."),
    ),
    "srr": (
        _("Summary rate ratio"),
        _("The value nearest the aim beside the average of the others."),
    ),
    "idis_best_reference_hp2010": (
        _("Index of disparity, Healthy People 2010"),
        _("The distances from the value nearest the aim, in percent of it."),
    ),
}
# Why there is no number, or no interval.
REASONS: dict[str, _StrPromise] = {
    "needs_two_strata": _("This measure compares groups, and there are fewer than two."),
    "needs_more_than_two_strata": _(
        "This measure describes three groups or more; compare two groups by their difference "
        "and their ratio."
    ),
    "needs_order": _(
        "This measure is for groups with an order, such as income levels, and these groups have"
        " none."
    ),
    "only_without_order": _(
        "This measure is for groups without an order, and these groups have one."
    ),
    "needs_reference": _("This measure compares with a reference group, and none was chosen."),
    "needs_scale": _("This measure is for values with a known upper limit, such as percents."),
    "no_strata": _("No group has a value."),
    "missing_estimates": _("A group that this measure needs has no value."),
    "too_many_missing": _("More than 15 percent of the groups have no value."),
    "missing_population": _("The number of people is not known for every group."),
    "negative_population": _("A group has a negative number of people, which cannot be."),
    "zero_population": _("There are no people in any of the groups."),
    "too_few_populated": _("Fewer than three of the groups have people in them."),
    "missing_order": _("The place of a group in the order is not known."),
    "tied_order": _("Two groups have the same place in the order."),
    "reference_missing": _("The reference group has no value."),
    "reference_ambiguous": _("More than one group has the name of the reference group."),
    "reference_unreliable": _(
        "The value of the group at the top of the order is too uncertain to compare the others "
        "with."
    ),
    "no_reliable_best": _("No group's value is certain enough to be the best one."),
    "zero_denominator": _("The value to divide by is zero."),
    "zero_mean": _("The average to divide by is zero."),
    "zero_estimate": _("A group's value is zero, and this measure takes its logarithm."),
    "negative_estimate": _("A group's value is negative, so a ratio says nothing."),
    "mean_at_bound": _("The average is at the end of the scale, so there is nothing to divide by."),
    "estimate_outside_scale": _("A group's value lies outside the scale."),
    "no_fit": _("The groups fall into all and nothing, so that no curve fits them."),
    "predicted_not_positive": _("The fitted line falls to zero or below, so a ratio says nothing."),
    "out_of_range": _("The numbers are too large or too small to calculate with."),
    "missing_counts": _("A number of cases or of people is not known."),
    "small_target": _("The group has too few cases or people for this ratio."),
    "small_comparison": _("The comparison group and the state's have too few cases or people."),
    "no_state": _(
        "The comparison group has too few cases or people, and the state's numbers are not known."
    ),
    "no_standard_errors": _("A group's standard error is not known."),
    "at_the_edge": _(
        "The usual formula for the uncertainty does not hold for a value of zero or for everyone."
    ),
    "is_reference": _("This is the group the others are compared with."),
    "weighted_population": _(
        "The numbers are of a survey that speaks for many more people than it asked, and the "
        "usual formula for the uncertainty would look far too sure."
    ),
    "not_simulated": _("The uncertainty was not worked out here."),
    "groups_not_shown": _("It needs all groups, and not every group can be shown here."),
}

# In the unit of the indicator: shown like its values. The others are plain numbers or percents.
_OF_UNIT = frozenset(
    [
        *("mean", "d", "d_ref", "sii", "sii_linear", "mrd", "par", "aci", "bgsd"),
        *("mdmu", "mdmw", "mdbu", "mdbw", "mdru", "mdrw"),
    ]
)
_PERCENTS = frozenset(["cov", "idisu", "idisw", "paf", "idis_best_reference_hp2010"])


def rows(found: dict[str, Measure], version: IndicatorVersion) -> list[dict[str, str | bool]]:
    """All measures for a table: name, meaning, value, interval, and why there is none."""
    return [_row(key, found[key], version) for key in MEASURES if key in found]


def _row(key: str, found: Measure, version: IndicatorVersion) -> dict[str, str | bool]:
    name, meaning = NAMES[key]
    return {
        "key": key,
        "name": str(name),
        "meaning": str(meaning),
        "is_relative": key in RELATIVE,
        "value": value(key, found, version),
        "interval": interval(key, found, version),
        "why": why_not(found),
    }


def why_not(found: Measure) -> str:
    """Why there is no number, or else why it has no interval; "" where both are there."""
    code = found.reason or (found.no_interval if found.ci is None else None)
    if code is None:
        return ""
    if found.status == "not_applicable":
        return _now("Not applicable: %(why)s") % {"why": REASONS[code]}
    if found.status == "not_computable":
        return _now("Cannot be worked out: %(why)s") % {"why": REASONS[code]}
    return str(REASONS[code])


def value(key: str, found: Measure, version: IndicatorVersion) -> str:
    """The estimate as text, "" where there is none."""
    return "" if found.estimate is None else number(key, found.estimate, version)


def interval(key: str, found: Measure, version: IndicatorVersion) -> str:
    """Its 95 % interval, "" where there is none."""
    if found.ci is None:
        return ""
    low, high = (number(key, end, version) for end in found.ci)
    return _now("%(low)s to %(high)s") % {"low": low, "high": high}


def number(key: str, figure: float, version: IndicatorVersion) -> str:
    """In the unit the measure has: points, percent or a plain number."""
    if key in _OF_UNIT:
        return wording.difference(figure, version)
    text = wording.plain(figure, 2 if abs(figure) < 100 else 1)
    return _now("%(number)s%%") % {"number": text} if key in _PERCENTS else text

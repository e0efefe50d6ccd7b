"""Why a measure of inequality has no number, or a number has no interval: codes and sentences."""

from __future__ import annotations

NOT_APPLICABLE = {
    "needs_two_strata": "This measure compares groups, and there are fewer than two.",
    "needs_more_than_two_strata": "This measure describes three groups or more; compare two "
    "groups by their difference and their ratio.",
    "needs_order": "This measure is for groups with an order, such as income levels, and these "
    "groups have none.",
    "only_without_order": "This measure is for groups without an order, and these groups have one.",
    "needs_reference": "This measure compares with a reference group, and none was chosen.",
    "needs_scale": "This measure is for values with a known upper limit, such as percents.",
}
NOT_COMPUTABLE = {
    "no_strata": "No group has a value.",
    "missing_estimates": "A group that this measure needs has no value.",
    "too_many_missing": "More than 15 percent of the groups have no value.",
    "missing_population": "The number of people is not known for every group.",
    "negative_population": "A group has a negative number of people, which cannot be.",
    "zero_population": "There are no people in any of the groups.",
    "too_few_populated": "Fewer than three of the groups have people in them.",
    "missing_order": "The place of a group in the order is not known.",
    "tied_order": "Two groups have the same place in the order.",
    "reference_missing": "The reference group has no value.",
    "reference_ambiguous": "More than one group has the name of the reference group.",
    "reference_unreliable": "The value of the group at the top of the order is too uncertain to "
    "compare the others with.",
    "no_reliable_best": "No group's value is certain enough to be the best one.",
    "zero_denominator": "The value to divide by is zero.",
    "zero_mean": "The average to divide by is zero.",
    "zero_estimate": "A group's value is zero, and this measure takes its logarithm.",
    "negative_estimate": "A group's value is negative, so a ratio says nothing.",
    "mean_at_bound": "The average is at the end of the scale, so there is nothing to divide by.",
    "estimate_outside_scale": "A group's value lies outside the scale.",
    "no_fit": "The groups fall into all and nothing, so that no curve fits them.",
    "predicted_not_positive": "The fitted line falls to zero or below, so a ratio says nothing.",
    "out_of_range": "The numbers are too large or too small to calculate with.",
    "missing_counts": "A number of cases or of people is not known.",
    "small_target": "The group has too few cases or people for this ratio.",
    "small_comparison": "The comparison group and the state's have too few cases or people.",
    "no_state": "The comparison group has too few cases or people, and the state's numbers are "
    "not known.",
}
NO_INTERVAL = {
    "no_standard_errors": "A group's standard error is not known.",
    "at_the_edge": "The usual formula for the uncertainty does not hold for a value of zero or "
    "for everyone.",
    "is_reference": "This is the group the others are compared with.",
    "weighted_population": "The numbers are of a survey that speaks for many more people than it "
    "asked, and the usual formula for the uncertainty would look far too sure.",
    "not_simulated": "The uncertainty was not worked out here.",
}
EXPLANATIONS = {**NOT_APPLICABLE, **NOT_COMPUTABLE, **NO_INTERVAL}


class Refused(Exception):
    """A measure has no value; `code` is one of NOT_APPLICABLE or NOT_COMPUTABLE."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(EXPLANATIONS[code])


def explain(code: str) -> str:
    """The plain English sentence for a code. Translate it by code where it is shown."""
    return EXPLANATIONS[code]

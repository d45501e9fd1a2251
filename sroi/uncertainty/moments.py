"""Only the mean and standard deviation of a map's ratio: the quick part, for many maps one after the other."""

from __future__ import annotations

import math

from sroi.impact_map import ImpactMap
from sroi.uncertainty.exact import exact_moments
from sroi.uncertainty.reach import NOTHING_PUT_IN, reach_of
from sroi.uncertainty.structure import structure_of, uncertain_numbers


def mean_and_sd(impact_map: ImpactMap) -> tuple[float, float, str]:
    """Return mean and standard deviation of the ratio from the stated ranges, and how: exact or simulated.

    NaN, and no method, where no number that moves the ratio has a range, and where the inputs may come near nothing,
    for then there is no mean.
    """
    structure = structure_of(impact_map, uncertain_numbers(impact_map))
    if not structure.uncertain:
        return math.nan, math.nan, ""
    reach = reach_of(structure)
    if reach.why_not is None:
        mean, variance = exact_moments(structure, reach)
        return mean, math.sqrt(variance), "exact"
    if reach.why_not == NOTHING_PUT_IN:
        return math.nan, math.nan, ""
    from sroi.uncertainty.simulation import simulate

    found = simulate(structure)
    return found.mean, found.sd, "simulated"

"""Only the interval of a ratio, for commands that are to feel instant."""

from __future__ import annotations

from sroi.impact_map import ImpactMap
from sroi.uncertainty.distribution import distribution_function
from sroi.uncertainty.exact import exact_law
from sroi.uncertainty.reach import reach_of
from sroi.uncertainty.statement import interval_words, kept_quantiles, quantile
from sroi.uncertainty.structure import structure_of, uncertain_numbers


def range_words(impact_map: ImpactMap) -> str | None:
    """Return only the interval of the ratio, in words, as `study_uncertainty` gives it; None where no number moves it.

    What drives the ratio is not worked out.
    """
    structure = structure_of(impact_map, uncertain_numbers(impact_map))
    if not structure.uncertain:
        return None
    reach = reach_of(structure)
    if reach.why_not is None:
        points, cumulative = distribution_function(exact_law(structure, reach))
    else:
        from sroi.uncertainty.simulation import simulate

        points, cumulative = kept_quantiles(simulate(structure).ratios)
    low, high = (quantile(points, cumulative, chance) for chance in (0.05, 0.95))
    return interval_words(low, high)

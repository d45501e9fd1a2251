"""Only the interval of a ratio, for commands that are to feel instant."""

from __future__ import annotations

from sroi.impact_map import ImpactMap
from sroi.uncertainty.distribution import distribution_function
from sroi.uncertainty.exact import exact_law
from sroi.uncertainty.quantiles import interval_words, kept_quantiles, quantile
from sroi.uncertainty.reach import reach_of
from sroi.uncertainty.structure import Structure, structure_of, uncertain_numbers


def interval_of(impact_map: ImpactMap) -> tuple[float, float] | None:
    """Return only the central 90 % of the ratio from the stated ranges; None where no number moves it."""
    structure = structure_of(impact_map, uncertain_numbers(impact_map))
    return _interval(structure) if structure.uncertain else None


def range_words(impact_map: ImpactMap) -> str | None:
    """Return only the interval of the ratio, in words, as `study_uncertainty` gives it; None where no number moves it.

    What drives the ratio is not worked out.
    """
    found = interval_of(impact_map)
    return None if found is None else interval_words(*found)


def _interval(structure: Structure) -> tuple[float, float]:
    reach = reach_of(structure)
    if reach.why_not is None:
        points, cumulative = distribution_function(exact_law(structure, reach))
    else:
        from sroi.uncertainty.simulation import simulate

        points, cumulative = kept_quantiles(simulate(structure).ratios)
    return quantile(points, cumulative, 0.05), quantile(points, cumulative, 0.95)

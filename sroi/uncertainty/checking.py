"""The exact engine's answer held against a simulation, so that a reader need not take it on trust."""

from __future__ import annotations

import numpy as np

from sroi.formulas import Array
from sroi.uncertainty.simulation import cross_check, simulate
from sroi.uncertainty.statement import Uncertainty
from sroi.uncertainty.structure import structure_of, uncertain_numbers

_DRAWS = 2**15


def checked_by_draws(found: Uncertainty, seed: int = 0, draws: int = _DRAWS) -> dict[str, float]:
    """Return by how many standard errors a simulation differs from an exact answer; empty where there is none.

    Of the mean, the standard deviation (sd) and the chances of lying at or below seven quantiles (q01 .. q99). By
    chance alone 19 in 20 such figures lie within 2.
    """
    if found.method != "exact":
        return {}
    structure = structure_of(found.impact_map, uncertain_numbers(found.impact_map, found.rests_on.assumption))

    def cumulative(ratios: Array) -> Array:
        return np.interp(ratios, found.points, found.cumulative, left=0.0, right=1.0)

    return cross_check(simulate(structure, draws, seed=seed), found.mean, found.sd, cumulative)


def check_words(found: Uncertainty, seed: int = 0) -> str | None:
    """Return the cross-check as a sentence with its figures; None where nothing was worked out exactly."""
    differences = checked_by_draws(found, seed)
    if not differences:
        return None
    names = {"mean": "mean", "sd": "standard deviation"}
    said = ", ".join(
        f"{names.get(name) or name[1:].lstrip('0') + ' % quantile'} {z:+.1f}".replace("-", "−")
        for name, z in differences.items()
    )
    return (
        f"Cross-check: {_DRAWS:,} draws (seed {seed}) differ from the exact answer by these numbers of standard "
        f"errors: {said}. By chance alone, 19 in 20 such figures lie within 2."
    )

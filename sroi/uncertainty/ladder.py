"""How far each step of the ladder may lie, given the ranges of a map's numbers."""

from __future__ import annotations

import numpy as np

from sroi.evaluation import evaluate
from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.uncertainty.simulation import drawn_numbers
from sroi.uncertainty.structure import structure_of, uncertain_numbers

_DRAWS, _AT_ONCE = 4096, 512


def ladder_intervals(
    impact_map: ImpactMap, seed: int = 0, assume: float | None = None, draws: int = _DRAWS
) -> dict[str, tuple[float, float]]:
    """Return the central 90 % of each step of the ladder, and of `inputs`, in the map's currency; empty for a point.

    By simulation, draws of the numbers going through the door: whiskers of a figure, good to about 2 % of their width.
    """
    structure = structure_of(impact_map, uncertain_numbers(impact_map, assume))
    if not structure.uncertain:
        return {}
    drawn = drawn_numbers(structure, draws, seed=seed)
    at: dict[str, Array] = {}
    for name, values in drawn.items():
        if structure.uncertain[name].number.by_year:
            at |= {f"{name}.{year}": column for year, column in enumerate(values.T, start=1)}
        else:
            at[name] = values[:, 0]
    found: dict[str, list[Array]] = {}
    for first in range(0, draws, _AT_ONCE):
        result = evaluate(impact_map, at={name: column[first : first + _AT_ONCE] for name, column in at.items()})
        for step, change in {**result.ladder, "inputs": result.total_inputs}.items():
            found.setdefault(step, []).append(np.broadcast_to(change, (min(_AT_ONCE, draws - first),)))
    return {
        step: (float(low), float(high))
        for step, parts in found.items()
        for low, high in [np.quantile(np.concatenate(parts), [0.05, 0.95])]
    }

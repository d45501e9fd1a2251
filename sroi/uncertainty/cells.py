"""The law of a function of several numbers that cannot be taken apart, from its values on a grid of their points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sroi.formulas import Array
from sroi.uncertainty.distribution import PointLaw, law_of_points, on_a_grid

# Cells of the law of a function of several numbers; what is level over a cell but for this part of its range is a heap.
_CELLS_OF_A_LAW, _LEVEL = 2048, 1e-9


def law_over_cells(values: Array, weights: Sequence[Array], apart: Sequence[NDArray[np.bool_]]) -> PointLaw:
    """Return the law of a function of several numbers, given on a grid of their points.

    Parameters: `values`, shape (points of the first, of the second, ..), the `weights` of each number's points, and
    which points stand `apart`, single values with a chance of their own. Between other neighbours the function is
    taken to run evenly from the least to the most of a cell's corners: the points alone would leave a comb.
    """
    low = high = values
    chance: Array = np.ones(())
    for axis, (weight, single) in enumerate(zip(weights, apart, strict=True)):
        left, right, part = _cells_between(weight, single)
        low = np.minimum(low.take(left, axis), low.take(right, axis))
        high = np.maximum(high.take(left, axis), high.take(right, axis))
        chance = np.multiply.outer(chance, part)
    low, high, chance = low.ravel(), high.ravel(), chance.ravel()
    spread = high - low
    level = spread <= _LEVEL * (high.max() - low.min())
    heaps, place = np.unique(low[level], return_inverse=True)
    heaped = np.bincount(place, chance[level], len(heaps)).astype(np.float64)
    if level.all():
        return law_of_points(heaps, heaped)
    low, high, rise = low[~level], high[~level], chance[~level] / spread[~level]
    middles = law_of_points((low + high) / 2, chance[~level])
    # Edges among the cells, and none beyond them: F(edge) is a sum over cells of what of each lies below it.
    edges = np.unique(np.concatenate([[low.min(), high.max()], on_a_grid(middles, _CELLS_OF_A_LAW).points]))
    below = np.zeros(len(edges))
    for ends, sign in ((low, 1.0), (high, -1.0)):
        bins = np.searchsorted(edges, ends)
        slope = np.cumsum(np.bincount(bins, sign * rise, len(edges) + 1)[:-1])
        offset = np.cumsum(np.bincount(bins, sign * rise * (ends - edges[0]), len(edges) + 1)[:-1])
        below += slope * (edges - edges[0]) - offset
    between = np.maximum(np.diff(below), 0.0)
    points = np.append((edges[1:] + edges[:-1]) / 2, heaps)
    return law_of_points(points, np.append(between, heaped))


def _cells_between(weight: Array, apart: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
    """Return the first and the last point of each cell of one number, and the cell's chance."""
    own, rest = np.flatnonzero(apart), np.flatnonzero(~apart)
    if len(rest) < 2:
        every = np.arange(len(weight))
        return every, every, weight
    part = (weight[rest[1:]] + weight[rest[:-1]]) / 2
    part[0], part[-1] = part[0] + weight[rest[0]] / 2, part[-1] + weight[rest[-1]] / 2
    return np.append(rest[:-1], own), np.append(rest[1:], own), np.append(part, weight[own])

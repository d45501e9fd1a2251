"""Laws of sums and products of independent numbers, by Fourier transforms: no draws, no noise.

A law is a set of points with weights. A product is a convolution on a grid of logarithms (of sizes; signs are kept
beside), a sum one on a plain grid. A point between two of a grid is shared out so that its mean is kept, and the
result is scaled to the mean and variance that are known exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sroi.formulas import Array
from sroi.laws import UncertainNumber
from sroi.uncertainty.structure import Structure

# Cells of a grid: these where many numbers blur each other's grain, more where they are few.
PRODUCT_GRID, SUM_GRID = 2048, 16384
_FINEST_PRODUCT, _FINEST_SUM, _CELLS_IN_ALL = 2**15, 2**17, 2**18
# Sizes below this part of a factor's mean size go partly to 0, mean kept: no grid of logarithms reaches 0.
_SMALLEST = 1e-6
_NO_WEIGHT = 1e-15
# Of a sum so many standard deviations either side of the mean are kept, beside all but this chance of its widest part:
# a number that is seldom anything, but then large, lies far beyond any number of standard deviations.
_REACH, _BEYOND = 10.0, 1e-8
# A law that differs more than this from what is known of its variance is cut off somewhere: stretching would bend it.
_SAME = 0.01
# As many pairs of points as are multiplied or added outright, where laws are a few single values.
_OUTRIGHT = 4096
_AT_ONCE, _SUMMED_AT_ONCE = 16, 4  # so many at a time stay near the processor
# A cell of more weight than this, and so many times its neighbours', is a single value.
_STEP_WEIGHT, _STEP_OVER = 1e-4, 50.0


@dataclass(frozen=True, eq=False)
class PointLaw:
    """Points, ascending, and their weights (sum 1).

    `single` says that they are single values and not the cells of a grid.
    """

    points: Array
    weights: Array
    single: bool = False

    @property
    def mean(self) -> float:
        """Its mean."""
        # Not `@`: on long arrays it wakes a pool of threads, which costs more than it saves.
        return float((self.weights * self.points).sum())

    @property
    def variance(self) -> float:
        """Its variance."""
        return float((self.weights * (self.points - self.mean) ** 2).sum())

    def scaled(self, mean: float, variance: float) -> PointLaw:
        """Return the law moved and stretched to this mean and variance; nothing at all stays nothing."""
        if self.single:
            return self  # its values are known, and a threshold may lie on one of them
        nothing = self.points == 0.0
        chance = float(self.weights[nothing].sum())
        if 0.0 < chance < 1.0:
            some = 1.0 - chance
            rest = PointLaw(self.points[~nothing], self.weights[~nothing] / some, self.single)
            moved = rest.scaled(mean / some, (variance + mean**2) / some - (mean / some) ** 2)
            return law_of_points(np.append(moved.points, 0.0), np.append(moved.weights * some, chance), self.single)
        own = self.variance
        same = own > 0 and abs(variance / own - 1.0) < _SAME
        if self.points[0] > 0.0 and own > self.mean**2:
            return self._dilated(mean, variance if same else own * (mean / self.mean) ** 2)
        stretch = np.sqrt(variance / own) if same else 1.0
        return PointLaw(mean + (self.points - self.mean) * stretch, self.weights, self.single)

    def _dilated(self, mean: float, variance: float) -> PointLaw:
        """Return a wide law above 0 with its logarithms stretched: a plain stretch would move small values most."""
        logs, wanted, power = np.log(self.points), np.log1p(variance / mean**2), 1.0
        for _ in range(3):
            points = np.exp(power * logs)
            first, second = (self.weights * points).sum(), (self.weights * points**2).sum()
            power *= np.sqrt(wanted / np.log(second / first**2))
        points = np.exp(power * logs)
        return PointLaw(points * (mean / float((self.weights * points).sum())), self.weights, self.single)

    def tails(self) -> tuple[float, float]:
        """Return how far below and above its mean it reaches, but for next to no chance."""
        below = np.cumsum(self.weights)
        ends = np.minimum(np.searchsorted(below, [_BEYOND, 1.0 - _BEYOND]), len(below) - 1)
        low, high = self.points[ends]
        mean = self.mean
        return float(mean - low), float(high - mean)

    def times(self, constant: float) -> PointLaw:
        """Return the law of a constant times it."""
        if constant < 0:
            return PointLaw(self.points[::-1] * constant, self.weights[::-1], self.single)
        return PointLaw(self.points * constant, self.weights, self.single)

    def inverse(self) -> PointLaw:
        """Return the law of 1 divided by it; all points above 0."""
        return PointLaw(1.0 / self.points[::-1], self.weights[::-1], self.single)


def certain(value: float) -> PointLaw:
    """Return the law of a number that is certain."""
    return PointLaw(np.array([value]), np.ones(1), single=True)


def law_of_points(points: Array, weights: Array, single: bool = False) -> PointLaw:
    """Return the law of points in any order, those without weight left out."""
    kept = weights > _NO_WEIGHT * weights.max()
    x, w = points[kept], weights[kept]
    order = np.argsort(x, kind="stable")
    return PointLaw(x[order], w[order] / w.sum(), single)


# ---- products ----


def products(factors: Sequence[Sequence[PointLaw]], cases: int = 1) -> list[PointLaw]:
    """Return the law of the product of each row of independent factors.

    `cases`: how many times the like is done for one map; the finest grids are for maps that need it but a few times.
    """
    found: list[PointLaw | None] = [None] * len(factors)
    grids: dict[int, list[int]] = {}
    for place, row in enumerate(factors):
        constant = float(np.prod([law.points[0] for law in row if len(law.points) == 1], initial=1.0))
        moving = [law for law in row if len(law.points) > 1]
        if not moving or constant == 0.0:
            found[place] = certain(constant)
        elif len(moving) == 1:
            found[place] = moving[0].times(constant)
        elif all(law.single for law in moving) and np.prod([len(law.points) for law in moving]) <= _OUTRIGHT:
            found[place] = _outright(moving, np.multiply).times(constant)
        else:
            grids.setdefault(len(moving), []).append(place)
    laws = cases * sum(len(row) for row in factors)
    for places in grids.values():
        for first in range(0, len(places), _AT_ONCE):
            block = places[first : first + _AT_ONCE]
            rows = [[law for law in factors[place] if len(law.points) > 1] for place in block]
            for place, law in zip(
                block, _products_on_a_grid(rows, _cells(laws, PRODUCT_GRID, _FINEST_PRODUCT)), strict=True
            ):
                constant = float(np.prod([each.points[0] for each in factors[place] if len(each.points) == 1]))
                found[place] = law.times(constant)
    return [law for law in found if law is not None]


def _outright(laws: Sequence[PointLaw], put: np.ufunc) -> PointLaw:
    points, weights = laws[0].points, laws[0].weights
    for law in laws[1:]:
        points = put.outer(points, law.points).ravel()
        weights = np.multiply.outer(weights, law.weights).ravel()
    merged, place = np.unique(points, return_inverse=True)
    return PointLaw(merged, np.bincount(place.ravel(), weights).astype(np.float64), single=True)


class _Factors:
    """Factors laid end to end, as logarithms of sizes with the signs beside, and the weight of each at 0."""

    def __init__(self, laws: Sequence[PointLaw]) -> None:
        lengths = np.array([len(law.points) for law in laws])
        starts = np.append(0, np.cumsum(lengths)[:-1])
        points = np.concatenate([law.points for law in laws])
        weights = np.concatenate([law.weights for law in laws])
        size = np.abs(points)
        # Of the mean, not of the largest: of a wide lognormal the largest may be a million times what is likely.
        floor = _SMALLEST * np.maximum(np.add.reduceat(weights * size, starts), np.finfo(float).tiny)
        floors = np.repeat(floor, lengths)
        share = np.minimum(size / floors, 1.0)  # of a size below the floor, what keeps its mean there
        self.zero = np.add.reduceat(weights * (1 - share), starts)
        weights = weights * share
        kept = (weights > _NO_WEIGHT) & (size > 0)
        logs = np.log(np.maximum(size, floors))
        self.low = np.minimum.reduceat(np.where(kept, logs, np.inf), starts)
        self.high = np.maximum.reduceat(np.where(kept, logs, -np.inf), starts)
        # Nothing at all, but for chances that no float would notice.
        nothing = ~np.isfinite(self.low)
        self.low[nothing] = self.high[nothing] = 0.0
        self.zero[nothing] = 1.0
        self.logs, self.weights, self.negative = logs[kept], weights[kept], points[kept] < 0
        self.row = np.repeat(np.arange(len(laws)), lengths)[kept]
        self.count = len(laws)

    def on_a_grid(self, step: Array, grid: int) -> tuple[Array, Array | None]:
        """Return the weights on grids of logarithms from each one's low by its `step`, shape (factor, cell).

        Each point is shared by its two neighbours so that its size's mean is kept. The second has the weights of losses
        with a minus; None if there are none.
        """
        steps = step[self.row]
        place = (self.logs - self.low[self.row]) / steps
        left = place.astype(np.intp)
        part = np.expm1((place - left) * steps) / np.expm1(steps)
        cell, cells = self.row * grid + left, self.count * grid

        def laid(weights: Array) -> Array:
            whole = (
                np.bincount(cell, weights * (1 - part), cells)
                + np.bincount(cell + 1, weights * part, cells + 1)[:cells]
            )
            return np.asarray(whole.reshape(self.count, grid), dtype=np.float64)

        signed = laid(np.where(self.negative, -self.weights, self.weights)) if self.negative.any() else None
        return laid(self.weights), signed


def _products_on_a_grid(rows: Sequence[Sequence[PointLaw]], grid: int) -> list[PointLaw]:
    """Return the laws of products of as many factors in each row, by convolution of logarithms, all rows at once."""
    count, width = len(rows), len(rows[0])
    factors = _Factors([law for row in rows for law in row])
    low, high, zeros = (each.reshape(count, width) for each in (factors.low, factors.high, factors.zero))
    step = np.maximum((high - low).sum(axis=1) / (grid - 2 * width - 2), 1e-12)
    sums, signed = factors.on_a_grid(np.repeat(step, width), grid)

    def multiplied(each: Array) -> Array:
        return np.fft.irfft(np.fft.rfft(each.reshape(count, width, grid)).prod(axis=1), grid)

    total = multiplied(sums)
    # With sums of the weights of both signs, and differences, each a product: the signs multiply by themselves.
    balance = total if signed is None else multiplied(signed)
    sizes = np.exp(low.sum(axis=1)[:, None] + step[:, None] * np.arange(grid))
    found = []
    for place in range(count):
        zero = 1.0 - float(np.prod(1.0 - zeros[place]))
        if zero >= 1.0:
            found.append(certain(0.0))
            continue
        if signed is None:
            points, weights = sizes[place], np.maximum(total[place], 0)
        else:
            up = np.maximum(total[place] + balance[place], 0) / 2
            down = np.maximum(total[place] - balance[place], 0) / 2
            points, weights = np.concatenate([-sizes[place][::-1], sizes[place]]), np.concatenate([down[::-1], up])
        weights = weights * ((1 - zero) / weights.sum())
        if zero > 0:
            points, weights = np.append(points, 0.0), np.append(weights, zero)
            found.append(law_of_points(points, weights))
        else:
            kept = weights > _NO_WEIGHT * weights.max()  # the points are in order already
            found.append(PointLaw(points[kept], weights[kept] / weights[kept].sum()))
    return found


def _cells(laws: int, fewest: int, most: int) -> int:
    """Return how many cells a grid has when so many laws share the work."""
    return int(min(most, max(fewest, 2 ** int(np.log2(_CELLS_IN_ALL / laws)))))


# ---- sums ----


def sum_of(laws: Sequence[PointLaw], cases: int = 1) -> PointLaw:
    """Return the law of the sum of independent numbers; `cases` as in `products`."""
    constant = float(sum(law.points[0] for law in laws if len(law.points) == 1))
    moving = [law for law in laws if len(law.points) > 1]
    if not moving:
        return certain(constant)
    if len(moving) == 1:
        law = moving[0]
        return PointLaw(law.points + constant, law.weights, law.single)
    if all(law.single for law in moving) and np.prod([float(len(law.points)) for law in moving]) <= _OUTRIGHT:
        law = _outright(moving, np.add)
        return PointLaw(law.points + constant, law.weights, single=True)
    mean, sd = sum(law.mean for law in moving), np.sqrt(sum(law.variance for law in moving))
    tails = [law.tails() for law in moving]
    low = max(float(sum(law.points[0] for law in moving)), mean - _REACH * sd - max(left for left, _ in tails))
    high = min(float(sum(law.points[-1] for law in moving)), mean + _REACH * sd + max(right for _, right in tails))
    grid = _cells(cases * len(moving), SUM_GRID, _FINEST_SUM)
    step = (high - low) / (grid - 8)
    spectrum = np.ones(grid // 2 + 1, dtype=complex)
    for first in range(0, len(moving), _SUMMED_AT_ONCE):
        circles = _on_circles(moving[first : first + _SUMMED_AT_ONCE], step, grid)
        for each in np.fft.rfft(circles):
            spectrum *= each
    weights = np.maximum(np.fft.irfft(spectrum, grid), 0.0)
    # The grid is a circle: the place of the lowest point says which turn each cell belongs to.
    start = int(np.floor(low / step)) - 2
    cells = start + (np.arange(grid) - start) % grid
    law = law_of_points(cells * step, weights)
    return PointLaw(law.points + constant, law.weights)


def _on_circles(laws: Sequence[PointLaw], step: float, grid: int) -> Array:
    """Return the weights of laws on grids closed to circles, shape (law, cell); each point is shared by two cells."""
    place = np.concatenate([law.points for law in laws]) / step
    weights = np.concatenate([law.weights for law in laws])
    left = np.floor(place)
    upper = weights * (place - left)
    cell = left.astype(np.int64) % grid
    circle = np.repeat(np.arange(len(laws)) * grid, [len(law.points) for law in laws])
    cells = len(laws) * grid
    whole = np.bincount(circle + cell, weights - upper, cells)
    whole += np.bincount(circle + (cell + 1) % grid, upper, cells)
    return np.asarray(whole.reshape(len(laws), grid), dtype=np.float64)


# ---- mixtures ----


def mixture(laws: Sequence[PointLaw], weights: Array) -> PointLaw:
    """Return the law of a number that follows one of these laws, with these chances."""
    points = np.concatenate([law.points for law in laws])
    shares = np.concatenate([law.weights * weight for law, weight in zip(laws, weights, strict=True)])
    return law_of_points(points, shares, all(law.single for law in laws))


def on_a_grid(law: PointLaw, cells: int) -> PointLaw:
    """Return a law of many points as at most so many `cells`, means kept; one of fewer points as it is.

    Half of the cells are equally long and half equally likely, so that neither a far tail nor a narrow peak takes all.
    Nothing at all has a cell of its own.
    """
    if len(law.points) <= cells:
        return law
    nothing = law.points == 0.0
    chance = np.cumsum(law.weights) - law.weights / 2
    length = (law.points - law.points[0]) / (law.points[-1] - law.points[0])
    cell = np.minimum(((length + chance) * (cells // 2 - 1)).astype(np.intp), cells - 3)
    below = law.points < 0.0
    cell = np.where(nothing, cells - 1, np.where(below, cell, cell + 1))
    weights = np.bincount(cell, law.weights, cells)
    worth = np.bincount(cell, law.weights * law.points, cells)
    used = weights > 0
    return law_of_points(np.asarray(worth[used] / weights[used]), np.asarray(weights[used], dtype=np.float64))


# ---- reading a law ----


def distribution_function(law: PointLaw) -> tuple[Array, Array]:
    """Return points and the chance of a number at or below each, ready for linear reading between them.

    A grid's cell has its weight spread evenly about its point; single values rise in steps, and so does a cell that
    outweighs its neighbours by far: a value with a chance of its own, such as nothing at all.
    """
    weights, below = law.weights, np.cumsum(law.weights)
    if law.single or len(law.points) == 1:
        return np.repeat(law.points, 2), np.stack([np.append(0.0, below[:-1]), below], axis=1).ravel()
    around = np.maximum(np.append(0.0, weights[:-1]), np.append(weights[1:], 0.0))
    steps = (weights > _STEP_WEIGHT) & (weights > np.where(law.points == 0.0, 3.0, _STEP_OVER) * around)
    middle = below - weights / 2
    gaps = np.diff(law.points)
    ends = law.points[0] - gaps[0] / 2, law.points[-1] + gaps[-1] / 2
    points = np.concatenate([ends[:1], law.points, law.points[steps], ends[1:]])
    chance = np.concatenate([[0.0], np.where(steps, below - weights, middle), below[steps], [1.0]])
    order = np.lexsort((chance, points))
    return points[order], chance[order]


def total_inputs_law(cases: Sequence[Structure], rest: Mapping[str, UncertainNumber]) -> tuple[Array, Array]:
    """Return points, shape (K, point), and weights of the total inputs, where they are too many for a grid of each.

    The law of the first case gives the weights; another case's points keep the same ranks.
    """
    from sroi.laws import nodes, together

    laws = []
    for case in cases:
        rows = []
        for line in case.inputs:
            row = [certain(line.constant)]
            for factor in line.factors:
                number = rest[factor.names[0]]
                x, w = together(number, 256) if len(number.laws) > 1 else nodes(number.laws, 256)[0]
                values = x if x.ndim > 1 else x[:, None]
                row.append(law_of_points(factor.worth({number.name: values}), w, number.discrete))
            rows.append(row)
        laws.append(on_a_grid(sum_of(products(rows)), 2048))
    weights = laws[0].weights
    ranks = np.cumsum(weights) - weights / 2
    return np.stack([laws[0].points, *(
        np.interp(ranks, np.cumsum(law.weights) - law.weights / 2, law.points) for law in laws[1:]
    )]), weights  # fmt: skip

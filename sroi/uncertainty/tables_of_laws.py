"""A number's law, or what a factor makes of it, as a table over equal steps of chance: drawing is looking up.

A curve is what stands at each chance (the inverse of the distribution function), from the points of `sroi.laws.nodes`.
A table holds one value for each cell of chance, its mean and mean square those of the law. Cells that one value cannot
stand for, a jump between two single values or a long tail, are worked out afresh from the exact chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sroi.formulas import Array
from sroi.laws import Law, UncertainNumber, nodes
from sroi.uncertainty.streams import Chances

# Panels of `sroi.laws.nodes` have so many points.
_PANEL = 8
# Where cells as such lose more than this share of the variance, the steepest are worked out afresh.
_LOST = 2e-3
# A step of chance that no float tells from nothing: where two points lie so close, the curve jumps.
_NO_STEP = 1e-12
# A rise that is none, as a share of all that a curve rises.
_NO_JUMP = 1e-8


@dataclass(frozen=True, eq=False)
class Curve:
    """What stands at each chance: straight lines between points.

    `chances`, shape (point,), ascending from 0 to 1; `values`, shape (point,) or (point, year); `weights`, shape
    (point,), of the quadrature that gives its exact moments, or None. `jumps` says that it may have some.
    """

    chances: Array
    values: Array
    weights: Array | None = None
    jumps: bool = False

    @property
    def level(self) -> bool:
        """Whether it is made of single values only: these come out exactly as they are."""
        if not self.jumps:
            return False
        return not ((np.diff(self.values) != 0.0) & (np.diff(self.chances) >= _NO_STEP)).any()

    def at(self, chances: Array) -> Array:
        """Return what stands at these chances."""
        if self.values.ndim == 1:
            return np.interp(chances, self.chances, self.values)
        return np.stack([np.interp(chances, self.chances, year) for year in self.values.T], axis=-1)

    def within(self, low: float, high: float) -> tuple[float, float]:
        """Return the integrals of the value and of its square between two chances."""
        first, last = np.searchsorted(self.chances, [low, high], side="right")
        chances = np.concatenate([[low], self.chances[first:last], [high]])
        ends = self.at(np.array([low, high]))
        values = np.concatenate([ends[:1], self.values[first:last], ends[1:]])
        step, a, b = np.diff(chances), values[:-1], values[1:]
        return float(step @ (a + b)) / 2, float(step @ (a * a + a * b + b * b)) / 3


@dataclass(frozen=True, eq=False)
class Table:
    """A value for each cell of chance, shape (cell,); `afresh` marks the cells that need the curve."""

    values: Array
    shift: int
    curve: Curve
    afresh: NDArray[np.bool_] | None = None

    def look_up(self, chances: Chances, out: Array | None = None) -> Array:
        """Return the values of a block of draws, in `out` if it is given."""
        cells = chances.words >> self.shift
        found = self.values.take(cells, out=out, mode="clip")
        if self.afresh is not None:
            places = np.flatnonzero(self.afresh[cells])
            if len(places):
                found[places] = self.curve.at(chances.exactly(places))
        return found


def cells_for(draws: int) -> int:
    """Return how many cells tables need: steps of chance must stay well below what so many draws can tell apart."""
    return 2_048 if draws <= 2**17 else 8_192 if draws <= 2**20 else 16_384


def table_of(curve: Curve, cells: int) -> Table:
    """Return a curve of single values, shape (point,), as a table of so many cells (a power of two)."""
    shift = 16 - (cells.bit_length() - 1)
    values = curve.at((np.arange(cells) + 0.5) / cells)
    afresh = _jump_cells(curve, cells) if curve.jumps else None
    if not curve.level:
        afresh = _true_to_moments(curve, values, afresh)
    return Table(values, shift, curve, afresh)


def _jump_cells(curve: Curve, cells: int) -> NDArray[np.bool_] | None:
    """Return which cells a jump lies in."""
    apart = np.abs(np.diff(curve.values))
    jumps = (np.diff(curve.chances) < _NO_STEP) & (apart > _NO_JUMP * np.ptp(curve.values))
    at = curve.chances[1:][jumps]
    marked = np.zeros(cells, dtype=bool)
    # A jump at the very edge between two cells: rounding may put it in either.
    for edge in (at - _NO_STEP, at + _NO_STEP):
        marked[np.clip((edge * cells).astype(np.intp), 0, cells - 1)] = True
    return marked if marked.any() else None


def _true_to_moments(curve: Curve, values: Array, afresh: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
    """Move and stretch the values in place so that the mean and the mean square of the law come out exactly."""
    cells = len(values)
    if curve.weights is None:
        mean, square = curve.within(0.0, 1.0)
    else:
        weighted = curve.weights * curve.values
        mean, square = float(weighted.sum()), float(np.vdot(weighted, curve.values))
    variance = square - mean * mean
    if not variance > 1e-14 * square:
        return afresh
    middle = float(values.sum()) / cells
    values -= middle
    kept = float(np.vdot(values, values)) / cells
    # Where a curve is level it stays as it is: a likely single value, a kept share that cannot fall below nothing.
    levels = bool((values[1:] == values[:-1]).any())
    if afresh is None and not levels and kept > (1.0 - _LOST) * variance:
        values *= np.sqrt(variance / kept)
        values += mean
        return None
    values += middle
    edges = curve.at(np.arange(cells + 1) / cells)
    afresh = _steep_cells(edges, variance) | (False if afresh is None else afresh)
    moved = ~afresh & (edges[1:] != edges[:-1])
    _stretch(values, moved, *_rest(curve, values, moved, afresh, (mean, square)), variance)
    return afresh


def _steep_cells(edges: Array, variance: float) -> NDArray[np.bool_]:
    """Return the cells within which the curve rises most: without them, what cells as such lose is little."""
    cells = len(edges) - 1
    lost = np.diff(edges) ** 2 / (12.0 * cells)
    order = np.argsort(lost, kind="stable")
    steep = np.zeros(cells, dtype=bool)
    steep[order[np.cumsum(lost[order]) > _LOST * variance / 4]] = True
    return steep


def _rest(
    curve: Curve, values: Array, moved: NDArray[np.bool_], afresh: NDArray[np.bool_], whole: tuple[float, float]
) -> tuple[float, float]:
    """Return the integrals of value and square that are left for the cells that may be moved."""
    level = values[~moved & ~afresh]
    mean = whole[0] - float(level.sum()) / len(values)
    square = whole[1] - float(np.vdot(level, level)) / len(values)
    for cell in np.flatnonzero(afresh):
        first, second = curve.within(cell / len(values), (cell + 1) / len(values))
        mean, square = mean - first, square - second
    return mean, square


def _stretch(values: Array, moved: NDArray[np.bool_], mean: float, square: float, variance: float) -> None:
    """Give the cells that may be moved the integrals wanted, unless there is hardly anything to stretch."""
    share = np.count_nonzero(moved) / len(values)
    if share == 0.0:
        return
    rest = values[moved]
    rest -= rest.mean()
    kept, wanted = float(np.vdot(rest, rest)) / len(values), square - mean * mean / share
    stretch = np.sqrt(wanted / kept) if kept > 1e-6 * variance and wanted > 0.0 else 1.0
    if abs(stretch - 1.0) < 0.1:
        values[moved] = mean / share + stretch * rest


# ---- curves of laws ----


def curves(laws: Sequence[Law], points: int) -> list[Curve]:
    """Return the curve of each law, from about so many points."""
    found: list[Curve | None] = [None] * len(laws)
    smooth = sorted((place for place, law in enumerate(laws) if law.family not in ("atoms", "mixture")),
                    key=lambda place: laws[place].family)  # fmt: skip
    # A few laws of a family at a time: what is worked out stays in the cache.
    step = max(1, 2**13 // points)
    for start in range(0, len(smooth), step):
        places = smooth[start : start + step]
        pairs = nodes([laws[place] for place in places], points)
        for length in {len(w) for _, w in pairs}:
            alike = [row for row, (_, w) in enumerate(pairs) if len(w) == length]
            below = _chances_at(np.stack([pairs[row][1] for row in alike]))
            for row, chances in zip(alike, below, strict=True):
                law = laws[places[row]]
                found[places[row]] = _with_ends(law, Curve(chances, *pairs[row]))
    for place, law in enumerate(laws):
        if law.family == "atoms":
            found[place] = _steps(law)
        elif law.family == "mixture":
            found[place] = _mixed(curves(law.parts, points))  # type: ignore[arg-type]
    return [curve for curve in found if curve is not None]


_INTEGRALS: list[Array] = []


def _chances_at(weights: Array) -> Array:
    """Return the chance at or below each point of composite Gauss-Legendre quadrature, shape (law, point).

    Whole panels are summed; within a panel the polynomial through its eight points is integrated up to each of them.
    """
    if not _INTEGRALS:
        from numpy.polynomial import legendre

        x, w = legendre.leggauss(_PANEL)
        # Column j: the Legendre series that is 1 at point j and 0 at the others; then its integral from -1.
        series = np.linalg.inv(legendre.legvander(x, _PANEL - 1))
        _INTEGRALS.append(legendre.legval(x, legendre.legint(series, lbnd=-1)) / w[:, None])
    within = weights.reshape(len(weights), -1, _PANEL)
    whole = within.sum(axis=2)
    before = np.cumsum(whole, axis=1) - whole
    below = (before[:, :, None] + within @ _INTEGRALS[0]).reshape(weights.shape)
    return np.clip(np.maximum.accumulate(below, axis=1), 0.0, 1.0)


def _with_ends(law: Law, curve: Curve) -> Curve:
    """Put the ends of the law at chances 0 and 1: where they are far from all its weight, the next step instead."""
    x = curve.values
    low, high = max(law.low, 2 * x[0] - x[1]), min(law.high, 2 * x[-1] - x[-2])
    nothing = np.zeros(1)
    weights = None if curve.weights is None else np.concatenate([nothing, curve.weights, nothing])
    return Curve(
        np.concatenate([nothing, curve.chances, [1.0]]), np.concatenate([[low], curve.values, [high]]), weights
    )


def _steps(law: Law) -> Curve:
    """Return the curve of single values: level, and a jump from each to the next."""
    values, weights = np.array(law.parts, dtype=np.float64).T
    weights = weights / weights.sum()
    ends = np.minimum(np.cumsum(weights), 1.0)
    ends[-1] = 1.0
    chances = np.stack([np.append(0.0, ends[:-1]), ends], axis=1).ravel()
    return Curve(chances, np.repeat(values, 2), np.stack([weights, 0 * weights], axis=1).ravel(), len(values) > 1)


def _mixed(parts: Sequence[Curve]) -> Curve:
    """Return the curve of an equal mixture: the chance at or below a value is the mean of the parts' chances."""
    values = np.unique(np.concatenate([part.values for part in parts]))
    # Just below a value and at it: a part that is a single value jumps there.
    chances = np.zeros((len(values), 2))
    for part in parts:
        for column, side in enumerate(("left", "right")):
            chances[:, column] += _inverse(part, values, side) / len(parts)
    places = np.concatenate([np.searchsorted(values, part.values) for part in parts])
    each = np.concatenate([part.weights for part in parts if part.weights is not None]) / len(parts)
    weights = np.stack([np.bincount(places, each, len(values)), np.zeros(len(values))], axis=1).ravel()
    ordered = np.clip(np.maximum.accumulate(chances.ravel()), 0.0, 1.0)
    return Curve(ordered, np.repeat(values, 2), weights, jumps=True)


def _inverse(curve: Curve, values: Array, side: str) -> Array:
    """Return the chance below each value (left) or at or below it (right)."""
    place = np.searchsorted(curve.values, values, side=side)  # type: ignore[call-overload]
    last = len(curve.values) - 1
    before, after = np.clip(place - 1, 0, last), np.clip(place, 0, last)
    rise = curve.values[after] - curve.values[before]
    part = np.divide(values - curve.values[before], rise, out=np.zeros(len(values)), where=rise > 0.0)
    between = curve.chances[before] + part * (curve.chances[after] - curve.chances[before])
    return np.where(place == 0, 0.0, np.where(place > last, 1.0, between))


def curves_of(numbers: Sequence[UncertainNumber], points: int) -> list[Curve]:
    """Return the curve of each number, values of shape (point, year): all its years stand at one chance."""
    made = iter(curves([law for number in numbers for law in number.laws], points))
    found = []
    for number in numbers:
        years = [next(made) for _ in number.laws]
        found.append(replace(years[0], values=years[0].values[:, None]) if len(years) == 1 else _by_year(years))
    return found


def _by_year(years: Sequence[Curve]) -> Curve:
    chances = np.unique(np.concatenate([curve.chances for curve in years]))
    jumps = any(curve.jumps for curve in years)
    if jumps:
        # Both sides of every point, so that what jumps there does so.
        tiny = _NO_STEP / 8
        chances = np.stack([chances - tiny, chances + tiny], axis=1).ravel()
    values = np.stack([np.interp(chances, curve.chances, curve.values) for curve in years], axis=-1)
    return Curve(np.clip(chances, 0.0, 1.0), values, None, jumps)

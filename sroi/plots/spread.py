"""A distribution as bars: of equal width, or one for each of a few ratios."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sroi import wording
from sroi.formulas import Array

# So few different ratios are drawn as they are; more are a curve.
_FEW = 40


class Spread(Protocol):
    """What the ratio may be: ascending ratios (`points`), and the chance of a ratio at or below each (`cumulative`)."""

    @property
    def points(self) -> Array:
        """Ascending ratios."""

    @property
    def cumulative(self) -> Array:
        """The chance of a ratio at or below each point."""

    @property
    def base(self) -> float:
        """The ratio of the base case."""

    @property
    def mean(self) -> float:
        """The mean ratio."""

    def quantile(self, chance: float) -> float:
        """Return the ratio that this chance lies at or below."""

    def chance_above(self, ratio: float) -> float:
        """Return the chance of a ratio above this one."""


@dataclass(frozen=True)
class Bars:
    """What is drawn of a distribution: bars of one width [ratio] with their chances, and what they stand for in words.

    `single`: each bar stands for one ratio, at its middle.
    """

    left: list[float]
    width: float
    chance: list[float]
    single: bool
    words: str


def is_few(spread: Spread) -> bool:
    """Say whether the ratio takes only a few values."""
    return len(np.unique(np.asarray(spread.points, float))) <= _FEW


def view(spread: Spread) -> tuple[float, float]:
    """Return the ends of an axis on which a distribution is drawn."""
    points = np.asarray(spread.points, float)
    tail = _tail(spread)
    first, last = (points[0], points[-1]) if is_few(spread) else (spread.quantile(tail), spread.quantile(1 - tail))
    middle = (float(first) + float(last)) / 2
    # Ratios are read to two decimals: a shorter axis would show differences that nobody means.
    half = max(float(last - first), 0.1 * max(abs(middle), 0.1)) / 2
    return middle - half, middle + half


def _tail(spread: Spread) -> float:
    """Return the chance at each end that is not drawn: 0.1 %, or 1 % where that would leave no room for the rest."""
    q = spread.quantile
    return 0.01 if q(0.999) - q(0.001) > 4 * (q(0.95) - q(0.05)) else 0.001


def bars_of(spread: Spread, most: int) -> Bars:
    """Return a distribution as about so many bars of one width, or as a bar for each of a few ratios."""
    points, first_at = np.unique(np.asarray(spread.points, float), return_index=True)
    cumulative = np.asarray(spread.cumulative, float)
    at, before = cumulative[np.append(first_at[1:], len(cumulative)) - 1], cumulative[first_at]
    shown_low, shown_high = view(spread)
    step = (shown_high - shown_low) / most
    if len(points) <= _FEW:
        width = min(step, 0.8 * float(np.diff(points).min())) if len(points) > 1 else step
        words = "the only one there is" if len(points) == 1 else f"only {len(points)} are possible"
        return Bars((points - width / 2).tolist(), width, np.diff(at, prepend=0.0).tolist(), True, words)
    tail = _tail(spread)
    first, last = spread.quantile(tail), spread.quantile(1 - tail)
    if last - first < step:
        return Bars(
            [(first + last - step) / 2], step, [1 - 2 * tail], True, f"all but {wording.per_cent(2 * tail)} in one bar"
        )
    width = _round(step)
    edges = width * np.arange(math.floor(first / width), math.ceil(last / width) + 1)
    atoms = at - before
    atoms[0] = at[0]
    # Between points the chance grows evenly; at a point that stands twice it jumps, and that jump is its own.
    smooth = np.interp(edges, points, at - np.cumsum(atoms))
    words = f"each bar {wording.plain(width)} wide, {wording.per_cent(tail)} at each end left out"
    chances = np.diff(smooth) + np.histogram(points, bins=edges, weights=atoms)[0]
    return Bars(edges[:-1].tolist(), width, chances.tolist(), False, words)


def _round(width: float) -> float:
    """Return a width of 1, 2 or 5 times a power of ten, at least the one given."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= width * (1 - 1e-9))

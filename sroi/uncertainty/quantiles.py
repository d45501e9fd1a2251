"""How a distribution function is read: the value at a chance, and the central interval in words.

Apart from all else that is said of uncertainty, for commands that show an interval and nothing more.
"""

from __future__ import annotations

import math

import numpy as np

from sroi import wording
from sroi.formulas import Array

STATED = "from the stated ranges"
# A simulated distribution is kept as its quantiles at so many chances.
_KEPT = 4001


def quantile(points: Array, cumulative: Array, chance: float) -> float:
    """Return the value that a number stays at or below with this chance, by its distribution function; NaN if none."""
    if not points.size:
        return math.nan
    # Where the function is level several values would do: the lowest, as for any distribution function.
    place = int(np.searchsorted(cumulative, chance, side="left"))
    if place == 0 or place >= len(points):
        return float(points[min(place, len(points) - 1)])
    low, high = cumulative[place - 1], cumulative[place]
    part = (chance - low) / (high - low)
    return float(points[place - 1] + part * (points[place] - points[place - 1]))


def kept_quantiles(ratios: Array) -> tuple[Array, Array]:
    """Return the distribution function of simulated ratios as quantiles at so many chances; empty if there are none."""
    finite = np.sort(ratios[np.isfinite(ratios)])
    if not len(finite):
        return np.empty(0), np.empty(0)
    chances = np.linspace(0.0, 1.0, min(_KEPT, max(len(finite), 2)))
    return np.quantile(finite, chances), chances


def interval_words(low: float, high: float, basis: str = STATED) -> str:
    """Return an interval as people read it.

    >>> print(interval_words(1.234, 2.5))
    1.23 to 2.50 (central 90 %, from the stated ranges)
    """
    return f"{wording.ratio(low)} to {wording.ratio(high)} (central 90 %, {basis})"

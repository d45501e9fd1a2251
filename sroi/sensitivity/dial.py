"""A number as something to turn: one place for all its years, between bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.names import NamedNumber
from sroi.result import Result
from sroi.sensitivity.moves import case
from sroi.sensitivity.steps import Steps, summary

LONGEST_DURATION = 100.0
# Factors of discounting beyond this say nothing of the world: a rate far below 0 is searched only so far.
_LARGEST_FACTOR = 1e60
_DURATIONS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100]


class Dial:
    """A number that can be turned: its own value, a common factor on all its years, or one rate for all years."""

    def __init__(self, number: NamedNumber, impact_map: ImpactMap, base: Result) -> None:
        self.number = number
        self.is_rate = number.field == "discount_rate"
        self.by_factor = number.by_year and not self.is_rate
        self._years = np.array(number.values)
        self.base = 1.0 if self.by_factor else number.values[0]
        self.stuck = self.by_factor and not self._years.any()
        self.bounds = self._bounds(base.years[-1] + impact_map.activity.years + impact_map.conventions.present_at)

    def _bounds(self, horizon: float) -> tuple[float, float]:
        kind = self.number.kind
        if self.is_rate:
            return max(_LARGEST_FACTOR ** (-1.0 / horizon) - 1.0, -0.99), kind.high
        if self.number.field == "duration":
            return kind.low, max(LONGEST_DURATION, self.base)
        if not self.by_factor:
            return kind.low, kind.high
        largest = float(np.abs(self._years).max()) or 1.0
        return (-math.inf if kind.low < 0 else 0.0), kind.high / largest

    def values(self, places: ArrayLike) -> Array:
        """Return the number of each year at these places, shape (place, year)."""
        column = np.asarray(places, dtype=np.float64)[:, None]
        if self.by_factor:
            return np.asarray(column * self._years)
        return column if len(self._years) == 1 else np.repeat(column, len(self._years), axis=1)

    def at(self, place: float) -> Mapping[str, float]:
        """Return what the door has to be told."""
        if self.is_rate:
            return {self.number.name: place}
        return dict(case(self.number, self.values([place])[0].tolist()))

    @property
    def other_place(self) -> float:
        """A place other than the base case, and far from it, so that two places fix a line."""
        if self.base == 0:
            return 1.0
        return 0.0 if not self.number.kind.per_cent or self.by_factor or self.base >= 0.5 else 1.0

    @property
    def grid(self) -> Array:
        """Places from bound to bound, the base case among them, in order: between two of them one answer at most."""
        low, high = self.bounds
        if self.number.field == "duration":
            places = np.array([each for each in _DURATIONS if each <= high] + [high])
        elif self.is_rate:
            below = -np.geomspace(1e-3, -low, 9)
            places = np.concatenate([below, [0.0], np.geomspace(1e-3, high, 19)])
        else:
            places = np.linspace(low, high, 17)
        return np.unique(np.append(places, self.base))

    def within(self, place: float | None) -> float | None:
        """Return a place that lies within the bounds, or on one of them but for the last bits; else None."""
        if place is None or not math.isfinite(place):
            return None
        low, high = self.bounds
        nearest = min(max(place, low), high)
        return nearest if abs(place - nearest) <= 1e-12 * max(1.0, abs(nearest)) else None

    def summary(self, place: float) -> float:
        """Return a place in the number's own unit: for a number by year the mean over its years."""
        if not self.by_factor:
            return float(place)
        mean = float(summary(self.number, self.number.values))
        return mean * place if mean or math.isfinite(place) else 0.0

    def how(self, place: float) -> str:
        """Return what must be known of a value beyond itself: whether years move together."""
        if self.by_factor:
            return f"all its years together, each times {place:.4g}"
        if self.is_rate and self.number.by_year:
            return "one rate for all years, in place of the rates by year"
        return ""

    def steps_away(self, place: float, steps: Steps) -> float:
        """Return how many steps of one-way variation lie between a place and the base case."""
        values = self.values([place])[0].tolist()
        pairs = zip(values[:1] if self.is_rate else values, self.number.values, strict=False)
        distances = [(abs(value - base), steps.of(self.number, base)) for value, base in pairs]
        return max(0.0 if distance == 0 else distance / step if step > 0 else math.inf for distance, step in distances)

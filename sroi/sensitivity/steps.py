"""How far a number is moved: to the ends of its own range, or by the stated steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sroi import reading
from sroi.estimate import Estimate
from sroi.laws import law_of, quantiles
from sroi.names import NamedNumber


@dataclass(frozen=True)
class Steps:
    """How far a number without a range of its own is moved, up and down."""

    points: float = 0.10
    proportion: float = 0.10
    years: float = 1.0
    rate: float = 0.01

    def __str__(self) -> str:
        return (
            f"shares and drop-off by {self.points * 100:g} percentage point{_s(self.points * 100)} within 0 to 100 %; "
            f"quantities, proxies, head counts and inputs by {self.proportion * 100:g} %; "
            f"durations by {self.years:g} year{_s(self.years)}; "
            f"the discount rate by {self.rate * 100:g} percentage point{_s(self.rate * 100)}"
        )

    def of(self, number: NamedNumber, value: float) -> float:
        """Return the step of one of a number's values."""
        if number.field == "duration":
            return self.years
        if number.field == "discount_rate":
            return self.rate
        return self.points if number.kind.per_cent else abs(value) * self.proportion


def _s(count: float) -> str:
    return "" if round(count, 9) == 1 else "s"


def ends(number: NamedNumber, steps: Steps) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the numbers of each year at the low and at the high end."""
    if number.estimate is not None and number.estimate.has_range:
        ranges = [own_range(part) for part in number.estimate.parts()]
        return tuple(low for low, _ in ranges), tuple(high for _, high in ranges)
    kind = number.kind
    # A rate of -100 % has no discount factor; nothing in use comes near it.
    lowest = kind.low + 1e-9 if kind.above_low else kind.low
    low = tuple(round(max(value - steps.of(number, value), lowest), 12) for value in number.values)
    high = tuple(round(min(value + steps.of(number, value), kind.high), 12) for value in number.values)
    return low, high


def has_own_range(number: NamedNumber) -> bool:
    """Say whether the map states how far a number may lie from its base case."""
    return number.estimate is not None and number.estimate.has_range


def own_range(estimate: Estimate) -> tuple[float, float]:
    """Return the low and high end that an estimate states, or its base case twice if it states none.

    Survey counts give the central 90 % of their law (Jeffreys, narrowed where the population is finite); experts the
    lowest low and the highest high; a list of values its smallest and largest.
    """
    if estimate.low is not None and estimate.high is not None:
        return estimate.low, estimate.high
    if estimate.survey is not None:
        low, high = quantiles(law_of(estimate, reading.SHARE), np.array([0.05, 0.95]))
        return float(low), float(high)
    if estimate.experts:
        views = [view for expert in estimate.experts for view in (expert.low, expert.high) if view is not None]
        return min(views), max(views)
    if isinstance(estimate.shape, dict):
        points = estimate.shape.get("empirical") or tuple(value for value, _ in estimate.shape.get("discrete", ()))
        if points:
            return min(points), max(points)
    return estimate.base, estimate.base


def summary(number: NamedNumber, values: Sequence[float]) -> float:
    """Return one number for all years: their mean, or the first year's for rates."""
    return values[0] if number.field == "discount_rate" else sum(values) / len(values)

"""Early warning: the state of each indicator by its thresholds, and which way it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from statistics import median

from sroi.commissioning.prevention.nouns import HIGHER, Indicator, Reading

GREEN, AMBER, RED, UNREAD = "green", "amber", "red", "not read"
BETTER, WORSE, STEADY, TOO_FEW = "getting better", "getting worse", "steady", "too few readings to tell"
# A trend wants so many readings; a change of less than this part of the way from amber to red is none.
LEAST_READINGS = 3
STEADY_PART = 0.1
_DAYS = 365.25


@dataclass(frozen=True)
class Warned:
    """An indicator's state: its last reading, green, amber or red, and its trend.

    `slope`: the change a year [the indicator's unit], the median over all pairs of readings (Theil and Sen); None where
    there are too few.
    """

    indicator: Indicator
    state: str
    trend: str
    readings: int
    last: Reading | None = None
    slope: float | None = None

    @property
    def is_early(self) -> bool:
        """Whether it is still green but getting worse: the moment for which an early sign is kept."""
        return self.state == GREEN and self.trend == WORSE


def warned(indicator: Indicator, readings: Sequence[Reading], on: date | None = None) -> Warned:
    """Return an indicator's state by its readings, of which those after the day `on` are left out."""
    own = sorted((each for each in readings if each.indicator == indicator.id and (on is None or each.day <= on)),
                 key=lambda each: each.day)  # fmt: skip
    if not own:
        return Warned(indicator, UNREAD, TOO_FEW, 0)
    last = own[-1]
    slope = _slope(own) if len(own) >= LEAST_READINGS else None
    return Warned(indicator, state_of(indicator, last.value), _trend(indicator, own, slope), len(own), last, slope)


def state_of(indicator: Indicator, value: float) -> str:
    """Return green, amber or red; a reading on a threshold has reached it."""
    towards_worse = 1.0 if indicator.direction == HIGHER else -1.0
    if towards_worse * value >= towards_worse * indicator.red:
        return RED
    return AMBER if towards_worse * value >= towards_worse * indicator.amber else GREEN


def _slope(readings: Sequence[Reading]) -> float:
    pairs = [
        (later.value - earlier.value) / ((later.day - earlier.day).days / _DAYS)
        for earlier, later in combinations(readings[-_MOST:], 2)
        if later.day > earlier.day
    ]
    return median(pairs) if pairs else 0.0


_MOST = 200  # readings: pairs of them are held to each other


def _trend(indicator: Indicator, readings: Sequence[Reading], slope: float | None) -> str:
    if slope is None:
        return TOO_FEW
    moved = slope * (readings[-1].day - readings[-min(len(readings), _MOST)].day).days / _DAYS
    if abs(moved) < STEADY_PART * abs(indicator.red - indicator.amber):
        return STEADY
    return WORSE if (moved > 0) == (indicator.direction == HIGHER) else BETTER

"""Events averted: how many there would have been by the baseline, less how many there are, year by year.

Averted in a year = exposed x baseline rate x (1 + trend)^(year - 1) - observed, or, in years that nobody has counted,
- exposed x expected rate. More events than the baseline gives are a harm: the figure is then below nothing, and stays.

The range of a difference follows from the ranges of its two sides by the square root of their squares (Zou and Donner,
Statistics in Medicine 27, 2008: 1693-1702, "MOVER"), which takes the two to be independent:
low = d - sqrt((b - b_low)^2 + (o_high - o)^2), high = d + sqrt((b_high - b)^2 + (o - o_low)^2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sroi.commissioning.prevention.nouns import Event, Exposure, Ranged


@dataclass(frozen=True)
class YearAverted:
    """One year of an event: events by the baseline, events with the programme, and what was averted, each ranged."""

    year: int
    exposed: float
    by_baseline: Ranged
    happened: Ranged
    counted: bool
    averted: Ranged


@dataclass(frozen=True)
class Averted:
    """What was averted of one event, year by year and over all years, whose ranges move together.

    `without_trend`: the same if the baseline had stayed as it was; equal to `total.value` where no trend is stated.
    `by_chance`: how often a count as far from the baseline as this one, or farther, would come about if nothing had
    changed (events independent of each other, the baseline exact); None where nothing was counted.
    """

    event: Event
    years: tuple[YearAverted, ...]
    without_trend: float
    by_chance: float | None

    @property
    def total(self) -> Ranged:
        """What was averted over all years."""
        parts = [each.averted for each in self.years]
        return Ranged(
            math.fsum(each.value for each in parts),
            math.fsum(each.low for each in parts),
            math.fsum(each.high for each in parts),
        )

    @property
    def is_harm(self) -> bool:
        """Whether there were more events than the baseline gives, over all years."""
        return self.total.value < 0

    @property
    def harmful_years(self) -> tuple[int, ...]:
        """The years with more events than the baseline gives."""
        return tuple(each.year for each in self.years if each.averted.value < 0)

    @property
    def may_be_harm(self) -> bool:
        """Whether the range reaches below nothing, though the figure itself does not."""
        return self.total.low < 0 <= self.total.value


def difference(baseline: Ranged, happened: Ranged) -> Ranged:
    """Return baseline - happened with its range, the two taken to be independent.

    >>> difference(Ranged(30, 26, 34), Ranged(20, 17, 23))
    Ranged(value=10, low=5.0, high=15.0, source='')
    """
    value = baseline.value - happened.value
    below = math.hypot(baseline.value - baseline.low, happened.high - happened.value)
    above = math.hypot(baseline.high - baseline.value, happened.value - happened.low)
    return Ranged(value, value - below, value + above)


def averted(event: Event) -> Averted:
    """Return what was averted of an event.

    Raises ValueError for a year that is neither counted nor has an expected rate: the reader has refused it before.
    """
    years = tuple(_year(event, each, event.trend or 0.0) for each in sorted(event.exposures, key=lambda e: e.year))
    level = (_year(event, each, 0.0).averted.value for each in event.exposures)
    return Averted(event, years, math.fsum(level), _by_chance(years))


def _year(event: Event, exposure: Exposure, trend: float) -> YearAverted:
    scale = exposure.exposed / event.per
    by_baseline = _times(event.baseline, scale * (1.0 + trend) ** (exposure.year - 1))
    if exposure.observed is not None:
        happened = Ranged(exposure.observed, exposure.observed, exposure.observed, exposure.source)
    elif event.expected is not None:
        happened = _times(event.expected, scale)
    else:
        raise ValueError(f"{event.id}, year {exposure.year}: neither counted nor expected")
    counted = exposure.observed is not None
    return YearAverted(
        exposure.year, exposure.exposed, by_baseline, happened, counted, difference(by_baseline, happened)
    )


def _times(rate: Ranged, factor: float) -> Ranged:
    return Ranged(rate.value * factor, rate.low * factor, rate.high * factor, rate.source)


def _by_chance(years: tuple[YearAverted, ...]) -> float | None:
    counted = [each for each in years if each.counted]
    if not counted:
        return None
    mean = math.fsum(each.by_baseline.value for each in counted)
    return chance_of_count(math.fsum(each.happened.value for each in counted), mean)


def chance_of_count(count: float, mean: float) -> float:
    """Return the chance (0-1) of a count as far from its mean as this, or farther, to the same side (Poisson).

    At or below the mean: of so few or fewer; above it: of so many or more.

    >>> round(chance_of_count(0, 3.0), 6), round(chance_of_count(5, 3.0), 6)
    (0.049787, 0.184737)
    """
    if mean <= 0:
        return 1.0 if count <= 0 else 0.0
    from scipy import special

    if count <= mean:
        return float(special.pdtr(math.floor(count), mean))
    return float(special.pdtrc(math.ceil(count) - 1, mean))

"""One number at a time: the ratio at both ends of each, and in between."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sroi.impact_map import ImpactMap
from sroi.sensitivity.moves import Mover, Sweep
from sroi.sensitivity.steps import Steps, ends, has_own_range, summary


@dataclass(frozen=True)
class Variation:
    """One number moved alone, and the ratio at both ends; NaN where nothing is put in.

    For a number given by year, `base`, `low` and `high` are the means over its years (the first year's for rates).
    """

    name: str
    label: str
    field: str
    base: float
    low: float
    high: float
    ratio_low: float
    ratio_high: float
    own_range: bool

    @property
    def spread(self) -> float:
        """How far apart the two ratios lie."""
        return abs(self.ratio_high - self.ratio_low)


def one_way(impact_map: ImpactMap, steps: Steps | None = None) -> list[Variation]:
    """Return every number that counts moved alone, to the ends of its own range or else by `steps`, widest first.

    A number at one of whose ends there is no ratio, because nothing is put in there, comes last.
    """
    steps = steps or Steps()
    mover = Mover(impact_map)
    numbers = mover.numbers
    both_ends = [ends(number, steps) for number in numbers]
    totals = mover.sweep([Sweep(number, np.array(both)) for number, both in zip(numbers, both_ends, strict=True)])
    varied = [
        Variation(
            name=number.name,
            label=number.label,
            field=number.field,
            base=summary(number, number.values),
            low=summary(number, low),
            high=summary(number, high),
            ratio_low=float(moved.ratio[0]),
            ratio_high=float(moved.ratio[1]),
            own_range=has_own_range(number),
        )
        for number, (low, high), moved in zip(numbers, both_ends, totals, strict=True)
    ]
    return sorted(varied, key=lambda each: math.inf if math.isnan(each.spread) else -each.spread)


@dataclass(frozen=True, eq=False)
class Curve:
    """The ratio as one number moves from its low end (position -1) over its base case (0) to its high end (1)."""

    variation: Variation
    positions: tuple[float, ...]
    ratios: tuple[float, ...]


def curves(impact_map: ImpactMap, variations: Sequence[Variation], steps: Steps | None = None) -> list[Curve]:
    """Return the ratio along the way between the ends of some of the numbers that `one_way` moved."""
    steps = steps or Steps()
    numbers = impact_map.numbers()
    positions = np.linspace(-1.0, 1.0, 9)
    sweeps = []
    for each in variations:
        number = numbers[each.name]
        low, high = (np.array(end) for end in ends(number, steps))
        base, where = np.array(number.values), positions[:, None]
        sweeps.append(Sweep(number, base + np.where(where < 0, where * (base - low), where * (high - base))))
    return [
        Curve(each, tuple(positions.tolist()), tuple(moved.ratio.tolist()))
        for each, moved in zip(variations, Mover(impact_map).sweep(sweeps), strict=True)
    ]

"""What if: one number at a time, each outcome left out, unpaid time at nil. Other numbers through the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sroi import formulas
from sroi.estimate import Estimate, Survey
from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.names import NamedNumber
from sroi.nouns import PartOfStakeholder
from sroi.result import Result

# Cases that go through the door together: enough to be quick, few enough to stay small on the largest maps.
_CASES_AT_ONCE = 200


@dataclass(frozen=True)
class Steps:
    """How far a number without a range of its own is moved, up and down."""

    points: float = 0.10
    proportion: float = 0.10
    years: float = 1.0
    rate: float = 0.01

    def __str__(self) -> str:
        return (
            f"shares and drop-off by {self.points * 100:g} percentage points within 0 to 100 %; "
            f"quantities, proxies, head counts and inputs by {self.proportion * 100:g} %; "
            f"durations by {self.years:g} year; the discount rate by {self.rate * 100:g} percentage point"
        )


@dataclass(frozen=True)
class Variation:
    """One number moved alone, and the ratio at both ends.

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
    """Return every number that counts moved alone, to the ends of its own range or else by `steps`, widest first."""
    steps = steps or Steps()
    numbers = [number for number in impact_map.numbers().values() if _matters(number, impact_map)]
    ends = [_ends(number, steps) for number in numbers]
    cases: list[Mapping[str, float]] = []
    for number, (low, high) in zip(numbers, ends, strict=True):
        cases += [_case(number, low), _case(number, high)]
    ratios = _ratios(impact_map, cases)
    varied = [
        Variation(
            name=number.name,
            label=number.label,
            field=number.field,
            base=_summary(number, number.values),
            low=_summary(number, low),
            high=_summary(number, high),
            ratio_low=float(ratios[2 * place]),
            ratio_high=float(ratios[2 * place + 1]),
            own_range=number.estimate is not None and number.estimate.has_range,
        )
        for place, (number, (low, high)) in enumerate(zip(numbers, ends, strict=True))
    ]
    return sorted(varied, key=lambda variation: -variation.spread)


@dataclass(frozen=True)
class LeftOut:
    """The ratio without one outcome."""

    id: str
    label: str
    sroi_ratio: float


def left_out(result: Result) -> list[LeftOut]:
    """Return the ratio with each outcome that counts left out in turn, in the order of the map."""
    labels = {outcome.id: outcome.label for outcome in result.impact_map.outcomes}
    without = formulas.sroi_ratio(result.total_present_value - result.present_value, result.total_inputs)
    return [
        LeftOut(name, labels[name], float(without[place]))
        for place, name in enumerate(result.priced)
        if result.counted[place]
    ]


def time_at_nil(impact_map: ImpactMap) -> Result | None:
    """Return the result with every input of time valued at nothing; None where no time has a value."""
    names = {
        given.id: f"{given.id}.rate" if given.hours is not None else f"{given.id}.value"
        for given in impact_map.inputs
        if given.kind == "time" and (given.value is not None or given.rate is not None)
    }
    result = evaluate(impact_map)
    valued = sum(float(result.inputs[place]) for place, given in enumerate(impact_map.inputs) if given.id in names)
    return evaluate(impact_map, at=dict.fromkeys(names.values(), 0.0)) if valued > 0 else None


def _matters(number: NamedNumber, impact_map: ImpactMap) -> bool:
    """Say whether a number can move the ratio: that of an outcome that counts, an input, a size in use, the rate."""
    if number.field == "discount_rate":
        return impact_map.conventions.discount_timing != "none"
    uncounted = impact_map.not_counted()
    counted = {outcome.id: outcome for outcome in impact_map.outcomes if outcome.id not in uncounted}
    if number.field == "size":
        parts = [outcome.quantity for outcome in counted.values()]
        return any(isinstance(part, PartOfStakeholder) and part.of == number.owner for part in parts)
    if number.field == "proxy" and number.owner in uncounted:
        return any(
            outcome.proxy is not None and outcome.proxy.anchored_to == number.owner for outcome in counted.values()
        )
    return number.owner not in uncounted


def _ends(number: NamedNumber, steps: Steps) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the numbers of each year at the low and at the high end."""
    if number.estimate is not None and number.estimate.has_range:
        ranges = [own_range(part) for part in number.estimate.parts()]
        return tuple(low for low, _ in ranges), tuple(high for _, high in ranges)
    kind = number.kind
    moved: list[tuple[float, float]] = []
    for value in number.values:
        step = {
            "duration": steps.years,
            "discount_rate": steps.rate,
        }.get(number.field, steps.points if kind.per_cent else abs(value) * steps.proportion)
        low = value - step
        # A rate of -100 % has no discount factor; nothing in use comes near it.
        low = max(low, kind.low + 1e-9 if kind.above_low else kind.low)
        moved.append((round(low, 12), round(min(value + step, kind.high), 12)))
    return tuple(low for low, _ in moved), tuple(high for _, high in moved)


def own_range(estimate: Estimate) -> tuple[float, float]:
    """Return the low and high end that an estimate states, or its base case twice if it states none.

    Survey counts give the central 90 % of their Jeffreys interval, Beta(yes + 1/2, no + 1/2); experts the lowest low
    and the highest high; a list of values its smallest and largest.
    """
    if estimate.low is not None and estimate.high is not None:
        return estimate.low, estimate.high
    if estimate.survey is not None:
        return _jeffreys(estimate.survey)
    if estimate.experts:
        views = [view for expert in estimate.experts for view in (expert.low, expert.high) if view is not None]
        return min(views), max(views)
    if isinstance(estimate.shape, dict):
        points = estimate.shape.get("empirical") or tuple(value for value, _ in estimate.shape.get("discrete", ()))
        if points:
            return min(points), max(points)
    return estimate.base, estimate.base


def _jeffreys(survey: Survey) -> tuple[float, float]:
    from scipy.special import betaincinv

    yes, asked = survey.yes or 0, survey.asked or 0
    low, high = betaincinv(yes + 0.5, asked - yes + 0.5, [0.05, 0.95])
    return float(low), float(high)


def _case(number: NamedNumber, values: Sequence[float]) -> Mapping[str, float]:
    if not number.by_year:
        return {number.name: values[0]}
    return {f"{number.name}.{year}": value for year, value in enumerate(values, start=1)}


def _ratios(
    impact_map: ImpactMap, cases: Sequence[Mapping[str, float]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the ratio of each case, in one call of the door: every other number stays at its base."""
    base: dict[str, float] = {}
    for number in impact_map.numbers().values():
        base |= _case(number, number.values)
    ratios = [np.empty(0)]
    for first in range(0, len(cases), _CASES_AT_ONCE):
        block = cases[first : first + _CASES_AT_ONCE]
        names = {name for case in block for name in case}
        at = {name: np.array([case.get(name, base[name]) for case in block]) for name in sorted(names)}
        ratios.append(np.atleast_1d(evaluate(impact_map, at=at).sroi_ratio))
    return np.concatenate(ratios)


def _summary(number: NamedNumber, values: Sequence[float]) -> float:
    return values[0] if number.field == "discount_rate" else sum(values) / len(values)

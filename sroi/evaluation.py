"""The door: `evaluate(impact_map, at={...})`. Every figure of the program comes from here.

`at` gives other numbers, or arrays of numbers, by name. A map is laid out as arrays of shape (..., outcome, cohort).
The cohorts are the years of activity of an outcome that is given year by year; any other outcome has just one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sroi import formulas
from sroi.errors import NameRefused, Problem
from sroi.estimate import Estimate
from sroi.evidence.schedules import LONGEST_SCHEDULE, rates_of, schedule
from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS, NamedNumber, is_year, why_unknown
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.result import LADDER, Result

# Beyond these a float says nothing of the world any more, and products leave its range.
_LARGEST_FACTOR, _LARGEST_TOTAL = 1e300, 1e200


def evaluate(impact_map: ImpactMap, at: Mapping[str, ArrayLike] | None = None) -> Result:
    """Return what the map comes to, with the numbers named in `at` in place of its own.

    Parameters: `at`, names of numbers (`gp_visits.deadweight`, `contract.value`, `discount_rate`) to a number, or to an
    array; arrays broadcast together, and every figure of the result takes their shape in front.
    Raises NameRefused for a name that the map does not have or a number that it cannot take, all in one message.

    >>> import sroi
    >>> wheels_to_meals = sroi.example("wheels_to_meals")
    >>> sroi.evaluate(wheels_to_meals, at={"gp_visits.proxy": [19.0, 25.0]}).sroi_ratio.round(2).tolist()
    [1.93, 1.97]
    """
    numbers = impact_map.numbers()
    layout: Layout = impact_map.laid_out(Layout)
    values = dict(layout.values)
    shape, changed = _put_in_place(values, at or {}, impact_map, numbers)
    with np.errstate(all="ignore"):
        result = _reckon(impact_map, layout, values, shape, changed, dict(at or {}))
    totals = np.array(
        [np.max(np.abs(result.total_present_value)), np.max(result.total_inputs)] if np.prod(shape) else [0.0]
    )
    if not (totals < _LARGEST_TOTAL).all():
        found = "these numbers multiply to more than can be reckoned"
        raise NameRefused(
            Problem(found, "Check the discount rate, the durations and the largest quantities and proxies.")
        )
    return result


# ---- the numbers, by name ----


def _put_in_place(
    values: dict[str, Array], at: Mapping[str, ArrayLike], impact_map: ImpactMap, numbers: Mapping[str, NamedNumber]
) -> tuple[tuple[int, ...], set[str]]:
    """Put the numbers of `at` in place of the map's; return the shape to which they broadcast, and whose they are."""
    problems: list[Problem] = []
    given: dict[str, Array] = {}
    for name, raw in at.items():
        if not isinstance(name, str):
            problems.append(Problem(f"{name!r} is no name of a number", "Give a name such as gp_visits.quantity."))
            continue
        number, found = _resolve(name, raw, numbers, values)
        if found is None:
            problems.append(Problem(*why_unknown(name, impact_map, numbers)))
        elif isinstance(number, Problem):
            problems.append(number)
        else:
            given[name] = number
    problems += [
        Problem(f"'{name}' names one year, and '{head}' sets them all", "Give the one or the other.")
        for name in given
        if (head := name.rpartition(".")[0]) in given
    ]
    if not problems:
        try:
            shape = np.broadcast_shapes(*(array.shape for array in given.values()))
        except ValueError:
            shapes = ", ".join(f"{name} {array.shape}" for name, array in given.items())
            problems.append(Problem(f"the arrays do not fit together: {shapes}", "Give arrays of one length."))
    if problems:
        raise NameRefused(problems)
    changed = set()
    for name, plain in given.items():
        array = (plain if plain.shape == shape else np.broadcast_to(plain, shape))[..., None]
        head, _, year = name.rpartition(".")
        changed.add(name if name in values else head)
        if name in values:
            flat = name == "discount_rate" or values[name].shape[-1] == 1
            values[name] = array if flat else np.broadcast_to(array, (*shape, values[name].shape[-1]))
        else:
            own = np.array(np.broadcast_to(values[head], (*shape, values[head].shape[-1])))
            own[..., int(year) - 1 : int(year)] = array
            values[head] = own
    return shape, changed


def _resolve(
    name: str, raw: ArrayLike, numbers: Mapping[str, NamedNumber], values: Mapping[str, Array]
) -> tuple[Array | Problem, NamedNumber | None]:
    """Return the numbers given for a name as an array (or what is wrong with them), and the number it names."""
    head, _, year = name.rpartition(".")
    number = numbers.get(name)
    if number is None and is_year(year) and head in numbers and 1 <= int(year) <= values[head].shape[-1]:
        number = numbers[head] if numbers[head].by_year else None
    if number is None:
        return np.empty(0), None
    try:
        plain = np.asarray(raw)
        if plain.dtype.kind not in "iuf" or isinstance(raw, np.ma.MaskedArray):
            raise TypeError
        array = plain.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        return Problem(f"{raw!r} is given for {name}", "Give a number, or an array of numbers."), number
    kind = number.kind
    low, high = (array.min(), array.max()) if array.size else (0.0, 0.0)
    if array.size and not (math.isfinite(low) and math.isfinite(high)):
        return Problem(f"{name} is given a number that is not finite", "Give finite numbers."), number
    if array.size and not (kind.allows(float(low)) and kind.allows(float(high))):
        worst = float(low) if not kind.allows(float(low)) else float(high)
        bounds = f"Its bounds are {kind.write(kind.low)} to {kind.write(kind.high)}."
        return Problem(f"{name} is given {worst:g}, which a {kind.name} cannot be", bounds), number
    return array, number


# ---- the map as arrays ----


class Layout:
    """Which outcomes have a price, whether each counts, how many cohorts it has, and every number's base case.

    A map is laid out once: `values` hold each number's base case, shape (1,), or (year,) for one given by year.
    """

    def __init__(self, impact_map: ImpactMap) -> None:
        self.values: dict[str, Array] = {
            name: np.array(number.values, dtype=np.float64) for name, number in impact_map.numbers().items()
        }
        left_out = impact_map.not_counted()
        self.outcomes: list[Outcome] = [
            o for o in impact_map.outcomes if o.quantity is not None and o.proxy is not None
        ]
        by_id = {outcome.id: outcome for outcome in impact_map.outcomes}
        self.outcomes = [outcome for outcome in self.outcomes if _anchor(outcome, by_id) is not None]
        self.counted = np.array([outcome.id not in left_out for outcome in self.outcomes], dtype=bool)
        self.starts_after = np.array([outcome.starts == "after" for outcome in self.outcomes], dtype=bool)
        # A proxy by weight: the anchor's value x own weight / its weight, step by step along the chain.
        self.priced_by = {outcome.id: _anchor(outcome, by_id) for outcome in self.outcomes}
        self.cohorts = np.array([self._cohorts(outcome, impact_map) for outcome in self.outcomes], dtype=np.intp)
        # Which outcomes have a rate of their own, by rate: they are discounted at it, the others at the map's.
        own = [outcome.discount_rate for outcome in self.outcomes]
        self.own_rates: dict[float | str, np.ndarray[Any, np.dtype[np.bool_]]] = {
            rate: np.array([each == rate for each in own]) for rate in dict.fromkeys(own) if rate is not None
        }
        # By field: the names of the numbers of each outcome, and the columns of their base cases.
        self._names = {field: [self._numbers(outcome, field) for outcome in self.outcomes] for field in _COLUMNS}
        self._columns: dict[tuple[str, int], Array] = {}

    def _cohorts(self, outcome: Outcome, impact_map: ImpactMap) -> int:
        """Return n when quantity, proxy or a deduction is given by year, else 1."""
        priced_by = self.priced_by[outcome.id]
        given = [outcome.quantity, priced_by[0].proxy.value if priced_by and priced_by[0].proxy else None]
        given += [getattr(outcome, field) for field in DEDUCTIONS]
        by_year = any(isinstance(number, Estimate) and number.by_year for number in given)
        return impact_map.activity.years if by_year else 1

    def _numbers(self, outcome: Outcome, field: str) -> tuple[str, ...]:
        """Return the names of the numbers that make up a field of an outcome."""
        if field == "quantity" and isinstance(outcome.quantity, PartOfStakeholder):
            return (f"{outcome.quantity.of}.size", f"{outcome.id}.share", f"{outcome.id}.times")
        if field == "proxy":
            priced_by = self.priced_by[outcome.id]
            return (f"{priced_by[0].id if priced_by is not None else outcome.id}.proxy",)
        return (f"{outcome.id}.{field}",)

    def columns(
        self, values: Mapping[str, Array], changed: set[str], field: str, shape: tuple[int, ...], cohorts: int
    ) -> Array:
        """Return one field of every outcome, shape (..., outcome, cohort); leading axes only where a case needs them.

        Only what `changed` names differs from the base case, of which the columns are kept.
        """
        if (field, cohorts) not in self._columns:
            base = np.empty((len(self.outcomes), cohorts))
            for position in range(len(self.outcomes)):
                base[position] = self._value(self.values, field, position)
            self._columns[field, cohorts] = base
        base = self._columns[field, cohorts]
        moved = [place for place, names in enumerate(self._names[field]) if not changed.isdisjoint(names)]
        if not moved:
            return base
        each = [self._value(values, field, position) for position in moved]
        leading = shape if any(array.ndim > 1 for array in each) else ()
        columns = np.empty((*leading, *base.shape))
        columns[...] = base
        for position, array in zip(moved, each, strict=True):
            columns[..., position, :] = array
        return columns

    def _value(self, values: Mapping[str, Array], field: str, position: int) -> Array:
        first, *others = self._names[field][position]
        value = values[first]
        for name in others:
            value = value * values[name]
        priced_by = self.priced_by[self.outcomes[position].id] if field == "proxy" else None
        return value if priced_by is None else value * priced_by[1]


_COLUMNS = ("quantity", "proxy", *DEDUCTIONS, "drop_off", "duration")


def _anchor(outcome: Outcome, by_id: Mapping[str, Outcome]) -> tuple[Outcome, float] | None:
    """Return the outcome whose proxy has the money, and by how much to multiply it; None if the chain ends in none."""
    factor = 1.0
    while outcome.proxy is not None and outcome.proxy.anchored_to is not None:
        other = by_id[outcome.proxy.anchored_to]
        factor *= (outcome.weight or 0.0) / (other.weight or math.nan)
        outcome = other
    return (outcome, factor) if outcome.proxy is not None else None


# ---- the reckoning ----


def _reckon(
    impact_map: ImpactMap,
    layout: Layout,
    values: dict[str, Array],
    shape: tuple[int, ...],
    changed: set[str],
    given: dict[str, Any],
) -> Result:
    rules = impact_map.conventions
    cohorts = int(layout.cohorts.max(initial=1))
    quantity, proxy, *shares = (
        layout.columns(values, changed, field, shape, cohorts) for field in ("quantity", "proxy", *DEDUCTIONS)
    )
    drop_off = layout.columns(values, changed, "drop_off", shape, 1)
    duration = layout.columns(values, changed, "duration", shape, 1)

    # An outcome with one cohort yields nothing in the later ones.
    exists = np.arange(cohorts) < layout.cohorts[:, None]
    full = np.asarray(quantity * proxy * exists)

    # Age of the change in year t = 1, 2, ..; the year before an outcome begins counts for nothing.
    longest = np.ceil(duration[..., 0]).max(axis=tuple(range(duration.ndim - 2)), initial=0.0).astype(np.intp)
    ends = np.where(longest > 0, longest + layout.starts_after + layout.cohorts - 1, 0)
    years = max(1, int(ends[layout.counted].max(initial=1)))
    span = max(years, int(ends.max(initial=1)))
    age = np.arange(span) - layout.starts_after[:, None].astype(np.float64)
    begun = age >= 0
    lasting = formulas.part_of_year(duration, np.maximum(age, 0.0)) * begun
    left = formulas.retention(drop_off, duration, np.maximum(age, 0.0), rules.drop_off_from == "first_year") * begun

    horizon = span + cohorts
    discount = factors_of_years(impact_map, values, rules.discount_timing, horizon)
    own = [
        (who, factors_at(impact_map, rates_of(rate), rules.discount_timing, horizon))
        for rate, who in layout.own_rates.items()
        if rules.discount_timing != "none"
    ]
    plain = np.ones(horizon)
    steps = _kept_in_turn(shares, rules.deductions)

    claimed, whole_life = full * steps[-1], full * _worth(lasting, plain, cohorts)
    worth = _worth(left, discount, cohorts)
    for who, factors in own:
        worth[..., who, :] = _worth(left[..., who, :], factors, cohorts)
    outcome_value = (claimed * worth).sum(axis=-1)
    gross = whole_life.sum(axis=-1)
    totals = [_total(whole_life * kept, layout) for kept in steps]
    totals.append(_total(claimed * _worth(left, plain, cohorts), layout))
    totals.append(_counted_sum(outcome_value, layout))
    ladder = [totals[0], *(after - before for before, after in pairwise(totals)), totals[-1]]

    counted = np.where(layout.counted[:, None], claimed, 0.0)
    value_by_year = _by_year(counted, left, years)
    put_in = _inputs(impact_map, values, shape)
    total_inputs = sum(put_in.values(), np.zeros(()))

    def shaped(array: Any, *own: int) -> Array:
        return np.broadcast_to(np.asarray(array, dtype=np.float64), (*shape, *own))

    def figure(array: Any) -> Any:
        """Return one case as a plain float, several as an array."""
        return shaped(array) if shape else float(np.asarray(array).reshape(()))

    rest = ~np.any([who for who, _ in own], axis=0)[:, None] if own else None
    at_the_maps = value_by_year if rest is None else _by_year(np.where(rest, counted, 0.0), left, years)
    by_year = at_the_maps * discount[..., :years]
    for who, factors in own:
        by_year = by_year + _by_year(counted[..., who, :], left[..., who, :], years) * factors[:years]
    count = len(layout.outcomes)
    return Result(
        impact_map=impact_map,
        changed={name: np.array(value, dtype=np.float64)[()] for name, value in given.items()},
        discount_rate=_rate_used(impact_map, values),
        total_inputs=figure(total_inputs),
        total_present_value=figure(totals[-1]),
        priced=tuple(outcome.id for outcome in layout.outcomes),
        counted=layout.counted,
        gross=shaped(gross, count),
        present_value=shaped(outcome_value, count),
        inputs=np.stack([shaped(put_in[given.id]) for given in impact_map.inputs], axis=-1),
        value_by_year=shaped(value_by_year, years),
        present_value_by_year=shaped(by_year, years),
        ladder={step: figure(change) for step, change in zip(LADDER, ladder, strict=True)},
    )


def _kept_in_turn(shares: list[Array], deductions: str) -> list[Array]:
    """Return the share kept after no deduction, deadweight, and displacement and attribution too."""
    kept = formulas.kept_share if deductions == "multiply" else formulas.kept_share_added
    nothing = np.zeros(())
    deadweight, displacement, attribution = shares
    return [
        np.ones(()),
        kept(deadweight, nothing, nothing),
        kept(deadweight, displacement, nothing),
        kept(deadweight, displacement, attribution),
    ]


def _worth(left: Array, factors: Array, cohorts: int) -> Array:
    """Return what 1 of full value in each cohort is worth over its life, shape (..., outcome, cohort)."""
    span = left.shape[-1]
    shifted = np.stack([factors[..., cohort : cohort + span] for cohort in range(cohorts)], axis=-1)
    return np.asarray(left @ shifted)


def _total(by_cohort: Array, layout: Layout) -> Array:
    return _counted_sum(by_cohort.sum(axis=-1), layout)


def _counted_sum(by_outcome: Array, layout: Layout) -> Array:
    """Return the sum over the outcomes that count; what does not count may be anything, infinite too."""
    return np.asarray(np.where(layout.counted, by_outcome, 0.0).sum(axis=-1))


def _by_year(kept: Array, left: Array, years: int) -> Array:
    """Return the undiscounted value of each year 1 .. years, shape (..., year), over all outcomes and cohorts."""
    leading = np.broadcast_shapes(kept.shape[:-2], left.shape[:-2])
    value = np.zeros((*leading, years))
    for cohort in range(min(kept.shape[-1], years)):
        of_cohort = (kept[..., None, :, cohort] @ left)[..., 0, : years - cohort]
        value[..., cohort : cohort + of_cohort.shape[-1]] += of_cohort
    return value


def factors_of_years(impact_map: ImpactMap, values: Mapping[str, Array], timing: str, years: int) -> Array:
    """Return the discount factor of each year 1 .. years at the map's rate, shape (..., year)."""
    return factors_at(impact_map, values["discount_rate"], timing, years)


def factors_at(impact_map: ImpactMap, rates: Array, timing: str, years: int) -> Array:
    """Return the discount factor of each year 1 .. years at these rates, under the map's other rules."""
    if impact_map.conventions.discount_timing == "none" or timing == "none":
        return np.ones(years)
    times = formulas.times_of_years(np.arange(1, years + 1), timing)
    factors = formulas.discount_factors(rates, times)
    present_at = impact_map.conventions.present_at
    if present_at:
        factors = np.asarray(factors / formulas.discount_factors(rates, [present_at]))
    # A factor beyond all bounds would make nothing (0 x infinity) of the years in which an outcome has no value.
    return np.minimum(factors, _LARGEST_FACTOR)


def _inputs(impact_map: ImpactMap, values: Mapping[str, Array], shape: tuple[int, ...]) -> dict[str, Array]:
    """Return what each input is worth at present, shape (...)."""
    factors = factors_of_years(impact_map, values, impact_map.conventions.input_timing, impact_map.activity.years)
    worth: dict[str, Array] = {}
    for given in impact_map.inputs:
        if given.hours is not None:
            yearly = values[f"{given.id}.hours"] * values[f"{given.id}.rate"]
        else:
            yearly = values[f"{given.id}.value"]
        worth[given.id] = formulas.present_value(yearly, factors[..., : yearly.shape[-1]])
    return worth


def _rate_used(impact_map: ImpactMap, values: Mapping[str, Array]) -> Any:
    """Return the discount rate as the result states it: a number, an array of them, rates by year, or a name."""
    rate = impact_map.conventions.discount_rate
    used = values["discount_rate"]
    if isinstance(rate, str) and used.ndim == 1 and np.array_equal(used, schedule(rate).rates(LONGEST_SCHEDULE)):
        return rate
    if used.shape[-1] == 1:
        return used[..., 0][()]
    return tuple(used.tolist()) if used.ndim == 1 else used

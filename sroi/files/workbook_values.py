"""The working's numbers as Python has them, to be stored beside the formulas of the workbook."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sroi import formulas
from sroi.estimate import Estimate
from sroi.evaluation import evaluate
from sroi.evidence.schedules import LONGEST_SCHEDULE, rates_of, schedule, schedule_names
from sroi.files.workbook_layout import YEARS_SHEET
from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS, NamedNumber
from sroi.nouns import PartOfStakeholder
from sroi.sensitivity import Steps, own_range


@dataclass(frozen=True)
class Size:
    """How large the working is: rows of outcomes, stakeholders, evidence and years; cohorts; years of value; times."""

    outcomes: int
    stakeholders: int
    inputs: int
    evidence: int
    by_year: int
    cohorts: int
    span: int
    times: int
    anchors: int


def size_of(impact_map: ImpactMap, rows: dict[str, int]) -> Size:
    """Return a size with room for more: spare rows, at least 5 years of activity and 15 years of value."""
    result = evaluate(impact_map)
    numbers = impact_map.numbers()
    ends = [
        math.ceil(_longest(numbers[f"{o.id}.duration"])) + (o.starts == "after") + impact_map.activity.years
        for o in impact_map.outcomes
    ]
    cohorts = max(5, impact_map.activity.years)
    span = max(15, len(result.years) + 2, *ends)
    times = max(span, math.ceil(impact_map.conventions.present_at) + 1, cohorts) + 1
    return Size(
        outcomes=rows["Outcomes"], stakeholders=rows["Stakeholders"], inputs=rows["Inputs"], evidence=rows["Evidence"],
        by_year=rows[YEARS_SHEET], cohorts=cohorts, span=span, times=times, anchors=max(2, _longest_chain(impact_map)),
    )  # fmt: skip


def _longest(duration: NamedNumber) -> float:
    """Return the longest that an outcome may last when its duration is varied."""
    highest = own_range(duration.estimate)[1] if duration.estimate is not None else 0.0
    return max(duration.values[0] + Steps().years, highest)


def _longest_chain(impact_map: ImpactMap) -> int:
    anchors = {o.id: o.proxy.anchored_to for o in impact_map.outcomes if o.proxy is not None and o.proxy.anchored_to}
    longest = 0
    for name in anchors:
        length, here = 0, name
        while here in anchors:
            length, here = length + 1, anchors[here] or ""
        longest = max(longest, length)
    return longest


@dataclass(frozen=True)
class Values:
    """The working's numbers as Python has them: one entry for each outcome's row, spare rows included."""

    ids: list[str]
    counts: Array
    priced: Array
    cohorts: Array
    late: Array
    duration: Array
    drop_off: Array
    roots: list[list[float]]
    factor: Array
    quantity: Array
    proxy: Array
    shares: dict[str, Array]
    kept: Array
    full: Array
    annuity: Array
    left: Array
    value: Array
    stages: list[Array]
    lasting: Array
    present_value: Array
    at_the_maps_rate: Array
    schedule_row: Array
    own_now: Array
    discount: Array
    early: float
    at_map: Array
    schedule: list[float]
    rates: list[float]
    compound: Array
    now: float
    value_factors: Array
    input_factors: Array
    undiscounted: Array
    worth: Array
    running: Array
    reached: Array


def values_of(impact_map: ImpactMap, size: Size) -> Values:
    """Return every number of the working for a map: the same steps as the sheet's, in NumPy."""
    rules, rows, n, span = impact_map.conventions, size.outcomes, size.cohorts, size.span
    numbers = impact_map.numbers()
    outcomes, uncounted = list(impact_map.outcomes), impact_map.not_counted()
    by_id = {outcome.id: place for place, outcome in enumerate(outcomes)}
    zeros = np.zeros
    priced, counts, late = zeros(rows), zeros(rows), zeros(rows)
    cohorts, duration, factor = np.ones(rows), np.ones(rows), np.ones(rows)
    drop_off = zeros(rows)
    quantity, proxy = zeros((rows, n)), zeros((rows, n))
    shares = {field: zeros((rows, n)) for field in DEDUCTIONS}
    roots: list[list[float]] = [[float(row + 1) for row in range(rows)] for _ in range(size.anchors)]
    ids = [outcomes[row].id if row < len(outcomes) else "" for row in range(rows)]

    def by_year(name: str) -> bool:
        estimate = numbers[name].estimate if name in numbers else None
        return isinstance(estimate, Estimate) and estimate.by_year is not None

    for row, outcome in enumerate(outcomes):
        root = row
        for level in range(size.anchors):
            anchor = outcomes[root].proxy
            root = by_id[anchor.anchored_to] if anchor is not None and anchor.anchored_to else root
            roots[level][row] = float(root + 1)
        if root != row:
            factor[row] = (outcome.weight or 0.0) / (outcomes[root].weight or math.nan)
        priced[row] = float(outcome.quantity is not None and outcome.proxy is not None)
        counts[row] = float(outcome.id not in uncounted and priced[row] == 1)
        late[row] = float(outcome.starts == "after")
        duration[row] = numbers[f"{outcome.id}.duration"].values[0]
        drop_off[row] = numbers[f"{outcome.id}.drop_off"].values[0]
        names = [
            f"{outcome.id}.quantity",
            f"{outcomes[root].id}.proxy",
            *(f"{outcome.id}.{field}" for field in DEDUCTIONS),
        ]
        own = impact_map.activity.years if any(by_year(name) for name in names) else 1
        cohorts[row] = own
        for field in DEDUCTIONS:
            shares[field][row, :own] = _spread(numbers[f"{outcome.id}.{field}"].values, own)
        if priced[row]:
            if isinstance(outcome.quantity, PartOfStakeholder):
                size_name = f"{outcome.quantity.of}.size"
                amount = (numbers[size_name].values[0] * numbers[f"{outcome.id}.share"].values[0]
                          * numbers[f"{outcome.id}.times"].values[0])  # fmt: skip
                quantity[row, :own] = amount
            else:
                quantity[row, :own] = _spread(numbers[names[0]].values, own)
            proxy[row, :own] = np.asarray(_spread(numbers[names[1]].values, own)) * factor[row]
    exists = np.arange(n) < cohorts[:, None]
    first, second, third = (shares[field] for field in DEDUCTIONS)
    kept_share = formulas.kept_share if rules.deductions == "multiply" else formulas.kept_share_added
    nothing = np.zeros(())
    kept = kept_share(first, second, third) * exists
    full = quantity * proxy * kept
    age = np.arange(span) - late[:, None]
    left = formulas.retention(
        drop_off[:, None], duration[:, None], np.maximum(age, 0), rules.drop_off_from == "first_year"
    )
    left = left * (age >= 0)
    value = np.zeros((rows, span))
    for y in range(n):
        value[:, y:] += full[:, y : y + 1] * left[:, : span - y]

    rates = _rates(impact_map, size.times)
    discounts = rules.discount_timing != "none"
    now = float(1.0 / formulas.discount_factors(rates, [rules.present_at])[0])
    compound = 1.0 / formulas.discount_factors(rates, np.arange(size.times + 1))

    def factors(timing: str, years: int) -> Array:
        if not discounts or timing == "none":
            return np.ones(years)
        return formulas.discount_factors(rates, formulas.times_of_years(np.arange(1, years + 1), timing)) * now

    value_factors = factors(rules.discount_timing, span)
    undiscounted = (counts[:, None] * value).sum(axis=0)
    at_the_maps_rate, schedule_row, own_now = np.ones(rows), zeros(rows), np.ones(rows)
    discount = np.tile(value_factors, (rows, 1))
    for row, outcome in enumerate(outcomes):
        if (own_rate := outcome.discount_rate) is None:
            continue
        at_the_maps_rate[row] = 0.0
        schedule_row[row] = schedule_names().index(own_rate) + 1.0 if isinstance(own_rate, str) else 0.0
        own_now[row] = 1.0 / formulas.discount_factors(rates_of(own_rate), [rules.present_at])[0]
        if discounts:
            moments = formulas.times_of_years(np.arange(1, span + 1), rules.discount_timing)
            discount[row] = formulas.discount_factors(rates_of(own_rate), moments) * own_now[row]
    worth = (counts[:, None] * value * discount).sum(axis=0)
    running = np.cumsum(worth)
    base = quantity * proxy
    stages = [
        base.sum(axis=1), (base * kept_share(first, nothing, nothing)).sum(axis=1),
        (base * kept_share(first, second, nothing)).sum(axis=1), full.sum(axis=1),
    ]  # fmt: skip
    total_inputs = float(evaluate(impact_map).total_inputs)
    return Values(
        ids, counts, priced, cohorts, late, duration, drop_off, roots, factor, quantity, proxy, shares, kept, full,
        np.stack([(left[:, : span - y] * discount[:, y:]).sum(axis=1) for y in range(n)], axis=1), left, value, stages,
        left.sum(axis=1), (value * discount).sum(axis=1), at_the_maps_rate, schedule_row, own_now, discount,
        {"start_of_year": 1.0, "mid_year": 0.5}.get(rules.discount_timing, 0.0),
        ((counts * at_the_maps_rate)[:, None] * value).sum(axis=0),
        [float(rate) if isinstance(rules.discount_rate, str) else 0.0 for rate in rates], [float(rate) for rate in rates],
        compound, now, value_factors, factors(rules.input_timing, n), undiscounted, worth, running,
        (running >= total_inputs).astype(float),
    )  # fmt: skip


def _spread(values: tuple[float, ...], cohorts: int) -> list[float]:
    return list(values) if len(values) > 1 else [values[0]] * cohorts


def _rates(impact_map: ImpactMap, years: int) -> Array:
    rate = impact_map.conventions.discount_rate
    if isinstance(rate, Estimate):
        return np.array([rate.years[min(k, len(rate.years) - 1)] for k in range(years)])
    return schedule(rate).rates(max(years, LONGEST_SCHEDULE))[:years]

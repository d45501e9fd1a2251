"""The formulas of Social Return on Investment: one function, one equation, NumPy only.

The formula of the Guide (*A guide to Social Return on Investment*, The SROI Network, 2012, stages 4 and 5)::

    impact        = quantity x proxy x (1 - deadweight) x (1 - displacement) x (1 - attribution)
    value(t)      = impact x (1 - drop_off)^age                  while age < duration
    present value = sum over years t of value(t) / (1 + rate)^t
    SROI ratio    = total present value / total inputs

Shares and rates are 0-1, money is in the map's currency, time in years. Every function takes arrays that broadcast
together and returns a new array of float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def _floats(*arrays: ArrayLike) -> list[Array]:
    return [np.asarray(array, dtype=np.float64) for array in arrays]


def kept_share(deadweight: ArrayLike, displacement: ArrayLike, attribution: ArrayLike) -> Array:
    """Return the share of a gross value that the activity may claim, deductions multiplied (the Guide, stage 4).

    Parameters: three shares owed to other causes, each 0-1. `attribution` is the share owed to *others*.

    >>> kept_share(0.10, 0.0, 0.35).round(12).item()
    0.585
    """
    first, second, third = _floats(deadweight, displacement, attribution)
    return np.asarray((1.0 - first) * (1.0 - second) * (1.0 - third))


def kept_share_added(deadweight: ArrayLike, displacement: ArrayLike, attribution: ArrayLike) -> Array:
    """Return the share kept where a study adds its deductions up: never below nothing.

    >>> kept_share_added(0.10, 0.0, 0.35).round(12).item()
    0.55
    >>> float(kept_share_added(0.6, 0.3, 0.3))
    0.0
    """
    first, second, third = _floats(deadweight, displacement, attribution)
    return np.maximum(0.0, 1.0 - first - second - third)


def part_of_year(duration: ArrayLike, age: ArrayLike) -> Array:
    """Return the part of the year at `age` (0 for the first) during which a change of this `duration` [years] lasts.

    >>> part_of_year(2.5, [0, 1, 2, 3]).tolist()
    [1.0, 1.0, 0.5, 0.0]
    """
    lasting, years = _floats(duration, age)
    return np.asarray(np.clip(lasting - years, 0.0, 1.0))


def retention(drop_off: ArrayLike, duration: ArrayLike, age: ArrayLike, first_year: bool = False) -> Array:
    """Return the part of an outcome's first full value that is left at `age` years: (1 - drop_off)^(age + e) x part.

    `drop_off` is a share 0-1; `first_year=True` lets drop-off bite in the first year already (e = 1; the Guide has
    e = 0). 0^0 is 1: a drop-off of 100 % leaves the first year whole.

    >>> retention(0.10, 5, [0, 1, 2]).round(4).tolist()
    [1.0, 0.9, 0.81]
    >>> retention(1.0, 3, [0, 1, 2]).tolist()
    [1.0, 0.0, 0.0]
    >>> retention(0.10, 2, [0, 1], first_year=True).round(4).tolist()
    [0.9, 0.81]
    """
    lost, years = _floats(drop_off, age)
    return np.asarray(np.power(1.0 - lost, years + (1.0 if first_year else 0.0)) * part_of_year(duration, age))


def geometric_sum(ratio: ArrayLike, count: ArrayLike) -> Array:
    """Return 1 + ratio + ratio^2 + .., `count` terms, in closed form: (ratio^count - 1) / (ratio - 1).

    Parameters: `ratio`, 0 or more; `count`, a whole number of terms. By expm1 and log1p it keeps its digits as the
    ratio nears 1, where it is `count`.

    >>> geometric_sum([0.0, 0.5, 1.0, 2.0], 3).round(12).tolist()
    [1.0, 1.75, 3.0, 7.0]
    """
    factor, terms = _floats(ratio, count)
    step = factor - 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.expm1(terms * np.log1p(step)) / step
    return np.where(terms == 0, 0.0, np.where(step == 0.0, terms, total))


# Factors whose quotient from year to year is the same to this accuracy are summed in one closed form.
_SAME_QUOTIENT = 1e-13


def annuity(drop_off: ArrayLike, duration: ArrayLike, factors: ArrayLike, first_year: bool = False) -> Array:
    """Return what 1 a year is worth over its life: the sum over age of (1 - drop_off)^(age + e) x part x factor(age).

    Parameters: `drop_off`, shares 0-1, and `duration` [years], which broadcast; `factors`, shape (age,), the discount
    factor of each year of the life from its first, at least as many as the longest duration has years. `first_year`
    as in `retention`. The closed form of the sum over `retention(..) x factors`: each run of years with one rate is
    one geometric sum, so that a flat rate takes a single step and a declining schedule a few.

    >>> annuity(0.10, 2, [1.0, 1.0]).round(12).item()
    1.9
    >>> annuity(0.10, 2.5, discount_factors([0.035], [1, 2, 3])).round(6).item()
    2.17163
    """
    lost, lasting = np.broadcast_arrays(*_floats(drop_off, duration))
    factor = _floats(factors)[0]
    kept, whole = 1.0 - lost, np.floor(lasting)
    horizon = int(np.ceil(lasting.max(initial=0.0)))
    total, first = np.zeros(lost.shape), 0
    while first < horizon:
        quotient = factor[first + 1] / factor[first] if first + 1 < horizon else 1.0
        end = first + 1
        while end < horizon and abs(factor[end] / (factor[first] * quotient ** (end - first)) - 1.0) < _SAME_QUOTIENT:
            end += 1
        terms = np.clip(whole - first, 0.0, end - first)
        total = total + factor[first] * kept**first * geometric_sum(kept * quotient, terms)
        first = end
    rest = lasting - whole
    if rest.any():
        last = factor[np.minimum(whole.astype(np.intp), len(factor) - 1)]
        total = total + np.where(rest > 0.0, rest * kept**whole * last, 0.0)
    return np.asarray(total * kept if first_year else total)


def discount_factors(rates: ArrayLike, times: ArrayLike) -> Array:
    """Return what 1 at each of `times` [years] is worth at time 0.

    Parameters: `rates`, shape (..., year), the rate of each year 1, 2, .. (the last one goes on for ever), above -1;
    `times`, shape (time,), each 0 or later, the same for every row. Returns shape (..., time). Over whole years the
    factor is the product of each year's own 1/(1 + rate); the rest of a year takes its own year's rate.

    >>> discount_factors([0.035], [0, 1, 2]).round(6).tolist()
    [1.0, 0.966184, 0.933511]
    >>> discount_factors([0.02], [0.5]).round(6).tolist()
    [0.990148]
    >>> discount_factors([0.10, 0.0], [1, 2, 3]).round(6).tolist()
    [0.909091, 0.909091, 0.909091]
    """
    yearly, when = _floats(rates, times)
    whole = np.floor(when).astype(np.intp)
    needed = int(whole.max(initial=0)) + 1
    year = np.minimum(np.arange(needed), yearly.shape[-1] - 1)
    growth = 1.0 + yearly[..., year]
    ones = np.ones((*growth.shape[:-1], 1))
    compound = np.concatenate([ones, np.cumprod(growth, axis=-1)], axis=-1)
    return np.asarray(1.0 / (compound[..., whole] * growth[..., whole] ** (when - whole)))


TIMES_OF_YEAR = {"end_of_year": 0.0, "mid_year": -0.5, "start_of_year": -1.0}


def times_of_years(years: ArrayLike, timing: str) -> Array:
    """Return the time [years from the start] at which the money of each year 1, 2, .. is taken to fall.

    >>> times_of_years([1, 2], "mid_year").tolist()
    [0.5, 1.5]
    """
    return np.asarray(_floats(years)[0] + TIMES_OF_YEAR[timing])


def present_value(values: ArrayLike, factors: ArrayLike) -> Array:
    """Return the sum over years of `values` x `factors`, both shape (..., year).

    >>> float(present_value([100.0, 100.0], [1.0, 0.5]))
    150.0
    """
    yearly, worth = _floats(values, factors)
    return np.asarray((yearly * worth).sum(axis=-1))


def sroi_ratio(total_present_value: ArrayLike, total_inputs: ArrayLike) -> Array:
    """Return total present value over total inputs; NaN where nothing was put in, for then there is no ratio.

    >>> sroi_ratio(81741.93, 42375.0).round(2).item()
    1.93
    """
    worth, put_in = _floats(total_present_value, total_inputs)
    worth, put_in = np.broadcast_arrays(worth, put_in)
    with np.errstate(over="ignore"):  # an immense value over next to nothing is infinite, and the findings say so
        ratio: Array = np.divide(worth, put_in, out=np.full(worth.shape, np.nan), where=put_in > 0)
    return ratio


def payback_years(present_value_by_year: ArrayLike, total_inputs: ArrayLike) -> Array:
    """Return the time [years] at which the running present value first reaches the inputs; NaN if it never does.

    Parameters: `present_value_by_year`, shape (..., year); `total_inputs`, shape (...). Each year's value accrues
    evenly over its year.

    >>> float(payback_years([100.0, 100.0], 150.0))
    1.5
    >>> bool(np.isnan(payback_years([100.0], 150.0)))
    True
    """
    yearly, put_in = _floats(present_value_by_year, total_inputs)
    put_in = np.broadcast_to(put_in, np.broadcast_shapes(put_in.shape, yearly.shape[:-1]))
    yearly = np.broadcast_to(yearly, (*put_in.shape, yearly.shape[-1]))
    running = np.cumsum(yearly, axis=-1)
    reached = running >= put_in[..., None]
    year = np.argmax(reached, axis=-1)[..., None]
    accrued: Any = np.take_along_axis(running, year, -1)[..., 0]
    in_year: Any = np.take_along_axis(yearly, year, -1)[..., 0]
    # Where it is reached, the year's value is positive, so the division below is safe there.
    missing = put_in - (accrued - in_year)
    part = np.divide(missing, in_year, out=np.zeros(put_in.shape), where=in_year > 0)
    return np.where(reached.any(axis=-1), year[..., 0] + part, np.nan)

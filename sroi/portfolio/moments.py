"""The exact mean and standard deviation of many projects' totals and ratios, from ranges, without a draw.

For numbers that are independent of each other, each used once: the mean of a product is the product of the means, and
its variance follows from theirs. What is left of a change over its life is a polynomial in the share left each year,
and a beta's moments of any order follow from each other: so its mean and variance are exact too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sroi import formulas
from sroi.formulas import Array
from sroi.laws import nodes
from sroi.portfolio.columns import FIELDS, SHARES, Columns, Group, Places
from sroi.portfolio.ranges import FAMILIES, POINTS, Range, moments
from sroi.portfolio.reckoning import by_project, life

_PIECE = 8192
_FEW = 512  # lines whose points are laid out at once
_BETA, _UNIFORM = FAMILIES.index("beta"), FAMILIES.index("uniform")


@dataclass(frozen=True, eq=False)
class Spread:
    """Mean and standard deviation, shape (project,), of the total present value, the total inputs and the ratio.

    NaN for the ratio where the inputs may come near nothing: it has no mean then.
    """

    value_mean: Array
    value_sd: Array
    inputs_mean: Array
    inputs_sd: Array
    ratio_mean: Array
    ratio_sd: Array


def spreads(columns: Columns, ranges: Mapping[str, Range]) -> Spread:
    """Return the mean and standard deviation of every project; a number without a range is certain.

    Parameters: `ranges`, by field in the order of the columns (`Range.at(columns.laid)`), and `inputs` by input.
    Deductions that are added up and have ranges are no product: `sroi.portfolio.tidy` refuses them.
    """
    with np.errstate(all="ignore"):
        mean, variance = _lines(columns, ranges)
        count = len(columns.projects)
        value_mean = by_project(mean.take(columns.line), columns.starts, columns.with_lines, count)
        value_variance = by_project(variance.take(columns.line), columns.starts, columns.with_lines, count)
        put_in, put_in_variance, per_mean, per_variance = _inputs(columns, ranges.get("inputs"))
        ratio_variance = value_variance * (per_mean**2 + per_variance) + value_mean**2 * per_variance
    return Spread(
        value_mean, np.sqrt(value_variance), put_in, np.sqrt(put_in_variance), value_mean * per_mean,
        np.sqrt(ratio_variance),
    )  # fmt: skip


def _lines(columns: Columns, ranges: Mapping[str, Range]) -> tuple[Array, Array]:
    """Return the mean and variance of every line, in the order of the columns."""
    count = len(columns.line)
    mean, variance = np.empty(count), np.empty(count)
    for group in columns.groups:
        for first in range(group.first, group.last, _PIECE):
            last = min(first + _PIECE, group.last)
            m, v = _life_moments(columns, group, ranges.get("drop_off"), first, last)
            for name in (*FIELDS[:2], *SHARES):
                own = columns.numbers[name][first:last]
                spread = ranges.get(name)
                if spread is None or not spread.family[first:last].any():
                    m *= own
                    v *= own * own
                    continue
                part = spread.at(np.arange(first, last))
                # What a share leaves: 1 less it, with the same variance.
                other_m, other_v = moments(1.0 - own if name in SHARES else own, part)
                other_m = 1.0 - other_m if name in SHARES else other_m
                v = v * (other_m**2 + other_v) + m**2 * other_v
                m = m * other_m
            mean[first:last], variance[first:last] = m, v
    return mean, variance


def _life_moments(columns: Columns, group: Group, spread: Range | None, first: int, last: int) -> tuple[Array, Array]:
    """Return the mean and variance of what 1 a year is worth over its life."""
    left = columns.numbers["drop_off"][first:last]
    mean = _worth(left, group, first, last)
    variance = np.zeros(last - first)
    if spread is None or not spread.family[first:last].any() or group.years == 0:
        return mean, variance
    family = spread.family[first:last]
    smooth = np.flatnonzero((family == _BETA) | (family == _UNIFORM))
    if len(smooth):
        mean[smooth], variance[smooth] = _beta_life(spread.at(first + smooth), group, first, smooth)
    others = np.flatnonzero((family != 0) & (family != _BETA) & (family != _UNIFORM))
    for begin in range(0, len(others), _FEW):
        own = others[begin : begin + _FEW]
        laws = [spread.law(first + line) for line in own.tolist()]
        for line, (x, w) in zip(own.tolist(), nodes(laws, POINTS), strict=True):
            one = np.full(len(x), line)
            worth = _worth(1.0 - x, group, first, last, one)
            mean[line] = w @ worth
            variance[line] = w @ (worth - mean[line]) ** 2
    return mean, variance


def _worth(left: Array, group: Group, first: int, last: int, lines: Places | None = None) -> Array:
    """Return what 1 a year is worth with these shares left each year; `lines` picks some of the piece, over again."""
    at = np.arange(first, last) if lines is None else first + lines
    begins, yearly, part = (
        each[at - group.first] if isinstance(each, np.ndarray) else each
        for each in (group.begins, group.yearly, group.part)
    )
    picked = Group(0, len(at), group.years, group.factors, begins, yearly, part, group.from_first_year)
    worth = np.empty(len(at))
    life(left, picked, 0, len(at), worth, [np.empty(len(at)) for _ in range(3)])
    return worth * left if group.from_first_year else worth


def _beta_life(spread: Range, group: Group, first: int, lines: Places) -> tuple[Array, Array]:
    """Return mean and variance of a life whose drop-off is a beta (or uniform), by the beta's own moments.

    With z = share left x a year's discount, between l and h, and M(k) the mean of z^k:
    M(k + 1) (k + a + b) = M(k) (k (l + h) + a h + b l) - M(k - 1) k l h, from integrating by parts.
    """

    def own(given: Any) -> Any:
        return given[first - group.first + lines] if isinstance(given, np.ndarray) else given

    yearly, part, begins = own(group.yearly), own(group.part), own(group.begins)
    uniform = spread.family == _UNIFORM
    a = np.where(uniform, 1.0, spread.second)
    b = np.where(uniform, 1.0, spread.first)
    low, high = (1.0 - spread.high) * yearly, (1.0 - spread.low) * yearly
    factors = np.ones(group.years) if group.factors is None else np.array(group.factors)
    late = 1 if group.from_first_year else 0
    once, twice = _coefficients(factors, part)
    before, now = np.zeros(len(lines)), np.ones(len(lines))
    total, squares = np.zeros(len(lines)), np.zeros(len(lines))
    for power in range(len(twice) + 2 * late):
        if 0 <= power - late < len(once):
            total += once[power - late] * now
        if 0 <= power - 2 * late < len(twice):
            squares += twice[power - 2 * late] * now
        following = (now * (power * (low + high) + a * high + b * low) - before * power * low * high) / (power + a + b)
        before, now = now, following
    worth = begins / yearly if late else begins
    mean, square = total * worth, squares * worth**2
    return mean, np.maximum(square - mean**2, 0.0)


def _coefficients(factors: Array, part: Any) -> tuple[list[Any], list[Any]]:
    """Return the coefficients of the polynomial and of its square; those of the last year differ from line to line."""
    *head, tail = factors.tolist()
    last = part * tail
    once: list[Any] = [*head, last]
    body = np.convolve(head, head).tolist() if head else []
    twice: list[Any] = [*body, *[0.0] * (2 * len(once) - 1 - len(body))]
    for place, factor in enumerate(head):
        twice[place + len(head)] = twice[place + len(head)] + 2 * factor * last
    twice[-1] = twice[-1] + last * last
    return once, twice


def _inputs(columns: Columns, spread: Range | None) -> tuple[Array, Array, Array, Array]:
    """Return mean and variance of the total inputs, and of 1 over them."""
    count = len(columns.projects)

    def summed(values: Array) -> Array:
        return by_project(values, columns.input_starts, columns.input_projects, count)

    if spread is None or not spread.any:
        total = summed(columns.inputs)
        nothing = np.zeros(count)
        return total, nothing, formulas.sroi_ratio(1.0, total), nothing
    base = np.divide(columns.inputs, columns.input_factors, out=np.zeros(len(columns.inputs)),
                     where=columns.input_factors != 0)  # fmt: skip
    mean, variance = moments(base, spread)
    mean, variance = mean * columns.input_factors, variance * columns.input_factors**2
    total, spread_of_total = summed(mean), summed(variance)
    per_mean, per_variance = formulas.sroi_ratio(1.0, total), np.zeros(count)
    lines = np.flatnonzero(spread.family)
    owners = columns.input_projects[np.searchsorted(columns.input_starts, lines, side="right") - 1]
    factor, rest = columns.input_factors[lines], total[owners] - mean[lines]
    laws = [spread.law(line) for line in lines.tolist()]
    # Where two inputs of a project have ranges, or the inputs may come near nothing, 1 over them has no mean from here.
    near_nothing = np.array([law.low for law in laws]) * factor + rest <= 0
    unknown = near_nothing | (spread_of_total[owners] != variance[lines])
    per_mean[owners[unknown]] = per_variance[owners[unknown]] = np.nan
    known = np.flatnonzero(~unknown)
    for first in range(0, len(known), _FEW):
        own = known[first : first + _FEW]
        for place, (x, w) in zip(own.tolist(), nodes([laws[place] for place in own], POINTS), strict=True):
            per = 1.0 / (x * factor[place] + rest[place])
            middle = w @ per
            per_mean[owners[place]], per_variance[owners[place]] = middle, w @ (per - middle) ** 2
    return total, spread_of_total, per_mean, per_variance

"""Ranges beside the numbers of many lines, as columns, and the mean and variance that each gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sroi.estimate import SHAPES
from sroi.formulas import Array
from sroi.laws import PERT_LAMBDA, Z90, Law
from sroi.portfolio.columns import FIELDS, Places
from sroi.reading import Kind

RANGED = (*FIELDS, "inputs")
FAMILIES = ("certain", "beta", "triangular", "uniform", "normal", "lognormal")
_CODE = {family: code for code, family in enumerate(FAMILIES)}
POINTS = 64  # of a law whose moments have no closed form


@dataclass(frozen=True, eq=False)
class Range:
    """How one number of every line is distributed: arrays that say what `sroi.laws.Law` says of one.

    `family` is a place in `FAMILIES`.
    """

    family: NDArray[np.int8]
    low: Array
    high: Array
    first: Array
    second: Array

    @property
    def any(self) -> bool:
        """Whether any of the numbers has a range."""
        return bool(self.family.any())

    def at(self, places: Places) -> Range:
        """Return the ranges of some lines, in the order given."""
        low, high, first, second = (column[places] for column in (self.low, self.high, self.first, self.second))
        return Range(self.family[places], low, high, first, second)

    def law(self, line: int) -> Law:
        """Return the law of one line's number."""
        family = FAMILIES[self.family[line]]
        low, high, first, second = (float(each[line]) for each in (self.low, self.high, self.first, self.second))
        return Law(family, low, high, first, second)


def certain(count: int) -> Range:
    """Return the range of numbers that have none."""
    nothing = np.zeros(count)
    return Range(np.zeros(count, dtype=np.int8), nothing, nothing, nothing, nothing)


def ranges_of(
    values: Array, low: Array, high: Array, shape: Places, kind: Kind, refuse: Callable[[Any, str, str, str], None]
) -> Range:
    """Return the ranges that low, value, high and shape give; `refuse(rows, end, found, remedy)` is told what cannot
    be.

    Parameters: `low` and `high`, NaN where there is none; `shape`, places in `sroi.estimate.SHAPES`.
    """
    given = ~np.isnan(low) & ~np.isnan(high)
    for end, missing in (("low", np.isnan(low) & ~np.isnan(high)), ("high", np.isnan(high) & ~np.isnan(low))):
        _refuse(refuse, missing, end, f"{'high' if end == 'low' else 'low'} is given without it",
                "Give both low and high, or neither.")  # fmt: skip
    with np.errstate(invalid="ignore"):
        _refuse(refuse, given & (low > high), "low", "low is above high", "Give the smaller one as low.")
        word = np.array(SHAPES)[shape]
        bounded = given & np.isin(word, ("pert", "triangular", "uniform")) & (low <= high)
        _refuse(refuse, bounded & ~((low <= values) & (values <= high)) & ~np.isnan(values), "low",
                "the value lies outside its range", "Let low <= value <= high.")  # fmt: skip
        _refuse(refuse, given & (word == "lognormal") & (low <= 0), "low", "a lognormal range begins at 0 or below",
                "Give a low above 0, or another shape.")  # fmt: skip
        _refuse(refuse, given & np.isin(word, ("normal", "lognormal")) & (low == high), "low",
                "a range of this shape has no width", "Give a low below the high, or no range.")  # fmt: skip
    return _laid(np.where(np.isnan(values), 0.0, values), low, high, np.where(given & (low < high), word, ""), kind)


def _refuse(refuse: Callable[[Any, str, str, str], None], faulty: Any, end: str, found: str, remedy: str) -> None:
    rows = np.flatnonzero(faulty)
    if len(rows):
        refuse(rows, end, found, remedy)


def _laid(values: Array, low: Array, high: Array, word: Any, kind: Kind) -> Range:
    family = np.zeros(len(values), dtype=np.int8)
    lows, highs, first, second = (np.zeros(len(values)) for _ in range(4))
    some = word != ""
    lows[some], highs[some] = low[some], high[some]
    for name in SHAPES:
        own = word == name
        if not own.any():
            continue
        l, h, v = low[own], high[own], values[own]  # noqa: E741
        if name == "pert":
            family[own] = _CODE["beta"]
            mode = np.clip(v, l, h)
            first[own], second[own] = 1 + PERT_LAMBDA * (mode - l) / (h - l), 1 + PERT_LAMBDA * (h - mode) / (h - l)
        elif name == "normal":
            family[own], lows[own], highs[own] = _CODE[name], kind.low, kind.high
            first[own], second[own] = (l + h) / 2, (h - l) / (2 * Z90)
        elif name == "lognormal":
            family[own], lows[own], highs[own] = _CODE[name], max(kind.low, 0.0), kind.high
            with np.errstate(all="ignore"):  # a low of 0 is refused
                first[own] = (np.log(l) + np.log(h)) / 2
                second[own] = (np.log(h) - np.log(l)) / (2 * Z90)
        else:
            family[own] = _CODE[name]
            first[own] = np.clip(v, l, h) if name == "triangular" else 0.0
    return Range(family, lows, highs, first, second)


@dataclass(frozen=True, eq=False)
class Ranges:
    """The ranges of every field of a table: of its rows, and of its projects' inputs."""

    of_rows: Mapping[str, Range]
    of_inputs: Range

    @property
    def any(self) -> bool:
        """Whether any number of the table has a range."""
        return self.of_inputs.any or any(each.any for each in self.of_rows.values())

    def laid(self, places: Places) -> dict[str, Range]:
        """Return them by field, those of rows in the order of these places; without the fields that have none."""
        found = {name: each.at(places) for name, each in self.of_rows.items() if each.any}
        return {**found, "inputs": self.of_inputs} if self.of_inputs.any else found


# ---- moments ----


def moments(values: Array, spread: Range) -> tuple[Array, Array]:
    """Return the mean and the variance of numbers: the value itself, and nothing, where there is no range."""
    mean, variance = values.copy(), np.zeros(len(values))
    for code, family in enumerate(FAMILIES[1:], 1):
        own = np.flatnonzero(spread.family == code)
        if len(own):
            part = (each[own] for each in (spread.low, spread.high, spread.first, spread.second))
            mean[own], variance[own] = _MOMENTS[family](*part)
    return mean, variance


def _beta(low: Array, high: Array, first: Array, second: Array) -> tuple[Array, Array]:
    width, total = high - low, first + second
    return low + width * first / total, width**2 * first * second / (total**2 * (total + 1))


def _triangular(low: Array, high: Array, mode: Array, _: Array) -> tuple[Array, Array]:
    width, rise = high - low, mode - low
    return low + (width + rise) / 3, (width**2 - width * rise + rise**2) / 18


def _uniform(low: Array, high: Array, _: Array, __: Array) -> tuple[Array, Array]:
    return (low + high) / 2, (high - low) ** 2 / 12


def _normal(low: Array, high: Array, mean: Array, sd: Array) -> tuple[Array, Array]:
    """A normal cut off at its bounds."""
    from scipy.special import ndtr

    below, above = (low - mean) / sd, (high - mean) / sd
    at_low, at_high = (np.exp(-0.5 * np.minimum(np.abs(z), 40.0) ** 2) / np.sqrt(2 * np.pi) for z in (below, above))
    whole = ndtr(above) - ndtr(below)
    shift = (at_low - at_high) / whole
    reach = (np.clip(below, -40, 40) * at_low - np.clip(above, -40, 40) * at_high) / whole
    return mean + sd * shift, sd**2 * (1 + reach - shift**2)


def _lognormal(low: Array, high: Array, mean: Array, sd: Array) -> tuple[Array, Array]:
    """A lognormal cut off at its bounds; `mean` and `sd` are those of the logarithm."""
    from scipy.special import log_ndtr, ndtr

    def within(times: float) -> Array:
        """Return the log of the weight between the bounds of a law moved up by `times` standard deviations."""
        with np.errstate(divide="ignore"):
            above = (np.log(high) - mean) / sd - times * sd
            below = np.where(low > 0, (np.log(np.maximum(low, 1e-300)) - mean) / sd - times * sd, -np.inf)
        inside = log_ndtr(above)
        cut = ndtr(below)
        return np.asarray(np.where(cut > 0, np.log(np.maximum(np.exp(inside) - cut, 1e-300)), inside))

    plain, once, twice = within(0.0), within(1.0), within(2.0)
    expected = np.exp(mean + sd**2 / 2 + once - plain)
    return expected, expected**2 * np.expm1(sd**2 + twice + plain - 2 * once)


_MOMENTS: dict[str, Callable[[Array, Array, Array, Array], tuple[Array, Array]]] = {
    "beta": _beta, "triangular": _triangular, "uniform": _uniform, "normal": _normal, "lognormal": _lognormal,
}  # fmt: skip

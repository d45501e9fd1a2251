"""What the right answer is, and how far that is known.

Mean and standard deviation are products of the factors' moments, which SciPy gives, or Gauss-Jacobi quadrature where
it is exact. The quantiles come of convolution on fine grids, from chances that SciPy's distribution functions give for
each cell; it shares no line with the engine of the program. Two checks say how far to trust it: grids half as fine, and
a loop of two million draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from uncertainty_model import DRAWS, FACTORS, RATE, Array, Outcome, numpy_loop, present_value

CHANCES = (0.05, 0.5, 0.95)
NAMES = ("mean", "sd", "q05", "q50", "q95")
LOOP_DRAWS = 2_000_000


def summary(totals: Array) -> dict[str, float]:
    """Return mean, standard deviation and the three quantiles of draws."""
    return dict(zip(NAMES, [totals.mean(), totals.std(), *np.quantile(totals, CHANCES)], strict=True))


def mean_and_sd(model: Sequence[Outcome]) -> tuple[float, float]:
    """Return the exact mean and standard deviation of the total present value."""
    mean = variance = 0.0
    for outcome in model:
        first, second = np.prod([_moments(outcome, place) for place in range(6)], axis=0)
        mean += first
        variance += second - first**2
    return mean, float(np.sqrt(variance))


def sobol(model: Sequence[Outcome]) -> Array:
    """Return the exact Sobol indices of the 360 numbers: first ones, then total ones."""
    moments = np.array([[_moments(outcome, place) for place in range(len(FACTORS))] for outcome in model])
    squared, second = moments[..., 0] ** 2, moments[..., 1]
    product, of_squares = second.prod(axis=1, keepdims=True), squared.prod(axis=1, keepdims=True)
    variance = (product - of_squares).sum()
    own = second - squared
    return np.concatenate([(of_squares / squared * own).ravel(), (product / second * own).ravel()]) / variance


def _moments(outcome: Outcome, place: int) -> tuple[float, float]:
    """Return the mean and mean square of one factor: the number, 1 less the share, or what 1 a year is worth in all."""
    law = outcome.laws[place]
    if FACTORS[place] == "drop_off":
        return _worth_moments(outcome)
    mean, variance = (float(moment) for moment in law.scipy().stats("mv"))
    if place > FACTORS.index("proxy"):
        mean = 1 - mean
    return mean, variance + mean**2


def _worth_moments(outcome: Outcome) -> tuple[float, float]:
    """Return the moments of what 1 a year, dropping off, is worth: Gauss-Jacobi nodes are exact for a polynomial."""
    from scipy.special import roots_jacobi

    a, b, low, high = outcome.laws[-1].beta
    nodes, weights = roots_jacobi(24, b - 1, a - 1)
    nothing, one = np.zeros(24), np.ones(24)
    worth = present_value(outcome.years, [one, one, nothing, nothing, nothing, low + (high - low) * (nodes + 1) / 2])
    return float(np.average(worth, weights=weights)), float(np.average(worth**2, weights=weights))


def quantiles(model: Sequence[Outcome], log_cells: int = 2**14, cells: int = 2**17) -> Array:
    """Return the quantiles at `CHANCES` of the total present value.

    An outcome is a product, so its factors' logarithms are convolved; the outcomes are then convolved as they are.
    """
    mean, sd = mean_and_sd(model)
    step = (mean + 25 * sd) / cells
    transform = np.ones(cells // 2 + 1, dtype=complex)
    for outcome in model:
        value, chance = _distribution(outcome, log_cells)
        where = np.minimum(value / step, cells - 2)
        cell = where.astype(np.intp)
        part = where - cell
        mass = np.bincount(cell, (1 - part) * chance, cells) + np.bincount(cell + 1, part * chance, cells)
        transform *= np.fft.rfft(mass)
    mass = np.fft.irfft(transform, cells)
    grid = step * np.arange(cells)
    found_mean = (mass * grid).sum()
    found_sd = np.sqrt((mass * (grid - found_mean) ** 2).sum())
    # Mean and sd are known exactly, so what the grids leave of error in them is taken out.
    return np.interp(CHANCES, np.cumsum(mass) - mass / 2, mean + (grid - found_mean) * (sd / found_sd))


def _distribution(outcome: Outcome, cells: int) -> tuple[Array, Array]:
    """Return the values that one outcome may have, and the chance of each."""
    each = [_chance_below(outcome, place) for place in range(len(FACTORS))]
    step = sum(high - low for low, high, _ in each) / (cells - len(each))
    transform = np.ones(cells // 2 + 1, dtype=complex)
    for low, high, below in each:
        edges = low + step * np.arange(int((high - low) / step) + 2)
        transform *= np.fft.rfft(np.diff(below(edges)), cells)
    chance = np.fft.irfft(transform, cells)
    # Each factor stands for the middle of its cell.
    logarithms = sum(low + step / 2 for low, _, _ in each) + step * np.arange(cells)
    return np.exp(logarithms), chance / chance.sum()


def _chance_below(outcome: Outcome, place: int) -> tuple[float, float, Callable[[Array], Array]]:
    """Return the ends of a factor's logarithm, and the function that gives the chance of lying below one."""
    law = outcome.laws[place].scipy()
    low, high = law.ppf([0.0, 1.0])
    if FACTORS[place] == "quantity":
        return np.log(low), np.log(high), lambda logarithm: law.cdf(np.exp(logarithm))
    if FACTORS[place] == "proxy":
        # What lies beyond nine standard deviations has a chance of 1e-19.
        mean, spread = outcome.laws[place].numbers
        return mean - 9 * spread, mean + 9 * spread, lambda logarithm: law.cdf(np.exp(logarithm))
    if FACTORS[place] != "drop_off":
        high = min(high, law.isf(1e-17))
        return np.log1p(-high), np.log1p(-low), lambda logarithm: law.sf(-np.expm1(logarithm))
    if outcome.years == 1:
        always = -np.log1p(RATE)
        return always, always, lambda logarithm: np.asarray(logarithm > always, dtype=float)
    # The more drops off, the less 1 a year is worth: turned about, for interpolation.
    drop_off = np.linspace(high, low, 2**16)
    nothing, one = np.zeros(drop_off.size), np.ones(drop_off.size)
    worth = np.log(present_value(outcome.years, [one, one, nothing, nothing, nothing, drop_off]))
    return worth[0], worth[-1], lambda logarithm: law.sf(np.interp(logarithm, worth, drop_off))


def reference(model: Sequence[Outcome]) -> dict[str, Any]:
    """Return the right answers, and three things that say how far to trust them and how far one run may stray.

    `apart` is by how much the quantiles differ, as a share, on grids half as fine. `loop_z` says for each number by how
    many of its standard errors the answer of the long loop differs. `noise` is the standard error of 100,000 draws.
    """
    mean, sd = mean_and_sd(model)
    found = quantiles(model)
    coarser = quantiles(model, log_cells=2**13, cells=2**16)
    right = dict(zip(NAMES, [mean, sd, *found], strict=True))
    pieces = [numpy_loop(model, DRAWS, seed=1_000 + piece) for piece in range(LOOP_DRAWS // DRAWS)]
    each = [summary(piece) for piece in pieces]
    whole = summary(np.concatenate(pieces))
    noise = {name: float(np.std([one[name] for one in each], ddof=1)) for name in NAMES}
    return {
        "right": {name: float(number) for name, number in right.items()},
        "apart": float(np.max(np.abs(coarser / found - 1))),
        "loop_z": {name: float((whole[name] - right[name]) / noise[name] * len(pieces) ** 0.5) for name in NAMES},
        "noise": {name: noise[name] / float(right[name]) for name in NAMES},
    }

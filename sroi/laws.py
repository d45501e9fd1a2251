"""How an uncertain number is distributed: the law that its range, shape, survey counts or experts give it.

The shapes are fixed in docs/uncertainty.md. A law is a plain description; what is reckoned from laws, is reckoned for
many at once by `nodes`: points and weights (a fine quadrature), from which moments, products and tables are made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sroi.estimate import Estimate, Survey
from sroi.formulas import Array
from sroi.names import NamedNumber
from sroi.reading import Kind

# The standard normal's 95 % quantile: normal and lognormal ranges are central 90 % ranges.
Z90 = 1.6448536269514722
# A pert's weight on its likeliest value.
PERT_LAMBDA = 4.0
_FARTHEST = 8.5  # standard deviations beyond which a normal has no weight that a float would notice


class Law(NamedTuple):
    """One distribution between `low` and `high`.

    `family` says what `first` and `second` are: beta (its two parameters, on low..high), triangular (the mode),
    uniform, normal (mean and standard deviation before it was cut off at low and high), lognormal (the same of the
    logarithm), atoms (`parts` are (value, chance)), mixture (`parts` are laws of equal weight).
    """

    family: str
    low: float
    high: float
    first: float = 0.0
    second: float = 0.0
    parts: tuple[object, ...] = ()

    @property
    def discrete(self) -> bool:
        """Whether it is made of single values."""
        return self.family == "atoms"


class UncertainNumber(NamedTuple):
    """A number of a map that is not certain: its laws, one for each of its years, which move together (one draw).

    A year that is certain stands as a law of one atom. `assumed` says that the map states no range and a default one
    was asked for.
    """

    number: NamedNumber
    laws: tuple[Law, ...]
    assumed: bool = False

    @property
    def name(self) -> str:
        """Its name."""
        return self.number.name

    @property
    def discrete(self) -> bool:
        """Whether it can only be one of a few values."""
        return all(law.discrete for law in self.laws)


def uncertain_number(number: NamedNumber, assumed: float | None = None) -> UncertainNumber | None:
    """Return a number with its laws; None if it is certain.

    `assumed`: the half width of the default range of a number for which the map states none: a proportion of its value,
    or as many points of a share. The discount rate is a convention: it never gets one.
    """
    estimate = number.estimate
    if estimate is not None and estimate.has_range:
        if estimate.by_year is None:
            law = law_of(estimate, number.kind)
            return UncertainNumber(number, (law,)) if law.low < law.high else None
        laws = tuple(law_of(part, number.kind) for part in estimate.parts())
        return UncertainNumber(number, laws) if any(law.low < law.high for law in laws) else None
    if assumed is None or number.field == "discount_rate":
        return None
    laws = tuple(_assumed_law(value, number.kind, assumed) for value in number.values)
    return UncertainNumber(number, laws, assumed=True) if any(law.low < law.high for law in laws) else None


def law_of(estimate: Estimate, kind: Kind) -> Law:
    """Return the law of one estimate (not by year); a single atom where it states nothing but its base case."""
    shape = estimate.shape or "pert"
    if estimate.low is not None and estimate.high is not None:
        return _ranged(shape, estimate.low, estimate.base, estimate.high, kind)
    if estimate.survey is not None:
        return _surveyed(estimate.survey)
    if estimate.experts:
        views = [
            _ranged(shape, float(view.low or 0.0), float(view.value or 0.0), float(view.high or 0.0), kind)
            for view in estimate.experts
        ]
        if all(view.discrete for view in views):
            return _atoms([(value, chance / len(views)) for view in views for value, chance in view.parts])  # type: ignore[misc, has-type]
        return Law("mixture", min(view.low for view in views), max(view.high for view in views), parts=tuple(views))
    if isinstance(shape, dict) and "empirical" in shape:
        return _atoms([(value, 1.0 / len(shape["empirical"])) for value in shape["empirical"]])
    if isinstance(shape, dict) and "discrete" in shape:
        return _atoms(shape["discrete"])
    return _atoms([(estimate.base, 1.0)])


def _ranged(shape: object, low: float, value: float, high: float, kind: Kind) -> Law:
    if low == high:
        return _atoms([(low, 1.0)])
    if isinstance(shape, dict) and "beta" in shape:
        first, second = (float(number) for number in shape["beta"])
        return Law("beta", low, high, first, second)
    if isinstance(shape, dict):  # a list of values beside a range says more than the range
        return law_of(Estimate(value=value, shape=shape), kind)
    if shape == "uniform":
        return Law("uniform", low, high)
    if shape == "triangular":
        return Law("triangular", low, high, min(max(value, low), high))  # survey counts may lie beside their range
    # Cut off at the bounds of the kind: a share stays within 0-1, a head count above 0.
    floor, ceiling = kind.low, kind.high
    if shape == "normal":
        return Law("normal", floor, ceiling, (low + high) / 2, (high - low) / (2 * Z90))
    if shape == "lognormal":
        return Law("lognormal", max(floor, 0.0), ceiling, (math.log(low) + math.log(high)) / 2,
                   (math.log(high) - math.log(low)) / (2 * Z90))  # fmt: skip
    mode = min(max(value, low), high)
    width = high - low
    return Law("beta", low, high, 1 + PERT_LAMBDA * (mode - low) / width, 1 + PERT_LAMBDA * (high - mode) / width)


def _atoms(pairs: Sequence[tuple[float, float]]) -> Law:
    merged: dict[float, float] = {}
    for value, chance in pairs:
        if chance > 0:
            merged[value] = merged.get(value, 0.0) + chance
    ordered = tuple(sorted(merged.items()))
    return Law("atoms", ordered[0][0], ordered[-1][0], parts=ordered)


def _surveyed(survey: Survey) -> Law:
    """Return the law of a share by Jeffreys: Beta(yes + 1/2, no + 1/2), narrowed where the population is finite.

    Of N people n answered and are known. The share of all N is then yes/N + (N - n)/N x the share among the others,
    whose count is beta-binomial; its mean and variance are those of the beta returned. If all were asked, it is known.
    """
    yes, asked = float(survey.yes or 0), float(survey.asked or 1)
    a, b = yes + 0.5, asked - yes + 0.5
    if survey.population is None:
        return Law("beta", 0.0, 1.0, a, b)
    others = survey.population - asked
    if others <= 0:
        return _atoms([(yes / asked, 1.0)])
    unknown, total = others / survey.population, a + b
    mean = (1 - unknown) * yes / asked + unknown * a / total
    within = a * b / (total * (total + 1))  # E[p (1 - p)]
    variance = unknown**2 * (within / total + within / others)
    concentration = mean * (1 - mean) / variance - 1
    return Law("beta", 0.0, 1.0, mean * concentration, (1 - mean) * concentration)


def _assumed_law(value: float, kind: Kind, assumed: float) -> Law:
    step = assumed if kind.per_cent else abs(value) * assumed
    low, high = max(value - step, kind.low), min(value + step, kind.high)
    return _ranged("pert", low, value, high, kind)


# ---- points and weights ----


def nodes(laws: Sequence[Law], count: int) -> list[tuple[Array, Array]]:
    """Return for each law ascending points and their weights (sum 1), about `count` of them, atoms exactly.

    The weighted sum of a smooth function over the points is its expectation to about 1e-12: composite Gauss-Legendre
    in a variable that takes the steepness out of the ends, kinks at the ends of panels.
    """
    found: list[tuple[Array, Array] | None] = [None] * len(laws)
    for family, points in (("beta", _beta), ("triangular", _triangular), ("uniform", _uniform), ("normal", _normal),
                           ("lognormal", _normal)):  # fmt: skip
        places = [place for place, law in enumerate(laws) if law.family == family]
        if places:
            x, w = points([laws[place] for place in places], max(2, count // 8))
            w = w / w.sum(axis=1, keepdims=True)
            for row, place in enumerate(places):
                found[place] = (x[row], w[row])
    for place, law in enumerate(laws):
        if law.family == "atoms":
            x, w = np.array(law.parts, dtype=np.float64).T
            found[place] = (x, w / w.sum())
        elif law.family == "mixture":
            found[place] = _mixed(nodes(law.parts, max(64, count // len(law.parts))))  # type: ignore[arg-type]
    return [pair for pair in found if pair is not None]


def _mixed(parts: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    points = np.concatenate([x for x, _ in parts])
    weights = np.concatenate([w for _, w in parts]) / len(parts)
    order = np.argsort(points, kind="stable")
    return points[order], weights[order]


@cache
def gauss_legendre(count: int) -> tuple[Array, Array]:
    """Return the Gauss-Legendre rule of `count` points on -1 to 1 (Golub and Welsch 1969): points and weights, sum 2.

    >>> points, weights = gauss_legendre(2)
    >>> (points * 3**0.5).round(12).tolist(), weights.round(12).tolist()
    ([-1.0, 1.0], [1.0, 1.0])
    """
    # Not numpy.polynomial: loading it takes longer than all that is done with it.
    step = np.arange(1.0, count)
    beside = step / np.sqrt(4.0 * step * step - 1.0)
    points, vectors = np.linalg.eigh(np.diag(beside, 1) + np.diag(beside, -1))
    return points, 2.0 * vectors[0] ** 2


def panels(edges_low: Array, edges_high: Array, count: int) -> tuple[Array, Array]:
    """Return Gauss-Legendre points and weights on `count` equal panels of [low, high], shape (row, 8 x count)."""
    x, w = gauss_legendre(8)
    unit = ((np.arange(count)[:, None] + (x + 1) / 2) / count).ravel()
    width = (edges_high - edges_low)[:, None]
    return edges_low[:, None] + width * unit, width * np.tile(w / 2 / count, count)


def _column(laws: Sequence[Law], name: str) -> Array:
    return np.array([getattr(law, name) for law in laws], dtype=np.float64)[:, None]


def _beta(laws: Sequence[Law], count: int) -> tuple[Array, Array]:
    """x = t^p / (t^p + (1 - t)^p) spreads the ends out, so that a density like x^(a - 1) is smooth in t for a > 0."""
    low, high, a, b = (_column(laws, name) for name in ("low", "high", "first", "second"))
    power = np.maximum(3.0, 2.0 / np.minimum(a, b))
    # Where a narrow law has its weight: some standard deviations about the mean, and an exponential tail's length.
    mean, total = a / (a + b), a + b
    reach = 12 * np.sqrt(a * b / (total * total * (total + 1))) + 40 / total
    start, end = np.maximum(mean - reach, 0.0), np.minimum(mean + reach, 1.0)
    with np.errstate(divide="ignore"):
        edges = [1 / (1 + ((1 - edge) / edge) ** (1 / power)) for edge in (start, end)]
    t, w = panels(edges[0][:, 0], edges[1][:, 0], count)
    log_t, log_s = np.log(t), np.log1p(-t)
    odds = power * (log_s - log_t)
    rise = np.logaddexp(0.0, odds)  # -log x
    fall = rise - odds  # -log (1 - x)
    # density x dx/dt = x^(a-1) (1-x)^(b-1) . p x (1-x) / (t (1-t))
    log_w = -a * rise - b * fall - log_t - log_s
    return low + (high - low) * np.exp(-rise), w * np.exp(log_w - log_w.max(axis=1, keepdims=True))


def _triangular(laws: Sequence[Law], count: int) -> tuple[Array, Array]:
    low, high, mode = (_column(laws, name) for name in ("low", "high", "first"))
    half = max(1, count // 2)
    left, w_left = panels(low[:, 0], mode[:, 0], half)
    right, w_right = panels(mode[:, 0], high[:, 0], half)
    with np.errstate(divide="ignore", invalid="ignore"):
        up = np.nan_to_num((left - low) / (mode - low), posinf=0.0)
        down = np.nan_to_num((high - right) / (high - mode), posinf=0.0)
    return np.hstack([left, right]), np.hstack([w_left * up, w_right * down])


def _uniform(laws: Sequence[Law], count: int) -> tuple[Array, Array]:
    return panels(_column(laws, "low")[:, 0], _column(laws, "high")[:, 0], count)


def _normal(laws: Sequence[Law], count: int) -> tuple[Array, Array]:
    mean, sd = _column(laws, "first"), _column(laws, "second")
    low, high = _standard_bounds(laws)
    # The square of a lognormal has its weight two of its standard deviations farther up.
    farther = 2 * sd if laws[0].family == "lognormal" else 0.0
    start, end = np.maximum(low, -_FARTHEST), np.minimum(high, _FARTHEST + farther)
    # A law cut off beyond its own far tail: where its weight begins.
    start, end = np.minimum(start, high - 1e-9), np.maximum(end, low + 1e-9)
    start, end = np.where(low > _FARTHEST, low, start), np.where(high < -_FARTHEST, high, end)
    end, start = np.where(low > _FARTHEST, low + 1.0, end), np.where(high < -_FARTHEST, high - 1.0, start)
    z, w = panels(start[:, 0], end[:, 0], count)
    log_w = -0.5 * z * z
    x = mean + sd * z
    return (
        np.exp(x) if laws[0].family == "lognormal" else x,
        w * np.exp(log_w - log_w.max(axis=1, keepdims=True)),
    )


def _standard_bounds(laws: Sequence[Law]) -> tuple[Array, Array]:
    low, high, mean, sd = (_column(laws, name) for name in ("low", "high", "first", "second"))
    if laws[0].family == "lognormal":
        with np.errstate(divide="ignore"):
            low, high = np.log(low), np.log(high)
    return (low - mean) / sd, (high - mean) / sd


def together(number: UncertainNumber, count: int) -> tuple[Array, Array]:
    """Return points, shape (point, year), and weights of a number by year, whose years rise and fall with one draw."""
    steps = {0.0, 1.0}
    for law in number.laws:
        steps |= _breaks(law)
    edges = np.array(sorted(step for step in steps if 0.0 <= step <= 1.0))
    edges = edges[np.append(True, np.diff(edges) > 1e-12)]
    t, w = panels(np.zeros(1), np.ones(1), max(8, count // 8 // max(1, len(edges) - 1)))
    spread, slope = t**2 * (3 - 2 * t), 6 * t * (1 - t)
    chances = np.concatenate([low + (high - low) * spread[0] for low, high in pairwise(edges)])
    weights = np.concatenate([(high - low) * (w * slope)[0] for low, high in pairwise(edges)])
    points = np.stack([quantiles(law, chances) for law in number.laws], axis=-1)
    return points, weights / weights.sum()


def _breaks(law: Law) -> set[float]:
    """Return the chances at which a law's quantiles jump or bend."""
    if law.discrete:
        return set(np.cumsum(np.array(law.parts, dtype=np.float64)[:, 1])[:-1].tolist())
    if law.family == "triangular":
        return {(law.first - law.low) / (law.high - law.low)}
    if law.family != "mixture":
        return set()
    ends = np.array([end for part in law.parts for end in _corners(part)])  # type: ignore[arg-type]
    return set(chances(law, ends).tolist()) | set(chances(law, np.nextafter(ends, -np.inf)).tolist())


def _corners(law: Law) -> tuple[float, ...]:
    if law.discrete:
        return tuple(value for value, _ in law.parts)  # type: ignore[misc, has-type]
    return (law.low, law.first, law.high) if law.family == "triangular" else (law.low, law.high)


def quantiles(law: Law, chances: Array) -> Array:
    """Return the values that a number of this law stays at or below with the given chances (0-1), any shape."""
    u = np.asarray(chances, dtype=np.float64)
    if law.family == "uniform":
        return np.asarray(law.low + (law.high - law.low) * u)
    if law.family == "triangular":
        width, rise = law.high - law.low, law.first - law.low
        up = law.low + np.sqrt(u * width * rise)
        return np.where(u * width < rise, up, law.high - np.sqrt((1 - u) * width * (law.high - law.first)))
    if law.family == "atoms":
        values, parts = np.array(law.parts, dtype=np.float64).T
        return np.asarray(values[np.minimum(np.searchsorted(np.cumsum(parts), u), len(values) - 1)])
    if law.family == "mixture":
        return _mixture_quantiles(law, u)
    from scipy import special

    if law.family == "beta":
        return np.asarray(law.low + (law.high - law.low) * special.betaincinv(law.first, law.second, u))
    low, high = (float(bound[0, 0]) for bound in _standard_bounds([law]))
    # In the tail that is farther from the bounds' own: differences of tiny chances keep their digits.
    below, above = special.ndtr(low), special.ndtr(-high)
    z = np.where(u < 0.5, special.ndtri(below + u * (1 - below - above)),
                 -special.ndtri(above + (1 - u) * (1 - below - above)))  # fmt: skip
    x = law.first + law.second * np.clip(z, low, high)
    return np.exp(x) if law.family == "lognormal" else np.asarray(x)


def chances(law: Law, values: Array) -> Array:
    """Return the chance that a number of this law is at or below each of the values."""
    x = np.asarray(values, dtype=np.float64)
    if law.family == "mixture":
        return np.asarray(sum(chances(part, x) for part in law.parts) / len(law.parts))  # type: ignore[arg-type, misc]
    if law.family == "atoms":
        points, parts = np.array(law.parts, dtype=np.float64).T
        return np.append(0.0, np.cumsum(parts))[np.searchsorted(points, x, side="right")]
    from scipy import special

    share = np.clip((x - law.low) / (law.high - law.low), 0.0, 1.0) if math.isfinite(law.high - law.low) else x
    if law.family == "beta":
        return np.asarray(special.betainc(law.first, law.second, share))
    if law.family == "uniform":
        return np.asarray(share)
    if law.family == "triangular":
        mode, width = law.first, law.high - law.low
        with np.errstate(divide="ignore", invalid="ignore"):
            up = (x - law.low) ** 2 / (width * (mode - law.low))
            down = 1 - (law.high - x) ** 2 / (width * (law.high - mode))
        return np.clip(np.where(x < mode, up, np.where(x >= law.high, 1.0, down)), 0.0, 1.0)
    low, high = (float(bound[0, 0]) for bound in _standard_bounds([law]))
    if law.family == "lognormal":
        with np.errstate(divide="ignore"):
            x = np.log(np.maximum(x, 0.0))
    z = np.clip((x - law.first) / law.second, low, high)
    below = special.ndtr(low)
    return np.asarray((special.ndtr(z) - below) / (special.ndtr(high) - below))


def _mixture_quantiles(law: Law, u: Array) -> Array:
    """By halving, between the quantiles of its parts: a mixture's distribution function has no closed inverse."""
    each = np.stack([quantiles(part, u) for part in law.parts])  # type: ignore[arg-type]
    low, high = each.min(axis=0), each.max(axis=0)
    for _ in range(60):
        middle = (low + high) / 2
        under = chances(law, middle) < u
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray(high, dtype=np.float64)

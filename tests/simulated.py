"""The third road: what a map's uncertain numbers do to its ratio, by brute force.

The laws are written anew from the method's words with scipy.stats, the draws are plain NumPy, and every ratio comes
through the door, `sroi.evaluate(map, at=draws)`: no line is shared with the exact engine or with the simulation.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

import sroi
from sroi.estimate import Estimate
from sroi.names import NamedNumber

Array = NDArray[np.float64]

# Between which bounds a number of each kind stays, as the reference of the value map says.
BOUNDS = {"share": (0.0, 1.0), "rate": (-1.0, 1.0), "number of years": (0.0, 500.0), "number": (-1e15, 1e15)}
_FROM_ZERO = (0.0, 1e15)


class Drawn:
    """One law: `values(u)` are its quantiles at uniform draws, `below(x)` the chance of at most x."""

    def __init__(self, values: Any, below: Any) -> None:
        self.values, self.below = values, below


def _of_scipy(law: Any, bounds: tuple[float, float] = (-math.inf, math.inf)) -> Drawn:
    """A distribution of scipy.stats, cut off at the bounds and made whole again."""
    under, over = float(law.cdf(bounds[0])), float(law.cdf(bounds[1]))
    return Drawn(
        lambda u: np.clip(law.ppf(under + u * (over - under)), *bounds),
        lambda x: np.clip((law.cdf(x) - under) / (over - under), 0.0, 1.0),
    )


def _listed(pairs: Sequence[tuple[float, float]]) -> Drawn:
    values, chances = np.array(sorted(pairs), dtype=float).T
    running = np.cumsum(chances) / chances.sum()
    return Drawn(
        lambda u: values[np.minimum(np.searchsorted(running, u - 1e-12), len(values) - 1)],
        lambda x: np.append(0.0, running)[np.searchsorted(values, x, side="right")],
    )


def survey_moments(yes: int, asked: int, population: int) -> tuple[float, float]:
    """Mean and variance of the share of all: those asked are known, the others' count is beta-binomial."""
    others = population - asked
    count = np.arange(others + 1)
    chance = stats.betabinom(others, yes + 0.5, asked - yes + 0.5).pmf(count)
    share = (yes + count) / population
    mean = float(chance @ share)
    return mean, float(chance @ (share - mean) ** 2)


def _of_survey(survey: Any) -> Drawn:
    yes, asked, population = survey.yes, survey.asked, survey.population
    if population is None:
        return _of_scipy(stats.beta(yes + 0.5, asked - yes + 0.5))
    if population == asked:
        return _listed([(yes / asked, 1.0)])
    mean, variance = survey_moments(yes, asked, population)
    size = mean * (1 - mean) / variance - 1
    return _of_scipy(stats.beta(mean * size, (1 - mean) * size))


def _of_range(shape: Any, low: float, value: float, high: float, bounds: tuple[float, float]) -> Drawn:
    width = high - low
    if width == 0:
        return _listed([(low, 1.0)])
    if isinstance(shape, dict) and "beta" in shape:
        return _of_scipy(stats.beta(*shape["beta"], loc=low, scale=width))
    if shape == "uniform":
        return _of_scipy(stats.uniform(low, width))
    if shape == "triangular":
        return _of_scipy(stats.triang((value - low) / width, loc=low, scale=width))
    if shape == "normal":
        return _of_scipy(stats.norm((low + high) / 2, width / 2 / stats.norm.ppf(0.95)), bounds)
    if shape == "lognormal":
        spread = math.log(high / low) / 2 / stats.norm.ppf(0.95)
        return _of_scipy(stats.lognorm(spread, scale=math.sqrt(low * high)), bounds)
    mode = min(max(value, low), high)
    return _of_scipy(stats.beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, loc=low, scale=width))


def _of_experts(parts: Sequence[Drawn]) -> Drawn:
    def below(x: Array) -> Array:
        return np.mean([part.below(x) for part in parts], axis=0)

    def values(u: Array) -> Array:
        each = np.array([part.values(u) for part in parts])
        low, high = each.min(axis=0), each.max(axis=0)
        for _ in range(42):  # to a part in 10^12 of the range: most of what drawing takes is this
            middle = (low + high) / 2
            under = below(middle) < u
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return high

    return Drawn(values, below)


def drawn_law(estimate: Estimate, kind: str) -> Drawn:
    """The law of one estimate that is not by year."""
    bounds = BOUNDS.get(kind, _FROM_ZERO)
    shape = estimate.shape or "pert"
    if estimate.low is not None and estimate.high is not None:
        return _of_range(shape, estimate.low, estimate.base, estimate.high, bounds)
    if estimate.survey is not None:
        return _of_survey(estimate.survey)
    if estimate.experts:
        return _of_experts([_of_range(shape, e.low, e.value, e.high, bounds) for e in estimate.experts])  # type: ignore[arg-type]
    if isinstance(shape, dict) and "empirical" in shape:
        return _listed([(value, 1.0 / len(shape["empirical"])) for value in shape["empirical"]])
    if isinstance(shape, dict) and "discrete" in shape:
        return _listed(shape["discrete"])
    return _listed([(estimate.base, 1.0)])


def has_range(number: NamedNumber) -> bool:
    """Whether a number of a map says more than its base case."""
    return number.estimate is not None and number.estimate.has_range


def draws_of(impact_map: sroi.ImpactMap, count: int, generator: np.random.Generator) -> dict[str, Array]:
    """Independent draws of every number that has a range, for the door; all years of a number with one draw."""
    drawn: dict[str, Array] = {}
    for name, number in impact_map.numbers().items():
        if not has_range(number):
            continue
        assert number.estimate is not None
        u = generator.uniform(size=count)
        parts = [drawn_law(part, number.kind.name).values(u) for part in number.estimate.parts()]
        if number.by_year:
            drawn |= {f"{name}.{year}": part for year, part in enumerate(parts, start=1)}
        else:
            drawn[name] = parts[0]
    return drawn


# ---- maps of every kind that the exact engine has to take apart ----

SPECIES = (
    "shared size", "anchored", "crossing", "rate", "losses", "atoms", "added", "lasting", "inputs", "many inputs",
    "by year", "surveys", "shapes",
)  # fmt: skip


def uncertain_map(kind: str, seed: int) -> dict[str, Any]:
    """A small map's tree of one species: always with what its name says, with some of the others by chance."""
    return _Maker(kind, random.Random(f"{kind} {seed}")).tree()


class _Maker:
    def __init__(self, kind: str, rng: random.Random) -> None:
        self.kind, self.rng = kind, rng

    def has(self, kind: str) -> bool:
        return kind == self.kind or self.rng.random() < 0.12

    def share(self) -> Any:
        low, value, high = sorted(round(self.rng.uniform(0, 0.9), 3) for _ in range(3))
        if self.has("atoms"):
            return {"value": 0.5, "shape": {"discrete": [[0, 0.3], [0.5, 0.5], [1, 0.2]]}}
        if self.has("surveys"):
            asked = self.rng.randint(5, 60)
            counts = {"yes": self.rng.randint(0, asked), "asked": asked}
            return {"survey": counts | ({"population": asked + self.rng.randint(0, 60)} if self.has("surveys") else {})}
        return {"value": value, "low": low, "high": high} | self.shape(low)

    def shape(self, low: float) -> dict[str, Any]:
        shapes = ["pert", "triangular", "uniform", "normal", {"beta": [0.7, 2.0]}, *(["lognormal"] if low > 0 else [])]
        return {"shape": self.rng.choice(shapes)} if self.has("shapes") else {}

    def amount(self, about: float) -> Any:
        low, high = about * self.rng.uniform(0.4, 0.95), about * self.rng.uniform(1.05, 1.8)
        if self.has("losses"):
            sign = self.rng.choice([-1, -1, 1])
            if sign > 0:
                low = -high / 2
            low, about, high = sorted((sign * low, sign * about, sign * high))
        if self.has("atoms"):
            return self.rng.choice([
                {"value": about, "shape": {"discrete": [[0, "20%"], [about, "80%"]]}},
                {"value": about, "shape": {"empirical": [low, about, high, high, 0]}},
                {"experts": [{"low": about, "value": about, "high": about}, {"low": low, "value": about, "high": high}]},
            ])  # fmt: skip
        return {"value": about, "low": low, "high": high} | self.shape(low)

    def by_year(self, about: float) -> Any:
        if not self.has("by year"):
            return self.amount(about)
        return {"by_year": [self.amount(about * self.rng.uniform(0.5, 1.5)) for _ in range(self.years)]}

    def count_of(self, about: float) -> Any:
        return {"value": about, "low": 0.7 * about, "high": 1.4 * about} | self.shape(0.7 * about)

    def tree(self) -> dict[str, Any]:
        rng = self.rng
        self.years = rng.choice([2, 3]) if self.has("by year") else 1
        rules: dict[str, Any] = {
            "discount_timing": rng.choice(["end_of_year", "mid_year", "start_of_year"]),
            "input_timing": rng.choice(["end_of_year", "mid_year", "start_of_year"]),
            "present_at": rng.choice([0, 0, 2]),
            "drop_off_from": rng.choice(["second_year", "first_year"]),
            "deductions": "add" if self.has("added") else "multiply",
        }
        if self.has("rate"):
            rules["discount_rate"] = {"value": 0.035, "low": 0.0, "high": 0.09} | self.shape(0)
        crossing = self.has("crossing")
        sized = self.has("shared size") or crossing
        anchored = self.has("anchored") or crossing
        stakeholders = [{"id": "people", "size": self.count_of(80) if sized else 80}, {"id": "funder"}]
        outcomes = []
        for place in range(rng.choice([1, 2, 4]) if not (sized or anchored) else 4):
            own: dict[str, Any] = {"id": f"outcome_{place}", "stakeholder": "people", "weight": place + 1}
            own["quantity"] = self.by_year(50)
            if sized and rng.random() < 0.7:
                own["quantity"] = {"of": "people", "share": self.share(), "times": rng.choice([1, self.count_of(3)])}
            own["proxy"] = self.by_year(30)
            if anchored and place and rng.random() < 0.7:
                own["proxy"] = {"anchored_to": "outcome_0"}
            for field in ("deadweight", "displacement", "attribution"):
                own[field] = rng.choice([0, 0.1, self.share()]) if not self.has("added") else self.share()
            own["duration"] = rng.choice([1, 2.5, 4])
            if self.has("lasting"):
                own["duration"] = {"value": 2.5, "low": rng.choice([0, 0.5, 1.5]), "high": 5} | self.shape(0)
                own["drop_off"] = self.share()
            elif rng.random() < 0.5:
                own["drop_off"] = self.share()
            own["starts"] = rng.choice(["during", "after"])
            outcomes.append(own)
        inputs: list[dict[str, Any]] = [{"id": "grant", "stakeholder": "funder", "kind": "money", "value": 3000}]
        if self.has("inputs"):
            inputs[0]["value"] = self.count_of(3000)
            inputs.append({"id": "time", "stakeholder": "people", "kind": "time", "hours": self.count_of(100), "rate": self.count_of(8)})  # fmt: skip
        if self.has("many inputs"):
            for place in range(8):
                inputs.append({"id": f"goods_{place}", "stakeholder": "funder", "kind": "goods", "value": self.count_of(10.0 * 3**rng.randint(0, 4))})  # fmt: skip
        return {
            "sroi": 1, "title": f"A map: {self.kind}", "analysis": "forecast", "currency": "GBP", "price_year": 2024,
            "activity": {"years": self.years}, "conventions": rules, "stakeholders": stakeholders, "inputs": inputs,
            "outcomes": outcomes,
        }  # fmt: skip

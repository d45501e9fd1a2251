"""The model on which every tool of the uncertainty benchmark is measured: 60 outcomes, 360 uncertain numbers.

Each outcome has a triangular quantity, a lognormal proxy, a pert deadweight, a beta displacement, a triangular
attribution and a pert drop-off; it lasts 1 to 10 years, discounted at 3.5 % from the end of the first. The same
outcomes are given as laws to draw from, as SciPy's distributions, and as a value map.

Run as a program, it is the process that runs the NumPy loop once. So it imports NumPy and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

DRAWS = 100_000
RATE = 0.035
# What is put in, near the value that comes out: so that whether to fund is a question.
PUT_IN = 37_000_000.0
FACTORS = ("quantity", "proxy", "deadweight", "displacement", "attribution", "drop_off")
# The 95 % quantile of the standard normal: a value map gives a lognormal by its central 90 %.
Z95 = 1.6448536269514722


@dataclass(frozen=True)
class Law:
    """How one number is distributed.

    `numbers` are, for a triangular or pert: low, mode, high; for a lognormal: mean and standard deviation of the
    logarithm; for a beta, which lies between 0 and 1: a and b.
    """

    shape: str
    numbers: tuple[float, ...]

    @property
    def beta(self) -> tuple[float, float, float, float]:
        """The a and b of a pert or beta, and the ends between which it lies."""
        if self.shape == "beta":
            return (*self.numbers, 0.0, 1.0)
        low, mode, high = self.numbers
        return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low), low, high

    @property
    def base(self) -> float:
        """The number that a value map states: mode, median or mean."""
        if self.shape == "lognormal":
            return math.exp(self.numbers[0])
        if self.shape == "beta":
            return self.numbers[0] / sum(self.numbers)
        return self.numbers[1]

    def draw(self, generator: np.random.Generator, draws: int) -> Array:
        """Return that many draws, by NumPy's own generator of the law."""
        if self.shape == "triangular":
            return generator.triangular(*self.numbers, size=draws)
        if self.shape == "lognormal":
            return generator.lognormal(*self.numbers, size=draws)
        a, b, low, high = self.beta
        return low + (high - low) * generator.beta(a, b, size=draws)

    def scipy(self) -> Any:
        """Return SciPy's frozen distribution of the law."""
        from scipy import stats

        if self.shape == "triangular":
            low, mode, high = self.numbers
            return stats.triang((mode - low) / (high - low), loc=low, scale=high - low)
        if self.shape == "lognormal":
            return stats.lognorm(self.numbers[1], scale=math.exp(self.numbers[0]))
        a, b, low, high = self.beta
        return stats.beta(a, b, loc=low, scale=high - low)

    def as_estimate(self) -> dict[str, Any]:
        """Return the law as a value map writes it."""
        if self.shape == "lognormal":
            mean, sd = self.numbers
            low, high = math.exp(mean - Z95 * sd), math.exp(mean + Z95 * sd)
            return {"value": self.base, "low": low, "high": high, "shape": "lognormal"}
        if self.shape == "beta":
            return {"value": self.base, "low": 0.0, "high": 1.0, "shape": {"beta": list(self.numbers)}}
        low, mode, high = self.numbers
        return {"value": mode, "low": low, "high": high, "shape": self.shape}


@dataclass(frozen=True)
class Outcome:
    """One outcome: how many years it lasts, and the laws of its six uncertain numbers in the order of `FACTORS`."""

    years: int
    laws: tuple[Law, ...]


def outcomes(count: int = 60, seed: int = 1) -> list[Outcome]:
    """Return the outcomes of the model; the same seed makes the same ones."""
    generator = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        between = [(20, 500), (100, 4000), (0.1, 0.5), (0.02, 0.2), (0.1, 0.6), (0.05, 0.4)]
        quantity, proxy, deadweight, displacement, attribution, drop_off = (
            generator.uniform(*ends) for ends in between
        )
        years = int(generator.integers(1, 11))
        laws = (
            Law("triangular", (quantity * 0.7, quantity, quantity * 1.2)),
            Law("lognormal", (math.log(proxy), generator.uniform(0.2, 0.5))),
            Law("pert", (deadweight * 0.5, deadweight, min(0.95, deadweight * 1.6))),
            Law("beta", (displacement * 30, (1 - displacement) * 30)),
            Law("triangular", (attribution * 0.6, attribution, min(0.95, attribution * 1.4))),
            Law("pert", (drop_off * 0.4, drop_off, min(0.95, drop_off * 1.8))),
        )
        made.append(Outcome(years, laws))
    return made


def present_value(years: int, numbers: Sequence[ArrayLike]) -> Array:
    """Return the present value of one outcome, its six numbers (in the order of `FACTORS`) given or drawn.

    A competent analyst's loop: what no year changes is reckoned once, and each year costs two passes.
    """
    quantity, proxy, deadweight, displacement, attribution, drop_off = (np.asarray(given) for given in numbers)
    value = quantity * proxy * (1 - deadweight) * (1 - displacement) * (1 - attribution)
    kept = 1 - drop_off
    total = np.zeros_like(value)
    for year in range(1, years + 1):
        total += value / (1 + RATE) ** year
        value = value * kept
    return total


def numpy_loop(model: Sequence[Outcome], draws: int = DRAWS, seed: int = 0) -> Array:
    """Return the total present value of each draw, as an analyst computes it with NumPy."""
    generator = np.random.default_rng(seed)
    total = np.zeros(draws)
    for outcome in model:
        total += present_value(outcome.years, [law.draw(generator, draws) for law in outcome.laws])
    return total


def value_map(model: Sequence[Outcome]) -> dict[str, Any]:
    """Return the model as the tree of a value map; its outcomes are named outcome_0, outcome_1, .."""
    return {
        "sroi": 1,
        "title": f"A map of {len(model)} outcomes, every number of them uncertain",
        "analysis": "forecast",
        "currency": "GBP",
        "price_year": 2024,
        "activity": {"years": 1},
        "conventions": {"discount_rate": RATE, "discount_timing": "end_of_year", "drop_off_from": "second_year"},
        "stakeholders": [{"id": "people", "name": "People", "size": 30_000}, {"id": "funder", "name": "Funder"}],
        "inputs": [{"id": "grant", "stakeholder": "funder", "kind": "money", "value": PUT_IN, "source": "made up"}],
        "outcomes": [_written(place, outcome) for place, outcome in enumerate(model)],
    }


def _written(place: int, outcome: Outcome) -> dict[str, Any]:
    numbers = {name: law.as_estimate() | {"source": "made up"} for name, law in zip(FACTORS, outcome.laws, strict=True)}
    numbers["proxy"] |= {"description": "One unit of it", "unit": "person", "price_year": 2024}
    return {
        "id": f"outcome_{place}",
        "stakeholder": "people",
        "description": "What changed for them",
        "indicator": {"text": "How one can tell", "source": "made up"},
        "duration": outcome.years,
        **numbers,
    }


def write_value_map(path: Path, model: Sequence[Outcome]) -> Path:
    """Write the model as a value map to a file and return its path; every number comes back to the last bit."""
    import json

    # JSON is YAML, and it writes every float so that the same one is read.
    path.write_text(json.dumps(value_map(model), indent=1), encoding="utf-8")
    return path


def main() -> None:
    """Run the loop once and print what it is run for."""
    ratios = numpy_loop(outcomes()) / PUT_IN
    low, middle, high = np.quantile(ratios, [0.05, 0.5, 0.95])
    print(f"mean {ratios.mean():.4f}, sd {ratios.std():.4f}, 5 % {low:.4f}, 50 % {middle:.4f}, 95 % {high:.4f}")
    print(f"chance of at least 1: {np.mean(ratios > 1):.1%}")


if __name__ == "__main__":
    main()

"""Optimism bias on the costs of capital projects: the ratio as it is, and with HM Treasury's bounds added.

Only on request, only for the inputs that are named, and never for outcomes: the bounds are of capital projects, and no
guidance gives one for the benefits of social programmes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sroi import wording
from sroi.errors import NameRefused, Problem, did_you_mean
from sroi.evaluation import evaluate
from sroi.evidence.optimism import OptimismBounds, capital_bounds
from sroi.impact_map import ImpactMap
from sroi.nouns import Input

LIMITS = (
    "The bounds apply to capital projects only, and are starting values, to be reduced as risks are managed. No "
    "guidance gives an uplift for the benefits of social programmes."
)


@dataclass(frozen=True)
class Uplifted:
    """One case: which bound, the share added to the named inputs, and what the map then comes to."""

    bound: str
    uplift: float
    total_inputs: float
    sroi_ratio: float


@dataclass(frozen=True)
class OptimismBias:
    """The plain case and both bounds, with the inputs that are uplifted and the guidance that gives the bounds."""

    impact_map: ImpactMap
    bounds: OptimismBounds
    inputs: tuple[str, ...]
    cases: tuple[Uplifted, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as `sroi sensitivity --json` writes it."""
        return {
            "category": self.bounds.category, "dimension": self.bounds.dimension, "inputs": list(self.inputs),
            "cases": [vars(case) for case in self.cases], "source": self.bounds.source,
            "publisher": self.bounds.publisher, "licence": self.bounds.licence,
            "verification_level": self.bounds.level, "limits": LIMITS,
        }  # fmt: skip

    def lines(self) -> list[str]:
        """Return what is to be said, a sentence each."""
        currency = self.impact_map.currency
        labels = {given.id: given.label for given in self.impact_map.inputs}
        said = [f"Optimism bias, {self.bounds.category}, on {'; '.join(labels[name] for name in self.inputs)}:"]
        for case in self.cases:
            name = "as given" if not case.uplift else f"{case.bound} bound, {wording.per_cent(case.uplift)} more"
            inputs = wording.money(case.total_inputs, currency)
            said.append(f"  {name}: total inputs {inputs}, SROI ratio {wording.ratio(case.sroi_ratio)} : 1")
        return [*said, f"{self.bounds.source}, {self.bounds.publisher} ({self.bounds.licence}). {LIMITS}"]


def optimism_bias(impact_map: ImpactMap, category: str, inputs: Sequence[str]) -> OptimismBias:
    """Return the map's figures with the lower and upper bound of a category added to some inputs of money or goods.

    Parameters: `category`, such as standard_buildings (`sroi.evidence.optimism.capital_bounds` has them all); `inputs`,
    ids of inputs.
    Raises NameRefused for what is not known, and for inputs of time, all in one message.
    """
    known, by_id = capital_bounds(), {given.id: given for given in impact_map.inputs}
    asked = category.strip().lower().replace(" ", "_").replace("-", "_")
    problems = []
    if asked not in known:
        problems.append(Problem(f"there is no category '{category}' of capital projects", did_you_mean(asked, known)))
    if not inputs:
        problems.append(Problem("no input is named", "Name the inputs that pay for the capital project."))
    for name in inputs:
        given = by_id.get(name)
        if given is None:
            problems.append(Problem(f"there is no input '{name}'", did_you_mean(name, by_id)))
        elif given.kind == "time":
            problems.append(
                Problem(f"the input '{name}' is time, and no capital cost", "Name inputs of money or goods.")
            )
    if problems:
        raise NameRefused(problems)
    bounds = known[asked]
    names = tuple(dict.fromkeys(inputs))
    cases = []
    for bound, uplift in (("none", 0.0), ("lower", bounds.low), ("upper", bounds.high)):
        at = {name: value for each in names for name, value in _more(by_id[each], uplift).items()}
        result = evaluate(impact_map, at=at)
        cases.append(Uplifted(bound, uplift, float(result.total_inputs), float(result.sroi_ratio)))
    return OptimismBias(impact_map, bounds, names, tuple(cases))


def _more(given: Input, uplift: float) -> dict[str, float]:
    years = given.value.years if given.value is not None else (0.0,)
    if given.value is None or given.value.by_year is None:
        return {f"{given.id}.value": years[0] * (1 + uplift)}
    return {f"{given.id}.value.{year}": value * (1 + uplift) for year, value in enumerate(years, start=1)}

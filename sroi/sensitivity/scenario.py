"""Whole cases: the map's named scenarios, each outcome left out, unpaid time at nil."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sroi import formulas
from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.result import Result

# A scenario's own name is an id, and has no space.
BASE_CASE = "base case"


@dataclass(frozen=True, eq=False)
class ScenarioResult:
    """One scenario: the numbers it changes, and what the map comes to with them; NaN where nothing is put in."""

    name: str
    sroi_ratio: float
    changed: Mapping[str, float]
    result: Result


def scenarios(impact_map: ImpactMap) -> list[ScenarioResult]:
    """Return the base case and every scenario that the map names, in its order."""
    cases: dict[str, Mapping[str, float]] = {BASE_CASE: {}, **impact_map.scenarios}
    results = {name: evaluate(impact_map, at=changed) for name, changed in cases.items()}
    return [
        ScenarioResult(name, float(result.sroi_ratio), dict(cases[name]), result) for name, result in results.items()
    ]


@dataclass(frozen=True)
class LeftOut:
    """The ratio without one outcome."""

    id: str
    label: str
    sroi_ratio: float


def left_out(result: Result) -> list[LeftOut]:
    """Return the ratio with each outcome that counts left out in turn, in the order of the map."""
    labels = {outcome.id: outcome.label for outcome in result.impact_map.outcomes}
    without = formulas.sroi_ratio(result.total_present_value - result.present_value, result.total_inputs)
    return [
        LeftOut(name, labels[name], float(without[place]))
        for place, name in enumerate(result.priced)
        if result.counted[place]
    ]


def time_at_nil(impact_map: ImpactMap) -> Result | None:
    """Return the result with every input of time valued at nothing; None where no time has a value."""
    names = {
        given.id: f"{given.id}.rate" if given.hours is not None else f"{given.id}.value"
        for given in impact_map.inputs
        if given.kind == "time" and (given.value is not None or given.rate is not None)
    }
    result = evaluate(impact_map)
    valued = sum(float(result.inputs[place]) for place, given in enumerate(impact_map.inputs) if given.id in names)
    return evaluate(impact_map, at=dict.fromkeys(names.values(), 0.0)) if valued > 0 else None

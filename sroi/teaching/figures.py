"""What an exercise asks for: one figure of one map, reckoned through the door."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sroi.errors import MethodRefused, Problem
from sroi.evaluation import evaluate
from sroi.files.tree import to_tree
from sroi.impact_map import ImpactMap
from sroi.result import Result
from sroi.shipped import example
from sroi.teaching.practice import practice_trees

TOTALS = ("total_inputs", "total_present_value", "net_present_value", "sroi_ratio", "net_sroi_ratio", "payback_years")


@dataclass(frozen=True)
class Case:
    """A map as a tree, numbers in place of its own, and the figure asked for.

    `asks` is a total (`sroi_ratio`), `inverse_ratio`, a number of the map by its name, or a word and a name:
    `gross.ID`, `present_value.ID`, `kept.ID`, `quantity.ID`, `value.YEAR` (undiscounted), `factor.YEAR`,
    `without.ID` (the ratio), `switching.NAME` (where the ratio is 1), `low`, `high` (the central 90 %), and
    `chance_above.R`.
    """

    tree: Mapping[str, Any]
    asks: str
    at: Mapping[str, float] = field(default_factory=dict)

    @property
    def impact_map(self) -> ImpactMap:
        """The map itself."""
        return ImpactMap.model_validate(copy.deepcopy(dict(self.tree)))

    def asking(self, asks: str) -> Case:
        """Return the same map asked for another figure."""
        return replace(self, asks=asks)

    def with_numbers(self, at: Mapping[str, float]) -> Case:
        """Return the same case with further numbers in place of the map's own."""
        return replace(self, at={**self.at, **at})


def case_of(name: str, asks: str, at: Mapping[str, float] | None = None) -> Case:
    """Return the case of an exercise: one of the practice maps, or a case study, and the figure asked for."""
    tree = practice_trees()[name] if name in practice_trees() else to_tree(example(name))
    return Case(tree, asks, at or {})


def figure(case: Case) -> float:
    """Return the figure that a case asks for; SroiError where it has none.

    >>> wheels = case_of("wheels_to_meals", "sroi_ratio")
    >>> round(figure(wheels), 2), round(figure(wheels.asking("kept.friends")), 3)
    (1.93, 0.585)
    """
    impact_map = case.impact_map
    word, _, name = case.asks.partition(".")
    found = _FIGURES[word](impact_map, name, case.at) if word in _FIGURES else _number(impact_map, case)
    if not math.isfinite(found):
        raise MethodRefused(Problem(f"there is no {case.asks}", "Ask for another figure."))
    return found


def _number(impact_map: ImpactMap, case: Case) -> float:
    if case.asks in TOTALS:
        return float(getattr(evaluate(impact_map, case.at), case.asks))
    known = {name: number.values[0] for name, number in impact_map.numbers().items()} | dict(case.at)
    if case.asks not in known:
        raise MethodRefused(Problem(f"the map has no figure {case.asks}", "Ask for one that it has."))
    return known[case.asks]


def _of_outcome(result: Result, figures: Any, name: str) -> float:
    if name not in result.priced:
        raise MethodRefused(Problem(f"the map has no outcome {name} with a price", "Ask for one that it has."))
    return float(figures[result.priced.index(name)])


def _gross(impact_map: ImpactMap, name: str, at: Mapping[str, float]) -> float:
    result = evaluate(impact_map, at)
    return _of_outcome(result, result.gross, name)


def _present_value(impact_map: ImpactMap, name: str, at: Mapping[str, float]) -> float:
    result = evaluate(impact_map, at)
    return _of_outcome(result, result.present_value, name)


def _kept(impact_map: ImpactMap, name: str, at: Mapping[str, float]) -> float:
    """Return the share of an outcome that is left after its deductions: one unit of it, for one year, undiscounted."""
    own = {f"{name}.duration": 1.0, f"{name}.drop_off": 0.0}
    plain = {**at, **own, "discount_rate": 0.0}
    return _present_value(impact_map, name, plain) / _gross(impact_map, name, plain)


def _quantity(impact_map: ImpactMap, name: str, at: Mapping[str, float]) -> float:
    own = {f"{name}.duration": 1.0, f"{name}.proxy": 1.0}
    return _gross(impact_map, name, {**at, **own})


def _value(impact_map: ImpactMap, year: str, at: Mapping[str, float]) -> float:
    result = evaluate(impact_map, at)
    return float(result.value_by_year[int(year) - 1]) if int(year) in result.years else math.nan


def _factor(impact_map: ImpactMap, year: str, at: Mapping[str, float]) -> float:
    result = evaluate(impact_map, at)
    if int(year) not in result.years:
        return math.nan
    return float(result.present_value_by_year[int(year) - 1] / result.value_by_year[int(year) - 1])


def _without(impact_map: ImpactMap, name: str, at: Mapping[str, float]) -> float:
    result = evaluate(impact_map, at)
    rest = result.total_present_value - _of_outcome(result, result.present_value, name)
    return float(rest / result.total_inputs)


def _switching(impact_map: ImpactMap, name: str, at: Mapping[str, float]) -> float:
    """Return where a number has to be for the ratio to be 1; it moves the present value in a straight line."""
    low, high = (evaluate(impact_map, {**at, name: value}).net_present_value for value in (0.0, 1.0))
    return float(-low / (high - low)) if high != low else math.nan


def _inverse(impact_map: ImpactMap, _: str, at: Mapping[str, float]) -> float:
    result = evaluate(impact_map, at)
    return float(result.total_inputs / result.total_present_value)


def _spread(quantile: float) -> Callable[[ImpactMap, str, Mapping[str, float]], float]:
    def of(impact_map: ImpactMap, _: str, __: Mapping[str, float]) -> float:
        from sroi.uncertainty import study_uncertainty

        return study_uncertainty(impact_map).quantile(quantile)

    return of


def _chance(impact_map: ImpactMap, ratio: str, _: Mapping[str, float]) -> float:
    from sroi.uncertainty import study_uncertainty

    return float(study_uncertainty(impact_map).chance_above(float(ratio)))


_FIGURES: dict[str, Callable[[ImpactMap, str, Mapping[str, float]], float]] = {
    "gross": _gross,
    "present_value": _present_value,
    "kept": _kept,
    "quantity": _quantity,
    "value": _value,
    "factor": _factor,
    "without": _without,
    "switching": _switching,
    "inverse_ratio": _inverse,
    "low": _spread(0.05),
    "high": _spread(0.95),
    "chance_above": _chance,
}

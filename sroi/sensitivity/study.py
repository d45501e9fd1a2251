"""Everything that `sroi sensitivity` says of a map, worked out once, and as other programs read it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sroi.impact_map import ImpactMap
from sroi.result import Result
from sroi.sensitivity.grid import TwoWay, two_way
from sroi.sensitivity.scenario import LeftOut, ScenarioResult, left_out, scenarios, time_at_nil
from sroi.sensitivity.steps import Steps
from sroi.sensitivity.switching import BreakEven, break_even
from sroi.sensitivity.variation import Variation, one_way


@dataclass(frozen=True, eq=False)
class WhatIf:
    """The base case, and what becomes of the ratio when numbers move, outcomes go, scenarios rule."""

    result: Result
    steps: Steps
    target: float
    one_way: tuple[Variation, ...]
    break_even: tuple[BreakEven, ...]
    left_out: tuple[LeftOut, ...]
    scenarios: tuple[ScenarioResult, ...]
    time_at_nil: float | None
    two_way: TwoWay | None

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python; None where there is no figure, never NaN or infinite."""
        chart, currency = self.result.impact_map, self.result.impact_map.currency
        base = self.result.to_dict()
        told: dict[str, Any] = {
            "title": chart.title,
            "analysis": chart.analysis,
            "currency": currency,
            "price_year": chart.price_year,
            "conventions": base["conventions"],
            "sroi_ratio": base["sroi_ratio"],
            "steps": {
                "share": self.steps.points,
                "proportion": self.steps.proportion,
                "years": self.steps.years,
                "rate": self.steps.rate,
            },
            "target": self.target,
            "one_way": [
                {
                    "name": each.name,
                    "label": each.label,
                    "unit": unit(each.field, currency),
                    "base": each.base,
                    "low": each.low,
                    "high": each.high,
                    "ratio_low": _finite(each.ratio_low),
                    "ratio_high": _finite(each.ratio_high),
                    "own_range": each.own_range,
                }
                for each in self.one_way
            ],
            "break_even": [
                {
                    "name": each.name,
                    "label": each.label,
                    "unit": unit(each.field, currency),
                    "base": each.base,
                    "value": each.value,
                    "change": each.change,
                    "steps_away": _finite(each.steps_away),
                    "low": _finite(each.low),
                    "high": _finite(each.high),
                    "why": each.why,
                    "at": dict(each.at),
                }
                for each in self.break_even
            ],
            "left_out": [
                {"id": each.id, "label": each.label, "sroi_ratio": _finite(each.sroi_ratio)} for each in self.left_out
            ],
            "scenarios": [
                {"name": each.name, "sroi_ratio": _finite(each.sroi_ratio), "changed": dict(each.changed)}
                for each in self.scenarios
            ],
            "time_at_nil": None if self.time_at_nil is None else {"sroi_ratio": _finite(self.time_at_nil)},
        }
        if self.two_way is not None:
            grid = self.two_way
            told["two_way"] = {
                "names": list(grid.names),
                "labels": list(grid.labels),
                "units": [unit(field, currency) for field in grid.fields],
                "bases": list(grid.bases),
                "values": [list(values) for values in grid.values],
                "ratios": [[_finite(ratio) for ratio in row] for row in grid.ratios.tolist()],
            }
        return told


def what_if(
    impact_map: ImpactMap, steps: Steps | None = None, target: float = 1.0, pair: tuple[str, str] | None = None
) -> WhatIf:
    """Return every what-if of a map; `target` is the ratio of the switching values, `pair` two numbers for a grid."""
    steps = steps or Steps()
    cases = scenarios(impact_map)
    result = cases[0].result
    unpaid = time_at_nil(impact_map)
    return WhatIf(
        result=result,
        steps=steps,
        target=target,
        one_way=tuple(one_way(impact_map, steps)),
        break_even=tuple(break_even(impact_map, target, steps)),
        left_out=tuple(left_out(result)),
        scenarios=tuple(cases),
        time_at_nil=None if unpaid is None else float(unpaid.sroi_ratio),
        two_way=None if pair is None else two_way(impact_map, *pair, steps=steps),
    )


_UNITS = {"duration": "years", "discount_rate": "share a year", "hours": "hours", "times": "times", "quantity": ""}


def unit(field: str, currency: str) -> str:
    """Return the unit of a number of the map, as tables for other programs state it.

    >>> unit("proxy", "GBP"), unit("deadweight", "GBP"), unit("duration", "GBP")
    ('GBP', 'share 0-1', 'years')
    """
    if field in ("proxy", "value", "rate"):
        return currency
    return _UNITS.get(field, "" if field == "size" else "share 0-1")


def _finite(figure: float) -> float | None:
    return figure if math.isfinite(figure) else None

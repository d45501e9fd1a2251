"""What if: numbers moved, outcomes left out, scenarios, switching values. Other numbers through the door."""

from __future__ import annotations

from sroi.sensitivity.grid import TwoWay, two_way
from sroi.sensitivity.scenario import BASE_CASE, LeftOut, ScenarioResult, left_out, scenarios, time_at_nil
from sroi.sensitivity.steps import Steps, own_range
from sroi.sensitivity.study import WhatIf, unit, what_if
from sroi.sensitivity.switching import BreakEven, break_even
from sroi.sensitivity.variation import Curve, Variation, curves, one_way

__all__ = [
    "BASE_CASE",
    "BreakEven",
    "Curve",
    "LeftOut",
    "ScenarioResult",
    "Steps",
    "TwoWay",
    "Variation",
    "WhatIf",
    "break_even",
    "curves",
    "left_out",
    "one_way",
    "own_range",
    "scenarios",
    "time_at_nil",
    "two_way",
    "unit",
    "what_if",
]

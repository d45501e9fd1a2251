"""Maps side by side: under the same rules, forecast against actual, before and after, and as printed."""

from sroi.comparison.causes import Cause
from sroi.comparison.change import WhatChanged, what_changed
from sroi.comparison.differences import Difference, differences
from sroi.comparison.fulfilment import ForecastAgainstActual, Fulfilled, FulfilledOutcome, forecast_against_actual
from sroi.comparison.reproduction import (
    FIGURES,
    RATES,
    Change,
    ConventionSearch,
    Reproduction,
    conventions_that_reproduce,
)
from sroi.comparison.restatement import Restated, SameRules, Scope, own_rules, same_rules

__all__ = [
    "FIGURES",
    "RATES",
    "Cause",
    "Change",
    "ConventionSearch",
    "Difference",
    "ForecastAgainstActual",
    "Fulfilled",
    "FulfilledOutcome",
    "Reproduction",
    "Restated",
    "SameRules",
    "Scope",
    "WhatChanged",
    "conventions_that_reproduce",
    "differences",
    "forecast_against_actual",
    "own_rules",
    "same_rules",
    "what_changed",
]

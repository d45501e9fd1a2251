"""How sure: the ratio's whole distribution, what drives it, and what knowing more would be worth.

`exact` works it out without simulation where the numbers are independent; `simulation` draws for the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sroi.uncertainty.analysis import study_uncertainty
    from sroi.uncertainty.statement import QUANTILES, Driver, RestsOn, Uncertainty

__all__ = ["QUANTILES", "Driver", "RestsOn", "Uncertainty", "study_uncertainty"]


def __getattr__(name: str) -> Any:
    """Return a name from its module when it is first used: `sroi evaluate` needs the interval only."""
    if name not in __all__:
        raise AttributeError(f"module 'sroi.uncertainty' has no attribute '{name}'")
    module = "analysis" if name == "study_uncertainty" else "statement"
    return getattr(import_module(f"sroi.uncertainty.{module}"), name)

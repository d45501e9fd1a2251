"""How sure: the ratio's whole distribution, what drives it, and what knowing more would be worth.

`exact` works it out without simulation where the numbers are independent; `simulation` draws for the rest.
"""

from __future__ import annotations

from sroi.uncertainty.analysis import study_uncertainty
from sroi.uncertainty.statement import QUANTILES, Driver, RestsOn, Uncertainty

study = study_uncertainty

__all__ = ["QUANTILES", "Driver", "RestsOn", "Uncertainty", "study", "study_uncertainty"]

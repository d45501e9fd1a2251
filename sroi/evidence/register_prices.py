"""What a register's entry comes to in another year's prices, or why nothing says so."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sroi.errors import SroiError
from sroi.evidence.register import Entry

# The year that values are shown in beside their own, unless another is asked for.
SHOWN_YEAR = 2024

_SERIES = {"": "gdp_deflator", "gdp_deflator": "gdp_deflator", "cpi": "cpi", "wellby": "wellby"}
# Why an entry with this uprating method has no value in another year's prices.
WHY_NOT = {
    "already_by_year": "its source gives a value for each year: take that year's entry",
    "disputed": "its price year is disputed: nothing can be built on it until that is settled",
    "gdp_per_head": "its publisher brings it to other years by GDP per head: take the publisher's later edition",
    "earnings": "it moves with earnings, not with prices: take the later survey",
    "none": "it stands as its source gives it",
}


@dataclass(frozen=True)
class Uprated:
    """An entry in another year's prices: the value and how it came about, or, with no value, the reason."""

    to: str
    value: float | None = None
    factor: float | None = None
    low: float | None = None
    high: float | None = None
    sentence: str = ""
    steps: str = ""
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it for other programs."""
        names = ("to", "value", "low", "high", "factor", "sentence", "reason")
        return {name: getattr(self, name) or None for name in names}


def uprated(entry: Entry, to: int | str = SHOWN_YEAR) -> Uprated:
    """Return an entry's value in the prices of the year `to`, by the index that its source asks for."""
    year, method = str(to), entry["uprating_method"]
    if entry.value is None:
        return Uprated(year, reason="no value is shipped")
    if str(entry.price_year) == year:
        return Uprated(year, entry.value, 1.0, entry.number("low"), entry.number("high"), "It is in those prices.")
    if method in WHY_NOT:
        return Uprated(year, reason=WHY_NOT[method])
    try:
        prices = import_module("sroi.evidence.prices")
    except ModuleNotFoundError:
        return Uprated(year, reason="this version holds no price index")
    basis = entry["price_year_basis"] or "calendar"
    try:
        step = prices.uprating(entry.price_year, to, series=_SERIES[method], basis=basis, currency=entry["currency"])
    except SroiError as refused:
        return Uprated(year, reason="; ".join(problem.found for problem in refused.problems))
    low, high = (
        number * step.factor if (number := entry.number(name)) is not None else None for name in ("low", "high")
    )
    sentence = str(getattr(step, "sentence", step))
    return Uprated(year, entry.value * step.factor, step.factor, low, high, sentence, str(step))

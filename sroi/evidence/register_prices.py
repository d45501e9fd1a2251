"""What a register's entry comes to in another year's prices, or why nothing says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sroi.errors import SroiError
from sroi.evidence.register import Entry

# The year that values are shown in beside their own, unless another is asked for.
SHOWN_YEAR = "2024"

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
        told = {name: getattr(self, name) for name in ("to", "value", "low", "high", "factor", "sentence", "reason")}
        return {name: None if value == "" else value for name, value in told.items()}


def uprated(entry: Entry, to: str = SHOWN_YEAR) -> Uprated:
    """Return an entry's value in the prices of the year `to`, by the index that its source asks for.

    Raises NameRefused if `to` is no price year; where the entry cannot be brought there, the reason is told instead.
    """
    from sroi.evidence.prices import price_year, uprating

    year = str(price_year(to))
    method, basis = entry["uprating_method"], entry["price_year_basis"] or "calendar"
    if entry.value is None:
        return Uprated(year, reason="no value is shipped")
    own = price_year(entry.price_year, basis)
    if str(own) == year:
        return Uprated(year, entry.value, 1.0, entry.number("low"), entry.number("high"), "It is in those prices.")
    if method in WHY_NOT:
        return Uprated(year, reason=WHY_NOT[method])
    try:
        moved = uprating(str(own), year, series=_SERIES[method], currency=entry["currency"])
    except SroiError as refused:
        return Uprated(year, reason="; ".join(problem.found for problem in refused.problems))
    low, high = (
        number * moved.factor if (number := entry.number(name)) is not None else None for name in ("low", "high")
    )
    return Uprated(year, entry.value * moved.factor, moved.factor, low, high, moved.sentence, str(moved))

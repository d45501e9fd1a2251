"""Optimism bias: by how much capital projects have cost more than was estimated, as HM Treasury's guidance gives it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sroi.evidence.shipped_tables import shipped_rows

CAPITAL = "capital expenditure"


@dataclass(frozen=True)
class OptimismBounds:
    """The bounds of one category: shares (0-1) added to an estimate, and where they come from."""

    id: str
    category: str
    dimension: str
    low: float
    high: float
    source: str
    publisher: str
    year: str
    licence: str
    address: str
    level: str
    note: str


@cache
def optimism_bounds() -> tuple[OptimismBounds, ...]:
    """Return every category's bounds, of works duration, capital and operating expenditure."""
    return tuple(
        OptimismBounds(
            row["id"], row["category"], row["dimension"], float(row["low"]) / 100, float(row["high"]) / 100,
            row["source"], row["publisher"], row["year"], row["licence"], row["url"], row["verification_level"],
            row["note"],
        )
        for row in shipped_rows("optimism_bias.csv")
    )  # fmt: skip


def capital_bounds() -> dict[str, OptimismBounds]:
    """Return the bounds of capital expenditure by a short name of their category.

    >>> capital_bounds()["standard_buildings"].high
    0.24
    """
    return {
        each.id.removeprefix("uk_ob_").removesuffix("_capital"): each
        for each in optimism_bounds()
        if each.dimension == CAPITAL
    }

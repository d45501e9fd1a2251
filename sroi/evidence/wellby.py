"""What one point of life satisfaction, for one person for one year, is worth: a WELLBY, with its source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Changes of up to about so many points may be multiplied straight: said by one source (see the row's notes).
LARGEST_LINEAR_CHANGE = 0.5


@dataclass(frozen=True)
class Wellby:
    """The published value: central, low and high [currency for one WELLBY], in prices of `price_year`."""

    description: str
    value: float
    low: float
    high: float
    currency: str
    price_year: int
    source: str
    publisher: str
    licence: str
    address: str
    verification_level: str
    uprating: str
    remarks: str


@cache
def wellby() -> Wellby:
    """Return the value that HM Treasury publishes for appraisal.

    >>> wellby().value, wellby().low, wellby().high, wellby().currency, wellby().price_year
    (13000.0, 10000.0, 16000.0, 'GBP', 2019)
    """
    with (files("sroi") / "data" / "wellby.csv").open(encoding="utf-8", newline="") as lines:
        row = next(csv.DictReader(lines))
    return Wellby(
        description=row["outcome"],
        value=float(row["value"]),
        low=float(row["low"]),
        high=float(row["high"]),
        currency=row["currency"],
        price_year=int(row["price_year"]),
        source=row["source_title"],
        publisher=row["publisher"],
        licence=row["licence"],
        address=row["address"],
        verification_level=row["verification_level"],
        uprating=row["uprating"],
        remarks=row["notes"],
    )

"""Published schedules of discount rates, by name, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from sroi.formulas import Array

SCHEDULE_NAMES = ("uk_green_book",)
# The last year in which any schedule changes its rate; from there on that year's rate goes on.
LONGEST_SCHEDULE = 301


@dataclass(frozen=True)
class Schedule:
    """Rates by year, as a publisher sets them: `bands` holds (first year, last year or None, rate 0-1)."""

    name: str
    title: str
    bands: tuple[tuple[int, int | None, float], ...]
    source: str
    publisher: str
    address: str
    licence: str
    as_at: str

    def rates(self, years: int) -> Array:
        """Return the rates of years 1 .. `years`, shape (years,).

        >>> schedule("uk_green_book").rates(31)[[0, 29, 30]].tolist()
        [0.035, 0.035, 0.03]
        """
        rates = np.empty(years)
        for first, last, rate in self.bands:
            # Year k runs from time k-1 to k: the band "0-30" rules years 1 to 30.
            rates[max(first, 1) - 1 : last] = rate
        return rates


@cache
def schedule(name: str) -> Schedule:
    """Return the schedule of this name (one of `SCHEDULE_NAMES`); KeyError for any other."""
    # Imported here: most maps have a flat rate, and start-up is to feel instant.
    import csv
    from importlib.resources import files

    with (files("sroi") / "data" / "discount_rates.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["schedule"] == name]
    if not rows:
        raise KeyError(name)
    head = rows[0]
    return Schedule(
        name=name,
        title=f"{head['jurisdiction']}, {head['applies_to']}",
        bands=tuple(
            (int(row["year_from"]), int(row["year_to"]) if row["year_to"] else None, float(row["value"]))
            for row in rows
        ),
        source=head["source_title"],
        publisher=head["publisher"],
        address=head["address"],
        licence=head["licence"],
        as_at=head["as_at"],
    )

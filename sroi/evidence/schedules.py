"""Published schedules of discount rates, by name and date, each with its source and whether it still holds.

The names stand in `data/discount_schedules.csv`, the rates of each in `data/discount_rates.csv`. A name without a year
is today's rule and moves on when a government changes it; a name with a year is that version for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from sroi import wording
from sroi.evidence.shipped_tables import shipped_rows
from sroi.formulas import Array

# The last year in which any schedule changes its rate; from there on that year's rate goes on.
LONGEST_SCHEDULE = 301

# How a schedule stands today, in words that are printed wherever its name is.
STANDING_WORDS = {
    "in_force": "in force",
    "superseded": "superseded",
    "stale": "stale: as reported in 2017",
    "unchecked": "not checked for a later revision",
}


@dataclass(frozen=True)
class Schedule:
    """Rates by year, as a publisher sets them: `bands` holds (first year, last year or None, rate 0-1).

    `version` names the rates in the table behind it, `words` is how people are told of it, `standing` one of
    STANDING_WORDS, `status` the same as the source has it, `level` how well it was seen: A at its publisher, B at
    second hand. `first_day` and `last_day` are when it rules, "" where the table does not know.
    """

    name: str
    version: str
    title: str
    words: str
    bands: tuple[tuple[int, int | None, float], ...]
    source: str
    publisher: str
    address: str
    licence: str
    as_at: str
    standing: str = "in_force"
    status: str = ""
    level: str = ""
    country: str = ""
    basis: str = ""
    remark: str = ""
    first_day: str = ""
    last_day: str = ""

    @property
    def label(self) -> str:
        """How it is said beside a figure: its words, and that it no longer holds where it does not."""
        return self.words if self.standing == "in_force" else f"{self.words} ({STANDING_WORDS[self.standing]})"

    @property
    def known_years(self) -> int | None:
        """The last year for which its publisher's rates were seen; None where the last rate has no end."""
        return self.bands[-1][1]

    def rates(self, years: int) -> Array:
        """Return the rates of years 1 .. `years`, shape (years,); after the last band its rate goes on.

        >>> schedule("uk_green_book").rates(31)[[0, 29, 30]].tolist()
        [0.035, 0.035, 0.03]
        """
        rates = np.full(years, self.bands[-1][2])
        for first, last, rate in self.bands:
            # Year k runs from time k-1 to k: the band "0-30" rules years 1 to 30.
            rates[max(first, 1) - 1 : last] = rate
        return rates

    def runs(self, year: int) -> list[tuple[float, int]]:
        """Return (rate, years) of each band up to a year: the factor of that year is their product.

        >>> schedule("uk_green_book").runs(31)
        [(0.035, 30), (0.03, 1)]
        """
        runs: list[tuple[float, int]] = []
        for rate in self.rates(year).tolist():
            if runs and runs[-1][0] == rate:
                runs[-1] = (rate, runs[-1][1] + 1)
            else:
                runs.append((rate, 1))
        return runs


@cache
def schedule_names() -> tuple[str, ...]:
    """Return the name of every schedule, in the order of the table.

    >>> schedule_names()[:2]
    ('uk_green_book', 'uk_green_book_health')
    """
    return tuple(row["name"] for row in shipped_rows("discount_schedules.csv"))


@cache
def schedule(name: str) -> Schedule:
    """Return the schedule of this name (one of `schedule_names`); KeyError for any other."""
    named = {row["name"]: row for row in shipped_rows("discount_schedules.csv")}[name]
    rows = [row for row in shipped_rows("discount_rates.csv") if row["series"] == named["series"]]
    head = rows[0]
    return Schedule(
        name=name,
        version=named["series"],
        title=f"{head['jurisdiction']}, {head['applies_to']}",
        words=named["words"],
        bands=tuple(
            (int(row["year_from"] or 1), int(row["year_to"]) if row["year_to"] else None, float(row["value"]))
            for row in rows
        ),
        source=head["source_title"],
        publisher=head["publisher"],
        address=head["address"],
        licence=head["licence"],
        as_at=head["as_at"],
        standing=named["standing"],
        status=head["status"],
        level=head["verification_level"],
        country=head["country"],
        basis=head["basis"],
        remark=named["remark"],
        first_day=named["first_day"],
        last_day=named["last_day"],
    )


def all_schedules() -> list[Schedule]:
    """Return every schedule, in the order of the table."""
    return [schedule(name) for name in schedule_names()]


def schedules_on(day: str, beginning: str = "") -> list[Schedule]:
    """Return the schedules that ruled on a day (2016-04-01), as far as the table has their dates.

    Parameters: `beginning`, how their names begin, such as uk_green_book. A name with a year stands for the version; a
    name without is left out where its version is there too.

    >>> [each.name for each in schedules_on("2016-04-01", "eu_cohesion")]
    ['eu_cohesion_2014_cohesion_countries', 'eu_cohesion_2014_other_members']
    """
    found = [
        each
        for each in all_schedules()
        if each.name.startswith(beginning) and each.first_day and each.first_day <= day <= (each.last_day or "9999")
    ]
    versions = {each.name for each in found}
    return [each for each in found if each.name == each.version or each.version not in versions]


def rates_of(rate: float | str) -> Array:
    """Return the rates of years 1, 2, .. of a flat rate or a schedule's name, shape (year,); the last one goes on.

    >>> rates_of(0.015).tolist(), len(rates_of("uk_green_book"))
    ([0.015], 301)
    """
    return schedule(rate).rates(LONGEST_SCHEDULE) if isinstance(rate, str) else np.array([rate], dtype=np.float64)


def rate_words(rate: float | str | Sequence[float]) -> str:
    """Return a discount rate in words; a schedule that no longer holds is said to be one.

    >>> print(rate_words(0.035), rate_words("uk_green_book"), rate_words("us_omb_2023"), sep="; ")
    3.5 % a year; the UK Green Book schedule; the US OMB rate of 2023 (superseded)
    """
    if isinstance(rate, str):
        return schedule(rate).label if rate in schedule_names() else rate
    return wording.rate_words(rate)

"""What other reports wrote: the percentiles of their deductions. Indicative only, no measure of what is right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sroi.evidence.shipped_tables import shipped_rows

PERCENTILES = (10, 25, 50, 75, 90)


@dataclass(frozen=True)
class Reported:
    """What reports wrote for one deduction, or for the discount rate.

    `at` gives percentiles (10, 25, ..) as shares 0-1, those that the source states; `reports` how many stand behind
    them.
    """

    field: str
    reports: int
    at: dict[int, float]
    source: str
    author: str
    level: str
    warning: str


@cache
def reported() -> dict[str, Reported]:
    """Return what reports wrote, by the name of the number.

    >>> reported()["deadweight"].at[50], reported()["displacement"].at
    (0.2, {50: 0.175})
    """
    return {
        row["field"]: Reported(
            row["field"], int(row["reports"]),
            {each: round(float(row[f"p{each}"]) / 100, 6) for each in PERCENTILES if row[f"p{each}"]},
            row["source"], row["author"], row["verification_level"], row["warning"],
        )
        for row in shipped_rows("reported_deductions.csv")
    }  # fmt: skip

"""The years of a value: each year's working in a table, the years beyond its rows summed, and the total."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sroi.explaining.clock import Clock
from sroi.explaining.explanation import MOST_ROWS, YearValue
from sroi.explaining.paper import Cell, Paper
from sroi.explaining.pencil import MONEY, NUMBER, Figure, Working, total

HEADINGS = ("Year", "Working", "Value", "Discounted", "Present value")


@dataclass(frozen=True, eq=False)
class YearWorking:
    """A year 1, 2, .., its value in full, and how to write down from what it is worked out."""

    year: int
    value: float
    write: Callable[[], Working]


def by_year(paper: Paper, clock: Clock, years: Sequence[YearWorking], quotient: Working | None) -> Figure:
    """Write the table of the years; return their sum, at present value.

    `quotient` is what is left of a value a year later, before discounting, where that is the same in all years beyond
    the table's rows: these years then have a sum in one step. None where they have not.
    """
    # A single year more takes the line in which it would be summed.
    most = len(years) if len(years) == MOST_ROWS + 1 else MOST_ROWS
    shown, rest = years[:most], years[most:]
    workings = [each.write() for each in shown]
    values = paper.column(workings)
    present, headings = values, list(HEADINGS[:3])
    rows: list[list[Cell]] = [
        [str(each.year), working, value] for each, working, value in zip(shown, workings, values, strict=True)
    ]
    if clock.discounts:
        factors = [clock.factor(each.year) for each in shown]
        present = paper.column([
            Working("{} {}", (value, factor), lambda worth, by: worth * by)
            for value, factor in zip(values, factors, strict=True)
        ])  # fmt: skip
        headings = list(HEADINGS)
        rows = [[*row, factor, worth] for row, factor, worth in zip(rows, factors, present, strict=True)]
    summands: list[Figure | Working] = list(present)
    rest_row: list[Cell] | None = None
    if rest:
        together = Figure(_sum_of(clock, rest), MONEY, paper.currency, present[0].digits)
        blank: list[Cell] = [""] * (len(headings) - 3)
        rest_row = [f"{rest[0].year} to {rest[-1].year}", "summed", *blank, together]
        summands.append(together)
    whole = paper.column([total(*summands)])[0]
    last_row: list[Cell] = ["Total", *[""] * (len(headings) - 2), whole]
    paper.rule("Year by year", headings, rows, rest_row, last_row)
    if rest:
        _explain_rest(paper, clock, rest, quotient, together)
    return whole


def _explain_rest(
    paper: Paper, clock: Clock, rest: Sequence[YearWorking], quotient: Working | None, together: Figure
) -> None:
    """Write down the sum of the years beyond the table's rows: one step where they fall in a geometric series."""
    first, last = rest[0].year, rest[-1].year
    if quotient is None or (clock.discounts and not clock.is_even(first, last)):
        paper.say(
            f"Years {first} to {last} are worked out in the same way, "
            "and stand in full in the JSON that the program writes."
        )
        return
    start = rest[0].write()
    if clock.discounts:
        start = Working("{} {}", (start, clock.factor(first)), lambda worth, by: worth * by)
        growth = clock.growth(clock.rate_in(first))
        quotient = Working("{} / {}", (quotient, growth), lambda left, grown: left / grown)
    count = paper.take(float(len(rest)), NUMBER)
    if abs(quotient.value - 1.0) < 1e-9:
        formula = f"year {first} × the number of years"
        summed = Working("{} × {}", (start, count), lambda one, times: one * times)
    else:
        formula = f"year {first} × (1 − q^n) / (1 − q), q being what a year keeps of the year before, n the years"
        bracket = "({1})" if " " in quotient.pattern else "{1}"
        summed = Working(
            f"{{0}} × (1 − {bracket}^{{2}}) / (1 − {{1}})", (start, quotient, count),
            lambda one, left, times: one * (1 - left**times) / (1 - left),
        )  # fmt: skip
    paper.show(f"Years {first} to {last} together", formula, summed, together)


def _sum_of(clock: Clock, years: Sequence[YearWorking]) -> float:
    return math.fsum(year_value(clock, each).present_value for each in years)


def year_value(clock: Clock, each: YearWorking) -> YearValue:
    """Return a year's value in full, before and after discounting."""
    return YearValue(each.year, each.value, each.value * clock.worth(each.year))

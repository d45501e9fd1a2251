"""The discount rate, written out: by what the money of each year is divided."""

from __future__ import annotations

from sroi import wording
from sroi.explaining.clock import rates_of
from sroi.explaining.explanation import MOST_ROWS, Explanation
from sroi.explaining.givens import rate_given
from sroi.explaining.paper import Cell, Paper
from sroi.explaining.pencil import NUMBER, SHARE, Working
from sroi.impact_map import ImpactMap


def explain_rate(impact_map: ImpactMap, years: int) -> Explanation:
    """Return what 1 grows to by the end of each year 1 .. `years` at the map's rate: what later money is divided by."""
    paper, rules = Paper(impact_map.currency), impact_map.conventions
    rates = rates_of(impact_map)
    if rules.discount_timing == "none":
        paper.say("The map says discount_timing: none, so nothing is discounted and the rate is not used.")
    rows: list[list[Cell]] = []
    before = paper.take(1.0, NUMBER)
    for year in range(1, min(years, MOST_ROWS) + 1):
        rate = paper.take(rates[min(year, len(rates)) - 1], SHARE)
        working = Working("{} × (1 + {})", (before, rate), lambda grown, own: grown * (1.0 + own))
        before = paper.reckon(working, NUMBER)
        before.digits.decimals = max(before.digits.decimals, 6)
        rows.append([str(year), working, before])
    paper.rule("What money at the end of a year is divided by", ("Year", "Working", "Divided by"), rows)
    if years > MOST_ROWS:
        paper.say(f"And so on to year {years}, each year with its own rate; the last rate goes on.")
    paper.say(
        "Money in the middle of a year is divided by the year before's figure and (1 + rate)^0.5, money at its start "
        "by the year before's alone."
    )
    given = rate_given(impact_map)
    falls = [wording.TIMING_WORDS[timing] for timing in (rules.discount_timing, rules.input_timing)]
    summary = f"The discount rate: {given.shown}. Outcomes are {falls[0]}, inputs {falls[1]}."
    name = "discount_rate"
    return Explanation(name, name, given.label, rates[0], given.shown, summary, (given,), paper.read())

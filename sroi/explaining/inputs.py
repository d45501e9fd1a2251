"""What an input is worth at present, written out year by year."""

from __future__ import annotations

from functools import partial

from sroi.explaining.clock import Clock
from sroi.explaining.explanation import Explanation, Given, in_one_line
from sroi.explaining.givens import given, rate_given, taken
from sroi.explaining.paper import Paper
from sroi.explaining.pencil import MONEY, Figure, Working, product
from sroi.explaining.years import YearWorking, by_year, year_value
from sroi.impact_map import ImpactMap
from sroi.nouns import Input


def explain_input(impact_map: ImpactMap, put_in: Input) -> Explanation:
    """Return how an input comes to its present value."""
    paper = Paper(impact_map.currency)
    rules = impact_map.conventions
    clock = Clock(impact_map, rules.input_timing, paper)
    values = _values(paper, put_in)
    if len(values) == 1 and impact_map.activity.years > 1:
        paper.say("The map gives one sum, which falls wholly in year 1.")
    years = [
        YearWorking(year, each.value, partial(Working, "{}", (each,), _same)) for year, each in enumerate(values, 1)
    ]
    if not clock.discounts and rules.present_at and rules.discount_timing != "none":
        paper.say("Inputs stay at face value, whatever the time in whose money the outcomes are stated.")
    clock.explain()
    worth = by_year(paper, clock, years, None)
    parts = paper.read()
    who = impact_map.stakeholder_by_id[put_in.stakeholder].label
    kind = "present value" if clock.discounts else "value, not discounted,"
    untold = " The map gives it no value, so it counts as nothing." if _is_untold(put_in) else ""
    givens = (*_givens(impact_map, put_in), *([rate_given(impact_map)] if clock.discounts else []))
    label, summary = in_one_line(f"{put_in.label} ({who})"), f"An input. Its {kind} is {worth}.{untold}"
    in_full = tuple(year_value(clock, each) for each in years)
    return Explanation(put_in.id, "input", label, worth.value, str(worth), summary, givens, parts, in_full)


def _same(value: float) -> float:
    return value


def _is_untold(put_in: Input) -> bool:
    return put_in.value is None and (put_in.hours is None or put_in.rate is None)


def _values(paper: Paper, put_in: Input) -> list[Figure]:
    """Return what is put in, one sum or one for each year."""
    if put_in.hours is None:
        return taken(paper, put_in.value, "value", "Value")
    hours = taken(paper, put_in.hours, "hours", "Hours")[0]
    rate = taken(paper, put_in.rate, "rate", "Rate an hour")[0]
    return [paper.work("Value of the time", "hours × rate an hour", product(hours, rate), MONEY)]


def _givens(impact_map: ImpactMap, put_in: Input) -> list[Given]:
    path = ("inputs", impact_map.inputs.index(put_in))
    if put_in.hours is None:
        return [given(impact_map, put_in.value, f"{put_in.id}.value", (*path, "value"), source=put_in.source)]
    return [
        given(impact_map, put_in.hours, f"{put_in.id}.hours", (*path, "hours"), source=put_in.source),
        given(impact_map, put_in.rate, f"{put_in.id}.rate", (*path, "rate"), source=put_in.source),
    ]

"""Every figure of a map written out with its own numbers, so that a reader can follow with a pencil."""

from __future__ import annotations

from sroi.errors import NameRefused, Problem, did_you_mean
from sroi.evaluation import evaluate
from sroi.explaining.explanation import Explanation, Given, Sentence, Sheet, Step, YearValue
from sroi.explaining.inputs import explain_input
from sroi.explaining.outcomes import explain_outcome
from sroi.explaining.rates import explain_rate
from sroi.explaining.ratio import explain_ratio
from sroi.impact_map import ImpactMap
from sroi.result import Result

__all__ = ["Explanation", "Given", "Sentence", "Sheet", "Step", "YearValue", "explain", "explain_all"]


def explain(impact_map: ImpactMap, subject: str | None = None) -> Explanation:
    """Return how the value of an outcome, or the ratio, comes about, step by step down to the source of each number.

    `subject` is the id of an outcome or input, or `discount_rate`; without one the ratio is explained. Raises
    NameRefused, with the nearest name, for anything else.

    >>> import sroi
    >>> print(explain(sroi.example(), "gp_visits").steps[0])
    quantity × proxy = 90 × £19 = £1,710
    """
    return _explained(impact_map, evaluate(impact_map), subject)


def explain_all(result: Result) -> list[Explanation]:
    """Return the explanation of each outcome, counted or not, of each input, and of the ratio, in this order.

    `result` is one case: that of the map's own numbers.
    """
    chart = result.impact_map
    subjects = [*(each.id for each in chart.outcomes), *(each.id for each in chart.inputs), None]
    return [_explained(chart, result, subject) for subject in subjects]


def _explained(impact_map: ImpactMap, result: Result, subject: str | None) -> Explanation:
    if subject is None:
        return explain_ratio(impact_map, result)
    for outcome in impact_map.outcomes:
        if outcome.id == subject:
            return explain_outcome(impact_map, outcome, result)
    for given in impact_map.inputs:
        if given.id == subject:
            return explain_input(impact_map, given)
    if subject == "discount_rate":
        return explain_rate(impact_map, len(result.years))
    raise NameRefused(_unknown(impact_map, subject))


def _unknown(impact_map: ImpactMap, subject: str) -> Problem:
    """Return what is wrong with a name that nothing answers to, and what to do."""
    outcomes = [outcome.id for outcome in impact_map.outcomes]
    known = [*outcomes, *(given.id for given in impact_map.inputs)]
    owner = subject.partition(".")[0]
    if owner in known and owner != subject:
        remedy = f"Ask for {owner}: its working shows all its numbers."
        return Problem(f"'{subject}' is not the name of an outcome or input", remedy)
    if subject in impact_map.stakeholder_by_id:
        own = [outcome.id for outcome in impact_map.outcomes if outcome.stakeholder == subject]
        remedy = f"Ask for one of its outcomes: {', '.join(own[:12])}." if own else did_you_mean("", known)
        return Problem(f"'{subject}' is a stakeholder, and only outcomes and inputs have a working", remedy)
    if subject in {output.id for output in impact_map.outputs}:
        return Problem(f"'{subject}' is an output: it is told, and never valued", did_you_mean(subject, known))
    return Problem(f"this map has no outcome or input '{subject}'", did_you_mean(subject, known))

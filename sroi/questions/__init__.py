"""What an assurer might ask of a map: findings, not errors. What the program cannot judge, it asks.

The modules here are the themes; each public function of theirs is one question, and yields a finding for each place
where it has to be asked. Thresholds are our own conventions, stand as constants in their modules, and are said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from sroi.errors import NameRefused, Problem
from sroi.evaluation import evaluate
from sroi.findings import Finding, Findings
from sroi.impact_map import ImpactMap
from sroi.questions import (
    chains,
    change,
    claims,
    involvement,
    lasting,
    materiality,
    overlaps,
    periods,
    rates,
    samples,
    sources,
    telling,
)
from sroi.questions.reasons import WHY
from sroi.result import Result

_CHECKS: tuple[Callable[[ImpactMap, Result], Iterator[Finding]], ...] = (
    sources.unfilled,
    sources.printed_figures,
    involvement.involvement,
    change.negative_outcomes,
    change.losses,
    claims.attribution,
    chains.chains,
    overlaps.overlaps,
    claims.deductions,
    claims.deducted_twice,
    lasting.durations,
    claims.head_counts,
    materiality.dominance,
    claims.high_ratio,
    periods.values_of_a_month,
    sources.price_years,
    sources.sources,
    sources.passing_on,
    samples.small_samples,
    samples.responses,
    samples.stretched,
    claims.grounds,
    materiality.time_inputs,
    materiality.yearly_inputs,
    lasting.cohorts,
    claims.added_deductions,
    sources.face_value,
    rates.schedules,
    periods.undiscounted,
    lasting.observed,
    involvement.verification,
    involvement.valuing,
    involvement.left_out,
    materiality.outcomes_left_out,
    materiality.screening,
    materiality.small_lines,
    telling.limits,
    telling.cash,
    change.indicators,
    change.words,
    change.intended,
    involvement.own_words,
    sources.one_source,
    telling.frame,
    telling.decisions,
)


def review(impact_map: ImpactMap, result: Result | None = None) -> Findings:
    """Return the findings on a map: those that matter most first, all of one kind together.

    Parameters: `result`, the map's base case, evaluated here if it is not given.
    """
    figures = result if result is not None else evaluate(impact_map)
    if np.ndim(figures.total_present_value) > 0:
        raise NameRefused(Problem("a review wants a single case, and this result holds several", "Evaluate one case."))
    return Findings(
        replace(finding, why=WHY[finding.kind]) for check in _CHECKS for finding in check(impact_map, figures)
    )

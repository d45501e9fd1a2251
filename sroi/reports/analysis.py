"""Everything that a report draws on, worked out once: the result, what-ifs, findings, and all tables as numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sroi import tables, wording
from sroi.appraisal.pockets import pockets
from sroi.findings import Findings
from sroi.impact_map import ImpactMap
from sroi.questions import review
from sroi.result import Result
from sroi.sensitivity import (
    BreakEven,
    LeftOut,
    ScenarioResult,
    Steps,
    Variation,
    break_even,
    left_out,
    one_way,
    scenarios,
)
from sroi.sensitivity.sources import unsourced_drivers
from sroi.uncertainty import Uncertainty, study_uncertainty
from sroi.uncertainty.checking import check_words
from sroi.uncertainty.ladder import ladder_intervals


@dataclass(frozen=True)
class Analysis:
    """Everything that a report draws on: the map, its base case, what-ifs, uncertainty and findings."""

    impact_map: ImpactMap
    result: Result
    variations: tuple[Variation, ...]
    steps: Steps
    without: tuple[LeftOut, ...]
    switching: tuple[BreakEven, ...]
    scenarios: tuple[ScenarioResult, ...]
    uncertainty: Uncertainty
    ladder_intervals: Mapping[str, tuple[float, float]]
    cross_check: str | None
    findings: Findings

    @property
    def currency(self) -> str:
        """The map's currency."""
        return self.impact_map.currency

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return every table of the report as numbers, by the name of its file."""
        return {
            "totals": tables.totals(self.result),
            "ladder": tables.ladder(self.result),
            "by_stakeholder": tables.by_stakeholder(self.result),
            "by_year": tables.by_year(self.result),
            "by_outcome": tables.by_outcome(self.result),
            "impact_map": tables.impact_map(self.result),
            "stakeholders": tables.stakeholders(self.impact_map),
            "inputs": tables.inputs(self.result),
            "numbers": tables.numbers(self.impact_map),
            "not_counted": tables.not_counted(self.result),
            "one_way": tables.one_way(self.variations),
            "left_out": tables.left_out(self.without),
            "switching_values": tables.switching_values(self.switching),
            "scenarios": tables.scenarios(self.scenarios),
            "distribution": tables.distribution(self.uncertainty),
            "drivers": tables.drivers(self.uncertainty.drivers),
            "findings": tables.findings(self.findings),
            **self._frames_of_pockets(),
        }

    def _frames_of_pockets(self) -> dict[str, pd.DataFrame]:
        """Return who pays and who saves, where anything is saved."""
        found = pockets(self.result)
        frames = {"who_pays": tables.who_pays, "who_saves": tables.who_saves, "pockets": tables.pockets}
        return {name: made(found) for name, made in frames.items()} if found.savers else {}


def analyse(
    impact_map: ImpactMap,
    result: Result,
    steps: Steps | None = None,
    seed: int = 0,
    assume: float | None = None,
    target: float = 1.0,
) -> Analysis:
    """Return what a report needs to know of a map: its sensitivity, uncertainty and findings beside its result.

    `seed` is that of the simulation, where one is needed; `assume` as in `sroi.study_uncertainty`; `target` the ratio
    of the switching values and of the decision.
    """
    steps = steps or Steps()
    variations = tuple(one_way(impact_map, steps))
    uncertainty = study_uncertainty(impact_map, seed=seed, above=(target,), assume=assume)
    return Analysis(
        impact_map,
        result,
        variations,
        steps,
        tuple(left_out(result)),
        tuple(break_even(impact_map, target, steps)),
        tuple(scenarios(impact_map)),
        uncertainty,
        ladder_intervals(impact_map, seed=seed, assume=assume),
        check_words(uncertainty, seed),
        Findings([*unsourced_drivers(impact_map, variations, float(result.sroi_ratio)), *review(impact_map, result)]),
    )


def headline(analysis: Analysis) -> str:
    """Return the sentence that claims no more than the map: about how much value for each 1 put in, and not cash."""
    result = analysis.result
    currency, ratio = result.impact_map.currency, float(result.sroi_ratio)
    if math.isnan(ratio):
        return "There is no ratio: nothing was put in."
    verb = "is expected to create" if result.impact_map.analysis == "forecast" else "is estimated to have created"
    one = wording.money(1, currency)
    less = ", less than was put in" if ratio < 1 else ""
    about = _about(ratio, analysis.uncertainty, currency)
    said = f"The activity {verb} about {about} of social value for each {one} put in{less}."
    return f"{said} This is value to people, not cash."


# What a ratio is rounded to: as coarse as half of its range allows, and to a tenth where it has none.
_ROUNDINGS = (5.0, 1.0, 0.5, 0.1)


def _about(ratio: float, found: Uncertainty, currency: str) -> str:
    """Return a ratio rounded to what its range supports."""
    if abs(ratio) < 1:
        return wording.money(ratio, currency, 2)
    step = 0.1 if abs(ratio) < 10 else 1.0
    if not found.is_point:
        low, high = found.interval
        step = next((each for each in _ROUNDINGS if each <= (high - low) / 2), step)
    rounded = round(ratio / step) * step
    return wording.money(rounded, currency, 0 if step >= 1 else 2)


def payback_words(result: Result) -> str:
    """Return the payback as the report says it."""
    years = float(result.payback_years)
    return "never, within the years counted" if math.isnan(years) else f"{years:.2f} years"

"""Results as tidy tables for pandas, CSV and reports: shares 0-1, money in the map's currency, NaN for no figure."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sroi import wording
from sroi.appraisal.pockets import Pockets
from sroi.estimate import Estimate
from sroi.findings import PRINCIPLES, Findings
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.nouns import Input
from sroi.outcome_words import NOTHING, proxy_words, quantity_words
from sroi.result import Result
from sroi.sensitivity import BreakEven, LeftOut, ScenarioResult, Variation
from sroi.uncertainty import Driver, Uncertainty

CASHABLE_WORDS = {True: "yes", False: "no", None: "not stated"}


def ladder(result: Result) -> pd.DataFrame:
    """Return the steps from gross value to total present value: step, label, value."""
    rows = [(step, wording.STEP_WORDS[step], float(change)) for step, change in result.ladder.items()]
    return pd.DataFrame(rows, columns=["step", "label", "value"])


def totals(result: Result) -> pd.DataFrame:
    """Return the headline figures by name: name, value (NaN where there is none)."""
    names = (
        "total_inputs",
        "total_present_value",
        "net_present_value",
        "sroi_ratio",
        "net_sroi_ratio",
        "payback_years",
    )
    return pd.DataFrame([(name, float(getattr(result, name))) for name in names], columns=["name", "value"])


def by_outcome(result: Result) -> pd.DataFrame:
    """Return each outcome that counts: id, outcome, stakeholder, gross, present_value, share of the total 0-1."""
    impact_map = result.impact_map
    people = impact_map.stakeholder_by_id
    by_id = {outcome.id: outcome for outcome in impact_map.outcomes}
    total = float(result.total_present_value)
    rows = [
        (name, by_id[name].label, people[by_id[name].stakeholder].label, float(result.gross[place]),
         float(result.present_value[place]), float(result.present_value[place]) / total if total else float("nan"))
        for place, name in enumerate(result.priced) if result.counted[place]
    ]  # fmt: skip
    columns = ["id", "outcome", "stakeholder", "gross", "present_value", "share_of_total"]
    return pd.DataFrame(rows, columns=columns)


def by_stakeholder(result: Result) -> pd.DataFrame:
    """Return each stakeholder: id, stakeholder, inputs, present_value."""
    rows = [
        (who.id, who.label, float(result.inputs_of(who.id)), float(result.present_value_of(who.id)))
        for who in result.impact_map.stakeholders
    ]
    return pd.DataFrame(rows, columns=["id", "stakeholder", "inputs", "present_value"])


def by_year(result: Result) -> pd.DataFrame:
    """Return each year 1, 2, ..: year, value (undiscounted), present_value."""
    columns = {
        "year": result.years,
        "value": result.value_by_year.tolist(),
        "present_value": result.present_value_by_year.tolist(),
    }
    return pd.DataFrame(columns)


def who_pays(found: Pockets) -> pd.DataFrame:
    """Return what each stakeholder pays in money and goods: payer, year, value (undiscounted)."""
    rows = [
        (payer.name, year, float(value))
        for payer in found.payers
        for year, value in zip(found.years, payer.by_year, strict=True)
    ]
    return pd.DataFrame(rows, columns=["payer", "year", "value"])


def who_saves(found: Pockets) -> pd.DataFrame:
    """Return what each body saves: saver, cashable (yes, no, not stated), year, value (undiscounted)."""
    rows = [
        (saver.name, CASHABLE_WORDS[saver.cashable], year, float(value))
        for saver in found.savers
        for year, value in zip(found.years, saver.by_year, strict=True)
    ]
    return pd.DataFrame(rows, columns=["saver", "cashable", "year", "value"])


def pockets(found: Pockets) -> pd.DataFrame:
    """Return the wrong-pocket matrix: payer, share_paid 0-1, saver, own_pocket, cashable, year, saving (undiscounted).

    `saving` is what the saver saves in that year times the payer's share of all that is paid.
    """
    rows = [
        (payer.name, found.share_of(payer), saver.name, found.is_own(payer, saver), CASHABLE_WORDS[saver.cashable],
         year, float(value) * found.share_of(payer))
        for payer in found.payers
        for saver in found.savers
        for year, value in zip(found.years, saver.by_year, strict=True)
    ]  # fmt: skip
    columns = ["payer", "share_paid", "saver", "own_pocket", "cashable", "year", "saving"]
    return pd.DataFrame(rows, columns=columns)


def inputs(result: Result) -> pd.DataFrame:
    """Return each input: id, input, stakeholder, kind, value (as given, all years), present_value, source."""
    people = result.impact_map.stakeholder_by_id
    rows = [
        (
            given.id,
            given.label,
            people[given.stakeholder].label,
            given.kind,
            _face_value(given),
            float(result.inputs[place]),
            given.source or "",
        )
        for place, given in enumerate(result.impact_map.inputs)
    ]
    return pd.DataFrame(rows, columns=["id", "input", "stakeholder", "kind", "value", "present_value", "source"])


def _face_value(given: Input) -> float:
    if given.hours is not None:
        return given.hours.base * (given.rate.base if given.rate is not None else 0.0)
    return sum(given.value.years) if given.value is not None else 0.0


def numbers(impact_map: ImpactMap) -> pd.DataFrame:
    """Return what is known of each number: name, number, value, low, high, survey, confidence, source, reason.

    A number by year stands once for each year; low and high are NaN where the map states no range.
    """
    rows = []
    for name, number in impact_map.numbers().items():
        for year, part in enumerate(number.estimate.parts(), start=1) if number.estimate is not None else ():
            whole = number.estimate
            counts = part.survey
            survey = f"{counts.yes} of {counts.asked} asked" if counts is not None else ""
            survey += f", of {counts.invited} invited" if counts is not None and counts.invited is not None else ""
            rows.append({
                "name": f"{name}.{year}" if number.by_year else name,
                "number": f"{number.label}, year {year}" if number.by_year else number.label,
                "field": number.field, "value": part.base,
                "low": float("nan") if part.low is None else part.low,
                "high": float("nan") if part.high is None else part.high,
                "survey": survey, "confidence": part.confidence or "",
                "source": part.source or (whole.source if whole is not None else None) or "",
                "reason": part.note or (whole.note if whole is not None else None) or "",
            })  # fmt: skip
    columns = ["name", "number", "field", "value", "low", "high", "survey", "confidence", "source", "reason"]
    return pd.DataFrame(rows, columns=columns)


def stakeholders(impact_map: ImpactMap) -> pd.DataFrame:
    """Return each stakeholder: id, stakeholder, size, included, reason, involved (in words)."""
    rows = [
        (who.id, who.label, who.size.base if who.size is not None else float("nan"), who.included, who.reason or "",
         "; ".join(f"{part.stage}: {part.how or 'involved'}" for part in who.involved))
        for who in impact_map.stakeholders
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["id", "stakeholder", "size", "included", "reason", "involved"])


def impact_map(result: Result) -> pd.DataFrame:
    """Return the whole map, one line for each outcome, counted or not; numbers by year stand as their list in words.

    Columns: id, stakeholder, outcome, quantity, proxy, proxy_description, proxy_source, starts, duration, deadweight,
    displacement, attribution, drop_off (NaN where left out), counted, present_value (NaN where there is no price).
    """
    chart = result.impact_map
    people, uncounted = chart.stakeholder_by_id, chart.not_counted()
    worth = dict(zip(result.priced, result.present_value.tolist(), strict=True))
    rows = [
        {
            "id": outcome.id,
            "stakeholder": people[outcome.stakeholder].label,
            "outcome": outcome.label,
            "quantity": _words(quantity_words(outcome, people)),
            "proxy": _words(proxy_words(outcome, chart.currency)),
            "proxy_description": (outcome.proxy.description if outcome.proxy is not None else None) or "",
            "proxy_source": (outcome.proxy.source if outcome.proxy is not None else None) or "",
            "starts": outcome.starts,
            **{name: _mean(getattr(outcome, name)) for name in _MEASURES},
            "counted": outcome.id not in uncounted,
            "present_value": worth.get(outcome.id, float("nan")),
        }
        for outcome in chart.outcomes
    ]
    return pd.DataFrame(rows)


_MEASURES = ("duration", *DEDUCTIONS, "drop_off")


def _words(said: str) -> str:
    return "" if said == NOTHING else said


def _mean(number: Estimate | None) -> float:
    return float("nan") if number is None else sum(number.years) / len(number.years)


def not_counted(result: Result) -> pd.DataFrame:
    """Return each outcome that does not count: id, outcome, reason, ratio_with_it (NaN where it has no price)."""
    labels = {outcome.id: outcome.label for outcome in result.impact_map.outcomes}
    rows = [
        (name, labels[name], reason, float(result.ratio_with(name)))
        for name, reason in result.impact_map.not_counted().items()
    ]
    return pd.DataFrame(rows, columns=["id", "outcome", "reason", "ratio_with_it"])


def one_way(variations: Iterable[Variation]) -> pd.DataFrame:
    """Return one-way variation, widest first: name, label, field, base, low, high, ratio_low, ratio_high, own_range."""
    columns = ["name", "label", "field", "base", "low", "high", "ratio_low", "ratio_high", "own_range"]
    return pd.DataFrame([[getattr(each, column) for column in columns] for each in variations], columns=columns)


def left_out(without: Iterable[LeftOut]) -> pd.DataFrame:
    """Return the ratio with each outcome left out in turn: id, outcome, sroi_ratio."""
    rows = [(each.id, each.label, each.sroi_ratio) for each in without]
    return pd.DataFrame(rows, columns=["id", "outcome", "sroi_ratio"])


def switching_values(switching: Iterable[BreakEven]) -> pd.DataFrame:
    """Return the switching value of each number: name, label, field, base, value (NaN for none), change 0-1, why."""
    rows = [
        (each.name, each.label, each.field, each.base, _or_nan(each.value), _or_nan(each.change), each.why)
        for each in switching
    ]
    return pd.DataFrame(rows, columns=["name", "label", "field", "base", "value", "change", "why"])


def scenarios(cases: Iterable[ScenarioResult]) -> pd.DataFrame:
    """Return the base case and each scenario: scenario, sroi_ratio, changed (in words)."""
    rows = [
        (case.name, case.sroi_ratio, "; ".join(f"{name} = {value:g}" for name, value in case.changed.items()))
        for case in cases
    ]
    return pd.DataFrame(rows, columns=["scenario", "sroi_ratio", "changed"])


def drivers(ranked: Iterable[Driver]) -> pd.DataFrame:
    """Return what drives the uncertainty: name, label, first, total, shapley (shares 0-1), evppi; NaN where none."""
    rows = [
        (each.name, each.label, *(_or_nan(figure) for figure in (each.first, each.total, each.shapley, each.evppi)))
        for each in ranked
    ]
    return pd.DataFrame(rows, columns=["name", "label", "first", "total", "shapley", "evppi"])


def distribution(found: Uncertainty) -> pd.DataFrame:
    """Return the ratio's quantiles at each per cent: chance (of a ratio at or below), sroi_ratio."""
    chances = [0.001, 0.005, *(per_cent / 100 for per_cent in range(1, 100)), 0.995, 0.999]
    rows = [] if found.is_point else [(chance, found.quantile(chance)) for chance in chances]
    return pd.DataFrame(rows, columns=["chance", "sroi_ratio"])


def _or_nan(figure: float | None) -> float:
    return float("nan") if figure is None else figure


def findings(found: Findings) -> pd.DataFrame:
    """Return the findings, those that matter most first: severity, principle, where, what, remedy, line."""
    rows = [(f.severity, f"{f.principle} {PRINCIPLES[f.principle]}", f.where, f.what, f.remedy, f.line) for f in found]
    return pd.DataFrame(rows, columns=["severity", "principle", "where", "what", "remedy", "line"])

"""What an assurer might ask of a map: findings, not errors. What the program cannot judge, it asks.

Two thresholds are our own conventions, and are said to be: one outcome above 60 % of the total, a ratio above 10.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

import numpy as np

from sroi import wording
from sroi.errors import NameRefused, Path, Problem
from sroi.estimate import Estimate
from sroi.evaluation import evaluate
from sroi.findings import Finding, Findings
from sroi.framing import PrintedFigure
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.reading import NOT_STATED
from sroi.result import Result

LARGEST_PART = 0.60
HIGHEST_RATIO = 10.0

_ACTIVITY = re.compile(
    r"\b(attended|attending|sessions?|workshops?|courses?|trainings?|events?|leaflets?|took part|participated|"
    r"participation|delivered|were trained|received (?:training|support|advice|a service))\b",
    re.IGNORECASE,
)
_NOT_SOUGHT = {"", "no", "none", "false", "not yet", "n/a", "yes", "true"}
_LOSS = re.compile(
    r"\b(a loss|loss(?:es)? of|los(?:e|es|t|ing)|worse|harm|nuisance|burden|disturbed|noise)\b", re.IGNORECASE
)
_RELIEF = re.compile(
    r"\b(less|fewer|reduc\w+|avoid\w*|prevent\w*|lower|decreas\w+|no longer|relie\w+)\b", re.IGNORECASE
)
_OURS = re.compile(
    r"\b(due to us|our (?:own )?(?:work|share|project|part)|we claim|claimed by us|is ours)\b", re.IGNORECASE
)


def review(impact_map: ImpactMap, result: Result | None = None) -> Findings:
    """Return the findings on a map: those that matter most first, all of one kind together.

    Parameters: `result`, the map's base case, evaluated here if it is not given.
    """
    figures = result if result is not None else evaluate(impact_map)
    if np.ndim(figures.total_present_value) > 0:
        raise NameRefused(Problem("a review wants a single case, and this result holds several", "Evaluate one case."))
    checks: tuple[Callable[[ImpactMap, Result], Iterator[Finding]], ...] = (
        _unfilled,
        _printed_figures,
        _involvement,
        _negative_outcomes,
        _losses,
        _attribution,
        _deductions,
        _durations,
        _head_counts,
        _dominance,
        _high_ratio,
        _price_years,
        _sources,
        _time_inputs,
        _cohorts,
        _added_deductions,
        _face_value,
        _observed,
        _words,
    )
    return Findings(finding for check in checks for finding in check(impact_map, figures))


def _at(impact_map: ImpactMap, *path: str | int) -> int | str | None:
    origin = impact_map.origin
    place: Path = tuple(path)
    return origin.place(place) if origin is not None else None


def _counted(impact_map: ImpactMap) -> Iterator[tuple[int, Outcome]]:
    uncounted = impact_map.not_counted()
    for place, outcome in enumerate(impact_map.outcomes):
        if outcome.id not in uncounted:
            yield place, outcome


def _unfilled(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about texts that `sroi new` wrote for somebody to replace."""
    texts = impact_map.model_dump_json(exclude_none=True).count("REPLACE")
    if texts:
        yield Finding(
            "unfilled", "high", 6, "value map",
            f"{texts} texts still say REPLACE; the numbers beside them may be those of the empty form",
            "Replace them, and check every number.",
        )  # fmt: skip


def _printed_figures(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    if impact_map.published is None or result.changed:
        return
    for name in type(impact_map.published).model_fields:
        printed = getattr(impact_map.published, name)
        if not isinstance(printed, PrintedFigure):
            continue
        ours = float(getattr(result, name))
        if math.isnan(ours) or abs(ours - printed.number) > printed.allowed * (1 + 1e-9) + 1e-12:
            words = name.replace("_", " ").replace("sroi", "SROI")
            recomputed = "no figure" if math.isnan(ours) else f"{ours:,.4g}" if abs(ours) < 1000 else f"{ours:,.2f}"
            yield Finding(
                "not_reproduced", "high", 7, f"published, {name}",
                f"the {words} is printed as {printed.value}; this map comes to {recomputed}",
                "Look for a convention, a deduction or a sum that differs from the printed study.",
                _at(impact_map, "published", name),
            )  # fmt: skip


def _involvement(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    stages = {part.stage for stakeholder in impact_map.stakeholders for part in stakeholder.involved}
    if "outcomes" not in stages:
        yield Finding(
            "nobody_involved", "high", 1, "stakeholders",
            "no stakeholder is said to have helped to name the outcomes",
            "Ask those affected what changed, and record it under involved: {stage: outcomes, how: .., number: ..}.",
            _at(impact_map, "stakeholders"),
        )  # fmt: skip


def _negative_outcomes(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    sought = (impact_map.negative_outcomes_sought or "").strip().lower().rstrip(".") not in _NOT_SOUGHT
    loss = any(bool(result.gross[place] < 0) for place in range(len(result.priced)))
    if not sought and not loss:
        yield Finding(
            "no_negative_outcome", "high", 2, "outcomes",
            "no outcome is for the worse, and the map does not say how one was looked for",
            "Ask who may be worse off; say how you asked under negative_outcomes_sought.",
            _at(impact_map, "outcomes"),
        )  # fmt: skip


def _losses(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    gains = {name for place, name in enumerate(result.priced) if float(result.gross[place]) > 0}
    for place, outcome in _counted(impact_map):
        found = _LOSS.search(outcome.description or "")
        if found and outcome.id in gains and not _RELIEF.search(outcome.description or ""):
            yield Finding(
                "loss_as_gain", "high", 2, f"{outcome.id}.proxy",
                f"{outcome.label}: '{found.group(0)}' reads like a loss, but it is counted as a gain",
                "Give a loss a proxy below 0.",
                _at(impact_map, "outcomes", place, "proxy"),
            )  # fmt: skip


def _attribution(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    for place, outcome in _counted(impact_map):
        found = _OURS.search((outcome.attribution.note if outcome.attribution is not None else None) or "")
        if found:
            yield Finding(
                "attribution_reversed", "high", 5, f"{outcome.id}.attribution",
                f"{outcome.label}: attribution is the share owed to others, but its reason says '{found.group(0)}'",
                "If it is the share you claim, give what is left of 100 %.",
                _at(impact_map, "outcomes", place, "attribution"),
            )  # fmt: skip


def _deductions(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    for place, outcome in _counted(impact_map):
        lasting = outcome.duration is None or max(outcome.duration.years) > 1
        bites = lasting or impact_map.conventions.drop_off_from == "first_year"
        for name in (*DEDUCTIONS, *(("drop_off",) if bites and outcome.duration is not None else ())):
            number = getattr(outcome, name)
            words = "attribution (owed to others)" if name == "attribution" else name.replace("_", "-")
            if number is None:
                severity = "medium" if name in ("displacement", "drop_off") else "high"
                yield Finding(
                    "deduction_missing", severity, 5, f"{outcome.id}.{name}",
                    f"{outcome.label}: no {words}; it counts as {wording.per_cent(0)}",
                    "Give it, or give 0% with the reason as its note.",
                    _at(impact_map, "outcomes", place),
                )  # fmt: skip
            elif not any(number.years) and not any(part.note for part in (number, *number.parts())):
                yield Finding(
                    "deduction_zero", "medium", 5, f"{outcome.id}.{name}",
                    f"{outcome.label}: {words} is {wording.per_cent(0)} without a reason",
                    "Say why nothing is deducted: {value: 0%, note: ..}.",
                    _at(impact_map, "outcomes", place, name),
                )  # fmt: skip


def _durations(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    for place, outcome in _counted(impact_map):
        if outcome.duration is None:
            yield Finding(
                "duration_missing", "medium", 5, f"{outcome.id}.duration",
                f"{outcome.label}: no duration; it counts as one year",
                "Say how many years the change lasts.",
                _at(impact_map, "outcomes", place),
            )  # fmt: skip
        elif outcome.duration.base == 0:
            yield Finding(
                "yields_nothing", "medium", 6, f"{outcome.id}.duration",
                f"{outcome.label}: a duration of 0 yields nothing",
                "Give its duration, or leave the outcome out with a reason.",
                _at(impact_map, "outcomes", place, "duration"),
            )  # fmt: skip


def _head_counts(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    people = impact_map.stakeholder_by_id
    for place, outcome in _counted(impact_map):
        size = people[outcome.stakeholder].size
        if size is None or outcome.quantity is None or isinstance(outcome.quantity, PartOfStakeholder):
            continue
        quantity = max(abs(value) for value in outcome.quantity.years)
        if quantity > size.base:
            yield Finding(
                "above_size", "medium", 5, f"{outcome.id}.quantity",
                f"{outcome.label}: a quantity of {wording.plain(quantity)} for {wording.plain(size.base)} people",
                "If it counts visits or things rather than people, write it as {of: .., share: .., times: ..}.",
                _at(impact_map, "outcomes", place, "quantity"),
            )  # fmt: skip


def _dominance(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    labels = {outcome.id: (place, outcome.label) for place, outcome in enumerate(impact_map.outcomes)}
    total = float(result.total_present_value)
    counted = sum(bool(counts) for counts in result.counted)
    for place, name in enumerate(result.priced):
        part = float(result.present_value[place]) / total if total > 0 else 0.0
        if result.counted[place] and counted > 1 and part > LARGEST_PART:
            yield Finding(
                "dominates", "medium", 4, name,
                f"{labels[name][1]}: {wording.per_cent(part, 0)} of the total (our convention asks above "
                f"{wording.per_cent(LARGEST_PART)})",
                "Check its quantity, proxy and deductions first: the ratio stands on them.",
                _at(impact_map, "outcomes", labels[name][0]),
            )  # fmt: skip


def _high_ratio(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    if result.sroi_ratio > HIGHEST_RATIO:
        yield Finding(
            "ratio_above_10", "high", 5, "sroi_ratio",
            f"the ratio is {result.sroi_ratio:,.1f}; above {HIGHEST_RATIO:g} (our convention) few readers believe it",
            "Look for inputs left out, values counted twice and deductions of zero.",
        )  # fmt: skip


def _price_years(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    if impact_map.price_year == NOT_STATED:
        yield Finding(
            "price_year_not_stated", "high", 6, "price_year",
            "nothing says in which year's prices the values are stated",
            "Give the price year; a ratio without one cannot be read.",
            _at(impact_map, "price_year"),
        )  # fmt: skip
        return
    for place, outcome in _counted(impact_map):
        year = outcome.proxy.price_year if outcome.proxy is not None else None
        if year is not None and year != impact_map.price_year:
            yield Finding(
                "price_years_differ", "medium", 6, f"{outcome.id}.proxy",
                f"{outcome.label}: the proxy is in {year} prices, the map in {impact_map.price_year} prices",
                f"Bring it to {impact_map.price_year} prices with a published index, and say so in its source.",
                _at(impact_map, "outcomes", place, "proxy", "price_year"),
            )  # fmt: skip


def _sources(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    for place, outcome in _counted(impact_map):
        proxy = outcome.proxy
        if proxy is not None and proxy.anchored_to is None and not (proxy.source or _said(proxy.value)):
            yield Finding(
                "proxy_source_missing", "high", 6, f"{outcome.id}.proxy",
                f"{outcome.label}: nothing says where the proxy comes from",
                "Give the proxy a source that a reader can look up.",
                _at(impact_map, "outcomes", place, "proxy"),
            )  # fmt: skip
        quantity = outcome.quantity.share if isinstance(outcome.quantity, PartOfStakeholder) else outcome.quantity
        if not _said(quantity) and not (outcome.indicator is not None and outcome.indicator.source):
            yield Finding(
                "quantity_source_missing", "medium", 6, f"{outcome.id}.quantity",
                f"{outcome.label}: nothing says where the quantity comes from",
                "Give the quantity, or its indicator, a source.",
                _at(impact_map, "outcomes", place, "quantity"),
            )  # fmt: skip
    for place, given in enumerate(impact_map.inputs):
        if not (given.source or _said(given.value) or _said(given.hours)):
            yield Finding(
                "input_source_missing", "low", 6, given.id,
                f"{given.label}: nothing says where the figure comes from",
                "Give the input a source, such as the accounts.",
                _at(impact_map, "inputs", place),
            )  # fmt: skip


def _said(number: Estimate | None) -> bool:
    """Say whether a number, or each of its years, has a source or rests on a survey."""
    return number is not None and all(
        part.source or part.survey is not None or (part is not number and number.source) for part in number.parts()
    )


def _time_inputs(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    for place, given in enumerate(impact_map.inputs):
        if given.kind == "time" and given.value is None and (given.hours is None or given.rate is None):
            yield Finding(
                "time_without_value", "medium", 4, given.id,
                f"{given.label}: time is given, but not valued; it counts as 0",
                "Give its value, or hours and a rate; or value: 0 with the reason.",
                _at(impact_map, "inputs", place),
            )  # fmt: skip


def _cohorts(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    years = impact_map.activity.years
    if years == 1:
        return
    for place, given in enumerate(impact_map.inputs):
        if given.value is None or not given.value.by_year:
            yield Finding(
                "input_once", "medium", 4, given.id,
                f"{given.label}: the activity runs for {years} years, but this input is counted once, in year 1",
                "If it is given each year, write its value by year: {by_year: [..]}.",
                _at(impact_map, "inputs", place),
            )  # fmt: skip
    for place, outcome in _counted(impact_map):
        numbers = [outcome.quantity, *(getattr(outcome, name) for name in DEDUCTIONS)]
        numbers += [outcome.proxy.value] if outcome.proxy is not None else []
        if not any(isinstance(number, Estimate) and number.by_year for number in numbers):
            yield Finding(
                "one_cohort", "medium", 6, outcome.id,
                f"{outcome.label}: the activity runs for {years} years, but this outcome is counted once, in year 1",
                "Give the quantity by year: {by_year: [..]}.",
                _at(impact_map, "outcomes", place),
            )  # fmt: skip


def _added_deductions(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    if impact_map.conventions.deductions != "add":
        return
    for place, outcome in _counted(impact_map):
        given = [getattr(outcome, name).years for name in DEDUCTIONS if getattr(outcome, name) is not None]
        years = max((len(shares) for shares in given), default=1)
        worst = max(sum(shares[min(year, len(shares) - 1)] for shares in given) for year in range(years))
        if worst > 1 + 1e-12:
            yield Finding(
                "deductions_above_whole", "high", 5, outcome.id,
                f"{outcome.label}: its deductions add up to {wording.per_cent(worst)}; nothing is left of it",
                "Check whether the deductions overlap, or multiply them.",
                _at(impact_map, "outcomes", place),
            )  # fmt: skip


def _face_value(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    rules = impact_map.conventions
    if rules.input_timing == "none" and rules.discount_timing != "none":
        yield Finding(
            "inputs_at_face_value", "low", 6, "conventions.input_timing",
            "the values are discounted, but the inputs stay at face value",
            "Say why, or let the inputs fall at the start of the year.",
            _at(impact_map, "conventions", "input_timing"),
        )  # fmt: skip


def _observed(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    if impact_map.analysis != "evaluative":
        return
    marks = [number.estimate for number in impact_map.numbers().values() if number.estimate is not None]
    if not any(part.observed is not None for number in marks for part in (number, *number.parts())):
        yield Finding(
            "not_projected", "medium", 6, "analysis",
            "this is an evaluation, but no number says whether it was observed",
            "Mark what was measured with observed: yes.",
            _at(impact_map, "analysis"),
        )  # fmt: skip


def _words(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    for place, outcome in _counted(impact_map):
        found = _ACTIVITY.search(outcome.description or "")
        if found:
            yield Finding(
                "worded_as_activity", "low", 2, outcome.id,
                f"{outcome.label}: '{found.group(0)}' may tell what was done rather than what changed",
                "Ask: and what changed for them because of it?",
                _at(impact_map, "outcomes", place, "description"),
            )  # fmt: skip

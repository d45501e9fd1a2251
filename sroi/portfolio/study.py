"""Everything that a portfolio report draws on, worked out once: sums, intervals, overlaps, outliers, restatement."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sroi.comparison.causes import conventions_words
from sroi.comparison.restatement import Scope, scope
from sroi.errors import NameRefused, Problem
from sroi.findings import SEVERITIES, heading
from sroi.framing import Conventions
from sroi.portfolio import sums
from sroi.portfolio.columns import lay_out
from sroi.portfolio.maps import lines_of_maps
from sroi.portfolio.money import Pot, pots
from sroi.portfolio.outliers import Outlier, outliers
from sroi.portfolio.overlaps import Overlap, overlaps
from sroi.portfolio.projects import Failed, Gathered, Project
from sroi.portfolio.reckoning import totals
from sroi.portfolio.sureness import Sureness, intervals, sureness

ORDERS = ("name", "ratio")


@dataclass(frozen=True, eq=False)
class PortfolioStudy:
    """What a portfolio comes to. `projects`, `intervals` and `scopes` stand in one order, that which was asked for.

    `pots`: what may be added up, with `sureness` of each. `common`: the conventions that most maps have, under which
    `restated` tells each ratio; None where none can be restated. `findings`: kind, severity, projects, times.
    """

    projects: tuple[Project, ...]
    failed: tuple[Failed, ...]
    source: str
    order: str
    intervals: tuple[tuple[float, float] | None, ...]
    pots: tuple[Pot, ...]
    sureness: tuple[Sureness | None, ...]
    overlaps: tuple[Overlap, ...]
    outliers: tuple[Outlier, ...]
    common: Conventions | None
    restated: Mapping[str, float]
    findings: tuple[tuple[str, str, int, int], ...]

    @cached_property
    def scopes(self) -> tuple[Scope | None, ...]:
        """What each ratio covers, None where the map is not there."""
        return tuple(None if each.impact_map is None else scope(each.impact_map) for each in self.projects)

    def at_stake(self, pot: Pot) -> float:
        """Return how much less a pot's value would be if each change of the same people were counted once."""
        return math.fsum(each.at_stake or 0.0 for each in self.overlaps if each.currency == pot.currency)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the report as numbers, by the name of its file."""
        return {
            "projects": _projects_frame(self),
            "failed": pd.DataFrame(
                [(each.source, each.name, each.error) for each in self.failed], columns=["source", "project", "error"]
            ),
            "by_stakeholder": sums.by_stakeholder(self.pots),
            "by_outcome": sums.by_outcome(self.pots),
            "by_year": sums.by_year(self.pots),
            "by_place": sums.by_place(self.pots),
            "counted_twice": pd.DataFrame(
                [
                    (each.kind, each.what, "; ".join(each.projects), each.why, each.currency, each.at_stake)
                    for each in self.overlaps
                ],
                columns=["kind", "what", "projects", "why", "currency", "at_stake"],
            ),
            "outliers": pd.DataFrame(
                [
                    (each.project, each.sroi_ratio, each.low, each.high, "; ".join(each.reasons))
                    for each in self.outliers
                ],
                columns=["project", "sroi_ratio", "low", "high", "reasons"],
            ),
            "findings": pd.DataFrame(self.findings, columns=["finding", "severity", "projects", "times"]),
            "portfolio": _portfolio_frame(self),
        }


def study_portfolio(gathered: Gathered, order: str = "name", price_year: str = "", seed: int = 0) -> PortfolioStudy:
    """Return what a portfolio comes to.

    Parameters: `order`, of the projects, by name or, if asked for, by ratio (the highest first); `price_year`, in
    which sums are added up (empty: the latest that is stated); `seed`, a whole number from 0, of the draws behind the
    interval of all. Raises NameRefused for an order, price year or seed that is none, all in one message.
    """
    _check(order, seed)
    projects = list(gathered.projects)
    if order == "ratio":
        projects.sort(key=lambda each: -each.sroi_ratio if not math.isnan(each.sroi_ratio) else math.inf)
    added = pots(gathered.projects, price_year)
    common = _common(gathered.projects)
    return PortfolioStudy(
        projects=tuple(projects),
        failed=gathered.failed,
        source=gathered.source,
        order=order,
        intervals=intervals(projects),
        pots=added,
        sureness=tuple(sureness(pot, seed) for pot in added),
        overlaps=overlaps(gathered.projects, added),
        outliers=outliers(gathered.projects),
        common=common,
        restated={} if common is None else _restated(gathered.projects, common),
        findings=_findings(gathered.projects),
    )


def _check(order: str, seed: Any) -> None:
    problems = []
    if order not in ORDERS:
        problems.append(Problem(f"there is no order '{str(order)[:40]}'", "Give name or ratio."))
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        problems.append(
            Problem(f"the seed is {seed!r}", "Give a whole number from 0, so that others can draw the same.")
        )
    if problems:
        raise NameRefused(problems)


def _common(projects: Sequence[Project]) -> Conventions | None:
    """Return the conventions that most maps have; of as many, those in words first by letters."""
    known = [each.impact_map.conventions for each in projects if each.impact_map is not None]
    words = [conventions_words(each) for each in known]
    if not words:
        return None
    often = Counter(words)
    chosen = min(often, key=lambda each: (-often[each], each))
    return known[words.index(chosen)]


def _restated(projects: Sequence[Project], common: Conventions) -> dict[str, float]:
    """Return the ratio of each project under common rules, by name; all at once."""
    maps = [(each.name, each.impact_map) for each in projects if each.impact_map is not None]
    found = totals(lay_out(lines_of_maps(maps, common)))
    return {name: float(ratio) for (name, _), ratio in zip(maps, found.sroi_ratio, strict=True)}


def _findings(projects: Sequence[Project]) -> tuple[tuple[str, str, int, int], ...]:
    """Return the findings of all projects by kind: in words, how much it matters, in how many, how often."""
    times: Counter[str] = Counter()
    seen: dict[str, set[str]] = {}
    worst: dict[str, str] = {}
    for project in projects:
        for each in project.document.get("findings") or ():
            kind, severity = str(each.get("kind", "")), str(each.get("severity", "low"))
            severity = severity if severity in SEVERITIES else "low"
            times[kind] += 1
            seen.setdefault(kind, set()).add(project.name)
            worst[kind] = min(worst.get(kind, severity), severity, key=SEVERITIES.index)
    order = sorted(times, key=lambda kind: (SEVERITIES.index(worst[kind]), -len(seen[kind]), kind))
    return tuple((_kind_words(kind), worst[kind], len(seen[kind]), times[kind]) for kind in order)


def _kind_words(kind: str) -> str:
    try:
        return heading(kind)
    except KeyError:  # of another version of the program
        return kind


def _projects_frame(study: PortfolioStudy) -> pd.DataFrame:
    nothing = math.nan
    factors = {each.name: factor for pot in study.pots for each, factor in zip(pot.projects, pot.factors, strict=True)}
    rows = []
    for project, interval, covers in zip(study.projects, study.intervals, study.scopes, strict=True):
        low, high = interval or (nothing, nothing)
        factor = factors.get(project.name, nothing)
        rows.append(
            (project.name, project.source, project.analysis, project.currency, project.price_year,
             project.total_inputs, project.total_present_value, project.sroi_ratio, low, high,
             study.restated.get(project.name, nothing), factor, project.total_inputs * factor,
             project.total_present_value * factor,
             nothing if covers is None else covers.activity_years,
             nothing if covers is None else covers.longest_duration,
             nothing if covers is None else covers.stakeholders,
             nothing if covers is None else covers.counted, project.no_map)
        )  # fmt: skip
    return pd.DataFrame(
        rows,
        columns=["project", "source", "analysis", "currency", "price_year", "total_inputs", "total_present_value",
                 "sroi_ratio", "low", "high", "ratio_under_common_rules", "price_factor", "inputs_in_one_price_year",
                 "value_in_one_price_year", "activity_years", "longest_duration", "stakeholders", "outcomes_counted",
                 "not_restated"],
    )  # fmt: skip


def _portfolio_frame(study: PortfolioStudy) -> pd.DataFrame:
    nothing = math.nan
    rows = []
    for pot, sure in zip(study.pots, study.sureness, strict=True):
        ends = (nothing,) * 4 if sure is None else (sure.low, sure.high, sure.together_low, sure.together_high)
        rows.append((pot.currency, pot.price_year, len(pot.projects), len(pot.left_out), pot.total_inputs,
                     pot.total_present_value, pot.sroi_ratio, *ends))  # fmt: skip
    return pd.DataFrame(
        rows,
        columns=["currency", "price_year", "projects", "left_out", "total_inputs", "total_present_value", "sroi_ratio",
                 "low", "high", "together_low", "together_high"],
    )  # fmt: skip

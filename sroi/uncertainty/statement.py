"""Uncertainty: what can be said of a ratio beyond its base case, and what has to be said with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sroi import wording
from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.result import Result
from sroi.uncertainty.quantiles import STATED, interval_words, quantile

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, eq=False)
class Driver:
    """One uncertain number and its part in the ratio's uncertainty.

    `first`: the share of the variance that would go if it were known (Sobol's S); `total`: the share that would stay
    if all others were known (ST); `shapley`: its fair share, all of them together 1. `evppi`: what knowing it first
    would be worth to the decision, in the map's currency. None where a figure belongs to a group (its numbers move
    together) and not to one of them.
    """

    name: str
    label: str
    field: str
    first: float | None
    total: float | None
    shapley: float | None
    evppi: float | None


@dataclass(frozen=True, eq=False)
class RestsOn:
    """What stands behind a range: how many numbers have one, on how much of the value, which are assumptions."""

    ranged: int
    in_all: int
    share_of_value: float
    assumed: tuple[str, ...]
    assumption: float | None
    surveys: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """The distribution of a map's ratio, and what drives it.

    `result` is the base case, from the map's own plain numbers; its ratio need not be the mean. `points`, ascending,
    and `cumulative`, the chance of a ratio at or below each. `method`: exact, simulation, or point for a map without
    any range. `net_benefit`: the expected total present value less `decision_ratio` times the total inputs. `together`:
    the 5 % and 95 % quantile with all uncertain deductions moving together.
    """

    result: Result
    method: str
    mean: float
    sd: float
    points: Array
    cumulative: Array
    above: tuple[float, ...]
    decision_ratio: float
    net_benefit: float
    evpi: float | None
    drivers: tuple[Driver, ...]
    rests_on: RestsOn
    together: tuple[float, float] | None = None
    why_not_exact: str | None = None
    groups: tuple[tuple[str, ...], ...] = ()
    draws: int | None = None
    seed: int | None = None
    sampling: str | None = None
    standard_error: float | None = None
    notes: tuple[str, ...] = ()
    # Names of the numbers whose ranges were widened by their evidence grades before the study.
    widened: tuple[str, ...] = ()

    @property
    def impact_map(self) -> ImpactMap:
        """The map."""
        return self.result.impact_map

    @property
    def base(self) -> float:
        """The ratio of the base case."""
        return float(self.result.sroi_ratio)

    def quantile(self, chance: float) -> float:
        """Return the ratio that the map's stays at or below with this chance (0-1)."""
        return quantile(self.points, self.cumulative, chance)

    def chance_above(self, ratio: float) -> float:
        """Return the chance that the ratio is above this one."""
        if not self.points.size:
            return math.nan
        # A threshold that is one of the values but for the last bits is that value.
        place = int(np.searchsorted(self.points, ratio + 1e-12 * abs(ratio), side="right"))
        if place == 0:
            return 1.0
        if place >= len(self.points):
            return 0.0
        left, right = self.points[place - 1], self.points[place]
        part = (ratio - left) / (right - left) if right > left else 1.0
        below = self.cumulative[place - 1] + part * (self.cumulative[place] - self.cumulative[place - 1])
        return float(min(max(1.0 - below, 0.0), 1.0))

    @property
    def interval(self) -> tuple[float, float]:
        """The central 90 % of the distribution."""
        return self.quantile(0.05), self.quantile(0.95)

    @property
    def is_point(self) -> bool:
        """Whether the map states no range, so that nothing can be said but its base case."""
        return self.method == "point"

    @property
    def basis(self) -> str:
        """What the ranges are, as every interval says: stated by the map, assumed, or widened by grade."""
        return f"{self._basis}, {len(self.widened)} of them widened by grade" if self.widened else self._basis

    @property
    def _basis(self) -> str:
        assumed, all_ = len(self.rests_on.assumed), self.rests_on.ranged
        if not assumed:
            return STATED
        half_width = wording.per_cent(self.rests_on.assumption or 0.0)
        if assumed == all_:
            return f"from assumed ranges, {half_width} either way"
        return f"{STATED} and {assumed} assumed ones, {half_width} either way"

    def range_words(self) -> str:
        """Return the interval as a report says it.

        >>> import sroi
        >>> print(sroi.study_uncertainty(sroi.example("wheels_to_meals")).range_words())
        no range: the map states none for any number that counts
        """
        if self.is_point:
            return "no range: the map states none for any number that counts"
        return interval_words(*self.interval, self.basis)

    def honesty(self) -> list[str]:
        """Return the sentences without which an interval may not stand: what it rests on, and what it leaves out."""
        told, currency = self.rests_on, self.impact_map.currency
        if self.is_point:
            return [
                "No number that counts has a range, so there is no interval: the ratio stands as one case. Give low "
                "and high for the numbers that matter, or see what stated default ranges would do (--assume 10%)."
            ]
        said = [
            f"Range {self.basis}: {told.ranged} of the {told.in_all} numbers that count have one; they bear "
            f"on {wording.per_cent(told.share_of_value, 0)} of the value."
        ]
        if told.assumption is not None and told.assumed:
            several = (
                "1 range is an assumption" if len(told.assumed) == 1 else f"{len(told.assumed)} ranges are assumptions"
            )
            said.append(
                f"{several}, not evidence: {wording.per_cent(told.assumption)} either way (of shares, as many "
                f"percentage points) where the map states none."
            )
        others = "The numbers are"
        if self.groups:
            several = (
                "1 group of numbers moves" if len(self.groups) == 1 else f"{len(self.groups)} groups of numbers move"
            )
            said.append(f"{several} together, as the map says.")
            others = "All other numbers are"
        if self.together is not None:
            low, high = (wording.ratio(end) for end in self.together)
            said.append(
                f"{others} taken to be independent of each other, which makes a range narrow; with all "
                f"deductions moving together it is {low} to {high}."
            )
        elif len(self.drivers) > 1 and not self.groups:
            said.append("The numbers are taken to be independent of each other, which makes a range narrow.")
        said += told.surveys
        said.append(
            "It leaves out what no range shows: whether the proxies are apt, outcomes that are missing, people who "
            "did not answer."
        )
        if self.evpi is not None:
            said.append(
                f"Values of information are for one decision: fund if the value is expected to be above "
                f"{self.decision_ratio:g} for each {wording.money(1, currency)} put in."
            )
        return [*said, *self.notes]

    def to_dict(self) -> dict[str, Any]:
        """Return all figures by name, as `sroi uncertainty --json` writes them; None where there is none."""
        rules = self.impact_map
        figures: dict[str, Any] = {
            "title": rules.title,
            "analysis": rules.analysis,
            "currency": rules.currency,
            "price_year": rules.price_year,
            "method": self.method,
            "why_not_exact": self.why_not_exact,
            "base": self.base,
            "mean": self.mean,
            "sd": self.sd,
            "quantiles": {f"{chance:g}": self.quantile(chance) for chance in QUANTILES},
            "chance_above": [{"ratio": ratio, "chance": self.chance_above(ratio)} for ratio in self.above],
            "drivers": [
                {"name": each.name, "label": each.label, "first": each.first, "total": each.total,
                 "shapley": each.shapley, "evppi": each.evppi} for each in self.drivers
            ],
            "groups": [list(group) for group in self.groups],
            "evpi": self.evpi,
            "expected_net_benefit": self.net_benefit,
            "decision_ratio": self.decision_ratio,
            "deductions_together": None if self.together is None else list(self.together),
            "rests_on": {
                "numbers_with_a_range": self.rests_on.ranged,
                "numbers": self.rests_on.in_all,
                "share_of_value": self.rests_on.share_of_value,
                "assumed": list(self.rests_on.assumed),
                "assume": self.rests_on.assumption,
                "widened": list(self.widened),
            },
            "honesty": self.honesty(),
        }  # fmt: skip
        if self.method == "simulation":
            figures |= {
                "draws": self.draws, "seed": self.seed, "sampling": self.sampling, "standard_error": self.standard_error
            }  # fmt: skip
        plain: dict[str, Any] = _plain(figures)
        return plain

    def __str__(self) -> str:
        return f"{self.impact_map.title}: SROI ratio {wording.ratio(self.base)} : 1, {self.range_words()}"

    def __repr__(self) -> str:
        return f"<Uncertainty {self}>"

    def _repr_html_(self) -> str:
        rows = [["Base case", wording.ratio(self.base)], ["Mean", wording.ratio(self.mean)]]
        rows += [[f"{wording.per_cent(chance)} quantile", wording.ratio(self.quantile(chance))] for chance in QUANTILES]
        rows += [
            [f"Chance of more than {ratio:g} : 1", wording.per_cent(self.chance_above(ratio))] for ratio in self.above
        ]
        return wording.html_table(str(self), ["Figure", "SROI ratio"], rows)


def ranked(drivers: Sequence[Driver]) -> tuple[Driver, ...]:
    """Return drivers, the one with the largest fair share first; where there is none, by first-order share."""

    def weight(driver: Driver) -> float:
        share = driver.shapley if driver.shapley is not None else driver.first
        return -(share or 0.0)

    return tuple(sorted(drivers, key=weight))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value

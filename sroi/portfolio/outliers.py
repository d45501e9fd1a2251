"""Projects whose ratio lies far from the others', and what makes it so."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from sroi import wording
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS, LEFT_OUT_COUNTS_AS
from sroi.portfolio.projects import Project

FEWEST = 8  # projects of which a usual ratio can be told
_FAR = 3.5  # robust standard deviations (Iglewicz and Hoaglin 1993)
_ROBUST = 1.4826  # of the median absolute deviation, to be a normal's standard deviation
_DOMINANT, _LONG, _SMALL = 0.5, 10.0, 0.2


@dataclass(frozen=True)
class Outlier:
    """A project whose ratio lies outside `low` .. `high`, the limits of the portfolio, and the reasons seen."""

    project: str
    sroi_ratio: float
    low: float
    high: float
    reasons: tuple[str, ...]


def outliers(projects: Sequence[Project]) -> tuple[Outlier, ...]:
    """Return the projects whose ratio lies far from the others', in the order given; none of fewer than `FEWEST`.

    Far is more than 3.5 robust standard deviations (1.4826 x the median absolute deviation) from the median; of the
    logarithms, where all ratios are above 0, for ratios spread by factors.
    """
    with_ratio = [each for each in projects if not math.isnan(each.sroi_ratio)]
    found = limits([each.sroi_ratio for each in with_ratio])
    if found is None:
        return ()
    low, high = found
    far = [each for each in with_ratio if not low <= each.sroi_ratio <= high]
    usual = statistics.median(each.total_inputs for each in with_ratio)
    return tuple(Outlier(each.name, each.sroi_ratio, low, high, reasons(each, usual)) for each in far)


def limits(ratios: Sequence[float]) -> tuple[float, float] | None:
    """Return the limits beyond which a ratio is far from the others; None for too few, or where most are the same."""
    if len(ratios) < FEWEST:
        return None
    logs = all(ratio > 0 for ratio in ratios)
    values = [math.log(ratio) for ratio in ratios] if logs else list(ratios)
    middle = statistics.median(values)
    spread = _ROBUST * statistics.median(abs(value - middle) for value in values)
    if spread == 0:
        return None
    ends = middle - _FAR * spread, middle + _FAR * spread
    return (math.exp(min(ends[0], 700.0)), math.exp(min(ends[1], 700.0))) if logs else ends


def reasons(project: Project, usual_inputs: float) -> tuple[str, ...]:
    """Return what makes a ratio what it is, as far as the program can see."""
    found = []
    size = math.fsum(abs(value) for *_, value in project.outcomes)
    if size > 0 and len(project.outcomes) > 1:
        label, *_, value = max(project.outcomes, key=lambda each: abs(each[3]))
        if abs(value) / size > _DOMINANT:
            sign = "value" if value > 0 else "loss"
            found.append(f"one outcome, {label}, is {wording.per_cent(abs(value) / size, 0)} of it ({sign})")
    elif len(project.outcomes) == 1:
        found.append(f"it counts one outcome only, {project.outcomes[0][0]}")
    if 0 < project.total_inputs < _SMALL * usual_inputs:
        found.append(f"its inputs are {wording.per_cent(project.total_inputs / usual_inputs)} of what is usual here")
    if project.impact_map is not None:
        found += _of_map(project.impact_map)
    return tuple(found) or ("no single reason stands out: look at its own report",)


def _of_map(impact_map: ImpactMap) -> list[str]:
    left_out = impact_map.not_counted()
    counted = [each for each in impact_map.outcomes if each.id not in left_out]
    found = []
    bases = {
        name: [
            LEFT_OUT_COUNTS_AS[name] if getattr(each, name) is None else max(getattr(each, name).years)
            for each in counted
        ]
        for name in (*DEDUCTIONS, "duration", "drop_off")
    }
    if counted and not any(share for name in DEDUCTIONS for share in bases[name]):
        found.append("it takes off no deadweight, displacement or attribution at all")
    longest = max(bases["duration"], default=0.0)
    if longest > _LONG:
        found.append(f"its longest change lasts {wording.number_words(longest, 'duration', '')}")
    if longest > 1 and not any(bases["drop_off"]):
        found.append("nothing drops off over the years")
    if impact_map.conventions.discount_timing == "none" and longest > 1:
        found.append("it is not discounted")
    return found

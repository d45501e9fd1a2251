"""Whether a published discount schedule still holds, and whether it reaches as far as the value does."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sroi.evaluation import Layout
from sroi.evidence.schedules import STANDING_WORDS, schedule
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.questions.asking import counted, place_of
from sroi.result import Result


def schedules(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about schedules that are superseded, stale or unchecked, and about value beyond the years that were seen."""
    rate = impact_map.conventions.discount_rate
    own = [outcome.discount_rate for outcome in impact_map.outcomes]
    if impact_map.conventions.discount_timing == "none" or not any(isinstance(each, str) for each in (rate, *own)):
        return
    last = _last_years(impact_map)
    if isinstance(rate, str):
        rest = [last.get(each.id, 0) for each in impact_map.outcomes if each.discount_rate is None]
        where = place_of(impact_map, "conventions", "discount_rate")
        years = max([impact_map.activity.years, *rest])
        yield from _asked(rate, "conventions.discount_rate", "the map", years, where)
    for place, outcome in counted(impact_map):
        if isinstance(outcome.discount_rate, str):
            where = place_of(impact_map, "outcomes", place, "discount_rate")
            name = f"{outcome.id}.discount_rate"
            yield from _asked(outcome.discount_rate, name, outcome.label, last.get(outcome.id, 0), where)


def _last_years(impact_map: ImpactMap) -> dict[str, int]:
    """Return the last year in which each outcome that counts has value."""
    layout = impact_map.laid_out(Layout)
    ends = {}
    for place, outcome in enumerate(layout.outcomes):
        lasts = math.ceil(layout.values[f"{outcome.id}.duration"][0])
        if layout.counted[place] and lasts:
            ends[outcome.id] = int(lasts + layout.starts_after[place] + layout.cohorts[place] - 1)
    return ends


def _asked(name: str, field: str, who: str, years: int, where: int | str | None) -> Iterator[Finding]:
    told = schedule(name)
    if told.standing != "in_force":
        yield Finding(
            "schedule_not_current", "medium", 6, field,
            f"{who}: discounted at {told.words}, which is {STANDING_WORDS[told.standing]} (as its source has it: "
            f"{told.status})",
            "Keep it to redo a study of its time; for a new one take the rate that holds today (`sroi rates`).",
            where,
        )  # fmt: skip
    if told.known_years is not None and years > told.known_years:
        yield Finding(
            "schedule_ends", "low", 6, field,
            f"{who}: there is value in year {years}, but of {told.words} only years 1 to {told.known_years} were seen; "
            "the last rate goes on",
            "Look up the later rates, and give rates by year.",
            where,
        )  # fmt: skip

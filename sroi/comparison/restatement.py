"""Several maps under the same rules, each beside its own, with what else keeps them from being compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sroi import wording
from sroi.comparison.aspects import RULES, rule
from sroi.comparison.causes import conventions_words
from sroi.comparison.change import told
from sroi.errors import MethodRefused, Problem
from sroi.evaluation import evaluate
from sroi.framing import Conventions
from sroi.impact_map import ImpactMap
from sroi.names import LEFT_OUT_COUNTS_AS
from sroi.reading import NOT_STATED
from sroi.result import Result

NOT_RANKED = (
    "They stand in the order given and are not ranked: a ratio says nothing of another project's, for scope, duration "
    "and stakeholders differ."
)


@dataclass(frozen=True)
class Scope:
    """What a ratio covers: years of activity, the longest duration of a change [years], who and what is counted."""

    activity_years: int
    longest_duration: float
    stakeholders: int
    outcomes: int
    counted: int

    @property
    def words(self) -> str:
        """The scope in words."""
        activity = f"{self.activity_years} year{'' if self.activity_years == 1 else 's'} of activity"
        longest = wording.number_words(self.longest_duration, "duration", "")
        people = f"{self.stakeholders} stakeholder{'' if self.stakeholders == 1 else 's'}"
        outcomes = f"{self.counted} of {self.outcomes} outcome{'' if self.outcomes == 1 else 's'} counted"
        return f"{activity}, the longest change lasts {longest}, {people}, {outcomes}"


@dataclass(frozen=True, eq=False)
class Restated:
    """One map under its own rules and under the common ones, `same`; None where only own rules were asked for."""

    own: Result
    same: Result | None
    scope: Scope

    @cached_property
    def changed_rules(self) -> str:
        """The map's own conventions, in words, where the common ones differ; empty where none does."""
        if self.same is None:
            return ""
        own, same = self.own.impact_map.conventions, self.same.impact_map.conventions
        words = conventions_words(own, [field for field in RULES if rule(own, field) != rule(same, field)])
        return ", ".join(each for each in (words, self.own.own_rate_words()) if each)


@dataclass(frozen=True, eq=False)
class SameRules:
    """Several maps side by side, in the order given; `conventions` are the common rules, if there are any."""

    maps: tuple[Restated, ...]
    conventions: Conventions | None
    notes: tuple[str, ...]

    @property
    def rules(self) -> str:
        """The common conventions in words; empty where each map keeps its own."""
        return "" if self.conventions is None else conventions_words(self.conventions)

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python; None where there is no figure, never NaN or infinite."""
        return {
            "rules": self.rules or None,
            "notes": list(self.notes),
            "maps": [
                {
                    "title": each.own.impact_map.title,
                    "own": told(each.own),
                    "same": None if each.same is None else told(each.same),
                    "own_conventions_that_differ": each.changed_rules or None,
                    "scope": {name: getattr(each.scope, name) for name in Scope.__dataclass_fields__},
                }
                for each in self.maps
            ],
        }


def same_rules(maps: Sequence[ImpactMap], conventions: Conventions | None = None) -> SameRules:
    """Return several maps reckoned under one set of conventions, each beside its own ratio and totals.

    Parameters: `maps`, two or more, kept in their order; `conventions`, the common rules, or those of the first map.
    Nothing is converted: each map keeps its currency and prices, and where these differ it is said.
    Raises MethodRefused for fewer than two maps.

    >>> import sroi
    >>> both = same_rules([sroi.example("wheels_to_meals"), sroi.example("befriending")])
    >>> [round(each.same.sroi_ratio, 2) for each in both.maps]
    [1.93, 1.78]
    """
    _two_or_more(maps)
    common = maps[0].conventions if conventions is None else conventions
    restated = tuple(
        Restated(evaluate(chart), evaluate(at_one_rate(restate(chart, common))), scope(chart)) for chart in maps
    )
    return SameRules(restated, common, (*_notes(maps), *_rate_notes(maps)))


def own_rules(maps: Sequence[ImpactMap]) -> SameRules:
    """Return several maps side by side, each under its own conventions alone."""
    _two_or_more(maps)
    return SameRules(tuple(Restated(evaluate(chart), None, scope(chart)) for chart in maps), None, _notes(maps))


def restate(impact_map: ImpactMap, conventions: Conventions) -> ImpactMap:
    """Return a map under other conventions, without scenarios and correlations: they may name its own rates.

    An outcome keeps a discount rate of its own: see `at_one_rate`.
    """
    if impact_map.conventions == conventions:
        return impact_map
    return impact_map.model_copy(update={"conventions": conventions, "scenarios": {}, "correlations": ()})


def at_one_rate(impact_map: ImpactMap) -> ImpactMap:
    """Return a map in which no outcome has a discount rate of its own: all are discounted at the map's."""
    if all(outcome.discount_rate is None for outcome in impact_map.outcomes):
        return impact_map
    outcomes = tuple(outcome.model_copy(update={"discount_rate": None}) for outcome in impact_map.outcomes)
    return impact_map.model_copy(update={"outcomes": outcomes})


def _rate_notes(maps: Sequence[ImpactMap]) -> tuple[str, ...]:
    """Return what is to be said where outcomes lose a discount rate of their own under the common rules."""
    own = [sum(outcome.discount_rate is not None for outcome in chart.outcomes) for chart in maps]
    if not any(own):
        return ()
    said = ", ".join(f"{count} in {chart.title}" for chart, count in zip(maps, own, strict=True) if count)
    return (
        f"Under the common rules every outcome is discounted at the common rate. With a rate of their own: {said}.",
    )


def scope(impact_map: ImpactMap) -> Scope:
    """Return what a map's ratio covers."""
    left_out = impact_map.not_counted()
    counted = [outcome for outcome in impact_map.outcomes if outcome.id not in left_out]
    durations = [
        LEFT_OUT_COUNTS_AS["duration"] if outcome.duration is None else outcome.duration.base for outcome in counted
    ]
    return Scope(
        activity_years=impact_map.activity.years,
        longest_duration=max(durations, default=0.0),
        stakeholders=len(impact_map.stakeholders),
        outcomes=len(impact_map.outcomes),
        counted=len(counted),
    )


def _two_or_more(maps: Sequence[ImpactMap]) -> None:
    if len(maps) < 2:
        found = f"{len(maps) or 'no'} map{'' if len(maps) == 1 else 's'} cannot be compared"
        raise MethodRefused(Problem(found, "Give two or more."))


def _notes(maps: Sequence[ImpactMap]) -> tuple[str, ...]:
    return (NOT_RANKED, *money_notes(maps), *kind_notes(maps))


def money_notes(maps: Sequence[ImpactMap]) -> tuple[str, ...]:
    """Return what is to be said where sums of several maps are not in the same money."""
    notes = []
    currencies = list(dict.fromkeys(chart.currency for chart in maps))
    if len(currencies) > 1:
        notes.append(
            f"Currencies differ ({', '.join(currencies)}): each map keeps its own, and no sum of one is set against "
            "another's."
        )
    prices = list(dict.fromkeys(chart.price_year for chart in maps))
    if len(prices) > 1:
        words = ["not stated" if each == NOT_STATED else str(each) for each in prices]
        notes.append(
            f"Price years differ ({', '.join(words)}): each map keeps its own, and nothing is brought up to date."
        )
    return tuple(notes)


def kind_notes(maps: Sequence[ImpactMap]) -> tuple[str, ...]:
    """Return what is to be said where some of the maps are forecasts and some evaluations."""
    forecasts = sum(chart.analysis == "forecast" for chart in maps)
    if not 0 < forecasts < len(maps):
        return ()
    others = len(maps) - forecasts
    hoped = "1 is a forecast" if forecasts == 1 else f"{forecasts} are forecasts"
    found = "1 an evaluation" if others == 1 else f"{others} evaluations"
    return (f"{hoped} and {found}: the one says what is hoped for, the other what was found.",)


def share_of_change(was: float, now: float) -> float | None:
    """Return a change as a share of what was, signed by its direction; None from nothing.

    >>> share_of_change(50.0, 40.0), share_of_change(-50.0, -40.0), share_of_change(0.0, 1.0)
    (-0.2, 0.2, None)
    """
    return (now - was) / abs(was) if was and math.isfinite(was) and math.isfinite(now) else None

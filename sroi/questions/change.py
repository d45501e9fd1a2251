"""What changed: for better and for worse, intended or not, and how one can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sroi.estimate import Estimate
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.questions.asking import counted, place_of
from sroi.result import Result

_ACTIVITY = (
    r"\b(attended|attending|sessions?|workshops?|courses?|trainings?|events?|leaflets?|took part|participated|"
    r"participation|delivered|were trained|received (?:training|support|advice|a service))\b"
)
_NOT_SOUGHT = {"", "no", "none", "false", "not yet", "n/a", "yes", "true"}
_LOSS = r"\b(a loss|loss(?:es)? of|los(?:e|es|t|ing)|worse|harm|nuisance|burden|disturbed|noise)\b"
_RELIEF = r"\b(less|fewer|reduc\w+|avoid\w*|prevent\w*|lower|decreas\w+|no longer|relie\w+)\b"


def was_sought(impact_map: ImpactMap) -> bool:
    """Say whether the map tells how outcomes for the worse were looked for."""
    return (impact_map.negative_outcomes_sought or "").strip().lower().rstrip(".") not in _NOT_SOUGHT


def negative_outcomes(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask for outcomes for the worse, or how one was looked for."""
    loss = any(bool(result.gross[place] < 0) for place in range(len(result.priced)))
    if not was_sought(impact_map) and not loss:
        yield Finding(
            "no_negative_outcome", "high", 2, "outcomes",
            "no outcome is for the worse, and the map does not say how one was looked for",
            "Ask who may be worse off; say how you asked under negative_outcomes_sought.",
            place_of(impact_map, "outcomes"),
        )  # fmt: skip


def losses(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about losses that are counted as gains, and about those that do not count."""
    gains = {name for place, name in enumerate(result.priced) if float(result.gross[place]) > 0}
    for place, outcome in counted(impact_map):
        found = _loss_in_words(outcome)
        if found and outcome.id in gains:
            yield Finding(
                "loss_as_gain", "high", 2, f"{outcome.id}.proxy",
                f"{outcome.label}: '{found}' reads like a loss, but it is counted as a gain",
                "Give a loss a proxy below 0.",
                place_of(impact_map, "outcomes", place, "proxy"),
            )  # fmt: skip
    uncounted = impact_map.not_counted()
    for place, outcome in enumerate(impact_map.outcomes):
        if outcome.id in uncounted and (_is_negative(outcome) or _loss_in_words(outcome)):
            reasoned = outcome.material is not None and bool(outcome.material.reason)
            yield Finding(
                "loss_not_counted", "low" if reasoned else "medium", 2, outcome.id,
                f"{outcome.label}: a loss that is named, but does not count ({uncounted[outcome.id]})",
                "Count it, or say what it would take off the total and why it is left out.",
                place_of(impact_map, "outcomes", place),
            )  # fmt: skip


def intended(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask for what nobody planned."""
    directions = [outcome.direction for outcome in impact_map.outcomes if outcome.direction is not None]
    if len(directions) > 1 and set(directions) == {"intended"}:
        yield Finding(
            "only_intended", "low", 2, "outcomes",
            f"all {len(directions)} outcomes whose direction is stated were intended",
            "Ask openly what else changed, wanted or not; mark such an outcome direction: unintended.",
            place_of(impact_map, "outcomes"),
        )  # fmt: skip


def indicators(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask how one can tell that an outcome happened."""
    listed = list(counted(impact_map))
    without = [(place, outcome) for place, outcome in listed if outcome.indicator is None]
    remedy = "Say under indicator how one can tell that it happened."
    if len(without) == len(listed) > 1:
        yield Finding(
            "indicator_missing", "medium", 2, "outcomes",
            f"none of the {len(listed)} outcomes that count says how one can tell that it happened",
            remedy, place_of(impact_map, "outcomes"),
        )  # fmt: skip
        return
    for place, outcome in without:
        yield Finding(
            "indicator_missing", "low", 2, f"{outcome.id}.indicator",
            f"{outcome.label}: nothing says how one can tell that it happened",
            remedy, place_of(impact_map, "outcomes", place),
        )  # fmt: skip


def words(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about outcomes that tell what was done rather than what changed."""
    for place, outcome in counted(impact_map):
        found = re.search(_ACTIVITY, outcome.description or "", re.IGNORECASE)
        if found:
            yield Finding(
                "worded_as_activity", "low", 2, outcome.id,
                f"{outcome.label}: '{found.group(0)}' may tell what was done rather than what changed",
                "Ask: and what changed for them because of it?",
                place_of(impact_map, "outcomes", place, "description"),
            )  # fmt: skip


def _loss_in_words(outcome: Outcome) -> str | None:
    """Return the word by which a description tells of a loss, unless it is one of relief from it."""
    text = outcome.description or ""
    found = re.search(_LOSS, text, re.IGNORECASE)
    return found.group(0) if found and not re.search(_RELIEF, text, re.IGNORECASE) else None


def _is_negative(outcome: Outcome) -> bool:
    quantity = outcome.quantity.share if isinstance(outcome.quantity, PartOfStakeholder) else outcome.quantity
    proxy = outcome.proxy.value if outcome.proxy is not None else None
    signs = [_below_nothing(number) for number in (quantity, proxy)]
    return signs[0] != signs[1]


def _below_nothing(number: Estimate | None) -> bool:
    return number is not None and any(value < 0 for value in number.years)

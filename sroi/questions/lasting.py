"""How long a change lasts, and how much of that was seen rather than projected."""

from __future__ import annotations

from collections.abc import Iterator

from sroi import wording
from sroi.estimate import Estimate
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.questions.asking import counted, is_reasoned, named, place_of
from sroi.result import Result

# Above these we ask: our conventions, and said to be.
LONGEST_DURATION = 5.0
PROJECTED_PART = 0.25


def durations(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about durations that are missing, nothing, or long without a reason."""
    for place, outcome in counted(impact_map):
        duration = outcome.duration
        if duration is None:
            yield Finding(
                "duration_missing", "medium", 5, f"{outcome.id}.duration",
                f"{outcome.label}: no duration; it counts as one year",
                "Say how many years the change lasts.",
                place_of(impact_map, "outcomes", place),
            )  # fmt: skip
        elif duration.base == 0:
            yield Finding(
                "yields_nothing", "medium", 6, f"{outcome.id}.duration",
                f"{outcome.label}: a duration of 0 yields nothing",
                "Give its duration, or leave the outcome out with a reason.",
                place_of(impact_map, "outcomes", place, "duration"),
            )  # fmt: skip
        elif max(duration.years) > LONGEST_DURATION and not is_reasoned(duration):
            yield Finding(
                "long_duration", "medium", 5, f"{outcome.id}.duration",
                f"{outcome.label}: said to last {wording.number_words(max(duration.years), 'duration', '')} without a "
                f"reason (our convention asks above {LONGEST_DURATION:g})",
                "Say what shows that it lasts so long, or count fewer years.",
                place_of(impact_map, "outcomes", place, "duration"),
            )  # fmt: skip


def cohorts(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about an outcome of an activity of several years that is counted once."""
    years = impact_map.activity.years
    for place, outcome in counted(impact_map) if years > 1 else ():
        numbers = [outcome.quantity, *(getattr(outcome, name) for name in DEDUCTIONS)]
        numbers += [outcome.proxy.value] if outcome.proxy is not None else []
        if not any(isinstance(number, Estimate) and number.by_year for number in numbers):
            yield Finding(
                "one_cohort", "medium", 6, outcome.id,
                f"{outcome.label}: the activity runs for {years} years, but this outcome is counted once, in year 1",
                "Give the quantity by year: {by_year: [..]}.",
                place_of(impact_map, "outcomes", place),
            )  # fmt: skip


def observed(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask an evaluation what of it was observed."""
    if impact_map.analysis != "evaluative":
        return
    marks = [number.estimate for number in impact_map.numbers().values() if number.estimate is not None]
    if not any(part.observed is not None for number in marks for part in (number, *number.parts())):
        yield Finding(
            "not_projected", "medium", 6, "analysis",
            "this is an evaluation, but no number says whether it was observed",
            "Mark what was measured with observed: yes.",
            place_of(impact_map, "analysis"),
        )  # fmt: skip
    yield from _beyond(impact_map, result)
    for place, outcome in counted(impact_map):
        if any(number is not None and number.observed is False for number in quantities(outcome)):
            yield Finding(
                "quantity_projected", "low", 5, f"{outcome.id}.quantity",
                f"{outcome.label}: counted in an evaluation, but its quantity was not observed",
                "Measure it, or say beside the ratio that it is a projection.",
                place_of(impact_map, "outcomes", place, "quantity"),
            )  # fmt: skip


def quantities(outcome: Outcome) -> tuple[Estimate | None, ...]:
    """Return the numbers that make an outcome's quantity."""
    if isinstance(outcome.quantity, PartOfStakeholder):
        return outcome.quantity.share, outcome.quantity.times
    return (outcome.quantity,)


def _beyond(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about value that falls after the years of activity, where nobody says that it was observed."""
    years, total = impact_map.activity.years, float(result.total_present_value)
    late = float(result.present_value_by_year[years:].sum())
    part = late / total if total > 0 else 0.0
    lasting = [
        outcome
        for _, outcome in counted(impact_map)
        if outcome.duration is not None
        and (max(outcome.duration.years) > 1 or outcome.starts == "after")
        and not outcome.duration.observed
    ]
    if part > 0.005 and lasting:
        yield Finding(
            "projected_value", "medium" if part > PROJECTED_PART else "low", 5, "analysis",
            f"this is an evaluation, but {wording.per_cent(part, 0)} of its value falls after the "
            f"{'year' if years == 1 else f'{years} years'} of activity, and is not marked as observed: "
            f"{named([outcome.label for outcome in lasting])}",
            "Go back and ask whether the change lasted (duration: {.., observed: yes}); until then call it projected.",
            place_of(impact_map, "analysis"),
        )  # fmt: skip

"""Whether everything that matters is in, and nothing else: screened twice, by people and by its size."""

from __future__ import annotations

from collections.abc import Iterator

from sroi import wording
from sroi.coherence import TRANSFER
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome
from sroi.questions.asking import counted, named, place_of
from sroi.result import Result

LARGEST_PART = 0.60
# A line below this part of the total, and below a tenth of an average line, is asked about: our convention.
SMALLEST_PART = 0.005


def screening(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask how each outcome was judged material: by relevance to people, and by its significance."""
    listed = list(counted(impact_map))
    unsaid = [(place, outcome) for place, outcome in listed if outcome.material is None]
    yield from _unsaid(impact_map, unsaid, len(listed))
    once: dict[str, list[tuple[int, Outcome]]] = {}
    for place, outcome in listed:
        material = outcome.material
        if material is None:
            continue
        if not material.relevance and not material.significance:
            yield Finding(
                "material_without_grounds", "medium", 4, f"{outcome.id}.material",
                f"{outcome.label}: judged material, but neither relevance nor significance is said",
                "Say to whom it matters (relevance) and how much it makes of the total (significance).",
                place_of(impact_map, "outcomes", place, "material"),
            )  # fmt: skip
        elif not (material.relevance and material.significance):
            once.setdefault("significance" if material.relevance else "relevance", []).append((place, outcome))
    for missing, outcomes in once.items():
        place, first = outcomes[0]
        alone = len(outcomes) == 1
        yield Finding(
            "screened_once", "low", 4, f"{first.id}.material" if alone else "outcomes",
            f"{named([each.label for _, each in outcomes])}: screened once; nothing is said of {missing}",
            "Screen twice: after mapping, by what people said (relevance); after valuing, by its size (significance).",
            place_of(impact_map, "outcomes", place, "material"),
        )  # fmt: skip


def _unsaid(impact_map: ImpactMap, unsaid: list[tuple[int, Outcome]], of: int) -> Iterator[Finding]:
    if not unsaid:
        return
    place, first = unsaid[0]
    alone, every = len(unsaid) == 1, len(unsaid) == of
    which = f"none of the {of} outcomes that count" if every and not alone else None
    what = f"{which} has a word on why it is material" if which else (
        f"{named([each.label for _, each in unsaid])}: counted, without a word on why "
        f"{'it is' if alone else 'they are'} material"
    )  # fmt: skip
    yield Finding(
        "materiality_unsaid", "medium" if every else "low", 4, f"{first.id}.material" if alone else "outcomes", what,
        "Record under material: relevance, significance, decision, reason, decided_by.",
        place_of(impact_map, "outcomes", place) if alone else place_of(impact_map, "outcomes"),
    )  # fmt: skip


def small_lines(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about a line that is hardly any of the total, and on whose materiality nobody says a word.

    Where no line has one, that is asked of all of them; and where a word is there but not enough of it, `screening`
    asks for the rest: neither is asked twice.
    """
    listed = list(counted(impact_map))
    total = abs(float(result.total_present_value))
    if not total or all(outcome.material is None for _, outcome in listed):
        return
    smallest = min(SMALLEST_PART, 0.1 / len(listed))
    worth = {name: abs(float(result.present_value[place])) for place, name in enumerate(result.priced)}
    for place, outcome in listed:
        part = worth.get(outcome.id, 0.0) / total
        if not 0 < part < smallest or outcome.material is not None:
            continue
        yield Finding(
            "immaterial_counted", "low", 4, outcome.id,
            f"{outcome.label}: counted, though it is {wording.per_cent(part, 2)} of the total and nothing says to whom "
            f"it matters (our convention asks below {wording.per_cent(SMALLEST_PART)})",
            "Say to whom it matters (relevance), or tell it without counting it: material: {decision: no, reason: ..}.",
            place_of(impact_map, "outcomes", place),
        )  # fmt: skip


def outcomes_left_out(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask why an outcome is left out of the total."""
    uncounted, people = impact_map.not_counted(), impact_map.stakeholder_by_id
    for place, outcome in enumerate(impact_map.outcomes):
        reasoned = outcome.material is not None and bool(outcome.material.reason)
        reasoned = reasoned or uncounted.get(outcome.id) == TRANSFER  # which is its own reason
        if outcome.id in uncounted and not reasoned and people[outcome.stakeholder].included:
            yield Finding(
                "outcome_left_out", "medium", 4, f"{outcome.id}.material",
                f"{outcome.label}: it does not count, and no reason is given",
                "Say why under material: {reason: .., decided_by: ..}.",
                place_of(impact_map, "outcomes", place),
            )  # fmt: skip


def dominance(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about an outcome on which the ratio stands."""
    labels = {outcome.id: (place, outcome.label) for place, outcome in enumerate(impact_map.outcomes)}
    total = float(result.total_present_value)
    several = sum(bool(counts) for counts in result.counted) > 1
    # Gains less losses: a gain may be more than all of it.
    lost = any(value < 0 for value, counts in zip(result.present_value, result.counted, strict=True) if counts)
    whole = "the total after losses" if lost else "the total"
    for place, name in enumerate(result.priced):
        part = float(result.present_value[place]) / total if total > 0 else 0.0
        if result.counted[place] and several and part > LARGEST_PART:
            yield Finding(
                "dominates", "medium", 4, name,
                f"{labels[name][1]}: {wording.per_cent(part, 0)} of {whole} (our convention asks above "
                f"{wording.per_cent(LARGEST_PART)})",
                "Check its quantity, proxy and deductions first: the ratio stands on them.",
                place_of(impact_map, "outcomes", labels[name][0]),
            )  # fmt: skip


def time_inputs(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about time that counts as nothing."""
    for place, given in enumerate(impact_map.inputs):
        if given.kind == "time" and given.value is None and (given.hours is None or given.rate is None):
            yield Finding(
                "time_without_value", "medium", 4, given.id,
                f"{given.label}: time is given, but not valued; it counts as 0",
                "Give its value, or hours and a rate; or value: 0 with the reason.",
                place_of(impact_map, "inputs", place),
            )  # fmt: skip


def yearly_inputs(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about an input to an activity of several years that is counted once."""
    years = impact_map.activity.years
    for place, given in enumerate(impact_map.inputs if years > 1 else ()):
        if given.value is None or not given.value.by_year:
            yield Finding(
                "input_once", "medium", 4, given.id,
                f"{given.label}: the activity runs for {years} years, but this input is counted once, in year 1",
                "If it is given each year, write its value by year: {by_year: [..]}.",
                place_of(impact_map, "inputs", place),
            )  # fmt: skip

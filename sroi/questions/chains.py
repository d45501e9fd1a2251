"""The same change counted twice: two prices on one chain of outcomes, for the same people."""

from __future__ import annotations

from collections.abc import Iterator

from sroi import wording
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome
from sroi.questions.asking import counted, larger_groups, place_of, share_people
from sroi.result import Result

# Two costs of one chain may well be two bills; a small sum at stake is asked about with less weight: our convention.
SMALL_PART = 0.05
_PURSE = ("fiscal", "economic")


def chains(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about each priced outcome that leads to another one, valued for the same people.

    The sum at stake is the smaller of the two present values: what would go if only one of the two were counted.
    """
    by_id = {outcome.id: (place, outcome) for place, outcome in counted(impact_map)}
    values = {name: float(result.present_value[place]) for place, name in enumerate(result.priced)}
    total = float(result.total_present_value)
    for first, last in _pairs(impact_map, set(by_id) & set(values)):
        one, other = values[first], values[last]
        if one * other <= 0:  # a gain that leads to a loss is told twice, but not counted twice
            continue
        place, before = by_id[first]
        after = by_id[last][1]
        stake = min(abs(one), abs(other))
        part = stake / abs(total) if total else 1.0
        said = (
            f"{before.label} leads to {after.label}: both are priced for the same people; "
            f"{wording.money(stake, impact_map.currency)} at stake"
        )
        kind, severity, remedy = _weighed(before, after, part)
        yield Finding(
            kind, severity, 5, f"{first}.leads_to", said, remedy, place_of(impact_map, "outcomes", place, "leads_to")
        )


def _weighed(before: Outcome, after: Outcome, part: float) -> tuple[str, str, str]:
    types = [each.proxy.value_type if each.proxy is not None else None for each in (before, after)]
    if "social" in types and any(each in _PURSE for each in types):
        return (
            "wellbeing_beside_costs", "medium" if part > SMALL_PART else "low",
            "Check whether the value of wellbeing already holds these costs; if so, price one and tell the other.",
        )  # fmt: skip
    if all(each in _PURSE for each in types):
        return (
            "chain_counted_twice", "medium" if part > SMALL_PART else "low",
            "Check that the one price does not hold the other; if it does, give one of them valued: no.",
        )  # fmt: skip
    return (
        "chain_counted_twice", "high" if part > SMALL_PART else "medium",
        "Price one of them, as a rule the last, and tell the other with valued: no and the reason.",
    )  # fmt: skip


def _pairs(impact_map: ImpactMap, priced: set[str]) -> Iterator[tuple[str, str]]:
    """Yield each priced outcome with the nearest priced ones that follow from it for the same people.

    The search ends at a priced outcome, so that a chain of many gives one question for each link and not for each pair.
    """
    leads = {outcome.id: outcome.leads_to for outcome in impact_map.outcomes}
    by_id = impact_map.stakeholder_by_id
    people = {outcome.id: larger_groups(by_id, outcome.stakeholder) for outcome in impact_map.outcomes}
    told = set()
    for first in leads:
        if first not in priced:
            continue
        ahead, seen = list(leads[first]), {first}
        while ahead:
            name = ahead.pop(0)
            if name in seen or name not in leads:
                continue
            seen.add(name)
            if name in priced and share_people(people[first], people[name]):
                if frozenset((first, name)) not in told:
                    told.add(frozenset((first, name)))
                    yield first, name
            else:
                ahead.extend(leads[name])

"""Numbers that drive a result and rest on nothing: the first thing that a critic looks for."""

from __future__ import annotations

from collections.abc import Sequence

from sroi import wording
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.names import NamedNumber
from sroi.sensitivity.variation import Variation

# The numbers that matter most, and of these the ones that move the ratio by more than this part of it.
_MOST, _LEAST_PART = 10, 0.05


def unsourced_drivers(impact_map: ImpactMap, variations: Sequence[Variation], base: float) -> list[Finding]:
    """Return a finding for each of the most influential numbers for which the map gives neither source nor reason.

    `variations` as `one_way` returns them, widest first; `base`: the ratio of the base case.
    """
    numbers = impact_map.numbers()
    found = []
    for each in variations[:_MOST]:
        number = numbers[each.name]
        # A number that was left out altogether has a finding of its own; the rate is a convention, printed everywhere.
        if not each.spread > _LEAST_PART * abs(base) or number.estimate is None or each.field == "discount_rate":
            continue
        if not _is_sourced(impact_map, number):
            low, high = sorted((each.ratio_low, each.ratio_high))
            found.append(
                Finding(
                    "driver_without_source", "high", 6, each.name,
                    f"{each.label} moves the ratio from {wording.ratio(low)} to {wording.ratio(high)}, and has neither "
                    "source nor reason",
                    "Say where the number comes from, or why it is what it is: it decides the result.",
                    impact_map.origin.place(_path(impact_map, number)) if impact_map.origin is not None else None,
                    why="Whoever doubts this number doubts the ratio.",
                )
            )  # fmt: skip
    return found


def _is_sourced(impact_map: ImpactMap, number: NamedNumber) -> bool:
    estimate = number.estimate
    if estimate is None:
        return False
    parts = [estimate, *estimate.parts()]
    if any(part.source or part.note or part.survey is not None or part.experts for part in parts):
        return True
    for outcome in impact_map.outcomes:
        if outcome.id == number.owner:
            if number.field == "proxy":
                return outcome.proxy is not None and bool(outcome.proxy.source)
            return number.field in ("quantity", "share", "times") and bool(
                outcome.indicator is not None and outcome.indicator.source
            )
    return any(given.id == number.owner and given.source for given in impact_map.inputs)


def _path(impact_map: ImpactMap, number: NamedNumber) -> tuple[str | int, ...]:
    for section in ("outcomes", "inputs", "stakeholders"):
        for place, noun in enumerate(getattr(impact_map, section)):
            if noun.id == number.owner:
                if number.field in ("share", "times"):
                    return (section, place, "quantity", number.field)
                return (section, place, number.field)
    return ()

"""Whether money and time fit each other: a value of a month beside values of a year, later years at face value."""

from __future__ import annotations

from collections.abc import Iterator

from sroi.estimate import Estimate
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.questions.asking import counted, is_reasoned, place_of
from sroi.questions.price_periods import price_period
from sroi.result import Result

# A quantity that counts at least this part of a year's months or weeks is taken to count them: our convention.
_MOST_OF_A_YEAR = 0.25
# Words of somebody who thought of it.
_ON_DISCOUNTING = ("discount", "time preference", "face value", "present value")


def values_of_a_month(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about a value that its unit or words call one of a month, week or day, where a map wants one of a year."""
    for place, outcome in counted(impact_map):
        found = _period(outcome, impact_map.currency)
        if found is None:
            continue
        words, times = found
        yield Finding(
            "value_per_month", "medium", 5, f"{outcome.id}.proxy",
            f"{outcome.label}: its value is one '{words}', and a map prices one unit of change for one year",
            f"Bring it to a year (it holds {times} of them), or count them in the quantity, and let the unit say so.",
            place_of(impact_map, "outcomes", place, "proxy"),
        )  # fmt: skip


def _period(outcome: Outcome, currency: str) -> tuple[str, int] | None:
    """Return the words that tell of a part of a year, and how many of them a year holds; None where there are none."""
    proxy = outcome.proxy
    if proxy is None or proxy.value is None:
        return None
    indicator = outcome.indicator.text if outcome.indicator is not None else None
    found = price_period(proxy, currency, (outcome.description, indicator))
    return None if found is None or _counts_periods(outcome, found[1]) else found


def _counts_periods(outcome: Outcome, times: int) -> bool:
    """Say whether each person is counted so many times that months or weeks must be meant."""
    return isinstance(outcome.quantity, PartOfStakeholder) and outcome.quantity.times.base >= _MOST_OF_A_YEAR * times


def undiscounted(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about value of several years that is added up as if it all came today, unless the map's words say why."""
    rules = impact_map.conventions
    free = isinstance(rules.discount_rate, Estimate) and not any(rules.discount_rate.years)
    if rules.discount_timing != "none" and not free:
        return
    years = sum(1 for value in result.value_by_year if float(value))
    if years < 2:
        return
    rate = rules.discount_rate
    told = impact_map.narrative
    texts = [getattr(told, name) or "" for name in type(told).model_fields] if told is not None else []
    texts += [rate.note or "", rate.source or ""] if isinstance(rate, Estimate) else []
    reasoned = free and isinstance(rate, Estimate) and is_reasoned(rate)
    if reasoned or any(word in text.lower() for word in _ON_DISCOUNTING for text in texts):
        return
    field = "discount_rate" if free else "discount_timing"
    yield Finding(
        "not_discounted", "low", 6, f"conventions.{field}",
        f"the values of {years} years are added up without discounting, and no reason is given",
        "Discount them (discount_timing: end_of_year), or say under narrative why they are not.",
        place_of(impact_map, "conventions", field),
    )  # fmt: skip

"""Whether money and time fit each other: a value of a month beside values of a year, later years at face value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sroi.estimate import Estimate
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.questions.asking import counted, place_of
from sroi.result import Result

# Looked for before any pattern is built: `sroi evaluate` asks this each time it starts.
_WORDS = ("month", "week", "daily", "per day", "a day", "/day", "fortnight", "quarter")
_ALONE = r"(?:months?|weeks?|days?|fortnights?|quarters?)"
_PER = (
    r"(?:/\s?|\b(?:per|a|an|each|every)\s+)(month|week|day|fortnight|quarter)\b|\b(monthly|weekly|daily|fortnightly)\b"
)
_BROUGHT_TO_A_YEAR = r"\b(year|annual\w*|annum|yearly)\b|[x×*] ?(?:12|52|365|4)\b|\b(?:12|52|365) ?[x×*]"
_TIMES_A_YEAR = {"month": 12, "monthly": 12, "week": 52, "weekly": 52, "day": 365, "daily": 365, "fortnight": 26,
                 "fortnightly": 26, "quarter": 4}  # fmt: skip
# A quantity that counts at least this part of a year's months or weeks is taken to count them: our convention.
_MOST_OF_A_YEAR = 0.25


def values_of_a_month(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about a value that its unit or words call one of a month, week or day, where a map wants one of a year."""
    for place, outcome in counted(impact_map):
        found = _period(outcome)
        if found is None:
            continue
        words, times = found
        yield Finding(
            "value_per_month", "medium", 5, f"{outcome.id}.proxy",
            f"{outcome.label}: its value is one '{words}', and a map prices one unit of change for one year",
            f"Bring it to a year (it holds {times} of them), or count them in the quantity, and let the unit say so.",
            place_of(impact_map, "outcomes", place, "proxy"),
        )  # fmt: skip


def _period(outcome: Outcome) -> tuple[str, int] | None:
    """Return the words that tell of a part of a year, and how many of them a year holds; None where there are none."""
    proxy = outcome.proxy
    if proxy is None or proxy.value is None:
        return None
    unit, described = (" ".join((text or "").lower().split()) for text in (proxy.unit, proxy.description))
    if not any(word in text for text in (unit, described) for word in _WORDS):
        return None
    if re.fullmatch(rf"(?:an? |per |one )?{_ALONE}\b.*", unit) or re.match(rf"{_ALONE}\b", unit):
        return None  # the quantity counts months, or weeks of something
    said = " ".join([unit, described, *(text or "" for text in (proxy.source, proxy.value.note))])
    for text in (unit, described):
        found = re.search(_PER, text)
        if found and not re.search(_BROUGHT_TO_A_YEAR, said):
            times = _TIMES_A_YEAR[found[1] or found[2]]
            return None if _counts_periods(outcome, times) else (found[0].strip(" /"), times)
    return None


def _counts_periods(outcome: Outcome, times: int) -> bool:
    """Say whether each person is counted so many times that months or weeks must be meant."""
    return isinstance(outcome.quantity, PartOfStakeholder) and outcome.quantity.times.base >= _MOST_OF_A_YEAR * times


def undiscounted(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about value of several years that is added up as if it all came today, unless the map's words say why."""
    rules = impact_map.conventions
    free = isinstance(rules.discount_rate, Estimate) and not any(rules.discount_rate.years)
    if rules.discount_timing != "none" and not free:
        return
    years = len(result.value_by_year)
    if years < 2 or not any(result.value_by_year[1:]):
        return
    told = impact_map.narrative
    texts = [getattr(told, name) or "" for name in type(told).model_fields] if told is not None else []
    rate = rules.discount_rate
    texts += [rate.note or "", rate.source or ""] if isinstance(rate, Estimate) else []
    if any("discount" in text.lower() for text in texts):
        return
    field = "discount_rate" if free else "discount_timing"
    yield Finding(
        "not_discounted", "low", 6, f"conventions.{field}",
        f"the values of {years} years are added up without discounting, and no reason is given",
        "Discount them (discount_timing: end_of_year), or say under narrative why they are not.",
        place_of(impact_map, "conventions", field),
    )  # fmt: skip

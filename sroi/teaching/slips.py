"""Which kind of mistake gives a wrong ratio: the right map reckoned with one slip at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sroi.errors import SroiError
from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS

# A ratio is right if it is this near to the right one, or agrees with it in the digits that were given.
NEAR = 0.005


@dataclass(frozen=True)
class Slip:
    """A kind of mistake, and the ratio that it gives in this map."""

    words: str
    ratio: float


def slips(sound: ImpactMap) -> Iterator[Slip]:
    """Yield the ratios that well-known mistakes give in a map.

    >>> import sroi
    >>> [round(slip.ratio, 2) for slip in slips(sroi.example("wheels_to_meals")) if "net" in slip.words]
    [0.93]
    """
    right = float(evaluate(sound).sroi_ratio)
    yield Slip("this is the net ratio: the ratio less 1", right - 1)
    yield Slip("the ratio is upside down: inputs over value", 1 / right if right else math.nan)
    yield Slip("per cent in place of a ratio, or a point that slipped", right * 100)
    yield Slip("a point that slipped by one place", right * 10)
    numbers = sound.numbers()

    def ratio(at: dict[str, float]) -> float:
        return float(evaluate(sound, at=at).sroi_ratio)

    def all_of(field: str, change: Callable[[float], float]) -> dict[str, float]:
        named = (number for number in numbers.values() if number.field == field and not number.by_year)
        return {number.name: change(number.values[0]) for number in named}

    for field in (*DEDUCTIONS, "drop_off"):
        said = "attribution (owed to others)" if field == "attribution" else field.replace("_", "-")
        yield Slip(f"{said} is not taken off", ratio(all_of(field, lambda value: 0.0)))
    yield Slip(
        "nothing is taken off: gross value", ratio({name: 0.0 for each in DEDUCTIONS for name in all_of(each, abs)})
    )
    yield Slip("attribution the wrong way round", ratio(all_of("attribution", lambda share: 1 - share)))
    yield Slip("deadweight the wrong way round", ratio(all_of("deadweight", lambda share: 1 - share)))
    yield Slip("only the first year is counted", ratio(all_of("duration", lambda years: min(years, 1.0))))
    losses = {name: value for name, value in all_of("proxy", float).items() if value < 0}
    if losses:
        yield Slip("losses are left out", ratio(dict.fromkeys(losses, 0.0)))
        yield Slip("losses are added as gains", ratio({name: -value for name, value in losses.items()}))
    yield from _by_other_rules(sound)
    yield from _by_other_inputs(sound)


def _by_other_rules(sound: ImpactMap) -> Iterator[Slip]:
    timing = sound.conventions.discount_timing
    rules = {
        "discounted one year too few": {"discount_timing": "start_of_year"} if timing == "end_of_year" else {},
        "nothing is discounted": {"discount_timing": "none"},
        "discounted from the end of each year": {"discount_timing": "end_of_year", "input_timing": "start_of_year"},
        "drop-off is taken off in year one": {"drop_off_from": "first_year"},
        "deductions are added, not multiplied": {"deductions": "add"},
    }
    for words, change in rules.items():
        if change:
            changed = sound.conventions.model_copy(update=change)
            yield Slip(words, float(evaluate(sound.model_copy(update={"conventions": changed})).sroi_ratio))
    if timing != "none":
        rate = sound.numbers()["discount_rate"]
        # Of rates that change from year to year no one takes off "a year more".
        if not rate.by_year and not isinstance(sound.conventions.discount_rate, str) and rate.values[0]:
            yield Slip("discounted one year too many", float(evaluate(sound).sroi_ratio) / (1 + rate.values[0]))


def _by_other_inputs(sound: ImpactMap) -> Iterator[Slip]:
    result = evaluate(sound)
    total = float(result.total_inputs)
    for given, worth in zip(sound.inputs, result.inputs, strict=True):
        left = total - float(worth)
        if worth and left > 0:
            yield Slip(f"the input '{given.label}' is left out", float(result.total_present_value) / left)


def agrees(given: float, right: float, digits: int | None = None) -> bool:
    """Say whether a ratio agrees with the right one: within half a hundredth, or in the digits given.

    >>> agrees(1.93, 1.92901), agrees(1.9, 1.92901, digits=1), agrees(1.8, 1.92901, digits=1)
    (True, True, False)
    """
    half = 0.5 * 10.0**-digits if digits is not None else 0.0
    return abs(given - right) <= max(NEAR, half) * (1 + 1e-9) + 1e-12


def likely_mistakes(sound: ImpactMap, given: float, digits: int | None = None) -> tuple[str, ...]:
    """Return the kinds of mistake that would give this ratio, those that come nearest first; none if no one does."""
    try:
        known = [slip for slip in slips(sound) if math.isfinite(slip.ratio)]
    except SroiError:
        return ()
    right = float(evaluate(sound).sroi_ratio)
    fitting = [slip for slip in known if agrees(given, slip.ratio, digits) and not agrees(slip.ratio, right)]
    fitting.sort(key=lambda slip: abs(slip.ratio - given))
    return tuple(dict.fromkeys(slip.words for slip in fitting))[:3]

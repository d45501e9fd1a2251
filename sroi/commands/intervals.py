"""The interval that stands beside a ratio, in words, where the map has ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sroi.impact_map import ImpactMap


def interval_of(impact_map: ImpactMap) -> str | None:
    """Return the interval in words; the engines are not even loaded for a map without ranges."""
    numbers = impact_map.numbers().values()
    if not any(number.estimate is not None and number.estimate.has_range for number in numbers):
        return None
    from sroi.uncertainty.interval import range_words

    return range_words(impact_map)

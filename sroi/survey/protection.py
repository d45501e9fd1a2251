"""Small numbers are not told, nor what they could be worked out from.

`smallest` is the smallest count that is told (5 if not stated otherwise; 1 tells all). What may not be told is left out
where a study is made, so that no table, page or map made from it can hold it. Nil is told: it is nobody.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sroi.formulas import Array

SMALLEST = 5


def is_small(count: int, smallest: int) -> bool:
    """Say whether a count is too small to be told.

    >>> [count for count in range(8) if is_small(count, 5)]
    [1, 2, 3, 4]
    """
    return 0 < count < smallest


def count_words(count: int, smallest: int) -> str:
    """Return a count as it may be told.

    >>> count_words(3, 5), count_words(1200, 5), count_words(0, 5)
    ('fewer than 5', '1,200', '0')
    """
    return f"fewer than {smallest}" if is_small(count, smallest) else f"{count:,}"


def told_or_none(count: int, smallest: int) -> int | None:
    """Return a count, or None for one that is too small to be told."""
    return None if is_small(count, smallest) else count


def protected_count(count: int, of: int, smallest: int, comparison: bool = False) -> int:
    """Return a count of those who improved as it may be told beside `of`: neither it nor the rest is small.

    A small one is moved against the effect: among participants down (few improved: none; few did not: `smallest` did
    not), in a comparison group up. Who reads the moved one learns that it was small, and not which small number.

    >>> protected_count(38, 40, 5), protected_count(3, 40, 5), protected_count(3, 40, 5, comparison=True)
    (35, 0, 5)
    """
    rest = of - count
    if comparison:
        if is_small(rest, smallest):
            return of
        if not is_small(count, smallest):
            return count
        return of if is_small(of - smallest, smallest) else smallest
    if is_small(count, smallest):
        return 0
    if not is_small(rest, smallest):
        return count
    return 0 if of - smallest < smallest else of - smallest


def means_may_be_told(values: Array, smallest: int) -> bool:
    """Say whether a mean with its interval gives away no small number of people.

    Number, mean and interval give the sum of the answers and of their squares; where there are no more than three
    different answers that is how many gave each, and where nearly all answered alike, what the few others said.
    """
    _, counts = np.unique(np.round(values, 9), return_counts=True)
    if len(counts) == 1:
        return len(values) >= smallest
    few_answers = len(counts) <= 3 and any(is_small(int(count), smallest) for count in counts)
    return len(values) >= smallest and not few_answers and not is_small(len(values) - int(counts.max()), smallest)


def overlaps_may_be_told(regions: Mapping[frozenset[int], int], smallest: int) -> bool:
    """Say whether totals and overlaps of files give away no small number.

    `regions`: how many people are in exactly these files, for every set of files that anybody is in.
    """
    return not any(is_small(count, smallest) for count in regions.values())

"""People counted once across files: how many different people there are, and how far the files overlap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sroi.survey.protection import SMALLEST, count_words, is_small, overlaps_may_be_told, told_or_none


@dataclass(frozen=True, eq=False)
class Roll:
    """The people of one file, each as a mark that says nothing of who it is; `without` rows have no id."""

    file: str
    marks: frozenset[bytes]
    rows: int
    without: int = 0


@dataclass(frozen=True)
class Overlap:
    """How many people two files share; None where that may not be told."""

    files: tuple[str, str]
    people: int | None


@dataclass(frozen=True)
class PeopleCount:
    """Different people across files. Where an overlap is small, `unique` is rounded to the nearest `rounded_to`."""

    files: tuple[str, ...]
    people: tuple[int | None, ...]
    without: tuple[int | None, ...]
    unique: int
    rounded_to: int | None
    overlaps: tuple[Overlap, ...]
    in_several: int | None
    smallest: int

    @property
    def total(self) -> str:
        """The number of different people, in words."""
        if self.rounded_to is not None:
            return f"about {self.unique:,} (to the nearest {self.rounded_to})"
        return count_words(self.unique, self.smallest)

    def to_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "files": [
                {"file": file, "people": people, "rows_without_id": without}
                for file, people, without in zip(self.files, self.people, self.without, strict=True)
            ],
            "unique": told_or_none(self.unique, self.smallest),
            "rounded_to": self.rounded_to,
            "in_several": self.in_several,
            "overlaps": [{"files": list(each.files), "people": each.people} for each in self.overlaps],
            "smallest": self.smallest,
        }


def count_people(rolls: Sequence[Roll], smallest: int = SMALLEST) -> PeopleCount:
    """Return how many different people the rolls hold, and how far they overlap.

    Where so few are in exactly some of the files that totals would give them away, overlaps are left out and the number
    of different people is rounded.

    >>> one = Roll("a", frozenset({b"1", b"2"}), 2)
    >>> count_people([one, Roll("b", frozenset({b"2", b"3"}), 2)], smallest=1).unique
    3
    """
    found: dict[bytes, set[int]] = {}
    for place, roll in enumerate(rolls):
        for mark in roll.marks:
            found.setdefault(mark, set()).add(place)
    regions = Counter(frozenset(places) for places in found.values())
    told = overlaps_may_be_told(regions, smallest)
    unique = len(found)
    pairs = [
        Overlap((rolls[a].file, rolls[b].file), sum(n for region, n in regions.items() if {a, b} <= region))
        for a, b in combinations(range(len(rolls)), 2)
    ]
    hidden = len(rolls) > 1 and not told
    return PeopleCount(
        files=tuple(roll.file for roll in rolls),
        people=tuple(told_or_none(len(roll.marks), smallest) for roll in rolls),
        without=tuple(told_or_none(roll.without, smallest) for roll in rolls),
        unique=smallest * round(unique / smallest) if hidden and not is_small(unique, smallest) else unique,
        rounded_to=smallest if hidden and not is_small(unique, smallest) else None,
        overlaps=tuple(Overlap(pair.files, None) for pair in pairs) if hidden else tuple(pairs),
        in_several=None if hidden else sum(n for region, n in regions.items() if len(region) > 1),
        smallest=smallest,
    )

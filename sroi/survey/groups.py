"""What the answers of one group come to: who answered twice, who dropped out, how much they changed, who improved.

Nothing here holds a number that may not be told: it is left out (None) or moved against the effect where it is made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sroi.formulas import Array
from sroi.survey.intervals import Interval, mean_interval, share_interval
from sroi.survey.protection import is_small, means_may_be_told, protected_count, told_or_none

# A change of the threshold itself counts; means of several answers miss it by a rounding.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Counts:
    """So many of so many, with Jeffreys' interval; `moved`: the count was moved, for it or the rest is small."""

    count: int
    of: int
    share: Interval
    moved: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"count": self.count, "of": self.of, "moved": self.moved, **interval_dict(self.share)}


@dataclass(frozen=True)
class Group:
    """One group's figures, each None where it may not be told.

    `change` is over those who answered before and after, `change_of_started` over all who started, those without an
    answer afterwards counted as unchanged; `improved` and `improved_of_started` alike, those counted as not improved.
    """

    answered_twice: int
    started: int | None
    dropped_out: int | None
    only_after: int | None
    before: Interval | None
    after: Interval | None
    change: Interval | None
    change_of_started: Interval | None
    improved: Counts | None
    improved_of_started: Counts | None
    worsened: Counts | None
    before_of_dropped_out: Interval | None

    def to_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        told: dict[str, Any] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            told[name] = interval_dict(value) if isinstance(value, Interval) else value
            if isinstance(value, Counts):
                told[name] = value.to_dict()
        return told


@dataclass(frozen=True, eq=False)
class Changes:
    """One group's scores before they are told: of those who answered twice, and how many more started."""

    before: Array
    after: Array
    before_of_dropped_out: Array
    dropped_out: int
    only_after: int

    @property
    def change(self) -> Array:
        """How far each of those who answered twice moved."""
        return self.after - self.before

    def with_dropped_out(self) -> Array:
        """How far each of those who started moved, those without an answer afterwards taken as unchanged."""
        return np.append(self.change, np.zeros(self.dropped_out))


def changes_of(before: Array, after: Array, started: int | None = None) -> Changes:
    """Return a group's changes from each person's scores (NaN where there is none).

    `started`: how many are known to have started, if that is more than the answers show.
    """
    first, last = ~np.isnan(before), ~np.isnan(after)
    both = first & last
    begun = int(first.sum()) if started is None else started
    return Changes(
        before[both], after[both], before[first & ~last], begun - int(both.sum()), int((last & ~first).sum())
    )


def group_of(changes: Changes, improved_by: float | None, smallest: int, comparison: bool = False) -> Group:
    """Return what may be told of a group; `improved_by` is the threshold from which a person counts as improved."""
    number = len(changes.change)
    hidden = is_small(changes.dropped_out, smallest)
    dropped_out = None if hidden else changes.dropped_out
    told = all(means_may_be_told(each, smallest) for each in (changes.before, changes.after, changes.change))
    improved, improved_of_started, worsened = None, None, None
    if improved_by is not None:
        up = int((changes.change >= improved_by - ROUNDING).sum())
        down = int((changes.change <= -improved_by + ROUNDING).sum())
        # One count for both denominators: the exact one beside the moved one would undo it.
        counted = protected_count(up, number, smallest, comparison)
        improved = _counts(counted, number, counted != up)
        improved_of_started = None if hidden else _counts(counted, number + changes.dropped_out, counted != up)
        unmoved = number - up - down
        if counted == up and not is_small(down, smallest) and not is_small(unmoved, smallest):
            worsened = _counts(down, number, False)
    left = changes.before_of_dropped_out
    return Group(
        answered_twice=number,
        started=None if hidden else number + changes.dropped_out,
        dropped_out=dropped_out,
        only_after=told_or_none(changes.only_after, smallest),
        before=mean_interval(changes.before) if told else None,
        after=mean_interval(changes.after) if told else None,
        change=mean_interval(changes.change) if told else None,
        change_of_started=mean_interval(changes.with_dropped_out()) if told and not hidden else None,
        improved=improved,
        improved_of_started=improved_of_started,
        worsened=worsened,
        before_of_dropped_out=mean_interval(left) if len(left) > 1 and means_may_be_told(left, smallest) else None,
    )


def _counts(count: int, of: int, moved: bool) -> Counts:
    return Counts(count, of, share_interval(count, of), moved)


def interval_dict(interval: Interval) -> dict[str, float | None]:
    """Return an interval for JSON; null where there is no figure."""
    return {
        name: value if math.isfinite(value) else None
        for name, value in (("value", interval.value), ("low", interval.low), ("high", interval.high),
                            ("level", interval.level))
    }  # fmt: skip

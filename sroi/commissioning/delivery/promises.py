"""Each promise that has fallen due: what of it came in time, what late, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sroi.commissioning.delivery.standing import Line, Standing


@dataclass(frozen=True)
class Owed:
    """What fell due in a line on one day [the measure's unit], and the last day on which some of it came."""

    line: Line
    due: date
    quantity: float
    on_time: float
    late: float
    missing: float
    last_done: date | None


def fell_due(standing: Standing) -> tuple[Owed, ...]:
    """Return what has fallen due by the day looked at, in the order of days: milestones and whole commitments.

    A milestone's own part is what it asks for beyond the one before it.
    """
    cut, on = standing.cut, standing.on.toordinal()
    owed = cut.due <= on
    pairs = np.stack([cut.due[owed], cut.line[owed]])
    quantity, done = cut.quantity[owed], cut.done[owed]
    keys, where = np.unique(pairs, axis=1, return_inverse=True)
    where = where.reshape(-1)
    count = keys.shape[1]
    came, in_time = done <= on, done <= cut.due[owed]

    def total(which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[float]:
        return np.round(np.bincount(where[which], weights=quantity[which], minlength=count), 9).tolist()  # type: ignore[no-any-return]

    last = np.zeros(count, dtype=np.int64)
    np.maximum.at(last, where[came], done[came])
    on_time, late, missing = total(in_time), total(came & ~in_time), total(~came)
    return tuple(
        Owed(
            standing.lines[int(keys[1, at])],
            date.fromordinal(int(keys[0, at])),
            round(on_time[at] + late[at] + missing[at], 9),
            on_time[at],
            late[at],
            missing[at],
            date.fromordinal(int(last[at])) if last[at] else None,
        )
        for at in range(count)
    )

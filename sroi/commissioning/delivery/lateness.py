"""Due against done, unit by unit in the order of time: what came on time, what late, what is missing, for how long.

The first unit due is set against the first unit done, the second against the second, within one line of the register
only: more of one thing never makes up for less of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sroi.formulas import Array

DAYS_OF_A_YEAR = 365.25
# Later than any day: done never, due never.
NEVER = np.iinfo(np.int64).max
Whole = np.ndarray[Any, np.dtype[np.int64]]

# A part of a millionth of a unit is rounding.
_ROUNDING = 9


@dataclass(frozen=True, eq=False)
class Steps:
    """Quantities that fall due, or are done, each on a day, in a line: three columns of one length."""

    line: Whole
    quantity: Array
    day: Whole


@dataclass(frozen=True, eq=False)
class Pieces:
    """Quantities of which each was due on one day and done on one: columns; NEVER where one of the two is open."""

    line: Whole
    quantity: Array
    due: Whole
    done: Whole


def pieces(due: Steps, done: Steps) -> Pieces:
    """Return every line's quantity cut into pieces of one due day and one done day.

    Parameters: `due` and `done`, steps with quantities of at least 0, in any order.

    >>> due = Steps(np.array([0]), np.array([80.0]), np.array([100]))
    >>> done = Steps(np.array([0, 0]), np.array([40.0, 20.0]), np.array([145, 191]))
    >>> cut = pieces(due, done)
    >>> cut.quantity.tolist(), (cut.done == NEVER).tolist()
    ([40.0, 20.0, 20.0], [False, False, True])
    """
    ends = [_running(each) for each in (due, done)]
    line = np.concatenate([end.line for end in ends])
    reach = np.concatenate([end.quantity for end in ends])
    day = np.concatenate([end.day for end in ends])
    is_due = np.arange(len(line)) < len(ends[0].line)
    order = np.lexsort((reach, line))
    line, reach, day, is_due = line[order], reach[order], day[order], is_due[order]
    before = np.concatenate([[0.0], reach[:-1]])
    before[np.concatenate([[True], line[1:] != line[:-1]])[: len(line)]] = 0.0
    quantity = np.round(reach - before[: len(reach)], _ROUNDING)
    cut = Pieces(line, quantity, _next(line, day, is_due), _next(line, day, ~is_due))
    real = quantity > 0
    return Pieces(cut.line[real], quantity[real], cut.due[real], cut.done[real])


def _running(steps: Steps) -> Steps:
    """Return steps in the order of line and day, each with the sum of its line up to it."""
    order = np.lexsort((steps.day, steps.line))
    line, quantity, day = steps.line[order], steps.quantity[order], steps.day[order]
    starts = np.flatnonzero(np.concatenate([[True], line[1:] != line[:-1]])[: len(line)])
    # Line by line, and not one sum less what was before: a large line would blur the small ones after it.
    reach = np.empty(len(line))
    for begin, end in pairwise([*starts.tolist(), len(line)]):
        np.cumsum(quantity[begin:end], out=reach[begin:end])
    return Steps(line, np.round(reach, _ROUNDING), day)


def _next(line: Whole, day: Whole, which: Any) -> Whole:
    """Return, for each place, the day of the next entry of `which` at or after it in the same line; NEVER for none."""
    count = len(line)
    places = np.where(which, np.arange(count), count)
    following = np.minimum.accumulate(places[::-1])[::-1] if count else places
    found = following < count
    at = np.where(found, following, 0)
    same = found & (line[at] == line) if count else found
    return np.where(same, day[at] if count else day, NEVER)


@dataclass(frozen=True, eq=False)
class Lateness:
    """What was due by a day, line by line: on time, late, missing, and how long it was waited for [quantity-years].

    `discounted` is what is lost when a unit's value comes later, at a rate a year, in units: times the value of one it
    is money. Where the value of one is that of a year, and years go by without it, `years` times that value is forgone.
    """

    on_time: Array
    late: Array
    missing: Array
    years: Array
    discounted: Array


def lateness(cut: Pieces, on: int, lines: int, rate: float) -> Lateness:
    """Return what came on time, late or not at all of what was due at the end of a day.

    Parameters: `on`, a day as the calendar counts them; `lines`, how many lines there are; `rate`, a discount rate.
    Formulas, for a piece of quantity q that is done t years after it was due (or, not done, t years until `on`), with
    years of 365.25 days: years q t; discounted q (1 - (1 + rate)^-t).
    """
    owed = cut.due <= on
    line, quantity, due, done = cut.line[owed], cut.quantity[owed], cut.due[owed], cut.done[owed]
    waited = np.maximum(np.minimum(done, on) - due, 0) / DAYS_OF_A_YEAR

    def total(amount: Array) -> Array:
        return np.round(np.bincount(line, weights=amount, minlength=lines), _ROUNDING)

    return Lateness(
        on_time=total(quantity * (done <= due)),
        late=total(quantity * ((done > due) & (done <= on))),
        missing=total(quantity * (done > on)),
        years=total(quantity * waited),
        discounted=total(quantity * -np.expm1(-waited * np.log1p(rate))),
    )

"""Where functions of one number are nothing: many roots at once, each kept between two points of opposite sign."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sroi.formulas import Array

# Where the next points lie around the estimate, as parts of the bracket. The bracket shrinks by 1000 and more at a time
# where the function is smooth, and the midpoint halves it where it is not.
_AROUND = np.array([0.0, 1e-7, 1e-5, 1e-3, 3e-2, 0.2])
_AROUND = np.concatenate([-_AROUND[:0:-1], _AROUND])[:, None]
_MOST_ROUNDS = 80


def bracketed_roots(
    function: Callable[[Array], Array], low: Array, high: Array, at_low: Array, at_high: Array
) -> Array:
    """Return a root of each of n functions between `low` and `high`, to the last bits.

    Parameters: `function` takes points of shape (point, n) and returns the functions there, each column its own
    function; `low`, `high`, shape (n,), and the functions there, of opposite sign (or nothing at one of them).

    >>> squares = lambda x: x**2 - np.array([4.0, 9.0])
    >>> low, high = np.zeros(2), np.full(2, 10.0)
    >>> bracketed_roots(squares, low, high, squares(low), squares(high)).round(12).tolist()
    [2.0, 3.0]
    """
    low, high = low.astype(np.float64), high.astype(np.float64)
    at_low, at_high = at_low.astype(np.float64), at_high.astype(np.float64)
    for _ in range(_MOST_ROUNDS):
        wide = high - low
        exact = (at_low == 0) | (at_high == 0)
        if (exact | (wide <= 4e-16 * np.maximum(np.abs(low), np.abs(high)))).all():
            break
        part = np.divide(at_low, at_low - at_high, out=np.full(low.shape, 0.5), where=at_low != at_high)
        points = np.concatenate([low + (part + _AROUND) * wide, (low + 0.5 * wide)[None]])
        points = np.sort(np.clip(points, low, high), axis=0)
        values = function(points)
        low, high, at_low, at_high = _tightened(
            np.concatenate([low[None], points, high[None]]), np.concatenate([at_low[None], values, at_high[None]])
        )
    return np.where(np.abs(at_low) <= np.abs(at_high), low, high)


def _tightened(points: Array, values: Array) -> tuple[Array, Array, Array, Array]:
    """Return the first pair of neighbouring points in each column between which the sign changes."""
    changes = np.sign(values[:-1]) * np.sign(values[1:]) <= 0
    first = np.argmax(changes, axis=0)
    columns = np.arange(points.shape[1])
    return points[first, columns], points[first + 1, columns], values[first, columns], values[first + 1, columns]

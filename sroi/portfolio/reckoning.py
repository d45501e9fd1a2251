"""What projects come to, from their columns: nothing but products and sums over pieces that stay in the cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sroi import formulas
from sroi.formulas import Array
from sroi.portfolio.columns import Columns, Group

_PIECE = 16384  # lines: a piece of every column together fits a core's own cache


@dataclass(frozen=True, eq=False)
class Totals:
    """The totals of each project, shape (project,); the ratio is NaN where nothing was put in."""

    total_inputs: Array
    total_present_value: Array

    @property
    def net_present_value(self) -> Array:
        """Total present value less total inputs."""
        return self.total_present_value - self.total_inputs

    @property
    def sroi_ratio(self) -> Array:
        """Total present value over total inputs."""
        return formulas.sroi_ratio(self.total_present_value, self.total_inputs)


def totals(columns: Columns) -> Totals:
    """Return the totals of every project: each line quantity x proxy x share kept x present-value factor."""
    with np.errstate(all="ignore"):
        worth = line_values(columns)
    return Totals(
        by_project(columns.inputs, columns.input_starts, columns.input_projects, len(columns.projects)),
        by_project(worth.take(columns.line), columns.starts, columns.with_lines, len(columns.projects)),
    )


def line_values(columns: Columns) -> Array:
    """Return the present value of every line, in the order of the columns."""
    worth = np.empty(len(columns.line))
    room = [np.empty(_PIECE) for _ in range(3)]
    for group in columns.groups:
        for first in range(group.first, group.last, _PIECE):
            last = min(first + _PIECE, group.last)
            _reckon(columns, group, first, last, worth[first:last], [each[: last - first] for each in room])
    lost = ~np.isfinite(worth)
    if lost.any():
        # Nothing times a factor beyond all bounds is nothing.
        gross = columns.numbers["quantity"] * columns.numbers["proxy"]
        worth[lost & (gross == 0.0)] = 0.0
    return worth


def _reckon(columns: Columns, group: Group, first: int, last: int, worth: Array, room: list[Array]) -> None:
    """Reckon the lines `first` .. `last` of a group into `worth`."""
    numbers = columns.numbers
    left = numbers["drop_off"][first:last]
    life(left, group, first, last, worth, room)
    if group.from_first_year:
        worth *= left
    for name in ("quantity", "proxy", "kept"):
        worth *= numbers[name][first:last]


def life(left: Array, group: Group, first: int, last: int, worth: Array, room: Sequence[Array]) -> None:
    """Put into `worth` what 1 a year is worth over its life: the sum over age of left^age x part x discount factor."""
    part = piece(group.part, group, first, last)
    if group.years == 0:
        worth[...] = 0.0
    elif group.factors is not None:
        *before, final = group.factors
        np.multiply(part, final, out=worth)
        for factor in reversed(before):
            worth *= left
            worth += factor
    else:
        begins = piece(group.begins, group, first, last)
        _flat(left, piece(group.yearly, group, first, last), group.years, part, worth, room)
        worth *= begins


def _flat(left: Array, yearly: Any, years: int, part: Any, worth: Array, room: Sequence[Array]) -> None:
    """Put 1 + z + .. + z^(years - 1) into `worth`, z = left x yearly, the last term times `part`.

    By doubling: n terms make 2 n as S + S z^n, in a few products whatever the duration, and no digit is lost near z =
    1.
    """
    whole = isinstance(part, float)
    count = years if whole else years - 1
    power, other, discounted = room
    if count == 0:
        worth[...] = part
        return
    if count == 1 and whole:
        worth[...] = 1.0
        return
    if not (isinstance(yearly, float) and yearly == 1.0):
        left = np.multiply(left, yearly, out=discounted)
    if count == 1:
        np.multiply(left, part, out=worth)
        worth += 1.0
        return
    np.add(left, 1.0, out=worth)
    np.multiply(left, left, out=power)
    first, *bits = list(f"{count:b}"[1:])
    done = 2
    if first == "1":
        worth += power
        power *= left
        done = 3
    for bit in bits:
        np.multiply(worth, power, out=other)
        worth += other
        done *= 2
        if bit == "1" or not whole or done < count:
            power *= power
        if bit == "1":
            worth += power
            done += 1
            if not whole or done < count:
                power *= left
    if not whole:
        power *= part
        worth += power


def piece(given: Any, group: Group, first: int, last: int) -> Any:
    """Return the lines `first` .. `last` of what a group has for each line, or the one number it has for all."""
    return given[first - group.first : last - group.first] if isinstance(given, np.ndarray) else given


def by_project(values: Array, starts: NDArray[np.intp], owners: NDArray[np.intp], count: int) -> Array:
    """Return the sums of runs of values, one for each of `count` projects; 0 for one that has none."""
    sums = np.zeros(count)
    if len(starts):
        sums[owners] = np.add.reduceat(values, starts)
    return sums

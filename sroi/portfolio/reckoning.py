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

_PIECE = 32768  # lines: few steps, and pieces of every column together fit a core's caches


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
    count = len(columns.projects)
    with np.errstate(all="ignore"):
        worth = line_values(columns)
        present_value = by_project(worth.take(columns.line), columns.starts, columns.with_lines, count)
        if not np.isfinite(present_value).all():  # looked at once for a project, not for each of its lines
            _mend(worth, columns)
            present_value = by_project(worth.take(columns.line), columns.starts, columns.with_lines, count)
    return Totals(by_project(columns.inputs, columns.input_starts, columns.input_projects, count), present_value)


def line_values(columns: Columns) -> Array:
    """Return the present value of every line, in the order of the columns."""
    worth = np.empty(len(columns.line))
    room = [np.empty(_PIECE) for _ in range(3)]
    for group in columns.groups:
        for first in range(group.first, group.last, _PIECE):
            last = min(first + _PIECE, group.last)
            _reckon(columns, group, first, last, worth[first:last], [each[: last - first] for each in room])
    return worth


def _mend(worth: Array, columns: Columns) -> None:
    """Put nothing where nothing stands times a factor beyond all bounds."""
    gross = columns.numbers["quantity"] * columns.numbers["proxy"]
    worth[~np.isfinite(worth) & (gross == 0.0)] = 0.0


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
    first, *bits = list(f"{count:b}"[1:])
    done = 2
    if first == "1":
        worth *= left
        worth += 1.0
        done = 3
    if bits or not whole:
        np.multiply(left, left, out=power)
        if done == 3:
            power *= left
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

"""From chances to lines: the lines of a map in a block of draws, by looking up tables.

Both the simulation and its variance shares draw by this. A factor of one number has a table of its own, whatever it
makes of the number; one of several numbers gets their drawn values and works itself out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sroi.formulas import Array
from sroi.uncertainty.correlation import Copula
from sroi.uncertainty.streams import SLICE, Block, Chances
from sroi.uncertainty.structure import Factor, Line, Structure
from sroi.uncertainty.tables_of_laws import Curve, Table, curves_of, table_of

# Points of the curve of a number whose values themselves are drawn.
_POINTS = 2_048


@dataclass(frozen=True, eq=False)
class DrawnFactor:
    """A factor, and its table if it is made of a single number."""

    names: tuple[str, ...]
    factor: Factor
    table: Table | None


@dataclass(frozen=True, eq=False)
class DrawnLine:
    """A line with the tables of its factors."""

    line: Line
    factors: tuple[DrawnFactor, ...]


@dataclass(frozen=True, eq=False)
class Tables:
    """All that lines are drawn from: their factors' tables, and the curves of numbers in factors of several.

    `shared` are the numbers that are looked up more than once in a block.
    """

    lines: tuple[DrawnLine, ...]
    inputs: tuple[DrawnLine, ...]
    numbers: Mapping[str, Curve]
    shared: frozenset[str]


def tables_for(structure: Structure, cells: int, every_number: bool = False) -> Tables:
    """Return the tables of a structure, each of so many cells (a power of two).

    `every_number`: a curve also for a number that is in no factor of several.
    """
    lines = (*structure.lines, *structure.inputs)
    uses = Counter(name for line in lines for each in line.factors for name in each.names)
    joint = {name for line in lines for each in line.factors if len(each.names) > 1 for name in each.names}
    names = list(structure.uncertain)
    curves = dict(zip(names, curves_of(list(structure.uncertain.values()), cells // 8), strict=True))
    finer = names if every_number else [name for name in names if name in joint]
    numbers = curves_of([structure.uncertain[name] for name in finer], _POINTS)

    def drawn(line: Line) -> DrawnLine:
        return DrawnLine(line, tuple(_drawn(factor, curves, cells) for factor in line.factors))

    return Tables(
        tuple(drawn(line) for line in structure.lines),
        tuple(drawn(line) for line in structure.inputs),
        dict(zip(finer, numbers, strict=True)),
        frozenset(name for name, count in uses.items() if count > 1),
    )


def _drawn(factor: Factor, curves: Mapping[str, Curve], cells: int) -> DrawnFactor:
    if len(factor.names) > 1:
        return DrawnFactor(factor.names, factor, None)
    curve = curves[factor.names[0]]
    if factor.kind == "plain":
        values = curve.values[:, 0]
    elif factor.kind == "kept":
        values = 1.0 - curve.values[:, 0]
    else:
        values = np.asarray(factor.worth({factor.names[0]: curve.values}), dtype=np.float64)
    return DrawnFactor(factor.names, factor, table_of(Curve(curve.chances, values, curve.weights, curve.jumps), cells))


class Drawn:
    """A block of draws of a map: the numbers' chances and the lines made of them."""

    def __init__(self, tables: Tables, block: Block, copula: Copula, stratified: bool = False) -> None:
        self.size = block.size
        self._tables, self._block, self._copula = tables, block, copula
        self._stratified = stratified
        self._chances: dict[str, Chances] = {}
        self._values: dict[str, Array] = {}
        self._scratch = np.empty(block.size)

    def chances(self, name: str) -> Chances:
        """Return the chances of a number, correlated where its group is."""
        if name in self._chances:
            return self._chances[name]
        if name in self._copula.groups:
            self._chances |= self._copula.chances(name, self._block.chances, self._stratified)
            return self._chances[name]
        made = self._block.chances(name)
        if name in self._tables.shared:
            self._chances[name] = made
        return made

    def values(self, name: str) -> Array:
        """Return the values of a number that has a curve of its own, shape (draw, year)."""
        if name in self._values:
            return self._values[name]
        made = self._tables.numbers[name].at(self.chances(name).exactly())
        if name in self._tables.shared:
            self._values[name] = made
        return made

    def factor(self, drawn: DrawnFactor, out: Array | None = None) -> Array:
        """Return what a factor comes to in each draw."""
        if drawn.table is not None:
            return drawn.table.look_up(self.chances(drawn.names[0]), out)
        return worked_out(drawn.factor, {name: self.values(name) for name in drawn.names})

    def line(self, drawn: DrawnLine) -> Array:
        """Return what a line comes to in each draw."""
        total = np.full(self.size, drawn.line.constant)
        for factor in drawn.factors:
            total *= self.factor(factor, self._scratch)
        return total


def worked_out(factor: Factor, values: Mapping[str, Array]) -> Array:
    """Return what a factor of several numbers comes to, slice by slice: so it needs little memory."""
    size = len(next(iter(values.values())))
    parts = [
        np.broadcast_to(factor.worth({name: each[start : start + SLICE] for name, each in values.items()}),
                        (min(SLICE, size - start),))
        for start in range(0, size, SLICE)
    ]  # fmt: skip
    return np.concatenate(parts)

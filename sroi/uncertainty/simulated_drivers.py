"""What drives the ratio, by simulation, where the exact engine is out of reach: variance shares, value of information.

Two independent samples A and B of all numbers. Changing one number changes only its own lines, and only these are
worked out again; lines that do not hold it say nothing of its share, and are left out (they would only add noise).

- total: E[(Y(A) - Y(A with x from B))^2] / 2V (Jansen 1999)
- first: Cov(Y(B), Y(A with x from B)) / V (Saltelli 2010, doi:10.1016/j.cpc.2009.09.018)
- Shapley: E[(Y(A) - Y(B)) (Y(M, x from A) - Y(M, x from B))] / 2V, where M takes each other number from A with the
  chance t and else from B, and t is uniform: the average over all orders of what a number adds (Owen 2014,
  doi:10.1137/130936233); brought to a sum of 1
- the first share of a correlated number, and what knowing a number is worth, from the means of the draws between
  quantiles of it, each number's draws halved so that no mean meets itself
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from sroi.formulas import Array, sroi_ratio
from sroi.uncertainty.correlation import Copula, Correlated, copula_of, listed
from sroi.uncertainty.drawing import Drawn, DrawnLine, Tables, tables_for, worked_out
from sroi.uncertainty.streams import MonteCarlo, Stream
from sroi.uncertainty.structure import Structure
from sroi.uncertainty.tables_of_laws import cells_for

DRIVER_DRAWS = 2**15
# Draws worked on at once: all lines' factors stay in memory, three times.
_BLOCK = 4_096
# Parts of equal chance that a number's draws are sorted into.
_BINS, _WIDTH = 64, 10


@dataclass(frozen=True)
class SimulatedDriver:
    """The shares of variance (0-1) of one number, or of several that move together, and what knowing it is worth.

    `evppi` is in the map's currency. `error` is the standard error of `shapley`. Of a number that moves with others,
    `total` and `shapley` are None: they belong to the group; what knowing a whole group is worth is not estimated.
    Estimates may lie a little below 0.
    """

    names: tuple[str, ...]
    first: float | None
    total: float | None
    shapley: float | None
    evppi: float | None
    error: float | None = None

    @property
    def name(self) -> str:
        """The number's name, or those of all."""
        return listed(self.names)


@dataclass(frozen=True)
class SimulatedDrivers:
    """The drivers of a ratio: of each number, and of the groups that move `together`; and the value of knowing all.

    `mean_benefit` and `evpi`, in the map's currency, are of total present value less `threshold` times total inputs.
    `draws` were made of each of two samples.
    """

    drivers: tuple[SimulatedDriver, ...]
    together: tuple[SimulatedDriver, ...]
    mean: float
    sd: float
    threshold: float
    mean_benefit: float
    evpi: float
    draws: int
    seed: int
    notes: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The names of the numbers of each group."""
        return tuple(group.names for group in self.together)


def drivers_of(
    structure: Structure,
    threshold: float = 1.0,
    draws: int = DRIVER_DRAWS,
    seed: int = 0,
    correlations: Sequence[Correlated] | None = None,
) -> SimulatedDrivers:
    """Return the drivers of the ratio, estimated from two samples of so many draws.

    Parameters: `threshold`, the ratio from which on a project is funded; `draws`, brought up to a multiple of 4,096;
    `correlations`, in place of the map's.
    """
    stated = structure.impact_map.correlations if correlations is None else correlations
    copula = copula_of(stated, structure.uncertain.keys())
    blocks = max(2, -(-draws // _BLOCK))
    tables = tables_for(structure, cells_for(blocks * _BLOCK))
    sums = _Sums(structure, tables, copula, threshold)
    sources = [MonteCarlo(blocks * _BLOCK, seed, _BLOCK, purpose) for purpose in ("first sample", "second sample")]
    joining = Stream(seed, "joining")
    for block in range(blocks):
        a, b = (_Sample(tables, Drawn(tables, next(source.blocks(block)), copula)) for source in sources)
        sums.add(a, b, joining, block)
    return sums.drivers(blocks * _BLOCK, seed)


class _Lines:
    """The lines of a sample of a block, made of its factors; `values` are those of numbers in factors of several."""

    def __init__(self, tables: Tables, factors: list[list[Array]], values: Mapping[str, Array], size: int) -> None:
        self.factors, self.values, self.size = factors, values, size
        self.lines = [
            reduce(np.multiply, each, np.full(size, line.line.constant))
            for line, each in zip(_all(tables), factors, strict=True)
        ]
        outcomes = len(tables.lines)
        self.worth = sum(self.lines[:outcomes], np.zeros(size))
        self.inputs = sum(self.lines[outcomes:], np.zeros(size))


class _Sample(_Lines):
    """A sample as drawn."""

    def __init__(self, tables: Tables, drawn: Drawn) -> None:
        self.drawn = drawn
        factors = [[drawn.factor(factor) for factor in line.factors] for line in _all(tables)]
        super().__init__(tables, factors, {name: drawn.values(name) for name in tables.numbers}, drawn.size)
        self.ratio = sroi_ratio(self.worth, self.inputs)


class _Mixed(_Lines):
    """A sample that takes each player from A where it joined, and else from B."""

    def __init__(self, tables: Tables, a: _Sample, b: _Sample, joined: Mapping[str, NDArray[np.bool_]]) -> None:
        values = {name: np.where(joined[name][:, None], a.values[name], b.values[name]) for name in tables.numbers}
        factors = [
            [
                worked_out(factor.factor, {name: values[name] for name in factor.names})
                if factor.table is None
                else np.where(joined[factor.names[0]], a.factors[place][number], b.factors[place][number])
                for number, factor in enumerate(line.factors)
            ]
            for place, line in enumerate(_all(tables))
        ]
        super().__init__(tables, factors, values, a.size)


def _all(tables: Tables) -> tuple[DrawnLine, ...]:
    return (*tables.lines, *tables.inputs)


@dataclass(eq=False)
class _Player:
    """A number, or a group of correlated ones: whose share is looked for."""

    names: frozenset[str]
    lines: tuple[int, ...]
    in_inputs: bool


class _Sums:
    """Running sums over blocks."""

    def __init__(self, structure: Structure, tables: Tables, copula: Copula, threshold: float) -> None:
        self.tables, self.copula, self.threshold = tables, copula, threshold
        self.outcomes = len(tables.lines)
        users = structure.users()
        grouped = [frozenset(group.names) for group in copula.each()]
        alone = [frozenset((name,)) for name in structure.uncertain if name not in copula.groups]
        self.players = []
        for names in [*alone, *grouped]:
            lines = tuple(sorted({place for name in names for place in users[name]}))
            self.players.append(_Player(names, lines, any(place >= self.outcomes for place in lines)))
        self.bins = {name: _bins(structure, name) for name in structure.uncertain}
        count = len(self.players)
        # first, total, Shapley and the square of the latter, by player
        self.products = np.zeros((4, count))
        # Counts, benefit and ratio by bin and half of the draws.
        self.sorted = {name: np.zeros((3, 2 * count)) for name, (count, _) in self.bins.items()}
        self.moments = np.zeros(2)
        self.net = np.zeros(2)
        self.whole = 0

    def add(self, a: _Sample, b: _Sample, joining: Stream, block: int) -> None:
        """Add a block of both samples."""
        size = a.size
        for sample in (a, b):
            self.moments += (sample.ratio.sum(), (sample.ratio**2).sum())
            net = sample.worth - self.threshold * sample.inputs
            self.net += (net.sum(), np.maximum(net, 0.0).sum())
        self.whole += 2 * size
        from_a = joining.words("share of A", block, size).words
        joined = {}
        for player in self.players:
            # Named by its first number: a group joins as one.
            joined[player.names] = joining.words(min(player.names), block, size).words < from_a
        mixed = _Mixed(
            self.tables, a, b, {name: joined[player.names] for player in self.players for name in player.names}
        )
        for place, player in enumerate(self.players):
            self._add_pair(place, player, a, b)
            self._add_shapley(place, player, a, b, mixed)
            self._add_knowledge(player, a)

    def _changed(self, player: _Player, base: _Lines, source: _Sample) -> Array:
        """Return the ratios of a sample in which a player's numbers come from another."""
        change, change_inputs = np.zeros(len(base.worth)), np.zeros(len(base.worth))
        for place in player.lines:
            total = change if place < self.outcomes else change_inputs
            total += _with_player(_all(self.tables)[place], place, player, base, source) - base.lines[place]
        return sroi_ratio(base.worth + change, base.inputs + change_inputs if player.in_inputs else base.inputs)

    def _part(self, player: _Player, sample: _Sample) -> Array:
        """Return the part of the ratio that a player has a hand in; all of it if it moves what is put in."""
        if player.in_inputs:
            return sample.ratio
        worth = sum((sample.lines[place] for place in player.lines), np.zeros(sample.size))
        return sroi_ratio(worth, sample.inputs)

    def _add_pair(self, place: int, player: _Player, a: _Sample, b: _Sample) -> None:
        step = self._changed(player, a, b) - a.ratio
        part, size = self._part(player, b), len(step)
        self.products[0, place] += float((part - part.mean()) @ step) * size / (size - 1)
        self.products[1, place] += float(step @ step) / 2

    def _add_shapley(self, place: int, player: _Player, a: _Sample, b: _Sample, mixed: _Mixed) -> None:
        ends = [self._changed(player, mixed, sample) for sample in (a, b)]
        product = (self._part(player, a) - self._part(player, b)) * (ends[0] - ends[1]) / 2
        self.products[2, place] += product.sum()
        self.products[3, place] += product @ product

    def _add_knowledge(self, player: _Player, a: _Sample) -> None:
        """Sort a player's part of the benefit, and of the ratio, by each of its numbers."""
        size = a.size
        benefit = np.zeros(size)
        for place in player.lines:
            benefit += a.lines[place] if place < self.outcomes else -self.threshold * a.lines[place]
        part = self._part(player, a) if len(player.names) > 1 else None
        half = np.arange(size) & 1
        for name in player.names:
            count, bin_of = self.bins[name]
            words = a.drawn.chances(name).words
            places = (words >> _WIDTH if bin_of is None else bin_of[words]) * 2 + half
            sums = self.sorted[name]
            sums[0] += np.bincount(places, minlength=2 * count)
            sums[1] += np.bincount(places, benefit, 2 * count)
            if part is not None:
                sums[2] += np.bincount(places, part, 2 * count)

    # ---- what comes of it ----

    def drivers(self, draws: int, seed: int) -> SimulatedDrivers:
        """Return the estimates."""
        mean, square = self.moments / self.whole
        variance = max(float(square - mean * mean), 0.0)
        net, positive = self.net / self.whole
        known = variance > 1e-20 * max(float(square), 1e-300)
        first, total, shapley, squares = self.products / draws / (variance if known else 1.0)
        error = np.sqrt(np.maximum(squares / (variance if known else 1.0) - shapley**2, 0.0) / draws)
        whole = shapley.sum() if known and shapley.sum() > 0.0 else 1.0
        alone, together = [], []
        for place, player in enumerate(self.players):
            names = tuple(sorted(player.names))
            figures = [float(each[place]) if known else None for each in (first, total, shapley / whole, error)]
            if len(names) == 1:
                knowing = self._worth_knowing(names[0], float(net))
                alone.append(SimulatedDriver(names, figures[0], figures[1], figures[2], knowing, figures[3]))
                continue
            together.append(SimulatedDriver(names, figures[0], figures[1], figures[2], None, figures[3]))
            for name in names:
                own = self._first(name, variance) if known else None
                alone.append(SimulatedDriver((name,), own, None, None, self._worth_knowing(name, float(net))))
        evpi = max(0.0, float(positive - max(net, 0.0)))
        return SimulatedDrivers(tuple(alone), tuple(together), float(mean), variance**0.5, self.threshold, float(net),
                                evpi, draws, seed, self.copula.notes)  # fmt: skip

    def _halves(self, name: str, row: int) -> tuple[Array, Array]:
        """Return chance of each bin and both halves' means in it less the mean of all, shape (half, bin)."""
        counts = self.sorted[name][0].reshape(-1, 2)
        sums = self.sorted[name][row].reshape(-1, 2)
        filled = (counts > 0).all(axis=1)
        counts, sums = counts[filled], sums[filled]
        return counts.sum(axis=1) / counts.sum(), (sums / counts - sums.sum() / counts.sum()).T

    def _worth_knowing(self, name: str, net: float) -> float:
        """Return E[max(0, E(NB | x))] - max(0, E NB): one half of the draws decides, the other says what it brings.

        Were one mean to do both, chance ups would be taken for gains.
        """
        chance, means = self._halves(name, 1)
        gains = [float(chance @ np.where(net + means[one] > 0.0, net + means[1 - one], 0.0)) for one in (0, 1)]
        return max(0.0, sum(gains) / 2 - max(net, 0.0))

    def _first(self, name: str, variance: float) -> float:
        """Return the share of variance that is between the bins of a number."""
        chance, means = self._halves(name, 2)
        return float(chance @ (means[0] * means[1])) / variance


def _with_player(line: DrawnLine, place: int, player: _Player, base: _Lines, source: _Sample) -> Array:
    """Return a line in which a player's numbers come from another sample; only the factors that hold them change."""
    total = np.asarray(line.line.constant)
    for number, factor in enumerate(line.factors):
        inside = player.names.intersection(factor.names)
        if not inside:
            worth = base.factors[place][number]
        elif len(inside) == len(factor.names):
            worth = source.factors[place][number]
        else:
            values = {name: (source if name in inside else base).values[name] for name in factor.names}
            worth = worked_out(factor.factor, values)
        total = total * worth
    return total


def _bins(structure: Structure, name: str) -> tuple[int, NDArray[np.intp] | None]:
    """Return how many bins a number has, and the bin of each word; None where the bins are equal ones."""
    number = structure.uncertain[name]
    if number.discrete:
        # A bin for each value that it can be.
        steps = {float(step) for law in number.laws for step in np.cumsum([part[1] for part in law.parts])[:-1]}  # type: ignore[index]
        if len(steps) < _BINS:
            return len(steps) + 1, np.searchsorted(np.array(sorted(steps)), (np.arange(65_536) + 0.5) / 65_536)
    return _BINS, None

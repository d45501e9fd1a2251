"""The ratio by simulation, for maps that are out of the exact engine's reach, and to check it where they are not.

Monte Carlo is the same to the last bit for the same seed, whatever the number of threads; Latin hypercubes and Sobol
points need fewer draws, and have their error from sixteen or more parts made independently of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike

from sroi import formulas
from sroi.errors import MethodRefused, Problem
from sroi.formulas import Array
from sroi.uncertainty.correlation import Copula, Correlated, copula_of
from sroi.uncertainty.drawing import Drawn, Tables, tables_for
from sroi.uncertainty.streams import BLOCK, REPLICATES, LatinHypercube, MonteCarlo, Sampling, SobolPoints, Source
from sroi.uncertainty.structure import Structure
from sroi.uncertainty.tables_of_laws import cells_for

# Without a number of draws: from the first, doubling up to the last, until mean and interval are known well enough.
FIRST_DRAWS, LAST_DRAWS = 2**14, 2**20
MEAN_ERROR, INTERVAL_ERROR = 0.001, 0.005
FEWEST_DRAWS, MOST_DRAWS = 2 * REPLICATES, 10**8
SAMPLINGS: tuple[Sampling, ...] = ("monte_carlo", "latin_hypercube", "sobol")


@dataclass(frozen=True, eq=False)
class Simulation:
    """What many draws of a map come to.

    `ratios`, `present_values` and `inputs`, shape (draw,): SROI ratio, total present value and total inputs, the latter
    two in the map's currency. `pieces`, shape (piece,): how many of the draws, in their order, each independent piece
    has. `notes` say what of the correlations could not be taken as stated, and how many draws have no ratio.
    """

    ratios: Array
    present_values: Array
    inputs: Array
    seed: int
    sampling: Sampling
    stopped_by: str
    pieces: tuple[int, ...]
    notes: tuple[str, ...] = ()

    @property
    def draws(self) -> int:
        """How many draws were made."""
        return len(self.ratios)

    @cached_property
    def _ascending(self) -> Array:
        return np.sort(self.ratios[np.isfinite(self.ratios)])

    @cached_property
    def mean(self) -> float:
        """The mean of the ratios that there are; NaN if there is none, as of all figures."""
        there = self.ratios if len(self._ascending) == self.draws else self._ascending
        return float(there.mean()) if len(there) else float("nan")

    @cached_property
    def sd(self) -> float:
        """The standard deviation of the ratio."""
        there = self.ratios if len(self._ascending) == self.draws else self._ascending
        return float(there.std(ddof=1)) if len(there) > 1 else float("nan")

    def quantile(self, chance: ArrayLike) -> Array:
        """Return the ratios that are not passed with these chances (0-1)."""
        # Not np.quantile, which would sort again.
        there = len(self._ascending)
        if not there:
            return np.full(np.shape(chance), np.nan)
        place = np.asarray(chance, dtype=np.float64) * (there - 1)
        below = np.floor(place).astype(np.intp)
        low, high = self._ascending[below], self._ascending[np.minimum(below + 1, there - 1)]
        return np.asarray(low + (place - below) * (high - low))

    @property
    def interval(self) -> tuple[float, float]:
        """The 5 % and the 95 % quantile."""
        low, high = self.quantile([0.05, 0.95])
        return float(low), float(high)

    def chance_above(self, ratio: float) -> float:
        """Return the chance of a ratio above the one given."""
        there = self._ascending
        return float(np.mean(there > ratio)) if len(there) else float("nan")

    @cached_property
    def standard_error(self) -> float:
        """How far the mean would stray between simulations: one standard deviation of it.

        Of evenly spread points it comes from the spread of the means of the pieces.
        """
        if self.sampling == "monte_carlo":
            return float(self.sd / np.sqrt(self.draws))
        return self._spread_of_pieces(lambda piece: float(piece.mean()))

    def quantile_error(self, chance: float) -> float:
        """Return the standard error of a quantile.

        Half the distance between the ratios whose chances lie a standard error of the chance to either side; that
        standard error is the binomial one, or comes from the shares of each piece's draws below the quantile.
        """
        ratio, least = float(self.quantile(chance)), 0.5 / self.draws
        if self.sampling == "monte_carlo":
            step = float(np.sqrt(chance * (1.0 - chance) / self.draws))
        else:
            step = self._spread_of_pieces(lambda piece: float(np.mean(piece <= ratio)))
        low, high = self.quantile(np.clip([chance - max(step, least), chance + max(step, least)], 0.0, 1.0))
        return float(high - low) / 2

    def _spread_of_pieces(self, figure: Callable[[Array], float]) -> float:
        ends = list(accumulate(self.pieces))
        parts = [self.ratios[end - size : end] for end, size in zip(ends, self.pieces, strict=True)]
        each = [figure(part[np.isfinite(part)]) for part in parts if np.isfinite(part).any()]
        if len(each) < 2:
            return float("nan")
        return float(np.std(each, ddof=1) / np.sqrt(len(each)))


def simulate(
    structure: Structure,
    draws: int | None = None,
    seed: int = 0,
    sampling: Sampling = "monte_carlo",
    threads: int = 1,
    correlations: Sequence[Correlated] | None = None,
) -> Simulation:
    """Return the ratio in many draws of the uncertain numbers.

    Parameters: `draws`; None doubles them from 16,384 until the standard error of the mean is at most 0.1 % of it and
    that of the 5 % and 95 % quantiles at most 0.5 % of the distance between them, or 1,048,576 are made. Sobol points
    come in powers of two: the next one up. `seed`, a whole number, 0 among them. `threads` change nothing but the
    time. `correlations`, in place of the map's.
    Raises MethodRefused for a seed, a number of draws or a sampling that cannot be.
    """
    _check(draws, seed, sampling, threads)
    stated = structure.impact_map.correlations if correlations is None else correlations
    copula = copula_of(stated, structure.uncertain.keys())
    tables = tables_for(structure, cells_for(draws or FIRST_DRAWS))
    if draws is not None:
        source = _source(structure, draws, seed, sampling)
        made = _run(structure, tables, copula, source, threads)
        notes = (*copula.notes, *_without_ratio(made[0]))
        return Simulation(*made, seed, sampling, f"{len(made[0]):,} draws, as asked for", tuple(source.sizes()), notes)
    count, made = FIRST_DRAWS, (np.empty(0), np.empty(0), np.empty(0))
    while True:
        source = _source(structure, count, seed, sampling)
        # Monte Carlo goes on where it stopped; evenly spread points are made anew, more of them. All is made anew where
        # so many draws need finer tables: as many draws asked for outright must be the same.
        again = sampling != "monte_carlo" or cells_for(count) != cells_for(max(len(made[0]), FIRST_DRAWS))
        tables = tables_for(structure, cells_for(count)) if again else tables
        done = 0 if again else len(made[0]) // BLOCK * BLOCK
        more = _run(structure, tables, copula, source, threads, done // BLOCK)
        first, second, third = (np.concatenate([old[:done], new]) for old, new in zip(made, more, strict=True))
        made = (first, second, third)
        notes = (*copula.notes, *_without_ratio(made[0]))
        found = Simulation(*made, seed, sampling, "", tuple(source.sizes()), notes)
        stopped_by = _enough(found)
        if stopped_by:
            return replace(found, stopped_by=stopped_by)
        count *= 2


def _without_ratio(ratios: Array) -> list[str]:
    """Return in words how many draws have no ratio."""
    without = len(ratios) - int(np.isfinite(ratios).sum())
    if not without:
        return []
    which = "All" if without == len(ratios) else f"{without:,} of {len(ratios):,}"
    return [f"{which} draws have no ratio, for nothing is put in; the figures are those of the others."]


def _check(draws: object, seed: object, sampling: str, threads: int) -> None:
    problems = []
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        problems.append(
            Problem(f"a seed of {seed!r}", "Give a whole number, 0 or more, so that the figures can be made again.")
        )
    if draws is not None and (
        isinstance(draws, bool) or not isinstance(draws, int | np.integer) or not FEWEST_DRAWS <= draws <= MOST_DRAWS
    ):
        remedy = f"Give a whole number from {FEWEST_DRAWS} to {MOST_DRAWS:,}, or none: then as many as needed are made."
        problems.append(Problem(f"{draws!r} draws", remedy))
    if sampling not in SAMPLINGS:
        problems.append(Problem(f"a sampling '{sampling}'", f"Give one of {', '.join(SAMPLINGS)}."))
    if threads < 1:
        problems.append(Problem(f"{threads} threads", "Give 1 or more."))
    if problems:
        raise MethodRefused(problems)


def _source(structure: Structure, draws: int, seed: int, sampling: Sampling) -> Source:
    if sampling == "monte_carlo":
        return MonteCarlo(draws, seed)
    if sampling == "latin_hypercube":
        return LatinHypercube(draws, seed)
    return SobolPoints(draws, seed, list(structure.uncertain))


def _run(
    structure: Structure, tables: Tables, copula: Copula, source: Source, threads: int, first: int = 0
) -> tuple[Array, Array, Array]:
    """Return ratios, present values and inputs of the pieces of a source, from the piece `first` on."""
    sizes = source.sizes()[first:]
    starts = [0, *accumulate(sizes)]
    present_values, inputs = np.empty(starts[-1]), np.empty(starts[-1])

    def draw(pieces: range, own: Source) -> None:
        for piece in pieces:
            start, end = starts[piece], starts[piece + 1]
            for block in own.blocks(first + piece):
                drawn = Drawn(tables, block, copula, own.stratified)
                counted = slice(0, min(block.size, end - start))
                for lines, total in ((tables.lines, present_values), (tables.inputs, inputs)):
                    worth = np.zeros(block.size)
                    for line in lines:
                        worth += drawn.line(line)
                    total[start : start + counted.stop] = worth[counted]
                start += counted.stop

    if threads == 1 or len(sizes) < 2:
        draw(range(len(sizes)), source)
    else:
        from concurrent.futures import ThreadPoolExecutor

        shares = [range(thread, len(sizes), threads) for thread in range(min(threads, len(sizes)))]
        with ThreadPoolExecutor(len(shares)) as pool:
            # Each thread has a source of its own: a source's generator is moved about.
            for running in [pool.submit(draw, share, source.alike()) for share in shares]:
                running.result()
    return formulas.sroi_ratio(present_values, inputs), present_values, inputs


def _enough(found: Simulation) -> str:
    """Return in words why the draws made are enough; nothing if they are not."""
    made = f"{found.draws:,} draws"
    if not np.isfinite(found.mean):
        return f"{made}, the first: none of them has a ratio"
    low, high = found.interval
    sure_mean = found.standard_error <= MEAN_ERROR * abs(found.mean)
    error = max(found.quantile_error(0.05), found.quantile_error(0.95))
    if sure_mean and error <= INTERVAL_ERROR * (high - low):
        return f"{made}: the standard errors are at most 0.1 % of the mean and 0.5 % of the interval's width"
    if found.draws < LAST_DRAWS:
        return ""
    lacking = "the interval" if sure_mean else "the mean" if error <= INTERVAL_ERROR * (high - low) else "both"
    return f"{made}, the most that are made unless more are asked for: {lacking} may still stray a little"


# ---- for checks ----


def drawn_numbers(
    structure: Structure,
    draws: int,
    seed: int = 0,
    sampling: Sampling = "monte_carlo",
    correlations: Sequence[Correlated] | None = None,
) -> dict[str, Array]:
    """Return the values of every uncertain number in the draws of `simulate`, shape (draw, year).

    The simulation itself looks up what a factor makes of a number, so its ratios are those of these values but for the
    width of a table's cells.
    """
    _check(draws, seed, sampling, 1)
    stated = structure.impact_map.correlations if correlations is None else correlations
    copula = copula_of(stated, structure.uncertain.keys())
    tables = tables_for(structure, cells_for(draws), every_number=True)
    source = _source(structure, draws, seed, sampling)
    found: dict[str, list[Array]] = {name: [] for name in structure.uncertain}
    for piece, size in enumerate(source.sizes()):
        blocks = [Drawn(tables, block, copula, source.stratified) for block in source.blocks(piece)]
        for name, parts in found.items():
            parts.append(np.concatenate([block.values(name) for block in blocks])[:size])
    return {name: np.concatenate(parts) for name, parts in found.items()}


def cross_check(
    simulation: Simulation,
    mean: float,
    sd: float,
    cumulative: Callable[[Array], Array],
    chances: Sequence[float] = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99),
) -> dict[str, float]:
    """Return by how many standard errors a Monte Carlo simulation differs from an exact result.

    Parameters: the exact `mean` and `sd`, and `cumulative`, which gives the chance of a ratio at or below each given.
    Compared are mean, sd and, at the simulation's own quantiles, the share of the draws at or below them: `q05` and so
    on; ratios that lie closer than a thousandth of the sd are not told apart, so that a single value that is likely
    is not cut in two by rounding. Where nothing spreads the two must agree but for rounding.
    """
    ratios, draws = simulation.ratios, simulation.draws
    if not sd > 1e-12 * abs(mean):
        apart = max(abs(simulation.mean - mean), simulation.sd) / max(abs(mean), 1e-300)
        return {"mean": 0.0 if apart < 1e-9 else float("inf")}
    found = {"mean": (simulation.mean - mean) / (sd / draws**0.5)}
    # The variance of a sample variance is (fourth moment - variance^2) / n.
    squares = (ratios - mean) ** 2
    spread = float(squares.std()) / draws**0.5
    found["sd"] = (float(squares.mean()) - sd**2) / spread if spread > 0.0 else 0.0
    at = simulation.quantile(chances)
    below, above = cumulative(at - sd / 1000), cumulative(at + sd / 1000)
    for chance, ratio, low, high in zip(chances, at, below, above, strict=True):
        share = float(np.mean(ratios <= ratio))
        exact = min(max(share, float(low)), float(high))
        error = float(np.sqrt(max(exact * (1.0 - exact), 1.0 / draws) / draws))
        found[f"q{round(chance * 100):02d}"] = (share - exact) / error
    return found

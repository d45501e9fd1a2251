"""Two numbers at a time: a grid of ratios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sroi.errors import NameRefused, Problem
from sroi.evaluation import evaluate
from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.names import NamedNumber, is_year, why_unknown
from sroi.sensitivity.moves import Mover, case
from sroi.sensitivity.steps import Steps, ends, has_own_range, summary


@dataclass(frozen=True, eq=False)
class TwoWay:
    """Two numbers moved together. Pairs hold the first and the second number.

    `values`: where each of them stood (for one given by year the mean over its years); `ratios`, shape (first, second),
    NaN where nothing is put in; `bases`: their base cases; `base`: the ratio there.
    """

    names: tuple[str, str]
    labels: tuple[str, str]
    fields: tuple[str, str]
    values: tuple[tuple[float, ...], tuple[float, ...]]
    bases: tuple[float, float]
    ratios: Array
    base: float


def two_way(impact_map: ImpactMap, first: str, second: str, steps: Steps | None = None, points: int = 7) -> TwoWay:
    """Return the ratio on a grid of `points` x `points`, over the numbers' own ranges, or else by `steps`.

    Raises NameRefused for a name that the map does not have, that cannot move the ratio, or that is given twice.
    """
    steps = steps or Steps()
    mover = Mover(impact_map)
    numbers = _found(impact_map, (first, second), mover)
    ways = [_way(number, steps, points) for number in numbers]
    at: dict[str, Array] = {}
    for number, way, axes in zip(numbers, ways, ((slice(None), None), (None, slice(None))), strict=True):
        at |= {name: column[axes] for name, column in zip(case(number, number.values), way.T, strict=True)}
    ratios = np.broadcast_to(evaluate(impact_map, at=at).sroi_ratio, (points, points))
    one, other = numbers
    return TwoWay(
        names=(one.name, other.name),
        labels=(one.label, other.label),
        fields=(one.field, other.field),
        values=(_summaries(one, ways[0]), _summaries(other, ways[1])),
        bases=(summary(one, one.values), summary(other, other.values)),
        ratios=ratios,
        base=float(mover.base.sroi_ratio),
    )


def _found(impact_map: ImpactMap, names: tuple[str, str], mover: Mover) -> list[NamedNumber]:
    """Return the numbers of these names; all that is wrong with them in one message."""
    known, moving = impact_map.numbers(), {number.name for number in mover.numbers}
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        head, _, year = name.rpartition(".")
        if name not in known and is_year(year) and head in known and known[head].by_year:
            problems.append(Problem(f"'{name}' is one year of a number by year", f"Use {head}: all its years move."))
        elif name not in known:
            problems.append(Problem(*why_unknown(name, impact_map, known)))
        elif name not in moving:
            remedy = "Choose a number of an outcome that counts, an input, or the discount rate where it is used."
            problems.append(Problem(f"'{name}' cannot move the ratio", remedy))
    if names[0] == names[1]:
        problems.append(Problem(f"'{names[0]}' is named twice", "Name two numbers."))
    if problems:
        raise NameRefused(problems)
    return [known[name] for name in names]


def _way(number: NamedNumber, steps: Steps, points: int) -> Array:
    """Return the way of a number from its low to its high end, shape (point, year)."""
    low, high = ends(number, steps)
    if low == high:
        why = "its range has no width" if has_own_range(number) else "it is nothing, and a step of it is nothing too"
        raise NameRefused(Problem(f"'{number.name}' does not move: {why}", "Give it a range, or name another."))
    return np.linspace(low, high, points)


def _summaries(number: NamedNumber, way: Array) -> tuple[float, ...]:
    return tuple(float(summary(number, values)) for values in way.tolist())

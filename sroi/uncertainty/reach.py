"""How the exact engine takes a map apart, and why it sometimes cannot.

A number that several lines share is factored out of their sum (a head count, the proxy to which others are anchored);
where the sets of lines that share numbers overlap crosswise, and for the discount rate, one conditions: everything is
reckoned at a few values of that number, and put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sroi.laws import UncertainNumber, quantiles
from sroi.uncertainty.structure import Structure

# More than this many numbers to condition on, or in one joint factor, cost more than simulating.
MOST_CONDITIONS, MOST_JOINT = 2, 3
# With two numbers to condition on, more outcomes than this take longer exactly than by simulation.
MOST_LINES_CROSSWISE = 40
# Up to so many uncertain inputs are told apart; beyond, they form one group.
MOST_INPUTS = 6


NOTHING_PUT_IN = "the total inputs may come near nothing, where the ratio has no mean"


@dataclass(frozen=True)
class Group:
    """Lines whose sum is multiplied by the numbers that they share; the outermost group shares none."""

    shared: tuple[str, ...]
    lines: tuple[int, ...]
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Reach:
    """What to condition on and how the lines group; `why_not`, in words, if the map is out of the engine's reach."""

    conditions: tuple[str, ...] = ()
    tree: Group = Group((), ())
    why_not: str | None = None


def lowest_inputs(structure: Structure) -> float:
    """Return the least that the total inputs may come to; each number at whichever end gives less."""
    total = 0.0
    for line in structure.inputs:
        ends = {name: [(law.low, law.high) for law in structure.uncertain[name].laws] for factor in line.factors
                for name in factor.names}  # fmt: skip
        worths = [
            line.value({name: np.array([pair[end] for pair in pairs]) for name, pairs in ends.items()})
            for end in (0, 1)
        ]
        total += min(float(worth) for worth in worths)
    return total


def reach_of(structure: Structure) -> Reach:
    """Return how the exact engine takes a map apart, or why it cannot."""
    correlated: set[str] = set()
    for correlation in structure.impact_map.correlations:
        # A year of a number stands for all: they move with one draw.
        heads = {name if name in structure.uncertain else name.rpartition(".")[0] for name in correlation.numbers}
        moving = heads & set(structure.uncertain)
        if correlation.rank != 0 and len(moving) > 1:
            correlated |= moving
    if correlated:
        return Reach(why_not=f"the map says that {len(correlated)} of its uncertain numbers move together")
    if lowest_inputs(structure) <= 0:
        return Reach(why_not=NOTHING_PUT_IN)
    count = len(structure.lines)
    users = {name: {place for place in places if place < count} for name, places in structure.users().items()}
    conditions = {name for name in structure.uncertain if name == "discount_rate"}
    shared = {name: lines for name, lines in users.items() if len(lines) > 1 and name not in conditions}
    for line in structure.lines:
        for factor in line.factors:
            if factor.kind == "joint":
                conditions |= set(factor.names) & set(shared)
    shared = {name: lines for name, lines in shared.items() if name not in conditions}
    while crossing := _most_crossing(shared):
        conditions.add(crossing)
        del shared[crossing]
    if len(conditions) > MOST_CONDITIONS:
        names = ", ".join(sorted(conditions))
        return Reach(why_not=f"{len(conditions)} numbers ({names}) are shared crosswise by several outcomes")
    for name in sorted(conditions):
        # A few points of one year would not be the right ones for another of a different shape.
        if not in_proportion(structure.uncertain[name]):
            return Reach(
                why_not=f"the years of {name}, on which several outcomes rest, have ranges of different shapes"
            )
    if len(conditions) > 1 and count > MOST_LINES_CROSSWISE:
        return Reach(why_not=f"two numbers are shared by {count} outcomes, which takes longer exactly than to simulate")
    for line in (*structure.lines, *structure.inputs):
        for factor in line.factors:
            joint = set(factor.names) - conditions
            if len(joint) > MOST_JOINT:
                return Reach(why_not=f"{len(joint)} uncertain numbers of '{line.id}' cannot be taken apart")
    return Reach(tuple(sorted(conditions)), _tree((), tuple(range(count)), shared))


def in_proportion(number: UncertainNumber) -> bool:
    """Say whether the years of a number rise and fall in proportion: each a constant and a multiple of any other."""
    ranks = (np.arange(32) + 0.5) / 32
    years = np.stack([quantiles(law, ranks) for law in number.laws])
    spread = years - years.mean(axis=1, keepdims=True)
    widest = spread[np.argmax(np.abs(spread).max(axis=1))]
    multiple = spread @ widest / (widest @ widest)
    apart = np.abs(spread - multiple[:, None] * widest).max(axis=1)
    return bool((apart <= 1e-9 * np.abs(widest).max()).all())


def _most_crossing(shared: dict[str, set[int]]) -> str | None:
    """Return the number whose lines overlap crosswise with those of most others; None if all nest."""
    crossings = {
        name: sum(bool(lines & others) and not (lines <= others or others <= lines) for others in shared.values())
        for name, lines in shared.items()
    }
    worst = max(sorted(crossings), key=lambda name: crossings[name], default=None)
    return worst if worst is not None and crossings[worst] else None


def _tree(own: tuple[str, ...], lines: Sequence[int], shared: dict[str, set[int]]) -> Group:
    """Return the group of these lines: numbers shared by fewer of them make the groups within."""
    within = {name: places for name, places in shared.items() if name not in own and places <= set(lines)}
    groups: list[Group] = []
    left = set(lines)
    while within:
        largest = max(within.values(), key=lambda places: (len(places), -min(places)))
        names = tuple(sorted(name for name, places in within.items() if places == largest))
        inner = {name: places for name, places in within.items() if places < largest}
        groups.append(_tree(names, tuple(sorted(largest)), {**inner, **dict.fromkeys(names, largest)}))
        left -= largest
        within = {name: places for name, places in within.items() if not places & largest}
    return Group(own, tuple(sorted(left)), tuple(groups))

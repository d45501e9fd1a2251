"""Lines added up: by measure, and by supplier, lot, contract, place and buyer; never over different units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sroi.commissioning.delivery.form import STATES
from sroi.commissioning.delivery.register import Measure
from sroi.commissioning.delivery.standing import QUANTITIES, Line, Standing, group_by
from sroi.errors import NameRefused, Problem, did_you_mean

NOT_STATED = "not stated"


@dataclass(frozen=True)
class Rolled:
    """A measure within a group (a supplier, a lot, ..): every quantity of QUANTITIES, in the measure's unit."""

    group: str
    measure: Measure
    quantities: Mapping[str, float]
    lines: int

    def __getitem__(self, name: str) -> float:
        """Return a quantity by its name."""
        return self.quantities[name]


@dataclass(frozen=True)
class Worth:
    """What a group's quantities come to in money, over the measures that have a value in the register's prices [money].

    `left_out`: the names of the measures without a value, and of those whose value is in another year's prices.
    """

    group: str
    promised: float
    counted: float
    beyond: float
    lost: float
    valued: tuple[str, ...]
    without: tuple[str, ...]
    other_prices: tuple[str, ...]


def supplier_of(standing: Standing) -> Callable[[Line], str]:
    """Return how a line's supplier is called."""
    return lambda line: standing.register.suppliers[line.contract.supplier]


def _keys(standing: Standing) -> dict[str, Callable[[Line], str]]:
    return {
        "measure": lambda line: line.measure.name,
        "supplier": supplier_of(standing),
        "lot": lambda line: line.contract.lot or NOT_STATED,
        "contract": lambda line: line.contract.id,
        "place": lambda line: line.place or NOT_STATED,
        "buyer": lambda line: line.contract.buyer or NOT_STATED,
    }


GROUPINGS = ("measure", "supplier", "lot", "contract", "place", "buyer")


def checked_groupings(written: str) -> tuple[str, ...]:
    """Return the groupings that a list names; NameRefused for one that there is not."""
    names = tuple(dict.fromkeys(part.strip().lower() for part in written.split(",") if part.strip()))
    problems = [
        Problem(f"'{name}' is nothing to add up by", did_you_mean(name, GROUPINGS))
        for name in names
        if name not in GROUPINGS
    ]
    if problems:
        raise NameRefused(problems)
    return names


def rolled_up(standing: Standing, by: str) -> tuple[Rolled, ...]:
    """Return each group's measures with their quantities; groups and measures in the order of the register.

    Parameters: `by`, one of GROUPINGS. A quantity is a sum over the group's lines of that measure, so that what one
    line has too much never covers what another lacks.
    """
    lines = standing.lines
    groups, group = group_by(lines, _keys(standing)[by])
    order = {name: at for at, name in enumerate(standing.register.measures)}
    measure = np.array([order[line.measure.id] for line in lines], dtype=np.int64)
    cell = group * len(order) + measure
    cells, where = np.unique(cell, return_inverse=True)
    sums = {name: np.bincount(where, weights=standing.columns[name]) for name in QUANTITIES}
    sizes = np.bincount(where)
    measures = list(standing.register.measures.values())
    return tuple(
        Rolled(
            groups[int(each) // len(order)],
            measures[int(each) % len(order)],
            {name: round(float(sums[name][at]), 9) for name in QUANTITIES},
            int(sizes[at]),
        )
        for at, each in enumerate(cells)
    )


def worth(standing: Standing, by: str) -> tuple[Worth, ...]:
    """Return what each group's quantities come to in money, at the value of one unit; nothing without a value counts.

    A value in other prices than the register's is left out of the sums, and named.
    """
    found: dict[str, list[Rolled]] = {}
    for each in rolled_up(standing, by):
        found.setdefault(each.group, []).append(each)
    return tuple(_worth(standing, group, rows) for group, rows in found.items())


def worth_of_all(standing: Standing) -> Worth:
    """Return what the whole register comes to in money."""
    return _worth(standing, standing.register.title, list(rolled_up(standing, "measure")))


def _worth(standing: Standing, group: str, rows: list[Rolled]) -> Worth:
    valued = [each for each in rows if is_valued(standing, each.measure)]
    lost = {"none": "", "discounted": "late_discounted", "forgone": "late_years"}[standing.rules.late_value]

    def total(name: str) -> float:
        return sum((each.measure.proxy or 0.0) * each[name] for each in valued) if name else 0.0

    return Worth(
        group,
        total("promised"),
        total("counted"),
        total("beyond"),
        total(lost),
        tuple(each.measure.name for each in valued),
        tuple(each.measure.name for each in rows if each.measure.proxy is None),
        tuple(each.measure.name for each in rows if each.measure.proxy is not None and each not in valued),
    )


def is_valued(standing: Standing, measure: Measure) -> bool:
    """Say whether a measure's quantities enter the sums of money: it has a value, in the prices of the sums."""
    return measure.proxy is not None and measure.price_year in ("", standing.register.value_year)


def delivered_where(standing: Standing) -> tuple[tuple[str, Measure, dict[str, float]], ...]:
    """Return what was delivered in each place that the deliveries themselves name, by state, for each measure."""
    sums: dict[tuple[str, str], list[float]] = {}
    for at, row in enumerate(standing.register.rows):
        line = standing.lines[int(standing.line_of[at])]
        place = row["place"] or line.place or NOT_STATED
        own = sums.setdefault((place, line.measure.id), [0.0] * len(STATES))
        own[int(standing.state[at])] += float(standing.net[at])
    return tuple(
        (place, standing.register.measures[name], dict(zip(STATES, (round(each, 9) for each in own), strict=True)))
        for (place, name), own in sums.items()
    )


def table_of(standing: Standing, by: str) -> list[list[Any]]:
    """Return a roll-up as rows with its headings first, for a file."""
    head: list[Any] = [by, *(("measure",) if by != "measure" else ()), "unit", *QUANTITIES, "lines"]
    rows = [
        [each.group, *((each.measure.name,) if by != "measure" else ()), each.measure.unit,
         *(each[name] for name in QUANTITIES), each.lines]
        for each in rolled_up(standing, by)
    ]  # fmt: skip
    return [head, *rows]

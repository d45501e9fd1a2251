"""Each body's own purse: what it pays, what it saves in cash and in capacity, and what is left, year by year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sroi.appraisal.pockets import Pockets, Saver
from sroi.formulas import Array


@dataclass(frozen=True, eq=False)
class Purse:
    """One body. By year and undiscounted: `paid`, `cash` (savings that can be taken out) and `capacity` (the others).

    The three present values are discounted by the map's rule.
    """

    name: str
    paid: Array
    cash: Array
    capacity: Array
    paid_present: float
    cash_present: float
    capacity_present: float

    @property
    def net(self) -> Array:
        """Savings of both kinds less payments, by year, undiscounted."""
        return self.cash + self.capacity - self.paid

    @property
    def net_present(self) -> float:
        """Savings of both kinds less payments, at present value."""
        return self.cash_present + self.capacity_present - self.paid_present

    @property
    def net_cash_present(self) -> float:
        """Savings that can be taken out in cash less payments, at present value."""
        return self.cash_present - self.paid_present


def purses(found: Pockets) -> tuple[Purse, ...]:
    """Return a purse for each body that pays or saves: those that pay first, then by what they save."""
    none = np.zeros(len(found.years))
    lines: list[Purse] = []
    left = list(found.savers)
    for payer in found.payers:
        own = [each for each in left if found.is_own(payer, each)]
        left = [each for each in left if each not in own]
        lines.append(_purse(payer.name, payer.by_year, payer.present_value, own, none))
    rest: dict[str, list[Saver]] = {}
    for each in left:
        rest.setdefault(each.name, []).append(each)
    others = [_purse(name, none, 0.0, own, none) for name, own in rest.items()]
    return (*lines, *sorted(others, key=lambda each: -(each.cash_present + each.capacity_present)))


def _purse(name: str, paid: Array, paid_present: float, savers: list[Saver], none: Array) -> Purse:
    cash = [each for each in savers if each.cashable]
    capacity = [each for each in savers if not each.cashable]
    return Purse(
        name, paid, sum((each.by_year for each in cash), none), sum((each.by_year for each in capacity), none),
        paid_present, sum(each.present_value for each in cash), sum(each.present_value for each in capacity),
    )  # fmt: skip


def first_year_in_credit(purse: Purse) -> int | None:
    """Return the first year by whose end a body has saved at least what it paid, undiscounted; None if it never has.

    A body that pays nothing has no such year.
    """
    if not purse.paid.any():
        return None
    running = np.cumsum(purse.net)
    # From that year on it stays so: a later payment may undo an early saving.
    short = np.flatnonzero(running < -1e-9)
    first = int(short[-1]) + 1 if short.size else 0
    return first + 1 if first < len(running) else None

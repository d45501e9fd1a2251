"""What a register holds of each measure: in all, and what of it counts, by year of activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from sroi.commissioning.bridge.answers import Answers
from sroi.commissioning.delivery.form import STATES
from sroi.commissioning.delivery.register import Register
from sroi.commissioning.delivery.standing import REJECTED, Rules, Standing, due_steps, standing
from sroi.formulas import Array


@dataclass(frozen=True, eq=False)
class Quantity:
    """A measure's quantity: `told`, all that the register holds of it; `by_year`, what counts, one for each year.

    `outside`: what of that was delivered, or is due, before the first year or after the last, and was put into those.
    """

    told: float
    by_year: Array
    outside: float

    @property
    def counted(self) -> float:
        """What counts, over all years."""
        return float(self.by_year.sum())


def quantities(register: Register, answers: Answers) -> tuple[Standing, Mapping[str, Quantity]]:
    """Return the register's standing, and each measure's quantity on the basis that was asked for.

    Delivered: told is all that was claimed, evidenced or validated; what counts is in the states that count. Committed:
    both are what is promised as it stands now, in the year in which it is due.
    """
    how = standing(register, Rules(answers.on, answers.count))
    chosen = set(answers.settings["contracts"] or register.contracts)
    of_line = np.array([line.contract.id in chosen for line in how.lines], dtype=bool)
    if answers.settings["basis"] == "committed":
        steps = due_steps(how.lines, how.now)
        line, amount, day = steps.line, steps.quantity, steps.day
        told, counts = of_line[line], of_line[line]
    else:
        line, amount, day = how.line_of, how.net, register.day
        told = of_line[line] & (how.state != REJECTED)
        counts = told & np.isin(how.state, [STATES.index(state) for state in answers.count])
    order = list(register.measures)
    measure = np.array([order.index(each.measure.id) for each in how.lines], dtype=np.int64)[line]
    begin, years = answers.settings["starts"], answers.settings["years"]
    year = np.array([_year(begin, date.fromordinal(int(each))) for each in day], dtype=np.int64)
    outside = counts & ((year < 0) | (year >= years))
    cell = measure * years + np.clip(year, 0, years - 1)
    by_year = np.bincount(cell[counts], weights=amount[counts], minlength=len(order) * years).reshape(-1, years)
    whole, beyond = (
        np.bincount(measure[which], weights=amount[which], minlength=len(order)) for which in (told, outside)
    )
    return how, {
        name: Quantity(round(float(whole[at]), 9), np.round(by_year[at], 9), round(float(beyond[at]), 9))
        for at, name in enumerate(order)
    }


def _year(begin: date, day: date) -> int:
    """Return the year of activity in which a day lies, from 0; below 0 before the first."""
    return day.year - begin.year - ((day.month, day.day) < (begin.month, begin.day))

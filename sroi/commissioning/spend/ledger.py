"""A ledger as columns: each line's supplier, day, sum, place and tier, and why a line does not count, if it does not.

The file is read line by line; what is kept of a line is a few numbers. Sums are whole pennies, so that all lines are
equal to what counts and what is left out, to the penny. Nothing is dropped in silence: every line has its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sroi.commissioning.spend.headings import Columns
from sroi.commissioning.spend.postcodes import Postcode
from sroi.errors import Problem

Whole = NDArray[np.int64]

# Why a line does not count; 0 is a line that does. In the order in which the reasons are told.
COUNTED, NO_SUM, UNREAD, TOTAL, NO_DAY, OUTSIDE, CURRENCY, VAT, INTERNAL, INDIVIDUAL, DUPLICATE, TOLD = range(12)
REASONS = {
    NO_SUM: "no sum stands in the line",
    UNREAD: "the line cannot be read",
    TOTAL: "a line of totals within the ledger",
    NO_DAY: "no day that can be read, so that it cannot be placed in the period",
    OUTSIDE: "the day lies outside the period",
    CURRENCY: "another currency",
    VAT: "it is not known whether, or how much, VAT is in the sum",
    INTERNAL: "an internal transfer",
    INDIVIDUAL: "a payment to an individual, left out as the settings say",
    DUPLICATE: "a repeated line, dropped as the settings say",
    TOLD: "left out as the settings say (sheet Payees)",
}
NO_DATE = -1
DIRECT = 1
MOST_TOLD = 200


@dataclass(frozen=True)
class Where:
    """A postcode and place as a line gives them; `authority` is the code or name that the ledger itself states."""

    postcode: Postcode
    place: str = ""
    authority: str = ""


@dataclass
class Supplier:
    """One supplier as the ledger names it: by its id if it has one, else by its name as spelt."""

    name: str
    id: str
    row: int
    spellings: dict[str, int] = field(default_factory=dict)
    details: dict[tuple[str, ...], int] = field(default_factory=dict)


@dataclass
class Oddity:
    """Something met in the ledger that a reader should know: how often, with which sum, and the first rows."""

    lines: int = 0
    pennies: int = 0
    rows: list[int] = field(default_factory=list)

    def met(self, row: int, pennies: int = 0) -> None:
        """Count one line more."""
        self.lines += 1
        self.pennies += pennies
        if len(self.rows) < 5:
            self.rows.append(row)


@dataclass(frozen=True)
class Ledger:
    """Every line as columns of equal length, with what its numbers stand for.

    `written` is the sum of a line as the ledger has it [pennies], `counted` the same in the basis that is counted in
    (with or without VAT); `day` is a day's ordinal or NO_DATE; `same` and `alike` are equal for lines that repeat each
    other exactly, and nearly. `refused` holds the lines that cannot be read, the first MOST_TOLD of them.
    """

    columns: Columns
    row: Whole
    supplier: Whole
    day: Whole
    written: Whole
    counted: Whole
    where: Whole
    tier: Whole
    reason: Whole
    currency: Whole
    same: Whole
    alike: Whole
    suppliers: Sequence[Supplier]
    wheres: Sequence[Where]
    currencies: Sequence[str]
    refused: Sequence[Problem]
    oddities: dict[str, Oddity]
    sums_by_basis: dict[str, int]

    @property
    def lines(self) -> int:
        """How many lines the ledger has."""
        return len(self.row)

    def with_reasons(self, reason: Whole) -> Ledger:
        """Return the ledger with other reasons for its lines."""
        from dataclasses import replace

        return replace(self, reason=reason)


def month_of(day: int) -> str:
    """Return the month of a day's ordinal, "" for no day.

    >>> month_of(date(2025, 9, 12).toordinal()), month_of(NO_DATE)
    ('2025-09', '')
    """
    return "" if day == NO_DATE else date.fromordinal(day).strftime("%Y-%m")


@dataclass(frozen=True)
class LeftOut:
    """The lines that a reason leaves out: how many, and their sum by currency [pennies]; some lines have no sum."""

    reason: int
    lines: int
    sums: dict[str, int]

    @property
    def words(self) -> str:
        """The reason in words."""
        return REASONS[self.reason]


@dataclass(frozen=True)
class Reconciliation:
    """All lines of a ledger = those that count + those left out, in lines and to the penny.

    Sums in `currency`; `vat` is what bringing counted lines to one basis took out of them or put in (positive: taken
    out): total = counted direct + counted indirect + vat + left out.
    """

    currency: str
    lines: int
    total: int
    counted_lines: int
    direct: int
    indirect: int
    vat: int
    left_out: tuple[LeftOut, ...]

    @property
    def left_out_sum(self) -> int:
        """What is left out, in the ledger's own currency [pennies]."""
        return sum(each.sums.get(self.currency, 0) for each in self.left_out)

    @property
    def agrees(self) -> bool:
        """Whether both sides are equal, to the penny and to the line."""
        return (
            self.total == self.direct + self.indirect + self.vat + self.left_out_sum
            and self.lines == self.counted_lines + sum(each.lines for each in self.left_out)
        )


def reconcile(ledger: Ledger, currency: str) -> Reconciliation:
    """Return where every line and every penny of a ledger went."""
    counts = ledger.reason == COUNTED
    own = ledger.currency == ledger.currencies.index(currency)
    direct = counts & (ledger.tier == DIRECT)
    left = []
    for reason in REASONS:
        lines = ledger.reason == reason
        if lines.any():
            left.append(LeftOut(reason, int(lines.sum()), _by_currency(ledger, lines)))
    return Reconciliation(
        currency, ledger.lines, int(ledger.written[own].sum()), int(counts.sum()), int(ledger.counted[direct].sum()),
        int(ledger.counted[counts & ~direct].sum()), int((ledger.written - ledger.counted)[counts].sum()), tuple(left),
    )  # fmt: skip


def _by_currency(ledger: Ledger, lines: NDArray[np.bool_]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for place, currency in enumerate(ledger.currencies):
        of_it = lines & (ledger.currency == place)
        if of_it.any():
            sums[currency] = int(ledger.written[of_it].sum())
    return sums


def repeated(marks: Whole, counts: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], Whole]:
    """Return which counting lines repeat an earlier one of the same mark, and for each the first line of its mark.

    A mark of 0 is none: such a line repeats nothing.
    """
    again = np.zeros(len(marks), dtype=bool)
    first = np.arange(len(marks))
    (lines,) = np.nonzero(counts & (marks != 0))
    if len(lines):
        _, start, group = np.unique(marks[lines], return_index=True, return_inverse=True)
        first[lines] = lines[start[group]]
        again[lines] = first[lines] != lines
    return again, first


def totals_by(group: Any, pennies: Whole, size: int) -> list[int]:
    """Return the exact sum of pennies of each group, numbered from 0."""
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, group, pennies)
    return [int(each) for each in sums]

"""A column of shares: whether 25, 0.25 and 25 % mean the same is decided for the column as a whole, or refused."""

from __future__ import annotations

import re

from sroi.files.cells import CellNumber, hundredth, per_cent_format
from sroi.files.foreign_ledger import LABELS, Desk, address, figure, per_cent
from sroi.files.grid import column_letters

_WRITE_ALIKE = "Write all of them alike, such as 25%."


def read_shares(desk: Desk, name: str, column: int, rows: list[int], heading: str) -> dict[int, float]:
    """Return the share in each row of a column that holds one, as a number from 0 to 1."""
    bare: dict[int, float] = {}
    shares: dict[int, float] = {}
    label = LABELS[name]
    for row in rows:
        read = desk.parsed(row, column, name)
        if read is None:
            continue
        if read.value is None:
            desk.ledger.repair(f"{label} of row {row} left out: {read.repair}", desk.place(row, column))
        elif read.per_cent:
            _take_explicit(desk, label, row, column, read, shares)
        else:
            bare[row] = read.value
            if read.repair:
                desk.ledger.repair(f"{label} of row {row} read as a number: {read.repair}", desk.place(row, column))
    shares.update(_by_column(desk, label, column, bare, shares, heading))
    return shares


def _take_explicit(desk: Desk, label: str, row: int, column: int, read: CellNumber, shares: dict[int, float]) -> None:
    """Take a cell that says per cent itself, by its format or by its text."""
    value, place = float(read.value or 0.0), desk.place(row, column)
    cell = desk.cell(row, column)
    by_format = cell is not None and isinstance(cell.value, float) and per_cent_format(cell.number_format)
    if value > 1 and by_format and 2 <= value <= 100:
        shares[row] = hundredth(value)
        desk.ledger.repair(
            f"{label} of row {row} read as {per_cent(shares[row])}: the cell holds {figure(value)} "
            "with a percent sign in its format",
            place,
        )
    elif value > 1:
        desk.ledger.problem(
            f"{label} of row {row} is {per_cent(value)}, above 100 %", "Give a share of at most 100 %.", place
        )
    else:
        shares[row] = value
        if read.repair:
            desk.ledger.repair(f"{label} of row {row} read as {per_cent(value)}: {read.repair}", place)


def _by_column(
    desk: Desk, label: str, column: int, bare: dict[int, float], explicit: dict[int, float], heading: str
) -> dict[int, float]:
    """Return the shares that numbers without a percent sign stand for, judged by the whole column."""
    headed = bool(re.search(r"%|per ?cent|pct", heading, re.I))
    large = {row: value for row, value in bare.items() if value > 1}
    small = {row: value for row, value in bare.items() if 0 < value < 1}
    ones = {row: value for row, value in bare.items() if value == 1}
    if large and small:
        first, other = min(large), min(small)
        found = (
            f"{label} in column {column_letters(column)} mixes shares "
            f"({figure(small[other])} in {address(other, column)}) "
            f"and per cents ({figure(large[first])} in {address(first, column)})"
        )
        desk.ledger.problem(found, _WRITE_ALIKE, desk.place(first, column))
        return {}
    if large and any(value > 0 for value in explicit.values()):
        sample = min(row for row, value in explicit.items() if value > 0)
        for row, value in large.items():
            found = (
                f"{label} of row {row} is {figure(value)}, while {address(sample, column)} of the same column "
                f"is {per_cent(explicit[sample])}"
            )
            desk.ledger.problem(found, f"Write {figure(value)}% if that is meant.", desk.place(row, column))
        return {}
    if large:
        return _as_per_cents(desk, label, column, bare, ones, headed)
    if ones and not small and headed and not any(value > 0 for value in explicit.values()):
        row = min(ones)
        found = f"{label} of row {row} is 1 under a heading in per cent: 1 % or 100 %"
        desk.ledger.problem(found, "Write 1% or 100%.", desk.place(row, column))
        return {}
    if small and headed:
        row = min(small)
        desk.ledger.repair(
            f"{label} in column {column_letters(column)} read as shares of 1: {figure(small[row])} in "
            f"{address(row, column)} is {per_cent(small[row])}",
            desk.place(row, column),
        )
    return bare


def _as_per_cents(
    desk: Desk, label: str, column: int, bare: dict[int, float], ones: dict[int, float], headed: bool
) -> dict[int, float]:
    if ones and not headed:
        row = min(ones)
        found = f"{label} of row {row} is 1, in a column of per cents without a percent sign: 1 % or 100 %"
        desk.ledger.problem(found, "Write 1% or 100%.", desk.place(row, column))
        return {}
    for row, value in bare.items():
        if value > 100:
            found = f"{label} of row {row} is {figure(value)} %, above 100 %"
            desk.ledger.problem(found, "Give a share of at most 100 %.", desk.place(row, column))
    sample = min(row for row, value in bare.items() if value > 1)
    desk.ledger.repair(
        f"{label} in column {column_letters(column)} read in per cent: {figure(bare[sample])} in "
        f"{address(sample, column)} is {per_cent(hundredth(bare[sample]))}",
        desk.place(sample, column),
    )
    return {row: hundredth(value) for row, value in bare.items() if value <= 100}

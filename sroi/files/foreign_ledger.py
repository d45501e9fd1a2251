"""What a reading of a stranger's workbook notes on its way: guesses and repairs, and what cannot stand."""

from __future__ import annotations

from dataclasses import dataclass, field

from sroi.errors import Path, Problem
from sroi.files.cells import CellNumber, Notation, Unreadable, number_in
from sroi.files.grid import Cell, Sheet, column_letters

# How messages name what a column holds.
LABELS = {
    "stakeholder": "Stakeholder", "size": "Size", "outcome": "Outcome", "indicator": "Indicator",
    "quantity": "Quantity", "duration": "Duration", "starts": "Start", "proxy": "Proxy", "proxy_value": "Value",
    "deadweight": "Deadweight", "displacement": "Displacement", "attribution": "Attribution", "drop_off": "Drop-off",
    "input": "Input", "input_value": "Value of the input", "output": "Output",
    "output_quantity": "Quantity of the output",
}  # fmt: skip


@dataclass
class Ledger:
    """Guesses, repairs and problems, in the order in which they were met, none of them twice."""

    repairs: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def repair(self, words: str, place: str = "") -> None:
        """Note a guess or a repair, with the cell it concerns."""
        line = f"{words} ({place})" if place else words
        if line not in self.repairs:
            self.repairs.append(line)

    def problem(self, found: str, remedy: str, place: str = "", path: Path = ()) -> None:
        """Note what cannot stand, with its cell."""
        problem = Problem(found, remedy, cell=place, path=path)
        if problem not in self.problems:
            self.problems.append(problem)


@dataclass(frozen=True)
class Desk:
    """What every part of a reading works with: the sheet, how it writes numbers, and where to note things."""

    sheet: Sheet
    notation: Notation
    ledger: Ledger

    def cell(self, row: int, column: int | None) -> Cell | None:
        """Return a cell of the sheet, None if it is empty or has no column."""
        return self.sheet.cells.get((row, column)) if column is not None else None

    def place(self, row: int, column: int) -> str:
        """Return a cell's place as messages name it."""
        return self.sheet.place(row, column)

    def parsed(self, row: int, column: int | None, name: str, unit: str = "") -> CellNumber | None:
        """Return the number in a cell, or None; a cell that cannot stand is noted as a problem."""
        if column is None:
            return None
        try:
            return number_in(self.cell(row, column), self.notation, unit)
        except Unreadable as error:
            self.ledger.problem(
                f"{LABELS.get(name, name)} of row {row}: {error.found}", error.remedy, self.place(row, column)
            )
            return None

    def number(self, row: int, column: int | None, name: str, unit: str = "") -> float | None:
        """Return the number in a cell with its repair noted; None if there is none."""
        read = self.parsed(row, column, name, unit)
        if read is None or column is None:
            return None
        label = LABELS.get(name, name)
        if read.value is None:
            self.ledger.repair(f"{label} of row {row} left out: {read.repair}", self.place(row, column))
        elif read.repair:
            self.ledger.repair(
                f"{label} of row {row} read as {figure(read.value)}: {read.repair}", self.place(row, column)
            )
        return read.value


def figure(number: float) -> str:
    """Return a number as a sentence holds it."""
    return f"{number:.10g}"


def per_cent(share: float) -> str:
    """Return a share as a sentence holds it.

    >>> per_cent(0.25)
    '25 %'
    """
    return f"{share * 100:.10g} %"


def address(row: int, column: int) -> str:
    """Return a cell's address, such as K14."""
    return f"{column_letters(column)}{row}"

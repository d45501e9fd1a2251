"""A workbook as plain grids of cells: what every reader of .xlsx, .xlsm, .ods and .csv works on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

Value = str | float | bool | date | datetime | None


def column_letters(column: int) -> str:
    """Return a column's letters, 1 for A.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class Cell:
    """One cell: its value (for a formula the value stored with it), its formula if it has one, its number format."""

    row: int
    column: int
    value: Value
    formula: str | None = None
    number_format: str = "General"

    @property
    def address(self) -> str:
        """The cell's address, such as C14."""
        return f"{column_letters(self.column)}{self.row}"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells by (row, column) from 1, what is merged (top, left, bottom, right), what is hidden."""

    name: str
    cells: Mapping[tuple[int, int], Cell]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False

    @cached_property
    def last_row(self) -> int:
        """The last row that holds anything."""
        return max((row for row, _ in self.cells), default=0)

    @cached_property
    def last_column(self) -> int:
        """The last column that holds anything."""
        return max((column for _, column in self.cells), default=0)

    def value(self, row: int, column: int) -> Value:
        """Return what a cell holds, None for an empty one."""
        cell = self.cells.get((row, column))
        return cell.value if cell is not None else None

    def rows(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Yield each row that holds anything: its number, and its cells by column."""
        by_row: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in self.cells.items():
            by_row.setdefault(row, {})[column] = cell
        for row in sorted(by_row):
            yield row, dict(sorted(by_row[row].items()))

    def place(self, row: int, column: int) -> str:
        """Return a cell's place as messages name it."""
        return f"sheet {self.name}, cell {column_letters(column)}{row}"


@dataclass(frozen=True)
class Book:
    """A workbook: its file, its bytes, its sheets in order, its defined names (name to reference).

    `notes` says what a reader should know of the file itself: links to other files, macros, a text's encoding.
    """

    file: str
    content: bytes = field(repr=False)
    sheets: tuple[Sheet, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet of this name, whatever its case; None if there is none."""
        wanted = name.strip().lower()
        return next((sheet for sheet in self.sheets if sheet.name.strip().lower() == wanted), None)

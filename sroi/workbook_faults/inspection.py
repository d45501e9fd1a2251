"""What every check looks at: the book, what was read from it, and the rows of it that hold outcomes and inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sroi.evaluation import evaluate
from sroi.files.foreign import Printed, Reading
from sroi.files.sheets import Book, Sheet, column_letters
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.result import Result
from sroi.workbook_faults.grid import Address, Grid

# Fields that people fill in: in their columns a number among formulas may well belong.
FILLED_IN = frozenset({
    "quantity", "proxy", "proxy_value", "deadweight", "displacement", "attribution", "drop_off", "duration", "starts",
    "size", "share", "times", "weight", "rank", "value", "hours", "rate", "input_value", "output_quantity",
})  # fmt: skip

_PLACE = re.compile(r"sheet (?P<sheet>.+), cell (?P<column>[A-Z]{1,3})(?P<row>\d+)")


@dataclass(frozen=True)
class Table:
    """Rows that hold entries of one kind: `labels` what each is called, `counted` those that enter the total.

    `columns` names the columns that hold the map's own numbers (deadweight, value, ..).
    """

    what: str
    sheet: Sheet
    labels: dict[int, str]
    counted: frozenset[int]
    columns: dict[int, str]

    @property
    def rows(self) -> list[int]:
        """The rows, from the top."""
        return sorted(self.labels)

    @property
    def first(self) -> int:
        """The first row."""
        return min(self.labels)

    @property
    def last(self) -> int:
        """The last row."""
        return max(self.labels)

    def heading(self, column: int) -> str:
        """Return the words above a column, its letters if there are none."""
        for row in range(self.first - 1, max(0, self.first - 6), -1):
            value = self.sheet.value(row, column)
            if isinstance(value, str) and value.strip():
                return " ".join(value.split())[:60]
        return f"column {column_letters(column)}"


@dataclass(frozen=True)
class Inspection:
    """A stranger's workbook, opened for inspection."""

    book: Book
    reading: Reading
    impact_map: ImpactMap

    @cached_property
    def grid(self) -> Grid:
        """The cells and their formulas."""
        return Grid(self.book)

    @cached_property
    def result(self) -> Result:
        """What the map comes to, by our own reckoning."""
        return evaluate(self.impact_map)

    @cached_property
    def outcomes(self) -> Table | None:
        """The rows of outcomes, None if the reading does not tell them."""
        sheet = self.book.sheet(self.reading.sheet.strip())
        uncounted = self.impact_map.not_counted()
        entries = self.impact_map.outcomes
        if sheet is None or len(self.reading.rows) != len(entries) or not entries:
            return None
        labels = {row: entry.label for row, entry in zip(self.reading.rows, entries, strict=True)}
        counted = frozenset(
            row for row, entry in zip(self.reading.rows, entries, strict=True) if entry.id not in uncounted
        )
        columns = {column: field for field, column in self.reading.columns.items()}
        for path, place in self.reading.places.items():
            address = address_of(place)
            own = address is not None and address.sheet == sheet.name and address.row in labels
            if own and address is not None and len(path) == 3 and path[0] == "outcomes":
                columns.setdefault(address.column, str(path[2]))
        return Table("outcomes", sheet, labels, counted, columns)

    @cached_property
    def inputs(self) -> Table | None:
        """The rows of inputs with the columns of their values, None if the reading does not tell them."""
        labels: dict[int, str] = {}
        columns: dict[int, str] = {}
        sheets: set[str] = set()
        for path, place in self.reading.places.items():
            address = address_of(place)
            if len(path) < 3 or path[0] != "inputs" or path[2] != "value" or address is None:
                continue
            position = path[1]
            if isinstance(position, int) and position < len(self.impact_map.inputs):
                labels[address.row] = self.impact_map.inputs[position].label
                columns[address.column] = "value"
                sheets.add(address.sheet)
        sheet = self.book.sheet(sheets.pop()) if len(sheets) == 1 else None
        return Table("inputs", sheet, labels, frozenset(labels), columns) if sheet is not None else None

    def tables(self) -> Iterator[Table]:
        """Yield the tables that the reading tells of."""
        for table in (self.outcomes, self.inputs):
            if table is not None:
                yield table

    def finding(self, kind: str, severity: str, principle: int, at: Address, what: str, remedy: str) -> Finding:
        """Return a finding at a cell."""
        where = f"{at.sheet}!{column_letters(at.column)}{at.row}"
        return Finding(kind, severity, principle, where, what, remedy, self.grid.place(at))

    @cached_property
    def printed_at(self) -> dict[Address, Printed]:
        """The figures that the file prints, by their cells."""
        placed = ((address_of(printed.place), printed) for printed in self.reading.printed)
        return {address: printed for address, printed in placed if address is not None}

    def formula(self, at: Address) -> str:
        """Return a cell's formula as people see it, cut short; "" if it has none."""
        cell = self.grid.cell(at)
        text = "=" + cell.formula.removeprefix("=") if cell is not None and cell.formula else ""
        return text if len(text) <= 60 else f"{text[:57]}.."

    def name_of(self, at: Address) -> str:
        """Return what a cell is called: its line's label and its column's heading, or the words before it."""
        for table in self.tables():
            if table.sheet.name == at.sheet and at.row in table.labels:
                heading = table.heading(at.column)
                named = "" if table.what == "inputs" or heading.startswith("column ") else f", '{heading}'"
                return f"{table.labels[at.row]}{named}"
        return self.label(at)

    @cached_property
    def rate_cell(self) -> Address | None:
        """The cell that holds the discount rate: where it was read, else a number beside or below the words."""
        read = address_of(self.reading.places.get(("conventions", "discount_rate")))
        if read is not None and self.grid.number(read) is not None:
            return read
        for sheet in self.book.sheets:
            for (row, column), cell in sheet.cells.items():
                if isinstance(cell.value, str) and re.search(r"\bdiscount(ing)? rate\b", cell.value, re.IGNORECASE):
                    for spot in ((row, column + 1), (row, column + 2), (row, column + 3), (row + 1, column)):
                        number = self.grid.number(Address(sheet.name, *spot))
                        if number is not None and 0 <= number <= 0.3:
                            return Address(sheet.name, *spot)
        return None

    def label(self, at: Address) -> str:
        """Return the words that stand nearest before a cell in its row, "" if there are none."""
        sheet = self.grid.sheet(at.sheet)
        for column in range(at.column - 1, 0, -1) if sheet is not None else ():
            value = sheet.value(at.row, column) if sheet is not None else None
            if isinstance(value, str) and value.strip():
                return " ".join(value.split())[:60]
        return ""


def address_of(place: str | int | None) -> Address | None:
    """Return the cell that a place in words names, None if it names none.

    >>> address_of("sheet Map, cell H14")
    Address(sheet='Map', row=14, column=8)
    """
    found = _PLACE.fullmatch(place) if isinstance(place, str) else None
    if found is None:
        return None
    column = 0
    for letter in found["column"]:
        column = column * 26 + ord(letter) - 64
    return Address(found["sheet"], int(found["row"]), column)


def said(number: float) -> str:
    """Return a number as findings say it: money to the penny, small numbers to five digits.

    >>> said(81741.934), said(1.92901), said(0.035)
    ('81,741.93', '1.929', '0.035')
    """
    return f"{number:,.2f}" if abs(number) >= 100 else f"{number:.5g}"


def seen_from(other: Address, here: Address) -> str:
    """Return a cell's name as a formula on the sheet of `here` would write it."""
    name = f"{column_letters(other.column)}{other.row}"
    return name if other.sheet == here.sheet else f"{other.sheet}!{name}"


def listed(words: list[str], most: int = 4) -> str:
    """Return words as a sentence lists them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    shown = words[:most] + ([f"{len(words) - most} more"] if len(words) > most else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"

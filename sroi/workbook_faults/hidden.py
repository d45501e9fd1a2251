"""What is hidden and counts all the same: rows, columns and sheets."""

from __future__ import annotations

from collections.abc import Iterator

from sroi.files.sheets import Sheet, column_letters
from sroi.findings import Finding
from sroi.workbook_faults.grid import Address
from sroi.workbook_faults.inspection import FILLED_IN, Inspection, Table, said, seen_from

# A hidden row, column or sheet (its sheet's name, what, number): a cell of it, and a formula that reckons with it.
Used = dict[tuple[str, str, int], tuple[Address, Address]]


def hidden_faults(inspection: Inspection) -> Iterator[Finding]:
    """Yield hidden rows, columns and sheets whose numbers enter the total."""
    used = _used(inspection)
    for table in inspection.tables():
        hidden = set(table.counted) & table.sheet.hidden_rows
        for row in sorted(hidden):
            at = Address(table.sheet.name, row, min(table.columns, default=1))
            yield inspection.finding(
                "hidden_counts", "high", 6, at,
                f"row {row} is hidden and counts: '{table.labels[row]}'{_worth(inspection, table, row)}",
                "Show the row; a reader must see every line that counts.",
            )  # fmt: skip
    for sheet in inspection.book.sheets:
        yield from _hidden_columns(inspection, sheet, used)
        rows = {row for row in sheet.hidden_rows if (sheet.name, "row", row) in used}
        for table in inspection.tables():
            rows -= set(table.labels) if table.sheet.name == sheet.name else set()
        for row in sorted(rows):
            address, by = used[sheet.name, "row", row]
            yield inspection.finding(
                "hidden_counts", "medium", 6, address,
                f"row {row} is hidden, and {seen_from(by, address)} reckons with {seen_from(address, address)}"
                f"{_held(inspection, address)}",
                "Show the row; a reader must see every number that counts.",
            )  # fmt: skip
        if sheet.hidden and (sheet.name, "sheet", 0) in used:
            address, by = used[sheet.name, "sheet", 0]
            yield inspection.finding(
                "hidden_counts", "medium", 6, address,
                f"the sheet '{sheet.name}' is hidden, and {by.sheet}!{seen_from(by, by)} reckons with its cell "
                f"{seen_from(address, address)}{_held(inspection, address)}",
                "Show the sheet; a reader must see every number that counts.",
            )  # fmt: skip


def _worth(inspection: Inspection, table: Table, row: int) -> str:
    """Say what the line of a row adds to its total."""
    if table.what != "outcomes":
        return ""
    outcome = inspection.impact_map.outcomes[inspection.reading.rows.index(row)]
    result = inspection.result
    if outcome.id not in result.priced:
        return ""
    worth = float(result.present_value[result.priced.index(outcome.id)])
    return f", {said(worth)} of a present value of {said(result.total_present_value)}"


def _held(inspection: Inspection, address: Address) -> str:
    number = inspection.grid.number(address)
    return f" ({said(number)})" if number is not None else ""


def _hidden_columns(inspection: Inspection, sheet: Sheet, used: Used) -> Iterator[Finding]:
    for column in sorted(sheet.hidden_columns):
        table = next((each for each in inspection.tables() if each.sheet.name == sheet.name), None)
        read = table is not None and table.columns.get(column) in FILLED_IN
        if not read and (sheet.name, "column", column) not in used:
            continue
        letters = column_letters(column)
        if table is not None and any((row, column) in sheet.cells for row in table.labels):
            at, what = (
                Address(sheet.name, table.first, column),
                f"column {letters}, '{table.heading(column)}', is hidden and counts",
            )
        else:
            at, by = used[sheet.name, "column", column]
            cell = f"{seen_from(at, at)}{_held(inspection, at)}"
            what = f"column {letters} is hidden, and {seen_from(by, at)} reckons with {cell}"
        yield inspection.finding(
            "hidden_counts", "medium", 6, at, what, "Show the column; a reader must see every number that counts."
        )


def _used(inspection: Inspection) -> Used:
    """Return hidden rows, columns and sheets whose numbers a visible formula uses: a cell of each, and who uses it."""
    grid = inspection.grid
    found: Used = {}
    hidden = {
        sheet.name: sheet
        for sheet in inspection.book.sheets
        if sheet.hidden or sheet.hidden_rows or sheet.hidden_columns
    }
    for address, node in grid.formulas.items() if hidden else ():
        for area in grid.areas(node):
            home = grid.sheet(area.sheet or address.sheet)
            if home is None or home.name not in hidden:
                continue
            for other in grid.cells(area, address.sheet):
                if grid.number(other) in (None, 0.0):
                    continue
                if home.hidden and address.sheet != home.name:
                    found.setdefault((home.name, "sheet", 0), (other, address))
                if other.row in home.hidden_rows and address.row != other.row:
                    found.setdefault((home.name, "row", other.row), (other, address))
                if other.column in home.hidden_columns and address.column not in home.hidden_columns:
                    found.setdefault((home.name, "column", other.column), (other, address))
    return found

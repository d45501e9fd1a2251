"""Two tables of one workbook that tell the same outcome's number differently."""

from __future__ import annotations

from collections.abc import Iterator

from sroi import wording
from sroi.files.sheets import Sheet
from sroi.findings import Finding
from sroi.workbook_faults.grid import Address
from sroi.workbook_faults.inspection import Inspection, Table

# What a heading is called, and the number that it names. A table that speaks of the share claimed is left alone.
_FIELDS = {"deadweight": "deadweight", "displacement": "displacement", "attribution": "attribution",
           "drop-off": "drop_off", "drop off": "drop_off", "dropoff": "drop_off", "duration": "duration"}  # fmt: skip
_NOT_THE_NUMBER = ("claim", "after", "less ", "net of", "value", "reason", "source", "why")
# Tables for print are rounded: so much may a share, or a number of years, be off.
_ROUNDED = {"duration": 0.5}
_MOST_ROUNDED = 0.00501


def repeated_numbers(inspection: Inspection) -> Iterator[Finding]:
    """Yield each number of an outcome that another table, which names it in the same words, tells otherwise."""
    table = inspection.outcomes
    if table is None:
        return
    labels = [_plain(label) for label in table.labels.values()]
    rows = {_plain(label): row for row, label in table.labels.items() if labels.count(_plain(label)) == 1}
    columns = {field: column for column, field in table.columns.items() if field in _FIELDS.values()}
    for sheet in inspection.book.sheets:
        for (row, column), cell in sheet.cells.items():
            own = sheet.name == table.sheet.name and table.first - 6 <= row <= table.last
            if isinstance(cell.value, str) and not own and _plain(cell.value) in rows:
                yield from _beside(inspection, table, rows[_plain(cell.value)], columns, sheet, row, column)


def _beside(
    inspection: Inspection, table: Table, line: int, columns: dict[str, int], sheet: Sheet, row: int, after: int
) -> Iterator[Finding]:
    for column in range(after + 1, min(sheet.last_column, after + 20) + 1):
        cell = sheet.cells.get((row, column))
        field = _field_above(sheet, row, column)
        if field not in columns or cell is None or cell.formula is not None or not _is_number(cell.value):
            continue
        here, there = Address(sheet.name, row, column), Address(table.sheet.name, line, columns[field])
        shown, held = float(cell.value), inspection.grid.number(there)  # type: ignore[arg-type]
        if held is None or _agree(field, shown, held):
            continue
        words = [_said(each, field) for each in (shown, held)]
        yield inspection.finding(
            "tables_disagree", "high", 7, here,
            f"{table.labels[line]}: this table gives {words[0]} as its {field.replace('_', '-')}, the table that is "
            f"reckoned with {words[1]} ({inspection.grid.place(there)})",
            "Find out which of the two is right, and let the one table take it from the other.",
        )  # fmt: skip


def _field_above(sheet: Sheet, row: int, column: int) -> str:
    """Return the field that the nearest words above a cell name, "" if they name none."""
    for above in range(row - 1, 0, -1):
        value = sheet.value(above, column)
        if isinstance(value, str) and value.strip():
            words = value.lower()
            named = next((field for name, field in _FIELDS.items() if name in words), "")
            return "" if any(other in words for other in _NOT_THE_NUMBER) else named
    return ""


def _agree(field: str, shown: float, held: float) -> bool:
    """Say whether two numbers are one, rounded, in per cent, or the share claimed in place of that owed to others."""
    meant = [shown, shown / 100] if field != "duration" else [shown]
    meant += [1 - each for each in meant] if field == "attribution" else []
    return any(abs(each - held) <= _ROUNDED.get(field, _MOST_ROUNDED) for each in meant)


def _said(number: float, field: str) -> str:
    return f"{number:g} years" if field == "duration" else wording.per_cent(number)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())

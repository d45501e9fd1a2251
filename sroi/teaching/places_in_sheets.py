"""Which cells of a plain spreadsheet a fault in it concerns: its own, those that show it too, and its lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sroi.teaching.places import Cell, cell_at, plain_cell
from sroi.teaching.spreadsheet import ATTRIBUTION, HEADING_ROW, IMPACT, PRICE, SHEET, Spreadsheet

# Of each kind of fault whose own cell does not tell all: the row and column of further cells, 0 for a whole row.
_Further = Callable[[Spreadsheet, Cell], list[tuple[int, int]]]
_ALSO_WRONG: dict[str, _Further] = {
    "formula_changes": lambda sheet, cell: [(row, IMPACT) for row in sheet.rows if row >= cell.row],
    "rate_inside": lambda sheet, cell: [(row, sheet.present_value) for row in (*sheet.rows, HEADING_ROW)],
    "old_heading": lambda sheet, cell: [(row, PRICE) for row in (*sheet.rows, HEADING_ROW)],
    "tables_disagree": lambda sheet, cell: [(sheet.rows[0] + cell.row - 4, ATTRIBUTION)],
}
_SHOWS_IT: dict[str, _Further] = {
    "sum_misses_row": lambda sheet, cell: [(sheet.rows[-1], 0)],
    "sum_counts_twice": lambda sheet, cell: [(row, 0) for row in sheet.rows[-2:]],
    "input_not_summed": lambda sheet, cell: [(sheet.input_rows[0], 0)],
    "digit_swapped": lambda sheet, cell: [(sheet.total_row, sheet.present_value)],
    "rate_inside": lambda sheet, cell: [(5, 0)],
    "old_heading": lambda sheet, cell: [(4, 0)],
}


@dataclass(frozen=True)
class Concerned:
    """The cells that are wrong, those among which people look for it, and what the lines they stand in are called."""

    cells: tuple[Cell, ...]
    part: tuple[Cell, ...]
    called: tuple[str, ...]


def concerned(kind: str, where: str, sheet: Spreadsheet) -> Concerned:
    """Return what a fault of a kind at a cell concerns.

    Parameters: `where`, its own cell, such as Value map!L10; `sheet`, the spreadsheet before the fault was planted.
    """
    own = cell_at(where)
    if own is None:
        return Concerned((), (), ())
    also = _ALSO_WRONG[kind](sheet, own) if kind in _ALSO_WRONG else []
    cells = tuple(dict.fromkeys((own, *(plain_cell(SHEET, row, column) for row, column in also))))
    shown = _SHOWS_IT[kind](sheet, own) if kind in _SHOWS_IT else []
    whole_column = HEADING_ROW in {row for row, _ in also}
    rows = {row for row, column in shown if not column}
    rows |= {cell.row for cell in cells if cell.sheet == SHEET and not whole_column}
    part = [plain_cell(SHEET, row, column) for row in sorted(rows) for column in range(1, sheet.present_value + 1)]
    part += [plain_cell(SHEET, row, column) for row, column in shown if column]
    named = [(row, column) for row in sorted(rows) for column in (1, 2)]
    if whole_column:
        named.append((HEADING_ROW, also[0][1]))
    held = [sheet.cells[at].content for at in named if at in sheet.cells]
    called = dict.fromkeys(" ".join(words.split()) for words in held if isinstance(words, str) and words.strip())
    return Concerned(cells, tuple(dict.fromkeys((*cells, *part))), tuple(called))

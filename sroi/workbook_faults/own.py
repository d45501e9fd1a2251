"""Our own workbook, come back: whether the totals stored in it are still those of its map."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sroi.files.sheets import Book, column_letters
from sroi.findings import Finding, Findings
from sroi.result import Result

_TOTALS = ("total_inputs", "total_present_value", "net_present_value", "sroi_ratio")


def own_workbook_faults(book: Book, result: Result) -> Findings:
    """Return a finding for each named total whose stored value is not what the map comes to, or is typed over."""
    return Findings(_each(book, result))


def _each(book: Book, result: Result) -> Iterator[Finding]:
    for name in _TOTALS:
        found = re.fullmatch(r"'?([^'!]+)'?!\$([A-Z]+)\$(\d+)", book.names.get(name, ""))
        sheet = book.sheet(found[1]) if found else None
        if found is None or sheet is None:
            continue
        cell = next(
            (
                each
                for each in sheet.cells.values()
                if (column_letters(each.column), each.row) == (found[2], int(found[3]))
            ),
            None,
        )
        if cell is None:
            continue
        place, words = sheet.place(cell.row, cell.column), name.replace("_", " ").replace("sroi", "SROI")
        if cell.formula is None:
            yield Finding(
                "own_typed_over", "high", 7, place, f"the {words} is typed over: the cell holds no formula any more",
                "Take the workbook that sroi writes anew: sroi convert FROM.xlsx TO.xlsx.", place,
            )  # fmt: skip
        ours = float(getattr(result, name))
        if isinstance(cell.value, int | float) and abs(cell.value - ours) > 1e-6 * max(1.0, abs(ours)):
            yield Finding(
                "own_disagrees", "high", 7, place,
                f"the workbook shows {cell.value:,.4f} as {words}; recomputed from its cells it is {ours:,.4f}",
                "Open and save it in a spreadsheet; if it stays so, a formula was changed: write it anew with convert.",
                place,
            )  # fmt: skip

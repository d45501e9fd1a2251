"""Faults of single cells: errors, numbers stored as text, values from other files, values that are out of date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sroi.files.sheets import Cell
from sroi.findings import Finding
from sroi.workbook_faults.formulas import ERRORS, Area, Call, Node, Word, walk
from sroi.workbook_faults.grid import Address, Grid, Unknown
from sroi.workbook_faults.inspection import FILLED_IN, Inspection, Table, listed, said, seen_from

_NUMBER_AS_TEXT = re.compile(
    r"'?[-+(]?\s?[£$€]?\s?(?:\d{1,3}(?:[,\s]\d{3})+|\d+)(?:[.,]\d+)?\s?%?\)?'?",
)
_CALLS_OUT = {"WEBSERVICE", "RTD", "DDE", "CALL", "FILTERXML", "IMAGE"}


def cell_faults(inspection: Inspection) -> Iterator[Finding]:
    """Yield what is wrong with single cells."""
    yield from _errors(inspection)
    yield from _outside(inspection)
    yield from _texts(inspection)
    yield from _stale(inspection)
    yield from _unread(inspection)


# ---- errors ----


def _errors(inspection: Inspection) -> Iterator[Finding]:
    """Yield each error at its origin, with how many other cells show one because of it."""
    grid = inspection.grid
    errors: dict[Address, str] = {}
    for sheet in inspection.book.sheets:
        for (row, column), cell in sheet.cells.items():
            error = _error(cell)
            if error:
                errors[Address(sheet.name, row, column)] = error
    caused: dict[Address, set[Address]] = {address: set() for address in errors}
    origins: set[Address] = set()
    for address in errors:
        causes = [other for other in _precedents(inspection, address, 2_000) if other in errors and other != address]
        for cause in causes:
            caused[cause].add(address)
        if not causes or "#REF!" in _text(grid.cell(address)):
            origins.add(address)
    for address in sorted(origins):
        error = errors[address]
        reached: set[Address] = set()
        waiting = [address]
        while waiting:
            new = caused[waiting.pop()] - reached
            reached |= new
            waiting += new
        formula = f" in {inspection.formula(address)}" if inspection.formula(address) else ""
        also = f"; {len(reached)} more cell{'s show' if len(reached) > 1 else ' shows'} an error because of it"
        label = inspection.name_of(address)
        yield inspection.finding(
            "error_value", "high", 7, address,
            f"{f'{label}: ' if label else ''}the cell holds {error}, {_ERROR_WORDS.get(error, 'an error')}{formula}"
            f"{also if reached else ''}",
            "Mend the formula; until then no figure that rests on it can be believed.",
        )  # fmt: skip
    broken = sorted(name for name, reference in inspection.book.names.items() if "#REF!" in str(reference).upper())
    if broken:
        yield Finding(
            "broken_name", "low", 6, "defined names",
            f"the defined name{'s' if len(broken) > 1 else ''} {listed(broken)} refer{'' if len(broken) > 1 else 's'} "
            "to cells that no longer exist",
            "Delete them.",
        )  # fmt: skip


_ERROR_WORDS = {
    "#REF!": "a reference to a cell that was deleted",
    "#DIV/0!": "a division by nothing",
    "#NAME?": "a name or function that is not known",
    "#VALUE!": "a sum with something that is no number",
    "#N/A": "a value that was looked up and not found",
    "#NUM!": "a number that cannot be",
    "#NULL!": "two ranges that do not meet",
}


def _text(cell: Cell | None) -> str:
    return (cell.formula or "").upper() if cell is not None else ""


def _error(cell: Cell) -> str:
    """Return the error that a cell holds, or that its formula names; "" if none."""
    if "#REF!" in _text(cell):
        return "#REF!"
    held = cell.value.strip().upper() if isinstance(cell.value, str) else ""
    return held if held in ERRORS else ""


def _precedents(inspection: Inspection, address: Address, most: int) -> Iterator[Address]:
    count = 0
    for area in inspection.grid.areas(inspection.grid.formulas.get(address)):
        for other in inspection.grid.cells(area, address.sheet):
            count += 1
            if count > most:
                return
            yield other


# ---- other files ----


def _outside(inspection: Inspection) -> Iterator[Finding]:
    """Yield formulas that fetch values from elsewhere: the first of each source, with how many there are."""
    told: dict[str, list[Address]] = {}
    for sheet in inspection.book.sheets:
        for (row, column), cell in sheet.cells.items():
            address = Address(sheet.name, row, column)
            source = _source(inspection.grid.formulas.get(address)) if cell.formula else ""
            if source:
                told.setdefault(source, []).append(address)
    for source, cells in told.items():
        held = inspection.grid.number(cells[0])
        now = f"; it holds {said(held)}, as it was when last saved" if held is not None else ""
        more = f", and so do {len(cells) - 1} more" if len(cells) > 1 else ""
        yield inspection.finding(
            "external_link", "high", 6, cells[0],
            f"the formula takes a value from outside this workbook ({source[:60]}){more}{now}",
            "Copy the value in, with its source beside it.",
        )  # fmt: skip
    names = sorted(name for name, reference in inspection.book.names.items() if "[" in str(reference))
    if names:
        yield Finding(
            "external_link", "low", 6, "defined names",
            f"the defined name{'s' if len(names) > 1 else ''} {listed(names)} point{'' if len(names) > 1 else 's'} to "
            "another workbook",
            "Delete them, or copy the values in.",
        )  # fmt: skip


def _source(node: Node | None) -> str:
    """Return the workbook or service from which a formula takes a value; "" for none."""
    for part in walk(node):
        if isinstance(part, Area) and part.outside:
            return part.sheet or ""
        if isinstance(part, Word) and part.kind == "name" and "]" in part.text.partition("!")[0] and "!" in part.text:
            return part.text.partition("!")[0].strip("'")
        if isinstance(part, Call) and part.function in _CALLS_OUT:
            return part.function
    return ""


# ---- numbers stored as text ----


def _texts(inspection: Inspection) -> Iterator[Finding]:
    """Yield numbers stored as text where numbers belong: a sum leaves them out."""
    if inspection.book.file.lower().endswith((".csv", ".tsv", ".txt")):
        return  # all that such a file can hold is text
    summed = _summed(inspection)
    for sheet in inspection.book.sheets:
        for (row, column), cell in sorted(sheet.cells.items()):
            if not isinstance(cell.value, str) or cell.formula or not _is_number(cell.value):
                continue
            address = Address(sheet.name, row, column)
            in_sum = address in summed
            if not in_sum and not any(_numeric(inspection, table, address) for table in inspection.tables()):
                continue
            label = inspection.name_of(address)
            shown = cell.value.strip()[:30]
            total = f"; the sum in {seen_from(summed[address], address)} leaves it out" if in_sum else ""
            yield inspection.finding(
                "number_as_text", "high" if in_sum else "medium", 7, address,
                f"{f'{label}: ' if label else ''}'{shown}' is stored as a text, not as a number{total}",
                "Type it again as a number, in a cell whose format is not Text.",
            )  # fmt: skip


def _is_number(text: str) -> bool:
    """Say whether a text is a number as people write it.

    >>> [_is_number(text) for text in ("1,200", "£19.50", "25 %", "12.03.2024", "2019-20", "none")]
    [True, True, True, False, False, False]
    """
    return len(text) <= 40 and _NUMBER_AS_TEXT.fullmatch(text.strip()) is not None


def _summed(inspection: Inspection) -> dict[Address, Address]:
    """Return each text cell within a range that is summed, with the first cell that sums it."""
    found: dict[Address, Address] = {}
    for address, node in inspection.grid.formulas.items():
        for part in walk(node):
            if getattr(part, "function", "") not in ("SUM", "SUBTOTAL", "SUMPRODUCT", "PRODUCT", "NPV"):
                continue
            for area in (each for each in getattr(part, "arguments", ()) if isinstance(each, Area)):
                for other in inspection.grid.cells(area, address.sheet) if not area.one_cell else ():
                    cell = inspection.grid.cell(other)
                    if cell is not None and isinstance(cell.value, str):
                        found.setdefault(other, address)
    return found


def _numeric(inspection: Inspection, table: Table, at: Address) -> bool:
    """Say whether a cell lies in a line of a table, in a column that holds numbers."""
    if at.sheet != table.sheet.name or at.row not in table.labels:
        return False
    if table.columns.get(at.column) in FILLED_IN:
        return True
    others = [Address(at.sheet, row, at.column) for row in table.rows if row != at.row]
    held = [address for address in others if inspection.grid.cell(address) is not None]
    return len(held) > 1 and sum(inspection.grid.number(each) is not None for each in held) * 2 > len(held)


# ---- values stored with formulas ----


def _stale(inspection: Inspection) -> Iterator[Finding]:
    """Yield formulas whose stored value is not what the cells they refer to give."""
    grid = inspection.grid
    if grid.formulas and not grid.stored:
        numbers = [number for address in grid.formulas if (number := grid.number(address))]
        if numbers or all(_blank(grid.cell(address)) for address in grid.formulas):
            first = min(grid.formulas)
            yield inspection.finding(
                "never_calculated", "medium", 7, first,
                f"the {len(grid.formulas)} formulas of this workbook have no values stored with them: it was "
                "written by a program and never calculated",
                "Open it in a spreadsheet program, save it, and check it again.",
            )  # fmt: skip
        return
    fresh = grid.afresh()
    for address in grid.formulas:
        cell = grid.cell(address)
        stored = cell.value if cell is not None else None
        now = _reckoned(grid, address)
        if now is None or not isinstance(stored, float | int) or isinstance(stored, bool):
            continue
        parts = (abs(grid.number(each) or 0.0) for each in _precedents(inspection, address, 200))
        allowed = 1e-7 * max(abs(stored), abs(now), *parts, 1e-6)
        # A cell that rests on one that is out of date is not so itself.
        again = fresh.number(address) if abs(now - stored) > allowed else stored
        if again is None or abs(again - stored) > allowed:
            label, formula = inspection.name_of(address), inspection.formula(address)
            yield inspection.finding(
                "stale_value", "high", 7, address,
                f"{f'{label}: ' if label else ''}the cell shows {said(stored)}, but {formula} gives "
                f"{said(now)} from the cells it refers to",
                "Recalculate the workbook (F9), save it, and see which figures change.",
            )  # fmt: skip


def _reckoned(grid: Grid, address: Address) -> float | None:
    try:
        value = grid.reckon(grid.formulas[address], address.sheet)
    except Unknown:
        return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _blank(cell: Cell | None) -> bool:
    return cell is None or cell.value is None or cell.value == ""


def _unread(inspection: Inspection) -> Iterator[Finding]:
    """Say which formulas were not understood: nothing is claimed about them."""
    unread = inspection.grid.unread
    if unread:
        yield inspection.finding(
            "formula_not_read", "low", 7, unread[0],
            f"{len(unread)} formula{'s were' if len(unread) > 1 else ' was'} not understood here, and not checked",
            "Check them by hand.",
        )  # fmt: skip

"""Columns of formulas: numbers typed over them, formulas that change halfway down, constants hidden within."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from sroi import wording
from sroi.estimate import Estimate
from sroi.files.sheets import column_letters
from sroi.findings import Finding
from sroi.workbook_faults.formulas import Area, Call, Node, Number, Operation, moved, shape, walk
from sroi.workbook_faults.grid import Address, Grid, Unknown
from sroi.workbook_faults.inspection import FILLED_IN, Inspection, Table, said


def column_faults(inspection: Inspection) -> Iterator[Finding]:
    """Yield what is wrong with the columns of formulas beside the outcomes and inputs."""
    for table in inspection.tables():
        columns = {column for row, column in table.sheet.cells if row in table.labels}
        for column in sorted(columns):
            yield from _of_column(inspection, table, column)
    yield from _constants(inspection)


def _of_column(inspection: Inspection, table: Table, column: int) -> Iterator[Finding]:
    """Compare the formulas of a column's lines with each other."""
    grid, name = inspection.grid, table.sheet.name
    formulas = {row: node for row in table.rows if (node := grid.formulas.get(Address(name, row, column))) is not None}
    if len(formulas) < 2 or not any(isinstance(part, Area) for node in formulas.values() for part in walk(node)):
        return
    shapes = {row: shape(node, row, column, own_columns=True) for row, node in formulas.items()}
    (usual, number), *others = Counter(shapes.values()).most_common()
    model = next(row for row in formulas if shapes[row] == usual)
    typed = [
        row for row in table.rows
        if row not in formulas and grid.number(Address(name, row, column)) is not None
    ]  # fmt: skip
    if number >= 2 and number > len(typed):
        for row in typed:
            yield from _typed(inspection, table, Address(name, row, column), formulas[model], model)
    if number >= 2 and others and _filled(table, column) is None:
        yield from _changes(inspection, table, column, formulas, shapes, usual)
    if not others:
        yield from _slides(inspection, table, column, formulas)


def _filled(table: Table, column: int) -> str | None:
    field = table.columns.get(column)
    return field if field in FILLED_IN else None


def _typed(inspection: Inspection, table: Table, at: Address, node: Node, model: int) -> Iterator[Finding]:
    """Yield a number that stands where the column's other lines have a formula."""
    held = inspection.grid.number(at)
    if held is None:
        return
    filled = _filled(table, at.column)
    if held == 0 and filled is None and _shorter(inspection, table, at.row):
        return  # the years after a change has ended
    would = _reckoned(inspection.grid, moved(node, at.row - model), at.sheet)
    same = would is not None and abs(would - held) <= max(0.005, 1e-6 * abs(held))
    heading = table.heading(at.column)
    gives = "" if would is None else "; the formula gives the same today" if same else f"; it gives {said(would)}"
    yield inspection.finding(
        "typed_over_formula", "low" if same else "medium" if filled else "high", 7, at,
        f"{table.labels[at.row]}: '{heading}' is typed as {said(held)}, where the other lines have a formula{gives}",
        "Put the formula back, or say beside it why this line differs.",
    )  # fmt: skip


def _shorter(inspection: Inspection, table: Table, row: int) -> bool:
    """Say whether the outcome of a row ends before others do."""
    if table.what != "outcomes":
        return False
    lasting = [each.duration.base if each.duration is not None else 1.0 for each in inspection.impact_map.outcomes]
    durations = dict(zip(inspection.reading.rows, lasting, strict=True))
    return durations[row] < max(lasting)


def _reckoned(grid: Grid, node: Node, home: str) -> float | None:
    try:
        value = grid.reckon(node, home)
    except Unknown:
        return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _changes(
    inspection: Inspection,
    table: Table,
    column: int,
    formulas: dict[int, Node],
    shapes: dict[int, str],
    usual: str,
) -> Iterator[Finding]:
    """Yield the lines whose formula is not the column's usual one: once for each run of lines alike."""
    grid, name = inspection.grid, table.sheet.name
    model = next(row for row in formulas if shapes[row] == usual)
    rows = list(formulas)
    breaks = [rows[0], *(later for before, later in pairwise(rows) if shapes[later] != shapes[before])]
    for start in breaks:
        begins = start == rows[0] and "R[-" in usual and shapes[rows[1]] == usual  # a running total begins otherwise
        if shapes[start] == usual or begins:
            continue
        run = [row for row in rows if row >= start]
        end = next((place for place, row in enumerate(run) if shapes[row] != shapes[start]), len(run))
        run = run[:end]
        at = Address(name, start, column)
        would, now = _reckoned(grid, moved(formulas[model], start - model), name), grid.number(at)
        if would is not None and now is not None and abs(would - now) <= 1e-9 * max(1.0, abs(now)):
            effect, severity = "; both give the same today", "low"
        elif would is not None and now is not None:
            effect, severity = f"; it gives {said(now)}, the usual formula {said(would)}", "high"
        else:
            effect, severity = "", "medium"
        lines = "one line" if len(run) == 1 else f"{len(run)} lines, down to row {run[-1]}"
        yield inspection.finding(
            "formula_changes", severity, 7, at,
            f"{table.labels[start]}: the formula of '{table.heading(column)}' changes here for {lines}: "
            f"{inspection.formula(at)}, where {column_letters(column)}{model} has "
            f"{inspection.formula(Address(name, model, column))}{effect}",
            "Use one formula for the whole column, or say why these lines differ.",
        )  # fmt: skip


def _slides(inspection: Inspection, table: Table, column: int, formulas: dict[int, Node]) -> Iterator[Finding]:
    """Yield a reference without $ that slides off its cell as the formula is copied down."""
    grid, name = inspection.grid, table.sheet.name
    rows = list(formulas)
    first = rows[0]
    for number, area in enumerate(part for part in walk(formulas[first]) if isinstance(part, Area)):
        if not area.one_cell or area.fixed[0] or area.outside or area.top == first or len(rows) < 2:
            continue
        home = (area.sheet or name).lower()
        if home == name.lower() and area.top in table.labels:
            continue
        seen = [[part for part in walk(formulas[row]) if isinstance(part, Area)][number] for row in rows]
        cells = [Address(area.sheet or name, each.top, each.left) for each in seen]
        if grid.number(cells[0]) is None:
            continue
        off = [place for place, cell in enumerate(cells) if grid.number(cell) is None]
        if off:
            at, cell = Address(name, rows[off[0]], column), cells[off[0]]
            what = "an empty cell" if grid.cell(cell) is None else "a cell that holds no number"
            here, model = seen[off[0]].address, f"{column_letters(column)}{first}"
            yield inspection.finding(
                "reference_slides", "high", 7, at,
                f"{table.labels[rows[off[0]]]}: the formula of '{table.heading(column)}' refers to {here}, "
                f"{what}; that of {model} refers to {area.address}, and slid down as it was copied",
                f"Fix the reference with $ signs, as ${column_letters(area.left)}${area.top}, and copy it down again.",
            )  # fmt: skip


# ---- constants within formulas ----


def _constants(inspection: Inspection) -> Iterator[Finding]:
    """Yield discount rates and other factors that stand within formulas, once for each row or column alike."""
    told: dict[tuple[str, str, str], tuple[Address, list[Address]]] = {}
    for address, node in inspection.grid.formulas.items():
        for part in walk(node):
            rate = _rate_within(part)
            if rate is not None:
                key = (address.sheet, "rate", f"{rate:.6g}")
                cells = told.setdefault(key, (address, []))[1]
                cells += [] if address in cells[-1:] else [address]
    for (_, _, text), (address, cells) in told.items():
        yield _hidden_rate(inspection, address, float(text), cells)
    rates = {cell for address, cells in told.values() for cell in cells}
    yield from _hidden_factors(inspection, rates)


def _rate_within(node: Node) -> float | None:
    """Return the discount rate that a part of a formula holds: 1.035^2, (1+3.5%)^2, /1.035, NPV(3.5%, ..)."""
    if isinstance(node, Operation) and node.operator == "^":
        return _growth(node.left)
    if isinstance(node, Operation) and node.operator == "/":
        return _growth(node.right)
    if isinstance(node, Call) and node.function in ("NPV", "PV", "XNPV") and node.arguments:
        rate = _literal(node.arguments[0])
        return rate if rate is not None and 0 < rate <= 0.2 else None
    return None


def _literal(node: Node | None) -> float | None:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Operation) and node.operator == "%" and isinstance(node.left, Number):
        return node.left.value / 100
    return None


def _growth(node: Node | None) -> float | None:
    """Return r of a literal 1 + r between 0 and 20 %."""
    number = _literal(node)
    if number is not None:
        return number - 1 if 1 < number <= 1.2 else None
    if isinstance(node, Operation) and node.operator == "+":
        one, rate = _literal(node.left), _literal(node.right)
        if one is not None and rate is not None and one == 1 and 0 < rate <= 0.2:
            return rate
    return None


def _hidden_rate(inspection: Inspection, at: Address, rate: float, cells: list[Address]) -> Finding:
    more = f" and {len(cells) - 1} more formulas" if len(cells) > 1 else ""
    own = inspection.impact_map.conventions.discount_rate
    held = inspection.rate_cell
    known = own.base if isinstance(own, Estimate) else None
    severity, beside = "medium", ""
    if held is not None:
        stated = inspection.grid.number(held) or 0.0
        name = f"{held.sheet}!{column_letters(held.column)}{held.row}"
        if abs(stated - rate) < 1e-9:
            beside = f"; {name} holds the same rate, and changing it would change nothing here"
        else:
            severity, beside = "high", f"; {name} states {wording.per_cent(stated, 2)}"
    elif known is not None and abs(known - rate) > 1e-9:
        severity, beside = "high", f"; the map is reckoned here at {wording.per_cent(known, 2)}"
    return inspection.finding(
        "rate_in_formula", severity, 6, at,
        f"a discount rate of {wording.per_cent(rate, 2)} stands within the formula "
        f"{inspection.formula(at)}{more}{beside}",
        "Put the rate into one labelled cell, and let every formula refer to it.",
    )  # fmt: skip


def _hidden_factors(inspection: Inspection, known: set[Address]) -> Iterator[Finding]:
    """Yield other factors that stand within the reckoned columns of the outcomes."""
    table = inspection.outcomes
    if table is None:
        return
    told: dict[tuple[int, float], list[Address]] = {}
    filled = {column for column in table.columns if _filled(table, column)}
    columns = {column for row, column in table.sheet.cells if row in table.labels} - filled
    for row in table.rows:
        for column in sorted(columns):
            address = Address(table.sheet.name, row, column)
            node = inspection.grid.formulas.get(address)
            if node is None or address in known or not any(isinstance(part, Area) for part in walk(node)):
                continue
            for factor in _factors(node):
                cells = told.setdefault((column, factor), [])
                if address not in cells:
                    cells.append(address)
    for (column, factor), cells in told.items():
        more = f" and {len(cells) - 1} more lines" if len(cells) > 1 else ""
        cut = f", which takes {wording.per_cent(1 - factor, 2)} off" if 0 < factor < 1 else ""
        yield inspection.finding(
            "factor_in_formula", "medium", 6, cells[0],
            f"{table.labels[cells[0].row]}{more}: the formula of '{table.heading(column)}' holds the factor "
            f"{factor:.6g}{cut}: {inspection.formula(cells[0])}",
            "Give the factor its own column with a heading and a source.",
        )  # fmt: skip


def _factors(node: Node) -> Iterator[float]:
    """Yield the numbers by which a formula multiplies or divides, save 0, 1 and 100."""
    for part in walk(node):
        if not isinstance(part, Operation) or part.operator not in ("*", "/"):
            continue
        for side, divides in ((part.left, False), (part.right, part.operator == "/")):
            number = _literal(side)
            if number is None and isinstance(side, Operation) and side.operator == "-" and side.left is not None:
                one, off = _literal(side.left), _literal(side.right)
                number = 1 - off if one == 1 and off is not None else None
            if number is not None and number not in (0.0, 1.0, -1.0, 100.0):
                yield 1 / number if divides else number

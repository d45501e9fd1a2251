"""Sums that miss a line, take in what is none, or count a table twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from sroi.files.sheets import column_letters
from sroi.findings import Finding
from sroi.workbook_faults.formulas import Area, Call, Node, Operation, Word, shape, walk
from sroi.workbook_faults.grid import Address, Grid
from sroi.workbook_faults.inspection import Inspection, Table, listed, said, seen_from

MOST_LEAVES, MOST_FOLLOWED = 5_000, 1_000_000

Leaves = Counter[Address]


def sum_faults(inspection: Inspection) -> Iterator[Finding]:
    """Yield what is wrong with the sums of a workbook."""
    for table in inspection.tables():
        yield from _of_table(inspection, table)
    yield from _counted_twice(inspection)
    yield from _neighbour_left_out(inspection)


# ---- what a sum adds up ----


def _terms(node: Node | None, grid: Grid, sign: int = 1) -> list[tuple[int, Area, bool]] | None:
    """Return what a formula adds up as (sign, area, whether within a SUM); None if it does more than add."""
    if isinstance(node, Area):
        return [(sign, node, False)]
    if isinstance(node, Word) and node.kind == "name":
        named = grid.area(node.text)
        return [(sign, named, False)] if named is not None else None
    if isinstance(node, Operation) and node.operator in ("+", "-"):
        right = _terms(node.right, grid, sign if node.operator == "+" else -sign)
        left = [] if node.left is None else _terms(node.left, grid, sign)
        return None if left is None or right is None else left + right
    if isinstance(node, Call) and node.function in ("ROUND", "IFERROR") and node.arguments:
        return _terms(node.arguments[0], grid, sign)
    if isinstance(node, Call) and node.function in ("SUM", "SUBTOTAL"):
        parts = node.arguments[1:] if node.function == "SUBTOTAL" else node.arguments
        each = [_terms(part, grid, sign) for part in parts]
        if any(found is None for found in each):
            return None
        return [(s, area, True) for found in each for s, area, _ in found or ()]
    return None


class _Adder:
    """Follows sums down to the cells that are no sums; `stop` says which cells are not looked into."""

    def __init__(self, grid: Grid, stop: Callable[[Address], bool]) -> None:
        self.grid = grid
        self.stop = stop
        self.known: dict[Address, Leaves] = {}
        self.spent = 0

    def direct(self, address: Address) -> Leaves | None:
        """Return the cells that a sum adds itself, with how often; None if the cell is no sum."""
        node = self.grid.formulas.get(address)
        terms = _terms(node, self.grid) if node is not None else None
        if terms is None:
            return None
        found: Leaves = Counter()
        subtotals = isinstance(node, Call) and node.function == "SUBTOTAL"
        for sign, area, in_sum in terms:
            for other in self.grid.cells(area, address.sheet):
                skipped = subtotals and self.grid.is_subtotal(other)
                if len(found) < MOST_LEAVES and not skipped and (in_sum or area.one_cell):
                    found[other] += sign
        return found

    def leaves(self, address: Address, depth: int = 0) -> Leaves:
        """Return the cells that a cell adds up in the end, with how often each."""
        if address in self.known:
            return self.known[address]
        self.known[address] = Counter({address: 1})
        followed = depth < 40 and self.spent < MOST_FOLLOWED and not self.stop(address)
        direct = self.direct(address) if followed else None
        if direct is not None and address not in direct:
            found: Leaves = Counter()
            for other, times in direct.items():
                for leaf, each in self.leaves(other, depth + 1).items():
                    if len(found) < MOST_LEAVES:
                        found[leaf] += times * each
            self.spent += len(found)
            self.known[address] = found
        return self.known[address]


# ---- sums over the lines of a table ----


def _of_table(inspection: Inspection, table: Table) -> Iterator[Finding]:
    grid, sheet = inspection.grid, table.sheet

    def own(address: Address) -> bool:
        return address.sheet == sheet.name and address.row in table.labels

    adder = _Adder(grid, own)
    sums: dict[Address, dict[int, set[int]]] = {}
    for address, node in grid.formulas.items():
        if own(address) or isinstance(node, Area):
            continue
        covered = _covered(adder, address, node, table)
        if covered:
            sums[address] = covered
    missed = {
        address: set().union(
            *(_missed(inspection, table, address, column, rows, sums) for column, rows in covered.items())
        )
        for address, covered in sums.items()
    }
    told: set[tuple[str, int, frozenset[int]]] = set()
    for address, covered in sums.items():
        yield from _takes_in(inspection, table, address, adder)
        alike = (address.sheet, address.row, frozenset(missed[address]))
        if missed[address] and alike not in told:
            told.add(alike)
            twins = sum((other.sheet, other.row, frozenset(rows)) == alike for other, rows in missed.items()) - 1
            yield _misses(inspection, table, address, covered, missed[address], twins)


def _covered(adder: _Adder, address: Address, node: Node, table: Table) -> dict[int, set[int]]:
    """Return the rows of the table that a cell adds itself, by column; {} if it adds only one without a SUM."""
    direct = adder.direct(address)
    if direct is None:  # a sum within a larger formula, such as SUM(X14:X20)/C3
        direct = Counter()
        for part in walk(node):
            if isinstance(part, Call) and part.function in ("SUM", "SUBTOTAL", "SUMPRODUCT"):
                for area in (each for each in part.arguments if isinstance(each, Area) and not each.one_cell):
                    direct.update(adder.grid.cells(area, address.sheet))
    covered: dict[int, set[int]] = {}
    for cell in direct:
        if cell.sheet == table.sheet.name and cell.row in table.counted and _belongs(table, cell.column):
            covered.setdefault(cell.column, set()).add(cell.row)
    called = any(isinstance(part, Call) and part.function in ("SUM", "SUBTOTAL") for part in walk(node))
    return {column: rows for column, rows in covered.items() if len(rows) > 1 or called}


def _belongs(table: Table, column: int) -> bool:
    """Say whether a column is one of the table's: inputs and outputs often stand beside outcomes, on the same rows."""
    field = table.columns.get(column)
    return field == "value" if table.what == "inputs" else field not in ("input_value", "output_quantity")


def _missed(
    inspection: Inspection,
    table: Table,
    address: Address,
    column: int,
    rows: set[int],
    sums: dict[Address, dict[int, set[int]]],
) -> set[int]:
    """Return the rows with a number other than 0 that a total leaves out; {} for one that is but a part."""
    name = table.sheet.name
    wanted = {row for row in table.counted if inspection.grid.number(Address(name, row, column))}
    missed = wanted - rows
    if not missed or len(rows) < 2:
        return set()
    others = [each.get(column, set()) for other, each in sums.items() if other != address]
    if address.sheet == name and table.first < address.row < table.last:
        # A subtotal between the lines: only a line beside its own that no sum takes up is missed.
        beside = {row for row in missed if row + 1 in rows or row - 1 in rows}
        return beside - set().union(*others)
    apart: set[int] = set()
    for other in sorted(others, key=len):
        if other and not other & rows and not other & apart:
            apart |= other
    if missed <= apart:
        return set()  # one of several parts that make up the whole
    label = inspection.label(address).lower()
    if address in inspection.printed_at or ("total" in label and "sub" not in label):
        return missed
    foot = address.sheet == name and address.column == column
    part = any(other >= rows | missed for other in others)  # another sum is the whole
    return missed if foot and not part else set()


def _misses(
    inspection: Inspection,
    table: Table,
    address: Address,
    covered: dict[int, set[int]],
    missed: set[int],
    twins: int,
) -> Finding:
    column = max(covered, key=lambda each: len(covered[each]))
    name, rows = table.sheet.name, covered[column]
    lost = sum(inspection.grid.number(Address(name, row, each)) or 0.0 for row in missed for each in covered)
    ends = [
        f"the {end} line, "
        for end, row in (("first", min(table.counted)), ("last", max(table.counted)))
        if missed == {row}
    ]
    cells = listed([f"{column_letters(column)}{row} ({table.labels[row]})" for row in sorted(missed)])
    now = inspection.grid.number(address)
    sums = f"; it holds {said(now)}, with {'it' if len(missed) == 1 else 'them'} {said(now + lost)}" if now else ""
    also = f"; so do {twins} other sum{'s' if twins > 1 else ''} of row {address.row}" if twins else ""
    return inspection.finding(
        "sum_misses_rows", "high", 7, address,
        f"the sum adds {len(rows)} lines of {table.what} and leaves out {ends[0] if ends else ''}{cells}{sums}{also}",
        "Let the sum take in every line, or say why one is left out.",
    )  # fmt: skip


def _takes_in(inspection: Inspection, table: Table, address: Address, adder: _Adder) -> Iterator[Finding]:
    """Yield what a sum adds beside the lines of the table: a heading's number, itself, a line that does not count."""
    direct = adder.direct(address) or Counter()
    columns = {cell.column for cell in direct if cell.sheet == table.sheet.name and cell.row in table.counted}
    if address in direct:
        yield inspection.finding(
            "sum_takes_in_more", "high", 7, address, "the sum takes in its own cell, and so has no value",
            "End the range above the cell.",
        )  # fmt: skip
    beside = [
        cell for cell in direct
        if cell != address and cell.sheet == table.sheet.name and cell.column in columns
        and _belongs(table, cell.column) and cell.row not in table.counted and inspection.grid.number(cell)
        and adder.direct(cell) is None
    ]  # fmt: skip
    if address.sheet == table.sheet.name and address.row in table.labels:
        return
    for cell in beside:
        number = said(inspection.grid.number(cell) or 0.0)
        name = f"{column_letters(cell.column)}{cell.row}"
        if cell.row in table.labels:
            what = f"the sum adds {name}, {number}: '{table.labels[cell.row]}' is said not to count"
        elif cell.row < table.first:
            what = f"the sum takes in {name}, the {number} of a heading above the {table.what}"
        else:
            label = inspection.label(cell)
            what = (
                f"the sum takes in {name}, {number}{f' ({label})' if label else ''}, which is no line of {table.what}"
            )
        severity = "high" if cell.row < table.first else "medium"
        yield inspection.finding(
            "sum_takes_in_more", severity, 7, address, what, "Let the range hold the lines and nothing else."
        )


# ---- anything that is added twice ----


def _counted_twice(inspection: Inspection) -> Iterator[Finding]:
    grid = inspection.grid
    adder = _Adder(grid, lambda address: False)
    for address in grid.formulas:
        direct = adder.direct(address)
        if direct is None or sum(map(abs, direct.values())) < 2 or address in direct:
            continue
        twice = [leaf for leaf, times in adder.leaves(address).items() if times > 1 and grid.number(leaf)]
        worse_below = any(times > 1 for part in direct for times in adder.leaves(part).values())
        if not twice or worse_below:
            continue
        extra = sum((adder.leaves(address)[leaf] - 1) * (grid.number(leaf) or 0.0) for leaf in twice)
        names = listed([seen_from(leaf, address) for leaf in sorted(twice)], 3)
        now = grid.number(address)
        sums = f"; it holds {said(now)}, with each counted once {said(now - extra)}" if now is not None else ""
        yield inspection.finding(
            "counted_twice", "high", 5, address,
            f"the sum counts more than once{_through(adder, direct, twice[0], address)}: {names}{sums}",
            "Add either the lines or their subtotal, not both.",
        )  # fmt: skip


def _through(adder: _Adder, direct: Leaves, leaf: Address, address: Address) -> str:
    """Say by which of its own parts a sum reaches a cell twice."""
    ways = [part for part in direct if part != leaf and leaf in adder.leaves(part)]
    return f" (through {listed([seen_from(part, address) for part in ways])})" if ways else ""


# ---- a range that stops one cell short ----


def _neighbour_left_out(inspection: Inspection) -> Iterator[Finding]:
    """Yield sums whose range stops before a cell that is made like those it adds."""
    grid = inspection.grid
    tables = list(inspection.tables())
    sums = [
        (address, area, sheet.name)
        for address, node in grid.formulas.items()
        for part in walk(node)
        if isinstance(part, Call) and part.function == "SUM"
        for area in part.arguments
        if isinstance(area, Area)
        and not area.one_cell
        and (sheet := grid.sheet(area.sheet or address.sheet)) is not None
    ]
    along: dict[tuple[str, bool, int], list[Area]] = {}
    for _, area, name in sums:
        flat = area.top == area.bottom
        along.setdefault((name, flat, area.top if flat else area.left), []).append(area)
    told: Counter[tuple[str, int, str]] = Counter()
    first: dict[tuple[str, int, str], tuple[Address, Area, Address]] = {}
    for address, area, name in sums:
        flat, tall = area.top == area.bottom, area.left == area.right
        if flat == tall or (tall and _told_by_table(area, name, tables)):
            continue
        left_out = _left_out(grid, area, address, name)
        if left_out is not None and not _a_part(along[name, flat, area.top if flat else area.left], area, left_out):
            key = (address.sheet, address.column, shape(grid.formulas[address], address.row, address.column))
            told[key] += 1
            first.setdefault(key, (address, area, left_out))
    for key, (address, area, left_out) in first.items():
        more = f"; so do {told[key] - 1} more formulas of this column" if told[key] > 1 else ""
        yield inspection.finding(
            "sum_misses_rows", "medium", 7, address,
            f"the sum adds {area.address} and stops before {column_letters(left_out.column)}{left_out.row}, "
            f"{said(grid.number(left_out) or 0.0)}, a cell made like those it adds{more}",
            "Let the sum take it in, or say why it is left out.",
        )  # fmt: skip


def _a_part(sums: list[Area], area: Area, beside: Address) -> bool:
    """Say whether a range is one part of a whole: another sum takes up the cell beside it, with all of it or none."""
    return any(
        other.holds(beside.row, beside.column)
        and other.holds(area.top, area.left) == other.holds(area.bottom, area.right)
        for other in sums
    )


def _told_by_table(area: Area, name: str, tables: list[Table]) -> bool:
    return any(
        table.sheet.name == name
        and _belongs(table, area.left)
        and any(area.top <= row <= area.bottom for row in table.labels)
        for table in tables
    )


def _left_out(grid: Grid, area: Area, address: Address, name: str) -> Address | None:
    """Return the cell just beyond a range that is made like the range's last one, None if there is none."""
    down, across = int(area.top != area.bottom), int(area.top == area.bottom)
    for row, column, step in ((area.top, area.left, -1), (area.bottom, area.right, 1)):
        edge = Address(name, row, column)
        beside = Address(name, row + step * down, column + step * across)
        beyond = Address(name, beside.row + step * down, beside.column + step * across)
        if beside == address or not grid.number(beside) or grid.number(edge) is None:
            continue
        node, other = grid.formulas.get(edge), grid.formulas.get(beside)
        if node is None and other is None and beyond == address:
            return beside
        if node is None or other is None or not any(isinstance(part, Area) for part in walk(node)):
            continue
        if shape(other, beside.row, beside.column) == shape(node, row, column):
            return beside
    return None

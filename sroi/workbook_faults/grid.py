"""A workbook's cells with their formulas as trees, and a small reckoner that checks the values stored with them.

The reckoner knows arithmetic and a few functions. What it does not know it says it does not know: it never guesses,
and it runs nothing of the file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from copy import copy
from typing import NamedTuple

from sroi.files.sheets import Book, Cell, Sheet, Value
from sroi.workbook_faults.formulas import ERRORS, Area, Call, Node, Number, Operation, Unreadable, Word, area_of, parse

MOST_FORMULAS, MOST_VISITS = 30_000, 5_000_000


class Unknown(Exception):
    """A value that the reckoner cannot know."""


class Address(NamedTuple):
    """A cell of the book: its sheet's name, row and column."""

    sheet: str
    row: int
    column: int


class Grid:
    """All cells of a book, each formula read once. `unread` holds the formulas that were not understood."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheets = {sheet.name.strip().lower(): sheet for sheet in book.sheets}
        self.formulas: dict[Address, Node] = {}
        self.unread: list[Address] = []
        self._visits = 0
        for sheet in book.sheets:
            for (row, column), cell in sorted(sheet.cells.items()):
                if cell.formula is not None:
                    self._read(Address(sheet.name, row, column), cell.formula)
        self._reckoned: dict[Address, Value | Unknown] = {}
        # Programs that write workbooks store nothing, or 0, with every formula.
        stored = [self.cell(address) for address in self.formulas]
        self.stored = any(cell is not None and cell.value not in (None, 0.0, "") for cell in stored)

    def _read(self, address: Address, formula: str) -> None:
        if len(self.formulas) + len(self.unread) >= MOST_FORMULAS:
            self.unread.append(address)
            return
        try:
            self.formulas[address] = parse(formula if formula.startswith("=") else f"={formula}")
        except Unreadable:
            self.unread.append(address)

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet of a name as formulas write it."""
        return self.sheets.get(name.strip().lower())

    def cell(self, address: Address) -> Cell | None:
        """Return the cell at an address, None if it is empty."""
        sheet = self.sheet(address.sheet)
        return sheet.cells.get((address.row, address.column)) if sheet is not None else None

    def place(self, address: Address) -> str:
        """Return an address as messages name it."""
        sheet = self.sheet(address.sheet)
        return sheet.place(address.row, address.column) if sheet is not None else address.sheet

    def area(self, name: str) -> Area | None:
        """Return the area of a defined name, None if it names none."""
        known = {key.lower(): reference for key, reference in self.book.names.items()}
        return area_of(known.get(name.lower(), "").removeprefix("=").strip())

    def cells(self, area: Area, home: str) -> Iterator[Address]:
        """Yield the cells of an area that hold anything, row by row; `home` is the sheet on which it is written.

        Raises Unknown when the formulas of a workbook together refer to more cells than are looked through here.
        """
        sheet = self.sheet(area.sheet or home)
        if sheet is None or area.outside:
            return
        size = (area.bottom - area.top + 1) * (area.right - area.left + 1)
        self._visits += min(size, len(sheet.cells))
        if self._visits > MOST_VISITS:
            raise Unknown("too many cells")
        if size <= len(sheet.cells):
            for row in range(area.top, area.bottom + 1):
                for column in range(area.left, area.right + 1):
                    if (row, column) in sheet.cells:
                        yield Address(sheet.name, row, column)
        else:
            yield from (Address(sheet.name, *key) for key in sorted(sheet.cells) if area.holds(*key))

    # ---- values ----

    def value(self, address: Address) -> Value:
        """Return what a cell holds: the value stored, else what its formula comes to. Unknown if neither is known."""
        cell = self.cell(address)
        if cell is None or cell.formula is None or (self.stored and cell.value is not None):
            return cell.value if cell is not None else None
        waiting = [address]
        while waiting:
            here = waiting[-1]
            if here in self._reckoned:
                waiting.pop()
                continue
            missing = [other for other in self._needed(here) if other not in self._reckoned]
            if missing and len(waiting) < 10_000 and not set(missing) & set(waiting):
                waiting += missing
                continue
            waiting.pop()
            self._reckoned[here] = Unknown("circular") if missing else self._attempt(here)
        found = self._reckoned[address]
        if isinstance(found, Unknown):
            raise found
        return found

    def afresh(self) -> Grid:
        """Return the same cells, all formulas reckoned from the numbers that were typed, nothing stored believed."""
        fresh = copy(self)
        fresh.stored, fresh._reckoned = False, {}
        return fresh

    def number(self, address: Address) -> float | None:
        """Return the number that a cell holds, None for anything else."""
        try:
            value = self.value(address)
        except Unknown:
            return None
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def _needed(self, address: Address) -> list[Address]:
        """Return the formula cells without a stored value on which a formula rests."""
        node = self.formulas.get(address)
        needed = []
        for area in self.areas(node) if node is not None else ():
            for other in self.cells(area, address.sheet):
                cell = self.cell(other)
                if cell is not None and cell.formula is not None and not (self.stored and cell.value is not None):
                    needed.append(other)
        return needed

    def _attempt(self, address: Address) -> Value | Unknown:
        node = self.formulas.get(address)
        if node is None:
            return Unknown("not understood")
        try:
            return self.reckon(node, address.sheet)
        except Unknown as unknown:
            return unknown

    def areas(self, node: Node | None) -> Iterator[Area]:
        """Yield every area that a formula refers to, defined names included."""
        from sroi.workbook_faults.formulas import walk

        for part in walk(node):
            if isinstance(part, Area):
                yield part
            elif isinstance(part, Word) and part.kind == "name":
                named = self.area(part.text)
                if named is not None:
                    yield named

    def is_subtotal(self, address: Address) -> bool:
        """Say whether a cell is a SUBTOTAL, which other subtotals leave out."""
        node = self.formulas.get(address)
        return isinstance(node, Call) and node.function == "SUBTOTAL"

    def reckon(self, node: Node | None, home: str) -> Value:
        """Return what a formula comes to from the values in its cells; Unknown where that is not known."""
        if node is None:
            return None
        if isinstance(node, Number):
            return node.value
        if isinstance(node, Area):
            return self._only(node, home)
        if isinstance(node, Word):
            if node.kind == "text":
                return node.text
            if node.kind == "logical":
                return node.text == "TRUE"
            area = self.area(node.text) if node.kind == "name" else None
            if area is None:
                raise Unknown(node.text)
            return self._only(area, home)
        if isinstance(node, Operation):
            return _operated(node.operator, self.reckon(node.left, home), self.reckon(node.right, home), node)
        return self._called(node, home)

    def _only(self, area: Area, home: str) -> Value:
        if not area.one_cell or area.outside:
            raise Unknown("a range where one cell belongs")
        sheet = self.sheet(area.sheet or home)
        if sheet is None:
            raise Unknown("no such sheet")
        value = self.value(Address(sheet.name, area.top, area.left))
        if isinstance(value, str) and value.strip().upper() in ERRORS:
            raise Unknown(value)
        return value

    def _called(self, call: Call, home: str) -> Value:
        if call.function == "IF" and len(call.arguments) in (2, 3):
            holds = self.reckon(call.arguments[0], home)
            if not isinstance(holds, bool | float):
                raise Unknown("IF")
            chosen = call.arguments[1:2] if holds else call.arguments[2:3]
            return self.reckon(chosen[0], home) if chosen else False
        if call.function == "SUMPRODUCT":
            return self._sum_of_products(call, home)
        if call.function == "SUBTOTAL" and call.arguments and self.reckon(call.arguments[0], home) == 9.0:
            return math.fsum(self._numbers(call.arguments[1:], home, subtotals=False))
        if call.function == "NPV" and len(call.arguments) >= 2:
            rate = _number(self.reckon(call.arguments[0], home))
            flows = self._numbers(call.arguments[1:], home)
            return math.fsum(flow / (1 + rate) ** year for year, flow in enumerate(flows, 1))
        if call.function in _OF_NUMBERS:
            return _finite(lambda: _OF_NUMBERS[call.function](self._numbers(call.arguments, home)))
        if call.function in _OF_SCALARS:
            scalars = [_number(self.reckon(part, home)) for part in call.arguments]
            return _finite(lambda: _OF_SCALARS[call.function](*scalars))
        raise Unknown(call.function)

    def _numbers(self, arguments: tuple[Node | None, ...], home: str, subtotals: bool = True) -> list[float]:
        """Return all numbers among the arguments; texts and empty cells in ranges do not count, as in Excel.

        Parameters: `subtotals`, whether cells count that are subtotals themselves.
        """
        numbers = []
        for part in arguments:
            area = self.area(part.text) if isinstance(part, Word) and part.kind == "name" else part
            if not isinstance(area, Area):
                numbers.append(_number(self.reckon(part, home)))
                continue
            if area.outside or self.sheet(area.sheet or home) is None:
                raise Unknown("another file")
            for address in self.cells(area, home):
                if not subtotals and self.is_subtotal(address):
                    continue
                value = self.value(address)
                if isinstance(value, str) and value.strip().upper() in ERRORS:
                    raise Unknown(value)
                if isinstance(value, float | int) and not isinstance(value, bool):
                    numbers.append(float(value))
        return numbers

    def _sum_of_products(self, call: Call, home: str) -> float:
        areas = [part for part in call.arguments if isinstance(part, Area)]
        if len(areas) != len(call.arguments) or not areas:
            raise Unknown("SUMPRODUCT")
        height, width = areas[0].bottom - areas[0].top, areas[0].right - areas[0].left
        if any((each.bottom - each.top, each.right - each.left) != (height, width) for each in areas):
            raise Unknown("SUMPRODUCT")
        total = 0.0
        for first in self.cells(areas[0], home):
            product = 1.0
            for area in areas:
                sheet = self.sheet(area.sheet or home)
                if sheet is None:
                    raise Unknown("no such sheet")
                row, column = first.row - areas[0].top + area.top, first.column - areas[0].left + area.left
                value = self.value(Address(sheet.name, row, column))
                product *= float(value) if isinstance(value, float | int) and not isinstance(value, bool) else 0.0
            total += product
        return total


def _number(value: Value) -> float:
    if value is None:
        return 0.0
    if isinstance(value, bool | float | int):
        return float(value)
    raise Unknown("no number")


def _finite(reckon: Callable[[], float]) -> float:
    try:
        number = float(reckon())
    except (ArithmeticError, ValueError, TypeError, IndexError):
        raise Unknown("no number") from None
    if not math.isfinite(number):
        raise Unknown("no number")
    return number


def _operated(operator: str, left: Value, right: Value, node: Operation) -> Value:
    if operator == "&":
        raise Unknown("a text")
    if operator in _COMPARISONS:
        if isinstance(left, str) or isinstance(right, str):
            if not (isinstance(left, str | None) and isinstance(right, str | None)) or operator not in ("=", "<>"):
                raise Unknown("texts")
            same = (left or "").lower() == (right or "").lower()
            return same if operator == "=" else not same
        return _COMPARISONS[operator](_number(left), _number(right))
    if operator == "%":
        return _number(left) / 100
    if node.left is None:
        return -_number(right) if operator == "-" else _number(right)
    one, other = _number(left), _number(right)
    return _finite(lambda: _ARITHMETIC[operator](one, other))


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent == 0:
        raise ValueError("an error in Excel")
    if abs(exponent) > 10_000:
        raise ValueError("too large")
    return float(base**exponent)


def _rounded(number: float, digits: float = 0.0) -> float:
    """Return a number rounded half away from zero, as Excel does."""
    scale = 10.0 ** max(-15, min(15, int(digits)))
    return math.copysign(math.floor(abs(number) * scale + 0.5 + 1e-9), number) / scale


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": _power,
}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
_OF_NUMBERS: dict[str, Callable[[list[float]], float]] = {
    "SUM": math.fsum,
    "PRODUCT": math.prod,
    "AVERAGE": lambda numbers: math.fsum(numbers) / len(numbers),
    "MIN": lambda numbers: min(numbers, default=0.0),
    "MAX": lambda numbers: max(numbers, default=0.0),
    "COUNT": lambda numbers: float(len(numbers)),
}
_OF_SCALARS: dict[str, Callable[..., float]] = {
    "ROUND": _rounded,
    "ABS": abs,
    "INT": math.floor,
    "POWER": _power,
    "SQRT": math.sqrt,
}

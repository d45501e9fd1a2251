"""The formulas of a workbook as trees: read, compared and looked through; never handed to Python to run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sroi.files.sheets import column_letters

LONGEST_FORMULA, MOST_TOKENS, DEEPEST = 8_192, 2_000, 64
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
ERRORS = ("#REF!", "#DIV/0!", "#NAME?", "#VALUE!", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")


class Unreadable(Exception):
    """A formula that is too long, too deep, or written in a way that is not known here."""


@dataclass(frozen=True)
class Number:
    """A number that stands in a formula."""

    value: float
    text: str


@dataclass(frozen=True)
class Word:
    """A text, a logical value, an error or a name that stands in a formula."""

    kind: str
    text: str


@dataclass(frozen=True)
class Area:
    """A cell or a range; `sheet` None for the formula's own; `fixed`: which of top, left, bottom, right have a $."""

    sheet: str | None
    top: int
    left: int
    bottom: int
    right: int
    fixed: tuple[bool, bool, bool, bool] = (False, False, False, False)
    outside: bool = False

    @property
    def one_cell(self) -> bool:
        """Whether it is a single cell."""
        return (self.top, self.left) == (self.bottom, self.right)

    @property
    def address(self) -> str:
        """The area as people write it, such as H14:H20, without its sheet."""
        first = f"{column_letters(self.left)}{self.top}"
        return first if self.one_cell else f"{first}:{column_letters(self.right)}{self.bottom}"

    def holds(self, row: int, column: int) -> bool:
        """Say whether a cell lies in the area."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True)
class Call:
    """A function with its arguments; None for one left empty."""

    function: str
    arguments: tuple[Node | None, ...]


@dataclass(frozen=True)
class Operation:
    """An operator with what stands left and right of it; a sign has no left, a per cent sign no right."""

    operator: str
    left: Node | None
    right: Node | None


Node = Number | Word | Area | Call | Operation

_BINDING = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_SHEET = r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!()\s]+)!)?"
_CELL = re.compile(_SHEET + r"(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?::(\$?)([A-Z]{1,3})(\$?)(\d{1,7}))?", re.IGNORECASE)
_COLUMNS = re.compile(_SHEET + r"(\$?)([A-Z]{1,3}):(\$?)([A-Z]{1,3})", re.IGNORECASE)
_ROWS = re.compile(_SHEET + r"(\$?)(\d{1,7}):(\$?)(\d{1,7})", re.IGNORECASE)


def parse(formula: str) -> Node:
    """Return a formula's tree; Unreadable for one that is too long, too deep or not understood.

    >>> shape(parse("=SUM(H14:H20)/(1+$C$4)^2"), 22, 8)
    '(SUM(R[-8]C[0]:R[-2]C[0])/((1+R4C3)^2))'
    """
    from openpyxl.formula import Tokenizer
    from openpyxl.formula.tokenizer import TokenizerError

    if len(formula) > LONGEST_FORMULA:
        raise Unreadable(f"a formula of {len(formula)} characters")
    try:
        tokens = [token for token in Tokenizer(formula).items if token.type != "WHITE-SPACE"]
    except (TokenizerError, IndexError, ValueError, AttributeError) as error:
        raise Unreadable(str(error)) from None
    if not tokens or len(tokens) > MOST_TOKENS:
        raise Unreadable(f"a formula of {len(tokens)} parts")
    reader = _Reader(tokens)
    node = reader.expression(0)
    if reader.position != len(tokens):
        raise Unreadable("something stands after the formula's end")
    if _depth(node) > DEEPEST:
        raise Unreadable("a formula nested too deep")
    return node


def _depth(node: Node) -> int:
    """Return how deep a tree is, found without descending into it by calls."""
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        here, depth = waiting.pop()
        deepest = max(deepest, depth)
        parts = here.arguments if isinstance(here, Call) else ()
        parts = (here.left, here.right) if isinstance(here, Operation) else parts
        waiting += [(part, depth + 1) for part in parts if part is not None]
    return deepest


class _Reader:
    """Reads tokens from left to right; operators bind as Excel has it (a sign before a power)."""

    def __init__(self, tokens: list[Any]) -> None:
        self.tokens = tokens
        self.position = 0
        self.depth = 0

    def expression(self, binding: int) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable("a formula nested too deep")
        left = self.operand()
        chained = 0
        while (token := self.peek()) is not None and token.type.startswith("OPERATOR"):
            if token.type == "OPERATOR-POSTFIX":
                self.position += 1
                left = Operation("%", left, None)
                continue
            strength = _BINDING.get(token.value, 0)
            if strength <= binding:
                break
            self.position += 1
            chained += 1
            if chained > DEEPEST:
                raise Unreadable("a formula with too many parts")
            left = Operation(token.value, left, self.expression(strength))
        self.depth -= 1
        return left

    def operand(self) -> Node:
        token = self.peek()
        if token is None:
            raise Unreadable("the formula ends too early")
        self.position += 1
        if token.type == "OPERATOR-PREFIX":
            return Operation(token.value, None, self.expression(5))
        if token.type == "OPERAND":
            return _operand(token)
        if token.type == "PAREN" and token.subtype == "OPEN":
            inner = self.expression(0)
            self.close("PAREN")
            return inner
        if token.type == "FUNC" and token.subtype == "OPEN":
            return Call(token.value[:-1].upper().removeprefix("_XLFN."), tuple(self.arguments()))
        raise Unreadable(f"'{token.value}' stands where a value belongs")

    def arguments(self) -> Iterator[Node | None]:
        """Yield a function's arguments up to its closing bracket."""
        while (token := self.peek()) is not None:
            if token.type == "FUNC" and token.subtype == "CLOSE":
                self.position += 1
                return
            if token.type == "SEP":
                self.position += 1
                before = self.tokens[self.position - 2]
                if before.type == "SEP" or before.subtype == "OPEN":
                    yield None
                continue
            yield self.expression(0)
        raise Unreadable("a bracket is not closed")

    def close(self, kind: str) -> None:
        token = self.peek()
        if token is None or token.type != kind or token.subtype != "CLOSE":
            raise Unreadable("a bracket is not closed")
        self.position += 1

    def peek(self) -> Any:
        return self.tokens[self.position] if self.position < len(self.tokens) else None


def _operand(token: Any) -> Node:
    if token.subtype == "NUMBER":
        try:
            return Number(float(token.value), token.value)
        except ValueError:
            raise Unreadable(f"'{token.value}' is no number") from None
    if token.subtype == "TEXT":
        return Word("text", token.value[1:-1].replace('""', '"'))
    if token.subtype == "RANGE":
        return area_of(token.value) or Word("error" if "#REF!" in token.value.upper() else "name", token.value)
    return Word("error" if token.subtype == "ERROR" else "logical", token.value.upper())


def area_of(text: str) -> Area | None:
    """Return the area that a reference such as 'My sheet'!$A$1:B2 names; None if it names none.

    >>> area_of("'My sheet'!$A$1:B2").address
    'A1:B2'
    """
    if (found := _CELL.fullmatch(text)) is not None:
        sheet, *parts = found.groups()
        fix_column, column, fix_row, row, fix_column_2, column_2, fix_row_2, row_2 = parts
        if column_2 is None:
            fix_column_2, column_2, fix_row_2, row_2 = fix_column, column, fix_row, row
        edges = (int(row), _column(column), int(row_2), _column(column_2))
        fixed = (bool(fix_row), bool(fix_column), bool(fix_row_2), bool(fix_column_2))
    elif (found := _COLUMNS.fullmatch(text)) is not None:
        sheet, fix, column, fix_2, column_2 = found.groups()
        edges, fixed = (1, _column(column), LAST_ROW, _column(column_2)), (True, bool(fix), True, bool(fix_2))
    elif (found := _ROWS.fullmatch(text)) is not None:
        sheet, fix, row, fix_2, row_2 = found.groups()
        edges, fixed = (int(row), 1, int(row_2), LAST_COLUMN), (bool(fix), True, bool(fix_2), True)
    else:
        return None
    top, left, bottom, right = edges
    if not (0 < top <= LAST_ROW and bottom <= LAST_ROW and left <= LAST_COLUMN and right <= LAST_COLUMN):
        return None
    if sheet is not None:
        sheet = sheet.strip("'").replace("''", "'")
    edges = (min(top, bottom), min(left, right), max(top, bottom), max(left, right))
    return Area(sheet, *edges, fixed, sheet is not None and "[" in sheet)


def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column


def walk(node: Node | None) -> Iterator[Node]:
    """Yield a tree's nodes, from the outside in."""
    if node is None:
        return
    yield node
    if isinstance(node, Call):
        for argument in node.arguments:
            yield from walk(argument)
    elif isinstance(node, Operation):
        yield from walk(node.left)
        yield from walk(node.right)


def shape(node: Node | None, row: int, column: int, own_columns: bool = False) -> str:
    """Return a formula as it would read in every cell to which it was copied: references by distance.

    Parameters: `row`, `column`, where it stands; `own_columns`, name columns themselves, with $ or without: in a
    comparison down a column they stay the same.

    >>> shape(parse("=D14*$E14"), 14, 6, own_columns=True) == shape(parse("=D15*E15"), 15, 6, own_columns=True)
    True
    """
    if node is None:
        return ""
    if isinstance(node, Number):
        return f"{node.value:.12g}"
    if isinstance(node, Word):
        return f'"{node.text}"' if node.kind == "text" else node.text.upper()
    if isinstance(node, Call):
        return f"{node.function}({','.join(shape(part, row, column, own_columns) for part in node.arguments)})"
    if isinstance(node, Operation):
        left, right = (shape(part, row, column, own_columns) for part in (node.left, node.right))
        return f"({left}{node.operator}{right})"
    corners = [_corner(node.top, node.left, node.fixed[0], node.fixed[1] or own_columns, row, column)]
    if not node.one_cell:
        corners += [_corner(node.bottom, node.right, node.fixed[2], node.fixed[3] or own_columns, row, column)]
    return f"{node.sheet.lower() + '!' if node.sheet else ''}{':'.join(corners)}"


def _corner(top: int, left: int, fixed_row: bool, fixed_column: bool, row: int, column: int) -> str:
    return f"{f'R{top}' if fixed_row else f'R[{top - row}]'}{f'C{left}' if fixed_column else f'C[{left - column}]'}"


def moved(node: Node, rows: int) -> Node:
    """Return a formula as it reads when copied `rows` down."""
    if isinstance(node, Area):
        top = node.top if node.fixed[0] else node.top + rows
        bottom = node.bottom if node.fixed[2] else node.bottom + rows
        return Area(node.sheet, top, node.left, bottom, node.right, node.fixed, node.outside)
    if isinstance(node, Call):
        return Call(node.function, tuple(None if part is None else moved(part, rows) for part in node.arguments))
    if isinstance(node, Operation):
        left, right = (None if part is None else moved(part, rows) for part in (node.left, node.right))
        return Operation(node.operator, left, right)
    return node

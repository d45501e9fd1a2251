"""The grids of an .ods workbook: values, formulas, per cents, currencies, what is merged and hidden.

python-calamine reads .ods faster, but tells neither formulas nor per cents nor hidden rows, which the reader of
strangers' maps needs; it serves in the tests as the second road to the same values.
"""

from __future__ import annotations

import math
import re
import zipfile
from datetime import datetime
from typing import Any

from sroi.errors import FileRefused
from sroi.files.archives import MOST_CELLS, MOST_SHEETS, refused
from sroi.files.grid import Book, Cell, Sheet, Value

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def read_ods(archive: zipfile.ZipFile, content: bytes, name: str, most_cells: int = MOST_CELLS) -> Book:
    """Return the workbook in a zip that `open_archive` let pass; FileRefused if it is no sound workbook."""
    try:
        return _Workbook(archive, name, most_cells).book(content)
    except FileRefused:
        raise
    except Exception as error:  # a broken part makes a reader stumble in many ways
        words = " ".join(str(error).split())[:80] or type(error).__name__
        remedy = "Open it in LibreOffice and save it again as .xlsx."
        raise refused(name, f"this workbook is damaged ({words})", remedy) from None


class _Workbook:
    """Streams content.xml: a table at a time, a row at a time."""

    def __init__(self, archive: zipfile.ZipFile, name: str, most_cells: int) -> None:
        self.archive, self.name, self.most_cells = archive, name, most_cells
        self.sheets: list[Sheet] = []
        self.names: dict[str, str] = {}
        self.notes: list[str] = []
        self.hidden_styles: set[str] = set()
        self.count = 0

    def book(self, content: bytes) -> Book:
        """Return the whole workbook."""
        from defusedxml.ElementTree import iterparse

        manifest = self.archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in self._parts() else b""
        if b"encryption-data" in manifest:
            raise refused(self.name, "this file is protected by a password", "Save a copy without a password.")
        with self.archive.open("content.xml") as stream:
            self._read(iterparse(stream, events=("start", "end")))
        if not self.sheets:
            raise refused(self.name, "this workbook has no sheet", "Open it in LibreOffice and save it again.")
        if any(part.startswith(("Basic/", "Scripts/")) for part in self._parts()):
            self.notes.append("The workbook holds macros. None was run")
        return Book(self.name, content, tuple(self.sheets), self.names, tuple(self.notes))

    def _parts(self) -> list[str]:
        return self.archive.namelist()

    def _read(self, events: Any) -> None:
        grid: _Grid | None = None
        depth = 0
        for event, element in events:
            tag = element.tag
            if event == "start":
                if tag == f"{_TABLE}table":
                    depth += 1
                    grid = _Grid(element.get(f"{_TABLE}name") or f"Sheet{len(self.sheets) + 1}") if depth == 1 else grid
                    if depth == 1 and element.get(f"{_TABLE}style-name") in self.hidden_styles and grid is not None:
                        grid.hidden = True
            elif tag == f"{_STYLE}style" and any(
                each.get(f"{_TABLE}display") == "false" for each in element.iter(f"{_STYLE}table-properties")
            ):
                self.hidden_styles.add(element.get(f"{_STYLE}name") or "")
            elif tag == f"{_TABLE}table-row" and grid is not None and depth == 1:
                self._row(element, grid)
                element.clear()
            elif tag == f"{_TABLE}table-column" and grid is not None and depth == 1:
                grid.add_column(element)
            elif tag == f"{_TABLE}table-source":
                self.notes.append(
                    "The workbook takes figures from other files. They were not opened: "
                    "the figures are those that it last stored"
                )
            elif tag == f"{_TABLE}named-range":
                reference = (element.get(f"{_TABLE}cell-range-address") or "").replace("].[", "!")
                self.names[element.get(f"{_TABLE}name") or ""] = reference.replace(".", "!", 1)
            elif tag == f"{_TABLE}table":
                depth -= 1
                if depth == 0 and grid is not None:
                    self._finish(grid, element)
                    grid = None

    def _finish(self, grid: _Grid, element: Any) -> None:
        self.sheets.append(grid.sheet())
        element.clear()
        if len(self.sheets) > MOST_SHEETS:
            found = f"this workbook has more than {MOST_SHEETS} sheets"
            raise refused(self.name, found, "Delete the sheets that do not belong.")

    def _row(self, element: Any, grid: _Grid) -> None:
        repeated = _repeated(element, "number-rows-repeated", _LAST_ROW)
        first = grid.row + 1
        hidden = element.get(f"{_TABLE}visibility") in ("collapse", "filter")
        column = 0
        filled: list[Cell] = []
        for part in element:
            if part.tag not in _CELLS:
                continue
            across = _repeated(part, "number-columns-repeated", _LAST_COLUMN)
            if part.tag == _CELLS[0]:
                cell = _cell(part, first, column + 1)
                if cell is not None:
                    self._within((len(filled) + across) * repeated)
                    spread = range(column + 1, column + across + 1)
                    filled += [Cell(first, each, cell.value, cell.formula, cell.number_format) for each in spread]
                grid.add_merged(part, first, column + 1)
            column += across
        if hidden and repeated < 10_000:
            grid.hidden_rows.update(range(first, first + repeated))
        if filled:
            self.count += len(filled) * repeated
            for row in range(first, first + repeated):
                for cell in filled:
                    grid.cells[row, cell.column] = Cell(row, cell.column, cell.value, cell.formula, cell.number_format)
        grid.row += repeated
        if grid.row > 2 * _LAST_ROW:
            raise refused(self.name, "this sheet has rows without end", "Delete the empty rows below the table.")

    def _within(self, more: int) -> None:
        if self.count + more > self.most_cells:
            found = f"this workbook holds more than {self.most_cells:,} filled cells"
            raise refused(self.name, found, "Keep the sheets that are to be read; delete sheets of raw data.")


class _Grid:
    """A sheet while it is read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.row = 0
        self.column = 0
        self.hidden = False
        self.cells: dict[tuple[int, int], Cell] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()

    def add_column(self, element: Any) -> None:
        """Note a column's, or several columns', being hidden."""
        repeated = _repeated(element, "number-columns-repeated", _LAST_COLUMN)
        if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            self.hidden_columns.update(range(self.column + 1, min(self.column + repeated, _LAST_COLUMN) + 1))
        self.column += repeated

    def add_merged(self, part: Any, row: int, column: int) -> None:
        """Note the area that a cell spans."""
        down = _repeated(part, "number-rows-spanned", _LAST_ROW)
        across = _repeated(part, "number-columns-spanned", _LAST_COLUMN)
        if down > 1 or across > 1:
            self.merged.append((row, column, row + down - 1, column + across - 1))

    def sheet(self) -> Sheet:
        """Return the sheet as it stands when all its rows are read."""
        columns = frozenset(self.hidden_columns)
        return Sheet(self.name, self.cells, tuple(self.merged), frozenset(self.hidden_rows), columns, self.hidden)


def _repeated(element: Any, name: str, most: int) -> int:
    return min(max(int(element.get(f"{_TABLE}{name}") or 1), 1), most)


def _cell(part: Any, row: int, column: int) -> Cell | None:
    kind = part.get(f"{_OFFICE}value-type")
    formula = _formula(part.get(f"{_TABLE}formula"))
    text = "\n".join("".join(each.itertext()) for each in part.findall(f"{_TEXT}p"))
    value: Value = text or None
    number_format = "General"
    if kind in ("float", "percentage", "currency"):
        number = float(part.get(f"{_OFFICE}value") or "nan")
        value = number if math.isfinite(number) else text or None
        currency = part.get(f"{_OFFICE}currency") or ""
        number_format = "0%" if kind == "percentage" else f"[${currency[:3]}] #,##0.00" if currency else "General"
    elif kind == "boolean":
        value = part.get(f"{_OFFICE}boolean-value") == "true"
    elif kind == "date":
        value = _day(part.get(f"{_OFFICE}date-value") or "") or text
    if formula is not None and re.fullmatch(r"#[A-Z/0!?]+|Err:\d+", text):
        value = text
    return Cell(row, column, value, formula, number_format) if value is not None or formula is not None else None


def _day(stored: str) -> datetime | None:
    try:
        return datetime.fromisoformat(stored).replace(tzinfo=None)
    except ValueError:
        return None


def _formula(stored: str | None) -> str | None:
    """Return an OpenDocument formula as Excel would write it.

    >>> _formula("of:=SUM([.C3:.C9];[$Inputs.B2])")
    '=SUM(C3:C9,$Inputs!B2)'
    """
    if not stored:
        return None
    text = re.sub(r"^\w+:", "", stored)
    text = re.sub(r"\[([^\]]*)\]", lambda match: _reference(match[1]), text)
    return text.replace(";", ",")


def _reference(inside: str) -> str:
    first, _, last = inside.partition(":")
    sheet, _, start = first.rpartition(".")
    area = f"{start}:{last.rpartition('.')[2]}" if last else start
    return f"{sheet}!{area}" if sheet else area

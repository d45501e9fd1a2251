"""The grids of an .xlsx or .xlsm workbook, in one pass: each cell's stored value *and* its formula. Nothing is run.

openpyxl gives either values or formulas, so that both would cost two passes. Here it reads what frames the cells
(parts, names, styles, shared texts), and its own streaming of cells is replaced by one that keeps both. Its XML comes
through defusedxml, after `sroi.files.archives` looked through every part.
"""

from __future__ import annotations

import math
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any
from urllib.parse import unquote

from sroi.errors import FileRefused
from sroi.files.archives import MOST_CELLS, MOST_SHEETS, refused
from sroi.files.grid import Book, Cell, Sheet, Value, column_letters

MOST_FORMULA_TEXT = 3_000_000
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_TARGET = re.compile(rb"Target\s*=\s*[\"']([^\"']+)[\"']")
_SAVE_AGAIN = "Open it in Excel or LibreOffice and save it again as .xlsx."


def read_xlsx(archive: zipfile.ZipFile, content: bytes, name: str) -> Book:
    """Return the workbook in a zip that `open_archive` let pass; FileRefused if it is no sound workbook."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _Workbook(archive, name).book(content)
    except FileRefused:
        raise
    except Exception as error:
        raise _damaged(error, name) from None


Rows = Callable[[], Iterator[tuple[int, dict[int, Value], float]]]
"""Begins to read a sheet: yields each row that holds anything, its values by column, and the share of it read."""


def row_streams(archive: zipfile.ZipFile, name: str) -> tuple[list[tuple[str, Rows]], tuple[str, ...]]:
    """Return the sheets of a zip that `open_archive` let pass, to be read row by row; and what is to be known of it.

    For long tables: no row is kept, a cell is its stored value, and how many there may be is for `open_archive` to say.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = _Workbook(archive, name)
            sheets, notes = workbook.present_sheets(), tuple(workbook.notes())
    except FileRefused:
        raise
    except Exception as error:
        raise _damaged(error, name) from None
    return [(title, partial(_guarded, workbook, target)) for title, _, target in sheets], notes


def _guarded(workbook: _Workbook, target: str) -> Iterator[tuple[int, dict[int, Value], float]]:
    try:
        yield from workbook.rows(target)
    except FileRefused:
        raise
    except Exception as error:
        raise _damaged(error, workbook.name) from None


def _damaged(error: Exception, name: str) -> FileRefused:
    """Return the refusal of a file that openpyxl, which raises whatever it stumbles over, could not read."""
    words = " ".join(str(error).split())[:80] or type(error).__name__
    return refused(name, f"this workbook is damaged ({words})", _SAVE_AGAIN)


class _Workbook:
    """What the cells of every sheet need: shared texts, number formats, dates; and how much may still be read."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        from openpyxl.reader.excel import ExcelReader
        from openpyxl.styles.stylesheet import apply_stylesheet

        self.archive, self.name = archive, name
        if "xl/workbook.xml" in archive.namelist() and b"purl.oclc.org/ooxml" in archive.read("xl/workbook.xml"):
            raise refused(name, "this workbook is saved as Strict Open XML", "Save it as an ordinary workbook (.xlsx).")
        # Its own constructor would open the file again.
        reader: Any = ExcelReader.__new__(ExcelReader)
        reader.archive, reader.valid_files = archive, archive.namelist()
        reader.read_only, reader.keep_vba, reader.data_only = True, False, False
        reader.keep_links, reader.rich_text, reader.shared_strings = False, False, []
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(archive, reader.wb)
        self.reader = reader
        self.texts: list[str] = reader.shared_strings
        self.date_formats: set[int] = reader.wb._date_formats
        self.durations: set[int] = reader.wb._timedelta_formats
        self.formats = [_format_of(reader.wb, style) for style in reader.wb._cell_styles]
        self.cells = 0
        self.formula_text = 0

    def book(self, content: bytes) -> Book:
        """Return the whole workbook."""
        sheets = tuple(self._sheet(*each) for each in self.present_sheets())
        defined = self.reader.parser.defined_names.by_sheet().get("global", {})
        names = {str(each): str(entry.value) for each, entry in defined.items()}
        return Book(self.name, content, sheets, names, tuple(self.notes()))

    def present_sheets(self) -> list[tuple[str, bool, str]]:
        """Return each sheet's name, whether it is hidden, and the part that holds it."""
        listed = [(sheet, rel) for sheet, rel in self.reader.parser.find_sheets() if "worksheet" in rel.Type]
        if len(listed) > MOST_SHEETS:
            found = f"this workbook has {len(listed):,} sheets, and at most {MOST_SHEETS} are read"
            raise refused(self.name, found, "Delete the sheets that do not belong.")
        known = set(self.reader.valid_files)
        present = [(str(sheet.name), sheet.state != "visible", rel.target) for sheet, rel in listed
                   if rel.target in known]  # fmt: skip
        if not present:
            raise refused(self.name, "this workbook has no sheet", _SAVE_AGAIN)
        return present

    def rows(self, target: str) -> Iterator[tuple[int, dict[int, Value], float]]:
        """Yield the rows of a sheet with their stored values, none of them kept."""
        from sroi.files.sheet_rows import stored_rows

        row, share, size = 0, 0.0, self.archive.getinfo(target).file_size or 1
        days: dict[tuple[str, int], Value] = {}  # the same few come again and again
        with self.archive.open(target) as stream:
            for count, (number, cells) in enumerate(stored_rows(stream)):
                row = _row_number(number, row)
                values: dict[int, Value] = {}
                column = 0
                for address, kind, style, stored in cells:
                    column = _column_of(address) if address else column + 1
                    value = days.get((stored, style)) if kind == "n" and style in self.date_formats else None
                    if value is None:
                        value = self._stored(kind, style, stored)
                        if kind == "n" and style in self.date_formats:
                            days[stored, style] = value
                    if value is not None:
                        values[column] = value
                if not count & 1023:
                    share = min(stream.tell() / size, 1.0)
                if values:
                    yield row, values, share

    def notes(self) -> Iterator[str]:
        """Yield what a reader should know of the file itself."""
        parts = self.reader.valid_files
        targets: list[str] = []
        for part in parts:
            if re.match(r"xl/externalLinks/_rels/.*\.rels$", part):
                targets += [
                    unquote(each.decode("utf-8", "replace")) for each in _TARGET.findall(self.archive.read(part))
                ]
        if any(part.startswith("xl/externalLinks/") for part in parts):
            files = f" ({', '.join(dict.fromkeys(each[:100] for each in targets[:5]))})" if targets else ""
            yield (
                f"The workbook takes figures from other files{files}. They were not opened: "
                "the figures are those that it last stored"
            )
        if "xl/connections.xml" in parts:
            yield (
                "The workbook is linked to outside data. Nothing was fetched: the figures are those that it last stored"
            )
        if any(part.lower().endswith("vbaproject.bin") for part in parts):
            yield "The workbook holds macros. None was run"

    def _sheet(self, name: str, hidden: bool, target: str) -> Sheet:
        from defusedxml.ElementTree import iterparse

        cells: dict[tuple[int, int], Cell] = {}
        merged: list[tuple[int, int, int, int]] = []
        hidden_rows: set[int] = set()
        hidden_columns: set[int] = set()
        shared: dict[str, Any] = {}
        row = 0
        with self.archive.open(target) as stream:
            for _, element in iterparse(stream):
                tag = element.tag
                if tag == f"{_SHEET}row":
                    row = _row_number(element.get("r"), row)
                    if element.get("hidden") in ("1", "true"):
                        hidden_rows.add(row)
                    self._row(element, row, cells, shared)
                    element.clear()
                elif tag == f"{_SHEET}col" and element.get("hidden") in ("1", "true"):
                    first, last = int(element.get("min")), min(int(element.get("max")), _LAST_COLUMN)
                    hidden_columns.update(range(first, last + 1))
                elif tag == f"{_SHEET}mergeCell" and (area := _area(element.get("ref") or "")):
                    merged.append(area)
        return Sheet(name, cells, tuple(merged), frozenset(hidden_rows), frozenset(hidden_columns), hidden)

    def _row(self, element: Any, row: int, cells: dict[tuple[int, int], Cell], shared: dict[str, Any]) -> None:
        column = 0
        for part in element:
            address = part.get("r")
            column = _column_number(address) if address else column + 1
            if not len(part):
                continue
            style = int(part.get("s") or 0)
            value = self._value(part, style)
            written = part.find(f"{_SHEET}f")
            formula = self._formula(written, f"{column_letters(column)}{row}", shared) if written is not None else None
            if value is None and formula is None:
                continue
            self.cells += 1
            if self.cells > MOST_CELLS:
                found = f"this workbook holds more than {MOST_CELLS:,} filled cells"
                raise refused(self.name, found, "Keep the sheets that are to be read; delete sheets of raw data.")
            number_format = self.formats[style] if style < len(self.formats) else "General"
            cells[row, column] = Cell(row, column, value, formula, number_format)

    def _value(self, part: Any, style: int) -> Value:
        kind = part.get("t", "n")
        if kind == "inlineStr":
            text = part.find(f"{_SHEET}is")
            return "".join(each.text or "" for each in text.iter(f"{_SHEET}t")) or None if text is not None else None
        stored = part.findtext(f"{_SHEET}v")
        return self._stored(kind, style, stored) if stored else None

    def _stored(self, kind: str, style: int, stored: str) -> Value:
        if kind == "s":
            return str(self.texts[int(stored)]) or None
        if kind == "b":
            return stored.strip() in ("1", "true")
        if kind != "n":
            return str(stored)
        number = float(stored)
        if style in self.date_formats:
            return self._day(number, style)
        return number if math.isfinite(number) else str(stored)

    def _day(self, number: float, style: int) -> Value:
        from datetime import datetime

        from openpyxl.utils.datetime import from_excel

        try:
            day = from_excel(number, self.reader.wb.epoch, timedelta=style in self.durations)
        except (OverflowError, ValueError):
            return "#VALUE!"
        # A time of the day, or a length of time, is no number that a value map knows.
        return day if isinstance(day, datetime) else str(day)

    def _formula(self, written: Any, address: str, shared: dict[str, Any]) -> str:
        from openpyxl.formula.translate import Translator

        text = written.text or ""
        if written.get("t") == "shared":
            index = written.get("si") or ""
            if text:
                shared[index] = (Translator(f"={text}", address), len(text))
            elif index in shared:
                translator, length = shared[index]
                self.formula_text += length
                if self.formula_text > MOST_FORMULA_TEXT:
                    found = "the formulas of this workbook unfold without end"
                    raise refused(self.name, found, "Do not open it if you do not know who made it.")
                return str(translator.translate_formula(address))
        return f"={text}"


def _format_of(workbook: Any, style: Any) -> str:
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    number = style.numFmtId
    if number < BUILTIN_FORMATS_MAX_SIZE:
        return str(BUILTIN_FORMATS.get(number, "General"))
    own = number - BUILTIN_FORMATS_MAX_SIZE
    return str(workbook._number_formats[own]) if own < len(workbook._number_formats) else "General"


def _row_number(stated: str | None, before: int) -> int:
    row = int(float(stated)) if stated else before + 1
    if not 0 < row <= _LAST_ROW:
        raise ValueError(f"there is no row {stated}")
    return row


def _column_number(address: str) -> int:
    match = _ADDRESS.fullmatch(address)
    column = 0
    for letter in match[1].upper() if match else "":
        column = column * 26 + ord(letter) - 64
    if not 0 < column <= _LAST_COLUMN:
        raise ValueError(f"there is no cell {address[:20]}")
    return column


@lru_cache(maxsize=20_000)
def _column_of_letters(letters: str) -> int:
    return _column_number(f"{letters}1")


def _column_of(address: str) -> int:
    """Return the column of a cell's address: in long tables the same few letters come again and again."""
    return _column_of_letters(address.rstrip("0123456789"))


def _area(reference: str) -> tuple[int, int, int, int] | None:
    """Return a merged area such as B2:D3 as (top, left, bottom, right)."""
    ends = [_ADDRESS.fullmatch(end) for end in reference.split(":")]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    (left, top), (right, bottom) = ((_column_number(end[0]), int(end[2])) for end in ends if end is not None)
    return top, left, bottom, right

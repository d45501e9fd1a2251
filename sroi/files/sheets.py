"""A workbook as plain grids of cells: what every reader of .xlsx, .xlsm, .ods and .csv works on. Nothing is run."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path as FilePath

Value = str | float | bool | date | datetime | None


def column_letters(column: int) -> str:
    """Return a column's letters, 1 for A.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class Cell:
    """One cell: its value (for a formula the value stored with it), its formula if it has one, its number format."""

    row: int
    column: int
    value: Value
    formula: str | None = None
    number_format: str = "General"

    @property
    def address(self) -> str:
        """The cell's address, such as C14."""
        return f"{column_letters(self.column)}{self.row}"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells by (row, column) from 1, what is merged (top, left, bottom, right), what is hidden."""

    name: str
    cells: Mapping[tuple[int, int], Cell]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False

    @cached_property
    def last_row(self) -> int:
        """The last row that holds anything."""
        return max((row for row, _ in self.cells), default=0)

    @cached_property
    def last_column(self) -> int:
        """The last column that holds anything."""
        return max((column for _, column in self.cells), default=0)

    def value(self, row: int, column: int) -> Value:
        """Return what a cell holds, None for an empty one."""
        cell = self.cells.get((row, column))
        return cell.value if cell is not None else None

    def rows(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Yield each row that holds anything: its number, and its cells by column."""
        by_row: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in self.cells.items():
            by_row.setdefault(row, {})[column] = cell
        for row in sorted(by_row):
            yield row, dict(sorted(by_row[row].items()))

    def place(self, row: int, column: int) -> str:
        """Return a cell's place as messages name it."""
        return f"sheet {self.name}, cell {column_letters(column)}{row}"


@dataclass(frozen=True)
class Book:
    """A workbook: its file, its bytes, its sheets in order, its defined names (name to reference).

    `notes` says what a reader should know of the file itself: links to other files, macros, a text's encoding.
    """

    file: str
    content: bytes = field(repr=False)
    sheets: tuple[Sheet, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet of this name, whatever its case; None if there is none."""
        wanted = name.strip().lower()
        return next((sheet for sheet in self.sheets if sheet.name.strip().lower() == wanted), None)


WORKBOOKS = (".xlsx", ".xlsm", ".ods", ".csv")


def open_book(path: str | FilePath) -> Book:
    """Return the workbook in an .xlsx, .xlsm, .ods or .csv file; FileRefused for a file that cannot be one.

    What the file is, is taken from its content, not from its name. No formula is evaluated, no macro run, no link
    followed; sizes are limited before anything is unpacked (see `sroi.files.archives`).
    """
    from sroi.files.archives import LARGEST_WORKBOOK
    from sroi.files.safety import read_bytes

    path = FilePath(path)
    return book_of(read_bytes(path, LARGEST_WORKBOOK, "workbook"), str(path))


def book_of(content: bytes, name: str) -> Book:
    """Return the workbook in `content`; `name` is the file's name, as messages call it."""
    from sroi.files.archives import open_archive, refused

    if not content.strip():
        raise refused(name, "this file is empty", "Give a workbook that holds a value map.")
    if content.startswith(b"PK"):
        archive = open_archive(content, name)
        with archive:
            if _is_ods(archive):
                from sroi.files.sheets_ods import read_ods

                return read_ods(archive, content, name)
            _refuse_other_packages(archive, name)
            from sroi.files.sheets_xlsx import read_xlsx

            return read_xlsx(archive, content, name)
    _refuse_other_files(content, name)
    if FilePath(name).suffix.lower() not in (".csv", ".tsv", ".txt"):
        found = "this file is plain text, and not the workbook that its name says"
        raise refused(name, found, "If it is a table, give it a name that ends in .csv.")
    from sroi.files.sheets_csv import read_csv

    return read_csv(content, name)


def _is_ods(archive: zipfile.ZipFile) -> bool:
    names = archive.namelist()
    if "mimetype" not in names or "content.xml" not in names:
        return False
    with archive.open("mimetype") as stream:
        return b"opendocument.spreadsheet" in stream.read(100)


def _refuse_other_packages(archive: zipfile.ZipFile, name: str) -> None:
    from sroi.files.archives import refused

    names = archive.namelist()
    if any(each.endswith("xl/workbook.bin") for each in names):
        raise refused(name, "this is a binary workbook (.xlsb)", "Save it in Excel as .xlsx.")
    if any(each.startswith("word/") for each in names):
        raise refused(name, "this is a Word document", "Give the workbook that holds the value map.")
    if any(each.startswith("ppt/") for each in names):
        raise refused(name, "this is a PowerPoint presentation", "Give the workbook that holds the value map.")
    if any(each.endswith(".iwa") for each in names):
        raise refused(name, "this is an Apple Numbers file", "Export it from Numbers as an Excel workbook (.xlsx).")
    if "[Content_Types].xml" not in names or not any(each.startswith("xl/") for each in names):
        raise refused(name, "this is a zip file, but no workbook", "Unpack it, and give the workbook in it.")


def _refuse_other_files(content: bytes, name: str) -> None:
    from sroi.files.archives import refused

    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refused(name, "this workbook is protected by a password", "Save a copy without a password.")
        raise refused(name, "this is a workbook of the old kind (.xls)", "Open it in Excel and save it as .xlsx.")
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        raise refused(name, "this is a web page, and not a workbook", "Open it in Excel and save it as .xlsx.")
    if head.startswith(b"<?xml"):
        raise refused(name, "this is an XML file, and not a workbook", "Open it in Excel and save it as .xlsx.")
    if head.startswith(b"%pdf"):
        raise refused(name, "this is a PDF, and not a workbook", "Give the workbook that it was printed from.")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in content and not wide:
        raise refused(name, "this is not a workbook", "Give an .xlsx, .xlsm, .ods or .csv file.")

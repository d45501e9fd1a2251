"""A long table in a file, such as a ledger of 200,000 lines, read row by row: what is kept in memory is one row.

A .csv is read from the disk as it comes; of an .xlsx or .xlsm the packed bytes are kept, its rows unpacked one by one.
An .ods is read whole, and may hold less. Each cell comes as text: a number without needless zeros, a day as 2025-09-01.
"""

from __future__ import annotations

import codecs
import hashlib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from sroi.errors import did_you_mean
from sroi.files.archives import Limits, open_archive, refused
from sroi.files.grid import Value
from sroi.files.safety import read_bytes

LARGEST_TABLE = 2_000_000_000  # bytes of a .csv
LARGEST_PACKED = 200_000_000  # bytes of a workbook as packed
MOST_LINES = 2_000_000
MOST_ODS_CELLS = 1_000_000
_LONG = Limits(unpacked=1_500_000_000, cells=20_000_000, rows=1_200_000)
_PIECE = 1 << 20

Seen = Callable[[float], None]
"""Told now and then which share of a file was read, from 0 to 1."""


def unseen(share: float) -> None:
    """Take no notice of how far a reading is."""


@dataclass(frozen=True)
class LongTable:
    """One sheet of a file whose rows can be gone through again and again; `notes` says what is to be known of it.

    `open_rows` yields each row that holds anything: its number as the file's reader counts (for a .csv the line on
    which it begins), and the texts of its cells.
    """

    file: str
    sheet: str
    sha256: str
    open_rows: Callable[[Seen], Iterator[tuple[int, list[str]]]] = field(repr=False)
    notes: tuple[str, ...] = ()
    cells_named: bool = False

    def rows(self, seen: Seen = unseen) -> Iterator[tuple[int, list[str]]]:
        """Yield each row that holds anything; FileRefused where there are more than can be."""
        for count, row in enumerate(self.open_rows(seen)):
            if count > MOST_LINES:
                found = f"this table holds more than {MOST_LINES:,} lines"
                raise refused(self.file, found, "Split it, for instance by year.")
            yield row

    def first_rows(self, most: int = 60) -> list[tuple[int, list[str]]]:
        """Return the first rows that hold anything."""
        return list(islice(self.rows(), most))


def open_long_tables(path: str | Path, what: str = "ledger") -> list[LongTable]:
    """Return the tables of a .csv, .xlsx, .xlsm or .ods file, one for each sheet; FileRefused for anything else."""
    path = Path(path)
    if not path.is_file() or path.stat().st_size == 0:
        read_bytes(path, LARGEST_PACKED, what)
        raise refused(str(path), "this file is empty", f"Give a {what}: .csv, .xlsx, .xlsm or .ods.")
    with _opened(path) as stream:
        head = stream.read(4000)
    return _of_workbook(path, what) if head.startswith(b"PK") else [_of_csv(path, head, what)]


def table_named(tables: list[LongTable], sheet: str) -> LongTable:
    """Return the table of this sheet; FileRefused if there is none."""
    for table in tables:
        if table.sheet.strip().lower() == sheet.strip().lower():
            return table
    remedy = did_you_mean(sheet, [table.sheet for table in tables])
    raise refused(tables[0].file, f"there is no sheet '{sheet}'", remedy)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError:
        read_bytes(path, LARGEST_TABLE)  # says why
        raise


# ---- .csv ----


def _of_csv(path: Path, head: bytes, what: str) -> LongTable:
    from sroi.files.sheets import refuse_other_files
    from sroi.files.sheets_csv import separator_of

    name = str(path)
    refuse_other_files(head, name)
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise refused(name, "this file is plain text, and not the workbook that its name says",
                      "If it is a table, give it a name that ends in .csv.")  # fmt: skip
    size = path.stat().st_size
    if size > LARGEST_TABLE:
        found = f"this file holds {size / 1e6:,.0f} MB, and a {what} holds at most {LARGEST_TABLE / 1e6:,.0f} MB"
        raise refused(name, found, "Keep only the columns and the years that are needed.")
    encoding, sha256 = _looked_through(path)
    notes = ("The file is not stored as UTF-8; it was read as Windows-1252 (Western Europe)",)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        separator = separator_of(stream.read(200_000))

    def rows(seen: Seen) -> Iterator[tuple[int, list[str]]]:
        return _csv_rows(path, encoding, separator, size, seen)

    return LongTable(name, path.stem, sha256, rows, notes if encoding == "cp1252" else ())


def _looked_through(path: Path) -> tuple[str, str]:
    """Return how a text file is stored, and its SHA-256, from one pass over its bytes."""
    sha256 = hashlib.sha256()
    encoding = "utf-8-sig"
    with path.open("rb") as stream:
        start = stream.read(2)
        if start in (b"\xff\xfe", b"\xfe\xff"):
            encoding = "utf-16"
        stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        while piece := stream.read(_PIECE):
            sha256.update(piece)
            if encoding == "utf-8-sig":
                if b"\x00" in piece:
                    raise refused(str(path), "this is not a table of text: it holds zero bytes",
                                  "Save it again as CSV or as .xlsx.")  # fmt: skip
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    encoding = "cp1252"
        if encoding == "utf-8-sig":
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                encoding = "cp1252"
    return encoding, sha256.hexdigest()


def _csv_rows(path: Path, encoding: str, separator: str, size: int, seen: Seen) -> Iterator[tuple[int, list[str]]]:
    from sroi.files.sheets_csv import records_in

    with path.open("rb") as raw, TextIOWrapper(raw, encoding, "replace", "") as stream:
        for count, (line, record) in enumerate(records_in(stream, separator, str(path))):
            if not count & 8191:
                seen(min(raw.tell() / size, 1.0))
            if any(record) and not (line == 1 and len(record) == 1 and record[0].startswith("sep=")):
                yield line, record


# ---- workbooks ----


def _of_workbook(path: Path, what: str) -> list[LongTable]:
    from sroi.files.sheets import is_ods, refuse_other_packages
    from sroi.files.sheets_xlsx import row_streams

    name = str(path)
    content = read_bytes(path, LARGEST_PACKED, what)
    archive = open_archive(content, name, _LONG)
    sha256 = hashlib.sha256(content).hexdigest()
    if is_ods(archive):
        return _of_ods(archive, content, name, sha256)
    refuse_other_packages(archive, name)
    streams, notes = row_streams(archive, name)
    return [LongTable(name, sheet, sha256, _unpacked(rows), notes, cells_named=True) for sheet, rows in streams]


def _of_ods(archive: zipfile.ZipFile, content: bytes, name: str, sha256: str) -> list[LongTable]:
    from sroi.files.sheets_ods import read_ods

    book = read_ods(archive, content, name, MOST_ODS_CELLS)

    def opened(sheet: int) -> Callable[[Seen], Iterator[tuple[int, list[str]]]]:
        def rows(seen: Seen) -> Iterator[tuple[int, list[str]]]:
            for row, cells in book.sheets[sheet].rows():
                yield row, _side_by_side({column: cell.value for column, cell in cells.items()})

        return rows

    return [
        LongTable(name, sheet.name, sha256, opened(place), book.notes, cells_named=True)
        for place, sheet in enumerate(book.sheets) if sheet.cells
    ]  # fmt: skip


def _unpacked(
    rows: Callable[[], Iterator[tuple[int, dict[int, Value], float]]],
) -> Callable[[Seen], Iterator[tuple[int, list[str]]]]:
    def read(seen: Seen) -> Iterator[tuple[int, list[str]]]:
        for count, (row, cells, share) in enumerate(rows()):
            if not count & 8191:
                seen(share)
            yield row, _side_by_side(cells)

    return read


def _side_by_side(cells: dict[int, Value]) -> list[str]:
    texts = [""] * max(cells)
    for column, value in cells.items():
        texts[column - 1] = value if isinstance(value, str) else as_text(value)
    return texts


def as_text(value: Value) -> str:
    """Return a cell's value as text.

    >>> as_text(1200.0), as_text(0.1 + 0.2), as_text(datetime(2025, 9, 1)), as_text(True)
    ('1200', '0.3', '2025-09-01', 'yes')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        # Fifteen digits are what a workbook shows; the sixteenth is the float's own noise.
        text = f"{value:.15g}"
        return f"{value:.2f}" if "e" in text and abs(value) < 1e15 else text
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else ""

"""The guard before a packed workbook is unpacked: how many parts, how large, and no XML that defines entities.

A workbook is a zip of XML parts. Sizes are checked from the zip's directory, then each part is streamed once in small
pieces, so that a bomb is refused before anything is built in memory. Nothing is written to disk, nothing is run.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import NamedTuple

from sroi.errors import FileRefused, Problem

LARGEST_WORKBOOK = 30_000_000  # bytes as packed
LARGEST_UNPACKED = 150_000_000  # bytes of all parts together
LARGEST_RATIO = 200  # unpacked to packed, for parts above SMALL_PART
SMALL_PART = 20_000_000
MOST_PARTS = 2_000
MOST_SHEETS = 200
MOST_CELLS = 200_000  # in the whole workbook, formatted empty cells included
MOST_ROWS = 300_000  # as stored, formatted empty rows included
MOST_XML_CELLS = 1_000_000  # as stored, formatted empty cells included


class Limits(NamedTuple):
    """How much a workbook may hold: bytes of all parts together, cells and rows as stored."""

    unpacked: int = LARGEST_UNPACKED
    cells: int = MOST_XML_CELLS
    rows: int = MOST_ROWS


_PIECE = 1 << 18
_LAP = 64
_MEDIA = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".bin", ".ttf", ".odttf")
_DEFINITION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(rb"<(?:\w+:)?(?:c|table-cell|covered-table-cell)[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?(?:row|table-row)[\s/>]")
_ENCODING = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)[\"']", re.IGNORECASE)
_PLAIN_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}
_SAVE_AGAIN = "Open it in Excel or LibreOffice and save it again as .xlsx."


def refused(name: str, found: str, remedy: str) -> FileRefused:
    """Return the refusal of a workbook file."""
    return FileRefused(Problem(found, remedy), name)


def open_archive(content: bytes, name: str, limits: Limits = Limits()) -> zipfile.ZipFile:  # noqa: B008
    """Return the zip in `content`, looked through and within every limit; FileRefused for anything else."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        parts = archive.infolist()
    except Exception as error:  # a broken zip raises many kinds of error
        raise refused(name, f"this file is damaged ({_said(error)})", _SAVE_AGAIN) from None
    _check_directory(parts, name, limits.unpacked)
    cells = rows = 0
    for part in parts:
        more_cells, more_rows = _look_through(archive, part, name)
        cells, rows = cells + more_cells, rows + more_rows
        if cells > limits.cells or rows > limits.rows:
            most = f"{limits.cells:,} cells" if cells > limits.cells else f"{limits.rows:,} rows"
            found = f"this workbook holds more than {most}, empty ones with a format included"
            raise refused(name, found, "Delete the empty rows and columns around the tables, and sheets of raw data.")
    return archive


def _check_directory(parts: list[zipfile.ZipInfo], name: str, largest: int) -> None:
    if len(parts) > MOST_PARTS:
        found = f"this file packs {len(parts):,} parts, and a workbook has at most {MOST_PARTS:,}"
        raise refused(name, found, "Check that it is a workbook; delete the sheets that do not belong.")
    if any(not part.filename for part in parts):
        raise refused(name, "this file is damaged (a part has no name)", _SAVE_AGAIN)
    if any(part.flag_bits & 0x1 for part in parts):
        raise refused(name, "this file is protected by a password", "Save a copy without a password.")
    if len({part.filename for part in parts}) < len(parts):
        raise refused(name, "this file packs two parts of the same name", _SAVE_AGAIN)
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise refused(name, "this file is packed in a way that workbooks do not use", _SAVE_AGAIN)
    total = sum(part.file_size for part in parts)
    dense = [
        part for part in parts if part.file_size > SMALL_PART and part.file_size > LARGEST_RATIO * part.compress_size
    ]
    if total > largest or dense:
        found = f"this file unpacks to {total / 1e6:,.0f} MB, which no such workbook needs"
        remedy = f"A workbook may unpack to {largest / 1e6:,.0f} MB. Do not open it if you do not know it."
        raise refused(name, found, remedy)


def _look_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> tuple[int, int]:
    """Stream one part; return how many cells and rows it stores. Refuse entities and encodings that could hide them."""
    if part.filename.lower().endswith(_MEDIA) or part.is_dir():
        return 0, 0
    cells = rows = 0
    before = b""
    try:
        with archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                if not before:
                    _check_encoding(piece, part, name)
                text = before + piece
                if b"<!" in text and _DEFINITION.search(text):
                    found = f"the part {part.filename[:80]} defines entities, which no workbook needs"
                    raise refused(name, found, "Do not open it if you do not know who made it.")
                fresh = max(len(before) - _LAP, 0)
                cells += len(_CELL.findall(text, fresh)) - len(_CELL.findall(before, fresh))
                rows += len(_ROW.findall(text, fresh)) - len(_ROW.findall(before, fresh))
                before = text[-_LAP:]
    except FileRefused:
        raise
    except Exception as error:
        raise refused(name, f"this file is damaged ({_said(error)})", _SAVE_AGAIN) from None
    return cells, rows


def _check_encoding(piece: bytes, part: zipfile.ZipInfo, name: str) -> None:
    head = piece[:400].removeprefix(b"\xef\xbb\xbf").lstrip()
    stated = _ENCODING.match(head)
    wide = piece[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head[:8]
    xml = part.filename.lower().endswith((".xml", ".rels"))
    if xml and (wide or (stated is not None and stated[1].lower() not in _PLAIN_ENCODINGS)):
        raise refused(name, f"the part {part.filename[:80]} is not stored as UTF-8", _SAVE_AGAIN)


def _said(error: Exception) -> str:
    words = " ".join(str(error).split())[:80]
    return words or type(error).__name__

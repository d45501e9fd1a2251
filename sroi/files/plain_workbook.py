"""Writes a workbook of plain sheets with live formulas, as people keep them who have no program for it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import xlsxwriter

from sroi.files.sheets import column_letters
from sroi.files.workbook_layout import height_of

Content = str | float


@dataclass(frozen=True)
class PlainCell:
    """One cell: what it holds (a text, a number, or a formula that begins with =), its format, a formula's value."""

    content: Content
    look: str = "text"  # text, wrap, heading, title, number, money, share, input
    value: Content | None = None


@dataclass(frozen=True)
class PlainTable:
    """One sheet: its cells by (row, column) from 1, the widths of its columns [letters], the rows that are hidden."""

    cells: Mapping[tuple[int, int], PlainCell]
    widths: Mapping[int, int] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    frozen: tuple[int, int] = (0, 0)


_TITLE_HEIGHT = 20.0
_LOOKS: dict[str, dict[str, Any]] = {
    "text": {}, "wrap": {"text_wrap": True}, "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "text_wrap": True, "bg_color": "#DCE8F1", "bottom": 1},
    "number": {"num_format": "#,##0.##"}, "money": {"num_format": "#,##0.00"}, "share": {"num_format": "0.0%"},
    "rate": {"num_format": "0.0%"}, "ratio": {"num_format": "0.000"},
    "total": {"bold": True, "num_format": "#,##0.00", "top": 1},
    "input": {"bg_color": "#FFF8E1", "text_wrap": True, "border": 1, "border_color": "#D9D2B8"},
}  # fmt: skip


def plain_workbook_bytes(title: str, sheets: Mapping[str, PlainTable]) -> bytes:
    """Return the bytes of a workbook with these sheets; the same sheets give the same bytes.

    Texts are always written as text: none can become a formula. A formula is written with the value that it comes to.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "created": datetime(2026, 1, 1)})
    write_tables(book, sheets)
    book.close()
    return stream.getvalue()


def write_tables(book: Any, sheets: Mapping[str, PlainTable]) -> None:
    """Add plain sheets to a workbook that XlsxWriter is writing."""
    if not sheets:
        return
    base = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
    formats = {name: book.add_format({**base, **look}) for name, look in _LOOKS.items()}
    for name, table in sheets.items():
        sheet = book.add_worksheet(name)
        for column, width in table.widths.items():
            sheet.set_column(column - 1, column - 1, width)
        for (row, column), cell in sorted(table.cells.items()):
            _put(sheet, row - 1, column - 1, cell, formats[cell.look])
        for row, texts in _texts_by_row(table).items():
            hidden = {"hidden": True} if row in table.hidden_rows else None
            titled = any(table.cells[at].look == "title" for at in table.cells if at[0] == row)
            sheet.set_row(row - 1, max(height_of(texts), _TITLE_HEIGHT if titled else 0.0), None, hidden)
        if table.frozen != (0, 0):
            sheet.freeze_panes(*table.frozen)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)


def _texts_by_row(table: PlainTable) -> dict[int, list[tuple[str, int]]]:
    """Return the folded texts of each row with the widths of their columns: not every program makes room for them."""
    texts: dict[int, list[tuple[str, int]]] = {}
    for (row, column), cell in table.cells.items():
        own = texts.setdefault(row, [])
        if isinstance(cell.content, str) and "text_wrap" in _LOOKS[cell.look] and not cell.content.startswith("="):
            own.append((cell.content, table.widths.get(column, 9)))
    return texts


def _put(sheet: Any, row: int, column: int, cell: PlainCell, style: Any) -> None:
    if not isinstance(cell.content, str):
        sheet.write_number(row, column, cell.content, style)
    elif cell.content.startswith("=") and cell.value is not None:
        sheet.write_formula(row, column, cell.content, style, cell.value)
    elif cell.content:
        sheet.write_string(row, column, cell.content, style)
    else:
        sheet.write_blank(row, column, None, style)


def with_number(content: bytes, place: str, number: float) -> bytes:
    """Return a workbook's bytes with another number in one cell, the rest untouched: for a number that no map may hold.

    Parameters: `place`, as messages name it ("sheet Outcomes, cell H14"); KeyError if it holds no plain number.
    """
    found = re.fullmatch(r"sheet (.+), cell ([A-Z]+\d+)", place)
    if found is None:
        raise KeyError(place)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        listed = re.findall(r'<sheet name="([^"]*)"', archive.read("xl/workbook.xml").decode())
        wanted = f"xl/worksheets/sheet{listed.index(found[1]) + 1}.xml"
        for info in archive.infolist():
            part = archive.read(info)
            if info.filename == wanted:
                pattern = rf'(<c r="{found[2]}"(?: s="\d+")?><v>)[^<]*(</v></c>)'
                text, count = re.subn(pattern, rf"\g<1>{number!r}\g<2>", part.decode())
                if count != 1:
                    raise KeyError(place)
                part = text.encode()
            target.writestr(info, part)
    return out.getvalue()


def place_in_sheet(row: int, column: int) -> str:
    """Return a cell's address, such as C14, for a row and column from 1.

    >>> place_in_sheet(14, 3)
    'C14'
    """
    return f"{column_letters(column)}{row}"

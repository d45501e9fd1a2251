"""Builders of messy workbooks: a grid of cells, written as .xlsx (by two libraries), .ods (by hand) or .csv.

The standard table holds three outcomes of two stakeholders; most messy workbooks say the same in another way, so that
every one of them must give the same map and the same ratio.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlsxwriter

HEADINGS = (
    "Stakeholder", "Outcome", "Indicator", "Quantity", "Duration (years)", "Financial proxy", "Value (£)", "Deadweight",
    "Displacement", "Attribution (others)", "Drop-off",
)  # fmt: skip
ROWS: tuple[tuple[Any, ...], ...] = (
    ("Young people", "More confident", "Own rating", 40, 2, "A course", 250, 0.25, 0.1, 0.2, 0.3),
    (None, "In work", "Payslips", 12, 3, "Net gain in wages", 1850.5, 0.3, 0, 0.4, 0.1),
    ("Parents", "Less worry", "Survey", 30, 1, "Counselling", 120, 0.1, 0.05, 0.15, 0),
)
SHARES = (7, 8, 9, 10)  # places of the shares in a row
INPUTS = 10_000


@dataclass(frozen=True)
class Is:
    """A cell with more than a value: a number format, a formula (whose stored result is the value), a date's style."""

    value: Any = None
    form: str | None = None
    formula: str | None = None


@dataclass
class Grid:
    """A sheet to be written: cells by (row, column) from 1."""

    name: str = "Map"
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False

    def put(self, row: int, column: int, *values: Any) -> Grid:
        """Write values to the right of a cell."""
        for place, value in enumerate(values):
            if value is not None:
                self.cells[row, column + place] = value
        return self

    def merge(self, row: int, left: int, right: int, text: str, bottom: int | None = None) -> Grid:
        """Write a text over a merged area."""
        self.merged.append((row, left, bottom or row, right))
        return self.put(row, left, text)


def per_cent(value: float) -> Is:
    """Return a share with a percent sign in its format."""
    return Is(value, "0%")


def formatted(rows: Any = ROWS) -> list[list[Any]]:
    """Return the standard rows, their shares with a percent sign in the format."""
    return [
        [per_cent(cell) if place in SHARES and cell is not None else cell for place, cell in enumerate(row)]
        for row in rows
    ]


def with_cells(changes: dict[tuple[int, int], Any], rows: Any = None) -> list[list[Any]]:
    """Return the standard rows with some cells (row from 0, place from 0) changed."""
    out = [list(row) for row in (rows if rows is not None else formatted())]
    for (row, place), value in changes.items():
        out[row][place] = value
    return out


def standard(
    headings: Any = HEADINGS, rows: Any = None, top: int = 3, left: int = 1, name: str = "Map", inputs: Any = INPUTS
) -> Grid:
    """Return a sheet with a title, the standard table, and the inputs in a labelled cell below it."""
    grid = Grid(name)
    rows = formatted() if rows is None else rows
    if top > 1:
        grid.put(1, left, "A youth club")
    grid.put(top, left, *headings)
    for place, row in enumerate(rows, start=1):
        grid.put(top + place, left, *row)
    if inputs is not None:
        grid.put(top + len(rows) + 3, left, "Total investment", Is(inputs, "£#,##0"))
    return grid


# ---- writing ----


def write(path: Path, *grids: Grid, library: str = "xlsxwriter") -> Path:
    """Write sheets as a file, of the kind that its name says."""
    if path.suffix == ".ods":
        return write_ods(path, *grids)
    if path.suffix == ".csv":
        path.write_text(as_csv(grids[0]), encoding="utf-8", newline="")
        return path
    return write_openpyxl(path, *grids) if library == "openpyxl" else write_xlsxwriter(path, *grids)


def write_xlsxwriter(path: Path, *grids: Grid) -> Path:
    """Write .xlsx with XlsxWriter, which stores results beside formulas."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as book:
        for grid in grids:
            sheet = book.add_worksheet(grid.name)
            for top, left, bottom, right in grid.merged:
                sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "")
            for (row, column), cell in grid.cells.items():
                cell = cell if isinstance(cell, Is) else Is(cell)
                style = book.add_format({"num_format": cell.form}) if cell.form else None
                if cell.formula is not None:
                    sheet.write_formula(
                        row - 1, column - 1, cell.formula, style, "" if cell.value is None else cell.value
                    )
                elif isinstance(cell.value, date | datetime):
                    sheet.write_datetime(row - 1, column - 1, cell.value)
                else:
                    sheet.write(row - 1, column - 1, cell.value, style)
            for row in grid.hidden_rows:
                sheet.set_row(row - 1, None, None, {"hidden": True})
            for column in grid.hidden_columns:
                sheet.set_column(column - 1, column - 1, None, None, {"hidden": True})
            if grid.hidden:
                sheet.hide()
    return path


def write_openpyxl(path: Path, *grids: Grid) -> Path:
    """Write .xlsx with openpyxl, which stores no results beside formulas."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        for (row, column), each in grid.cells.items():
            entry = each if isinstance(each, Is) else Is(each)
            cell = sheet.cell(row, column)
            cell.value = entry.formula if entry.formula is not None else entry.value
            if entry.form:
                cell.number_format = entry.form
        for top, left, bottom, right in grid.merged:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        for row in grid.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        sheet.sheet_state = "hidden" if grid.hidden else "visible"
    book.save(path)
    return path


_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    '<office:automatic-styles><style:style style:name="gone" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>"
)
_ODS_FOOT = "</office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def ods_bytes(body: str) -> bytes:
    """Return an .ods file around the XML of its tables."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS_HEAD + body + _ODS_FOOT)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    return out.getvalue()


def write_ods(path: Path, *grids: Grid) -> Path:
    """Write .ods by hand."""
    path.write_bytes(ods_bytes("".join(_ods_table(grid) for grid in grids)))
    return path


def _ods_table(grid: Grid) -> str:
    style = ' table:style-name="gone"' if grid.hidden else ""
    out = [f"<table:table table:name={quoteattr(grid.name)}{style}>"]
    last_row = max(row for row, _ in grid.cells)
    last_column = max(column for _, column in grid.cells)
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in grid.merged}
    for row in range(1, last_row + 1):
        hidden = ' table:visibility="collapse"' if row in grid.hidden_rows else ""
        cells = (
            _ods_cell(grid.cells.get((row, column)), spans.get((row, column))) for column in range(1, last_column + 1)
        )
        out.append(f"<table:table-row{hidden}>{''.join(cells)}</table:table-row>")
    out.append('<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
               'table:number-columns-repeated="16384"/></table:table-row></table:table>')  # fmt: skip
    return "".join(out)


def _ods_cell(cell: Any, span: tuple[int, int] | None) -> str:
    cell = cell if isinstance(cell, Is) else Is(cell)
    more = f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"' if span else ""
    if cell.formula is not None:
        more += f" table:formula={quoteattr('of:' + cell.formula)}"
    value = cell.value
    if value is None:
        return f"<table:table-cell{more}/>"
    if isinstance(value, bool):
        word = str(value).lower()
        return f'<table:table-cell{more} office:value-type="boolean" office:boolean-value="{word}"><text:p>{word}</text:p></table:table-cell>'
    if isinstance(value, date):
        day = value.isoformat()
        return f'<table:table-cell{more} office:value-type="date" office:date-value="{day}"><text:p>{day}</text:p></table:table-cell>'
    if isinstance(value, int | float):
        kind = (
            "percentage"
            if cell.form and "%" in cell.form
            else "currency"
            if cell.form and "£" in cell.form
            else "float"
        )
        unit = ' office:currency="GBP"' if kind == "currency" else ""
        return f'<table:table-cell{more} office:value-type="{kind}"{unit} office:value="{value!r}"><text:p>{value}</text:p></table:table-cell>'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return f'<table:table-cell{more} office:value-type="string">{lines}</table:table-cell>'


def as_csv(grid: Grid, separator: str = ",", decimal: str = ".") -> str:
    """Return a sheet as the text of a CSV file, as Excel would save it: shares as 25%, sums as they are shown."""
    out = io.StringIO()
    last_column = max(column for _, column in grid.cells)
    writer = csv.writer(out, delimiter=separator)
    for row in range(1, max(row for row, _ in grid.cells) + 1):
        writer.writerow([_csv_text(grid.cells.get((row, column)), decimal) for column in range(1, last_column + 1)])
    return out.getvalue()


def _csv_text(cell: Any, decimal: str) -> str:
    cell = cell if isinstance(cell, Is) else Is(cell)
    if cell.value is None:
        return ""
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        if cell.form and "%" in cell.form:
            return f"{cell.value * 100:.10g}".replace(".", decimal) + "%"
        if cell.form and "£" in cell.form:
            return f"£{cell.value:,.0f}".replace(",", "," if decimal == "." else ".")
        return f"{cell.value:.12g}".replace(".", decimal)
    return str(cell.value)

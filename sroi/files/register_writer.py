"""Registers as files that are written: one to begin from, and one made of somebody else's table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sroi.errors import FileRefused, Problem
from sroi.evidence.register import FIELDS, REQUIRED, Table
from sroi.files.safety import neutral_text, write_whole

WRITTEN = (".csv", ".xlsx", ".yaml", ".yml")

# Invented, and said to be: nobody is to take it for a value.
_EXAMPLE = {
    "id": "example_replace_me", "theme": "Example", "outcome": "REPLACE: what one unit of change is",
    "unit": "per visit", "value": "10", "low": "8", "high": "12", "currency": "GBP", "price_year": "2024",
    "price_year_basis": "calendar", "uprating_method": "gdp_deflator", "value_type": "fiscal", "agency": "NHS",
    "is_transfer": "no", "cashable": "no", "country": "GBR", "source": "REPLACE: an invented example, not a value",
    "publisher": "REPLACE", "year": "2024", "locator": "p. 1", "confidence": "red", "licence": "own",
    "passing_on": "no", "review_date": "2027-01-01", "rationale": "REPLACE: why one might prefer it",
}  # fmt: skip


def begin_register(path: str | Path, overwrite: bool = False) -> None:
    """Write a register with every column and one invented example, which says that it is invented."""
    table = Table.of_rows(str(path), tuple(FIELDS), [[_EXAMPLE.get(name, "") for name in FIELDS]], [2])
    write_register(table, path, overwrite)


def write_register(table: Table, path: str | Path, overwrite: bool = False) -> None:
    """Write a register as .csv, .xlsx or .yaml; reading it gives the same entries."""
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in WRITTEN:
        found = f"files ending in '{path.suffix}' are no registers" if path.suffix else "a file without an ending"
        raise FileRefused(
            Problem(found, f"Name a file ending in {', '.join(WRITTEN[:-1])} or {WRITTEN[-1]}."), str(path)
        )
    # All columns, in one order, whatever the table has.
    columns = [table.column(name) for name in FIELDS]
    rows = [list(row) for row in zip(*columns, strict=True)]
    makers = {".csv": _csv_bytes, ".xlsx": _book_bytes, ".yaml": _yaml_bytes, ".yml": _yaml_bytes}
    write_whole(path, makers[ending](rows), overwrite)


def _cell(name: str, text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; a loss keeps its sign."""
    return text if name in ("value", "low", "high") else neutral_text(text)


def _csv_bytes(rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(FIELDS)
    writer.writerows([_cell(name, text) for name, text in zip(FIELDS, row, strict=True)] for row in rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def _yaml_bytes(rows: list[list[str]]) -> bytes:
    import json

    lines = ["# A register of proxies for sroi. Every field:"]
    lines += [f"#   {name}: {said}{' (required)' if name in REQUIRED else ''}" for name, said in FIELDS.items()]
    lines.append("entries:")
    for row in rows:
        said = [(name, text) for name, text in zip(FIELDS, row, strict=True) if text]
        for place, (name, text) in enumerate(said):
            lines.append(f"  {'- ' if place == 0 else '  '}{name}: {json.dumps(text, ensure_ascii=False)}")
    return ("\n".join(lines) + "\n").encode("utf-8")


def _book_bytes(rows: list[list[str]]) -> bytes:
    from datetime import datetime

    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Register of proxies", "comments": "Made with sroi", "created": datetime(2026, 1, 1)})
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Register")
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, len(FIELDS) - 1, 16)
    for column, name in enumerate(FIELDS):
        sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, start=1):
            if row[column] and name in ("value", "low", "high"):
                sheet.write_number(line, column, float(row[column]))
            elif row[column]:
                sheet.write_string(line, column, _cell(name, row[column]))
    told = book.add_worksheet("Columns")
    told.set_column(0, 0, 22)
    told.set_column(1, 1, 80)
    for line, (name, said) in enumerate(FIELDS.items()):
        told.write_string(line, 0, name, bold)
        told.write_string(line, 1, f"{said}{' (required)' if name in REQUIRED else ''}", wrap)
    book.close()
    return stream.getvalue()

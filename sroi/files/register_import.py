"""Registers made of other people's tables: a Unit Cost Database as its publisher makes it, or any by a mapping."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sroi.errors import FileRefused, Problem
from sroi.evidence.licences import closed_work
from sroi.evidence.register import FIELDS, Table
from sroi.evidence.register_checks import faults
from sroi.files.grid import Book, Cell, Sheet
from sroi.files.register_columns import refuse_faults
from sroi.files.registers import cell_text
from sroi.files.sheets import open_book

# The columns of the thematic sheets, in versions 1.4 and 3.0 alike, by what their headings begin with.
_HEADINGS = {
    "category": "outcome category", "sub_category": "outcome detail", "code": "cost code", "outcome": "cost / saving",
    "unit": "unit", "agency": "agency", "fiscal": "fiscal", "economic": "economic", "social": "social",
    "source": "original source", "grade": "rag", "comment": "comment",
}  # fmt: skip
_GRADES = {"r": "red", "a": "amber", "g": "green", "red": "red", "amber": "amber", "green": "green"}
_COUNTS = {
    "fiscal": "costs or savings to the public sector",
    "economic": "net increase in earnings or growth in the local economy",
    "social": "wider gains to society",
}
_YEAR = re.compile(r"((?:19|20)\d\d)\s*[/-]\s*(?:(?:19|20))?(\d\d)")


@dataclass(frozen=True)
class Imported:
    """A register made of a table, and what is to be known of how it was read."""

    table: Table
    said: tuple[str, ...]


def imported_register(path: str | Path, mapping: str | Path | None = None, licence: str = "") -> Imported:
    """Return the register that a table of values makes.

    Parameters: `mapping`, a YAML file that says which column is which field; without one the file has to be a Unit Cost
    Database of GMCA (v1.4, v3.0); `licence`, that of the table, where it does not say so itself. Raises FileRefused.
    """
    if mapping is not None:
        from sroi.files.register_mapping import mapped_register

        return Imported(*mapped_register(path, mapping, licence))
    book = open_book(path)
    sheets = [(sheet, columns) for sheet in book.sheets if (columns := _columns(sheet)) is not None]
    if not sheets:
        found = "no sheet of this file has the columns of a Unit Cost Database (cost code, fiscal, economic, social ..)"
        remedy = "Say which column is which with --mapping FILE.yaml; docs/proxies.md shows one."
        raise FileRefused(Problem(found, remedy), str(path))
    version = _version(book)
    stated = _stated_licence(book) or licence
    if not stated:
        found = "nothing in this workbook says under which licence its values may be used"
        raise FileRefused(Problem(found, 'Say it with --licence, such as --licence "CC BY 4.0".'), str(path))
    notes = _cell_notes(book)
    rows: list[dict[str, str]] = []
    problems: list[Problem] = []
    for sheet, columns in sheets:
        for row, cells in sheet.rows():
            if row > 2:
                rows += _entries(sheet, row, cells, columns, version, stated, notes, problems)
    refuse_faults(problems, str(path))
    table = Table.of_rows(
        str(path), tuple(FIELDS), [[row.get(name, "") for name in FIELDS] for row in rows], range(1, len(rows) + 1)
    )
    refuse_faults(faults(table), str(path))
    return Imported(table, tuple(_said(book, sheets, rows, stated)))


def _columns(sheet: Sheet) -> dict[str, int] | None:
    """Return the columns of a thematic sheet by what they hold, None for any other sheet."""
    found: dict[str, int] = {}
    for column in range(1, min(sheet.last_column, 60) + 1):
        heading = " ".join(cell_text(sheet.value(1, column)).lower().split())
        for name, begins in _HEADINGS.items():
            if name not in found and heading.startswith(begins):
                found[name] = column
                break
    needed = {"code", "outcome", "unit", "fiscal", "economic", "social", "source"}
    return found if needed <= found.keys() else None


def _entries(
    sheet: Sheet,
    row: int,
    cells: dict[int, Cell],
    columns: dict[str, int],
    version: str,
    licence: str,
    notes: dict[tuple[str, str], str],
    problems: list[Problem],
) -> list[dict[str, str]]:
    """Return the entries of one row: one for each of its fiscal, economic and social values."""

    def text(name: str, beyond: int = 0) -> str:
        column = columns.get(name)
        cell = cells.get(column + beyond) if column is not None else None
        return " ".join(cell_text(cell.value).split()) if cell is not None else ""

    entries = []
    for kind in ("fiscal", "economic", "social"):
        cell = cells.get(columns[kind])
        written = text(kind)
        if cell is None or not written or (isinstance(cell.value, str) and not re.search(r"\d", written)):
            continue  # a dash, or words that say that there is none
        where = sheet.place(row, columns[kind])
        if not isinstance(cell.value, float):
            problems.append(
                Problem(f"'{written[:40]}' stands where a {kind} value belongs", "Give a plain number.", where)
            )
            continue
        year = _YEAR.search(text(kind, 1))
        if year is None:
            found = f"the {kind} value has no financial year beside it ('{text(kind, 1)[:20]}')"
            problems.append(Problem(found, "Give one such as 2013/14.", where))
            continue
        note = notes.get((sheet.name, cell.address), "")
        code = text("code") or f"{sheet.name}_{cell.address}"
        key = re.sub(r"[^a-z0-9]+", "_", code.lower().replace("&", "")).strip("_")
        stated_code = [f"cost code {text('code')}"] if text("code") else []
        transfer = "transfer" in note.lower()
        annual = re.search(r"per year$|^per year", text("unit").lower()) is not None
        entries.append(
            {
                "id": f"gmca{version.replace('.', '')}_{key}_{kind}",
                "version": version,
                "theme": sheet.name.strip(),
                "category": text("sub_category").capitalize(),
                "outcome": text("outcome"),
                "unit": _unit(text("unit")),
                "value": cell_text(cell.value),
                "currency": "GBP",
                "price_year": f"{year[1]}/{year[2]}",
                "price_year_basis": "financial",
                "uprating_method": "gdp_deflator",
                "value_type": kind,
                "counts_what": _COUNTS[kind],
                # Its heading: who bears the cost or makes the *fiscal* saving.
                "agency": text("agency") if kind == "fiscal" else "",
                "agency_detail": text("agency", 1) if kind == "fiscal" else "",
                "is_transfer": "yes" if transfer else "",
                "transfer_note": note if transfer else "",
                "one_off_or_annual": "annual" if annual else "",
                "country": "GBR",
                "source": f"Unit Cost Database v{version}",
                "original_source": text("source"),
                "publisher": "Greater Manchester Combined Authority",
                "locator": ", ".join([*stated_code, f"cell {sheet.name}!{cell.address}"]),
                "verification_level": "A",
                "confidence": _GRADES.get(text("grade").lower(), ""),
                "licence": licence,
                "acknowledgement": f"Unit Cost Database v{version}, Greater Manchester Combined Authority, {licence}.",
                "passing_on": "no" if closed_work(text("source")) else "",
                "status": "current" if version != "1.4" else "superseded",
                "superseded_by": "" if version != "1.4" else "Unit Cost Database v3.0 (2025/26)",
                "note": text("comment"),
            }
        )
    return entries


def _unit(text: str) -> str:
    return text if text.endswith("FTE") else text.lower()


def _version(book: Book) -> str:
    """Return the version that a workbook's introduction states; 0 if it does not."""
    for sheet in book.sheets[:3]:
        for cell in sheet.cells.values():
            found = re.search(r"Unit Cost Database \(?v\.? ?(\d+(?:\.\d+)?)", cell_text(cell.value))
            if found:
                return found[1]
    return "0"


def _stated_licence(book: Book) -> str:
    for sheet in book.sheets[:3]:
        for cell in sheet.cells.values():
            text = cell_text(cell.value)
            found = re.search(r"Creative Commons Attribution (\d\.\d) International", text)
            if found:
                return f"CC BY {found[1]}"
            if "Open Government Licence" in text:
                return "Open Government Licence v3.0"
    return ""


def _cell_notes(book: Book) -> dict[tuple[str, str], str]:
    """Return the notes that hang on cells, by sheet and address: there the database says what is a transfer payment."""
    import io
    import warnings

    if not book.content.startswith(b"PK"):
        return {}
    from openpyxl import load_workbook

    # The archive has been looked through when the book was opened.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            opened = load_workbook(io.BytesIO(book.content), data_only=True, keep_links=False)
        except Exception as error:  # openpyxl raises whatever a broken part makes it stumble over
            found = f"the notes on this workbook's cells cannot be read ({type(error).__name__})"
            remedy = "Save it again as .xlsx: without them it is not known what is a transfer payment."
            raise FileRefused(Problem(found, remedy), book.file) from None
    return {
        (sheet.title, cell.coordinate): " ".join(cell.comment.text.split())
        for sheet in opened.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None
    }


def _said(
    book: Book, sheets: list[tuple[Sheet, dict[str, int]]], rows: list[dict[str, str]], licence: str
) -> list[str]:
    kinds = ", ".join(f"{sum(row['value_type'] == kind for row in rows)} {kind}" for kind in _COUNTS)
    transfers = sum(row["is_transfer"] == "yes" for row in rows)
    said = [
        *(f"{note}." for note in book.notes),
        f"Read {len(sheets)} sheets of {Path(book.file).name}: {kinds}; licence {licence}.",
        f"{transfers} values are transfer payments, wholly or in part, by the notes on their cells.",
    ]
    unknown = sum(not row["confidence"] for row in rows)
    return [*said, f"{unknown} values have no grade that could be read."] if unknown else said

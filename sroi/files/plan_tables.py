"""The plan of a batch as a table of text: from CSV, a workbook or YAML, each entry with the place where it stands.

A plan is a stranger's file: sizes are limited, formulas are read as the values stored with them, nothing of it is run.
Entries stay text, so that 007 is 007; what a text means is for the parameter to say that it is given to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sroi.errors import FileRefused, Problem
from sroi.files.grid import Cell, Sheet, column_letters
from sroi.files.safety import read_bytes

PLANS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".ods", ".yaml", ".yml", ".json")
LARGEST_PLAN = 30_000_000  # bytes
MOST_ROWS = 200_000
MOST_COLUMNS = 500
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_ERRORS = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)")
_SEPARATOR_WORDS = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True)
class Entry:
    """What stands in one cell: text, or a list or group from YAML; and where, by line or by cell."""

    value: Any
    line: int | None = None
    cell: str = ""


@dataclass(frozen=True)
class PlanRow:
    """One row of a plan: its number from 1, headings and blank rows not counted, and its filled entries by column."""

    number: int
    entries: Mapping[str, Entry]


@dataclass(frozen=True)
class PlanTable:
    """A plan as it stands in its file: its columns, each with its place, its rows, its faults, and what to know."""

    file: str
    columns: Mapping[str, Entry]
    rows: tuple[PlanRow, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def read_plan_table(path: Path) -> PlanTable:
    """Return a plan's table, what is wrong with it listed in it; FileRefused for a file that is no table at all."""
    name = str(path)
    if path.suffix.lower() not in PLANS and not path.is_dir():
        ending = f"files ending in '{path.suffix}'" if path.suffix else "files without an ending"
        raise FileRefused(Problem(f"{ending} are no plans", "Give a .csv, .xlsx or .yaml file."), name)
    content = read_bytes(path, LARGEST_PLAN, "plan")
    if not content.strip():
        raise FileRefused(Problem("this plan is empty", "Give a line of headings, and one row for each run."), name)
    ending = path.suffix.lower()
    if ending in (".yaml", ".yml", ".json"):
        table = _of_yaml(content, name)
    elif content.startswith(b"PK") or ending in (".xlsx", ".xlsm", ".ods"):
        table = _of_workbook(content, name)
    else:
        table = _of_csv(content, name)
    if not table.rows and not table.problems:
        raise FileRefused(Problem("this plan has no rows", "Give one row for each run below the headings."), name)
    if len(table.rows) > MOST_ROWS:
        found = f"this plan has {len(table.rows):,} rows, and at most {MOST_ROWS:,} are read"
        raise FileRefused(Problem(found, "Split it into several plans, each with a folder of its own."), name)
    return table


# ---- CSV ----


def _of_csv(content: bytes, name: str) -> PlanTable:
    from sroi.files.sheets_csv import csv_records, decoded_csv, separator_of

    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(Problem("this is not a text file", "Save the plan as CSV, .xlsx or YAML."), name)
    text, notes = decoded_csv(content, name)
    separator = separator_of(text)
    written = csv_records(text, separator, name)
    records = ((line, record) for line, record in written if any(cell.strip() for cell in record))
    if re.match(r"sep=.\r?\n", text):
        next(records)
    first = next(records, None)
    if first is None:
        raise FileRefused(Problem("this plan is empty", "Give a line of headings, and one row for each run."), name)
    line, headings = first
    kept = list(records)
    used = {place for _, record in kept for place, written in enumerate(record) if written.strip()}
    heads = [Entry(heading.strip(), line) for heading in headings]
    columns, by_place, problems = _columns(heads, used, [f"column {place + 1}" for place in range(len(heads))])
    width = len(headings)
    rows: list[PlanRow] = []
    for begins, record in kept:
        if len(record) != width and (len(record) < width or any(cell.strip() for cell in record[width:])):
            problems.append(_ragged(len(record), width, separator, begins))
            continue
        cells = ((by_place.get(place), cell.strip()) for place, cell in enumerate(record))
        entries = {column: Entry(cell, begins) for column, cell in cells if column is not None and cell}
        rows.append(PlanRow(len(rows) + 1, entries))
    return PlanTable(name, columns, tuple(rows), (*problems, *_unfit(rows)), tuple(notes))


def _ragged(cells: int, width: int, separator: str, line: int) -> Problem:
    word = _SEPARATOR_WORDS.get(separator, f"'{separator}'")
    found = f"this row has {cells} cell{'s' if cells != 1 else ''}, and the headings are {width}"
    remedy = (
        f"Put a text that holds a {word} in quotes." if cells > width else f"Write a {word} for each empty cell too."
    )
    return Problem(found, remedy, line=line)


# ---- workbooks ----


def _of_workbook(content: bytes, name: str) -> PlanTable:
    from sroi.files.sheets import book_of

    book = book_of(content, name)
    filled = [sheet for sheet in book.sheets if sheet.cells and not sheet.hidden]
    sheet = next((sheet for sheet in filled if sheet.name.strip().lower() == "plan"), filled[0] if filled else None)
    if sheet is None:
        raise FileRefused(Problem("this plan is empty", "Give a row of headings, and one row for each run."), name)
    notes = list(book.notes)
    if len(filled) > 1:
        notes.append(f"The plan is the sheet {sheet.name}; the other sheets are not read")
    table = _of_sheet(sheet, name)
    hidden = [row for row in sorted(sheet.hidden_rows) if any(cell in sheet.cells for cell in _row_of(sheet, row))]
    if hidden:
        notes.append(f"Hidden rows are run like the others ({', '.join(str(row) for row in hidden[:10])})")
    return PlanTable(name, table.columns, table.rows, table.problems, tuple(notes))


def _row_of(sheet: Sheet, row: int) -> Iterator[tuple[int, int]]:
    return ((row, column) for column in range(1, min(sheet.last_column, MOST_COLUMNS) + 1))


def _of_sheet(sheet: Sheet, name: str) -> PlanTable:
    rows_of_cells = [(number, cells) for number, cells in sheet.rows() if any(_filled(cell) for cell in cells.values())]
    head, *body = rows_of_cells
    last = max(column for column, cell in head[1].items() if _filled(cell))
    used = {column - 1 for _, cells in body for column, cell in cells.items() if _filled(cell)}
    heads = [
        Entry(_text(head[1][column]) if column in head[1] else "", cell=sheet.place(head[0], column))
        for column in range(1, max(last, max(used, default=0) + 1) + 1)
    ]
    letters = [f"column {column_letters(place + 1)}" for place in range(len(heads))]
    columns, by_place, problems = _columns(heads, used, letters)
    rows: list[PlanRow] = []
    for number, cells in body:
        entries: dict[str, Entry] = {}
        for column, cell in cells.items():
            heading = by_place.get(column - 1)
            if heading is None or not _filled(cell):
                continue
            place = sheet.place(number, column)
            fault = _fault_of(cell)
            if fault is not None:
                problems.append(Problem(*fault, cell=place))
            else:
                entries[heading] = Entry(_text(cell), cell=place)
        rows.append(PlanRow(len(rows) + 1, entries))
    return PlanTable(name, columns, tuple(rows), (*problems, *_unfit(rows)))


def _filled(cell: Cell) -> bool:
    return cell.formula is not None or (cell.value is not None and str(cell.value).strip() != "")


def _fault_of(cell: Cell) -> tuple[str, str] | None:
    if cell.value is None:
        return "a formula without a stored value", "Open the plan in Excel or LibreOffice, and save it again."
    if isinstance(cell.value, str) and _ERRORS.fullmatch(cell.value.strip()):
        return f"the cell shows the error {cell.value.strip()}", "Correct its formula, or write the value."
    return None


def _text(cell: Cell) -> str:
    """Return what a cell holds as CSV would have it: 5 for 5.0, TRUE, 2024-04-01."""
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    return str(value if value is not None else "").strip()


# ---- YAML ----


def _of_yaml(content: bytes, name: str) -> PlanTable:
    from sroi.files.yaml import yaml_tree

    tree, lines, problems = yaml_tree(content, name)
    prefix: tuple[str | int, ...] = ()
    if isinstance(tree, dict) and isinstance(tree.get("runs"), list):
        extra = [key for key in tree if key != "runs"]
        problems += [
            Problem(
                f"unknown key '{key}'",
                "A plan holds `runs`, a list with one entry for each run.",
                line=lines.get((key,)),
            )
            for key in extra
        ]
        tree, prefix = tree["runs"], ("runs",)
    if not isinstance(tree, list):
        found = "this is no list of runs"
        raise FileRefused(Problem(found, "Begin each run with a dash: `- {value_map: a.yaml}`."), name)
    rows: list[PlanRow] = []
    columns: dict[str, Entry] = {}
    for place, row in enumerate(tree):
        line = lines.get((*prefix, place))
        if not isinstance(row, dict):
            found = "a run that is no group of parameters"
            problems.append(Problem(found, "Write it as `- {value_map: a.yaml}`.", line=line))
            continue
        entries = {
            key: Entry(
                value.strip() if isinstance(value, str) else _plain(value), lines.get((*prefix, place, key), line)
            )
            for key, value in row.items()
        }
        for key, entry in entries.items():
            columns.setdefault(key, Entry(key, entry.line))
        filled = {key: entry for key, entry in entries.items() if entry.value != ""}
        rows.append(PlanRow(len(rows) + 1, filled))
    return PlanTable(name, columns, tuple(rows), (*problems, *_unfit(rows)))


def _plain(value: Any) -> Any:
    """Return a list or group with the numbers and yes or no in it as such: a parameter says nothing of its parts."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"[-+]?(0|[1-9][0-9]{0,17})", value):
        return int(value)
    if re.fullmatch(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]{1,2})?", value):
        return float(value)
    return value.lower() == "true" if value.lower() in ("true", "false") else value


# ---- what all have in common ----


def _columns(
    heads: list[Entry], used: set[int], names: list[str]
) -> tuple[dict[str, Entry], dict[int, str], list[Problem]]:
    """Return the columns by heading, each column's heading by its place, and what is wrong with the headings."""
    columns: dict[str, Entry] = {}
    by_place: dict[int, str] = {}
    problems: list[Problem] = []
    if len(heads) > MOST_COLUMNS:
        found = f"this plan has {len(heads):,} columns, and at most {MOST_COLUMNS} are read"
        return columns, by_place, [Problem(found, "Keep the columns that are parameters.", line=heads[0].line)]
    for place, head in enumerate(heads):
        heading = str(head.value)
        where = "" if head.cell else names[place]
        if not heading:
            if place in used:
                found, remedy = (
                    f"{names[place]} has entries, but no heading",
                    "Name the parameter, or empty the column.",
                )
                problems.append(Problem(found, remedy, line=head.line, cell=head.cell))
        elif heading in columns:
            found, remedy = f"the heading '{heading[:60]}' stands twice", "Keep one of the two columns."
            problems.append(Problem(found, remedy, where, head.line, cell=head.cell))
        else:
            columns[heading] = head
            by_place[place] = heading
    return columns, by_place, problems


def _unfit(rows: list[PlanRow]) -> Iterator[Problem]:
    """Yield the entries that are no text that a notebook, a table and a terminal could show."""
    for row in rows:
        for column, entry in row.entries.items():
            if isinstance(entry.value, str) and _NOT_TEXT.search(entry.value):
                found = "a text with a control character, which no plan should hold"
                yield Problem(found, "Take it out.", f"column {column[:60]}", entry.line, cell=entry.cell)

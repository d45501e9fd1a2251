"""A saved mapping: which column of which sheet is which, so that the next fifty workbooks are read like the first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.files.foreign_layout import Grid, Table
from sroi.files.grid import Book, Sheet, column_letters
from sroi.files.headings import FAMILIES, SHARES, plain
from sroi.files.options import ReadingOptions
from sroi.files.safety import read_bytes, write_whole

FIELDS = (
    *FAMILIES, "deadweight_kept", "drop_off_kept", "indicator_source", "impact", "gross", "present_value",
    *(f"{share}_note" for share in SHARES), "input_source",
)  # fmt: skip
_STATED = ("attribution", "decimal", "currency", "price_year", "analysis")


def mapping_of(table: Table, stated: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the mapping that repeats a reading: its sheet, heading rows, columns, and what was stated or decided."""
    columns = {
        name: {"column": column_letters(column), "heading": table.headings.get(column, "")}
        for name, column in sorted(table.columns.items(), key=lambda each: each[1])
        if name in FIELDS
    }
    mapping: dict[str, Any] = {
        "sroi_mapping": 1,
        "sheet": table.sheet.name,
        "heading_rows": list(table.header),
        "columns": columns,
    }
    reading = {name: word for name, word in stated.items() if word is not None}
    return {**mapping, "reading": reading} if reading else mapping


def save_mapping(mapping: Mapping[str, Any], path: str | Path, overwrite: bool = False) -> None:
    """Write a mapping as YAML, for `ReadingOptions.mapping`."""
    text = yaml.safe_dump(dict(mapping), sort_keys=False, allow_unicode=True, width=1000)
    write_whole(Path(path), text.encode("utf-8"), overwrite)


def load_mapping(path: str | Path) -> dict[str, Any]:
    """Return a saved mapping; FileRefused, with all that is wrong, for a file that is none."""
    name = str(path)
    content = read_bytes(Path(path), 200_000, "mapping")
    try:
        mapping = yaml.safe_load(content.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        words = " ".join(str(error).split())[:120]
        raise FileRefused(Problem(f"this mapping is not YAML ({words})", "Save it again."), name) from None
    if not isinstance(mapping, dict) or mapping.get("sroi_mapping") != 1:
        raise FileRefused(Problem("this file is no mapping", "A mapping begins with `sroi_mapping: 1`."), name)
    problems = list(_faults(mapping))
    if problems:
        raise FileRefused(problems, name)
    return mapping


def _faults(mapping: dict[Any, Any]) -> list[Problem]:
    known = ("sroi_mapping", "sheet", "heading_rows", "columns", "reading")
    problems = [Problem(f"unknown key '{key}'", did_you_mean(str(key), known)) for key in mapping if key not in known]
    rows = mapping.get("heading_rows")
    sound = isinstance(rows, list) and len(rows) in (1, 2) and all(type(row) is int and 0 < row < 2**20 for row in rows)
    if not sound:
        problems.append(Problem("'heading_rows' does not name rows", "Write it as [4, 5]: the first and the last."))
    columns = mapping.get("columns")
    if not isinstance(columns, dict) or not columns:
        return [
            *problems,
            Problem("'columns' is missing", "Name a column for each field, such as {outcome: {column: D}}."),
        ]
    for name, entry in columns.items():
        if name not in FIELDS:
            problems.append(Problem(f"unknown field '{name}'", did_you_mean(str(name), FIELDS)))
        if not _letters(entry):
            problems.append(Problem(f"'{name}' names no column", "Give its letters, such as {column: D}."))
    reading = mapping.get("reading", {})
    if not isinstance(reading, dict):
        return [*problems, Problem("'reading' holds no keys", f"Known keys: {', '.join(_STATED)}.")]
    wrong = [key for key in reading if key not in _STATED]
    return problems + [Problem(f"unknown key '{key}' under reading", did_you_mean(str(key), _STATED)) for key in wrong]


def _letters(entry: Any) -> str:
    letters = entry.get("column") if isinstance(entry, dict) else entry
    return letters if isinstance(letters, str) and re.fullmatch(r"[A-Z]{1,3}", letters) else ""


def with_mapping(options: ReadingOptions, mapping: Mapping[str, Any]) -> ReadingOptions:
    """Return the options with what a mapping states, where they leave it open; its currency is only a fallback."""
    stated = {key: str(word) for key, word in mapping.get("reading", {}).items() if key != "currency"}
    given = {name: getattr(options, name) or stated.get(name) for name in _STATED}
    return ReadingOptions(**given, sheet=options.sheet or mapping.get("sheet"), mapping=options.mapping)


def table_by_mapping(book: Book, mapping: Mapping[str, Any], sheet_name: str | None) -> Table:
    """Return the table that a mapping names; FileRefused with every difference if this workbook has another layout."""
    wanted = str(sheet_name or mapping.get("sheet") or "")
    sheet = book.sheet(wanted) if wanted else None
    if sheet is None and len(book.sheets) == 1:
        sheet = book.sheets[0]
    if sheet is None:
        names = [each.name for each in book.sheets]
        raise FileRefused(
            Problem(f"there is no sheet '{wanted}', which the mapping names", did_you_mean(wanted, names)), book.file
        )
    first, last = mapping["heading_rows"][0], mapping["heading_rows"][-1]
    columns = {name: _number(_letters(entry)) for name, entry in mapping["columns"].items()}
    headings = _headings(sheet, first, last)
    problems = []
    for name, entry in mapping["columns"].items():
        expected = str(entry.get("heading") or "") if isinstance(entry, dict) else ""
        found = headings.get(columns[name], "")
        if expected and plain(expected) != plain(found):
            shown = f"'{found}'" if found else "nothing"
            problems.append(
                Problem(
                    f"the heading of column {column_letters(columns[name])} is {shown}, "
                    f"where the mapping has '{expected}' ({name})",
                    _elsewhere(headings, expected),
                    cell=sheet.place(last, columns[name]),
                )
            )
    if problems:
        raise FileRefused(problems, book.file)
    unread = tuple(column for column in headings if column not in columns.values())
    return Table(sheet, (first, last), columns, headings, unread=unread)


def _headings(sheet: Sheet, first: int, last: int) -> dict[int, str]:
    grid = Grid(sheet)
    columns = sorted({column for row in range(first, last + 1) for column in grid.rows.get(row, {})})
    headings: dict[int, str] = {}
    for column in columns:
        own, _ = grid.pieces(last, last - first, column)
        own = [piece for piece in own if len(piece) < 250]
        if own:
            headings[column] = " ".join(own)
    return headings


def _elsewhere(headings: Mapping[int, str], expected: str) -> str:
    places = [column_letters(column) for column, text in headings.items() if plain(text) == plain(expected)]
    if places:
        return f"That heading stands in column {places[0]}: correct the mapping."
    return "Correct the mapping, or read this file without it."


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def heading_words(table: Table, name: str) -> str:
    """Return a field's heading with its group heading, as one text."""
    column = table.columns.get(name, 0)
    return " ".join(part for part in (table.groups.get(column, ""), table.headings.get(column, "")) if part)

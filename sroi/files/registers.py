"""Registers of proxies as files: the user's own in CSV, workbooks or YAML, read with every fault in one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.evidence.register import FIELDS, REQUIRED, Register, Table, register
from sroi.evidence.register_checks import faults, shown
from sroi.files.safety import read_bytes

YAML = (".yaml", ".yml")
BOOKS = (".xlsx", ".xlsm", ".ods")
READ = (".csv", *BOOKS, *YAML)
LARGEST_REGISTER = 30_000_000
MOST_ENTRIES = 200_000
# A message that lists thousands of faults is read by nobody.
MOST_FAULTS = 40

# Other names that columns go by.
ALSO = {
    "license": "licence", "attribution": "acknowledgement", "notes": "note", "description": "outcome",
    "proxy": "outcome", "type": "value_type", "transfer": "is_transfer", "source_url": "url", "address": "url",
    "grade": "confidence", "rag": "confidence", "source_title": "source", "cost_code": "id",
}  # fmt: skip


def read_registers(paths: Sequence[str | Path]) -> Register:
    """Return the shipped register with these of the user's; FileRefused with all that is wrong with the first bad one.

    A user's entry stands in place of a shipped one of the same id; two of the user's files may not share an id.
    """
    return register(read_register(path) for path in paths)


def read_register(path: str | Path) -> Table:
    """Return a register's table from a .csv, .xlsx, .xlsm, .ods or .yaml file."""
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in READ and not path.is_dir():
        found = f"files ending in '{path.suffix}' are no registers" if path.suffix else "a file without an ending"
        remedy = f"Give a file ending in {', '.join(READ[:-1])} or {READ[-1]}; `sroi proxies new FILE` begins one."
        raise FileRefused(Problem(found, remedy), str(path))
    problems: list[Problem] = []
    if ending in YAML:
        table = _from_yaml(path)
    else:
        heading, rows, lines = _records(path, ending)
        table, problems = _table(heading, rows, lines, path)
    if len(table.rows) > MOST_ENTRIES:
        found = f"a register of {len(table.rows):,} entries"
        raise FileRefused(Problem(found, f"Keep at most {MOST_ENTRIES:,} in a file."), str(path))
    refuse_faults([*problems, *faults(table)], str(path))
    return table


def refuse_faults(problems: list[Problem], name: str) -> None:
    """Raise FileRefused with all these problems of a file, if there are any; beyond a screenful, with their number."""
    if len(problems) > MOST_FAULTS:
        more = Problem(f"and {len(problems) - MOST_FAULTS:,} more of the like", "Mend these first.")
        problems = [*problems[:MOST_FAULTS], more]
    if problems:
        raise FileRefused(problems, name)


def _records(path: Path, ending: str) -> tuple[list[str], Sequence[Sequence[str]], list[int]]:
    """Return a table's heading, its rows as text, and each row's number as a spreadsheet shows it."""
    if ending == ".csv":
        content = read_bytes(path, LARGEST_REGISTER, "register")
        records = list(enumerate(_csv_records(content, str(path)), start=1))
    else:
        records = _book_records(path)
    records = [(line, record) for line, record in records if any(map(str.strip, record))]
    if not records:
        raise FileRefused(Problem("this register is empty", "Begin one with `sroi proxies new FILE`."), str(path))
    (_, heading), *rows = records
    heading = [text.strip() for text in heading]
    while heading and not heading[-1]:
        heading.pop()
    problems = []
    for line, row in rows:
        beyond = [text for text in row[len(heading) :] if text.strip()] if len(row) > len(heading) else []
        if beyond:
            found = f"{shown(beyond[0])} stands beyond the last column"
            problems.append(
                Problem(found, "Put a text that holds a comma in quotes, or name the column.", f"row {line}")
            )
    refuse_faults(problems, str(path))
    width = len(heading)
    even = [row if len(row) == width else (row + [""] * (width - len(row)))[:width] for _, row in rows]
    return heading, _stripped(even), [line for line, _ in rows]


def _stripped(rows: list[list[str]]) -> list[Sequence[str]]:
    """Return rows whose texts neither begin nor end with a blank."""
    return list(zip(*(map(str.strip, column) for column in zip(*rows, strict=True)), strict=True))


def _csv_records(content: bytes, name: str) -> list[list[str]]:
    from sroi.files.sheets_csv import csv_records, decoded_csv, separator_of

    if content.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        found = "this is not the plain text that its name says"
        raise FileRefused(Problem(found, "Save it as CSV, or give it its own ending."), name)
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(Problem("this is not a text file", "Save the register as CSV, .xlsx or YAML."), name)
    text, _ = decoded_csv(content, name)
    return [record for _, record in csv_records(text, separator_of(text[:200_000]), name)]


def _book_records(path: Path) -> list[tuple[int, list[str]]]:
    from sroi.files.sheets import open_book

    book = open_book(path)
    # A register of ours has a sheet that explains the columns; a stranger's table stands on the first sheet.
    sheet = book.sheet("Register") or book.sheets[0]
    return [
        (row, [cell_text(cells[column].value) if column in cells else "" for column in range(1, sheet.last_column + 1)])
        for row, cells in sheet.rows()
    ]


def cell_text(value: Any) -> str:
    """Return what a cell holds as text: yes and no, whole numbers without a point, days as 2024-04-01."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def field_of(heading: str) -> str:
    """Return the field that a column's heading stands for, as written or by another name; else the heading as it is.

    >>> field_of("Price year"), field_of("Attribution"), field_of("Sort order")
    ('price_year', 'acknowledgement', 'sort_order')
    """
    plain = "_".join(heading.strip().lower().replace("-", " ").split())
    return plain if plain in FIELDS else ALSO.get(plain, plain)


def _table(
    heading: list[str], rows: Sequence[Sequence[str]], lines: list[int], path: Path
) -> tuple[Table, list[Problem]]:
    """Return a table of the columns that a register has, and what is wrong with its heading.

    FileRefused at once where a column is missing, for then every row would be said to be wrong.
    """
    columns = [field_of(text) for text in heading]
    problems = _heading_faults(heading, columns)
    if any(name not in columns for name in REQUIRED):
        refuse_faults(problems, str(path))
    kept = [place for place, name in enumerate(columns) if name in FIELDS and columns.index(name) == place]
    if len(kept) < len(columns):
        rows = [tuple(row[place] for place in kept) for row in rows]
    return Table(str(path), tuple(columns[place] for place in kept), rows, lines), problems


def _heading_faults(heading: Sequence[str], columns: Sequence[str]) -> list[Problem]:
    problems = []
    for place, (written, name) in enumerate(zip(heading, columns, strict=True), start=1):
        where = f"heading, column {place}"
        if not written:
            problems.append(Problem("a column has no heading", "Name it, or take it out.", where))
        elif name not in FIELDS:
            remedy = did_you_mean(name, FIELDS, f"Known: {', '.join(FIELDS)}.")
            problems.append(Problem(f"a register has no column {shown(written)}", remedy, where))
        elif columns.index(name) < place - 1:
            problems.append(Problem(f"the column '{name}' stands twice", "Keep one of them.", where))
    missing = [name for name in REQUIRED if name not in columns]
    problems += [Problem(f"the column '{name}' is missing", f"Add it: {FIELDS[name]}.", "heading") for name in missing]
    return problems


# ---- YAML ----


def _from_yaml(path: Path) -> Table:
    """Return the table of a YAML register: a list of entries, or a group whose `entries` is one."""
    from sroi.files.yaml import yaml_tree

    tree, line_of, problems = yaml_tree(read_bytes(path, LARGEST_REGISTER, "register"), str(path))
    place: tuple[str | int, ...] = ()
    if isinstance(tree, dict) and "entries" in tree:
        problems += [
            Problem(f"a register has no key {shown(key)}", "It has `entries` alone.", line=line_of.get((key,)))
            for key in tree
            if key != "entries"
        ]
        tree, place = tree["entries"], ("entries",)
    if not isinstance(tree, list):
        found = "this file is no register: it holds no list of entries"
        raise FileRefused(Problem(found, "Begin one with `sroi proxies new FILE`."), str(path))
    rows, lines = [], []
    for number, group in enumerate(tree):
        here = (*place, number)
        row, wrong = _yaml_row(group, here, line_of)
        problems += wrong
        rows.append(row)
        lines.append(line_of.get(here, 0))
    refuse_faults(problems, str(path))
    return Table(str(path), tuple(FIELDS), rows, lines)


def _yaml_row(
    group: Any, here: tuple[str | int, ...], line_of: dict[tuple[str | int, ...], int]
) -> tuple[list[str], list[Problem]]:
    if not isinstance(group, dict):
        found = "an entry is no group of keys"
        return [""] * len(FIELDS), [
            Problem(found, "Write it as id: .., outcome: .., and so on.", line=line_of.get(here))
        ]
    texts: dict[str, str] = {}
    problems = []
    for key, value in group.items():
        line, name = line_of.get((*here, key)), field_of(str(key))
        if name not in FIELDS:
            remedy = did_you_mean(name, FIELDS, f"Known: {', '.join(FIELDS)}.")
            problems.append(Problem(f"an entry has no field {shown(str(key))}", remedy, line=line))
        elif isinstance(value, dict | list):
            problems.append(Problem("a group or list stands where a text belongs", "Write one text.", name, line))
        elif name in texts:
            problems.append(Problem(f"the field '{name}' stands twice", "Keep one of them.", line=line))
        else:
            texts[name] = str(value).strip()
    return [texts.get(name, "") for name in FIELDS], problems

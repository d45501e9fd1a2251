"""Registers of proxies as files: the user's own in CSV, workbooks or YAML, read with every fault in one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.evidence.register import FIELDS, Register, Table, register
from sroi.evidence.register_checks import faults, shown
from sroi.files.register_columns import field_of, read_csv_register, refuse_faults, table_of
from sroi.files.safety import read_bytes

YAML = (".yaml", ".yml")
BOOKS = (".xlsx", ".xlsm", ".ods")
READ = (".csv", *BOOKS, *YAML)
LARGEST_REGISTER = 30_000_000
MOST_ENTRIES = 200_000

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
    if ending in YAML:
        table = _from_yaml(path)
    elif ending == ".csv":
        table = read_csv_register(read_bytes(path, LARGEST_REGISTER, "register"), str(path))
    else:
        numbers, rows = _book_rows(path)
        table = table_of(iter(rows), iter(numbers), str(path))
    if len(table) > MOST_ENTRIES:
        found = f"a register of {len(table):,} entries"
        raise FileRefused(Problem(found, f"Keep at most {MOST_ENTRIES:,} in a file."), str(path))
    refuse_faults(faults(table), str(path))
    return table


def _book_rows(path: Path) -> tuple[list[int], list[list[str]]]:
    """Return the numbers and the texts of the rows of a workbook's register."""
    from sroi.files.sheets import open_book

    book = open_book(path)
    # A register of ours has a sheet that explains the columns; a stranger's table stands on the first sheet.
    sheet = book.sheet("Register") or book.sheets[0]
    columns = range(1, sheet.last_column + 1)
    numbers, rows = [], []
    for number, cells in sheet.rows():
        numbers.append(number)
        rows.append([cell_text(cells[column].value) if column in cells else "" for column in columns])
    return numbers, rows


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
    return Table.of_rows(str(path), tuple(FIELDS), rows, lines)


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

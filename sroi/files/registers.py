"""Registers of proxies as files: the user's own in CSV, workbooks or YAML, read with every fault in one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sroi.errors import FileRefused, Problem
from sroi.evidence.register import Register, Table, register
from sroi.evidence.register_checks import faults
from sroi.files.register_columns import read_csv_register, refuse_faults, table_of
from sroi.files.register_yaml import read_yaml_register
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
        table = read_yaml_register(read_bytes(path, LARGEST_REGISTER, "register"), str(path))
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

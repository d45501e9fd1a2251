"""A filled form is read: from a workbook, YAML or CSV, every fault at its cell or line, all of them in one message.

A form is a stranger's file: it is opened within the limits of every workbook and YAML file, formulas are taken at the
values stored with them, nothing of it is run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

from sroi.errors import FileRefused, Nearest, Problem
from sroi.files.form import Column, Form, Part, alike, is_blank
from sroi.files.form_cells import NOWHERE, Entry, Found, entries_of_book, entries_of_tree
from sroi.files.safety import read_bytes

LARGEST_FORM = 30_000_000  # bytes
FORMS = (".xlsx", ".xlsm", ".ods", ".csv", ".tsv", ".txt", ".yaml", ".yml", ".json")
_MOST_PROBLEMS = 200


@dataclass(frozen=True)
class Row:
    """One row, or the one record, of a filled form: what was read by column, None where nothing stands."""

    values: Mapping[str, Any]
    entries: Mapping[str, Entry] = field(default_factory=dict, repr=False)
    start: Entry = field(default=NOWHERE, repr=False)

    def __getitem__(self, name: str) -> Any:
        """Return the value of a column; KeyError for a column that the form does not have."""
        return self.values[name]

    def place(self, name: str = "") -> str:
        """Return where an entry, or the row, stands: "sheet Bids, cell C4", "line 12"."""
        entry = self.entries.get(name, self.start)
        return entry.cell or (f"line {entry.line}" if entry.line else "")

    def problem(self, name: str, found: str, remedy: str) -> Problem:
        """Return a problem at an entry of this row: of an empty one, at the row."""
        entry = self.entries.get(name, self.start)
        return Problem(found, remedy, line=entry.line, cell=entry.cell)


@dataclass(frozen=True)
class Filled:
    """A form as somebody filled it: its file, the SHA-256 of its bytes, what to know of it, and its rows by part."""

    form: Form
    file: str
    sha256: str
    notes: tuple[str, ...]
    parts: Mapping[str, tuple[Row, ...]]

    def __getitem__(self, part: str) -> tuple[Row, ...]:
        """Return the rows of a part, none if it was left empty."""
        return self.parts[part]

    def one(self, part: str) -> Row:
        """Return the record of a single part, with None for every column if it was left empty."""
        rows = self.parts[part]
        return rows[0] if rows else Row({column.name: None for column in self.form.part(part).columns})


def read_form(path: str | Path, form: Form) -> Filled:
    """Return a form as it was filled; FileRefused, with every fault at its place, for one that cannot stand.

    Parameters: `path`, an .xlsx, .xlsm, .ods, .yaml, .yml or .json file, or a .csv one where the form has one table.
    """
    path = Path(path)
    if path.suffix.lower() not in FORMS and not path.is_dir():
        ending = f"files ending in '{path.suffix}'" if path.suffix else "files without an ending"
        remedy = "Give an .xlsx, .ods or .yaml file."
        raise FileRefused(Problem(f"{ending} are not read here", remedy), str(path))
    content = read_bytes(path, LARGEST_FORM, "form")
    if not content.strip():
        remedy = f"Begin one with `sroi commission new {form.name} FILE.xlsx`."
        raise FileRefused(Problem("this file is empty", remedy), str(path))
    found = _found(content, path, form)
    reader = _Reader(form, found)
    parts = {part.name: tuple(reader.rows(part)) for part in form.parts}
    reader.check_keys(parts)
    reader.check_references(parts)
    if reader.problems:
        problems = reader.problems[:_MOST_PROBLEMS]
        more = len(reader.problems) - len(problems)
        if more:
            problems.append(Problem(f"and {more:,} more", "Mend these first."))
        raise FileRefused(problems, str(path))
    return Filled(form, str(path), hashlib.sha256(content).hexdigest(), tuple(found.notes), parts)


def _found(content: bytes, path: Path, form: Form) -> Found:
    if path.suffix.lower() in (".yaml", ".yml", ".json") and not content.startswith(b"PK"):
        from sroi.files.yaml import yaml_tree

        tree, lines, problems = yaml_tree(content, str(path))
        return entries_of_tree(tree, lines, problems, form, str(path))
    from sroi.files.sheets import book_of

    book = book_of(content, str(path))
    return entries_of_book(book, form, is_csv=path.suffix.lower() in (".csv", ".tsv", ".txt"))


class _Reader:
    """Reads entries into rows, and gathers what is wrong with them."""

    def __init__(self, form: Form, found: Found) -> None:
        self.form = form
        self.found = found
        self.problems = list(found.problems)

    def rows(self, part: Part) -> Iterator[Row]:
        written = self.found.rows.get(part.name, ())
        if part.required and not written and part.name not in self.found.unread:
            remedy = f"{'Fill it in' if part.single else 'Fill in one row at least'}. It asks: {part.about}"
            self.problems.append(Problem(f"{part.heading}: nothing is filled in", remedy))
        for start, entries in written:
            if self._is_a_note(part, entries):
                continue
            yield Row({column.name: self._value(column, start, entries) for column in part.columns}, entries, start)

    def _is_a_note(self, part: Part, entries: Mapping[str, Entry]) -> bool:
        """Say whether a row of a sheet is but one remark below or between the others, and tell it in one problem."""
        alone = [(name, entry) for name, entry in entries.items() if not is_blank(entry.value)]
        lacking = [c for c in part.columns if c.required and c.name not in {name for name, _ in alone}]
        if part.single or len(lacking) < 2 or len(alone) != 1 or not alone[0][1].cell:
            return False
        entry = alone[0][1]
        if not isinstance(entry.value, str) or " " not in entry.value.strip():
            return False
        told = f"'{entry.value.strip()[:60]}' stands alone in its row"
        remedy = "Move a note to the right of the table or to a sheet of its own; of a row, fill in the rest: "
        headings = ", ".join(f"'{column.heading}'" for column in lacking)
        self.problems.append(Problem(told, f"{remedy}{headings}.", cell=entry.cell))
        return True

    def _value(self, column: Column, start: Entry, entries: Mapping[str, Entry]) -> Any:
        entry = entries.get(column.name)
        if entry is None or is_blank(entry.value):
            if column.required and (entry is None or not entry.faulty):
                at = entry or start
                remedy = column.help or "Fill it in."
                if column.kind == "choice" and column.fits_a_list:
                    remedy = f"{remedy.rstrip('.')}. Give one of: {', '.join(column.choices)}."
                self.problems.append(Problem(f"'{column.heading}' is missing", remedy, line=at.line, cell=at.cell))
            return None
        try:
            return column.read(entry.value)
        except PydanticCustomError as error:
            told = error.context or {}
            found = f"'{column.heading}': {told.get('found', str(error))}"
            self.problems.append(Problem(found, str(told.get("remedy", "")), line=entry.line, cell=entry.cell))
            return None

    def check_keys(self, parts: Mapping[str, tuple[Row, ...]]) -> None:
        """Say which rows repeat what may stand once only."""
        for part in self.form.parts:
            seen: dict[tuple[Any, ...], Row] = {}
            for row in parts[part.name] if part.key else ():
                key = tuple(row[name] for name in part.key)
                if any(is_blank(value) for value in key):
                    continue
                first = seen.setdefault(tuple(alike(value) for value in key), row)
                if first is not row:
                    said = ", ".join(str(value) for value in key)
                    found = f"'{said}' stands twice: also at {first.place(part.key[0])}"
                    if tuple(first[name] for name in part.key) != key:
                        found += ", in other letters that mean the same"
                    self.problems.append(row.problem(part.key[0], found, "Keep one of the two, or rename one."))

    def check_references(self, parts: Mapping[str, tuple[Row, ...]]) -> None:
        """Say which entries name a row that there is not."""
        for part in self.form.parts:
            for column in part.columns:
                if not column.refers_to:
                    continue
                target, _, name = column.refers_to.partition(".")
                known = {str(row[name]) for row in parts[target] if row[name] is not None}
                nearest = Nearest(known, f"The names stand on the sheet {self.form.part(target).heading}.")
                for row in parts[part.name]:
                    named = row[column.name]
                    for each in named if isinstance(named, tuple) else (named,):
                        if each is not None and str(each) not in known:
                            found = f"'{column.heading}': there is no '{each}' in {self.form.part(target).heading}"
                            self.problems.append(row.problem(column.name, found, nearest.remedy(str(each))))

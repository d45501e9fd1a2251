"""A register made of any table of values, by a mapping that says which of its columns is which field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.evidence.register import FIELDS, REQUIRED, Table
from sroi.evidence.register_checks import faults, shown
from sroi.files.grid import Sheet
from sroi.files.register_columns import refuse_faults
from sroi.files.registers import cell_text
from sroi.files.safety import read_bytes
from sroi.files.sheets import open_book

_KEYS = ("sroi_register_mapping", "sheet", "heading_row", "columns", "every_row", "id_prefix")
_BEGINS = "A mapping begins with `sroi_register_mapping: 1` and has `columns: {heading: field}`."


def mapped_register(path: str | Path, mapping: str | Path, licence: str = "") -> tuple[Table, tuple[str, ...]]:
    """Return the register that a table makes by a mapping, and what is to be known of how it was read.

    The mapping is YAML: `sroi_register_mapping: 1`; `columns`, the headings of the table, each with the field it holds;
    `every_row`, fields that are the same in each row; `sheet`, `heading_row` (1 if left out); `id_prefix`, from which
    ids are made where no column holds them. Columns that are not named are left out.
    """
    rules = _rules(Path(mapping))
    book = open_book(path)
    name = rules.get("sheet")
    sheet = book.sheet(name) if name else book.sheets[0]
    if sheet is None:
        known = [each.name for each in book.sheets]
        raise FileRefused(Problem(f"the file has no sheet '{name}'", did_you_mean(str(name), known)), str(path))
    heading_row = int(rules.get("heading_row", "1"))
    fields = _fields_of(sheet, heading_row, rules["columns"], str(path))
    same = {**({"licence": licence} if licence else {}), **rules.get("every_row", {})}
    rows, lines = [], []
    for line, cells in sheet.rows():
        if line <= heading_row:
            continue
        held = {field: _one_line(cells[column].value) if column in cells else "" for column, field in fields.items()}
        if not any(held.values()):
            continue
        entry = {**same, **{field: text for field, text in held.items() if text}}
        entry.setdefault("id", _id(rules.get("id_prefix", "row"), entry.get("outcome", ""), line))
        rows.append([entry.get(field, "") for field in FIELDS])
        lines.append(line)
    table = Table.of_rows(str(path), tuple(FIELDS), rows, lines)
    refuse_faults(faults(table), str(path))
    left = [
        _one_line(sheet.value(heading_row, column))
        for column in range(1, sheet.last_column + 1)
        if column not in fields
    ]
    left = [heading for heading in left if heading]
    said = [f"{note}." for note in book.notes]
    return table, tuple([*said, f"Columns left out: {', '.join(left)}."] if left else said)


def _one_line(value: Any) -> str:
    return " ".join(cell_text(value).split())


def _id(prefix: str, outcome: str, line: int) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", outcome.lower()).strip("_")[:60].rstrip("_")
    return f"{prefix}_{words}_{line}" if words else f"{prefix}_{line}"


def _fields_of(sheet: Sheet, heading_row: int, columns: dict[str, str], name: str) -> dict[int, str]:
    """Return which column holds which field, by the headings that the table has."""
    headings: dict[str, int] = {}
    for column in range(1, sheet.last_column + 1):
        headings.setdefault(_one_line(sheet.value(heading_row, column)).lower(), column)
    problems = []
    found: dict[int, str] = {}
    for heading, field in columns.items():
        place = headings.get(" ".join(heading.lower().split()))
        if place is None:
            remedy = did_you_mean(heading.lower(), [each for each in headings if each])
            problems.append(Problem(f"row {heading_row} has no heading {shown(heading)}", remedy))
        else:
            found[place] = field
    refuse_faults(problems, name)
    return found


def _rules(path: Path) -> dict[str, Any]:
    from sroi.files.yaml import yaml_tree

    tree, line_of, problems = yaml_tree(read_bytes(path, 200_000, "mapping"), str(path))
    if (
        not isinstance(tree, dict)
        or tree.get("sroi_register_mapping") != "1"
        or not isinstance(tree.get("columns"), dict)
    ):
        raise FileRefused(Problem("this file is no mapping for a register", _BEGINS), str(path))
    for key in tree:
        if key not in _KEYS:
            problems.append(
                Problem(f"a mapping has no key {shown(key)}", did_you_mean(key, _KEYS), line=line_of[(key,)])
            )
    row = tree.get("heading_row", "1")
    if not re.fullmatch(r"[1-9]\d{0,5}", str(row)):
        found = f"{shown(str(row))} is no row"
        problems.append(Problem(found, "Give its number, such as 1.", line=line_of[("heading_row",)]))
    prefix = tree.get("id_prefix", "row")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", str(prefix)):
        found = f"{shown(str(prefix))} cannot begin an id"
        problems.append(Problem(found, "Use small letters, digits and _.", line=line_of[("id_prefix",)]))
    same = tree.get("every_row", {})
    if not isinstance(same, dict):
        problems.append(
            Problem("every_row is no group of fields", "Write it as {currency: GBP}.", line=line_of[("every_row",)])
        )
        same = {}
    given = [("columns", heading, field) for heading, field in tree["columns"].items()]
    given += [("every_row", field, field) for field in same]
    seen: dict[str, str] = {}
    for group, key, field in given:
        line = line_of.get((group, key))
        if not isinstance(field, str) or field not in FIELDS:
            remedy = did_you_mean(str(field), FIELDS, f"Known: {', '.join(FIELDS)}.")
            problems.append(Problem(f"a register has no field {shown(str(field))}", remedy, line=line))
        elif field in seen and group == "columns":
            problems.append(Problem(f"two columns are said to be '{field}'", "Keep one of them.", line=line))
        elif group == "every_row" and not isinstance(same[key], str):
            problems.append(Problem("a group or list stands where a text belongs", "Write one text.", line=line))
        seen[str(field)] = group
    missing = [name for name in REQUIRED if name not in seen and name not in ("id", "licence")]
    problems += [
        Problem(f"no column and no text of every_row is '{name}'", f"Name it: {FIELDS[name]}.") for name in missing
    ]
    refuse_faults(problems, str(path))
    return tree

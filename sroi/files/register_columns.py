"""A register's rows gathered into columns as they are read, with what is wrong with its heading and its rows' width.

A search begins with a file that is cold, so this is made to be quick: rows are taken a few at a time, while they are
near the processor, and equal texts become one, so that each is checked, and looked through, once.
"""

from __future__ import annotations

import csv
import io
import operator
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, islice

from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.evidence.register import FIELDS, REQUIRED, Column, Table
from sroi.evidence.register_checks import shown

# A message that lists thousands of faults is read by nobody.
MOST_FAULTS = 40
_ROWS_AT_ONCE = 50
# So many characters show how a file parts its cells.
_BEGINNING = 20_000

# Other names that columns go by.
ALSO = {
    "license": "licence", "attribution": "acknowledgement", "notes": "note", "description": "outcome",
    "proxy": "outcome", "type": "value_type", "transfer": "is_transfer", "source_url": "url", "address": "url",
    "grade": "confidence", "rag": "confidence", "source_title": "source", "cost_code": "id",
}  # fmt: skip


def refuse_faults(problems: list[Problem], name: str) -> None:
    """Raise FileRefused with all these problems of a file, if there are any; beyond a screenful, with their number."""
    if len(problems) > MOST_FAULTS:
        more = Problem(f"and {len(problems) - MOST_FAULTS:,} more of the like", "Mend these first.")
        problems = [*problems[:MOST_FAULTS], more]
    if problems:
        raise FileRefused(problems, name)


def read_csv_register(content: bytes, name: str) -> Table:
    """Return the table of a CSV register, whatever spreadsheets do to one: separators, encodings, marks of order."""
    from sroi.files.sheets_csv import decoded_csv, separator_of

    if content.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        found = "this is not the plain text that its name says"
        raise FileRefused(Problem(found, "Save it as CSV, or give it its own ending."), name)
    csv.field_size_limit(1_000_000)
    try:
        if not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            # Decoded as it is read: one foreign letter in the whole text would make every text cut from it wide.
            lines = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")
            separator = separator_of(content[:_BEGINNING].decode("utf-8-sig", "ignore"))
            return table_of(csv.reader(lines, delimiter=separator), count(1), name)
    except UnicodeDecodeError:
        pass  # stored in another way, which `decoded_csv` knows
    except csv.Error as error:
        raise _no_table(error, name) from None
    text, _ = decoded_csv(content, name)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text[:_BEGINNING]))
        return table_of(rows, count(1), name)
    except csv.Error as error:
        raise _no_table(error, name) from None


def _no_table(error: csv.Error, name: str) -> FileRefused:
    return FileRefused(Problem(f"this is not a table ({error})", "Save it again as CSV."), name)


def table_of(rows: Iterator[list[str]], numbers: Iterator[int], name: str) -> Table:
    """Return the table of these rows, the first of which that holds anything is the heading; others may be empty.

    `numbers` are the rows' numbers, as a spreadsheet shows them. FileRefused with every row that is longer than the
    heading, or else with all that is wrong with the heading.
    """
    heading = next((row for row, _ in zip(rows, numbers, strict=False) if any(map(str.strip, row))), None)
    if heading is None:
        raise FileRefused(Problem("this register is empty", "Begin one with `sroi proxies new FILE`."), name)
    heading = [text.strip() for text in heading]
    while not heading[-1]:
        heading.pop()
    columns, lines = _gathered(rows, numbers, len(heading), name)
    names = [field_of(text) for text in heading]
    refuse_faults(_heading_faults(heading, names), name)
    return Table(name, dict(zip(names, columns, strict=True)), lines)


def _gathered(
    rows: Iterator[list[str]], numbers: Iterator[int], width: int, name: str
) -> tuple[list[Column], list[int]]:
    """Return the columns of the rows that hold anything, and these rows' numbers."""
    known: list[dict[str, str]] = [{} for _ in range(width)]
    texts: list[list[str]] = [[] for _ in range(width)]
    lines: list[int] = []
    problems: list[Problem] = []
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        numbered = list(islice(numbers, len(some)))
        columns = list(zip(*some, strict=True)) if set(map(len, some)) == {width} else []
        if not columns or not all(map(str.strip, columns[0])):  # a short, long or empty row may be among them
            kept = [(row, line) for row, line in zip(some, numbered, strict=True) if any(map(str.strip, row))]
            problems += [fault for row, line in kept if (fault := _beyond(row, width, line)) is not None]
            columns = list(zip(*((row + [""] * (width - len(row)))[:width] for row, _ in kept), strict=True))
            numbered = [line for _, line in kept]
        lines += numbered
        for column, one, into in zip(columns, known, texts, strict=bool(columns)):
            first, last = column[0], column[-1]
            if first == last and column.count(first) == len(column):  # as a currency does, or what is left empty
                into.extend([one.setdefault(first, first)] * len(column))
            else:
                into.extend(map(one.setdefault, column, column))  # each text as it was met first
    refuse_faults(problems, name)
    return [_stripped(into, one) for into, one in zip(texts, known, strict=True)], lines


def _beyond(row: list[str], width: int, line: int) -> Problem | None:
    beyond = next((text for text in row[width:] if text.strip()), None)
    if beyond is None:
        return None
    remedy = "Put a text that holds a comma in quotes, or name the column."
    return Problem(f"{shown(beyond)} stands beyond the last column", remedy, f"row {line}")


def _stripped(texts: Sequence[str], distinct: Mapping[str, str]) -> Column:
    """Return a column whose texts neither begin nor end with a blank."""
    bare = dict(zip(distinct, map(str.strip, distinct), strict=True))
    if all(map(operator.is_, bare, bare.values())):
        return Column(texts, bare.keys())
    return Column([bare[text] for text in texts], set(bare.values()))


def field_of(heading: str) -> str:
    """Return the field that a column's heading stands for, as written or by another name; else the heading as it is.

    >>> field_of("Price year"), field_of("Attribution"), field_of("Sort order")
    ('price_year', 'acknowledgement', 'sort_order')
    """
    plain = "_".join(heading.strip().lower().replace("-", " ").split())
    return plain if plain in FIELDS else ALSO.get(plain, plain)


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

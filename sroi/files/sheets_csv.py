"""The grid of a CSV file. What is plainly a number becomes one; anything that could be read in two ways stays text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sroi.errors import FileRefused, Problem
from sroi.files.archives import MOST_CELLS, refused
from sroi.files.grid import Book, Cell, Sheet, Value

SEPARATORS = ",;\t"
_PLAIN = re.compile(r"[-+]?(\d{1,15}(\.\d{1,15})?|\.\d{1,15})", re.ASCII)
_STATED, _QUOTED = re.compile(r"sep=(.)\r?\n"), re.compile(r'"[^"]*"')
_THOUSANDS_OR_NOT = re.compile(r"[-+]?\d{1,3}\.\d{3}", re.ASCII)


def read_csv(content: bytes, name: str, most_cells: int = MOST_CELLS) -> Book:
    """Return a CSV file as a workbook of one sheet, named as the file; FileRefused if it is too large or no text."""
    text, notes = decoded_csv(content, name)
    separator = separator_of(text)
    cells: dict[tuple[int, int], Cell] = {}
    for row, (_, record) in enumerate(csv_records(text, separator, name), start=1):
        for column, written in enumerate(record, start=1):
            if written.strip():
                cells[row, column] = _cell(row, column, written, separator)
        if len(cells) > most_cells or row > 10 * most_cells:
            found = f"this table holds more than {most_cells:,} filled cells"
            raise refused(name, found, "Keep only the rows and columns that are needed.")
    if not cells:
        raise refused(name, "this file is empty", "Give a table with something in it.")
    return Book(name, content, (Sheet(Path(name).stem or "table", cells),), {}, tuple(notes))


def csv_records(text: str, separator: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a CSV file, each with the line on which it begins; FileRefused for one that is torn.

    A quote that is opened and not closed would swallow the rows that follow, and nobody would miss them.
    """
    return records_in(io.StringIO(text, newline=""), separator, name)


def records_in(lines: Iterable[str], separator: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a CSV file that is read as it comes, as `csv_records` does."""
    csv.field_size_limit(1_000_000)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            unclosed, quotes = "unexpected end" in str(error), "expected after" in str(error)
            found = "a quote that is never closed" if unclosed else f"this is not a table ({error})"
            remedy = 'Close it; a quote within quotes is written twice: "".'
            remedy = remedy if unclosed or quotes else "Save it again as CSV."
            raise FileRefused(Problem(found, remedy, line=begins), name) from None
        yield begins, record


def decoded_csv(content: bytes, name: str) -> tuple[str, list[str]]:
    """Return a CSV file as text, and what is to be known of how it is stored."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), []
        except UnicodeDecodeError:
            raise refused(name, "this text is damaged: it begins as UTF-16", "Save it again as UTF-8.") from None
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = "The file is not stored as UTF-8; it was read as Windows-1252 (Western Europe)"
        # The five bytes that Windows-1252 leaves open become a mark that shows.
        return content.decode("cp1252", "replace"), [note]


def separator_of(text: str) -> str:
    """Return the separator of a table's cells: the one that splits its lines most alike; a first line may state it.

    >>> separator_of("Outcome;Value;Source\\nCalmer;12,50;survey")
    ';'
    """
    if (stated := _STATED.match(text)) is not None:
        return stated[1]
    lines = [_QUOTED.sub("", line) for line in text[:200_000].splitlines()[:200] if line.strip()]
    return max(SEPARATORS, key=lambda each: _alike(lines, each))


def _alike(lines: list[str], separator: str) -> tuple[int, int]:
    counts = [line.count(separator) for line in lines]
    commonest = max(set(counts) - {0}, key=lambda count: (counts.count(count), count), default=0)
    return (counts.count(commonest) * min(commonest, 3) if commonest else 0, sum(counts))


def _cell(row: int, column: int, written: str, separator: str) -> Cell:
    text = written.strip()
    per_cent = text.endswith("%")
    bare = text[:-1].strip() if per_cent else text
    value: Value = written
    # Beside semicolons a point may part thousands, and 1.250 would be either.
    if _PLAIN.fullmatch(bare) and not (separator == ";" and _THOUSANDS_OR_NOT.fullmatch(bare)):
        value = float(f"{bare}e-2") if per_cent else float(bare)
    return Cell(row, column, value, None, "0%" if per_cent and isinstance(value, float) else "General")

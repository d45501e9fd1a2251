"""The rows of a survey, put together by person: duplicates, waves, groups, and everything that has to be asked about.

Ids never leave this module: a person is a mark, a hash under a secret that lasts as long as the program runs.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b

from sroi.errors import Problem
from sroi.files.grid import Cell, Value, column_letters
from sroi.files.survey_cells import COMMA, LABELLED, Code, written
from sroi.files.survey_table import SurveyTable
from sroi.survey.answers import Counted

MOST_PROBLEMS = 20
_TOTALS = frozenset("total totals sum average averages mean median count minimum maximum min max".split())  # noqa: SIM905
Numbers = list[float | None]


def is_total(word: str) -> bool:
    """Say whether a cell's word heads a row of totals."""
    return word.rstrip(":") in _TOTALS


@cache
def _secret() -> bytes:
    return secrets.token_bytes(32)


def mark_of(value: Value) -> bytes | None:
    """Return a person's mark, None where there is no id. Case, spaces and the form of letters do not matter."""
    word = written(value)
    return blake2b(word.encode("utf-8", "replace"), key=_secret(), digest_size=16).digest() if word else None


@dataclass
class Person:
    """What is known of one person: the group's word and the answers of each wave, each with the row it stands in."""

    row: int
    group: str = ""
    waves: dict[int, tuple[int, Numbers]] = field(default_factory=dict)


@dataclass
class Tally:
    """What was met while reading: faults, and what is counted and said."""

    table: SurveyTable
    problems: list[Problem] = field(default_factory=list)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def count(self, one: str, several: str, by: int = 1) -> None:
        """Count something that is no fault."""
        self.counts[one, several] = self.counts.get((one, several), 0) + by

    def fault(self, row: int, column: int, found: str, remedy: str) -> None:
        """Keep a fault with its cell."""
        self.problems.append(Problem(found, remedy, cell=self.table.sheet.place(row, column)))

    @property
    def counted(self) -> tuple[Counted, ...]:
        """What was counted, in the order in which it was met first."""
        return tuple(Counted(count, one, several) for (one, several), count in self.counts.items())

    def told(self) -> list[Problem]:
        """Return the faults, the first twenty and how many more."""
        more = len(self.problems) - MOST_PROBLEMS
        rest = [Problem(f"and {more:,} more like these", "Mend these first; the others will be named then.")]
        return self.problems[:MOST_PROBLEMS] + (rest if more > 0 else [])


def answer_rows(tally: Tally, answers: Sequence[int], others: Sequence[int]) -> Iterator[tuple[int, dict[int, Cell]]]:
    """Yield the rows with people in them; empty rows, rows of totals and repeated headings are not.

    `answers` are the columns of answers, `others` those of person, group and wave.
    """
    table = tally.table
    heads = {column: written(table.sheet.value(table.heading_row, column)) for column in answers}
    hidden = 0
    for row, cells in table.sheet.rows():
        if row <= table.heading_row:
            continue
        words = {column: written(cell.value) for column, cell in cells.items()}
        if not any(words.get(column) for column in (*answers, *others)):
            continue
        if all(heads[column] and words.get(column) == heads[column] for column in answers):
            tally.count("row repeats the headings: left out", "rows repeat the headings: left out")
            continue
        total = next((column for column, word in words.items() if is_total(word)), None)
        if total is not None and any(words.get(column) for column in answers):
            tally.fault(row, total, f"a row of totals stands among the answers ('{words[total]}')", "Take it out.")
            continue
        hidden += row in table.sheet.hidden_rows
        yield row, cells
    if hidden:
        tally.count("hidden row is counted like the others", "hidden rows are counted like the others", hidden)


def read_numbers(tally: Tally, code: Code, row: int, cells: dict[int, Cell], columns: Sequence[int]) -> Numbers:
    """Return a row's answers in these columns; faults are kept with their cells."""
    numbers: Numbers = []
    for column in columns:
        cell = cells.get(column)
        read = code.read(cell)
        if read.found:
            tally.fault(row, column, read.found, read.remedy)
        elif read.how == LABELLED:
            tally.count("answer with its words beside it (10 - completely) is read as its number",
                        "answers with their words beside them (10 - completely) are read as their number")  # fmt: skip
        elif read.how == COMMA:
            tally.count("answer has a decimal comma (7,5)", "answers have a decimal comma (7,5)")
        elif read.number is None and cell is not None and written(cell.value):
            said = written(cell.value)[:40]
            tally.count(f"answer '{said}' is taken as none", f"answers '{said}' are taken as none")
        numbers.append(read.number)
    return numbers


def put_together(tally: Tally, person: Person, wave: int, row: int, numbers: Numbers, column: int) -> None:
    """Add a row's answers of one wave to a person: the same again counts once, different ones are a fault."""
    if wave not in person.waves:
        person.waves[wave] = (row, numbers)
        return
    earlier, known = person.waves[wave]
    clash = any(a is not None and b is not None and a != b for a, b in zip(known, numbers, strict=True))
    if clash:
        tally.fault(
            row, column,
            f"a person stands twice with different answers, here and in {column_letters(column)}{earlier}",
            "Keep the row that holds, or give them ids of their own.",
        )  # fmt: skip
        return
    person.waves[wave] = (earlier, [b if a is None else a for a, b in zip(known, numbers, strict=True)])
    if known == numbers:
        tally.count("row says again what another row says of the same person: counted once",
                    "rows say again what another row says of the same person: counted once")  # fmt: skip
    else:
        tally.count("row completes another row of the same person: put together",
                    "rows complete another row of the same person: put together")  # fmt: skip


def in_group(tally: Tally, person: Person, row: int, column: int | None, group: str, where: int) -> None:
    """Keep a person's group; one person in two groups is a fault. `where` is the column of the person's id."""
    if column is None or not group:
        return
    if person.group and person.group != group:
        tally.fault(
            row, column, f"a person stands in both groups, here and in {column_letters(where)}{person.row}",
            "Give each person one group: the one in which they began.",
        )  # fmt: skip
    elif not person.group:
        person.group, person.row = group, row


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def in_order(words: Sequence[str]) -> Callable[[str], float | str] | None:
    """Return how waves are put in order, days by the calendar and numbers by size; None if they are neither."""
    if all(_DAY.match(word) for word in words):
        return str
    if all(re.fullmatch(r"-?\d+(\.\d+)?", word) for word in words):
        return float
    return None

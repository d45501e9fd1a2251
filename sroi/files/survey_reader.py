"""A table of answers in a file: wide (before and after beside each other) or long (a row for each wave)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sroi.errors import FileRefused, MethodRefused, Problem
from sroi.files.grid import Book
from sroi.files.safety import read_bytes
from sroi.files.survey_cells import Code, plain_word, written
from sroi.files.survey_rows import (
    Person,
    Tally,
    answer_rows,
    in_group,
    in_order,
    is_total,
    mark_of,
    put_together,
    read_numbers,
)
from sroi.files.survey_table import HEADING_ROWS, find_table
from sroi.survey.answers import Answers
from sroi.survey.people import Roll
from sroi.survey.protection import SMALLEST, is_small

# A survey may hold more than a value map; workbooks keep to the limits of all workbooks.
LARGEST_SURVEY, MOST_ANSWERS = 30_000_000, 1_000_000
EARLIEST, LATEST = "earliest", "latest"


@dataclass(frozen=True)
class SurveyColumns:
    """Which column is which, by heading or letters, and what the answers stand for.

    Wide: `before` and `after` name one column for each question. Long: `wave` names the column that says when, `first`
    and `last` its words for before and after (or earliest, latest), `before` the questions, and `person` who.
    """

    before: tuple[str, ...]
    after: tuple[str, ...] = ()
    person: str | None = None
    group: str | None = None
    treated: str | None = None
    control: str | None = None
    wave: str | None = None
    first: str | None = None
    last: str | None = None
    sheet: str | None = None
    code: Code = field(default_factory=Code)
    smallest: int = SMALLEST


def read_survey(path: str | Path, columns: SurveyColumns) -> Answers:
    """Return the answers in a file; FileRefused with every fault of it, each with its cell and what to do.

    What is no fault but not plain either (no answer, labels, rows of one person) is counted in `Answers.counted`.
    """
    _check(columns, str(path))
    table = find_table(_open(path), _wanted(columns), columns.sheet)
    tally = Tally(table)
    people = _long(tally, columns) if columns.wave is not None else _wide(tally, columns)
    groups = _groups(tally, people, columns)
    if tally.problems:
        raise FileRefused(tally.told(), str(path))
    return _answers(tally, people, columns, groups, Path(path).name)


def read_roll(path: str | Path, person: str, sheet: str | None = None) -> Roll:
    """Return the people in a file, each once; their ids are not kept."""
    table = find_table(_open(path), [("--person", person)], sheet)
    column = table.columns[person]
    heading = written(table.sheet.value(table.heading_row, column))
    marks, without, rows = set(), 0, 0
    for row, cells in table.sheet.rows():
        if row <= table.heading_row:
            continue
        word = written(cells[column].value) if column in cells else ""
        if is_total(word) or word == heading:
            continue
        mark = mark_of(word)
        if mark is None:
            without += 1
            continue
        rows += 1
        marks.add(mark)
    if not marks:
        place = table.sheet.place(table.heading_row, column)
        raise FileRefused(Problem("nobody stands in this column", "Name the column of the ids.", cell=place), str(path))
    return Roll(Path(path).name, frozenset(marks), rows, without)


def headings_of(path: str | Path) -> frozenset[str]:
    """Return the words of the first rows of a file's sheets, as headings are compared."""
    cells = (cell for sheet in _open(path).sheets for (row, _), cell in sheet.cells.items() if row <= HEADING_ROWS)
    return frozenset(written(cell.value) for cell in cells)


def _open(path: str | Path) -> Book:
    from sroi.files.sheets import book_of

    return book_of(read_bytes(Path(path), LARGEST_SURVEY, "survey"), str(path), MOST_ANSWERS)


def _check(columns: SurveyColumns, file: str) -> None:
    problems = []
    long = columns.wave is not None
    if not columns.before:
        problems.append(Problem("no question is named", "Name its column: --before, and --after."))
    if long and columns.person is None:
        problems.append(Problem("waves can be matched only by person", "Name the column of the ids: --person."))
    if long and (columns.first is None or columns.last is None):
        problems.append(Problem("it is not said which waves to compare", "Say --first and --last, as the column does."))
    if not long and (columns.first is not None or columns.last is not None):
        problems.append(Problem("--first and --last are given without a column of waves", "Name it: --wave."))
    if long and columns.after not in ((), columns.before):
        problems.append(Problem("with --wave the questions have one column each", "Name them with --before alone."))
    if not long and len(columns.before) != len(columns.after):
        found = f"{len(columns.before)} questions before, {len(columns.after)} after"
        problems.append(Problem(found, "Name the same questions, in the same order, with --before and --after."))
    for option, names in (("--before", columns.before), ("--after", columns.after)):
        twice = sorted({name for name in names if names.count(name) > 1})
        problems += [Problem(f"{option} names '{name}' twice", "Name each question once.") for name in twice]
    if not long and (both := sorted(set(columns.before) & set(columns.after))):
        found = f"'{both[0]}' is named both before and after"
        problems.append(Problem(found, "Name two columns, or say --wave if there is a row for each wave."))
    if (columns.group is None) != (columns.treated is None):
        found, remedy = (
            "--group and --treated belong together",
            "Name the column, and its word for those who took part.",
        )
        problems.append(Problem(found, remedy))
    if columns.control is not None and columns.group is None:
        problems.append(
            Problem("--control is given without --group", "Name the column that says who is in which group.")
        )
    if problems:
        raise MethodRefused(problems, file)


def _wanted(columns: SurveyColumns) -> list[tuple[str, str]]:
    after = () if columns.wave is not None else columns.after
    named = [("--before", name) for name in columns.before] + [("--after", name) for name in after]
    others = (("--person", columns.person), ("--group", columns.group), ("--wave", columns.wave))
    return named + [(option, name) for option, name in others if name is not None]


# ---- rows into people ----


def _wide(tally: Tally, columns: SurveyColumns) -> list[Person]:
    at = tally.table.columns
    before, after = [at[name] for name in columns.before], [at[name] for name in columns.after]
    person, group = (at[name] if name is not None else None for name in (columns.person, columns.group))
    found: dict[bytes, Person] = {}
    people: list[Person] = []
    others = [column for column in (person, group) if column is not None]
    for row, cells in answer_rows(tally, [*before, *after], others):
        one = read_numbers(tally, columns.code, row, cells, before)
        other = read_numbers(tally, columns.code, row, cells, after)
        mark = mark_of(cells[person].value) if person is not None and person in cells else None
        if mark is None and person is not None:
            tally.count("row has no id: taken as a person of its own", "rows have no id: taken as people of their own")
        who = found.get(mark) if mark is not None else None
        if who is None:
            who = Person(row)
            people.append(who)
            if mark is not None:
                found[mark] = who
        where = person if person is not None else before[0]
        in_group(tally, who, row, group, written(cells[group].value) if group in cells and group else "", where)
        put_together(tally, who, 0, row, [*one, *other], where)
    width = len(before)
    for who in people:
        row, numbers = who.waves[0]
        who.waves = {0: (row, numbers[:width]), 1: (row, numbers[width:])}
    return people


def _long(tally: Tally, columns: SurveyColumns) -> list[Person]:
    at = tally.table.columns
    questions = [at[name] for name in columns.before]
    person, wave = at[str(columns.person)], at[str(columns.wave)]
    group = at[columns.group] if columns.group is not None else None
    rows = []
    for row, cells in answer_rows(tally, questions, [each for each in (person, group, wave) if each is not None]):
        mark = mark_of(cells[person].value) if person in cells else None
        when = written(cells[wave].value) if wave in cells else ""
        if mark is None or not when:
            what = "no id" if mark is None else "no wave"
            tally.count(
                f"row has {what} and cannot be matched: left out", f"rows have {what} and cannot be matched: left out"
            )
            continue
        rows.append((row, cells, mark, when))
    first, last = _ends(tally, columns, [(mark, when) for _, _, mark, when in rows], wave)
    found: dict[bytes, Person] = {}
    for row, cells, mark, when in rows:
        ends = [place for place, end in enumerate((first, last)) if when == end.get(mark)]
        who = found.setdefault(mark, Person(row))
        in_group(tally, who, row, group, written(cells[group].value) if group in cells and group else "", person)
        if not ends:
            tally.count("row is of another wave: left out", "rows are of other waves: left out")
            continue
        put_together(tally, who, ends[0], row, read_numbers(tally, columns.code, row, cells, questions), person)
    return list(found.values())


def _ends(
    tally: Tally, columns: SurveyColumns, seen: Sequence[tuple[bytes, str]], wave: int
) -> tuple[dict[bytes, str], dict[bytes, str]]:
    """Return for each person which wave is the first and which the last."""
    words = sorted({when for _, when in seen})
    order = in_order(words)
    own: dict[bytes, list[str]] = {}
    for mark, when in seen:
        own.setdefault(mark, []).append(when)
    ends: list[dict[bytes, str]] = []
    for option, given, pick in (("--first", columns.first, min), ("--last", columns.last, max)):
        word = plain_word(str(given))
        if word in (EARLIEST, LATEST) and word not in words:
            if order is None:
                found = f"{option} {word}: the waves are neither days nor numbers, and have no order of their own"
                tally.fault(
                    tally.table.heading_row,
                    wave,
                    found,
                    f"Name the wave as the column does. {_waves(words, len(seen))}",
                )
                ends.append({})
                continue
            picked = {mark: pick(each, key=order) for mark, each in own.items()}
            alone = {mark for mark, each in own.items() if len(set(each)) < 2}
            # Who answered once answered at the start.
            ends.append({mark: each for mark, each in picked.items() if option == "--first" or mark not in alone})
            continue
        if word not in words:
            found = f"{option}: no row is of the wave '{given}'"
            tally.fault(tally.table.heading_row, wave, found, _waves(words, len(seen)))
        ends.append(dict.fromkeys(own, word))
    first, last = plain_word(str(columns.first)), plain_word(str(columns.last))
    if columns.first is not None and first == last:
        found = f"--first and --last are both '{columns.first}'"
        tally.fault(tally.table.heading_row, wave, found, "Name two waves.")
    elif order is not None and {first, last} <= set(words) and min((first, last), key=order) != first:
        found = f"--first is '{columns.first}', which is after --last, '{columns.last}'"
        tally.fault(tally.table.heading_row, wave, found, "Name the earlier one first: gains would be told as losses.")
    return ends[0], ends[1]


def _waves(words: Sequence[str], rows: int) -> str:
    """Return which waves there are, or, where hardly a word stands twice, that this is no column of waves."""
    if len(words) > 8 and 2 * len(words) > rows:
        return "Nearly every row has a word of its own there: check that --wave names the column of the waves."
    return f"The waves are: {_few(words)}."


def _few(words: Sequence[str]) -> str:
    more = f" and {len(words) - 8} more" if len(words) > 8 else ""
    return ", ".join(f"'{word[:30]}'" for word in words[:8]) + more


# ---- people into numbers ----


def _groups(tally: Tally, people: Sequence[Person], columns: SurveyColumns) -> tuple[str, str] | None:
    """Return the words for participants and comparison group; None where all are participants."""
    if columns.group is None:
        return None
    column = tally.table.columns[columns.group]
    counts: dict[str, int] = {}
    for who in people:
        if who.group:
            counts[who.group] = counts.get(who.group, 0) + 1
    treated = plain_word(str(columns.treated))
    # Words that few have may be names: they are not listed.
    known = sorted(word for word, count in counts.items() if not is_small(count, columns.smallest))
    listed = f"Groups of at least {columns.smallest}: {_few(known)}." if known else "Check the name of the column."
    row = tally.table.heading_row
    if treated not in counts:
        tally.fault(row, column, f"--treated: nobody is in a group '{columns.treated}'", listed)
        return None
    others = [word for word in counts if word != treated]
    if columns.control is not None:
        control = plain_word(columns.control)
        if control not in others:
            tally.fault(row, column, f"--control: nobody is in a group '{columns.control}'", listed)
        return treated, control
    if not others:
        remedy = "Leave --group out, or add those of the comparison group."
        tally.fault(row, column, "the column has no second group", remedy)
        return None
    if len(others) > 1:
        found = f"the column has {len(others)} groups beside '{columns.treated}'"
        tally.fault(row, column, found, f"Say which is the comparison group: --control. {listed}")
        return None
    return treated, others[0]


def _answers(
    tally: Tally, people: Sequence[Person], columns: SurveyColumns, groups: tuple[str, str] | None, file: str
) -> Answers:
    kept = [who for who in people if groups is None or who.group in groups]
    outside = len(people) - len(kept)
    if outside:
        tally.count("person is in neither group: left out", "people are in neither group: left out", outside)
    width = len(columns.before)
    rows = np.array([
        [float(groups is None or who.group == groups[0]),
         *(np.nan if number is None else number
           for wave in (0, 1) for number in who.waves.get(wave, (0, [None] * width))[1])]
        for who in kept
    ], dtype=np.float64).reshape(len(kept), 1 + 2 * width)  # fmt: skip
    # Sorted, so that the order of the rows leaves no trace, not even in the last digit of a sum.
    rows = rows[np.lexsort(rows.T[::-1])]
    long = columns.wave is not None
    return Answers(
        file=file,
        questions=tuple(tally.table.heading(tally.table.columns[name]) for name in columns.before),
        before=rows[:, 1 : 1 + width],
        after=rows[:, 1 + width :],
        participant=rows[:, 0] > 0.5 if groups is not None else None,
        groups=groups,
        counted=tally.counted,
        asked_at=(str(columns.first), str(columns.last)) if long else _named(columns),
    )  # fmt: skip


def _named(columns: SurveyColumns) -> tuple[str, str]:
    return ", ".join(columns.before), ", ".join(columns.after)

"""Where in a stranger's table the named columns stand: sheet, heading row, columns; asked about where in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.files.grid import Book, Sheet, Value, column_letters
from sroi.files.survey_cells import written

Covered = dict[tuple[int, int], tuple[int, int]]

# How far down a row of headings is looked for, and how many merged headings of what size are looked into.
HEADING_ROWS, _MOST_MERGED, _LARGEST_MERGED = 60, 2000, 500
_LETTERS = re.compile(r"[A-Za-z]{1,3}")


@dataclass(frozen=True)
class SurveyTable:
    """A sheet of answers: the row of its headings, and the column of each name that was asked for."""

    sheet: Sheet
    heading_row: int
    columns: dict[str, int]

    def heading(self, column: int) -> str:
        """Return the words over a column."""
        return (
            _heading_text(self.sheet, self.heading_row, column, _covered(self.sheet))
            or f"column {column_letters(column)}"
        )


def find_table(book: Book, wanted: Sequence[tuple[str, str]], sheet: str | None = None) -> SurveyTable:
    """Return where the columns stand.

    Parameters: `wanted`, pairs of an option (--before) and the heading, or column letters, that it names; `sheet`, the
    sheet's name if the workbook has several that fit. FileRefused with every name that is not there or there twice.
    """
    sheets = [each for each in book.sheets if each.cells]
    if sheet is not None:
        named = book.sheet(sheet)
        if named is None:
            remedy = did_you_mean(sheet, [each.name for each in book.sheets])
            raise FileRefused(Problem(f"there is no sheet '{sheet}'", remedy), book.file)
        sheets = [named]
    names = [name for _, name in wanted]
    found = [(_best(each, names), each) for each in sheets]
    whole = [(best, each) for best, each in found if best is not None and best[0] == len(set(map(written, names)))]
    if len(whole) > 1:
        listed = ", ".join(each.name for _, each in whole)
        raise FileRefused(Problem(f"these columns stand on several sheets: {listed}", "Name one: --sheet."), book.file)
    if not whole:
        whole = sorted(((b, e) for b, e in found if b is not None), key=lambda each: -each[0][0])[:1]
    if not whole:
        raise FileRefused(Problem("this file has no row of headings", "Put the names over the columns."), book.file)
    (_, row), within = whole[0]
    return SurveyTable(within, row, _columns(book, within, row, wanted))


def _best(sheet: Sheet, names: Sequence[str]) -> tuple[int, int] | None:
    """Return how many of the names the best row of headings has, and which row it is."""
    wanted = set(map(written, names))
    covered = _covered(sheet)
    best: tuple[int, int] | None = None
    for row, cells in islice(sheet.rows(), HEADING_ROWS):
        if not any(isinstance(cell.value, str) for cell in cells.values()):
            continue
        count = len(wanted & {name for each in _headings(sheet, row, covered).values() for name in each})
        if count > (best[0] if best is not None else 0):
            best = (count, row)
        if count == len(wanted):
            break
    likely = _likely_row(sheet) if best is None else None
    return best if likely is None else (0, likely)


def _likely_row(sheet: Sheet) -> int | None:
    """Return the row of headings where no row has any of the names, as when columns are named by letters.

    From the top, rows of nothing but words, of which none is said again in its column: answers are, headings are not.
    The first that fills every column ends the search. Taken for headings, somebody's answers would be lost, and shown.
    """
    rows = list(islice(sheet.rows(), HEADING_ROWS))
    full = max((len(cells) for _, cells in rows), default=0)
    likely: int | None = None
    for place, (row, cells) in enumerate(rows):
        below = rows[place + 1 :]
        if not all(_may_be_heading(cell.value) for cell in cells.values()) or any(
            column in others and others[column].value == cell.value
            for column, cell in cells.items()
            for _, others in below
        ):
            break
        likely = row
        if len(cells) == full:
            break
    return likely


def _may_be_heading(value: Value) -> bool:
    """Say whether a cell holds words, or a year."""
    return isinstance(value, str) or (isinstance(value, float) and value in range(1900, 2101))


def _covered(sheet: Sheet) -> Covered:
    """Return for every cell of a merged heading the cell that holds its words."""
    return {
        (row, column): (top, left)
        for top, left, bottom, right in sheet.merged[:_MOST_MERGED]
        if (bottom - top + 1) * (right - left + 1) <= _LARGEST_MERGED
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }


def _headings(sheet: Sheet, row: int, covered: Covered) -> dict[int, list[str]]:
    """Return the names of each column: the words over it, and those with the words of the row above before them."""
    names: dict[int, list[str]] = {}
    above = ""
    for column in range(1, min(sheet.last_column, 2000) + 1):
        own = written(_text(sheet, row, column, covered))
        over = written(_text(sheet, row - 1, column, covered)) if row > 1 else ""
        # A .csv keeps a merged heading in its first cell only.
        above = over or ("" if sheet.merged else above)
        if own:
            names[column] = [own, f"{above} {own}"] if above and above != own else [own]
    return names


def _text(sheet: Sheet, row: int, column: int, covered: Covered) -> str:
    """Return a heading's words; every cell of a merged one has them."""
    value = sheet.value(*covered.get((row, column), (row, column)))
    return value if isinstance(value, str) else written(value)


def _heading_text(sheet: Sheet, row: int, column: int, covered: Covered) -> str:
    return " ".join(_text(sheet, row, column, covered).split())[:80]


def _columns(book: Book, sheet: Sheet, row: int, wanted: Sequence[tuple[str, str]]) -> dict[str, int]:
    headings = _headings(sheet, row, _covered(sheet))
    found: dict[str, int] = {}
    problems: list[Problem] = []
    for option, name in wanted:
        places = _places(headings, written(name))
        if not places and _LETTERS.fullmatch(name.strip()):
            places = [column for column in headings if column_letters(column) == name.strip().upper()]
        if len(places) == 1:
            found[name] = places[0]
            continue
        problems.append(_problem(option, name, places, headings, sheet, row))
    if problems:
        raise FileRefused(list({str(each): each for each in problems}.values()), book.file)
    return found


def _places(headings: dict[int, list[str]], word: str) -> list[int]:
    """Return the columns of this name: those whose own words it is, else those whose words with the row above it is."""
    own = [column for column, names in headings.items() if names[0] == word]
    return own or [column for column, names in headings.items() if word in names[1:]]


def _problem(
    option: str, name: str, places: list[int], headings: dict[int, list[str]], sheet: Sheet, row: int
) -> Problem:
    where = f"sheet {sheet.name}, row {row}"
    if places:
        letters = " and ".join(column_letters(column) for column in places[:4])
        fuller = [headings[column][1] for column in places[:2] if len(headings[column]) > 1]
        meant = f"such as '{fuller[0]}', or " if len(set(fuller)) == len(places[:2]) and fuller else ""
        return Problem(
            f"{option}: the heading '{name}' stands over columns {letters}",
            f"Name one of them, {meant}by its letters: {option} {column_letters(places[0])}.",
            cell=where,
        )
    known = list(dict.fromkeys(_shown_headings(sheet, row)))
    return Problem(f"{option}: no column is called '{name}'", did_you_mean(name, known), cell=where)


def _shown_headings(sheet: Sheet, row: int) -> Iterator[str]:
    covered = _covered(sheet)
    for column in range(1, min(sheet.last_column, 200) + 1):
        text = _heading_text(sheet, row, column, covered)
        if text:
            yield text[:40]

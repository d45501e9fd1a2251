"""The list on which a team writes what it found: a sheet of its workbook, or a CSV file; blank, and filled in."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from sroi.errors import FileRefused, Problem
from sroi.files.plain_workbook import PlainCell, PlainTable
from sroi.files.safety import neutral_text
from sroi.files.sheets import Book, Sheet

SHEET = "Fault list"
PLACE, WRONG, RIGHT = "Place (cell, line or name)", "What is wrong with it", "What it should be, if you know"
_SAID = (
    "Write down what you found wrong, one line for each: where it is, and what is wrong. You may also put it right in "
    "the map itself: a number that you mend counts as found."
)
_ROOM = 25
# Nobody plants so many; more lines than this are not a list of what was found.
MOST_CLAIMS = 200
_LONGEST = 500
_MOST_NOTES = 5
_QUOTED = 'needs quotation marks in a CSV file: "2,40"'


@dataclass(frozen=True)
class Claim:
    """One line of a filled list: where, and what is wrong there, in a team's words."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}" if self.place and self.words else self.place or self.words


@dataclass(frozen=True)
class FaultList:
    """A filled list: whose it is, the ratio that the team gives ("" if none), what it claims.

    `notes` name rows that could not be read as they stand.
    """

    team: str
    ratio: str
    claims: tuple[Claim, ...]
    notes: tuple[str, ...] = ()


def blank_list(team: str) -> PlainTable:
    """Return the sheet on which a team writes what it found."""
    cells = {
        (1, 1): PlainCell(SHEET, "title"), (2, 1): PlainCell(_SAID, "wrap"),
        (3, 1): PlainCell("Team"), (3, 2): PlainCell(team, "input"),
        (4, 1): PlainCell("Our ratio"), (4, 2): PlainCell("", "input"),
        **{(6, place): PlainCell(words, "heading") for place, words in enumerate((PLACE, WRONG, RIGHT), 1)},
        **{(row, column): PlainCell("", "input") for row in range(7, 7 + _ROOM) for column in (1, 2, 3)},
    }  # fmt: skip
    return PlainTable(cells, {1: 60, 2: 70, 3: 44}, frozen=(6, 0))


def blank_list_csv(team: str) -> bytes:
    """Return the same list as a CSV file, for teams without a spreadsheet."""
    stream = io.StringIO()
    rows = [["Team", neutral_text(team), ""], ["Our ratio", "", ""], [PLACE, WRONG, RIGHT], ["", "", ""]]
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def list_in(book: Book) -> FaultList | None:
    """Return the filled list in a workbook or CSV file: the sheet that has its headings, whatever it is called now.

    Raises FileRefused, saying which headings it needs, for a file that holds a list and nothing else, without them.
    """
    for sheet in sorted(book.sheets, key=lambda each: not _is_ours(each)):
        head = _heading_row(sheet)
        if head is not None:
            return _read(sheet, *head, by_commas=not book.content.startswith(b"PK"))
    if len(book.sheets) == 1 and _is_headed(book.sheets[0]):
        found = "this is a fault list without its headings"
        remedy = f"Above what was found it needs '{PLACE}' and '{WRONG}'; write these two over the columns."
        raise FileRefused(Problem(found, remedy), book.file)
    return None


def _is_ours(sheet: Sheet) -> bool:
    return sheet.name.strip().lower() == SHEET.lower()


def _is_headed(sheet: Sheet) -> bool:
    """Say whether a sheet begins as a list does: with the team and its ratio."""
    words = {_plain(_said(sheet, row, column)) for row in range(1, 8) for column in (1, 2)}
    return {"team", "our ratio"} <= words


def _heading_row(sheet: Sheet) -> tuple[int, int, int] | None:
    """Return the row of the headings, and the columns of place and words; None where there are none."""
    for row, cells in sheet.rows():
        if row > 40:
            return None
        words = {_plain(str(cell.value)): column for column, cell in cells.items() if isinstance(cell.value, str)}
        place = next((column for text, column in words.items() if text.startswith("place")), None)
        wrong = next((column for text, column in words.items() if text.startswith("what is wrong")), None)
        if _is_ours(sheet) and (place is None) != (wrong is None):  # one of them was changed: they stand side by side
            place, wrong = (wrong - 1, wrong) if wrong is not None and wrong > 1 else (place, (place or 0) + 1)
        if place is not None and wrong is not None:
            return row, place, wrong
    return None


def _read(sheet: Sheet, head: int, place: int, wrong: int, *, by_commas: bool) -> FaultList:
    """Return the list under its headings; `by_commas`: it is text, in which a comma may part what belongs together."""
    team = ratio = ""
    notes: list[str] = []
    for row in range(1, head):
        label = _plain(_said(sheet, row, place))
        if label == "team":
            team = _said(sheet, row, place + 1)
        elif label == "our ratio":
            ratio, said = _ratio(sheet, row, place + 1, by_commas)
            notes += said
    claims = []
    rows = dict(sheet.rows())
    last = max(rows[head])
    for row in range(head + 1, min(sheet.last_row, head + 4 * MOST_CLAIMS) + 1):
        beyond = [column for column in rows.get(row, ()) if by_commas and column > last]
        claim = Claim(_said(sheet, row, place), _said(sheet, row, wrong))
        if beyond:
            words = [_said(sheet, row, column) for column in range(wrong, max(beyond) + 1)]
            claim = Claim(claim.place, ",".join(words)[:_LONGEST])
            found = f"row {row} has more cells than there are headings, and was read as one claim"
            notes.append(f"{found}; a text with a comma in it {_QUOTED}")
        if claim.place or claim.words:
            claims.append(claim)
    return FaultList(team, ratio, tuple(claims[:MOST_CLAIMS]), tuple(notes[:_MOST_NOTES]))


def _ratio(sheet: Sheet, row: int, column: int, by_commas: bool) -> tuple[str, list[str]]:
    """Return the ratio in a row; one that a comma parts into two cells is not read, and said to be so."""
    ratio, rest = _said(sheet, row, column), _said(sheet, row, column + 1)
    if not (by_commas and re.search(r"\d$", ratio) and re.match(r"\d", rest)):
        return ratio, []
    found = f"row {row} gives the ratio in two cells, {ratio[:20]} and {rest[:20]}: not read, ask the team"
    return "", [f"{found}. A number with a comma in it {_QUOTED}"]


def _said(sheet: Sheet, row: int, column: int) -> str:
    """Return what a cell says, on one line, without the apostrophe that keeps a text from being a formula."""
    value = sheet.value(row, column)
    if value is None or isinstance(value, bool):
        return ""
    text = f"{value:.10g}" if isinstance(value, int | float) else " ".join(str(value).split())
    return re.sub(r"^'(?=[=+\-@|%])", "", text)[:_LONGEST]


def _plain(text: str) -> str:
    return " ".join(text.lower().split())

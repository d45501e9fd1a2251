"""Where a stranger's workbook holds its outcomes: the sheet, the heading rows, and which column is which."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from sroi.files.cells import is_left_out, looks_like_number, words_in
from sroi.files.grid import Cell, Sheet
from sroi.files.headings import FAMILIES, NUMBERS, SHARES, Meaning, meanings, plain

MOST_HEADING_ROWS = 400
MOST_COLUMNS = 300
_DEPTHS = (0, 1, 2, 3)
_SWAPS = {
    "input": "input_value", "output": "output_quantity", "proxy": "proxy_value", "indicator": "quantity",
    "outcome": "quantity", "stakeholder": "size",
}  # fmt: skip
_BACK = {"input_value": "input", "output_quantity": "output", "proxy_value": "proxy"}
_WEIGHTS = {"outcome": 3.0, "quantity": 3.0, "proxy_value": 3.0, "stakeholder": 1.5, **dict.fromkeys(SHARES, 1.5)}
_GENERIC = {
    "any_description": {"input": "input", "output": "output", "outcome": "outcome", "proxy": "proxy",
                        "stakeholder": "outcome"},
    "any_value": {"input": "input_value", "stakeholder": "input_value", "outcome": "proxy_value",
                  "indicator": "proxy_value", "quantity": "proxy_value", "proxy": "proxy_value",
                  "duration": "proxy_value", "output": "proxy_value"},
    "any_number": {"output": "output_quantity", "stakeholder": "quantity", "outcome": "quantity",
                   "indicator": "quantity", "proxy": "quantity", "duration": "quantity", "quantity": "quantity"},
    "any_source": {"outcome": "indicator_source", "quantity": "indicator_source", "proxy": "proxy_source",
                   "input": "input_source", **{share: f"{share}_note" for share in SHARES}},
}  # fmt: skip
_UNDER_OUTPUT = {"quantity": "output_quantity", "outcome": "output"}
_UNDER_INPUT = {"quantity": "input_quantity", "proxy_value": "input_value", "gross": "input_value", "notes": "input"}


@dataclass(frozen=True)
class Table:
    """The table of outcomes: its sheet, first and last heading row, the column of each field, each column's heading."""

    sheet: Sheet
    header: tuple[int, int]
    columns: dict[str, int]
    headings: dict[int, str]
    groups: dict[int, str] = field(default_factory=dict)
    unread: tuple[int, ...] = ()
    doubts: tuple[tuple[str, int, int], ...] = ()
    sure: float = 0.0

    @property
    def years(self) -> dict[str, int]:
        """The columns headed by a year, by their field's name (year_1, year_2024)."""
        return {name: column for name, column in self.columns.items() if name.startswith("year_")}

    def heading(self, name: str) -> str:
        """Return a field's heading as the file writes it, on one line."""
        return self.headings.get(self.columns.get(name, 0), "")


def tables_of(sheet: Sheet) -> list[Table]:
    """Return the tables of outcomes in a sheet, the likeliest first; most sheets have none."""
    grid = Grid(sheet)
    found = [table for row in grid.heading_rows() for depth in _DEPTHS if (table := grid.table(row, depth)) is not None]
    return sorted(found, key=lambda table: (-table.sure, table.header))


def complete(table: Table) -> bool:
    """Say whether a table has what a value map cannot do without: an outcome, a quantity and a value."""
    described = "outcome" in table.columns or "indicator" in table.columns
    return described and "quantity" in table.columns and "proxy_value" in table.columns


class Grid:
    """A sheet looked at for headings: texts by row, and what is merged over what."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rows = dict(sheet.rows())
        self.over: dict[tuple[int, int], tuple[int, int, int, int]] = {}
        self.bodies: dict[tuple[int, int], tuple[int, int]] = {}
        for area in sheet.merged:
            top, left, bottom, right = area
            for row in range(top, min(bottom, top + 50) + 1):
                for column in range(left, min(right, left + MOST_COLUMNS) + 1):
                    self.over[row, column] = area

    def heading_rows(self) -> list[int]:
        """Return the rows that could be the lowest row of headings: three texts or more, and hardly a number."""
        return [row for row, cells in self.rows.items() if _may_be_headings(cells)][:MOST_HEADING_ROWS]

    def text(self, row: int, column: int) -> str:
        """Return a cell's words on one line, a word that was hyphenated at a line's end in one piece."""
        cell = self.sheet.cells.get((row, column))
        if cell is not None and isinstance(cell.value, str) and "\n" in cell.value:
            return words_in(replace(cell, value=re.sub(r"(?<=\w)[-‐]\s*\n\s*(?=\w)", "", cell.value)))
        return words_in(cell)

    def pieces(self, last: int, depth: int, column: int) -> tuple[list[str], str]:
        """Return a column's own heading pieces from above to below, and the group heading over it."""
        own: list[str] = []
        group = ""
        for row in range(max(last - depth, 1), last + 1):
            area = self.over.get((row, column))
            if area is not None and area[3] > area[1]:
                if row != last:
                    group = self.text(area[0], area[1]) or group
                elif column == area[1]:
                    own.append(self.text(row, column))
            elif text := self.text(row, column):
                if own and re.search(r"\w[-‐]$", own[-1]):
                    own[-1] = own[-1][:-1] + text  # a word parted between two rows
                elif not (own and own[-1] == text):
                    own.append(text)
            elif row < last:
                group = self._to_the_left(row, column) or group
        return own, group

    def _to_the_left(self, row: int, column: int) -> str:
        for other in range(column - 1, max(column - 12, 0), -1):
            area = self.over.get((row, other))
            if area is not None and area[3] > area[1]:
                return ""
            if text := self.text(row, other):
                return text
        return ""

    def body(self, after: int, column: int) -> tuple[int, int]:
        """Return how many numbers and how many words of some length stand in a column below its heading."""
        if (after, column) not in self.bodies:
            self.bodies[after, column] = self._counted(after, column)
        return self.bodies[after, column]

    def _counted(self, after: int, column: int) -> tuple[int, int]:
        numbers = words = seen = 0
        headed = len(self.rows.get(after, {}))
        for row, cells in self.rows.items():
            # Labels with totals below a table tell nothing of its columns.
            if row <= after or len(cells) < 3 or len(cells) * 4 < headed:
                continue
            seen += 1
            cell = self.sheet.cells.get((row, column))
            if cell is not None and looks_like_number(cell):
                numbers += 1
            elif cell is not None and isinstance(cell.value, str) and not is_left_out(cell.value):
                words += 1 if len(cell.value) > 12 or not re.search(r"\d", cell.value) else 0
            if seen > 60:
                break
        return numbers, words

    def table(self, last: int, depth: int) -> Table | None:
        """Return the table whose headings end in row `last` and begin `depth` rows above, None if there is none."""
        if last - depth < 1 or (depth and not self.rows.get(last - depth)):
            return None
        columns = sorted({each for row in range(last - depth, last + 1) for each in self.rows.get(row, {})})
        columns = columns[:MOST_COLUMNS]
        headings, groups, candidates = {}, {}, {}
        for column in columns:
            own, group = self.pieces(last, depth, column)
            # A title above the table is no heading of its first column.
            own = [piece for piece in own if len(piece) < 250]
            if own:
                headings[column], groups[column] = " ".join(own), group
                candidates[column] = self.candidates(own)
        last = self._last_heading_row(last, headings)
        placed, doubts = self._assign(candidates, groups, last)
        numeric = [name for name in placed if name in NUMBERS]
        if len(placed) < 3 or len(numeric) < 2 or not {"outcome", "indicator", "stakeholder"} & placed.keys():
            return None
        empty = not any(self.body(last, placed[name])[0] for name in numeric)
        unread = tuple(column for column in headings if column not in placed.values())
        sure = sum(_WEIGHTS.get(name, 0.5 if name.startswith("year_") else 1.0) for name in placed) - 0.2 * depth
        sure -= 100 if empty else 2 * len(doubts)
        first = last - depth if depth else last
        return Table(self.sheet, (first, last), placed, headings, groups, unread, doubts, sure)

    def _last_heading_row(self, last: int, headings: dict[int, str]) -> int:
        """Return the row of the questions that some maps put under their headings, or `last`."""
        cells = self.rows.get(last + 1, {})
        under = {column: cell for column, cell in cells.items() if column in headings}
        asked = [cell for cell in under.values() if isinstance(cell.value, str) and not looks_like_number(cell)]
        questions = sum(
            str(cell.value).strip().endswith(("?", ")")) or cell.value in ("£", "$", "€", "%", "#", "n")
            for cell in asked
        )
        if len(under) >= 3 and len(asked) == len(under) and questions * 2 >= len(under):
            for column, cell in under.items():
                headings[column] += f" {words_in(cell)}"
            return last + 1
        return last

    def candidates(self, own: list[str]) -> list[Meaning]:
        """Return what a column may stand for by its own pieces: the lowest alone, all joined, or the uppermost."""
        best: dict[str, float] = {}
        for text, more in ((own[-1], 0.3), (" ".join(own), 0.0), (own[0], -0.6)):
            for meaning in meanings(plain(text)):
                best[meaning.field] = max(best.get(meaning.field, 0.0), meaning.sure + more)
        return [Meaning(name, sure) for name, sure in best.items()]

    def _assign(
        self, candidates: dict[int, list[Meaning]], groups: dict[int, str], last: int
    ) -> tuple[dict[str, int], tuple[tuple[str, int, int], ...]]:
        pairs: list[tuple[float, int, str]] = []
        family = ""
        twice = sum(any(meaning.field == "quantity" for meaning in each) for each in candidates.values()) > 1
        before = ""
        for column, each in candidates.items():
            group = _family(groups.get(column, ""))
            counts = self.body(last, column)
            fields: dict[str, float] = {}
            for meaning in each:
                name = _in_context(meaning.field, group, family, before == "output" and twice)
                name = _by_content(name, *counts)
                if name:
                    fields[name] = max(fields.get(name, 0.0), meaning.sure)
            pairs += [(sure, column, name) for name, sure in fields.items()]
            before = max(fields, key=lambda name: fields[name], default="")
            family = FAMILIES.get(before, FAMILIES.get(before.removesuffix("_note"), family))
        placed: dict[str, int] = {}
        taken: dict[int, str] = {}
        won: dict[str, float] = {}
        for sure, column, name in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
            if column not in taken and name not in placed:
                placed[name], taken[column], won[name] = column, name, sure
        doubts = tuple(
            (name, placed[name], column)
            for sure, column, name in sorted(pairs, key=lambda pair: pair[1])
            if name in NUMBERS and column not in taken and won[name] - sure < 0.25 and self.body(last, column)[0]
        )
        return placed, doubts


def _may_be_headings(cells: dict[int, Cell]) -> bool:
    texts = sum(isinstance(cell.value, str) and len(cell.value) < 400 for cell in cells.values())
    numbers = sum(isinstance(cell.value, float) and not 1900 <= cell.value <= 2100 for cell in cells.values())
    return texts >= 3 and numbers <= 1


def _family(group: str) -> str:
    ranked = [meaning for meaning in meanings(plain(group)) if meaning.field in FAMILIES]
    family = FAMILIES[ranked[0].field] if ranked else ""
    return family if family in ("input", "output", "outcome", "proxy", "indicator", "stakeholder") else ""


def _in_context(name: str, group: str, family: str, second_number: bool) -> str:
    """Return the field that a meaning comes to under its group heading, or after its neighbour to the left."""
    if group == "output":
        name = _UNDER_OUTPUT.get(name, name)
    elif group == "input":
        name = _UNDER_INPUT.get(name, name)
    if name == "quantity" and second_number:
        return "output_quantity"
    if name in _GENERIC:
        ways = _GENERIC[name]
        if group == "stakeholder" and name == "any_description":
            return "stakeholder"
        first, second = (family, group) if name == "any_source" else (group, family)
        return ways.get(first) or ways.get(second) or ""
    return name


def _by_content(name: str, numbers: int, words: int) -> str:
    """Return the field that fits what stands in the column: a column of numbers is no description."""
    if name in _SWAPS and numbers and numbers > 2 * words:
        return _SWAPS[name]
    if name in NUMBERS and words > 2 and words > 2 * numbers:
        return _BACK.get(name, "" if name not in ("quantity", "duration") else name if words < 3 else "")
    if name == "starts" and words > 3 * max(numbers, 1) and words > 5:
        return "starts"
    return name

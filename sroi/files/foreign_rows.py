"""The rows under a stranger's headings: which are outcomes, whose they are, and which are totals, notes or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from sroi.files.cells import is_left_out, looks_like_number, words_in
from sroi.files.foreign_labels import label_of
from sroi.files.foreign_layout import Table
from sroi.files.foreign_ledger import Desk
from sroi.files.grid import Cell, column_letters
from sroi.files.headings import NUMBERS, SHARES, meanings, plain

_TOTAL = re.compile(
    r"^(grand |sub ?|overall |sum )?totals?\b|^sum( of)?\b|^(total )?(net )?present value|^npv\b|^s?roi\b|"
    r"^social return|^(sroi )?ratio|^discount (rate|factor)|^net (social|present|value|benefit)|^average|^mean\b"
)
_EXACT_TOTAL = re.compile(
    r"^(grand |sub ?|overall )?totals?( (for|of|impact|value|all|this|stakeholder|outcomes?|benefits?).*)?$"
)
_NOTE = re.compile(r"^\W*(notes?|source|sources|nb|n\.b|key|legend|guidance|example)\b\s*[:.\-]", re.I)
_WORDS = ("outcome", "indicator", "proxy", "output", "input", "stakeholder")
_OF_OUTCOMES = ("quantity", "proxy_value", "duration", *SHARES)


@dataclass(frozen=True)
class Line:
    """One outcome's row: whose it is and what it is, names filled down from the rows above."""

    row: int
    stakeholder: str
    stakeholder_row: int
    outcome: str
    outcome_row: int


@dataclass
class Body:
    """What the rows under the headings are."""

    outcomes: list[Line] = field(default_factory=list)
    stakeholders: dict[str, int] = field(default_factory=dict)  # name to the row that names it
    owners: dict[int, str] = field(default_factory=dict)  # the stakeholder of each row that is no total
    totals: list[int] = field(default_factory=list)
    last: int = 0


def read_body(table: Table, desk: Desk) -> Body:
    """Return what each row below the headings is; guesses are noted in the ledger."""
    return _Reader(table, desk).body()


def _sums_its_column(cell: Cell) -> bool:
    """Say whether a cell's formula sums cells above it in its own column, as a total does."""
    if not cell.formula:
        return False
    letters = column_letters(cell.column)
    return bool(re.match(rf"=\s*(SUM|SUBTOTAL)\((\d+[,;])?\$?{letters}\$?\d+:\$?{letters}\$?\d+", cell.formula, re.I))


class _Reader:
    def __init__(self, table: Table, desk: Desk) -> None:
        self.table, self.desk = table, desk
        self.columns = table.columns
        self.result = Body()
        self.stakeholder, self.stakeholder_row = "", 0
        self.outcome, self.outcome_row = "", 0
        self.headings = {column: plain(text) for column, text in table.headings.items()}

    def body(self) -> Body:
        """Read the rows one after the other until another table begins."""
        for row, cells in self.table.sheet.rows():
            if row <= self.table.header[1]:
                continue
            if self._is_heading(cells):
                if self._repeats(cells):
                    self.desk.ledger.repair(
                        f"Row {row} repeats the headings: not read", self.desk.place(row, min(cells))
                    )
                    continue
                break
            self._read(row, cells)
        if any(not line.stakeholder for line in self.result.outcomes):
            self._without_stakeholders()
        return self.result

    def _is_heading(self, cells: dict[int, Cell]) -> bool:
        texts = [cell for cell in cells.values() if isinstance(cell.value, str)]
        if len(texts) < 3 or any(isinstance(cell.value, float) for cell in cells.values()):
            return False
        fields = {
            found[0].field
            for cell in texts
            if len(str(cell.value)) < 60 and not looks_like_number(cell) and (found := meanings(plain(cell.value)))
        }
        return (
            len(fields) >= 3 and bool(fields & {*NUMBERS, "any_value", "any_number"}) and len(fields) * 2 >= len(texts)
        )

    def _repeats(self, cells: dict[int, Cell]) -> bool:
        same = [column for column, cell in cells.items() if plain(words_in(cell)) in self.headings.get(column, "")]
        return len(same) * 2 > len(cells)

    def _word(self, row: int, name: str) -> str:
        cell = self.desk.cell(row, self.columns.get(name))
        if cell is None or (name != "stakeholder" and isinstance(cell.value, float) and name != "outcome"):
            return ""
        text = words_in(cell)
        return "" if cell.value is not None and not isinstance(cell.value, str | float) else text

    def _filled(self, row: int, name: str) -> bool:
        cell = self.desk.cell(row, self.columns.get(name))
        if cell is None:
            return False
        return bool(words_in(cell)) or (cell.value is None and cell.formula is not None)

    def _numeric(self, row: int, name: str) -> bool:
        """Say whether a cell holds, or ought to hold, a number: a text without a digit tells nothing."""
        cell = self.desk.cell(row, self.columns.get(name))
        if cell is None or not isinstance(cell.value, str):
            return cell is not None and self._filled(row, name)
        return bool(re.search(r"\d|#", cell.value)) or (is_left_out(cell.value) and bool(cell.value.strip()))

    def _read(self, row: int, cells: dict[int, Cell]) -> None:
        texts = [
            words_in(cell) for cell in cells.values() if isinstance(cell.value, str) and not looks_like_number(cell)
        ]
        priced = self._filled(row, "quantity") and self._filled(row, "proxy_value")
        if self._is_total(texts, priced, cells):
            self.result.totals.append(row)
            return
        if texts and _NOTE.match(texts[0]) and not priced:
            return
        words = {name: self._word(row, name) for name in _WORDS}
        mapped = any(words.values()) or any(self._filled(row, name) for name in (*_OF_OUTCOMES, "input_value"))
        if not mapped:
            return
        numbers = [name for name in _OF_OUTCOMES if self._numeric(row, name)]
        described = words["outcome"] or words["indicator"] or words["proxy"]
        if not any(words.values()):
            self._wordless(row, cells, numbers, priced)
            return
        if self._is_section(words, numbers, cells):
            self._take_stakeholder(words["outcome"], row)
            return
        if words["stakeholder"]:
            if not numbers and not described and not self._filled(row, "input") and len(words["stakeholder"]) > 120:
                return
            self._take_stakeholder(words["stakeholder"], row)
        self.result.owners[row] = self.stakeholder
        if self.result.outcomes and not numbers and self._apart(row):
            self.result.owners.pop(row)
            content = [word for word in words.values() if word and not meanings(plain(word))]
            if len(content) > 1 and not self._filled(row, "input_value"):
                place = self.desk.place(row, min(cells))
                self.desk.ledger.repair(f"Row {row} stands below the table, without a number: not read", place)
            return
        told = words["outcome"] and (words["stakeholder"] or words["indicator"] or words["proxy"] or numbers)
        if priced or (numbers and (described or self.outcome)) or told:
            self._take_outcome(row, words, numbers)

    def _apart(self, row: int) -> bool:
        """Say whether a row stands below the table: after its totals, or after a blank row."""
        return bool(self.result.totals) or row - 1 not in self.result.owners

    def _wordless(self, row: int, cells: dict[int, Cell], numbers: list[str], priced: bool) -> None:
        """Take a row of figures alone for totals if it sums what stands above; refuse one that may be an outcome."""
        if not any(name in numbers for name in ("quantity", "proxy_value")):
            return
        place = self.desk.place(row, min(cells))
        sums = any(
            cell.formula and re.match(r"=\s*(SUM|SUBTOTAL|AVERAGE)\(", cell.formula, re.I) for cell in cells.values()
        )
        if not priced or sums or any(self._adds_up(row, name) for name in ("quantity", "proxy_value")):
            self.result.totals.append(row)
            self.desk.ledger.repair(
                f"Row {row} holds figures but no words: taken for totals, not for an outcome", place
            )
            return
        self.desk.ledger.problem(
            f"row {row} holds a quantity and a value, but no words", "Name the outcome, or empty the row.", place
        )

    def _adds_up(self, row: int, name: str) -> bool:
        above = [self.desk.cell(line.row, self.columns.get(name)) for line in self.result.outcomes]
        numbers = [cell.value for cell in above if cell is not None and isinstance(cell.value, float)]
        here = self.desk.cell(row, self.columns.get(name))
        return len(numbers) > 1 and here is not None and here.value == sum(numbers)

    def _is_total(self, texts: list[str], priced: bool, cells: dict[int, Cell]) -> bool:
        if not texts:
            return False
        if any(_sums_its_column(cell) for cell in cells.values()):
            return True
        heads = [plain(text) for text in texts[:3]]
        if any(_EXACT_TOTAL.match(head) for head in heads if len(head) < 60):
            return True
        if priced:
            return False
        labelled = [head for head in heads if len(head) < 80 and (_TOTAL.match(head) or label_of(head))]
        return bool(labelled) and (heads[0] in labelled or len(texts) == len(labelled))

    def _is_section(self, words: dict[str, str], numbers: list[str], cells: dict[int, Cell]) -> bool:
        """Say whether a row names a stakeholder over the outcomes that follow, in a table without such a column."""
        alone = len([cell for cell in cells.values() if words_in(cell)]) == 1
        return "stakeholder" not in self.columns and bool(words["outcome"]) and not numbers and alone

    def _take_stakeholder(self, name: str, row: int) -> None:
        self.stakeholder, self.stakeholder_row = name, row
        self.result.stakeholders.setdefault(name, row)
        self.outcome = ""

    def _take_outcome(self, row: int, words: dict[str, str], numbers: list[str]) -> None:
        own = words["outcome"]
        if own:
            self.outcome, self.outcome_row = own, row
        elif self.outcome and (numbers or words["indicator"] or words["proxy"]):
            self.desk.ledger.repair(
                f"Row {row} names no outcome: read as a further line of '{self.outcome[:60]}'",
                self.desk.place(row, self.columns.get("outcome", min(self.columns.values()))),
            )
        else:
            self.outcome, self.outcome_row = words["indicator"] or words["proxy"], row
        if not self.outcome:
            self.outcome, self.outcome_row = f"Outcome of row {row}", row
            self.desk.ledger.repair(
                f"Row {row} names no outcome: called '{self.outcome}'",
                self.desk.place(row, self.columns.get("outcome", min(self.columns.values()))),
            )
        self.result.outcomes.append(Line(row, self.stakeholder, self.stakeholder_row, self.outcome, self.outcome_row))
        self.result.last = row
        if row in self.table.sheet.hidden_rows:
            self.desk.ledger.repair(
                f"Row {row} is hidden, and was read: '{self.outcome[:60]}'", self.desk.place(row, 1)
            )

    def _without_stakeholders(self) -> None:
        """Put outcomes that nobody's name stands beside under one stakeholder."""
        unnamed = [line for line in self.result.outcomes if not line.stakeholder]
        first = self.table.header[0] - 1
        above = [words_in(cell) for (row, _), cell in self.table.sheet.cells.items() if row == first]
        if self.result.stakeholders and "stakeholder" not in self.columns and len(above) == 1:
            # One table for each stakeholder: the first one's name stands above the headings too.
            name, row = above[0], first
        else:
            name, row = "Beneficiaries", unnamed[0].row
            what = "its outcomes" if len(unnamed) == len(self.result.outcomes) else "outcomes that stand beside no name"
            said = (
                "The table names no stakeholders: all"
                if what == "its outcomes"
                else "No stakeholder is named for some:"
            )
            self.desk.ledger.repair(f"{said} {what} are put under '{name}'", self.desk.place(unnamed[0].row, 1))
        self.result.stakeholders = {name: row, **self.result.stakeholders}
        self.result.owners = {row: owner or name for row, owner in self.result.owners.items()}
        self.result.outcomes = [
            line if line.stakeholder else replace(line, stakeholder=name, stakeholder_row=line.row)
            for line in self.result.outcomes
        ]

"""A framework from somebody's own workbook, by a mapping: messy headings, merged cells, amounts written as text.

Nothing is repaired in silence: what was carried down, left out or could not be read is told by cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sroi.commissioning.frameworks.framework import Framework, Measure, Outcome, Theme
from sroi.commissioning.frameworks.mapping_form import FORM
from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.files.cells import CellNumber, Notation, Unreadable, currency_of, is_left_out, number_in, words_in
from sroi.files.form_reader import Filled, Row, read_form
from sroi.files.grid import Book, Cell, Sheet, column_letters
from sroi.files.headings import plain
from sroi.files.sheets import open_book
from sroi.reading import LARGEST, shown

_MOST_TOLD = 12
_ERROR = re.compile(r"#(REF!|VALUE!|DIV/0!|N/A|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:\d{3}")
_MOST_MERGED = 20_000
_TEXTS = ("unit", "definition", "evidence", "price_year", "note")


def mapped_framework(path: str | Path, mapping: str | Path) -> Framework:
    """Return the framework in a workbook (.xlsx, .ods, .csv) as a mapping reads it.

    Parameters: `mapping`, a file of `mapping_form.FORM`. Raises FileRefused with every fault by cell: a heading that is
    not there, an amount that is none, one code for two measures.
    """
    rules = read_form(mapping, FORM)
    book = open_book(path)
    sheet = _sheet(book, rules)
    reader = _Reader(book, sheet, rules)
    reader.read()
    if reader.problems:
        raise FileRefused(reader.problems, str(path))
    return reader.framework()


def _sheet(book: Book, rules: Filled) -> Sheet:
    name = rules.one("table")["sheet"]
    sheet = book.sheet(name) if name else book.sheets[0]
    if sheet is None:
        known = [each.name for each in book.sheets]
        problem = Problem(f"the workbook has no sheet '{name[:60]}'", did_you_mean(name, known))
        raise FileRefused(problem, book.file)
    return sheet


@dataclass
class _Reader:
    """Reads the rows of one sheet, and gathers what is wrong and what is to be told."""

    book: Book
    sheet: Sheet
    rules: Filled
    problems: list[Problem] = field(default_factory=list)
    told: dict[str, list[str]] = field(default_factory=dict)
    measures: list[dict[str, Any]] = field(default_factory=list)

    def read(self) -> None:
        """Read every row below the headings."""
        table = self.rules.one("table")
        self.heading_row = table["heading_row"] or 1
        self.columns = self._columns()
        if self.problems:
            return
        self.notation = Notation(table["decimal"])
        self.over = self._merged()
        self.above: dict[str, tuple[str, int]] = {}
        last = table["last_row"] or self.sheet.last_row
        for number, cells in self.sheet.rows():
            if self.heading_row < number <= last:
                self._row(number, cells)
        if not self.measures and not self.problems:
            found = f"no row below row {self.heading_row} of the sheet {self.sheet.name} holds a measure"
            self.problems.append(Problem(found, "Check the row of headings in the mapping."))
        self._check_codes()

    def _columns(self) -> dict[str, int]:
        """Return which column holds which field, by the headings of the sheet."""
        headings: dict[str, list[int]] = {}
        for column in range(1, min(self.sheet.last_column, 500) + 1):
            text = plain(words_in(self.sheet.cells.get((self.heading_row, column))))
            if text:
                headings.setdefault(text, []).append(column)
        found: dict[str, int] = {}
        for row in self.rules["columns"]:
            places = headings.get(plain(row["heading"]), [])
            if not places:
                self._no_heading(row, headings)
            elif len(places) > 1:
                letters = " and ".join(column_letters(each) for each in places)
                said = f"the heading {shown(row['heading'])} stands above columns {letters}"
                where = self.sheet.place(self.heading_row, places[0])
                self.problems.append(Problem(said, "Rename one of them in your workbook.", cell=where))
            else:
                found[row["field"]] = places[0]
        if "measure" not in {row["field"] for row in self.rules["columns"]}:
            said = "the mapping does not say which column holds the measure"
            self.problems.append(Problem(said, "Add a row with the field measure.", self.rules.file))
        if not self.problems:
            used = set(found.values())
            left = [each for each, places in headings.items() if not used & set(places)]
            if left:
                self._tell("Columns left out", ", ".join(left))
        return found

    def _no_heading(self, row: Row, headings: dict[str, list[int]]) -> None:
        said = f"row {self.heading_row} of the sheet {self.sheet.name} has no heading {shown(row['heading'])}"
        near = did_you_mean(plain(row["heading"]), headings)
        where = f"{self.rules.file}, {row.place('heading')}"
        self.problems.append(Problem(said, f"{near} Or name another row of headings.", where))

    def _merged(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Return for each cell of a merged area in a carried column the cell that holds its words."""
        carried = {self.columns[name] for name in ("theme", "outcome") if name in self.columns}
        over = {}
        for top, left, bottom, _ in self.sheet.merged[:_MOST_MERGED]:
            if left in carried:
                for row in range(top + 1, min(bottom, self.sheet.last_row) + 1):
                    over[row, left] = (top, left)
        return over

    def _row(self, number: int, cells: dict[int, Cell]) -> None:
        self._unreadable(number, cells)
        texts = {name: words_in(cells.get(column)) for name, column in self.columns.items()}
        if not any(texts.values()):
            return
        for name in ("theme", "outcome"):
            if name in self.columns:
                texts[name] = self._carried(name, number, texts[name])
        if is_left_out(texts["measure"]):
            rest = [name for name in (*_TEXTS, "code", "proxy") if texts.get(name) and not is_left_out(texts[name])]
            if rest:
                where = self.sheet.place(number, self.columns["measure"])
                said = f"a row with {', '.join(rest)} has no measure"
                self.problems.append(Problem(said, "Write what the measure is called, or empty the row.", cell=where))
            return
        where = self.sheet.place(number, self.columns["measure"])
        made: dict[str, Any] = {"name": texts["measure"], "place": where, "row": number}
        made |= {name: texts.get(name, "") for name in ("theme", "outcome", "code", "edition", "licence")}
        made |= {name: "" if is_left_out(texts.get(name, "")) else texts[name] for name in _TEXTS if name in texts}
        if "unit" in self.columns and not made["unit"]:
            self._tell("Measures without a unit", self.sheet.place(number, self.columns["unit"]))
        made["proxy"] = self._amount(number, cells)
        self.measures.append(made)

    def _unreadable(self, number: int, cells: dict[int, Cell]) -> None:
        """Say which texts of a row are a formula without a stored value, or a formula's error; note hidden rows."""
        for name, column in self.columns.items():
            cell = cells.get(column)
            if cell is None or name == "proxy":
                continue
            where = self.sheet.place(number, column)
            if cell.value is None and cell.formula is not None:
                remedy = "Open the workbook in Excel or LibreOffice, let it calculate, and save it."
                self.problems.append(Problem("a formula whose result was never stored", remedy, cell=where))
            elif isinstance(cell.value, str) and _ERROR.fullmatch(cell.value.strip()):
                found = f"the cell holds the error {cell.value.strip()}"
                self.problems.append(Problem(found, "Mend its formula in the workbook.", cell=where))
        if number in self.sheet.hidden_rows and self.columns["measure"] in cells:
            self._tell("Hidden rows, read like the others", self.sheet.place(number, self.columns["measure"]))

    def _carried(self, name: str, number: int, text: str) -> str:
        """Return a theme or outcome, carried down where its cell is merged or empty; a new theme ends its outcomes."""
        column = self.columns[name]
        origin = self.over.get((number, column))
        if not text and origin is not None:
            text = words_in(self.sheet.cells.get(origin))
            if text:
                self._tell(f"Merged cells whose {name} was carried down", self.sheet.place(number, column))
        elif not text and name in self.above:
            text = self.above[name][0]
            self._tell(f"Empty cells whose {name} was carried down", self.sheet.place(number, column))
        if text:
            if name == "theme" and self.above.get("theme", (text, 0))[0] != text:
                self.above.pop("outcome", None)
            self.above[name] = (text, number)
        return text

    def _amount(self, number: int, cells: dict[int, Cell]) -> float | None:
        column = self.columns.get("proxy")
        if column is None:
            return None
        cell = cells.get(column)
        where = self.sheet.place(number, column)
        try:
            read: CellNumber | None = number_in(cell, self.notation)
        except Unreadable as error:
            remedy = error.remedy.replace("Say --decimal point or --decimal comma.", "Say decimal in the mapping.")
            remedy = remedy.replace("Say --decimal comma if", "Say decimal: comma in the mapping, if")
            self.problems.append(Problem(f"the value: {error.found}", remedy, cell=where))
            return None
        if read is None or read.value is None:
            self._tell("Measures without a value", where)
            return None
        if read.per_cent or not 0 <= read.value <= LARGEST:
            said = "a per cent" if read.per_cent else "a negative or impossible amount"
            self.problems.append(Problem(f"the value: {said} stands where money belongs", "Correct it.", cell=where))
            return None
        stated = self.rules.one("framework")["currency"] or "GBP"
        other = currency_of(cell) - {stated, "$" if stated.endswith("D") else ""}
        if other:
            said = f"the value is in {', '.join(sorted(other))}, and the mapping says {stated}"
            self.problems.append(Problem(said, "Correct the cell, or the currency of the mapping.", cell=where))
        if read.repair:
            self._tell("Amounts written as text, read as numbers", where)
        return read.value

    def _check_codes(self) -> None:
        """Say which measures repeat others: the same row twice counts once, one code for two is a fault."""
        kept: list[dict[str, Any]] = []
        seen: dict[tuple[str, ...], dict[str, Any]] = {}
        for made in self.measures:
            key = ("code", plain(made["code"])) if made["code"] else tuple(
                plain(made[name]) for name in ("theme", "outcome", "name")
            )  # fmt: skip
            first = seen.setdefault(key, made)
            if first is made:
                kept.append(made)
                continue
            same = all(first.get(name) == made.get(name) for name in made if name not in ("place", "row"))
            if same:
                self._tell("Rows that repeat another and count once", f"{made['place']} (as row {first['row']})")
                continue
            said = f"{shown(made['code'] or made['name'])} stands in row {first['row']} too, with other entries"
            self.problems.append(Problem(said, "Keep one of the two, or give one another code.", cell=made["place"]))
        self.measures = kept

    def _tell(self, what: str, where: str) -> None:
        self.told.setdefault(what, []).append(where)

    def framework(self) -> Framework:
        """Return the framework that was read."""
        head = self.rules.one("framework")
        names = ("id", "title", "publisher", "edition", "valid_from", "valid_to", "licence", "passing_on", "price_year")
        given = {name: head[name] for name in names if head[name] is not None}
        for name in ("edition", "licence"):
            stated = list(dict.fromkeys(made[name] for made in self.measures if made[name]))
            given[name] = "; ".join(
                [given[name]] * (name in given) + [each for each in stated if each != given.get(name)]
            )
        remarks = [f"{note}." for note in (*self.rules.notes, *self.book.notes)]
        for what, places in self.told.items():
            more = f", and {len(places) - _MOST_TOLD:,} more" if len(places) > _MOST_TOLD else ""
            remarks.append(f"{what} ({len(places):,}): {'; '.join(places[:_MOST_TOLD])}{more}.")
        currency = head["currency"] or "GBP"
        return Framework(**given, currency=currency, themes=self._tree(), file=self.book.file, remarks=tuple(remarks))

    def _tree(self) -> tuple[Theme, ...]:
        grouped: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for made in self.measures:
            theme, outcome = made["theme"] or "Without a theme", made["outcome"] or "Without an outcome"
            grouped.setdefault(theme, {}).setdefault(outcome, []).append(made)
        ids = _Ids()
        return tuple(
            Theme(id=ids.of("theme", theme), name=theme, origin="user", outcomes=tuple(
                Outcome(id=ids.of("outcome", f"{theme} {outcome}"), name=outcome, origin="user", measures=tuple(
                    _measure(made, ids.of("measure", made["code"] or made["name"])) for made in measures
                ))
                for outcome, measures in outcomes.items()
            ))
            for theme, outcomes in grouped.items()
        )  # fmt: skip


def _measure(made: dict[str, Any], id: str) -> Measure:
    given = {name: made[name] for name in (*_TEXTS, "code", "name", "place", "proxy") if made.get(name) is not None}
    return Measure(id=id, origin="user", **given)


class _Ids:
    """Gives ids of words, each once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def of(self, kind: str, words: str) -> str:
        base = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:48].rstrip("_") or kind
        base = base if base[0].isalpha() else f"{kind}_{base}"
        id, number = base, 1
        while id in self.taken:
            number += 1
            id = f"{base}_{number}"
        self.taken.add(id)
        return id

"""Anybody's workbook as a value map: found, read cell by cell, and every guess and repair listed.

The rooms below: `foreign_layout` finds the table and its columns, `foreign_rows` says what each row is, `foreign_build`
makes the nouns, `foreign_inputs` and `foreign_settings` find what stands elsewhere. Nothing ambiguous is guessed: it is
asked for through `ReadingOptions`, or refused with its cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sroi.errors import FileRefused, ImpossibleMap, Path, Problem, did_you_mean
from sroi.files.cells import Notation, Unreadable, notation_of, number_in, words_in
from sroi.files.foreign_build import Builder
from sroi.files.foreign_direction import attribution_owed, complement, shown_by
from sroi.files.foreign_inputs import Put, input_total, inputs_beside, inputs_listed, inputs_table
from sroi.files.foreign_labels import PRINTED, Labelled, labelled_cells, ratio_in
from sroi.files.foreign_layout import Table, complete, tables_of
from sroi.files.foreign_ledger import LABELS, Desk, Ledger
from sroi.files.foreign_rows import Body, read_body
from sroi.files.foreign_settings import Frame
from sroi.files.grid import Book, Sheet, column_letters
from sroi.files.headings import plain
from sroi.files.mapping import load_mapping, mapping_of, table_by_mapping, with_mapping
from sroi.files.options import ReadingOptions
from sroi.impact_map import ImpactMap, Origin, where_in_words

RatioOf = Callable[[ImpactMap], float]
_AS_IT_STANDS = ReadingOptions()
_NEEDED = {
    "outcome": "the outcomes",
    "quantity": "the quantity (how many changed)",
    "proxy_value": "the value of one unit of change",
}
_SHARE_OF_PEOPLE = re.compile(
    r"(%|per ?cent|proportion|share|rate) .*(people|particip|benefic|experienc|achiev|report|chang|success)"
)
_CLEARLY_LESS = 4.0  # as much as two deductions and two columns of words
_NO_TABLE = (
    "A table of outcomes has a row of headings, among them the outcome, a quantity, a value and the deductions; "
    "`sroi new` writes a workbook that has them."
)


@dataclass(frozen=True)
class Printed:
    """A total or ratio that the file itself shows: its name in the result, its value, its cell, its formula."""

    name: str
    value: float
    place: str
    formula: str | None = None


@dataclass(frozen=True)
class Reading:
    """What was read from a workbook.

    `tree` is a value map as YAML would give it, `places` the cell of each of its parts; `repairs` every guess and
    repair; `printed` the totals that the file shows; `mapping` what repeats this reading (see `sroi.files.mapping`);
    `rows` the rows of `sheet` that are outcomes, `columns` the column of each field.
    """

    tree: dict[str, Any]
    places: dict[Path, str]
    repairs: tuple[str, ...]
    printed: tuple[Printed, ...]
    mapping: dict[str, Any] = field(default_factory=dict)
    rows: tuple[int, ...] = ()
    sheet: str = ""
    columns: dict[str, int] = field(default_factory=dict)


def read_foreign(book: Book, options: ReadingOptions = _AS_IT_STANDS, ratio_of: RatioOf | None = None) -> Reading:
    """Return what a workbook in a stranger's layout says.

    `options` settles what the file leaves open. `ratio_of`, if given, tells which direction of an unclear attribution
    reproduces the ratio that the file prints. Raises FileRefused if no table of outcomes is found or a mapping does not
    fit, ImpossibleMap with every cell that cannot stand.
    """
    reading, problems = _read(book, options, ratio_of)
    if problems:
        raise ImpossibleMap(problems, book.file)
    return reading


def foreign_map(book: Book, options: ReadingOptions = _AS_IT_STANDS, ratio_of: RatioOf | None = None) -> ImpactMap:
    """Return the impact map that a workbook in a stranger's layout holds, with the places and repairs of its reading.

    All problems, of cells and of the map as a whole, are in one message, each with its cell.
    """
    reading, problems = _read(book, options, ratio_of)
    origin = Origin(book.file, book.content, reading.places, reading.repairs)
    try:
        impact_map = ImpactMap.model_validate(reading.tree)
    except ImpossibleMap as error:
        faulty = {problem.path for problem in problems if problem.path}
        more = [each for each in error.problems if each.path not in faulty]
        placed = [replace(origin.placed(each), where=where_in_words(each.path, reading.tree)) for each in more]
        raise ImpossibleMap([*problems, *placed], book.file) from None
    if problems:
        raise ImpossibleMap(problems, book.file)
    impact_map._origin = origin
    return impact_map


def _read(book: Book, options: ReadingOptions, ratio_of: RatioOf | None) -> tuple[Reading, list[Problem]]:
    ledger = Ledger()
    for note in book.notes:
        ledger.repair(note)
    fallback, told = None, "as --attribution says"
    if options.mapping is not None:
        mapping = load_mapping(options.mapping)
        told = told if options.attribution else "as the mapping says"
        options = with_mapping(options, mapping)
        fallback = mapping.get("reading", {}).get("currency")
        table = table_by_mapping(book, mapping, options.sheet)
    else:
        table = _chosen(book, options, ledger)
    return _Session(book, table, options, ledger, fallback, told).read(ratio_of)


# ---- which table ----


def _chosen(book: Book, options: ReadingOptions, ledger: Ledger) -> Table:
    """Return the table of outcomes; refuse a workbook that has none, or more than one."""
    sheets = _sheets_to_look_at(book, options)
    best = [tables[0] for sheet in sheets if (tables := tables_of(sheet))]
    whole = [table for table in best if complete(table)]
    filled = [table for table in whole if _outcomes_in(table)]
    shown = [table for table in filled if not table.sheet.hidden]
    if len(shown) > 1:
        fullest = max(shown, key=lambda table: table.sure)
        small = [table for table in shown if table.sure + _CLEARLY_LESS <= fullest.sure]
        for table in small:
            ledger.repair(f"The sheet '{table.sheet.name}' holds a table with fewer columns: not read")
        filled = [table for table in filled if table not in small]
        shown = [table for table in shown if table not in small]
    if len(shown) > 1 or (not shown and len(filled) > 1):
        names = ", ".join(f"'{table.sheet.name}'" for table in shown or filled)
        raise FileRefused(
            Problem(f"more than one sheet holds a table of outcomes: {names}", "Say which one with --sheet NAME."),
            book.file,
        )
    if filled:
        table = (shown or filled)[0]
        if table.sheet.hidden:
            ledger.repair(f"The sheet '{table.sheet.name}' is hidden, and was read")
        elif len(sheets) > 1:
            ledger.repair(f"The map was read from the sheet '{table.sheet.name}'")
        others = [each for each in filled if each is not table]
        for other in others:
            ledger.repair(f"The hidden sheet '{other.sheet.name}' holds a table of outcomes too: not read")
        return table
    if whole:
        table = whole[0]
        found = f"the table of outcomes in sheet {table.sheet.name} (headings in row {table.header[1]}) has no rows"
        raise FileRefused(Problem(found, "Fill in a row for each outcome."), book.file)
    best = [table for table in best if table.sure > 0]
    if best:
        raise FileRefused(_incomplete(max(best, key=lambda table: table.sure)), book.file)
    where = f"sheet {sheets[0].name} holds" if len(sheets) == 1 else "no sheet of this workbook holds"
    found = f"{where} no table of outcomes" if len(sheets) == 1 else f"{where} a table of outcomes"
    raise FileRefused(Problem(found, _NO_TABLE), book.file)


def _sheets_to_look_at(book: Book, options: ReadingOptions) -> list[Sheet]:
    if options.sheet is None:
        return list(book.sheets)
    named = book.sheet(options.sheet)
    if named is None:
        remedy = did_you_mean(options.sheet, [sheet.name for sheet in book.sheets])
        raise FileRefused(Problem(f"there is no sheet '{options.sheet}'", remedy), book.file)
    return [named]


def _outcomes_in(table: Table) -> bool:
    return bool(read_body(table, Desk(table.sheet, Notation(), Ledger())).outcomes)


def _incomplete(table: Table) -> Problem:
    missing = [words for name, words in _NEEDED.items() if name not in table.columns]
    if "indicator" in table.columns and _NEEDED["outcome"] in missing:
        missing.remove(_NEEDED["outcome"])
    unread = [f"{column_letters(column)} '{table.headings[column][:40]}'" for column in table.unread[:8]]
    known = f" Not known: {', '.join(unread)}." if unread else ""
    found = f"the table of outcomes has no column for {' nor for '.join(missing)}"
    return Problem(
        found,
        f"Name such a column in its heading (row {table.header[1]}), or say which it is in a mapping file.{known}",
        cell=f"sheet {table.sheet.name}",
    )


# ---- the reading itself ----


class _Session:
    """One reading of one workbook."""

    def __init__(
        self, book: Book, table: Table, options: ReadingOptions, ledger: Ledger, fallback: str | None, told: str
    ) -> None:
        self.told = told
        self.book, self.table, self.options, self.ledger, self.fallback = book, table, options, ledger, fallback
        self.notation = notation_of(book, options.decimal)
        self.desk = Desk(table.sheet, self.notation, ledger)
        # Labels and inputs on the sheets of other maps are not this map's.
        self.others = frozenset(
            sheet.name
            for sheet in book.sheets
            if sheet is not table.sheet and any(complete(other) and other.sure > 0 for other in tables_of(sheet))
        )

    def read(self, ratio_of: RatioOf | None) -> tuple[Reading, list[Problem]]:
        """Return the reading, and what cannot stand."""
        table, desk = self.table, self.desk
        for name, kept, other in table.doubts:
            self._doubt(name, kept, other)
        for name in _NEEDED:
            if name not in table.columns and not (name == "outcome" and "indicator" in table.columns):
                raise FileRefused(_incomplete(table), self.book.file)
        body = read_body(table, desk)
        if not body.outcomes:
            found = f"the table of outcomes in sheet {table.sheet.name} (headings in row {table.header[1]}) has no rows"
            raise FileRefused(Problem(found, "Fill in a row for each outcome."), self.book.file)
        labels = self._labels(body)
        builder = Builder(table, body, desk)
        puts = self._inputs(body, labels)
        builder.stakeholders(puts)
        builder.inputs(puts)
        builder.outputs()
        builder.read_deductions()
        printed = self._printed(body, labels)
        raw = dict(builder.shares.get("attribution", {}))
        builder.outcomes()
        frame = Frame(self.book, table, labels, self.options, self.ledger, self.fallback)
        frame.read(builder.rows, self.notation, builder.years_stated, puts)
        tree = {**frame.tree, **builder.tree}
        places = {**frame.places, **builder.places}
        direction = self._turn(tree, body, builder, raw, printed, ratio_of)
        self._unread()
        stated = {
            "attribution": direction, "decimal": self.options.decimal, "currency": tree.get("currency"),
            "price_year": self.options.price_year, "analysis": self.options.analysis,
        }  # fmt: skip
        reading = Reading(
            tree, places, tuple(self.ledger.repairs), tuple(printed), mapping_of(table, stated),
            tuple(builder.rows), table.sheet.name, dict(table.columns),
        )  # fmt: skip
        return reading, list(self.ledger.problems)

    def _doubt(self, name: str, kept: int, other: int) -> None:
        headings = self.table.headings
        self.ledger.problem(
            f"two columns may be the {LABELS[name].lower()}: {column_letters(kept)} '{headings[kept][:40]}' and "
            f"{column_letters(other)} '{headings[other][:40]}'",
            "Rename one of them, or say which it is in a mapping file.",
            self.desk.place(self.table.header[1], other),
        )

    def _labels(self, body: Body) -> list[Labelled]:
        sheet, header = self.table.sheet.name, range(self.table.header[0], self.table.header[1] + 1)
        rows = set(body.owners) | {line.row for line in body.outcomes}
        mine = replace(self.book, sheets=tuple(each for each in self.book.sheets if each.name not in self.others))
        return labelled_cells(mine, {sheet: rows}, {sheet: set(header)})

    def _inputs(self, body: Body, labels: list[Labelled]) -> list[Put]:
        before = len(self.ledger.problems)
        puts = inputs_beside(self.table, body, self.desk)
        if not any(put.value for put in puts):
            puts = inputs_table(self.book, self.table, body, self.desk, self.others) or puts
        if not any(put.value for put in puts):
            puts = inputs_listed(labels, self.table, body, self.desk) or puts
        if not any(put.value for put in puts):
            puts += input_total(labels, self.desk)
        if not puts and len(self.ledger.problems) == before:
            self.ledger.problem(
                "no inputs were found",
                "Give them beside the outcomes, on a sheet of inputs, or as a cell such as 'Total investment'.",
                f"sheet {self.table.sheet.name}",
                ("inputs",),
            )
        return puts

    def _printed(self, body: Body, labels: list[Labelled]) -> list[Printed]:
        """Return every total and ratio that the file shows."""
        found: list[Printed] = []
        for label in labels:
            if label.name not in PRINTED:
                continue
            number = self._printed_number(label)
            if number is not None:
                found.append(Printed(label.name, number, label.place, label.cell.formula))
        names = {"input_value": "total_inputs", "impact": "total_impact", "present_value": "total_present_value"}
        names.update({year: f"total_{year}" for year in self.table.years})
        for row in body.totals:
            if row <= body.last:
                continue
            for field_name, name in names.items():
                column = self.table.columns.get(field_name)
                cell = self.desk.cell(row, column)
                if column is not None and cell is not None and isinstance(cell.value, float):
                    printed = Printed(name, cell.value, self.desk.place(row, column), cell.formula)
                    if not any(each.place == printed.place or each.name == name for each in found):
                        found.append(printed)
        return found

    def _printed_number(self, label: Labelled) -> float | None:
        ratio = ratio_in(words_in(label.cell)) if isinstance(label.cell.value, str) else None
        if ratio is not None and (":" in words_in(label.cell) or self.notation.decimal != "comma"):
            return ratio
        try:
            read = number_in(label.cell, self.notation)
        except Unreadable:
            return None
        return read.value if read is not None else None

    def _turn(
        self,
        tree: dict[str, Any],
        body: Body,
        builder: Builder,
        raw: dict[int, float],
        printed: list[Printed],
        ratio_of: RatioOf | None,
    ) -> str | None:
        """Turn each outcome's attribution to the share owed to others; return the direction in which it was read."""

        def evidence() -> tuple[str | None, str]:
            column = self.table.columns.get("impact")
            proof = shown_by(builder.factors())
            if proof and column is not None:
                return proof, f"the file's own impact (column {column_letters(column)})"
            ratio = next((each for each in printed if each.name == "sroi_ratio"), None)
            if ratio is None or ratio_of is None or self.ledger.problems:
                return None, ""
            owed = _reproduces(_turned(tree, body, raw), ratio.value, ratio_of)
            claimed = _reproduces(
                _turned(tree, body, {row: complement(share) for row, share in raw.items()}), ratio.value, ratio_of
            )
            proof = None if owed == claimed else "owed" if owed else "claimed"
            return proof, f"the file's own ratio ({ratio.value:.4g}, {ratio.place})"

        owed, direction = attribution_owed(self.desk, self.table, raw, self.options.attribution, evidence, self.told)
        tree["outcomes"] = _turned(tree, body, owed)["outcomes"]
        return direction

    def _unread(self) -> None:
        table = self.table
        names = [f"{column_letters(column)} '{table.headings[column][:40]}'" for column in table.unread]
        if names:
            self.ledger.repair(f"Columns not read: {', '.join(names)}")
        for column in table.unread:
            if _SHARE_OF_PEOPLE.search(plain(table.headings[column])):
                self.ledger.repair(
                    f"Column {column_letters(column)} '{table.headings[column][:40]}' may be a share of the quantity: "
                    "if so, multiply the quantity by it in the file",
                    self.desk.place(table.header[1], column),
                )


def _turned(tree: dict[str, Any], body: Body, owed: dict[int, float]) -> dict[str, Any]:
    """Return a tree whose outcomes have these attributions."""
    outcomes = []
    for line, outcome in zip(body.outcomes, tree["outcomes"], strict=True):
        share = owed.get(line.row)
        before = outcome.get("attribution")
        rest = {key: part for key, part in outcome.items() if key != "attribution"}
        if share is not None:
            rest["attribution"] = {**before, "value": share} if isinstance(before, dict) else share
        outcomes.append(rest)
    return {**tree, "outcomes": outcomes}


def _reproduces(tree: dict[str, Any], ratio: float, ratio_of: RatioOf) -> bool:
    try:
        return abs(ratio_of(ImpactMap.model_validate(tree)) - ratio) <= max(0.005, 0.002 * abs(ratio))
    except ImpossibleMap:
        return False

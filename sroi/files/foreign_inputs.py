"""What was put in, wherever a workbook says so: beside the outcomes, in a table of its own, or as a total."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sroi.files.cells import currency_of, words_in
from sroi.files.foreign_labels import Labelled, label_of
from sroi.files.foreign_layout import Grid, Table
from sroi.files.foreign_ledger import Desk, figure
from sroi.files.foreign_rows import Body
from sroi.files.grid import Book, Sheet
from sroi.files.headings import meanings, plain

_TIME = re.compile(r"\b(time|hours?|volunteer\w*|days of|unpaid|attendance)\b", re.I)
_GOODS = re.compile(
    r"\b(in[ -]kind|premises|venue|rooms?|goods|donat\w*|equipment|food|space|building|materials)\b", re.I
)
_SHEET = re.compile(r"\b(inputs?|investments?|costs?|budget|funding|resources|finance|spend)\b", re.I)
_TOTAL = re.compile(r"^(grand |sub ?|overall )?totals?\b|^sum\b")
_WHO = re.compile(
    r"(stakeholder|who|funder|contributor|provided by|source of funding|from whom|investor|organisation|given by)s?\b"
)
_WHAT = re.compile(
    r"(inputs?|item|description|what|investment|contribution|resource|cost|budget|activity|type|category|line)s?\b"
)
_WORTH = re.compile(
    r"((total|annual) )?(value|amount|cost|£|\$|€|total|sum|gbp|eur|usd|spend|money|budget|investment)\b|"
    r".*[£$€]|.*\((gbp|eur|usd)\)|inputs? value|value of"
)


@dataclass(frozen=True)
class Put:
    """One thing put in: whose, what, of what worth, and where it stands."""

    stakeholder: str
    description: str
    kind: str
    value: float | None
    place: str
    currencies: frozenset[str] = frozenset()


def kind_of_input(description: str, stakeholder: str = "") -> str:
    """Return money, time or goods, as the words suggest."""
    if _TIME.search(description) or (not description and re.search(r"volunteer", stakeholder, re.I)):
        return "time"
    return "goods" if _GOODS.search(description) else "money"


def inputs_beside(table: Table, body: Body, desk: Desk) -> list[Put]:
    """Return the inputs in columns beside the outcomes: each belongs to its row's stakeholder, and counts once."""
    worth, what = table.columns.get("input_value"), table.columns.get("input")
    if worth is None:
        return []
    found: list[Put] = []
    seen: dict[tuple[str, str, float | None], int] = {}
    for row, owner in sorted(body.owners.items()):
        description = words_in(desk.cell(row, what))
        value = desk.number(row, worth, "input_value")
        place = desk.place(row, worth)
        if value is None and (
            not description or (desk.cell(row, worth) is not None and kind_of_input(description) != "time")
        ):
            continue
        key = (owner, description, value)
        if value and key in seen:
            desk.ledger.repair(
                f"Row {row} repeats the input of row {seen[key]} ({figure(value)}, '{(description or owner)[:60]}'): "
                "counted once",
                place,
            )
            continue
        seen.setdefault(key, row)
        kind = kind_of_input(description, owner)
        if value is None and kind != "time":
            desk.ledger.repair(f"Input '{description[:60]}' of row {row} has no value: left out", place)
            continue
        if not (value is None and not description):
            found.append(Put(owner, description, kind, value, place, currency_of(desk.cell(row, worth))))
    return found


def inputs_table(book: Book, table: Table, body: Body, desk: Desk, others: frozenset[str]) -> list[Put]:
    """Return the inputs in a table of their own, apart from the outcomes; `others` are sheets of other maps."""
    own = range(table.header[0], max(body.last, table.header[1]) + 1)
    for sheet in sorted(book.sheets, key=lambda each: (not _SHEET.search(each.name), each.name != table.sheet.name)):
        if sheet.name in others:
            continue
        grid = Grid(sheet)
        named = bool(_SHEET.search(sheet.name))
        for row, cells in grid.rows.items():
            if sheet.name == table.sheet.name and row in own:
                continue
            heads = {column: plain(words_in(cell)) for column, cell in cells.items() if isinstance(cell.value, str)}
            columns = _input_columns(heads, named or _titled(grid, row))
            if columns:
                other = Desk(sheet, desk.notation, desk.ledger)
                found = _rows_of_inputs(grid, row, columns, other, own if sheet.name == table.sheet.name else range(0))
                if found:
                    return found
    return []


def _titled(grid: Grid, row: int) -> bool:
    above = [grid.text(each, column) for each in (row - 1, row - 2) for column in grid.rows.get(each, {})]
    return any(
        re.match(r"(total |stage \d+:? )?(the )?(inputs?|investment|costs?|budget|funding)\b", plain(text))
        for text in above
    )


def _input_columns(heads: dict[int, str], titled: bool) -> dict[str, int] | None:
    """Return the columns of a table of inputs by what they hold, None if these are no such headings."""
    if not 2 <= len(heads) <= 8 or any(len(text) > 60 for text in heads.values()):
        return None
    speaks = titled or any(
        re.match(r"inputs?\b|investment|contribution|what (was|is) put in|cost item|budget", text)
        for text in heads.values()
    )
    outcomes = any(
        meaning.field in ("outcome", "deadweight", "attribution")
        for text in heads.values()
        for meaning in meanings(text)[:1]
    )
    if not speaks or outcomes:
        return None
    placed: dict[str, int] = {}
    for column, text in heads.items():
        for name, pattern in (("worth", _WORTH), ("who", _WHO), ("what", _WHAT)):
            if name not in placed and pattern.match(text) and column not in placed.values():
                if (
                    name == "worth"
                    and column == min(heads)
                    and len(heads) > 1
                    and not re.search(r"[£$€]|value|amount", text)
                ):
                    continue
                placed[name] = column
    return placed if "worth" in placed and len(placed) > 1 else None


def _rows_of_inputs(grid: Grid, head: int, columns: dict[str, int], desk: Desk, own: range) -> list[Put]:
    found: list[Put] = []
    who = ""
    for row in grid.rows:
        if row <= head:
            continue
        if row in own or (found and row > head + 1 and not any(row - back in grid.rows for back in (1, 2, 3))):
            break
        texts = {name: words_in(desk.cell(row, columns.get(name))) for name in ("who", "what")}
        first = plain(next((text for text in texts.values() if text), ""))
        if _TOTAL.match(first) or any(
            _TOTAL.match(plain(grid.text(row, column))) for column in list(grid.rows[row])[:2]
        ):
            break
        if label_of(first) in (
            "sroi_ratio",
            "net_present_value",
            "total_present_value",
            "discount_rate",
            "total_inputs",
        ):
            break
        if desk.cell(row, columns["worth"]) is None or not any(texts.values()):
            continue
        value = desk.number(row, columns["worth"], "input_value")
        who = texts["who"] or who
        kind = kind_of_input(texts["what"], who)
        if value is None and kind != "time":
            continue
        currencies = currency_of(desk.cell(row, columns["worth"])) | currency_of(
            grid.sheet.cells.get((head, columns["worth"]))
        )
        found.append(Put(who, texts["what"], kind, value, desk.place(row, columns["worth"]), currencies))
    return found


def inputs_listed(labels: list[Labelled], table: Table, body: Body, desk: Desk) -> list[Put]:
    """Return inputs listed below the outcomes, words and a figure a row: around a labelled one, or above their total.

    Their rows are taken out of the outcomes, for which they may have been held. Above a total they must add up to it.
    """
    for each in labels:
        if each.name not in ("total_inputs", "investment") or each.sheet.name != table.sheet.name:
            continue
        row, column = each.cell.row, each.cell.column
        words = max((at for at in range(1, column) if isinstance(table.sheet.value(row, at), str)), default=0)
        if not words:
            continue

        def is_listed(here: int, words: int = words, column: int = column) -> bool:
            cells = [
                at for (line, at), cell in table.sheet.cells.items() if line == here and cell.value not in (None, "")
            ]
            figure = table.sheet.value(here, column)
            text = table.sheet.value(here, words)
            plainly = isinstance(text, str) and not _TOTAL.match(plain(text))
            return sorted(cells) == [words, column] and isinstance(figure, float) and plainly

        rows: list[int] = []
        above = row - 1
        while is_listed(above):
            rows.insert(0, above)
            above -= 1
        if each.name == "investment":
            rows += [row] if is_listed(row) else []
            below = row + 1
            while is_listed(below):
                rows.append(below)
                below += 1
        found = [_listed(table, here, words, column) for here in rows]
        total = sum(put.value or 0.0 for put in found)
        stated = each.cell.value if isinstance(each.cell.value, float) else 0.0
        if len(found) < 2 or (each.name == "total_inputs" and abs(total - stated) > 0.005):
            continue
        body.outcomes[:] = [line for line in body.outcomes if line.row not in rows]
        desk.ledger.repair(f"Rows {rows[0]} to {rows[-1]} read as inputs, not as outcomes", desk.place(rows[0], words))
        return found
    return []


def _listed(table: Table, row: int, words: int, column: int) -> Put:
    cell = table.sheet.cells[row, column]
    description = words_in(table.sheet.cells[row, words])
    value = cell.value if isinstance(cell.value, float) else 0.0
    return Put("", description, kind_of_input(description), value, table.sheet.place(row, column), currency_of(cell))


def input_total(labels: list[Labelled], desk: Desk) -> list[Put]:
    """Return the labelled total of what was put in as one input, if there is one."""
    for name in ("total_inputs", "investment"):
        for each in labels:
            if each.name == name:
                other = Desk(
                    Sheet(each.sheet.name, {(each.cell.row, each.cell.column): each.cell}), desk.notation, desk.ledger
                )
                value = other.number(each.cell.row, each.cell.column, "input_value")
                if value:
                    desk.ledger.repair(
                        f"The inputs are one sum, {figure(value)} ('{each.label[:60]}'): "
                        "the file does not say who put in what",
                        each.place,
                    )
                    return [Put("", each.label, "money", value, each.place, currency_of(each.cell))]
    return []

"""Faults of a spreadsheet: a sum that misses a row, a formula typed over, a number that is a text, a hidden row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sroi.errors import SroiError
from sroi.evaluation import evaluate
from sroi.files.plain_workbook import PlainCell, place_in_sheet
from sroi.files.sheets import column_letters
from sroi.findings import Finding
from sroi.teaching.fault_kinds import WORKBOOK, Planted
from sroi.teaching.numbers import stream
from sroi.teaching.spreadsheet import (
    ATTRIBUTION,
    HEADING_ROW,
    IMPACT,
    PRICE,
    QUANTITY,
    SHEET,
    Spreadsheet,
    faults_of,
    spreadsheet_bytes,
)

# The cell that is wrong, and the spreadsheet with it.
Spoilt = tuple[str, Spreadsheet]
_FILE = "spreadsheet.xlsx"
_Draw = np.random.Generator


@dataclass(frozen=True)
class SheetFault:
    """A kind of fault that only a spreadsheet can have; see `FaultKind`. `put` returns None where it cannot stand."""

    name: str
    heading: str
    level: int
    explains: str
    found_by: tuple[str, ...]
    words: str
    put: Callable[[Spreadsheet, _Draw], Spoilt | None]
    sort: str = WORKBOOK


def _one(rows: Sequence[int], draw: _Draw) -> int:
    return int(rows[int(draw.integers(len(rows)))])


def _total(sheet: Spreadsheet, first: int, last: int) -> str:
    letters = column_letters(sheet.present_value)
    return f"=SUM({letters}{first}:{letters}{last})"


def _misses_a_row(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    if len(sheet.rows) < 3:
        return None
    spoilt = sheet.holding(sheet.total_row, sheet.present_value, _total(sheet, sheet.rows[0], sheet.rows[-2]))
    return place_in_sheet(sheet.total_row, sheet.present_value), spoilt


def _counts_twice(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    if len(sheet.rows) < 3:
        return None
    again = _total(sheet, sheet.rows[-2], sheet.rows[-1]).removeprefix("=")
    formula = f"{_total(sheet, sheet.rows[0], sheet.rows[-1])}+{again}"
    return place_in_sheet(sheet.total_row, sheet.present_value), sheet.holding(
        sheet.total_row, sheet.present_value, formula
    )


def _input_missed(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    if len(sheet.input_rows) < 3 or not sheet.cells[sheet.input_rows[0], 3].content:
        return None
    row = sheet.totals["total_inputs"]
    return f"C{row}", sheet.holding(row, 3, f"=SUM(C{sheet.input_rows[1]}:C{sheet.input_rows[-1]})")


def _typed_over(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    if len(sheet.rows) < 3:
        return None
    row = _one(sheet.rows, draw)
    numbers = [sheet.cells[row, column].content for column in (QUANTITY, PRICE)]
    typed = float(round(float(numbers[0]) * float(numbers[1]) * 0.9, -1)) + 5
    return place_in_sheet(row, IMPACT), sheet.holding(row, IMPACT, typed)


def _as_text(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    held = [row for row in sheet.input_rows if float(sheet.cells[row, 3].content) >= 100]
    if not held or len(sheet.input_rows) < 2:
        return None
    row = _one(held, draw)
    return f"C{row}", sheet.holding(row, 3, f"{float(sheet.cells[row, 3].content):,.0f}", "text")


def _hidden(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    if len(sheet.rows) < 3:
        return None
    row = _one(sheet.rows[1:], draw)
    return place_in_sheet(row, 1), replace(sheet, hidden_rows=frozenset({row}))


def _formula_changes(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    """From somewhere below the middle, attribution is no longer taken off."""
    half = sheet.rows[-max(1, (len(sheet.rows) - 1) // 2) :]
    taken_off = [row for row in half if float(sheet.cells[row, ATTRIBUTION].content)]
    if len(sheet.rows) < 4 or not taken_off:
        return None
    spoilt = sheet
    for row in half:
        spoilt = spoilt.holding(row, IMPACT, f"=C{row}*E{row}*(1-H{row})*(1-I{row})")
    return place_in_sheet(half[0], IMPACT), spoilt


def _rate_inside(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    """The present values are discounted at a rate that stands in the formulas, and not at the one that is stated."""
    rate = float(draw.choice([0.02, 0.05, 0.06]))
    spoilt = sheet
    for row in sheet.rows:
        worth = "+".join(f"{place_in_sheet(row, IMPACT + n)}/(1+{rate:g})^{n}" for n in range(1, sheet.years + 1))
        spoilt = spoilt.holding(row, sheet.present_value, f"={worth}")
    return place_in_sheet(sheet.rows[0], sheet.present_value), spoilt


def _digit_swapped(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    """The total present value is typed, two of its digits swapped."""
    total = f"{_worth(sheet, 'total_present_value'):.0f}"
    pairs = [place for place in range(len(total) - 1) if total[place] != total[place + 1] and total[place + 1] != "0"]
    if not pairs:
        return None
    at = pairs[int(draw.integers(len(pairs)))]
    typed = float(total[:at] + total[at + 1] + total[at] + total[at + 2 :])
    row = sheet.totals["total_present_value"]
    return f"C{row}", sheet.holding(row, 3, typed)


def _worth(sheet: Spreadsheet, name: str) -> float:
    chart, _ = faults_of(spreadsheet_bytes(sheet), _FILE)
    return float(getattr(evaluate(chart), name))


def _tables_disagree(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    """A summary for the board repeats the deductions, and one of them is another than in the table."""
    row = next((row for row in sheet.rows if 0.1 <= float(sheet.cells[row, ATTRIBUTION].content) <= 0.9), None)
    if row is None:
        return None
    cells = {
        (1, 1): PlainCell("Summary for the board", "title"),
        (3, 1): PlainCell("Outcome", "heading"), (3, 2): PlainCell("Deadweight", "heading"),
        (3, 3): PlainCell("Attribution (owed to others)", "heading"),
    }  # fmt: skip
    for place, line in enumerate(sheet.rows, 4):
        right = float(sheet.cells[line, ATTRIBUTION].content)
        shown = round(right + (0.1 if right <= 0.5 else -0.1), 4) if line == row else right
        cells |= {
            (place, 1): sheet.cells[line, 2],
            (place, 2): sheet.cells[line, 8],
            (place, 3): PlainCell(shown, "share"),
        }
    at = 4 + sheet.rows.index(row)
    return f"Summary!C{at}", replace(sheet, other={**sheet.other, "Summary": cells})


def _old_heading(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    year = str(sheet.cells[4, 2].content)[:4]
    if not year.isdigit():
        return None
    words = f"Value of proxy ({int(year) - int(draw.integers(5, 10))} prices)"
    return place_in_sheet(HEADING_ROW, PRICE), sheet.holding(HEADING_ROW, PRICE, words)


def _net_for_gross(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    row = sheet.totals["sroi_ratio"]
    return f"C{row}", sheet.holding(row, 3, f"=C{row - 1}/C{sheet.totals['total_inputs']}")


def _broken_reference(sheet: Spreadsheet, draw: _Draw) -> Spoilt | None:
    row = _one(sheet.rows, draw)
    return place_in_sheet(row, IMPACT), sheet.holding(row, IMPACT, f"=C{row}*E{row}*(1-H{row})*(1-#REF!)*(1-J{row})")


# fmt: off
SHEET_KINDS: dict[str, SheetFault] = {kind.name: kind for kind in (
    SheetFault(
        "sum_misses_row", "A sum that misses a row", 1,
        "The last line was added later, and the sum ends above it: it stands in the table and does not count.",
        ("sum_misses_rows",), r"sum\b|sums|total|miss|left out|range|last (row|line)|not (in|added|counted)",
        _misses_a_row,
    ),
    SheetFault(
        "input_not_summed", "An input left out of the sum", 2,
        "The sum begins one line too low: the first input is not in it, and the ratio is too high.",
        ("sum_misses_rows",), r"sum|total|input|miss|left out|range", _input_missed,
    ),
    SheetFault(
        "sum_counts_twice", "A sum that counts lines twice", 2,
        "The total adds the table and then a part of it again, as a published report once did.",
        ("counted_twice",), r"sum|total|twice|double|again", _counts_twice,
    ),
    SheetFault(
        "typed_over", "A number typed over a formula", 1,
        "The cell no longer follows its own line: change the quantity, and nothing moves.",
        ("typed_over_formula",), r"typed|formula|overwrit|hard.?(cod|typed)|fixed|constant", _typed_over,
    ),
    SheetFault(
        "number_as_text", "A number stored as a text", 1,
        "It looks like a number, and sums leave it out.",
        ("number_as_text",), r"text|format|string|not a number|left.?aligned", _as_text,
    ),
    SheetFault(
        "hidden_row", "A hidden row that counts", 1,
        "A reader must see every line that counts; this one is in the total and not on the page.",
        ("hidden_counts",), r"hidden|hide|hid\b|(not|in)\W?visible|unseen|not shown", _hidden,
    ),
    SheetFault(
        "formula_changes", "A formula that changes halfway down", 2,
        "From here on attribution is no longer taken off; the heading still says that it is.",
        ("formula_changes",), r"formula|chang|differ|attribut|halfway|inconsist", _formula_changes,
    ),
    SheetFault(
        "rate_inside", "A discount rate hidden inside a formula", 2,
        "The sheet states one rate and reckons with another that stands in the formulas.",
        ("rate_in_formula",), r"\brates?\b|discount|formula|hard.?cod", _rate_inside,
    ),
    SheetFault(
        "digit_swapped", "Two digits swapped in a typed total", 2,
        "The total was typed from paper, two digits changed places, and the ratio carries the slip on.",
        ("total_not_reproduced",), r"digit|swap|transpos|typed|total|sum|differ", _digit_swapped,
    ),
    SheetFault(
        "tables_disagree", "Two tables that disagree", 2,
        "The summary shows another deduction than the table that is reckoned with. One of the two is wrong.",
        ("tables_disagree",), r"disagree|differ|summary|table|inconsist|two", _tables_disagree,
    ),
    SheetFault(
        "old_heading", "Prices of another year", 1,
        "The heading says of which year the prices are, and the sheet is stated in another.",
        ("prices_of_other_year",), r"year|price|old|inflat|stale", _old_heading,
    ),
    SheetFault(
        "net_ratio", "The net ratio called the SROI ratio", 2,
        "The cell divides the net present value: it is the net ratio, less by 1 than what it is called.",
        ("total_by_other_convention", "total_not_reproduced"), r"net|ratio|gross", _net_for_gross,
    ),
    SheetFault(
        "broken_reference", "A reference to a deleted cell", 3,
        "A column was deleted, and the formula still asks for it: the error runs on into every total.",
        ("error_value",), r"#?ref|error|broken|deleted|formula", _broken_reference,
    ),
)}
# fmt: on


@dataclass(frozen=True)
class SpoiltSheet:
    """A spreadsheet with faults planted."""

    spreadsheet: Spreadsheet
    planted: tuple[Planted, ...]


def sheet_kinds_for(level: int, seed: int, team: str) -> list[str]:
    """Return the kinds of fault of a level that only a spreadsheet can have, in an order of the team's own."""
    names = [kind.name for kind in SHEET_KINDS.values() if kind.level <= level]
    return [names[place] for place in stream(seed, team, "sheet faults").permutation(len(names))]


def plant_in_sheet(sound: Spreadsheet, names: Sequence[str], most: int, seed: int, team: str) -> SpoiltSheet:
    """Return a spreadsheet with faults of the first kinds of `names` that can stand in it together, `most` at most.

    Each is one that the tolerant reader's list of faults names at its cell, and no other fault hides it.
    """
    try:
        known = {(each.kind, each.where) for each in faults_of(spreadsheet_bytes(sound), _FILE)[1]}
    except SroiError:  # words of the case that the tolerant reader cannot tell from headings
        return SpoiltSheet(sound, ())
    waiting, kept, planted = list(names), list[str](), tuple[Planted, ...]()
    spoilt, at_once = sound, most
    while waiting and len(kept) < most:
        # As many as are wanted are planted at once, for each look at the workbook takes a while; if that does not go,
        # one after the other.
        count = min(at_once, most - len(kept))
        trial = waiting[:count]
        tried, wrong = _spoilt(sound, [*kept, *trial], seed, team)
        found = _found(sound, tried, wrong, known)
        if len(found) == len(kept) + count:
            spoilt, planted, kept = tried, found, [*kept, *trial]
        elif count > 1:
            at_once = 1
            continue
        waiting = waiting[count:]
    return SpoiltSheet(spoilt, planted)


def _spoilt(sound: Spreadsheet, names: Sequence[str], seed: int, team: str) -> tuple[Spreadsheet, dict[str, str]]:
    """Return a spreadsheet with faults of these kinds, as far as they can stand together, and the cell of each."""
    spoilt, cells = sound, dict[str, str]()
    for name in names:
        try:
            tried = SHEET_KINDS[name].put(spoilt, stream(seed, team, f"sheet fault/{name}"))
        except SroiError:
            continue
        if tried is not None and _address(tried[0]) not in cells.values():
            spoilt, cells[name] = tried[1], _address(tried[0])
    return spoilt, cells


def _found(
    sound: Spreadsheet, spoilt: Spreadsheet, wrong: dict[str, str], known: set[tuple[str, str]]
) -> tuple[Planted, ...]:
    """Return the faults that the tolerant reader's list names, each by a finding of its own."""
    try:
        findings = faults_of(spreadsheet_bytes(spoilt), _FILE)[1]
    except SroiError:
        return ()
    told = [each for each in findings if (each.kind, each.where) not in known]
    planted = []
    for name, where in wrong.items():
        kind = SHEET_KINDS[name]
        own = [each for each in told if each.kind in kind.found_by]
        nearest = sorted(own, key=lambda each: each.where != where)
        if nearest:
            told.remove(nearest[0])
            planted.append(_planted(kind, where.removeprefix(f"{SHEET}!"), nearest[0], sound, spoilt))
    return tuple(planted)


def _address(cell: str) -> str:
    return cell if "!" in cell else f"{SHEET}!{cell}"


def _planted(kind: SheetFault, cell: str, finding: Finding, sound: Spreadsheet, spoilt: Spreadsheet) -> Planted:
    where = _address(cell)
    was, now = (_held(sheet, cell) for sheet in (sound, spoilt))
    if sound.hidden_rows != spoilt.hidden_rows and was == now:
        was, now = "shown", "hidden"
    return Planted(kind.name, where, tuple(dict.fromkeys((where, finding.where))), finding.kind, finding.where,
                   finding.what, was, now)  # fmt: skip


def _held(sheet: Spreadsheet, cell: str) -> str:
    """Return what a cell of the main sheet holds, in words; "" for one of another sheet."""
    for (row, column), content in sheet.cells.items() if "!" not in cell else ():
        if place_in_sheet(row, column) == cell:
            return f"{content.content:g}" if isinstance(content.content, float) else str(content.content)
    return ""

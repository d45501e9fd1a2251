"""The same case as somebody without a program keeps it: one plain sheet with formulas of its own, to find faults in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sroi.evaluation import evaluate
from sroi.files.foreign import read_foreign
from sroi.files.options import ReadingOptions
from sroi.files.plain_workbook import PlainCell, PlainTable, place_in_sheet, plain_workbook_bytes
from sroi.files.sheets import Book, Cell, Sheet, book_of, column_letters
from sroi.findings import Findings
from sroi.impact_map import ImpactMap
from sroi.questions.asking import counted
from sroi.reading import NOT_STATED
from sroi.teaching.levels import flattened
from sroi.teaching.trees import ratio_of
from sroi.workbook_faults import workbook_faults
from sroi.workbook_faults.grid import Address, Grid, Unknown

SHEET = "Value map"
_RATE = 0.035
_HEADINGS = (
    "Stakeholder", "Outcome", "Quantity", "Financial proxy", "Value of proxy", "Source", "Duration (years)",
    "Deadweight", "Displacement", "Attribution (owed to others)", "Drop-off", "Impact",
)  # fmt: skip
_WIDTHS = (24, 40, 9, 26, 11, 34, 9, 11, 12, 13, 9, 12)
QUANTITY, PRICE, DEADWEIGHT, ATTRIBUTION, DROP_OFF, IMPACT = 3, 5, 8, 10, 11, 12
HEADING_ROW, FIRST_ROW = 7, 8

Cells = dict[tuple[int, int], PlainCell]


@dataclass(frozen=True)
class Spreadsheet:
    """A plain spreadsheet: its cells, and where its parts stand.

    `rows` are the lines of outcomes, `input_rows` those of inputs; `years` how many columns of years; `totals` the rows
    of total inputs, total present value, net present value and ratio; `other` further sheets.
    """

    title: str
    cells: Cells
    rows: tuple[int, ...]
    input_rows: tuple[int, ...]
    years: int
    totals: Mapping[str, int]
    hidden_rows: frozenset[int] = frozenset()
    other: Mapping[str, Cells] = field(default_factory=dict)

    @property
    def present_value(self) -> int:
        """The column of present values."""
        return IMPACT + self.years + 1

    @property
    def total_row(self) -> int:
        """The row of the table's totals."""
        return self.rows[-1] + 1

    def holding(self, row: int, column: int, content: str | float, look: str | None = None) -> Spreadsheet:
        """Return the spreadsheet with something else in one cell."""
        before = self.cells.get((row, column), PlainCell(""))
        return replace(self, cells={**self.cells, (row, column): PlainCell(content, look or before.look)})


def spreadsheet_of(impact_map: ImpactMap) -> Spreadsheet:
    """Return a map as a plain spreadsheet: plain numbers, one year of activity, discounted at 3.5 %.

    What a plain sheet has no place for (ranges, years of activity, anchored values) is flattened first.
    """
    chart = flattened(impact_map)
    outcomes = [
        outcome for _, outcome in counted(chart) if outcome.proxy is not None and outcome.proxy.value is not None
    ]
    longest = max((math.ceil(max(each.duration.years)) for each in outcomes if each.duration is not None), default=1)
    years = max(longest, 1)
    cells: Cells = {
        (1, 1): PlainCell("Title"), (1, 2): PlainCell(chart.title, "title"),
        (2, 1): PlainCell("Analysis"), (2, 2): PlainCell(chart.analysis),
        (3, 1): PlainCell("Currency"), (3, 2): PlainCell(chart.currency),
        (4, 1): PlainCell("Price year"), (4, 2): PlainCell(_price_year(chart)),
        (5, 1): PlainCell("Discount rate"), (5, 2): PlainCell(_RATE, "rate"),
    }  # fmt: skip
    headings = (*_HEADINGS, *(f"Year {year}" for year in range(1, years + 1)), "Present value")
    cells |= {(HEADING_ROW, place): PlainCell(words, "heading") for place, words in enumerate(headings, 1)}
    by_id, names = chart.stakeholder_by_id, chart.numbers()
    result = evaluate(chart)
    for row, outcome in enumerate(outcomes, FIRST_ROW):
        place = result.priced.index(outcome.id)
        proxy = outcome.proxy
        price = names[f"{outcome.id}.proxy"].values[0]
        duration = names[f"{outcome.id}.duration"].values[0]
        quantity = float(result.gross[place]) / price / duration if price and duration else 0.0
        cells |= {
            (row, 1): PlainCell(by_id[outcome.stakeholder].label, "wrap"), (row, 2): PlainCell(outcome.label, "wrap"),
            (row, 3): PlainCell(round(quantity, 6), "number"),
            (row, 4): PlainCell((proxy.description if proxy is not None else None) or "", "wrap"),
            (row, 5): PlainCell(price, "money"),
            (row, 6): PlainCell((proxy.source if proxy is not None else None) or "", "wrap"),
            (row, 7): PlainCell(duration, "number"),
        }  # fmt: skip
        for column, name in zip((8, 9, 10, 11), ("deadweight", "displacement", "attribution", "drop_off"), strict=True):
            cells[row, column] = PlainCell(names[f"{outcome.id}.{name}"].values[0], "share")
        cells |= _formulas(row, years)
    rows = tuple(range(FIRST_ROW, FIRST_ROW + len(outcomes)))
    last = IMPACT + years + 1
    cells[rows[-1] + 1, 2] = PlainCell("Total")
    for column in range(IMPACT, last + 1):
        letters = column_letters(column)
        cells[rows[-1] + 1, column] = PlainCell(f"=SUM({letters}{rows[0]}:{letters}{rows[-1]})", "total")
    return _with_inputs(chart, cells, rows, years)


def _price_year(chart: ImpactMap) -> str:
    return "" if chart.price_year == NOT_STATED else str(chart.price_year)


def _formulas(row: int, years: int) -> Cells:
    """Return the formulas of a line: its impact, its years, its present value."""
    impact = place_in_sheet(row, IMPACT)
    cells: Cells = {
        (row, IMPACT): PlainCell(f"=C{row}*E{row}*(1-H{row})*(1-I{row})*(1-J{row})", "money"),
        (row, IMPACT + 1): PlainCell(f"={impact}*MIN(1,$G{row})", "money"),
    }
    for year in range(2, years + 1):
        left = f"${impact}*(1-$K{row})^{year - 1}*MIN(1,$G{row}-{year - 1})"
        cells[row, IMPACT + year] = PlainCell(f"=IF($G{row}>{year - 1},{left},0)", "money")
    worth = "+".join(f"{place_in_sheet(row, IMPACT + year)}/(1+$B$5)^{year}" for year in range(1, years + 1))
    cells[row, IMPACT + years + 1] = PlainCell(f"={worth}", "money")
    return cells


def _with_inputs(chart: ImpactMap, cells: Cells, rows: tuple[int, ...], years: int) -> Spreadsheet:
    top = rows[-1] + 3
    cells[top, 1], cells[top, 2], cells[top, 3] = (
        PlainCell(words, "heading") for words in ("Stakeholder", "Input", "Value")
    )
    by_id, result = chart.stakeholder_by_id, evaluate(chart)
    for place, given in enumerate(chart.inputs):
        row = top + 1 + place
        cells |= {
            (row, 1): PlainCell(by_id[given.stakeholder].label, "wrap"), (row, 2): PlainCell(given.label, "wrap"),
            (row, 3): PlainCell(float(result.inputs[place]), "money"),
        }  # fmt: skip
    input_rows = tuple(range(top + 1, top + 1 + len(chart.inputs)))
    foot = input_rows[-1] + 1
    worth = place_in_sheet(rows[-1] + 1, IMPACT + years + 1)
    totals = {
        "total_inputs": foot,
        "total_present_value": foot + 2,
        "net_present_value": foot + 3,
        "sroi_ratio": foot + 4,
    }
    for name, words, formula in (
        ("total_inputs", "Total inputs", f"=SUM(C{input_rows[0]}:C{input_rows[-1]})"),
        ("total_present_value", "Total present value", f"={worth}"),
        ("net_present_value", "Net present value", f"=C{foot + 2}-C{foot}"),
        ("sroi_ratio", "SROI ratio", f"=C{foot + 2}/C{foot}"),
    ):
        cells[totals[name], 2] = PlainCell(words)
        cells[totals[name], 3] = PlainCell(formula, "ratio" if name == "sroi_ratio" else "total")
    return Spreadsheet(chart.title, cells, rows, input_rows, years, totals)


# ---- files ----


def spreadsheet_bytes(spreadsheet: Spreadsheet, more: Mapping[str, PlainTable] | None = None) -> bytes:
    """Return a spreadsheet as the bytes of an .xlsx file, each formula with the value that it comes to."""
    sheets = {SHEET: spreadsheet.cells, **spreadsheet.other}
    grid = Grid(Book("", b"", tuple(Sheet(name, _bare(cells)) for name, cells in sheets.items())))
    widths = dict(enumerate((*_WIDTHS, *([11] * spreadsheet.years), 13), 1))
    tables = {
        name: PlainTable(
            _with_values(grid, name, cells),
            widths if name == SHEET else {1: 30, 2: 16, 3: 16},
            spreadsheet.hidden_rows if name == SHEET else frozenset(),
            (HEADING_ROW, 2) if name == SHEET else (0, 0),
        )
        for name, cells in sheets.items()
    }
    return plain_workbook_bytes(spreadsheet.title, {**tables, **(more or {})})


def _bare(cells: Cells) -> dict[tuple[int, int], Cell]:
    bare = {}
    for (row, column), cell in cells.items():
        is_formula = isinstance(cell.content, str) and cell.content.startswith("=")
        held = None if is_formula else float(cell.content) if not isinstance(cell.content, str) else cell.content
        bare[row, column] = Cell(row, column, held, str(cell.content) if is_formula else None)
    return bare


def _with_values(grid: Grid, sheet: str, cells: Cells) -> Cells:
    valued: Cells = {}
    for (row, column), cell in cells.items():
        if isinstance(cell.content, str) and cell.content.startswith("="):
            try:
                value = grid.value(Address(sheet, row, column))
            except Unknown:
                value = "#REF!" if "#REF!" in cell.content else "#VALUE!"
            number = value if isinstance(value, str | int | float) else 0.0
            valued[row, column] = replace(cell, value=number)
        else:
            valued[row, column] = cell
    return valued


def faults_of(content: bytes, name: str) -> tuple[ImpactMap, Findings]:
    """Return the map that the tolerant reader reads from a spreadsheet's bytes, and what is wrong with the workbook."""
    book = book_of(content, name)
    reading = read_foreign(book, ReadingOptions(attribution="owed"), ratio_of)
    impact_map = ImpactMap.model_validate(reading.tree)
    return impact_map, workbook_faults(book, reading, impact_map)

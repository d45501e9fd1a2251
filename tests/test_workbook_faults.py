"""The faults of strangers' workbooks: each planted in a real file, found, and said word for word; none in clean ones."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from sroi import ImpactMap, evaluate
from sroi.files.foreign import Printed, Reading
from sroi.files.sheets import Book, Cell, Sheet, open_book
from sroi.findings import Findings
from sroi.workbook_faults import workbook_faults
from sroi.workbook_faults.grid import Address, Grid, Unknown

HEADS = ["Stakeholder", "Outcome", "Quantity", "Proxy", "Source", "Deadweight", "Attribution", "Drop-off", "Duration"]
FIELDS = {"quantity": 3, "proxy": 4, "deadweight": 6, "attribution": 7, "drop_off": 8, "duration": 9}
LINES = [
    ("People", "Feel calmer", 50, 130.0, 0.1, 0.2, 0.25, 3),
    ("People", "Feel healthier", 41, 95.5, 0.25, 0.1, 0.1, 3),
    ("People", "Find work", 7, 1200.0, 0.3, 0.35, 0.2, 3),
    ("Families", "Worry less", 33, 61.0, 0.15, 0.1, 0.3, 3),
    ("Families", "Spend more time together", 29, 48.25, 0.05, 0.2, 0.5, 3),
    ("Neighbours", "Help less", 19, -15.0, 0.05, 0.0, 0.05, 3),
]
FIRST = 7
TOTAL = {"inputs": "C22", "value": "C23", "net": "C24", "ratio": "C25"}


class Stranger:
    """A workbook in a stranger's layout, and what a reader would read from it."""

    def __init__(self, rows: list[int] | None = None) -> None:
        self.rows = rows or [FIRST + place for place in range(len(LINES))]
        last = max(self.rows)
        self.foot = last + 2
        self.cells: dict[str, dict[str, Any]] = {"Map": {}}
        self.formats: dict[str, str] = {}
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[str] = []
        self.hidden_sheets: list[str] = []
        self.stored: dict[str, float | str] = {}  # stored values other than those the formulas come to
        self.lines = [list(line) for line in LINES]
        self.price_year: int | str = 2024
        self.map_changes: dict[str, Any] = {}
        cells = self.cells["Map"]
        cells |= {"A1": "Our value map", "B3": "Discount rate", "C3": 0.035}
        for place, heading in enumerate(HEADS):
            cells[f"{'ABCDEFGHI'[place]}6"] = heading
        cells |= {"J6": "Impact", "K6": "Year 1", "L6": "Year 2", "M6": "Year 3", "N6": "Present value"}
        for row, line in zip(self.rows, LINES, strict=True):
            who, what, quantity, proxy, deadweight, attribution, drop_off, duration = line
            cells |= {f"A{row}": who, f"B{row}": what, f"C{row}": quantity, f"D{row}": proxy, f"E{row}": "own study"}
            cells |= {f"F{row}": deadweight, f"G{row}": attribution, f"H{row}": drop_off, f"I{row}": duration}
            cells |= {f"J{row}": f"=C{row}*D{row}*(1-F{row})*(1-G{row})", f"K{row}": f"=J{row}"}
            cells |= {f"L{row}": f"=K{row}*(1-$H{row})", f"M{row}": f"=L{row}*(1-$H{row})"}
            cells[f"N{row}"] = f"=K{row}/(1+$C$3)^1+L{row}/(1+$C$3)^2+M{row}/(1+$C$3)^3"
        cells[f"B{self.foot}"] = "Total"
        for letter in "KLMN":
            cells[f"{letter}{self.foot}"] = f"=SUM({letter}{self.rows[0]}:{letter}{last})"
        cells |= {
            "B18": "Inputs",
            "B19": "Grant",
            "C19": 6000,
            "B20": "Volunteers",
            "C20": 2500,
            "B21": "Room",
            "C21": 500,
        }
        cells |= {"B22": "Total inputs", "C22": "=SUM(C19:C21)", "B23": "Total present value", "C23": f"=N{self.foot}"}
        cells |= {"B24": "Net present value", "C24": "=C23-C22", "B25": "SROI ratio", "C25": "=C23/C22"}

    def __setitem__(self, address: str, value: Any) -> None:
        sheet, _, cell = address.rpartition("!")
        cells = self.cells.setdefault(sheet or "Map", {})
        if value is None:
            cells.pop(cell, None)
        else:
            cells[cell] = value

    def __getitem__(self, address: str) -> Any:
        return self.cells["Map"][address]

    def book(self, folder: Path) -> Book:
        """Write the workbook with the values that its formulas come to, and open it."""
        bare = Book("", b"", tuple(Sheet(name, _bare(cells, self.stored)) for name, cells in self.cells.items()))
        grid = Grid(bare)
        path = folder / "strange.xlsx"
        with xlsxwriter.Workbook(str(path)) as workbook:
            for name, cells in self.cells.items():
                sheet = workbook.add_worksheet(name)
                for address, value in cells.items():
                    row, column = _position(address)
                    form = workbook.add_format({"num_format": self.formats.get(address, "General")})
                    if isinstance(value, str) and value.startswith("="):
                        stored = self.stored.get(address)
                        if stored is None:
                            try:
                                stored = grid.value(Address(name, row, column))
                            except Unknown:
                                stored = "#VALUE!"
                        sheet.write_formula(row - 1, column - 1, value, form, stored)
                    elif isinstance(value, str):
                        sheet.write_string(row - 1, column - 1, value, form)
                    else:
                        sheet.write_number(row - 1, column - 1, value, form)
                if name == "Map":
                    for row in self.hidden_rows:
                        sheet.set_row(row - 1, None, None, {"hidden": True})
                    for letters in self.hidden_columns:
                        sheet.set_column(f"{letters}:{letters}", None, None, {"hidden": True})
                if name in self.hidden_sheets:
                    sheet.hide()
        return open_book(path)

    def reading(self, book: Book) -> Reading:
        """Return what a reader would read: numbers as the cells hold them, totals as they are stored."""
        sheet = book.sheet("Map")
        assert sheet is not None
        places: dict[tuple[str | int, ...], str] = {}
        for place, row in enumerate(self.rows):
            places["outcomes", place] = sheet.place(row, 2)
            for field, column in FIELDS.items():
                places["outcomes", place, field] = sheet.place(row, column)
        for place in range(3):
            places["inputs", place, "value"] = sheet.place(19 + place, 3)
        printed = []
        names = {"C22": "total_inputs", "C23": "total_present_value", "C24": "net_present_value", "C25": "sroi_ratio"}
        for address, name in names.items():
            row, column = _position(address)
            cell = sheet.cells.get((row, column))
            if cell is not None and isinstance(cell.value, float):
                printed.append(Printed(name, cell.value, sheet.place(row, column), cell.formula))
        return Reading({}, places, (), tuple(printed), {}, tuple(self.rows), "Map", dict(FIELDS))

    def map(self) -> ImpactMap:
        people = list(dict.fromkeys(line[0] for line in self.lines))
        tree: dict[str, Any] = {
            "sroi": 1, "title": "Strange", "analysis": "forecast", "currency": "GBP", "price_year": self.price_year,
            "stakeholders": [*({"id": who.lower(), "name": who} for who in people), {"id": "funder"}],
            "inputs": [
                {"id": name.lower(), "stakeholder": "funder", "description": name, "kind": "money", "value": value}
                for name, value in (("Grant", 6000), ("Volunteers", 2500), ("Room", 500))
            ],
            "outcomes": [
                {
                    "id": f"outcome_{place}", "stakeholder": who.lower(), "description": what, "quantity": quantity,
                    "proxy": {"value": proxy, "source": self.cells["Map"].get(f"E{row}")}, "deadweight": deadweight,
                    "attribution": attribution, "drop_off": drop_off, "duration": duration, "displacement": 0,
                }
                for place, (row, (who, what, quantity, proxy, deadweight, attribution, drop_off, duration)) in enumerate(
                    zip(self.rows, self.lines, strict=True)
                )
            ],
        }  # fmt: skip
        tree = copy.deepcopy(tree)
        for path, value in self.map_changes.items():
            place, field = path.split(".")
            tree["outcomes"][int(place)][field] = value
        return ImpactMap.model_validate(tree)

    def faults(self, folder: Path) -> Findings:
        book = self.book(folder)
        return workbook_faults(book, self.reading(book), self.map())


def _position(address: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", address).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits), column


def _bare(cells: dict[str, Any], stored: dict[str, float | str]) -> dict[tuple[int, int], Cell]:
    bare = {}
    for address, value in cells.items():
        row, column = _position(address)
        if "[" in str(value):  # another workbook: it holds what it held when it was there
            value = stored[address]
        formula = value if isinstance(value, str) and value.startswith("=") else None
        held = None if formula else float(value) if isinstance(value, int) else value
        bare[row, column] = Cell(row, column, held, formula)
    return bare


def told(findings: Findings) -> list[tuple[str, str | None, str]]:
    return [(each.kind, each.cell, each.what) for each in findings]


# ---- clean workbooks: no false alarm ----


def with_percent_formats(strange: Stranger) -> None:
    for row in strange.rows:
        for letter in "FGH":
            strange.formats[f"{letter}{row}"] = "0%"
        strange.formats[f"D{row}"] = '"£"#,##0.00'
    strange.formats |= {"C3": "0.0%", "C25": '0.00" : 1"', "C23": "#,##0"}


def with_subtotals_and_blank_rows(strange: Stranger) -> None:
    moved = Stranger([7, 8, 9, 12, 13, 16])
    cells = moved.cells["Map"]
    for letter in "KLMN":
        cells[f"{letter}10"], cells[f"{letter}14"] = f"=SUM({letter}7:{letter}9)", f"=SUM({letter}12:{letter}13)"
        cells[f"{letter}17"] = f"=SUM({letter}16)"
        del cells[f"{letter}18"]
    cells |= {"B10": "Subtotal People", "B14": "Subtotal Families", "B17": "Subtotal Neighbours"}
    cells |= {"B18": "Inputs", "C23": "=N10+N14+N17"}
    strange.rows, strange.cells = moved.rows, moved.cells


def with_stakeholder_totals_on_another_sheet(strange: Stranger) -> None:
    strange["Results!A1"] = "By stakeholder"
    for row, (name, rows) in enumerate({"People": "7:N9", "Families": "10:N11", "Neighbours": "12:N12"}.items(), 2):
        strange[f"Results!A{row}"], strange[f"Results!B{row}"] = name, f"=SUM(Map!N{rows})"
    strange["Results!A5"], strange["Results!B5"] = "Total", "=SUM(B2:B4)"


def with_subtotal_functions(strange: Stranger) -> None:
    strange["N13"], strange["B13"] = "=SUBTOTAL(9,N7:N12)", "Subtotal"
    strange["N14"] = "=SUBTOTAL(9,N7:N13)"


def with_short_durations_left_blank(strange: Stranger) -> None:
    for row, years in ((9, 1), (11, 2)):
        strange[f"I{row}"] = strange.lines[row - FIRST][7] = years
        for letter in "LM"[years - 1 :]:
            strange[f"{letter}{row}"] = 0 if row == 9 else None


def with_the_functions_people_use(strange: Stranger) -> None:
    for row in strange.rows:
        strange[f"N{row}"] = f"=NPV($C$3,K{row}:M{row})"
        strange[f"J{row}"] = f"=PRODUCT(C{row}:D{row})*(100%-F{row})*(1-G{row})"
        strange[f"L{row}"] = f"=IF($I{row}>1,K{row}*(1-$H{row}),0)"
    strange["C25"] = "=IFERROR(C23/C22,0)"
    strange.stored["C25"] = float(evaluate(strange.map()).sroi_ratio)


def with_a_running_total(strange: Stranger) -> None:
    strange["O6"] = "Running total"
    for row in strange.rows:
        strange[f"O{row}"] = f"=N{row}" if row == FIRST else f"=O{row - 1}+N{row}"


def with_a_part_named_below(strange: Stranger) -> None:
    strange["B15"], strange["N15"] = "of which families", "=SUM(N10:N11)"
    strange["O6"], strange["P6"] = "Years 1-2", "All years"
    for row in strange.rows:
        strange[f"O{row}"], strange[f"P{row}"] = f"=SUM(K{row}:L{row})", f"=SUM(K{row}:M{row})"


def with_sums_by_unit(strange: Stranger) -> None:
    for row in strange.rows:
        strange[f"C{row}"] = f"={strange[f'C{row}']}*1"
        strange[f"D{row}"] = f"={strange[f'D{row}'] / 12}*12"


def with_everything_typed(strange: Stranger) -> None:
    result = evaluate(strange.map())
    for address in list(strange.cells["Map"]):
        if str(strange[address]).startswith("="):
            strange[address] = None
    strange["C22"], strange["C23"] = 9000, round(float(result.total_present_value), 2)
    strange["C25"] = round(float(result.sroi_ratio), 2)


def with_prices_brought_up(strange: Stranger) -> None:
    strange["E8"], strange["E9"] = "2012 prices, uprated by CPI to 2024", "DWP, 2024 prices"
    strange["E10"], strange["D6"] = "PSSRU 2022", "Proxy (2024 prices)"


def as_it_is(strange: Stranger) -> None:
    pass


@pytest.mark.parametrize(
    "change",
    [
        as_it_is, with_percent_formats, with_subtotals_and_blank_rows, with_stakeholder_totals_on_another_sheet,
        with_subtotal_functions, with_short_durations_left_blank, with_the_functions_people_use, with_a_running_total,
        with_a_part_named_below, with_sums_by_unit, with_everything_typed, with_prices_brought_up,
    ],
    ids=lambda change: change.__name__,
)  # fmt: skip
def test_a_clean_workbook_gives_no_finding(change: Callable[[Stranger], None], tmp_path: Path) -> None:
    strange = Stranger()
    change(strange)
    assert told(strange.faults(tmp_path)) == []


# ---- planted slips: each found, and said word for word ----


def put(**cells: Any) -> Callable[[Stranger], None]:
    def plant(strange: Stranger) -> None:
        for address, value in cells.items():
            strange[address] = value

    return plant


def down(letter: str, formula: str, rows: range = range(FIRST, FIRST + 6)) -> Callable[[Stranger], None]:
    """Put a formula into a column; {r} is the row, {u} four rows above it."""
    return put(**{f"{letter}{row}": formula.format(r=row, u=row - 4) for row in rows})


def deleted_cell(strange: Stranger) -> None:
    strange["J9"], strange.stored["J9"] = "=C9*D9*(1-F9)*(1-#REF!)", "#REF!"


def division_by_nothing(strange: Stranger) -> None:
    strange["J9"], strange.stored["J9"] = "=C9*D9/Z9", "#DIV/0!"


def unknown_name(strange: Stranger) -> None:
    strange["J9"], strange.stored["J9"] = "=C9*D9*(1-F9)*(1-G9)*UPLIFT", "#NAME?"


def another_workbook(strange: Stranger) -> None:
    strange["D9"], strange.stored["D9"] = "='[prices.xlsx]Sheet1'!B4", 1200.0


def hidden_row(strange: Stranger) -> None:
    strange.hidden_rows = [9]


def hidden_column(strange: Stranger) -> None:
    strange.hidden_columns = ["G"]


def hidden_sheet(strange: Stranger) -> None:
    strange["Rates!A1"], strange["Rates!B1"], strange["C3"] = "Rate", 0.035, "=Rates!B1"
    strange.hidden_sheets = ["Rates"]


def hidden_number(strange: Stranger) -> None:
    strange["B16"], strange["C16"], strange.hidden_rows = "Rate used", 0.035, [16]
    down("N", "=K{r}/(1+$C$16)^1+L{r}/(1+$C$16)^2+M{r}/(1+$C$16)^3")(strange)


def out_of_date(strange: Stranger) -> None:
    strange.stored["J9"] = 3500.0


def never_calculated(strange: Stranger) -> None:
    strange.stored = {address: 0 for address, value in strange.cells["Map"].items() if str(value).startswith("=")}


def shown_too_coarsely(strange: Stranger) -> None:
    for row in strange.rows:
        strange[f"F{row}"] = strange.lines[row - FIRST][4] = 0.1449
        strange.formats[f"F{row}"] = "0.0"


def ratio_shown_whole(strange: Stranger) -> None:
    strange.formats["C25"] = "0"


def start_of_year(strange: Stranger) -> None:
    down("N", "=K{r}+L{r}/(1+$C$3)+M{r}/(1+$C$3)^2")(strange)


def deductions_added(strange: Stranger) -> None:
    down("J", "=C{r}*D{r}*(1-F{r}-G{r})")(strange)


def attribution_claimed(strange: Stranger) -> None:
    for row in strange.rows:
        strange[f"G{row}"] = strange.lines[row - FIRST][5] = 0.8
    down("J", "=C{r}*D{r}*(1-F{r})*G{r}")(strange)


def net_for_gross(strange: Stranger) -> None:
    strange["C25"] = "=C24/C22"


def rounded_on_the_way(strange: Stranger) -> None:
    down("N", "=ROUND(K{r}/(1+$C$3)^1+L{r}/(1+$C$3)^2+M{r}/(1+$C$3)^3,-1)")(strange)


def digits_swapped(strange: Stranger) -> None:
    strange["C23"] = 28947.24


PLANTED: list[tuple[Callable[[Stranger], None], str, str, str]] = [
    # sums
    (
        put(N14="=SUM(N7:N11)"),
        "sum_misses_rows",
        "N14",
        "the sum adds 5 lines of outcomes and leaves out the last line, N12 (Help less); it holds 30,569.34, with it 29,847.24",
    ),
    (
        put(N14="=SUM(N8:N12)"),
        "sum_misses_rows",
        "N14",
        "the sum adds 5 lines of outcomes and leaves out the first line, N7 (Feel calmer); it holds 19,674.52, with it 29,847.24",
    ),
    (
        put(N14="=SUM(N7:N9)+SUM(N11:N12)"),
        "sum_misses_rows",
        "N14",
        "the sum adds 5 lines of outcomes and leaves out N10 (Worry less); it holds 26,672.50, with it 29,847.24",
    ),
    (
        put(N14="=N7+N8+N9+N10+N12"),
        "sum_misses_rows",
        "N14",
        "the sum adds 5 lines of outcomes and leaves out N11 (Spend more time together); it holds 28,083.63, with it 29,847.24",
    ),
    (
        put(C22="=SUM(C19:C20)"),
        "sum_misses_rows",
        "C22",
        "the sum adds 2 lines of inputs and leaves out the last line, C21 (Room); it holds 8,500.00, with it 9,000.00",
    ),
    (
        put(O6="Sum", **{f"O{r}": f"=SUM(K{r}:L{r})" for r in range(7, 13)}),
        "sum_misses_rows",
        "O7",
        "the sum adds K7:L7 and stops before M7, 2,632.50, a cell made like those it adds; so do 5 more formulas of this column",
    ),
    (
        put(N6=2024, N14="=SUM(N6:N12)"),
        "sum_takes_in_more",
        "N14",
        "the sum takes in N6, the 2,024.00 of a heading above the outcomes",
    ),
    (
        put(B13="VAT", N13=100, N14="=SUM(N7:N13)"),
        "sum_takes_in_more",
        "N14",
        "the sum takes in N13, 100.00 (VAT), which is no line of outcomes",
    ),
    (
        put(N14="=SUM(N7:N12)+SUM(N10:N12)"),
        "counted_twice",
        "N14",
        "the sum counts more than once: N10, N11 and N12; it holds 34,063.51, with each counted once 29,847.24",
    ),
    (
        put(B13="Subtotal", N13="=SUM(N7:N12)", N14="=SUM(N7:N13)"),
        "counted_twice",
        "N14",
        "the sum counts more than once (through N13): N7, N8, N9 and 3 more; it holds 59,694.49, with each counted once 29,847.24",
    ),
    # columns
    (
        put(J9=9000),
        "typed_over_formula",
        "J9",
        "Find work: 'Impact' is typed as 9,000.00, where the other lines have a formula; it gives 3,822.00",
    ),
    (
        put(J9=3822),
        "typed_over_formula",
        "J9",
        "Find work: 'Impact' is typed as 3,822.00, where the other lines have a formula; the formula gives the same today",
    ),
    (
        down("J", "=C{r}*D{r}*(1-F{r})", range(10, 13)),
        "formula_changes",
        "J10",
        "Worry less: the formula of 'Impact' changes here for 3 lines, down to row 12: =C10*D10*(1-F10), where J7 has =C7*D7*(1-F7)*(1-G7); it gives 1,711.05, the usual formula 1,539.94",
    ),
    (
        down("N", "=K{r}/1.05+L{r}/1.05^2+M{r}/1.05^3"),
        "rate_in_formula",
        "N7",
        "a discount rate of 5 % stands within the formula =K7/1.05+L7/1.05^2+M7/1.05^3 and 5 more formulas; Map!C3 states 3.5 %",
    ),
    (
        down("N", "=NPV(3.5%,K{r}:M{r})"),
        "rate_in_formula",
        "N7",
        "a discount rate of 3.5 % stands within the formula =NPV(3.5%,K7:M7) and 5 more formulas; Map!C3 holds the same rate, and changing it would change nothing here",
    ),
    (
        put(J9="=C9*D9*(1-F9)*(1-G9)*0.965"),
        "factor_in_formula",
        "J9",
        "Find work: the formula of 'Impact' holds the factor 0.965, which takes 3.5 % off: =C9*D9*(1-F9)*(1-G9)*0.965",
    ),
    (
        down("N", "=K{r}/(1+C{u})^1+L{r}/(1+$C$3)^2+M{r}/(1+$C$3)^3"),
        "reference_slides",
        "N8",
        "Feel healthier: the formula of 'Present value' refers to C4, an empty cell; that of N7 refers to C3, and slid down as it was copied",
    ),
    # cells
    (
        deleted_cell,
        "error_value",
        "J9",
        "Find work, 'Impact': the cell holds #REF!, a reference to a cell that was deleted in =C9*D9*(1-F9)*(1-#REF!); 11 more cells show an error because of it",
    ),
    (
        division_by_nothing,
        "error_value",
        "J9",
        "Find work, 'Impact': the cell holds #DIV/0!, a division by nothing in =C9*D9/Z9; 11 more cells show an error because of it",
    ),
    (
        unknown_name,
        "error_value",
        "J9",
        "Find work, 'Impact': the cell holds #NAME?, a name or function that is not known in =C9*D9*(1-F9)*(1-G9)*UPLIFT; 11 more cells show an error because of it",
    ),
    (
        put(C19="6,000"),
        "number_as_text",
        "C19",
        "Grant: '6,000' is stored as a text, not as a number; the sum in C22 leaves it out",
    ),
    (
        put(N9="1,234.5"),
        "number_as_text",
        "N9",
        "Find work, 'Present value': '1,234.5' is stored as a text, not as a number; the sum in N14 leaves it out",
    ),
    (put(G9="35%"), "number_as_text", "G9", "Find work, 'Attribution': '35%' is stored as a text, not as a number"),
    (
        another_workbook,
        "external_link",
        "D9",
        "the formula takes a value from outside this workbook ([prices.xlsx]Sheet1); it holds 1,200.00, as it was when last saved",
    ),
    (
        out_of_date,
        "stale_value",
        "J9",
        "Find work, 'Impact': the cell shows 3,500.00, but =C9*D9*(1-F9)*(1-G9) gives 3,822.00 from the cells it refers to",
    ),
    (
        never_calculated,
        "never_calculated",
        "J7",
        "the 38 formulas of this workbook have no values stored with them: it was written by a program and never calculated",
    ),
    # hidden
    (
        hidden_row,
        "hidden_counts",
        "C9",
        "row 9 is hidden and counts: 'Find work', 8,753.28 of a present value of 29,847.24",
    ),
    (hidden_column, "hidden_counts", "G7", "column G, 'Attribution', is hidden and counts"),
    (
        hidden_sheet,
        "hidden_counts",
        "Rates!B1",
        "the sheet 'Rates' is hidden, and Map!C3 reckons with its cell B1 (0.035)",
    ),
    (hidden_number, "hidden_counts", "C16", "row 16 is hidden, and N7 reckons with C16 (0.035)"),
    # words and formats
    (
        put(D6="Proxy (2009 prices)"),
        "prices_of_other_year",
        "D6",
        "the heading 'Proxy (2009 prices)' speaks of 2009 prices, the map of 2024 prices",
    ),
    (
        put(E9="DWP, 2012/13 prices"),
        "prices_of_other_year",
        "E9",
        "Find work: 'DWP, 2012/13 prices' speaks of 2012/13 prices, the map of 2024 prices",
    ),
    (
        put(E9="PSSRU Unit Costs 2012"),
        "old_source",
        "D9",
        "the sources of 'Find work' (2012) are 5 years or more older than the map's prices (2024), and nothing says that their prices were brought up",
    ),
    (
        shown_too_coarsely,
        "shown_rounded",
        "F7",
        "with the numbers as the cells show them the ratio is 3.76, as they hold them 3.57; the furthest off is Feel calmer, 'Deadweight', shown as 0.1, held as 0.1449",
    ),
    (ratio_shown_whole, "shown_rounded", "C25", "the SROI ratio is shown as 3 and held as 3.3164"),
    # totals
    (
        start_of_year,
        "total_by_other_convention",
        "C23",
        "the file gives 30,891.90 as total present value; recomputed from its lines it is 29,847.24; it comes out with values discounted from the start of each year (of 160 different ways tried, it alone fits)",
    ),
    (
        deductions_added,
        "total_by_other_convention",
        "C23",
        "the file gives 27,210.89 as total present value; recomputed from its lines it is 29,847.24; it comes out if deductions are added (of 160 different ways tried, it alone fits)",
    ),
    (
        attribution_claimed,
        "total_by_other_convention",
        "C23",
        "the file gives 30,913.90 as total present value; recomputed from its lines it is 7,728.48; it comes out if attribution is the share claimed (of 160 different ways tried, it alone fits)",
    ),
    (
        net_for_gross,
        "total_by_other_convention",
        "C25",
        "the file gives 2.3164 as SROI ratio; recomputed from its lines it is 3.3164; it comes out if the printed ratio is the net ratio (of 160 different ways tried, it alone fits)",
    ),
    (
        put(N14="=SUM(N7:N11)"),
        "total_not_reproduced",
        "C23",
        "the file gives 30,569.34 as total present value; recomputed from its lines it is 29,847.24; it comes out if 'Help less' is left out (of 17 single slips tried, it alone fits)",
    ),
    (
        put(N14="=SUM(N7:N12)+N9"),
        "total_not_reproduced",
        "C23",
        "the file gives 38,600.52 as total present value; recomputed from its lines it is 29,847.24; it comes out if 'Find work' is counted twice (of 17 single slips tried, it alone fits)",
    ),
    (
        put(C22="=SUM(C19:C21)+C19"),
        "total_not_reproduced",
        "C25",
        "the file gives 1.9898 as SROI ratio; recomputed from its lines it is 3.3164; it follows from the total inputs in sheet Map, cell C22",
    ),
    (
        put(N14="=SUM(N7:N11)-N12"),
        "total_not_reproduced",
        "C23",
        "the file gives 31,291.44 as total present value; recomputed from its lines it is 29,847.24; it comes out if the loss 'Help less' is added instead of taken off (of 17 single slips tried, it alone fits)",
    ),
    (
        put(J9=9000),
        "total_not_reproduced",
        "C23",
        "the file gives 41,706.08 as total present value; recomputed from its lines it is 29,847.24; it rests on J9, of which a finding of its own tells",
    ),
    (
        put(J9=9000),
        "line_not_reproduced",
        "J9",
        "Find work: the file gives 9,000.00 as its impact of a year; recomputed from its own numbers it is 3,822.00",
    ),
    (
        digits_swapped,
        "total_not_reproduced",
        "C23",
        "the file gives 28,947.24 as total present value; recomputed from its lines it is 29,847.24; it comes out if two digits of it are swapped (29,847.24) (of 22 single slips tried, it alone fits)",
    ),
    (
        rounded_on_the_way,
        "total_rounded",
        "C23",
        "the file gives 29,830.00 as total present value; recomputed from its lines it is 29,847.24; the difference is as small as rounding on the way makes it",
    ),
    (
        put(C25=3.32),
        "total_typed",
        "C25",
        "the SROI ratio is typed as 3.32: it agrees today, and will not follow when a line changes",
    ),
]


@pytest.mark.parametrize(
    ("plant", "kind", "cell", "words"), PLANTED, ids=[f"{each[1]}-{place}" for place, each in enumerate(PLANTED)]
)
def test_a_planted_slip_is_found_and_said(
    plant: Callable[[Stranger], None], kind: str, cell: str, words: str, tmp_path: Path
) -> None:
    strange = Stranger()
    plant(strange)
    sheet, _, at = cell.rpartition("!")
    found = {(each.kind, each.cell): each for each in strange.faults(tmp_path)}
    finding = found[kind, f"sheet {sheet or 'Map'}, cell {at}"]
    assert finding.what.replace("\u00a0", " ") == words
    assert finding.where == f"{sheet or 'Map'}!{at}"
    assert finding.remedy.endswith(".")
    assert finding.principle in (5, 6, 7)

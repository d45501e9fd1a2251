"""A workbook in a stranger's layout, written to a real file with the values its formulas come to, for tests to spoil."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import xlsxwriter

from sroi import ImpactMap
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
            "sroi": 1, "title": "Strange", "analysis": "forecast", "currency": "GBP", "price_year": 2024,
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

"""Clean workbooks without end give no finding: layouts, durations, subtotals and ways of discounting drawn at random."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from strangers import FIELDS, Stranger

from sroi import ImpactMap
from sroi.files.foreign import Printed, Reading
from sroi.files.sheets import Book, column_letters
from sroi.workbook_faults import workbook_faults

HEADS = ("Who", "Outcome", "Quantity", "Proxy", "Source", "Deadweight", "Attribution", "Drop-off", "Duration", "Impact")
SHARES = (0, 0, 0.1, 0.25, 0.333, 0.5, 1 / 3)


class Drawn:
    """One workbook of one sheet, its lines as they were drawn, and where its totals stand."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.cells: dict[str, Any] = {"B3": "Discount rate", "C3": 0.035}
        self.years = rng.randint(1, 6)
        self.worth = column_letters(11 + self.years)
        self.blanks, self.discounting = rng.choice(["if", "blank", "zero"]), rng.choice(["power", "npv", "sum"])
        self.rows: list[int] = []
        self.lines: list[dict[str, Any]] = []
        for column, heading in enumerate([*HEADS, *(f"Year {year}" for year in range(1, self.years + 1)), "PV"], 1):
            self.cells[f"{column_letters(column)}6"] = heading
        self.row = 7
        self._body(rng.random() < 0.5)
        self._inputs()

    def _body(self, grouped: bool) -> None:
        groups = sorted(self.rng.randint(1, 3) for _ in range(self.rng.randint(2, 25)))
        subtotals, start = [], 7
        for place, group in enumerate(groups):
            self._line(place, group)
            if grouped and (place + 1 == len(groups) or groups[place + 1] != group):
                self.cells[f"B{self.row}"] = "Subtotal"
                self.cells[f"{self.worth}{self.row}"] = f"=SUM({self.worth}{start}:{self.worth}{self.row - 1})"
                subtotals.append(f"{self.worth}{self.row}")
                self.row += self.rng.choice([1, 2])
                start = self.row
        self.row += self.rng.choice([0, 1])
        self.total, first, last = self.row, self.rows[0], self.rows[-1]
        self.cells[f"B{self.row}"] = "Total"
        for column in [3, *range(10, 12 + self.years)] if not grouped else []:
            letters = column_letters(column)
            self.cells[f"{letters}{self.row}"] = f"=SUM({letters}{first}:{letters}{last})"
        if grouped:
            self.cells[f"{self.worth}{self.row}"] = f"={'+'.join(subtotals)}"
        self.row += 2

    def _line(self, place: int, group: int) -> None:
        rng, row = self.rng, self.row
        proxy = rng.choice([float(rng.randint(5, 5000)), round(rng.uniform(1, 900), 2), -float(rng.randint(1, 50))])
        shares = {name: rng.choice(SHARES) for name in ("deadweight", "attribution", "drop_off")}
        line = {"quantity": rng.randint(1, 300), "proxy": proxy, **shares, "duration": rng.randint(1, self.years)}
        self.cells |= {f"A{row}": f"Group {group}", f"B{row}": f"Outcome {place}", f"E{row}": "own study"}
        self.cells |= {f"{column_letters(FIELDS[name])}{row}": value for name, value in line.items()}
        self.cells |= {f"J{row}": f"=C{row}*D{row}*(1-F{row})*(1-G{row})", f"K{row}": f"=J{row}"}
        letters = [column_letters(10 + year) for year in range(1, self.years + 1)]
        for year, (before, letter) in enumerate(pairwise(letters), 2):
            if self.blanks == "if":
                self.cells[f"{letter}{row}"] = f"=IF($I{row}>={year},{before}{row}*(1-$H{row}),0)"
            elif year <= line["duration"]:
                self.cells[f"{letter}{row}"] = f"={before}{row}*(1-$H{row})"
            elif self.blanks == "zero":
                self.cells[f"{letter}{row}"] = 0
        parts = [f"{letter}{row}/(1+$C$3)^{year}" for year, letter in enumerate(letters, 1)]
        self.cells[f"{self.worth}{row}"] = {
            "npv": f"=NPV($C$3,{letters[0]}{row}:{letters[-1]}{row})",
            "power": f"={'+'.join(parts)}",
            "sum": f"=SUM({','.join(parts)})",
        }[self.discounting]
        self.rows.append(row)
        self.lines.append({"id": f"outcome_{place}", "stakeholder": f"group_{group}", "displacement": 0, **line})
        self.row += 1

    def _inputs(self) -> None:
        row = self.row
        self.cells |= {f"B{row}": "Money", f"C{row}": 5000, f"B{row + 1}": "Time", f"C{row + 1}": 700}
        self.cells |= {f"B{row + 2}": "Total inputs", f"C{row + 2}": f"=SUM(C{row}:C{row + 1})"}
        self.cells |= {f"B{row + 3}": "Ratio", f"C{row + 3}": f"={self.worth}{self.total}/C{row + 2}"}

    def reading(self, book: Book) -> Reading:
        sheet = book.sheets[0]
        places: dict[tuple[str | int, ...], str] = {
            ("outcomes", place, name): sheet.place(row, column)
            for place, row in enumerate(self.rows)
            for name, column in FIELDS.items()
        }
        places |= {("inputs", place, "value"): sheet.place(self.row + place, 3) for place in (0, 1)}
        totals = {"total_inputs": (self.row + 2, 3), "sroi_ratio": (self.row + 3, 3)}
        totals["total_present_value"] = (self.total, 11 + self.years)
        printed = [
            Printed(name, float(sheet.cells[at].value or 0), sheet.place(*at), sheet.cells[at].formula)  # type: ignore[arg-type]
            for name, at in totals.items()
        ]
        return Reading({}, places, (), tuple(printed), {}, tuple(self.rows), "Map", dict(FIELDS))

    def map(self) -> ImpactMap:
        people = sorted({line["stakeholder"] for line in self.lines})
        values = {"money": 5000, "time": 700}
        return ImpactMap.model_validate({
            "sroi": 1, "title": "Clean", "analysis": "forecast", "currency": "GBP", "price_year": 2024,
            "stakeholders": [{"id": who} for who in [*people, "funder"]],
            "inputs": [
                {"id": name, "stakeholder": "funder", "kind": "money", "value": value} for name, value in values.items()
            ],
            "outcomes": self.lines,
        })  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_a_clean_workbook_drawn_at_random_gives_no_finding(seed: int, tmp_path: Path) -> None:
    drawn = Drawn(random.Random(seed))
    strange = Stranger()
    strange.cells = {"Map": drawn.cells}
    book = strange.book(tmp_path)
    found = workbook_faults(book, drawn.reading(book), drawn.map())
    assert [(each.kind, each.cell, each.what) for each in found] == []


# What else honest workbooks hold, beside the table that is reckoned: other versions of its numbers, and counts.
HONEST = [
    ("Sensitivity", "What we tried", "Deadweight (low)", "Deadweight (high)", "Duration if longer", "Attribution tested at"),
    ("Figures", "For the board", "Deadweight (low)", "Deadweight, high", "Duration if longer", "Attribution tested at"),
    ("Sensitivity", "", "Deadweight", "Attribution", "Drop-off", "Duration"),
    ("Low_case", "", "Deadweight", "Attribution", "Drop-off", "Duration"),
    ("Notes", "What if less is owed to others", "Deadweight", "Attribution", "Drop-off", "Duration"),
    ("Survey", "Replies", "Asked about deadweight (people)", "Said deadweight", "Number asked", "Duration of the talk"),
    ("Board", "Summary", "Asked about deadweight (people)", "Deadweight: number", "Attribution to us", "Duration of the talk"),
    ("Board", "Last year's figures", "Deadweight", "Attribution", "Drop-off", "Duration"),
    ("Map 2022-23", "", "Deadweight", "Attribution", "Drop-off", "Duration"),
    ("Previous map", "", "Deadweight", "Attribution", "Drop-off", "Duration"),
]  # fmt: skip


def beside(drawn: Drawn, title: str, heads: tuple[str, ...], over: str = "") -> dict[str, Any]:
    """Return a second table of the same outcomes, each of whose numbers is another than in the first."""
    cells: dict[str, Any] = {"A1": title, "B4": over, "A5": "Outcome"} | dict(
        zip(("B5", "C5", "D5", "E5"), heads, strict=True)
    )
    for row, line in enumerate(drawn.lines, 6):
        cells[f"A{row}"] = line["id"]  # which the map calls it by
        cells |= {f"{letter}{row}": 0.77 for letter in "BCD"} | {f"E{row}": line["duration"] + 3}
    return {address: value for address, value in cells.items() if value != ""}


def disagreeing(drawn: Drawn, folder: Path, name: str, cells: dict[str, Any]) -> int:
    strange = Stranger()
    strange.cells = {"Map": drawn.cells, name: cells}
    book = strange.book(folder)
    found = workbook_faults(book, drawn.reading(book), drawn.map())
    assert {each.kind for each in found} <= {"tables_disagree"}
    return len(found)


@pytest.mark.parametrize(("name", "title", "heads"), [(case[0], case[1], case[2:]) for case in HONEST])
def test_other_versions_of_the_numbers_and_counts_beside_the_map_are_no_disagreement(
    name: str, title: str, heads: tuple[str, ...], tmp_path: Path
) -> None:
    drawn = Drawn(random.Random(name + title))
    assert disagreeing(drawn, tmp_path, name, beside(drawn, title, heads)) == 0


def test_a_version_that_is_named_over_the_columns_or_in_the_row_is_no_disagreement(tmp_path: Path) -> None:
    drawn, plain = Drawn(random.Random(7)), ("Deadweight", "Attribution", "Drop-off", "Duration")
    assert disagreeing(drawn, tmp_path, "Board", beside(drawn, "Summary", plain, "Pessimistic")) == 0
    cells = beside(drawn, "Summary", plain) | {"F5": "Scenario"}
    assert disagreeing(drawn, tmp_path, "Board", cells | {f"F{row}": "B" for row in range(6, 40)}) == 0


@pytest.mark.parametrize(
    ("title", "heads"),
    [
        ("Summary for the board", ("Deadweight", "Attribution", "Drop-off", "Duration")),
        ("Older people on low incomes", ("Deadweight (%)", "Attribution (owed to others)", "Drop-off", "Duration (years)")),
        ("High Street project, 2024", ("% Deadweight", "Attribution to others, %", "Drop off (% a year)", "Duration in years")),
    ],
)  # fmt: skip
def test_the_same_table_under_the_names_alone_disagrees_in_each_number(
    title: str, heads: tuple[str, ...], tmp_path: Path
) -> None:
    drawn = next(each for each in (Drawn(random.Random(seed)) for seed in range(60)) if len(each.lines) <= 6)
    assert disagreeing(drawn, tmp_path, "Board", beside(drawn, title, heads)) == 4 * len(drawn.lines)

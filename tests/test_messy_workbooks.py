"""Messy workbooks: each gives the map it must give, with every guess and repair said, or ends in the message it must end in.

Most say in another way what the standard table says, so the same outcomes and the same ratio must come out. Guesses,
repairs and refusals are compared word for word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from messy_workbooks import (
    HEADINGS,
    INPUTS,
    ROWS,
    SHARES,
    Grid,
    Is,
    per_cent,
    write,
)

from sroi.files.foreign import Reading

TITLE = "Title read as 'A youth club' (sheet Map, cell A1)"
ONE_SUM = "The inputs are one sum, 10000 ('Total investment'): the file does not say who put in what"
POUNDS = "Currency read as GBP, from the sign in the file"
FORECAST = (
    "The file does not say whether it is a forecast or an evaluation: read as a forecast, the weaker claim; "
    "otherwise --analysis evaluative"
)
RATE = "The file names no discount rate: 3.5 % a year was taken"
TIMING = "The file does not say when in a year its values fall: the first year is discounted once (end of year)"
# What is said of every standard workbook; a case lists what is said besides.
COMMON = (TITLE, ONE_SUM, POUNDS, FORECAST, RATE, TIMING)


def rows_of(reading: Reading) -> list[tuple[Any, ...]]:
    """Return the outcomes of a reading in the order of the standard rows: who, what, how many, .., drop-off."""
    names = {each["id"]: each["name"] for each in reading.tree["stakeholders"]}
    return [
        (
            names[each["stakeholder"]], each["description"], each.get("quantity"), each.get("duration"),
            each.get("proxy", {}).get("value"), *(_plain(each.get(key)) for key in
            ("deadweight", "displacement", "attribution", "drop_off")),
        )
        for each in reading.tree["outcomes"]
    ]  # fmt: skip


def _plain(share: Any) -> Any:
    share = share["value"] if isinstance(share, dict) else share
    return None if share is None else round(share, 12)


def expected_rows(rows: Any = ROWS) -> list[tuple[Any, ...]]:
    """Return what `rows_of` gives for the standard rows."""
    who, out = None, []
    for row in rows:
        who = row[0] or who
        out.append((who, row[1], row[3], row[4], row[6], *row[7:11]))
    return out


def ratio_by_hand(rows: list[tuple[Any, ...]], inputs: float, rate: float = 0.035) -> float:
    """Return the ratio of some outcomes, worked out year by year, apart from the engine."""
    total = 0.0
    for _, _, quantity, duration, value, deadweight, displacement, attribution, drop_off in rows:
        if quantity is None or value is None:
            continue
        kept = (1 - (deadweight or 0)) * (1 - (displacement or 0)) * (1 - (attribution or 0))
        for year in range(int(duration if duration is not None else 1)):
            total += quantity * value * kept * (1 - (drop_off or 0)) ** year / (1 + rate) ** (year + 1)
    return total / inputs


@dataclass
class Case:
    """A messy workbook: how it is made, how it is read, and what must come of it."""

    name: str
    make: Callable[[Path], Path]
    options: dict[str, Any] = field(default_factory=dict)
    rows: Any = ROWS
    inputs: float = INPUTS
    rate: float = 0.035
    said: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    tree: dict[str, Any] = field(default_factory=dict)


def of(*grids: Grid, suffix: str = ".xlsx", library: str = "xlsxwriter") -> Callable[[Path], Path]:
    return lambda folder: write(folder / f"club{suffix}", *grids, library=library)


def headed(**changes: str) -> tuple[str, ...]:
    """Return the standard headings with some changed; keys are the first word of a heading in small letters."""
    return tuple(changes.pop(heading.split()[0].lower().replace("-", "_"), heading) for heading in HEADINGS)


def bare(rows: Any = ROWS, times: float = 1) -> list[list[Any]]:
    """Return the standard rows with plain numbers for shares, times 100 if they are to be per cents."""
    return [
        [round(cell * times, 10) if place in SHARES and cell is not None else cell for place, cell in enumerate(row)]
        for row in rows
    ]


def classic(labels: bool = True) -> Grid:
    """Return the classic layout: stages in merged headings, questions below, inputs beside, years and totals after."""
    grid = Grid("Value Map")
    grid.put(1, 1, "Organisation", "The Sunrise Club").put(1, 6, "Forecast or evaluation?", "Evaluation")
    grid.put(2, 1, "Project name", "Sunrise").put(2, 6, "Price year", "2023/24")
    for left, right, text in (
        (1, 2, "Stage 1"),
        (3, 6, "Stage 2"),
        (7, 13, "Stage 3"),
        (14, 18, "Stage 4"),
        (19, 22, "Stage 5"),
    ):
        grid.merge(4, left, right, text)
    grid.merge(5, 3, 4, "Inputs").put(5, 5, "Outputs").merge(5, 6, 13, "The outcomes (what changes)")
    grid.put(5, 1, "Stakeholders", "Intended or unintended changes").put(
        5, 14, "Deadweight %", "Displacement %", "Attribution %", "Drop off %", "Impact"
    )
    grid.merge(5, 19, 22, "Calculating social return")
    grid.put(4, 23, "Discount rate", per_cent(0.05))
    grid.put(6, 1, "Who changes, who do we change?", "What do we think changes?", "Description", "Value £", "Summary in numbers", "Description",
             "Indicator", "Quantity", "Duration", "Outcomes start", "Financial proxy", "Value £", "Source",
             "What would have happened without us?", "What did we displace?", "Who else contributed to the change?",
             "Does it drop off in later years?", "Quantity times proxy, less deadweight, displacement and attribution",
             "Year 1", "Year 2", "Year 3", "Year 4")  # fmt: skip
    grid.merged.append((7, 1, 8, 1))
    grid.put(7, 1, "Young people", "More able", "Their time", Is(0, "£#,##0"), "30 sessions", "More confident", "Own rating", 40, 2, 1, "A course", Is(250, "£#,##0.00"), "Price list",
             per_cent(0.25), per_cent(0.1), per_cent(0.2), per_cent(0.3), Is(5400, "£#,##0", "=H7*L7*(1-N7)*(1-O7)*(1-P7)"))  # fmt: skip
    grid.put(8, 6, "In work", "Payslips", 12, 3, 2, "Net gain in wages", Is(1850.5, "£#,##0.00"), "Survey",
             per_cent(0.3), per_cent(0.0), per_cent(0.4), per_cent(0.1), Is(9326.52, "£#,##0", "=H8*L8*(1-N8)*(1-O8)*(1-P8)"))  # fmt: skip
    grid.put(9, 1, "Parents", None, "Volunteer hours", Is(2000, "£#,##0"), None, "Less worry", "Survey", 30, 1, 1, "Counselling", Is(120, "£#,##0.00"), "Web",
             per_cent(0.1), per_cent(0.05), per_cent(0.15), per_cent(0.0), Is(2616.3, "£#,##0", "=H9*L9*(1-N9)*(1-O9)*(1-P9)"))  # fmt: skip
    grid.put(10, 1, "The council", None, "Grant", Is(8000, "£#,##0"), "12 reports")
    grid.put(11, 1, "Total", None, None, Is(10000, "£#,##0", "=SUM(D7:D10)")).put(
        11, 18, Is(17342.82, "£#,##0", "=SUM(R7:R9)")
    )
    grid.put(13, 17, "Total present value (PV)", Is(30000.0, "£#,##0"))
    grid.put(14, 17, "Net present value (PV minus the investment)", Is(20000.0, "£#,##0"))
    return grid.put(15, 17, "Social return £ per £", Is(3.0, "0.00"))


CLASSIC_SAID = ("Columns not read: B 'Intended or unintended changes What do we think changes?'",)

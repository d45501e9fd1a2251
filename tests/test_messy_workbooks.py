"""Messy workbooks: each gives the map it must give, with every guess and repair said, or ends in the message it must end in.

Most say in another way what the standard table says, so the same outcomes and the same ratio must come out. Guesses,
repairs and refusals are compared word for word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from messy_workbooks import (
    HEADINGS,
    INPUTS,
    ROWS,
    SHARES,
    Grid,
    Is,
    as_csv,
    formatted,
    per_cent,
    standard,
    with_cells,
    write,
)

import sroi
from sroi.errors import FileRefused, SroiError
from sroi.files.foreign import Reading, foreign_map, read_foreign
from sroi.files.mapping import load_mapping, save_mapping
from sroi.files.options import ReadingOptions
from sroi.files.sheets import open_book

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


@dataclass(frozen=True)
class Gives:
    """A messy workbook that gives a map: how it is made and read, and what it says besides, or leaves unsaid."""

    name: str
    make: Callable[[Path], Path]
    said: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    rows: Any = ROWS
    inputs: float = INPUTS
    options: dict[str, Any] = field(default_factory=dict)
    tree: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ends:
    """A messy workbook that ends in a message."""

    name: str
    make: Callable[[Path], Path]
    message: str
    options: dict[str, Any] = field(default_factory=dict)


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


def csv_file(text: str, encoding: str = "utf-8") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / "club.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return make


def with_impact(attribution: str, owed: bool) -> Grid:
    """Return the standard table with the file's own impact, attribution taken one way or the other."""
    rows = []
    for row, (_, _, _, quantity, _, _, value, deadweight, displacement, share, _) in zip(
        formatted(), ROWS, strict=True
    ):
        kept = 1 - share if owed else share
        rows.append([*row, Is(quantity * value * (1 - deadweight) * (1 - displacement) * kept, None, "=D4*G4")])
    return standard(headings=(*headed(attribution=attribution), "Impact"), rows=rows)


def two_rows_of_headings() -> Grid:
    grid = standard(headings=(), top=4)
    grid.put(
        3,
        1,
        "Stake-",
        "Outcome",
        "Indicator",
        "Number of",
        "Duration",
        "Financial",
        "Value of",
        "Dead-",
        "Displace-",
        "Share due",
        "Drop",
    )
    return grid.put(
        4,
        1,
        "holder",
        "described",
        None,
        "people",
        "(years)",
        "proxy",
        "one unit (£)",
        "weight",
        "ment",
        "to others",
        "off",
    )


def beside(*inputs: tuple[Any, Any], names: tuple[str, ...] = ("Young people", None, "Parents")) -> Grid:  # type: ignore[assignment]
    """Return the standard table with inputs in two columns beside the stakeholders."""
    rows = [[name, *put, *row[1:]] for name, put, row in zip(names, inputs, formatted(), strict=True)]
    return standard(headings=("Stakeholder", "Input", "Value of input", *HEADINGS[1:]), rows=rows, inputs=None)


def hidden(grid: Grid, rows: tuple[int, ...] = (), columns: tuple[int, ...] = (), sheet: bool = False) -> Grid:
    grid.hidden_rows, grid.hidden_columns, grid.hidden = set(rows), set(columns), sheet
    return grid


def tables_apart() -> Grid:
    """Return one table for each stakeholder, its name above each table's headings."""
    rows = [row[1:] for row in formatted()]
    grid = Grid().put(1, 1, "A youth club").put(3, 1, "Young people").put(4, 1, *HEADINGS[1:])
    grid.put(5, 1, *rows[0]).put(6, 1, *rows[1]).put(8, 1, "Parents").put(9, 1, *HEADINGS[1:]).put(10, 1, *rows[2])
    return grid.put(15, 1, "Total investment", Is(INPUTS, "£#,##0"))


def with_units() -> Grid:
    """Return abbreviated headings over a row of units."""
    heads = ("Stakeholder", "Outcome", "Indicator", "Qty", "Duration", "Proxy", "Value", "DW", "DISP", "ATT", "DO")
    grid = standard(headings=(), top=4).put(3, 1, *heads)
    return grid.put(4, 1, "(who?)", "(what?)", "(how?)", "(number)", "(years)", "(what?)", "(£)", *["(%)"] * 4)


def grouped() -> Grid:
    """Return group headings over the headings, and a merged title over them."""
    grid = standard(top=5).merge(3, 1, 11, "Impact map").merge(4, 1, 3, "Who and what")
    return grid.merge(4, 4, 7, "How much and value").merge(4, 8, 11, "Deductions")


R = formatted()
SPLIT = HEADINGS[1:]
TITLED = "Title read as 'A youth club' (sheet club, cell A1)"
SUM_TEXT = "Value of the input of row 9 read as 10000: the cell holds the text '£10,000' (sheet club, cell B9)"
ONE_WHO = tuple(("Beneficiaries", *row[1:]) for row in ROWS)
CLAIMED = with_cells({(0, 9): per_cent(0.8), (1, 9): per_cent(0.6), (2, 9): per_cent(0.85)})
UNCLEAR = "does not say whether it is the share owed to others or the share claimed"
ASK = "Say --attribution owed or --attribution claimed."
PLAIN = "Attribution in column J read as the share owed to others, as SVI has it"
OTHERWISE = "if it is the share you claim: --attribution claimed (sheet Map, cell J3)"
NO_WORDS = "Give a plain number, and put words beside it in a cell of their own."
NO_TABLE = (
    "A table of outcomes has a row of headings, among them the outcome, a quantity, a value and the deductions; "
    "`sroi new` writes a workbook that has them."
)
PER_CENTS = tuple(
    f"{name} in column {column} read in per cent: {value} in {column}4 is {value} % (sheet Map, cell {column}4)"
    for name, column, value in (
        ("Deadweight", "H", 25),
        ("Displacement", "I", 10),
        ("Attribution", "J", 20),
        ("Drop-off", "K", 30),
    )
)
SYNONYMS = (
    "Who changes?", "What changes", "How we know", "No. of\npeople", "Benefit period", "Proxy", "Unit value £",
    "What would have happened anyway", "Displ.", "Who else contributed", "Decay",
)  # fmt: skip
WRAPPED = (
    "Stake-\nholder", "Out-\ncome", "Indicator", "Quan-\ntity", "Duration\n(yrs)", "Financial\nproxy",
    "Value\nper unit\n(£)", "Dead-\nweight", "Displace-\nment", "Attribution\nto others", "Drop-\noff",
)  # fmt: skip
TERSE = (
    "Group",
    "Benefit",
    "Measure",
    "#",
    "Lasts (yrs)",
    "Basis of value",
    "£ per person",
    "DW",
    "Disp",
    "Due to others",
    "Drop off p.a.",
)
SHEET_MAP = "The map was read from the sheet 'Map'"

GIVES: tuple[Gives, ...] = (
    Gives("standard", of(standard())),
    Gives("by another library", of(standard(), library="openpyxl")),
    Gives("ods", of(standard(), suffix=".ods")),
    Gives("csv", of(standard(), suffix=".csv"), (SUM_TEXT, TITLED), (TITLE,)),
    Gives("csv with a byte order mark", csv_file(as_csv(standard()), "utf-8-sig"), (SUM_TEXT, TITLED), (TITLE,)),
    Gives("csv in utf-16, tabs", csv_file(as_csv(standard(), "\t"), "utf-16"), (SUM_TEXT, TITLED), (TITLE,)),
    Gives("csv in cp1252", csv_file(as_csv(standard()), "cp1252"), ("The file is not stored as UTF-8; it was read as Windows-1252 (Western Europe)", SUM_TEXT, TITLED), (TITLE,)),
    Gives("csv with semicolons and decimal commas", csv_file(as_csv(standard(), ";", ",")),
          (SUM_TEXT.replace("£10,000", "£10.000"), "Value of row 5 read as 1850.5: the cell holds the text '1850,5' (sheet club, cell G5)", TITLED), (TITLE,), options={"decimal": "comma"}),
    Gives("xlsm", of(standard(), suffix=".xlsm")),
    Gives("synonyms", of(standard(headings=SYNONYMS))),
    Gives("terse headings", of(standard(headings=TERSE))),
    Gives("wrapped headings", of(standard(headings=WRAPPED))),
    Gives("two rows of headings", of(two_rows_of_headings()), unsaid=()),
    Gives("notes above, moved to the right", of(standard(top=9, left=3).put(3, 3, "Please fill in the white cells only.")), ("Title read as 'A youth club' (sheet Map, cell C1)",), (TITLE,)),
    Gives("blank rows", of(standard(rows=[R[0], [None], R[1], [None], [None], [None], R[2]]))),
    Gives("blank columns", of(standard(headings=(HEADINGS[0], None, *HEADINGS[1:5], None, None, *HEADINGS[5:]), rows=[[r[0], None, *r[1:5], None, None, *r[5:]] for r in R]))),
    Gives("hidden row and column", of(hidden(standard(), rows=(5,), columns=(8,))), ("Row 5 is hidden, and was read: 'In work' (sheet Map, cell A5)",)),
    Gives("hidden row, ods", of(hidden(standard(), rows=(5,)), suffix=".ods"), ("Row 5 is hidden, and was read: 'In work' (sheet Map, cell A5)",)),
    Gives("total row", of(standard().put(7, 1, "Total", None, None, 82, None, None, 2220.5))),
    Gives("sums without a word", of(standard().put(7, 4, Is(82, None, "=SUM(D4:D6)"), None, None, Is(2220.5, None, "=SUM(G4:G6)"))), ("Row 7 holds figures but no words: taken for totals, not for an outcome (sheet Map, cell D7)",)),
    Gives("subtotals", of(standard(rows=[R[0], R[1], ["Sub-total", None, None, 52], R[2], ["Grand total", None, None, 82]]))),
    Gives("headings repeated", of(standard(rows=[R[0], R[1], HEADINGS, R[2]])), ("Row 6 repeats the headings: not read (sheet Map, cell A6)",)),
    Gives("several sheets", of(Grid("Guide").put(1, 1, "How to use this workbook"), standard(), Grid("Lists").put(1, 1, "GBP", "EUR")), (SHEET_MAP,)),
    Gives("two maps, one named", of(standard(), standard(name="Map 2023")), options={"sheet": "map"}),
    Gives("an old map hidden", of(standard(), hidden(standard(name="Old"), sheet=True)), (SHEET_MAP, "The hidden sheet 'Old' holds a table of outcomes too: not read")),
    Gives("the map itself hidden", of(Grid("Front").put(1, 1, "See the map"), hidden(standard(), sheet=True), suffix=".ods"), ("The sheet 'Map' is hidden, and was read",)),
    Gives("stakeholder in a row above", of(standard(rows=[["Young people"], [None, *R[0][1:]], [None, *R[1][1:]], ["Parents"], [None, *R[2][1:]]]))),
    Gives("stakeholders as sections", of(standard(headings=SPLIT, rows=[["Young people"], R[0][1:], R[1][1:], ["Parents"], R[2][1:]]))),
    Gives("a table for each stakeholder", of(tables_apart()), ("Row 9 repeats the headings: not read (sheet Map, cell A9)",)),
    Gives("abbreviations, a row of units", of(with_units()), ("Attribution in column J read as the share owed to others, as SVI has it; if it is the share you claim: --attribution claimed (sheet Map, cell J4)",)),
    Gives("group headings", of(grouped())),
    Gives("a summary beside", of(standard(), Grid("Sensitivity").put(1, 1, "Scenario", "Outcome", "Quantity", "Value", "Deadweight", "Ratio").put(2, 1, "Base", "all", 100, 1.5, 0.2, 3.2)), ("The sheet 'Sensitivity' holds a table with fewer columns: not read", SHEET_MAP)),
    Gives("another table below", of(standard().put(12, 1, "Assumption", "Text", "Owner").put(13, 1, "Children use it", "yes", "Ann")), ("Row 13 stands below the table, without a number: not read (sheet Map, cell A13)",)),
    Gives("attribution, plain, the ratio printed", of(standard(headings=headed(attribution="Attribution")).put(12, 1, "SROI ratio", Is(3.493449, "0.00"))), (f"{PLAIN}; the file's own ratio (3.493, sheet Map, cell B12) is reproduced only so; {OTHERWISE}",)),
    Gives("a total called otherwise", of(standard().put(7, 1, "All groups", "Everything", None, Is(82, None, "=SUM(D4:D6)"), None, None, 740.17))),
    Gives("a share of the people", of(standard(headings=(*HEADINGS, "% of people achieving"), rows=[[*r, per_cent(0.5)] for r in R])), ("Columns not read: L '% of people achieving'", "Column L '% of people achieving' may be a share of the quantity: if so, multiply the quantity by it in the file (sheet Map, cell L3)")),
    Gives("currency stated against the file", of(standard()), ("Currency taken as EUR, as --currency says, but the file shows GBP (sheet Map, cell G3)",), (POUNDS,), options={"currency": "EUR"}, tree={"currency": "EUR"}),
    Gives("no stakeholders", of(standard(headings=SPLIT, rows=[r[1:] for r in R])), ("The table names no stakeholders: all its outcomes are put under 'Beneficiaries' (sheet Map, cell A4)",), rows=ONE_WHO),
    Gives("25 in per cent format", of(standard(rows=with_cells({(0, 7): per_cent(25)}))), ("Deadweight of row 4 read as 25 %: the cell holds 25 with a percent sign in its format (sheet Map, cell H4)",)),
    Gives("per cents as plain numbers", of(standard(rows=bare(times=100))), PER_CENTS),
    Gives("shares as plain numbers", of(standard(rows=bare()))),
    Gives("numbers as text", of(standard(rows=with_cells({(0, 6): "£250", (1, 6): "£1,850.50", (2, 3): "30 ", (2, 7): "10 %", (0, 7): "２５％"}))), (
        "Deadweight of row 4 read as 25 %: the cell holds the text '２５％' (sheet Map, cell H4)",
        "Deadweight of row 6 read as 10 %: the cell holds the text '10 %' (sheet Map, cell H6)",
        "Value of row 4 read as 250: the cell holds the text '£250' (sheet Map, cell G4)",
        "Value of row 5 read as 1850.5: the cell holds the text '£1,850.50' (sheet Map, cell G5)",
        "Quantity of row 6 read as 30: the cell holds the text '30' (sheet Map, cell D6)",
    )),
    Gives("n/a, dashes and tbc", of(standard(rows=with_cells({(2, 8): "n/a", (1, 8): "-", (0, 10): "tbc"}))), (
        "Displacement of row 5 left out: the cell holds '-' (sheet Map, cell I5)",
        "Displacement of row 6 left out: the cell holds 'n/a' (sheet Map, cell I6)",
        "Drop-off of row 4 left out: the cell holds 'tbc' (sheet Map, cell K4)",
    ), rows=with_cells({(2, 8): None, (1, 8): None, (0, 10): None}, ROWS)),
    Gives("a loss in brackets", of(standard(rows=with_cells({(2, 6): "(1,200)"}))), ("Value of row 6 read as -1200: the cell holds the text '(1,200)' (sheet Map, cell G6)",), rows=with_cells({(2, 6): -1200}, ROWS)),
    Gives("decimal comma, stated", of(standard(rows=with_cells({(1, 6): "1.850,50"}))), ("Value of row 5 read as 1850.5: the cell holds the text '1.850,50' (sheet Map, cell G5)",), options={"decimal": "comma"}),
    Gives("a value to be confirmed", of(standard(rows=with_cells({(2, 6): "tbc"}))), ("Value of row 6 left out: the cell holds 'tbc' (sheet Map, cell G6)", "'Less worry' of row 6 has no value: told, not counted (sheet Map, cell G6)"), rows=with_cells({(2, 6): None}, ROWS)),
    Gives("months", of(standard(headings=headed(duration="Duration (months)"), rows=with_cells({(0, 4): 24, (1, 4): 36, (2, 4): 12}))), ("Duration in column E is in months: 24 in E4 read in years as 2 (sheet Map, cell E4)",)),
    Gives("years in words", of(standard(rows=with_cells({(0, 4): "2 years", (1, 4): "36 months", (2, 4): "1 yr"}))), (
        "Duration of row 4 read as 2: the cell holds the text '2 years' (sheet Map, cell E4)",
        "Duration of row 5 read as 3: the cell holds the text '36 months' (sheet Map, cell E5)",
        "Duration of row 6 read as 1: the cell holds the text '1 yr' (sheet Map, cell E6)",
    )),
    Gives("a proxy by the month", of(standard(rows=with_cells({(2, 5): "Rent saved per month"}))), ("Value of row 6 is said to be by the month ('Rent saved per month'): it was read as it stands, and counts as a value for one year (sheet Map, cell G6)",)),
    Gives("a column by the month", of(standard(headings=headed(value="Value (£ per month)"))), ("Value in column G is by the month ('Value (£ per month)'): it was read as it stands, and counts as one for a year (sheet Map, cell G3)",)),
    Gives("attribution, plain", of(standard(headings=headed(attribution="Attribution"))), (f"{PLAIN}; {OTHERWISE}",)),
    Gives("attribution, plain and borne out", of(with_impact("Attribution %", True)), (f"{PLAIN}; the file's own impact (column L) is reproduced only so; {OTHERWISE}",)),
    Gives("attribution, claimed", of(standard(headings=headed(attribution="Attribution (share due to the project)"), rows=CLAIMED)), ("Attribution in column J read as the share claimed, as its heading 'Attribution (share due to the project)' says: 80 % in J4 leaves 20 % to others (sheet Map, cell J3)",)),
    Gives("attribution, unclear and stated", of(standard(headings=headed(attribution="Share attributable"), rows=CLAIMED)), ("Attribution in column J read as the share claimed, as --attribution says: 80 % in J4 leaves 20 % to others (sheet Map, cell J3)",), options={"attribution": "claimed"}),
    Gives("attribution, stated against the file", of(with_impact("Attribution", True)), ("Attribution in column J read as the share claimed, as --attribution says: 20 % in J4 leaves 80 % to others (sheet Map, cell J3)", "Only the share owed to others in column J would reproduce the file's own impact (column L): check the attribution (sheet Map, cell J3)"), rows=with_cells({(0, 9): 0.8, (1, 9): 0.6, (2, 9): 0.85}, ROWS), options={"attribution": "claimed"}),
    Gives("additionality", of(standard(headings=headed(deadweight="Additionality"), rows=with_cells({(0, 7): per_cent(0.75), (1, 7): per_cent(0.7), (2, 7): per_cent(0.9)}))), ("Deadweight taken from 'Additionality' in column H, as what it leaves of 100 %: 75 % in H4 is 25 % (sheet Map, cell H3)",)),
    Gives("inputs on another sheet", of(standard(inputs=None), Grid("Inputs").put(1, 1, "Stakeholder", "Input", "Value (£)").put(2, 1, "Council", "Grant", 8000).put(3, 1, "Parents", "Volunteer time", 2000).put(4, 1, "Total", None, 10000)), (SHEET_MAP,), (ONE_SUM,)),
    Gives("inputs in a small table below", of(standard(inputs=None).put(10, 1, "Inputs").put(11, 1, "Description", None, "Cost").put(12, 1, "Grant", None, Is(8000, "£#,##0")).put(13, 1, "Room given free", None, Is(2000, "£#,##0")).put(14, 1, "Total inputs", None, Is(10000, "£#,##0", "=SUM(C12:C13)"))), unsaid=(ONE_SUM,)),
    Gives("inputs within a text", of(standard(inputs=None).put(9, 1, "Total investment £10,000")), ("Value of the input of row 9 read as 10000: the cell holds the text '£10,000' (sheet Map, cell A9)",)),
    Gives("inputs beside", of(beside(("Time", None), (None, None), ("Grant", 10000))), unsaid=(ONE_SUM,)),
    Gives("inputs repeated on each row", of(beside(("Grant", 5000), ("Grant", 5000), ("Grant", 5000), names=("Young people", "Young people", "Parents"))), ("Row 5 repeats the input of row 4 (5000, 'Grant'): counted once (sheet Map, cell C5)",), (ONE_SUM,)),
    Gives("settings in labelled cells", of(standard().put(2, 1, "Currency: GBP").put(2, 4, "Discount rate", 3.5, None, "Price year: 2022/23", "Analysis type", "Evaluative")), ("Discount rate read as 3.5 %: the cell holds 3.5 (sheet Map, cell E2)",), (POUNDS, FORECAST, RATE), options={"price_year": None}, tree={"price_year": "2022/23", "analysis": "evaluative", "currency": "GBP"}),
    Gives("euros", of(standard(headings=headed(value="Value (€)"), inputs=None).put(12, 1, "Total investment", 10000)), ("Currency read as EUR, from the sign in the file (sheet Map, cell G3)",), (POUNDS,), tree={"currency": "EUR"}),
    Gives("no currency, stated", of(standard(headings=headed(value="Value"), inputs=None).put(12, 1, "Total investment", 10000)), (), (POUNDS,), options={"currency": "AUD"}, tree={"currency": "AUD"}),
    Gives("forecast or not, stated", of(standard()), (), (FORECAST,), options={"analysis": "evaluative"}, tree={"analysis": "evaluative"}),
    Gives("outputs beside", of(standard(headings=("Stakeholder", "Output", "Quantity", *SPLIT), rows=[[r[0], "Sessions" if n == 0 else None, 30 if n == 0 else None, *r[1:]] for n, r in enumerate(R)])), tree={"outputs": [{"id": "sessions", "stakeholder": "young_people", "description": "Sessions", "quantity": 30.0}]}),
    Gives("a column for reasons", of(standard(headings=(*HEADINGS[:8], "Deadweight rationale", *HEADINGS[8:]), rows=[[*r[:8], "as in the survey", *r[8:]] for r in R]))),
    Gives("columns that are not known", of(standard(headings=(*HEADINGS, "RAG", "Owner"), rows=[[*r, "green", "Ann"] for r in R])), ("Columns not read: L 'RAG', M 'Owner'",)),
)  # fmt: skip

WORDS = "the table of outcomes has no column for"
ENDS: tuple[Ends, ...] = (
    Ends("cells that are no numbers", of(standard(rows=with_cells({(0, 6): "#REF!", (1, 3): "7 people", (2, 6): date(2024, 1, 1), (2, 3): True, (0, 7): "1O%", (1, 4): "1.234,50"}))), f"""6 problems
  sheet Map, cell H4: Deadweight of row 4: '1O%' stands where a number belongs. {NO_WORDS}
  sheet Map, cell G4: Value of row 4: the cell holds the error #REF!. Mend its formula in the workbook.
  sheet Map, cell D5: Quantity of row 5: '7 people' stands where a number belongs. {NO_WORDS}
  sheet Map, cell E5: Duration of row 5: '1.234,50' is written with a decimal comma. Say --decimal comma if the whole file is written so.
  sheet Map, cell D6: Quantity of row 6: TRUE stands where a number belongs. Give a number.
  sheet Map, cell G6: Value of row 6: a date (2024-01-01) stands where a number belongs. Give a number, and give the cell the format of a number."""),
    Ends("a comma or a point", of(standard(rows=with_cells({(0, 6): "1.250"}))), "sheet Map, cell G4: Value of row 4: '1.250' can be read as 1250 or 1.250. Say --decimal point or --decimal comma."),
    Ends("a formula never worked out", of(standard(rows=with_cells({(0, 6): Is(None, None, "=200+50")})), library="openpyxl"), "sheet Map, cell G4: Value of row 4: the cell holds a formula whose result was never stored. Open the workbook in Excel or LibreOffice, let it calculate, and save it."),
    Ends("shares and per cents mixed", of(standard(rows=with_cells({(0, 7): 0.25, (1, 7): 30, (2, 7): 0.1}))), "sheet Map, cell H5: Deadweight in column H mixes shares (0.25 in H4) and per cents (30 in H5). Write all of them alike, such as 25%."),
    Ends("25 among per cents", of(standard(rows=with_cells({(0, 7): 25}))), "sheet Map, cell H4: Deadweight of row 4 is 25, while H5 of the same column is 30 %. Write 25% if that is meant."),
    Ends("1 or 100 per cent", of(standard(headings=headed(deadweight="Deadweight %"), rows=with_cells({(0, 7): 1, (1, 7): 0, (2, 7): 0}))), "sheet Map, cell H4: Deadweight of row 4 is 1 under a heading in per cent: 1 % or 100 %. Write 1% or 100%."),
    Ends("above 100 per cent", of(standard(rows=with_cells({(0, 7): per_cent(1.2)}))), "sheet Map, cell H4: Deadweight of row 4 is 120 %, above 100 %. Give a share of at most 100 %."),
    Ends("attribution, unclear", of(standard(headings=headed(attribution="Share attributable"))), f"sheet Map, cell J3: 'Share attributable' in column J {UNCLEAR}. {ASK}"),
    Ends("attribution, unclear but borne out", of(with_impact("Contribution %", True)), f"sheet Map, cell J3: 'Contribution %' in column J {UNCLEAR}; only the share owed to others reproduces the file's own impact (column L). {ASK}"),
    Ends("attribution, unclear, the ratio printed", of(standard(headings=headed(attribution="Share attributable")).put(12, 1, "SROI ratio", "3.49 : 1")), f"sheet Map, cell J3: 'Share attributable' in column J {UNCLEAR}; only the share owed to others reproduces the file's own ratio (3.49, sheet Map, cell B12). {ASK}"),
    Ends("attribution, plain but claimed", of(with_impact("Attribution", False)), f"sheet Map, cell J3: 'Attribution' in column J {UNCLEAR}; only the share claimed reproduces the file's own impact (column L). {ASK}"),
    Ends("two maps", of(standard(), standard(name="Map 2023")), "more than one sheet holds a table of outcomes: 'Map', 'Map 2023'. Say which one with --sheet NAME."),
    Ends("a sheet that is not there", of(standard()), "there is no sheet 'Mapp'. Did you mean 'Map'?", {"sheet": "Mapp"}),
    Ends("two currencies", of(standard(headings=headed(value="Value (€)"))), "the file shows more than one currency: EUR (sheet Map, cell G3) and GBP (sheet Map, cell B9). Bring all values to one currency, and say --currency with its code."),
    Ends("dollars", of(standard(headings=headed(value="Value ($)"), inputs=None).put(12, 1, "Total investment", 10000)), "sheet Map, cell G3: the currency is $, the sign of several. Say --currency USD, or AUD, NZD, CAD .."),
    Ends("no currency", of(standard(headings=headed(value="Value"), inputs=None).put(12, 1, "Total investment", 10000)), "the file names no currency. Say --currency GBP, or the code it is in."),
    Ends("no inputs", of(standard(inputs=None)), "sheet Map: no inputs were found. Give them beside the outcomes, on a sheet of inputs, or as a cell such as 'Total investment'."),
    Ends("no column of values", of(standard(headings=headed(value="Bananas"))), f"sheet Map: {WORDS} the value of one unit of change. Name such a column in its heading (row 3), or say which it is in a mapping file. Not known: G 'Bananas'."),
    Ends("no rows", of(standard(rows=[])), "the table of outcomes in sheet Map (headings in row 3) has no rows. Fill in a row for each outcome."),
    Ends("no map at all", of(Grid("Staff").put(1, 1, "Name", "Start", "Salary").put(2, 1, "Ann", "2020", 1000)), f"sheet Staff holds no table of outcomes. {NO_TABLE}"),
    Ends("an outcome without words", of(standard().put(7, 4, 90, None, None, 5.5)), "sheet Map, cell D7: row 7 holds a quantity and a value, but no words. Name the outcome, or empty the row."),
    Ends("a third start", of(standard(headings=(*HEADINGS, "Starts"), rows=[[*r, s] for r, s in zip(R, (1, "during", 3), strict=True)])), "sheet Map, cell L6: Start of row 6: '3' is neither 1 (during the activity) nor 2 (the year after). Give 1 or 2."),
    Ends("two columns of quantities", of(standard(headings=(*HEADINGS, "Quantity"), rows=[[*r, 5] for r in R])), "sheet Map, cell L3: two columns may be the quantity: D 'Quantity' and L 'Quantity'. Rename one of them, or say which it is in a mapping file."),
)  # fmt: skip


def options_of(given: dict[str, Any]) -> ReadingOptions:
    return ReadingOptions(**{"price_year": "2024", **given})


def ratio_of(impact_map: sroi.ImpactMap) -> float:
    return sroi.evaluate(impact_map).sroi_ratio


@pytest.mark.parametrize("case", GIVES, ids=lambda case: case.name)
def test_a_messy_workbook_gives_its_map_and_says_every_guess(tmp_path: Path, case: Gives) -> None:
    book = open_book(case.make(tmp_path))
    reading = read_foreign(book, options_of(case.options), ratio_of)
    assert rows_of(reading) == expected_rows(case.rows)
    assert sum(each.get("value", 0) for each in reading.tree["inputs"]) == case.inputs
    usual = [words for words in COMMON if words not in case.unsaid]
    for words in usual:
        assert any(line.startswith(words) for line in reading.repairs), words
    assert tuple(line for line in reading.repairs if not any(line.startswith(words) for words in usual)) == case.said
    assert {key: reading.tree[key] for key in case.tree} == case.tree
    impact_map = foreign_map(book, options_of(case.options), ratio_of)
    ratio = sroi.evaluate(impact_map).sroi_ratio
    assert ratio == pytest.approx(ratio_by_hand(expected_rows(case.rows), case.inputs), rel=1e-12)
    assert impact_map.origin is not None
    assert impact_map.origin.repairs == reading.repairs


@pytest.mark.parametrize("case", ENDS, ids=lambda case: case.name)
def test_a_messy_workbook_ends_in_its_message(tmp_path: Path, case: Ends) -> None:
    path = case.make(tmp_path)
    with pytest.raises(SroiError) as refused:
        foreign_map(open_book(path), options_of(case.options), ratio_of)
    assert str(refused.value) == f"{path}: {case.message}"


def test_there_are_forty_messy_workbooks_and_more() -> None:
    assert len(GIVES) + len(ENDS) >= 40


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_the_classic_layout_is_read_whole(tmp_path: Path, suffix: str) -> None:
    reading = read_foreign(open_book(write(tmp_path / f"club{suffix}", classic())))
    assert rows_of(reading) == expected_rows()
    assert reading.repairs == (POUNDS + " (sheet Value Map, cell L6)", TIMING)
    assert [(put["kind"], put["value"], put["stakeholder"]) for put in reading.tree["inputs"]] == [
        ("time", 0.0, "young_people"), ("time", 2000.0, "parents"), ("money", 8000.0, "the_council"),
    ]  # fmt: skip
    assert [output["description"] for output in reading.tree["outputs"]] == ["30 sessions", "12 reports"]
    frame = {
        key: reading.tree[key] for key in ("title", "organisation", "analysis", "currency", "price_year", "conventions")
    }
    assert frame == {
        "title": "Sunrise", "organisation": "The Sunrise Club", "analysis": "evaluative", "currency": "GBP",
        "price_year": "2023/24", "conventions": {"discount_rate": 0.05},
    }  # fmt: skip
    assert [outcome["starts"] for outcome in reading.tree["outcomes"]] == ["during", "after", "during"]
    assert {(each.name, each.value, each.place.partition("cell ")[2]) for each in reading.printed} == {
        ("total_inputs", 10000.0, "D11"), ("total_impact", 17342.82, "R11"), ("total_present_value", 30000.0, "R13"),
        ("net_present_value", 20000.0, "R14"), ("sroi_ratio", 3.0, "R15"),
    }  # fmt: skip
    assert reading.sheet == "Value Map"
    assert reading.rows == (7, 8, 9)
    assert reading.columns["proxy_value"] == 12
    assert reading.places["outcomes", 1, "deadweight"] == "sheet Value Map, cell N8"


def test_problems_of_the_map_as_a_whole_name_their_cells_too(tmp_path: Path) -> None:
    path = write(
        tmp_path / "club.xlsx", standard(rows=with_cells({(0, 7): per_cent(-0.5), (1, 4): -2, (2, 3): "7 people"}))
    )
    with pytest.raises(SroiError) as refused:
        foreign_map(open_book(path), options_of({}))
    assert (
        str(refused.value)
        == f"""{path}: 3 problems
  sheet Map, cell D6: Quantity of row 6: '7 people' stands where a number belongs. {NO_WORDS}
  sheet Map, cell H4, outcomes, more_confident, deadweight: '-0.5' is below 0. Give a share of at least 0.
  sheet Map, cell E5, outcomes, in_work, duration: '-2' is below 0. Give a number of years of at least 0."""
    )


# ---- a saved mapping ----


def saved(folder: Path, grid: Grid, **options: Any) -> Path:
    reading = read_foreign(open_book(write(folder / "first.xlsx", grid)), options_of(options))
    path = folder / "mapping.yaml"
    save_mapping(reading.mapping, path)
    assert load_mapping(path) == reading.mapping
    return path


def test_a_saved_mapping_repeats_the_reading(tmp_path: Path) -> None:
    mapping = saved(
        tmp_path, standard(headings=headed(attribution="Share attributable"), rows=CLAIMED), attribution="claimed"
    )
    changed = with_cells({(0, 3): 50}, CLAIMED)
    path = write(tmp_path / "second.xlsx", standard(headings=headed(attribution="Share attributable"), rows=changed))
    reading = read_foreign(open_book(path), ReadingOptions(mapping=mapping))
    assert rows_of(reading) == expected_rows(with_cells({(0, 3): 50}, ROWS))
    assert reading.tree["price_year"] == "2024"
    assert (
        "Attribution in column J read as the share claimed, as the mapping says: 80 % in J4 leaves 20 % to others (sheet Map, cell J3)"
        in reading.repairs
    )


def test_a_mapping_written_by_hand_names_what_no_heading_says(tmp_path: Path) -> None:
    path = write(tmp_path / "club.xlsx", standard(headings=tuple("ABCDEFGHIJK")))
    names = (
        "stakeholder",
        "outcome",
        "indicator",
        "quantity",
        "duration",
        "proxy",
        "proxy_value",
        "deadweight",
        "displacement",
        "attribution",
        "drop_off",
    )
    columns = "".join(f"  {name}: {letter}\n" for name, letter in zip(names, "ABCDEFGHIJK", strict=True))
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        f"sroi_mapping: 1\nsheet: Map\nheading_rows: [3]\ncolumns:\n{columns}reading: {{attribution: owed}}\n"
    )
    assert rows_of(read_foreign(open_book(path), ReadingOptions(mapping=mapping))) == expected_rows()


def test_a_mapping_that_does_not_fit_says_what_differs(tmp_path: Path) -> None:
    mapping = saved(tmp_path, standard())
    path = write(tmp_path / "other.xlsx", standard(headings=headed(quantity="Families", duration="Quantity")))
    with pytest.raises(FileRefused) as refused:
        read_foreign(open_book(path), ReadingOptions(mapping=mapping))
    assert (
        str(refused.value)
        == f"""{path}: 2 problems
  sheet Map, cell D3: the heading of column D is 'Families', where the mapping has 'Quantity' (quantity). That heading stands in column E: correct the mapping.
  sheet Map, cell E3: the heading of column E is 'Quantity', where the mapping has 'Duration (years)' (duration). Correct the mapping, or read this file without it."""
    )


FAULTY_MAPPINGS = (
    ("a: [", "this mapping is not YAML"),
    ("- 1", "this file is no mapping. A mapping begins with `sroi_mapping: 1`."),
    ("sroi_mapping: 1", "'columns' is missing"),
    ("sroi_mapping: 1\nheading_rows: [3]\ncolumns: {quantty: D}", "unknown field 'quantty'. Did you mean 'quantity'?"),
    ("sroi_mapping: 1\nheading_rows: [3]\ncolumns: {quantity: 4}", "'quantity' names no column. Give its letters, such as {column: D}."),
    ("sroi_mapping: 1\nheading_rows: x\ncolumns: {quantity: D}", "'heading_rows' does not name rows. Write it as [4, 5]: the first and the last."),
    ("sroi_mapping: 1\nheading_rows: [3]\ncolumns: {quantity: D}\nsheets: a", "unknown key 'sheets'. Did you mean 'sheet'?"),
    ("sroi_mapping: 1\nheading_rows: [3]\ncolumns: {quantity: D}\nreading: {decimals: comma}", "unknown key 'decimals' under reading. Did you mean 'decimal'?"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "message"), FAULTY_MAPPINGS)
def test_a_faulty_mapping_is_refused_in_words(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text)
    with pytest.raises(FileRefused) as refused:
        load_mapping(path)
    assert message in str(refused.value)


@pytest.mark.parametrize(("given", "message"), [
    ({"attribution": "ours"}, "--attribution ours is not one of the choices here. Known: owed, claimed."),
    ({"decimal": "coma"}, "--decimal coma is not one of the choices here. Did you mean 'comma'?"),
])  # fmt: skip
def test_an_option_that_is_no_choice_is_refused(given: dict[str, str], message: str) -> None:
    with pytest.raises(SroiError) as refused:
        ReadingOptions(**given)  # type: ignore[arg-type]
    assert str(refused.value) == message


def test_ods_values_agree_with_calamine(tmp_path: Path) -> None:
    import python_calamine

    path = write(tmp_path / "club.ods", classic())
    ours = open_book(path).sheets[0]
    theirs = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    for row, cells in enumerate(theirs, start=1):
        for column, value in enumerate(cells, start=1):
            assert (ours.value(row, column) or "") == (value or "") or ours.value(row, column) == value

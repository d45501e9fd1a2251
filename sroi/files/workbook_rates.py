"""The sheet Rates: every published schedule, with growth to each time, and each outcome's own factor of each year.

The factors stand here and not on the sheet Working, which is wide enough: some programs take only so many columns.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from sroi.evidence.schedules import all_schedules, schedule_names

SHEET = "Rates"
# Rows and columns counted from 0; the rates of year n stand in column YEAR + n, growth to time n likewise.
FIRST, YEAR = 4, 3
# Where the outcomes begin on the sheet Working.
OUTCOME_FIRST = 15


def _growth_first() -> int:
    return FIRST + len(schedule_names()) + 2


def _factors_first() -> int:
    return _growth_first() + len(schedule_names()) + 2


def factors(row: int, first: int, last: int) -> str:
    """Return the range of an outcome's factors of years `first` to `last`; `row` counted from 0."""
    line = _factors_first() + row
    area = str(xl_range_abs(line, YEAR + first, line, YEAR + last))
    return f"{SHEET}!{area.replace(f'${line + 1}', str(line + 1))}"


def factors_of_year(year: int, outcomes: int) -> str:
    """Return the range of all outcomes' factors of one year."""
    first = _factors_first()
    return f"{SHEET}!{xl_range_abs(first, YEAR + year, first + outcomes - 1, YEAR + year)}"


def factor_place(row: int, year: int) -> tuple[int, int]:
    """Return where an outcome's factor of a year stands: row and column counted from 0."""
    return _factors_first() + row, YEAR + year


def names() -> str:
    """Return the range of the schedules' names."""
    return f"{SHEET}!{xl_range_abs(FIRST, 0, FIRST + len(schedule_names()) - 1, 0)}"


def rate(row: str, year: str | int, times: int) -> str:
    """Return the formula for a year's rate of a schedule; `row` is its place in `names`, a formula too."""
    area = xl_range_abs(FIRST, YEAR + 1, FIRST + len(schedule_names()) - 1, YEAR + times)
    return f"INDEX({SHEET}!{area},{row},{year})"


def growth(row: str, time: str | int, times: int) -> str:
    """Return the formula for what 1 grows to by a time 0, 1, .. under a schedule."""
    first = _growth_first()
    area = xl_range_abs(first, YEAR, first + len(schedule_names()) - 1, YEAR + times)
    return f"INDEX({SHEET}!{area},{row},{time}+1)"


def write_rates(pen: Any, sheet: Any, times: int, outcomes: list[str]) -> None:
    """Write the sheet for years 1 .. `times`, but for the factors of the `outcomes`: those the working puts there."""
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, 2, 48)
    sheet.write_string(0, 0, "Published discount rates", pen.format(bold=True, font_size=14))
    said = (
        "A name may stand as the discount rate of the map or of an outcome. Nothing to fill in; `sroi rates` says more."
    )
    sheet.write_string(1, 0, said, pen.format(italic=True))
    for row, of_year in ((FIRST - 1, "Rate of year"), (_growth_first() - 1, "Growth to time")):
        for column, heading in enumerate(("Name", "What it is", "Source")):
            sheet.write_string(row, column, heading, pen.heading())
        sheet.write_string(row, YEAR, of_year, pen.heading())
        for year in range(1, times + 1):
            sheet.write_number(row, YEAR + year, year, pen.heading())
    for place, each in enumerate(all_schedules()):
        above, below = FIRST + place, _growth_first() + place
        for column, text in enumerate((each.name, each.label, f"{each.source}, {each.publisher}, as at {each.as_at}")):
            sheet.write_string(above, column, text, pen.locked())
        sheet.write_string(below, 0, each.name, pen.locked())
        grown = 1.0
        pen.put(sheet, below, YEAR, grown, pen.locked())
        for year, own in enumerate(each.rates(times).tolist(), start=1):
            pen.put(sheet, above, YEAR + year, own, pen.locked(num_format="0.0##%"))
            grown *= 1.0 + own
            before = xl_rowcol_to_cell(below, YEAR + year - 1)
            formula = f"={before}*(1+{xl_rowcol_to_cell(above, YEAR + year)})"
            pen.formula(sheet, below, YEAR + year, formula, grown, pen.locked(num_format="0.000000"))
    sheet.write_string(_factors_first() - 1, 0, "Outcome", pen.heading())
    sheet.write_string(_factors_first() - 1, YEAR, "Factor of year", pen.heading())
    for place, name in enumerate(outcomes):
        own = f"Working!{xl_rowcol_to_cell(OUTCOME_FIRST + place, 0)}"
        pen.formula(sheet, _factors_first() + place, 0, f"={own}", name, pen.locked())
    sheet.freeze_panes(FIRST, 1)

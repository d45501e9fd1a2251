"""The sheet Rates: every published schedule, the rates of its years and the growth to each time, for formulas to find."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from sroi.evidence.schedules import all_schedules, schedule_names

SHEET = "Rates"
# Rows and columns counted from 0; the rates of year n stand in column YEAR + n, growth to time n likewise.
FIRST, YEAR = 4, 3


def _growth_first() -> int:
    return FIRST + len(schedule_names()) + 2


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


def write_rates(pen: Any, sheet: Any, times: int) -> None:
    """Write the sheet for years 1 .. `times`."""
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
    sheet.freeze_panes(FIRST, 1)

"""How cells of our own workbook look, and how they are written: text as text, numbers whole, formulas with values."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter.worksheet import Worksheet

_INPUT, _LOCKED, _HEAD, BAND = "#FFF8E1", "#EEF2F5", "#DCE8F1", "#00548A"


class Exact(float):
    """A number that a cell holds to its last digit: XlsxWriter writes 16 digits, and some floats need 17."""

    def __format__(self, how: str) -> str:
        """Return all digits, whatever the format asks."""
        return repr(float(self))


class PlainSheet(Worksheet):  # type: ignore[misc]
    """A sheet that takes formulas as they are: XlsxWriter looks through each for 30 functions that we do not use."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class Pen:
    """Writes cells in our formats; a formula always with its value."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **properties: Any) -> Any:
        """Return a format, made once for each set of properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(
                {"font_name": "Calibri", "font_size": 10, "valign": "top", **properties}
            )
        return self._formats[key]

    def input(self, **more: Any) -> Any:
        """Return the format of a cell that people fill in."""
        return self.format(bg_color=_INPUT, locked=False, border=1, border_color="#D9D2B8", **more)

    def locked(self, **more: Any) -> Any:
        """Return the format of a cell that computes."""
        return self.format(bg_color=_LOCKED, **more)

    def heading(self, **more: Any) -> Any:
        """Return the format of a column's heading."""
        return self.format(bold=True, bg_color=_HEAD, text_wrap=True, bottom=2, bottom_color=BAND, **more)

    def put(self, sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
        """Write a value as what it is: text is always text, a number keeps every digit."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, bool):
            sheet.write_string(row, column, "yes" if value else "no", style)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, Exact(value), style)
        elif isinstance(value, date):
            sheet.write_string(row, column, value.isoformat(), style)
        else:
            sheet.write_string(row, column, str(value), style)

    def formula(self, sheet: Any, row: int, column: int, formula: str, value: float | str, style: Any) -> None:
        """Write a formula with the value that it comes to."""
        sheet.write_formula(row, column, formula, style, value)


NUMBER_FORMATS = {
    "share": "0.0##%",
    "rate": "0.0##%",
    "money": "#,##0.00",
    "number": "#,##0.####;-#,##0.####;0",
    "years": "0.##",
    "whole": "0",
}

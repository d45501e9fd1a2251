"""The formulas of a workbook as trees, and the small reckoner: what they come to, and what is not claimed."""

from __future__ import annotations

import pytest

from sroi.files.sheets import Book, Cell, Sheet, Value
from sroi.workbook_faults.formulas import Area, Unreadable, area_of, moved, parse, shape
from sroi.workbook_faults.grid import Address, Grid, Unknown
from sroi.workbook_faults.wordings import shown_as


def grid(*formulas: str, **cells: Value) -> Grid:
    """A sheet with cells A1, B1, .. and formulas in column Z."""
    typed = {(int(name[1:]), ord(name[0]) - 64): value for name, value in cells.items()}
    held = {
        key: Cell(*key, float(value) if isinstance(value, int) and not isinstance(value, bool) else value)
        for key, value in typed.items()
    }
    held |= {(row, 26): Cell(row, 26, None, formula) for row, formula in enumerate(formulas, 1)}
    return Grid(Book("", b"", (Sheet("Map", held),), {"rate": "Map!$A$1"}))


def comes_to(formula: str, **cells: Value) -> Value:
    return grid(formula, **cells).value(Address("Map", 1, 26))


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+2*3", 7.0),
        ("=(1+2)*3", 9.0),
        ("=-2^2", 4.0),  # a sign binds before a power, as in Excel
        ("=2^3^2", 64.0),  # powers from the left, as in Excel
        ("=10%", 0.1),
        ("=100*(1-25%)", 75.0),
        ("=A1*A2", 6.0),
        ("=SUM(A1:A4)", 5.0),  # the text and the empty cell do not count
        ("=SUM(A1,A2,4)", 9.0),
        ("=PRODUCT(A1:A4)", 6.0),
        ("=AVERAGE(A1:A4)", 2.5),
        ("=MAX(A1:A4)-MIN(A1:A4)", 1.0),
        ("=ROUND(2.345,2)", 2.35),
        ("=ROUND(-2.5,0)", -3.0),
        ("=IF(A1>A2,10,20)", 20.0),
        ('=IF(A3="twelve",1,0)', 1.0),
        ("=SUMPRODUCT(A1:A2,B1:B2)", 2.0 * 10 + 3.0 * 20),
        ("=NPV(10%,B1:B2)", 10 / 1.1 + 20 / 1.21),
        ("=rate*3", 6.0),
        ("=Map!A1+'Map'!A2", 5.0),
        ("=SUM(A:A)", 5.0),
        ("=SUM(2:2)-B2", 3.0),
        ("=POWER(2,3)+ABS(-1)+SQRT(9)+INT(2.9)", 14.0),
    ],
)
def test_what_the_reckoner_knows_is_what_a_spreadsheet_gives(formula: str, value: float) -> None:
    assert comes_to(formula, A1=2, A2=3, A3="twelve", B1=10, B2=20) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    "formula",
    [
        "=A3*2", "=A1/0", "=0^0", "=VLOOKUP(A1,A1:B2,2)", "=[1]Sheet!A1", "=Gone!A1", "=A1:A2*2", "=#REF!*2", "=1E308*10",
        "=(-1)^0.5", "=A4*2", '="a"&"b"', "=SUM(A1:A5)", "=Z1", "=9^9^9^9",
    ],
)  # fmt: skip
def test_what_the_reckoner_does_not_know_it_does_not_claim(formula: str) -> None:
    with pytest.raises(Unknown):
        comes_to(formula, A1=2, A2=3, A3="twelve", A4="#N/A")


def test_an_empty_cell_is_nothing() -> None:
    assert comes_to("=C9*5+1") == 1.0


def test_formulas_without_stored_values_are_reckoned_one_after_the_other() -> None:
    long = grid(*(["=A1"] + [f"=Z{row}+1" for row in range(1, 900)]), A1=1)
    assert long.value(Address("Map", 900, 26)) == 900.0


def test_formulas_in_a_circle_are_unknown() -> None:
    with pytest.raises(Unknown):
        grid("=Z2+1", "=Z1+1").value(Address("Map", 1, 26))


def test_a_formula_copied_down_keeps_its_shape() -> None:
    assert shape(parse("=C7*$D$3*(1-F7)"), 7, 10) == shape(parse("= C8 * $D$3*( 1 - f8 )"), 8, 10)
    assert shape(parse("=C7*$D$3"), 7, 10) != shape(parse("=C8*$D$4"), 8, 10)
    assert shape(parse("=C7*D3"), 7, 10) != shape(parse("=C8*D3"), 8, 10)


def test_a_formula_moved_down_refers_to_the_cells_beside_it() -> None:
    assert moved(parse("=C7*$D$3"), 2) == parse("=C9*$D$3")


@pytest.mark.parametrize("text", ["A1048577", "XFE1", "A0", "Sheet!", "1A", "Table1[Value]"])
def test_what_is_no_reference_is_none(text: str) -> None:
    assert area_of(text) is None


def test_references_are_read_with_their_sheets() -> None:
    assert area_of("'It''s here'!$B$2:C1") == Area("It's here", 1, 2, 2, 3, (True, True, False, False))
    outside = area_of("'[prices.xlsx]Sheet1'!B4")
    assert outside is not None
    assert outside.outside


@pytest.mark.parametrize(
    "formula", ["=", "=1+", "=(1", "=SUM(", "=1 2", "=" + "(" * 80 + "1" + ")" * 80, "=" + "9" * 9000]
)
def test_a_formula_that_cannot_be_read_is_refused(formula: str) -> None:
    with pytest.raises(Unreadable):
        parse(formula)


@pytest.mark.parametrize(
    ("number", "number_format", "shown"),
    [
        (0.3333, "0%", 0.33), (0.3333, "0.0%", 0.333), (1.929, "0.00", 1.93), (1234.5, "#,##0", 1235.0), (-2.5, "0", -3.0),
        (48.25, '"£"#,##0', 48.0), (48.25, "[$£-809]#,##0.0", 48.3), (5.0, "General", None), (45000.0, "dd/mm/yyyy", None),
        (5.0, "@", None), (1234567.0, "#,##0,", None), (0.5, "# ?/?", None), (3.0, "0;[Red]-0", 3.0),
    ],
)  # fmt: skip
def test_a_number_is_shown_as_its_format_says(number: float, number_format: str, shown: float | None) -> None:
    assert shown_as(number, number_format) == shown

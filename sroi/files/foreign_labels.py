"""Cells with a label beside them, outside the table: settings such as a discount rate, and printed totals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sroi.files.cells import looks_like_number, words_in
from sroi.files.grid import Book, Cell, Sheet, Value
from sroi.files.headings import plain

PRINTED = (
    "total_inputs", "total_present_value", "net_present_value", "sroi_ratio", "net_sroi_ratio", "payback_years",
    "total_impact",
)  # fmt: skip
_LABELS: tuple[tuple[str, str], ...] = (
    (
        "discount_rate",
        r"(annual |social )?discount(ing)? rate( used| applied| %| per year| pa)?( %)?",
    ),
    (
        "price_year",
        r"(price|base|prices) (year|base)( of prices)?|year of prices|prices (of|in)|price base year|cost base",
    ),
    (
        "currency",
        r"currency( used| unit| code)?",
    ),
    (
        "title",
        r"(project|programme|study|analysis|report|map|value map)?( ?name| ?title)?( of (the )?(project|programme|"
        r"analysis|study|activity))?",
    ),
    (
        "organisation",
        r"(name of )?(the )?(organi[sz]ation|charity|body|agency|company|provider|delivery partner)( name)?",
    ),
    (
        "activities",
        r"(main |project |key )?activit(y|ies)|objectives?( of (the )?activit(y|ies))?|"
        r"description of (the )?(project|activity|activities)",
    ),
    (
        "scope",
        r"(time |reporting |analysis )?period( of analysis| covered)?|scope|time frame|timeframe",
    ),
    (
        "purpose",
        r"purpose( of (the )?analysis)?",
    ),
    (
        "audience",
        r"audience",
    ),
    (
        "analysis",
        r"(type of |kind of )?(analysis|study|assessment|report)( type| kind)?|"
        r"forecast ?/? ?(or )?evaluati(on|ve)|evaluati(on|ve) ?/? ?(or )?forecast|sroi type",
    ),
    (
        "total_inputs",
        r"total (of )?(all )?(the )?(input|inputs|investment|invested|cost of inputs|value of (the )?inputs|"
        r"inputs? value|cost|costs|resources)|sum of (the )?inputs|total sum of inputs|total inputs and costs|"
        r"inputs? total|investment total|total value of investment",
    ),
    (
        "investment",
        r"(total |project |programme |program |overall |amount of |financial |initial |the )*(investment|budget|"
        r"funding|grant|project costs?|programme costs?|running costs?|costs?|expenditure|"
        r"spend)( of (the )?(project|programme|activity|service))?",
    ),
    (
        "net_sroi_ratio",
        r"net (sroi|social return|ratio|social return on investment|sroi ratio|return)( ratio)?",
    ),
    (
        "sroi_ratio",
        r"(the )?sroi( ratio| return| value| result)?|(social )?return on investment( ratio)?|"
        r"social return( on investment| ratio)?( £ per £| per £| per £1| \$ per \$| € per €| value)?( ratio)?|"
        r"ratio|(social value|benefit cost|benefit|value) ratio|sroi .*£1|"
        r"social return on investment sroi( ratio)?|value per £1( invested)?",
    ),
    (
        "net_present_value",
        r"net present value( npv)?|npv|net (social )?value|net benefit|net present social value|"
        r"(net )?present value( npv)?( pv)? (minus|less) (the )?(investment|inputs)",
    ),
    (
        "total_present_value",
        r"(total )?(present value|pv)( pv| of (the )?(benefits?|impact|outcomes|social value))?|"
        r"total present value( pv| of .*)?|total pv|(total )?discounted (value|benefits?|impact)|"
        r"present social value|total social value( created)?|social value created|"
        r"total (social )?benefits?( present value)?",
    ),
    (
        "payback_years",
        r"payback( period)?( in)?( years?)?",
    ),
    (
        "total_impact",
        r"total (annual |net |yearly )?impact( value)?|sum of impact",
    ),
)  # fmt: skip
_COMPILED = [(name, re.compile(pattern)) for name, pattern in _LABELS]
_TEXTS = ("currency", "title", "organisation", "activities", "scope", "purpose", "audience", "analysis", "price_year")
_INLINE = re.compile(
    r"^(?P<label>[^:=£$€\d]{3,60}?)\s*[:=]?\s*(?P<value>-?[£$€]?\s?\d[\d.,]*\s*(%|:\s*1)?|1\s*:\s*[\d.]+)$"
)
_INLINE_TEXT = re.compile(r"^(?P<label>[^:]{3,40}):\s+(?P<value>\S.{0,200})$")


@dataclass(frozen=True)
class Labelled:
    """A label that is known, and the cell (or the part of the same cell) that holds its value."""

    name: str
    sheet: Sheet
    cell: Cell
    label: str

    @property
    def place(self) -> str:
        """The value's place as messages name it."""
        return self.sheet.place(self.cell.row, self.cell.column)


def label_of(text: str) -> str | None:
    """Return what a plain label stands for, None for words that are no label.

    >>> label_of("discount rate %"), label_of("total present value pv"), label_of("calmer families")
    ('discount_rate', 'total_present_value', None)
    """
    text = re.sub(r"^(the|step \d+|stage \d+|\d+) ", "", text)
    if re.fullmatch(
        r"(sroi|social return)( on investment)?( ratio)? (£|\$|€) (per|to|for each|for every) (£|\$|€)1?", text
    ):
        return "sroi_ratio"
    text = re.sub(r"( in)?( £| \$| €| %| £ m| gbp| eur| usd)$", "", text).strip()
    if not text or len(text) > 90:
        return None
    return next((name for name, pattern in _COMPILED if pattern.fullmatch(text)), None)


def labelled_cells(book: Book, skip: dict[str, set[int]], headings: dict[str, set[int]]) -> list[Labelled]:
    """Return every labelled value of a workbook; `skip` holds the rows of outcomes by sheet, `headings` those above."""
    found: list[Labelled] = []
    for sheet in book.sheets:
        passed, above = skip.get(sheet.name, set()), headings.get(sheet.name, set())
        for (row, column), cell in sorted(sheet.cells.items()):
            if isinstance(cell.value, str) and row not in passed and len(cell.value) < 300:
                found += _at(sheet, row, column, cell, row in above)
    return found


def _at(sheet: Sheet, row: int, column: int, cell: Cell, in_heading: bool) -> Iterator[Labelled]:
    text = words_in(cell)
    name = label_of(plain(text))
    inline = _INLINE.match(text) or _INLINE_TEXT.match(text)
    if name is None or (inline is not None and inline.re is _INLINE_TEXT):
        name = label_of(plain(inline["label"])) if inline else None
        wordy = inline is not None and inline.re is _INLINE_TEXT
        if inline and name and (name in _TEXTS or not wordy) and not in_heading:
            value: Value = inline["value"]
            yield Labelled(name, sheet, Cell(row, column, value, cell.formula), inline["label"])
        return
    beside = _beside(sheet, row, column, name)
    if beside is None and not in_heading:
        beside = _below(sheet, row, column, name)
    if beside is not None and name == "total_present_value" and _one_of_many(sheet, beside, text):
        return
    if beside is not None and (not in_heading or name == "discount_rate"):
        yield Labelled(name, sheet, beside, text)


def _one_of_many(sheet: Sheet, cell: Cell, label: str) -> bool:
    """Say whether a present value is only the first of a row of years."""
    following = sheet.cells.get((cell.row, cell.column + 1))
    return "total" not in label.lower() and following is not None and looks_like_number(following)


def _fits(cell: Cell, name: str) -> bool:
    if name in _TEXTS:
        return bool(words_in(cell)) and label_of(plain(words_in(cell))) in (None, name)
    return looks_like_number(cell) or bool(ratio_in(words_in(cell)))


def _beside(sheet: Sheet, row: int, column: int, name: str) -> Cell | None:
    """Return the first filled cell to the right, if it holds what the label calls for."""
    for other in range(column + 1, column + (13 if name not in _TEXTS else 7)):
        cell = sheet.cells.get((row, other))
        if cell is not None and (words_in(cell) or cell.formula):
            if words_in(cell) in ("£", "$", "€", "=", ":", "GBP", "EUR", "USD") and name != "currency":
                continue
            return cell if _fits(cell, name) else None
    return None


def _below(sheet: Sheet, row: int, column: int, name: str) -> Cell | None:
    if name in ("title", "analysis", "activities", "scope", "purpose", "audience", "organisation", "investment"):
        return None
    cell = sheet.cells.get((row + 1, column))
    return cell if cell is not None and _fits(cell, name) else None


def ratio_in(text: str) -> float | None:
    """Return the figure in a printed ratio such as 1.93 : 1, 1:1.93 or £1.93, None for anything else.

    >>> ratio_in("1.93 : 1"), ratio_in("£1 : £4.20"), ratio_in("three to one")
    (1.93, 4.2, None)
    """
    bare = re.sub(r"[£$€\s]", "", text)
    for pattern in (r"1(?:\.0+)?:(-?\d+(?:\.\d+)?)", r"(-?\d+(?:\.\d+)?):1(?:\.0+)?", r"(-?\d+(?:\.\d+)?)(?:to1|x)?"):
        match = re.fullmatch(pattern, bare, re.ASCII)
        if match:
            return float(match[1])
    return None

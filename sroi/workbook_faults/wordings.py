"""What the texts and formats of a workbook say beside its numbers: price years, and numbers shown rounded."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from sroi.errors import NameRefused
from sroi.evaluation import evaluate
from sroi.files.sheets import Cell
from sroi.findings import Finding
from sroi.nouns import Outcome
from sroi.reading import NOT_STATED
from sroi.workbook_faults.grid import Address
from sroi.workbook_faults.inspection import FILLED_IN, Inspection, Table, address_of, listed, said
from sroi.workbook_faults.totals import TOTALS

_YEAR = r"((?:19[5-9]|20[0-4])\d(?:\s?[/–-]\s?\d{2,4})?)"
_PRICES = re.compile(
    rf"\b{_YEAR}\s+(?:prices?|money|pounds|£)|\bprices?\s+(?:of|in|for|from|at)\s+{_YEAR}\b"
    rf"|\bprice (?:year|base):?\s*{_YEAR}\b",
    re.IGNORECASE,
)
_ANY_YEAR = re.compile(rf"(?<![\d.,/]){_YEAR}(?![\d.,])")
_BROUGHT_UP = re.compile(
    r"uprat|inflat|adjust|deflat|index|convert|brought|updated|restat|uplift|CPI|GDP", re.IGNORECASE
)
OLD_SOURCE = 5


def text_faults(inspection: Inspection) -> Iterator[Finding]:
    """Yield prices of mixed years, and numbers shown otherwise than they are held."""
    table = inspection.outcomes
    if table is not None:
        if inspection.impact_map.price_year != NOT_STATED:  # else the review asks for it
            yield from _price_years(inspection, table)
        yield from _shown(inspection, table)
    yield from _shown_totals(inspection)


# ---- price years ----


def _price_years(inspection: Inspection, table: Table) -> Iterator[Finding]:
    base = inspection.impact_map.price_year
    old: list[str] = []
    first: Address | None = None
    for row, outcome in _lines(inspection):
        if row not in table.counted or outcome.proxy is None or outcome.proxy.price_year is not None:
            continue
        texts = [(cell, cell.value) for cell in _texts(table, row)]
        found = [(cell, year, text) for cell, text in texts for year in _said_prices(text)]
        for cell, year, text in found[:1]:
            if not years_of(year) & years_of(base):
                at = Address(table.sheet.name, row, cell.column)
                yield inspection.finding(
                    "prices_of_other_year", "medium", 6, at,
                    f"{outcome.label}: '{_cut(text)}' speaks of {year} prices, the map of {base} prices",
                    f"Bring it to {base} prices with a published index, and say so in its source.",
                )  # fmt: skip
        source = outcome.proxy.source or ""
        years = [int(year[:4]) for year in _ANY_YEAR.findall(source)]
        if not found and years and min(years_of(base)) - max(years) >= OLD_SOURCE and not _BROUGHT_UP.search(source):
            old.append(f"'{outcome.label}' ({max(years)})")
            first = first or Address(table.sheet.name, row, _column(table, "proxy"))
    yield from _headings(inspection, table)
    if first is not None:
        yield inspection.finding(
            "old_source", "low", 6, first,
            f"the sources of {listed(old)} are {OLD_SOURCE} years or more older than the map's prices ({base}), and "
            "nothing says that their prices were brought up",
            "Say in which year's prices each proxy is, and bring it to the map's.",
        )  # fmt: skip


def years_of(price_year: int | str) -> set[int]:
    """Return the calendar years of a price year: two for a financial one.

    >>> sorted(years_of("2008/09"))
    [2008, 2009]
    """
    first = int(str(price_year)[:4])
    return {first, first + 1} if len(str(price_year)) > 4 else {first}


def _headings(inspection: Inspection, table: Table) -> Iterator[Finding]:
    """Yield headings that name prices of another year than the map's."""
    base = inspection.impact_map.price_year
    for (row, column), cell in sorted(table.sheet.cells.items()):
        if row < table.first and isinstance(cell.value, str):
            for year in _said_prices(cell.value)[:1]:
                if not years_of(year) & years_of(base):
                    yield inspection.finding(
                        "prices_of_other_year", "medium", 6, Address(table.sheet.name, row, column),
                        f"the heading '{_cut(cell.value)}' speaks of {year} prices, the map of {base} prices",
                        "Say which it is; bring all prices to one year.",
                    )  # fmt: skip


def _lines(inspection: Inspection) -> Iterator[tuple[int, Outcome]]:
    return zip(inspection.reading.rows, inspection.impact_map.outcomes, strict=True)


def _texts(table: Table, row: int) -> Iterator[Cell]:
    for column in range(1, table.sheet.last_column + 1):
        cell = table.sheet.cells.get((row, column))
        if cell is not None and isinstance(cell.value, str) and not cell.formula:
            yield cell


def _said_prices(text: object) -> list[str]:
    """Return the years whose prices a text speaks of; none if it says that they were brought up.

    >>> _said_prices("NHS tariff, 2009/10 prices"), _said_prices("2009 prices, uprated by CPI")
    (['2009/10'], [])
    """
    if not isinstance(text, str) or len(text) > 2_000 or _BROUGHT_UP.search(text):
        return []
    return [next(filter(None, found.groups())) for found in _PRICES.finditer(text)]


def _cut(text: object) -> str:
    words = " ".join(str(text).split())
    return words if len(words) <= 60 else f"{words[:57]}.."


def _column(table: Table, field: str) -> int:
    return next((column for column, name in table.columns.items() if name == field), min(table.columns, default=1))


# ---- shown and held ----


def shown_as(number: float, number_format: str) -> float | None:
    """Return a number as its format shows it; None where the format does not round in a way that is known here.

    >>> shown_as(0.3333, "0%"), shown_as(48.25, '"£"#,##0'), shown_as(48.25, "General")
    (0.33, 48.0, None)
    """
    pattern = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", number_format.split(";")[0]).strip()
    if not re.search(r"[0#]", pattern) or re.search(r"[a-zA-Z/@]", pattern) or re.search(r"[0#],+(?![0#])", pattern):
        return None
    per_cent = pattern.count("%")
    decimals = len(re.findall(r"[0#?]", pattern.partition(".")[2])) + 2 * per_cent
    scale = 10.0 ** min(decimals, 12)
    return math.copysign(math.floor(abs(number) * scale + 0.5 + 1e-9), number) / scale


def _shown(inspection: Inspection, table: Table) -> Iterator[Finding]:
    """Yield a finding where the numbers as shown would come to another ratio than the numbers as held."""
    numbers = inspection.impact_map.numbers()
    at: dict[str, float] = {}
    worst: tuple[float, Address, float, float] | None = None
    for row, outcome in _lines(inspection):
        for column, field in table.columns.items():
            cell = table.sheet.cells.get((row, column))
            address = Address(table.sheet.name, row, column)
            held = inspection.grid.number(address)
            number = numbers.get(f"{outcome.id}.{field}")
            if cell is None or held is None or number is None or number.by_year or field not in FILLED_IN:
                continue
            shown = shown_as(held, cell.number_format)
            if shown is None or shown == held or abs(number.values[0] - held) > 1e-12 * max(1.0, abs(held)):
                continue
            at[number.name] = shown
            off = abs(shown - held) / max(abs(held), 1e-12)
            if worst is None or off > worst[0]:
                worst = (off, address, shown, held)
    if worst is None:
        return
    try:
        as_shown = float(evaluate(inspection.impact_map, at=at).sroi_ratio)
    except NameRefused:
        return
    as_held = float(inspection.result.sroi_ratio)
    if abs(as_shown - as_held) >= max(0.005, 0.005 * abs(as_held)):
        _, address, shown, held = worst
        yield inspection.finding(
            "shown_rounded", "low", 7, address,
            f"with the numbers as the cells show them the ratio is {as_shown:.2f}, as they hold them {as_held:.2f}; "
            f"the furthest off is {inspection.name_of(address)}, shown as {said(shown)}, held as {said(held)}",
            "Show as many digits as are reckoned with, so that a reader can follow with a pencil.",
        )  # fmt: skip


def _shown_totals(inspection: Inspection) -> Iterator[Finding]:
    """Yield ratios shown so coarsely that the rounding is a twentieth of them or more."""
    for printed in inspection.reading.printed:
        at = address_of(printed.place)
        cell = inspection.grid.cell(at) if at is not None else None
        shown = shown_as(printed.value, cell.number_format) if cell is not None else None
        if at is None or shown is None or printed.name not in TOTALS:
            continue
        if abs(shown - printed.value) > 0.05 * abs(printed.value):
            yield inspection.finding(
                "shown_rounded", "medium", 5, at,
                f"the {TOTALS[printed.name]} is shown as {said(shown)} and held as {said(printed.value)}",
                "Show it to two digits at least.",
            )  # fmt: skip

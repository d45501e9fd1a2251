"""Two tables of one workbook that tell the same outcome's number differently."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from sroi import wording
from sroi.files.sheets import Cell, Sheet
from sroi.findings import Finding
from sroi.workbook_faults.grid import Address
from sroi.workbook_faults.inspection import Inspection, Table

# A heading names a number only where it is that name alone: "Deadweight (%)", and not "Deadweight (low)".
_NAMES = {"deadweight": "deadweight", "displacement": "displacement", "attribution": "attribution",
          "drop off": "drop_off", "dropoff": "drop_off", "duration": "duration"}  # fmt: skip
_SHARE = r"%|per ?cent|percentage|share|rate|level"
_HEADING = re.compile(
    rf"(?:(?:{_SHARE})(?: of)? )?(?P<name>{'|'.join(_NAMES)})"
    rf"(?: (?:{_SHARE}|(?:(?:owed|due) )?to others|of others|(?:in )?y(?:ea)?rs?|(?:a|per|each) year))*"
    r"|(?P<price>(?:(?:value|price) of (?:the )?)?(?:financial )?proxy(?: (?:value|price))?"
    r"(?: (?:gbp|eur|usd))?(?: (?:a|per) year)?)"
)
_FIELDS = (*_NAMES.values(), "proxy_value")
_CALLED = {"drop_off": "drop-off", "proxy_value": "proxy"}
# Words of a sheet's name, a title or a heading over several columns: what stands there is another version of the
# number, or a count of people, and may well be another. Neither "low incomes" nor "High Street" is one.
_ASIDE = re.compile(
    r"\b(?:if|tests?|tested|testing|scenarios?|sensitiv\w*|assuming|alternatives?|pessimistic|optimistic"
    r"|(?:worst|best) case|last year\w*|superseded|archived?|drafts?"
    r"|(?:previous|prior|earlier|past|old)(?=$| (?:years?|figures?|maps?|versions?|forecasts?|reports?|values?))"
    r"|survey\w*|numbers? of|how many|people asked|respondents?|replies|answers"
    r"|(?:low|high)(?:er)?(?=$|[^\w\s-]| (?:and|or|to|case|end|bound|estimate|figure|value|version)))(?!\w)"
)
# A column of such a name tells of which version each row is.
_VERSION = re.compile(r"scenarios?|cases?|variants?|versions?|years?|periods?|tests?|estimates?")
_LONGEST_TITLE = 200
# Tables for print are rounded: so much may a share, or a number of years, be off.
_ROUNDED = {"duration": 0.5}
_MOST_ROUNDED = 0.00501
_ROUNDED_PRICE = 0.005
# A price may stand by the year in one table and by the month, the week or the quarter in the other.
_TIMES_A_YEAR = (1, 4, 12, 52)


def repeated_numbers(inspection: Inspection) -> Iterator[Finding]:
    """Yield each number of an outcome that another table, which names it in the same words, tells otherwise."""
    table = inspection.outcomes
    if table is None:
        return
    times = Counter(_plain(label) for label in table.labels.values())
    rows = {_plain(label): row for row, label in table.labels.items() if times[_plain(label)] == 1}
    # A price may stand in a column of its own, or in the only one that tells of the proxy.
    named = {"proxy_value" if field == "proxy" else field: column for column, field in table.columns.items()}
    named |= {field: column for column, field in table.columns.items() if field == "proxy_value"}
    columns = {field: named[field] for field in _FIELDS if field in named}
    own_years = _own_years(inspection, table)
    for sheet in inspection.book.sheets:
        above = _Above(own_years)
        if _is_aside(_plain(sheet.name.replace("_", " ")), own_years):
            continue
        for row, cells in sheet.rows():
            own = sheet.name == table.sheet.name and table.first - 6 <= row <= table.last
            told = [] if own else [column for column, words in _texts(cells).items() if words in rows]
            if told and not above.tells_versions(cells):
                for column in told:
                    line = rows[_plain(str(cells[column].value))]
                    yield from _beside(inspection, table, line, columns, sheet, cells, above, column)
            above.take(row, cells)


def _beside(
    inspection: Inspection, table: Table, line: int, columns: dict[str, int],
    sheet: Sheet, cells: Mapping[int, Cell], above: _Above, after: int,
) -> Iterator[Finding]:  # fmt: skip
    for column in range(after + 1, after + 21):
        cell, field = cells.get(column), above.field(column)
        if field not in columns or cell is None or cell.formula is not None or not _is_number(cell.value):
            continue
        here, there = Address(sheet.name, cell.row, column), Address(table.sheet.name, line, columns[field])
        shown, held = float(cell.value), inspection.grid.number(there)  # type: ignore[arg-type]
        if held is None or _agree(field, shown, held):
            continue
        words = [_said(each, field) for each in (shown, held)]
        yield inspection.finding(
            "tables_disagree", "high", 7, here,
            f"{table.labels[line]}: this table gives {words[0]} as its {_CALLED.get(field, field)}, the table that is "
            f"reckoned with {words[1]} ({inspection.grid.place(there)})",
            "Find out which of the two is right, and let the one table take it from the other.",
        )  # fmt: skip


class _Heading(NamedTuple):
    """The nearest words above a cell, those that stand over them, and whether the table's title puts it aside."""

    words: str
    over: str
    aside: bool


class _Above:
    """What stands above a row, while a sheet is walked downwards once: the nearest words of each column, the titles."""

    def __init__(self, own_years: frozenset[int]) -> None:
        self._own_years = own_years
        self._headings: dict[int, _Heading] = {}
        self._versions: frozenset[int] = frozenset()
        self._opening: bool | None = None  # whether the sheet's own title puts it aside; None before any words
        self._title = self._opened = self._alone = False
        self._before: tuple[int, dict[int, str]] = (0, {})

    def field(self, column: int) -> str:
        """Return the field that the nearest words above name, and nothing but that; "" if they name none."""
        heading = self._headings.get(column)
        if heading is None or heading.aside or self._title or self._opening:
            return ""
        return "" if _is_aside(heading.over, self._own_years) else _field_named(heading.words)

    def tells_versions(self, cells: Mapping[int, Cell]) -> bool:
        """Say whether a column of the row is headed as the one that tells which version a row is of."""
        return not self._versions.isdisjoint(cells)

    def take(self, row: int, cells: Mapping[int, Cell]) -> None:
        """Go one row down: its words now stand above what follows."""
        texts = _texts(cells)
        held = [cell for cell in cells.values() if cell.value is not None and cell.value != ""]
        alone = len(texts) == len(held) == 1
        if texts and (alone or self._opening is None):
            aside = _is_aside(next(iter(texts.values())), self._own_years)
            self._title = aside or (alone and self._alone and self._title)
            if not self._opened:
                self._opening = aside or bool(self._opening)
        self._opened = self._opened or bool(held and not alone)
        over = self._before[1] if self._before[0] == row - 1 else {}
        starts = list(over)
        for column, words in texts.items():
            place = bisect_right(starts, column) - 1
            self._headings[column] = _Heading(words, over[starts[place]] if place >= 0 else "", self._title)
        self._alone = alone
        worded = not any(_is_number(cell.value) for cell in held)
        if worded and len(texts) > 1:  # a row of headings: the words below it are entries
            self._versions = frozenset(column for column, words in texts.items() if _VERSION.fullmatch(words))
        self._before = (row, texts if worded else {})


@lru_cache(maxsize=4096)
def _is_aside(words: str, own_years: frozenset[int]) -> bool:
    """Say whether words tell of another version of the numbers, or of an earlier year than the table's own.

    >>> _is_aside("what if", frozenset()), _is_aside("figures of 2022/23", frozenset({2024}))
    (True, True)
    >>> _is_aside("older people on low incomes", frozenset({2024}))
    False
    """
    named = _years(words)
    older = bool(named and own_years) and not named & own_years and max(named) < max(own_years)
    return older or bool(_ASIDE.search(words[:_LONGEST_TITLE]))


@lru_cache(maxsize=4096)
def _field_named(words: str) -> str:
    """Return the field that a heading names, and nothing but that.

    >>> _field_named("drop-off (% a year)"), _field_named("drop-off (low)"), _field_named("value of proxy (£)")
    ('drop_off', '', 'proxy_value')
    >>> _field_named("value of proxy (2009 prices)"), _field_named("proxy source")
    ('', '')
    """
    found = _HEADING.fullmatch(" ".join(re.sub(r"[^\w%]+", " ", words[:_LONGEST_TITLE]).split()))
    if found is None:
        return ""
    return "proxy_value" if found["price"] else _NAMES[found["name"]]


def _own_years(inspection: Inspection, table: Table) -> frozenset[int]:
    """Return the years that the table of outcomes speaks of in its name and above it, and that of the map's prices."""
    above = (cell.value for (row, _), cell in table.sheet.cells.items() if row < table.first)
    texts = [str(inspection.impact_map.price_year), table.sheet.name]
    texts += [value for value in above if isinstance(value, str)]
    return frozenset(year for text in texts for year in _years(text))


def _years(text: str) -> set[int]:
    return {int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)}


def _texts(cells: Mapping[int, Cell]) -> dict[int, str]:
    texts = {column: _plain(cell.value) for column, cell in cells.items() if isinstance(cell.value, str)}
    return {column: words for column, words in texts.items() if words}


def _agree(field: str, shown: float, held: float) -> bool:
    """Say whether two numbers are one: rounded, in per cent, the share claimed for that owed, a price by the month."""
    if field == "proxy_value":
        near = max(_ROUNDED_PRICE * abs(held), 0.5)
        return any(abs(shown * times - held) <= near or abs(shown - held * times) <= near for times in _TIMES_A_YEAR)
    meant = [shown, shown / 100] if field != "duration" else [shown]
    meant += [1 - each for each in meant] if field == "attribution" else []
    return any(abs(each - held) <= _ROUNDED.get(field, _MOST_ROUNDED) for each in meant)


def _said(number: float, field: str) -> str:
    if field == "proxy_value":
        return f"{number:,.2f}".removesuffix(".00")
    return f"{number:g} years" if field == "duration" else wording.per_cent(number)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())

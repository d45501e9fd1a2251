"""What frames a stranger's map: title, currency, price year, discount rate, forecast or evaluative."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import Any

from sroi.errors import Path
from sroi.files.cells import (
    CODES,
    Notation,
    Unreadable,
    currencies_in,
    currency_of,
    hundredth,
    number_in,
    words_in,
)
from sroi.files.foreign_inputs import Put
from sroi.files.foreign_labels import Labelled, label_of
from sroi.files.foreign_layout import Table
from sroi.files.foreign_ledger import Ledger, per_cent
from sroi.files.grid import Book
from sroi.files.headings import plain
from sroi.files.options import ReadingOptions

NOT_STATED = "not stated"
_WORDS = {"organisation": "organisation", "activities": "activities"}
_NARRATIVE = ("scope", "purpose", "audience")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:\s*[/–-]\s*(?:20)?(\d\d)(?!\d))?")


class Frame:
    """Reads what frames the map, into a tree and its places."""

    def __init__(
        self,
        book: Book,
        table: Table,
        labels: list[Labelled],
        options: ReadingOptions,
        ledger: Ledger,
        fallback: str | None,
    ) -> None:
        self.book, self.table, self.labels = book, table, labels
        self.options, self.ledger, self.fallback = options, ledger, fallback
        self.tree: dict[str, Any] = {"sroi": 1}
        self.places: dict[Path, str] = {}
        self.puts: tuple[Put, ...] = ()
        self.rows: list[int] = []

    def read(self, rows: Iterable[int], notation: Notation, years_stated: set[str], puts: Iterable[Put]) -> None:
        """Read everything; `rows` are those of the outcomes, `years_stated` their price years, `puts` the inputs."""
        self.puts = tuple(puts)
        self.rows = list(rows)
        self._title()
        self._analysis()
        self._currency(self.rows)
        self._price_year(years_stated)
        for name in _WORDS:
            self._take_words(name, (name,))
        for name in _NARRATIVE:
            self._take_words(name, ("narrative", name))
        self._discount_rate(notation)

    def _first(self, name: str) -> Labelled | None:
        """Return the labelled cell of this name, the map's own sheet first."""
        found = [each for each in self.labels if each.name == name]
        return min(found, key=lambda each: each.sheet.name != self.table.sheet.name, default=None)

    def _take_words(self, name: str, path: tuple[str, ...]) -> None:
        label = self._first(name)
        words = words_in(label.cell) if label is not None else ""
        if label is None or not words:
            return
        group = self.tree.setdefault(path[0], {}) if len(path) > 1 else self.tree
        group[path[-1]] = words
        self.places[path] = label.place

    def _title(self) -> None:
        label = self._first("title")
        if label is not None and words_in(label.cell):
            self.tree["title"] = words_in(label.cell)
            self.places["title",] = label.place
            return
        for (row, column), cell in sorted(self.table.sheet.cells.items()):
            text = words_in(cell)
            if row >= self.table.header[0]:
                break
            if isinstance(cell.value, str) and 3 <= len(text) <= 120 and not _labels(text):
                self.tree["title"] = text
                self.places["title",] = self.table.sheet.place(row, column)
                self.ledger.repair(f"Title read as '{text}'", self.table.sheet.place(row, column))
                return
        self.tree["title"] = FilePath(self.book.file).stem or "A value map"
        self.ledger.repair(f"The file gives no title: called '{self.tree['title']}', as the file is")

    def _analysis(self) -> None:
        label = self._first("analysis")
        stated = _kind_of_analysis(words_in(label.cell)) if label is not None else None
        if self.options.analysis:
            self.tree["analysis"] = self.options.analysis
            return
        if label is not None and stated:
            self.tree["analysis"] = stated
            self.places["analysis",] = label.place
            return
        for (row, column), cell in sorted(self.table.sheet.cells.items()):
            if row >= self.table.header[0]:
                break
            kind = _kind_of_analysis(words_in(cell)) if isinstance(cell.value, str) and len(cell.value) < 150 else None
            if kind:
                self.tree["analysis"] = kind
                place = self.table.sheet.place(row, column)
                self.ledger.repair(f"Analysis read as {kind}: the cell says '{words_in(cell)[:60]}'", place)
                return
        self.tree["analysis"] = "forecast"
        self.ledger.repair(
            "The file does not say whether it is a forecast or an evaluation: read as a forecast, the weaker claim; "
            "otherwise --analysis evaluative"
        )

    def _currency(self, rows: list[int]) -> None:
        if self.options.currency:
            self.tree["currency"] = self.options.currency
            for currency, place in self._currencies_seen(rows).items():
                if currency not in ("$", self.options.currency):
                    said = (
                        f"Currency taken as {self.options.currency}, as --currency says, but the file shows {currency}"
                    )
                    self.ledger.repair(said, place)
            return
        label = self._first("currency")
        if label is not None:
            named = {words_in(label.cell).upper()} & set(CODES) or currencies_in([words_in(label.cell)])
            if len(named) == 1 and "$" not in named:
                self.tree["currency"] = named.pop()
                self.places["currency",] = label.place
                return
        seen = self._currencies_seen(rows)
        if "$" in seen and any(each.endswith("D") for each in seen):
            seen.pop("$")
        if self.fallback and (not seen or set(seen) == {"$"} or set(seen) == {self.fallback}):
            self.tree["currency"] = self.fallback
        elif len(seen) == 1 and "$" not in seen:
            ((currency, place),) = seen.items()
            self.tree["currency"] = currency
            self.ledger.repair(f"Currency read as {currency}, from the sign in the file", place)
        elif set(seen) == {"$"}:
            self.ledger.problem(
                "the currency is $, the sign of several",
                "Say --currency USD, or AUD, NZD, CAD ..",
                seen["$"],
                ("currency",),
            )
        elif seen and self.fallback:
            self.ledger.problem(
                f"the file shows {' and '.join(sorted(seen))}, where the mapping has {self.fallback}",
                f"Say --currency {self.fallback} if all its values are in it.",
                path=("currency",),
            )
        elif seen:
            names = " and ".join(f"{currency} ({place})" for currency, place in sorted(seen.items()))
            self.ledger.problem(
                f"the file shows more than one currency: {names}",
                "Bring all values to one currency, and say --currency with its code.",
                path=("currency",),
            )
        else:
            self.ledger.problem(
                "the file names no currency", "Say --currency GBP, or the code it is in.", path=("currency",)
            )

    def _currencies_seen(self, rows: list[int]) -> dict[str, str]:
        """Return each currency seen about the values, with the first place where it stands."""
        seen: dict[str, str] = {}
        sheet, columns = self.table.sheet, self.table.columns
        for name in ("proxy_value", "input_value", "impact", "gross"):
            column = columns.get(name)
            if column is None:
                continue
            for currency in currencies_in([self.table.headings.get(column, ""), self.table.groups.get(column, "")]):
                seen.setdefault(currency, sheet.place(self.table.header[1], column))
            for row in rows:
                for currency in currency_of(sheet.cells.get((row, column))):
                    seen.setdefault(currency, sheet.place(row, column))
        for put in self.puts:
            for currency in put.currencies:
                seen.setdefault(currency, put.place)
        if not seen:
            for label in self.labels:
                for currency in currency_of(label.cell) | currencies_in([label.label]):
                    seen.setdefault(currency, label.place)
        if not seen:
            for each in self.book.sheets:
                for (row, column), cell in each.cells.items():
                    if isinstance(cell.value, float) or (isinstance(cell.value, str) and len(cell.value) < 80):
                        for currency in currency_of(cell):
                            seen.setdefault(currency, each.place(row, column))
        return seen

    def _price_year(self, years_stated: set[str]) -> None:
        label = self._first("price_year")
        stated = self.options.price_year or (price_year_in(words_in(label.cell)) if label is not None else None)
        if stated:
            self.tree["price_year"] = stated
            if label is not None and not self.options.price_year:
                self.places["price_year",] = label.place
        elif len(years_stated) == 1:
            self.tree["price_year"] = next(iter(years_stated))
            self.ledger.repair(f"Price year read as {self.tree['price_year']}, the price year of the proxies")
        elif len(said := self._years_of_prices()) == 1:
            ((year, place),) = said.items()
            self.tree["price_year"], self.places["price_year",] = year, place
            self.ledger.repair(f"Price year read as {year}, from words beside the table", place)
        else:
            self.tree["price_year"] = NOT_STATED
            self.ledger.repair(
                "The file does not say in the prices of which year it is: say --price-year if you know it"
            )

    def _years_of_prices(self) -> dict[str, str]:
        """Return the years whose prices a text above or below the outcomes says these are, each with its cell."""
        sheet = self.table.sheet
        found: dict[str, str] = {}
        for (row, column), cell in sheet.cells.items():
            text = cell.value if isinstance(cell.value, str) and row not in self.rows else ""
            for part in re.findall(r"[^.;,()]*\bprices?\b[^.;,()]*", text, re.IGNORECASE):
                year = price_year_in(part)
                if year is not None:
                    found.setdefault(year, sheet.place(row, column))
        return found

    def _discount_rate(self, notation: Notation) -> None:
        label = self._first("discount_rate")
        rate = None
        if label is not None:
            try:
                read = number_in(label.cell, notation)
            except Unreadable as error:
                self.ledger.problem(f"the discount rate: {error.found}", error.remedy, label.place)
                return
            if read is not None and read.value is not None:
                rate = read.value
                if rate > 1 or (0.2 < rate <= 1 and "%" in label.label and not read.per_cent):
                    rate = hundredth(rate)
                    self.ledger.repair(
                        f"Discount rate read as {per_cent(rate)}: the cell holds {words_in(label.cell)}", label.place
                    )
                elif read.repair:
                    self.ledger.repair(f"Discount rate read as {per_cent(rate)}: {read.repair}", label.place)
                self.places["conventions", "discount_rate"] = label.place
        if rate is None:
            rate = 0.035
            self.ledger.repair("The file names no discount rate: 3.5 % a year was taken")
        self.tree["conventions"] = {"discount_rate": rate}
        if rate:
            self.ledger.repair(
                "The file does not say when in a year its values fall: the first year is discounted once (end of year)"
            )


def _labels(text: str) -> bool:
    """Say whether a text is a label, or holds one and its value."""
    return label_of(plain(text)) is not None or label_of(plain(text.partition(":")[0])) is not None


def _kind_of_analysis(text: str) -> str | None:
    forecast, evaluative = re.search(r"\bforecast", text, re.I), re.search(r"\bevaluati(ve|on)\b", text, re.I)
    if bool(forecast) == bool(evaluative):
        return None
    return "forecast" if forecast else "evaluative"


def price_year_in(text: str) -> str | None:
    """Return the price year in a text such as "2023-24 prices", None if there is none or more than one.

    >>> price_year_in("2023/2024"), price_year_in("prices of 2019"), price_year_in("mixed")
    ('2023/24', '2019', None)
    """
    found = _YEAR.findall(text)
    if len(found) != 1:
        return None
    year, following = found[0]
    if following and int(following) == (int(year[2:]) + 1) % 100:
        return f"{year}/{following}"
    return str(year) if not following else None

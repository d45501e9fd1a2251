"""A supplier ledger is read, line by line, into columns; what is odd is counted, what cannot be read is named."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from decimal import Decimal
from operator import itemgetter
from pathlib import Path

import numpy as np

from sroi.commissioning.spend import ledger as lines
from sroi.commissioning.spend.amounts import (
    Amount,
    Unread,
    plain_pennies,
    read_amount,
    read_day,
    read_rate,
    vat_on,
    without_vat,
)
from sroi.commissioning.spend.headings import DETAILS, FIELDS, Columns, basis_of_heading, find_columns
from sroi.commissioning.spend.kinds import name_key
from sroi.commissioning.spend.ledger import DIRECT, MOST_TOLD, NO_DATE, Ledger, Oddity, Supplier, Where
from sroi.commissioning.spend.postcodes import read_postcode
from sroi.commissioning.spend.settings import AS_WRITTEN, GROSS, NET, NOT_STATED, WITHOUT_VAT, Settings
from sroi.errors import FileRefused, Problem
from sroi.files.long_table import Seen, open_long_tables, table_named, unseen

# What says who was paid and where: the same few cells come again and again, and are looked up together.
_WHO = ("supplier", "supplier_id", "postcode", "place", "authority", *DETAILS)
_LINE = ("amount", "day", "reference", "document", "currency", "basis", "vat_rate", "vat_amount", "tier", "paid_by")
_NUMBERS = ("row", "supplier", "day", "written", "counted", "where", "tier", "reason", "currency", "same", "alike")
_TOTAL = re.compile(
    r"(grand|sub|page|report|running|monthly|overall|period)[ -]?totals?( .*)?:?"
    r"|totals?( (carried|brought) forward| c/?f| b/?f| spend| amount| payments| (for|of) .*)?:?"
    r"|balance (carried|brought) forward|sum:?",
    re.IGNORECASE,
)
_NO_LETTER = re.compile(r"[\W_]+")
_NOUGHTS = re.compile(r"(?<!\d)0+(?=\d)")
_CREDIT = re.compile(r"\b(credit|cn|cr|crn|refund|rebate)\b", re.IGNORECASE)
_TIER = re.compile(r"(?:tier|level|t)? ?([1-9])(?:st|nd|rd|th)?(?: tier)?", re.IGNORECASE)
_TIER_WORDS = {"": 0, "direct": 1, "prime": 1, "main": 1, "indirect": 2, "subcontractor": 2, "sub-contractor": 2}
_BASIS = {
    **dict.fromkeys(("net", "n", "ex", "ex vat", "excl", "excl vat", "excluding vat", "exclusive", "no", "without vat",
                     "net of vat"), NET),
    **dict.fromkeys(("gross", "g", "inc", "inc vat", "incl", "incl vat", "including vat", "inclusive", "yes",
                     "with vat"), GROSS),
}  # fmt: skip
_CURRENCIES = {"£": "GBP", "€": "EUR", "$": "USD", "STERLING": "GBP", "POUNDS": "GBP", "EURO": "EUR", "EUROS": "EUR"}
_CODES = re.compile(r"[A-Z]{3}")


def read_ledger(path: str | Path, settings: Settings, seen: Seen = unseen) -> Ledger:
    """Return a ledger as columns; FileRefused if its columns cannot be found, or nothing in it can be read.

    Single lines that cannot be read do not stop the reading: they are named with their row, and left out.
    """
    tables = open_long_tables(path)
    if {"Settings", "Columns", "LM3"} <= {table.sheet for table in tables}:
        remedy = f"Name the ledger first: sroi commission spend LEDGER --settings {path}"
        raise FileRefused(Problem("this is the form of settings, and not a ledger", remedy), str(path))
    tables = [table_named(tables, settings.sheet)] if settings.sheet else tables
    columns = find_columns(tables, settings.columns, tuple(FIELDS), "ledger", ("supplier", "supplier_id"))
    if settings.period_from is not None and "day" not in columns.places:
        remedy = "Name the column in the settings, sheet Columns: field day; or leave the period empty."
        raise FileRefused(Problem("a period is set, and no column of this ledger was found to hold days", remedy),
                          columns.table.file)  # fmt: skip
    reading = _Reading(columns, settings)
    for row, cells in columns.table.rows(seen):
        if row > columns.heading_row:
            reading.take(row, cells)
    return reading.finished()


class _Reading:
    """The columns while they grow, and what texts met before were found to say."""

    def __init__(self, columns: Columns, settings: Settings) -> None:
        self.columns, self.settings = columns, settings
        self.width = len(columns.headings)
        self.pick_who, self.pick_line = (
            itemgetter(*(columns.places.get(field, self.width) for field in fields)) for fields in (_WHO, _LINE)
        )
        self.blanks = [""] * (self.width + 1)
        self.numbers = array("q")  # those of a line side by side, in the order of _NUMBERS
        self.add = self.numbers.extend
        self.typed = columns.table.cells_named
        self.suppliers: list[Supplier] = []
        self.wheres: list[Where] = []
        self.currencies = [settings.currency]
        self.refused: list[Problem] = []
        self.oddities: dict[str, Oddity] = {}
        self.sums_by_basis = {NET: 0, GROSS: 0, NOT_STATED: 0}
        self.keys: list[str] = []
        self.known: dict[tuple[str, ...], tuple[int, int]] = {}
        self.by_identity: dict[str, int] = {}
        self.known_wheres: dict[tuple[str, str, str], int] = {}
        self.known_days: dict[str, int | Unread] = {}
        self.known_tiers: dict[str, int] = {}
        self.named_total: dict[str, bool] = {}
        self.known_credits: dict[str, bool] = {}
        self.own_basis = settings.amounts_are
        if self.own_basis == NOT_STATED:
            self.own_basis = basis_of_heading(columns.heading("amount")) or NOT_STATED
        self.since_total = self.running = 0
        self.has_reference = "reference" in columns.places
        period = settings.period_from, settings.period_to
        self.first, self.last = (each.toordinal() if each is not None else 0 for each in period)

    def take(self, row: int, cells: list[str]) -> None:
        """Take one line in, whatever it is."""
        if len(cells) == self.width:
            cells.append("")
        elif not any(map(str.strip, cells[self.width :])):
            cells = [*cells[: self.width], *self.blanks[min(len(cells), self.width) :]]
        else:
            found = f"{len(cells)} cells stand under {self.width} headings"
            self.refuse(row, "", found, "A comma within a cell, perhaps: put that cell in quotes.")
            return
        (written, day_text, reference, document, currency_text, basis, rate, vat, tier_text, payer
         ) = self.pick_line(cells)  # fmt: skip
        amount: Amount | None
        pennies = None if self.settings.decimal_comma else plain_pennies(written)
        plain = not currency_text or currency_text == self.settings.currency
        if pennies is None or not plain or (document and self.is_credit(document)):
            try:
                amount = read_amount(written, self.settings.decimal_comma, self.typed)
            except Unread as error:
                if written == self.columns.heading("amount"):
                    self.odd("repeated headings", row)
                else:
                    self.refuse(row, "amount", error.found, error.remedy)
                return
            if amount is None:
                if any(map(str.strip, cells)):
                    self.add((row, -1, NO_DATE, 0, 0, -1, DIRECT, lines.NO_SUM, 0, 0, 0))
                return
            currency = self.currency(currency_text, amount)
            pennies = self.signed(row, amount, document)
        else:
            currency = 0
        who = self.pick_who(cells)
        if not day_text.strip() and self.is_total(who[0], who[1], cells, pennies):
            self.add((row, -1, NO_DATE, pennies, pennies, -1, DIRECT, lines.TOTAL, currency, 0, 0))
            self.since_total = 0
            return
        supplier, where = self.known.get(who) or self.met(who, row)
        tier = self.tier(row, tier_text, payer) if tier_text or payer else DIRECT
        day, reason = self.day(row, day_text)
        counted = pennies
        if currency:
            reason = reason or lines.CURRENCY
        else:
            self.running += pennies
            self.since_total += pennies
            in_basis = self.in_basis(pennies, basis, rate, vat, row)
            if in_basis is None:
                reason = reason or lines.VAT
            else:
                counted = in_basis
        same, alike = self.marks(supplier, day, pennies, reference)
        self.add((row, supplier, day, pennies, counted, where, tier, reason, currency, same, alike))

    def refuse(self, row: int, field: str, found: str, remedy: str) -> None:
        """Note a line that cannot be read, with its cell."""
        if len(self.refused) < MOST_TOLD:
            self.refused.append(Problem(found, remedy, cell=self.columns.cell(row, field)))
        self.add((row, -1, NO_DATE, 0, 0, -1, DIRECT, lines.UNREAD, 0, 0, 0))

    def odd(self, what: str, row: int, pennies: int = 0) -> None:
        """Count something that a reader should know."""
        self.oddities.setdefault(what, Oddity()).met(row, pennies)

    # ---- what a line says ----

    def signed(self, row: int, amount: Amount, document: str) -> int:
        if amount.rounded:
            self.odd("fractions of a penny", row, amount.pennies)
        if document and amount.pennies > 0 and self.is_credit(document):
            if self.settings.credit_notes_negative:
                self.odd("credit notes turned", row, -amount.pennies)
                return -amount.pennies
            self.odd("credit notes without a minus", row, amount.pennies)
        return amount.pennies

    def is_credit(self, document: str) -> bool:
        """Say whether a document is called a credit note."""
        known = self.known_credits.get(document)
        if known is None:
            known = self.known_credits[document] = bool(_CREDIT.search(document))
        return known

    def currency(self, written: str, amount: Amount) -> int:
        word = written.strip().upper()
        named = _CURRENCIES.get(word, word) or amount.currency or self.settings.currency
        if named == self.settings.currency:
            return 0
        named = named if _CODES.fullmatch(named) else f"'{written.strip()[:20]}'"
        if named not in self.currencies:
            self.currencies.append(named)
        return self.currencies.index(named)

    def is_total(self, name: str, number: str, cells: Sequence[str], pennies: int) -> bool:
        """Say whether a line adds up others: it says so and has no day, or names nobody and is the sum so far."""
        if number.strip():
            return False
        if name.strip():
            known = self.named_total.get(name)
            if known is None:
                known = self.named_total[name] = bool(_TOTAL.fullmatch(" ".join(name.split())))
            return known
        if any(_TOTAL.fullmatch(" ".join(cell.split())) for cell in cells if cell):
            return True
        return pennies != 0 and pennies in (self.since_total, self.running)

    def met(self, who: tuple[str, ...], row: int) -> tuple[int, int]:
        """Return the supplier and the place of cells that were not met before."""
        name, number, postcode, place, authority, *details = who
        supplier = self.supplier(name, number, row)
        if any(details):
            self.suppliers[supplier].details.setdefault(tuple(details), row)
        found = self.known[who] = supplier, self.where(postcode, place, authority)
        return found

    def supplier(self, name: str, number: str, row: int) -> int:
        """Return which supplier this is: by its id if it has one, else by its name as spelt."""
        plain, own = " ".join(name.split()), number.strip()
        identity = f"id {own}" if own else f"name {plain}"
        place = self.by_identity.get(identity)
        if place is None:
            place = self.by_identity[identity] = len(self.suppliers)
            self.suppliers.append(Supplier(plain, own, row))
            self.keys.append(name_key(plain) or f"#{place}")
        if plain:
            self.suppliers[place].spellings.setdefault(plain, row)
            if not self.suppliers[place].name:
                self.suppliers[place].name = plain
        return place

    def where(self, postcode: str, place: str, authority: str) -> int:
        key = postcode, place, authority
        known = self.known_wheres.get(key)
        if known is None:
            known = self.known_wheres[key] = len(self.wheres)
            self.wheres.append(Where(read_postcode(postcode), " ".join(place.split()), " ".join(authority.split())))
        return known

    def tier(self, row: int, written: str, payer: str) -> int:
        tier = self.known_tiers.get(written)
        if tier is None:
            word = " ".join(written.lower().split())
            match = _TIER.fullmatch(word.removesuffix(".0"))
            tier = self.known_tiers[written] = _TIER_WORDS.get(word, int(match[1]) if match else -1)
        if tier == -1:
            self.odd("tiers that are not understood", row)
        another = bool(payer.strip()) and name_key(payer) != name_key(self.settings.buyer)
        if tier <= 0:
            return 2 if another else DIRECT
        if tier == DIRECT and another:
            self.odd("tier 1, and paid by another", row)
        return tier

    def day(self, row: int, written: str) -> tuple[int, int]:
        """Return a line's day, and why it does not count, if its day is the reason."""
        found = self.known_days.get(written)
        if found is None:
            found = self.known_days[written] = self.read_day(written)
        if isinstance(found, Unread):
            self.odd("days that cannot be read", row)
            if self.first and len(self.refused) < MOST_TOLD:
                self.refused.append(Problem(found.found, found.remedy, cell=self.columns.cell(row, "day")))
            return NO_DATE, lines.NO_DAY if self.first else lines.COUNTED
        if not self.first:
            return found, lines.COUNTED
        if found == NO_DATE:
            return found, lines.NO_DAY
        return found, lines.COUNTED if self.first <= found <= self.last else lines.OUTSIDE

    def read_day(self, written: str) -> int | Unread:
        try:
            day = read_day(written, self.settings.month_first)
        except Unread as error:
            return error
        return NO_DATE if day is None else day.toordinal()

    def in_basis(self, pennies: int, basis: str, rate: str, vat: str, row: int) -> int | None:
        """Return a sum as it counts, with or without VAT as the settings say; None if that is not known."""
        own = _BASIS.get(" ".join(basis.lower().split()), NOT_STATED) if basis.strip() else self.own_basis
        self.sums_by_basis[own] += pennies
        wanted = self.settings.count_in
        if wanted == AS_WRITTEN:
            return pennies
        if own == NOT_STATED:
            return None
        if (own == NET) is (wanted == WITHOUT_VAT):
            return pennies
        try:
            stated = read_amount(vat, self.settings.decimal_comma, self.typed)
            if stated is not None:
                less = -abs(stated.pennies) if pennies < 0 else abs(stated.pennies)
                return pennies - less if wanted == WITHOUT_VAT else pennies + less
            share: Decimal | None = read_rate(rate)
        except Unread as error:
            if len(self.refused) < MOST_TOLD:
                self.refused.append(Problem(error.found, error.remedy, cell=self.columns.cell(row, "vat_rate")))
            return None
        share = self.settings.usual_vat_rate if share is None else share
        if share is None:
            return None
        return without_vat(pennies, share) if wanted == WITHOUT_VAT else pennies + vat_on(pennies, share)

    def marks(self, supplier: int, day: int, pennies: int, reference: str) -> tuple[int, int]:
        """Return what is equal for lines that repeat each other exactly and nearly; 0 for what cannot be told."""
        if not pennies:
            return 0, 0
        odd = 2 * pennies + 1  # Python gives -1 and -2 one hash
        if not reference.strip():
            return (0 if self.has_reference or day == NO_DATE else hash((supplier, day, odd))), 0
        plain = reference if reference.isalnum() else _NO_LETTER.sub("", reference)
        same = hash((supplier, day, odd, reference))
        plain = _NOUGHTS.sub("", plain) if "0" in plain else plain
        return same, hash((self.keys[supplier], odd, plain.casefold()))

    def finished(self) -> Ledger:
        """Return the ledger; FileRefused if no line of it could be read."""
        table = np.array(self.numbers, dtype=np.int64).reshape(-1, len(_NUMBERS))
        numbers = {name: table[:, place].copy() for place, name in enumerate(_NUMBERS)}
        read = np.isin(numbers["reason"], (lines.UNREAD, lines.NO_SUM), invert=True)
        if not read.any():
            problems = self.refused[:20] or [Problem("no line of this ledger holds a sum", "Check the column of sums.")]
            raise FileRefused(problems, self.columns.table.file)
        return Ledger(
            self.columns, **numbers, suppliers=self.suppliers, wheres=self.wheres, currencies=self.currencies,
            refused=self.refused, oddities=self.oddities, sums_by_basis=self.sums_by_basis,
        )  # fmt: skip

"""Which column of a stranger's ledger is which: by the settings, else by its heading, and guesses are said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.files.grid import column_letters
from sroi.files.long_table import LongTable

# What a column may hold, by name: what people call it, and which files may have it.
FIELDS = {
    "supplier": "supplier's name", "supplier_id": "supplier's number or id", "amount": "sum", "day": "day",
    "reference": "invoice or payment number", "document": "kind of document (invoice, credit note)",
    "currency": "currency", "basis": "with or without VAT", "vat_rate": "VAT rate", "vat_amount": "VAT",
    "tier": "tier of the supply chain", "paid_by": "who paid", "postcode": "postcode", "place": "place",
    "authority": "authority's code or name", "size": "size", "kind": "kind of body",
    "charity_number": "charity number", "staff": "staff", "turnover": "turnover",
    "balance_sheet": "balance sheet total", "accounts_from": "first day of the accounting period",
}  # fmt: skip
DETAILS = ("size", "kind", "charity_number", "staff", "turnover", "balance_sheet", "accounts_from")
SUPPLIER_FIELDS = ("supplier", "supplier_id", "postcode", "place", "authority", *DETAILS)

_WHO = r"(supplier|vendor|creditor|payee|beneficiary|merchant|contractor|provider)"
_NUMBER = r"(id|no|number|ref|reference|code|account|num)"
# Tried in this order, each against the whole heading; the first that fits a column has it. Who paid is never guessed:
# "Paid by" may hold BACS, and all spend would be taken for indirect.
_PATTERNS = (
    ("charity_number", r"(registered )?charity (no|number|registration( no| number)?|reg( no)?)"),
    ("supplier_id", rf"{_WHO}s? {_NUMBER}( no| number)?|{_WHO}id"),
    ("supplier", rf"{_WHO}s?( name)?s?|name of {_WHO}|{_WHO} ?name( expanded)?|paid to"),
    ("supplier", r"organisation( name)?|company name"),
    ("vat_rate", r"(rate of )?vat ?(rate|%|per ?cent|percentage)( %)?|tax rate"),
    ("basis", r"(net or gross|gross or net|vat (status|treatment|basis|included)|(incl?|ex)?(uding)? ?vat\?)"),
    ("vat_amount", r"(irrecoverable |recoverable )?vat( amount| value| £)?|amount of vat|tax amount"),
    ("amount", r"(net|amount|sum|value|spend|total spend|paid|(payment|invoice|line|transaction|gross)"
               r" (amount|value|total|net))( (amount|value|total|net|paid|spend))*"
               r"( (ex|excl|excluding|net of|without|exc) vat)?( £| gbp)*"),
    ("amount", r"(amount|net)( (in )?(£|gbp))?( net| ex vat)?|£|gbp|total( amount| value| net| £)?"),
    ("amount", r"sum of (net )?(amount|value|spend)( £)?"),
    ("amount", r"(gross|(amount|total|value) (inc|incl|including|with) vat|total gross)( (amount|value|total|£))*"),
    ("day", r"(payment|paid|clear(ed|ance)|posting|transaction|pay) ?date|date (paid|of payment|cleared)|paid on"),
    ("day", r"(invoice|document|effective|doc|tax point|gl|period end)? ?date( of invoice)?|day|when"),
    ("reference", r"((purchase|supplier|our|payment) )?(invoice|transaction|document|doc|voucher|payment|trans|journal"
                  rf"|cheque)( line)? {_NUMBER}|reference|ref|invoice"),
    ("document", r"(document|doc|transaction|invoice|trans|entry) type|type of (document|transaction)"),
    ("currency", r"(invoice |payment )?(currency|ccy)( code)?"),
    ("tier", r"(supply chain )?tier|(tier|level) of (the )?supply chain"),
    ("postcode", rf"({_WHO} )?(post ?code|postal code|zip)"),
    ("authority", r"(local )?authority( code| name)?|la code|gss code|district"),
    ("place", rf"({_WHO} )?(place|town|city|ward|locality|town city)"),
    ("size", rf"({_WHO} |business |company |organisation |sme )?(size|size band)|sme( status)?|sme y n"),
    ("kind", rf"({_WHO} |organisation |body |entity |legal )(type|kind|category|status|form|sector)|type|kind"
             r"|vcse( status)?|type of (organisation|body|supplier)"),
    ("staff", r"(number of |no of )?(staff|employees|headcount)( number| numbers)?|employee count"),
    ("turnover", r"(annual |latest )?turnover( £| gbp)?|annual revenue"),
    ("balance_sheet", r"balance sheet( total)?( £| gbp)?|total assets"),
    ("accounts_from", r"(accounts|accounting period|period|financial year) (from|start|begins)"),
)  # fmt: skip
_COMPILED = tuple((field, re.compile(pattern)) for field, pattern in _PATTERNS)
_LETTERS = re.compile(r"[A-Z]{1,3}")
_GROSS, _NET = (
    re.compile(r"\bgross\b|\b(inc|incl|including|with) vat\b"),
    re.compile(r"\bnet\b|\b(ex|exc|excl|excluding|without) vat\b"),
)


@dataclass(frozen=True)
class Columns:
    """Where the columns of a table stand: its row of headings, the place of each field (from 0), what was guessed."""

    table: LongTable
    heading_row: int
    headings: tuple[str, ...]
    places: Mapping[str, int]
    guessed: tuple[str, ...]

    def heading(self, field: str) -> str:
        """Return the heading over a field, "" if the table does not have it."""
        return self.headings[self.places[field]] if field in self.places else ""

    def cell(self, row: int, field: str) -> str:
        """Return how messages name a cell of this table."""
        if not self.table.cells_named:
            return f"line {row}, {self.heading(field) or 'the row'}"
        column = f"{column_letters(self.places[field] + 1)}{row}" if field in self.places else f"row {row}"
        return f"sheet {self.table.sheet}, {'cell ' if field in self.places else ''}{column}"


def plain_heading(text: str) -> str:
    """Return a heading without case and marks.

    >>> plain_heading(" Supplier_Name: "), plain_heading("Amount (£) excl. VAT"), plain_heading("NetAmount")
    ('supplier name', 'amount £ excl vat', 'net amount')
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    return " ".join(re.sub(r"[^a-z0-9£%]+", " ", apart.lower()).split())


def basis_of_heading(heading: str) -> str:
    """Return whether a heading says that its sums are net or gross of VAT, "" if it does not.

    >>> basis_of_heading("Net Amount"), basis_of_heading("Total inc. VAT"), basis_of_heading("Amount")
    ('net', 'gross', '')
    """
    plain = plain_heading(heading)
    return "gross" if _GROSS.search(plain) else "net" if _NET.search(plain) else ""


def find_columns(
    tables: Sequence[LongTable], named: Mapping[str, str], fields: Sequence[str], what: str, needed: Sequence[str]
) -> Columns:
    """Return where the columns stand, on the sheet and under the row of headings that fit best.

    Parameters: `named`, field to heading (or, in a workbook, column letters) as the settings say; `fields`, those that
    this file may have; `needed`, of which one at least has to be found, with `amount` if it is a field. FileRefused
    with everything that is not there.
    """
    best: tuple[int, Columns] | None = None
    for table in tables:
        for row, cells in table.first_rows():
            found = _columns(table, row, cells, named, fields)
            if best is None or len(found.places) > best[0]:
                best = len(found.places), found
    if best is None:
        raise FileRefused(Problem("this file has no row that holds anything", f"Give a {what}."), tables[0].file)
    columns = best[1]
    problems = [
        Problem(f"the settings say that the column '{heading}' holds the {FIELDS[field]}, and there is none",
                did_you_mean(heading, [each for each in columns.headings if each]), cell=_row_words(columns))
        for field, heading in named.items() if field in fields and field not in columns.places
    ]  # fmt: skip
    if not any(field in columns.places for field in needed):
        problems.append(_missing(columns, needed[0], what))
    if "amount" in fields and "amount" not in columns.places and "amount" not in named:
        problems.append(_missing(columns, "amount", what))
    if problems:
        raise FileRefused(problems, tables[0].file)
    return columns


def _row_words(columns: Columns) -> str:
    sheet = f"sheet {columns.table.sheet}, " if columns.table.cells_named else ""
    return f"{sheet}row {columns.heading_row}"


def _missing(columns: Columns, field: str, what: str) -> Problem:
    seen = ", ".join(f"'{each[:40]}'" for each in columns.headings[:12] if each)
    remedy = f"Name it in the settings, sheet Columns: field {field}, heading as it stands. Seen: {seen}."
    return Problem(f"no column of this {what} was found to hold the {FIELDS[field]}", remedy, cell=_row_words(columns))


def _columns(
    table: LongTable, row: int, cells: Sequence[str], named: Mapping[str, str], fields: Sequence[str]
) -> Columns:
    headings = tuple(" ".join(cell.split()) for cell in cells)
    plain = [plain_heading(each) for each in headings]
    places: dict[str, int] = {}
    for field, heading in named.items():
        place = _place_of(heading, headings, plain, table.cells_named)
        if field in fields and place is not None:
            places[field] = place
    guessed = []
    taken = set(places.values())
    for field, pattern in _COMPILED:
        if field not in fields or field in places or field in named:
            continue
        fitting = [place for place, each in enumerate(plain) if place not in taken and each and pattern.fullmatch(each)]
        if fitting:
            places[field] = fitting[0]
            taken.add(fitting[0])
            others = f" (and not '{headings[fitting[1]]}')" if len(fitting) > 1 else ""
            guessed.append(f"'{headings[fitting[0]]}' is taken for the {FIELDS[field]}{others}")
    return Columns(table, row, headings, places, tuple(guessed))


def _place_of(heading: str, headings: Sequence[str], plain: Sequence[str], letters: bool) -> int | None:
    for wanted, known in ((" ".join(heading.split()), headings), (plain_heading(heading), plain)):
        if wanted and wanted in known:
            return list(known).index(wanted)
    if letters and _LETTERS.fullmatch(heading.strip()):
        found = [place for place in range(len(headings)) if column_letters(place + 1) == heading.strip()]
        return found[0] if found else None
    return None

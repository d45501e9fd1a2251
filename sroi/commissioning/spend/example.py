"""Millbrook's ledger, messy on purpose: an invented council, invented suppliers, invented sums; the same every time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

LEDGER_HEADINGS = ("Supplier", "Supplier No", "Invoice No", "Payment Date", "Amount (£)", "Net/Gross", "VAT rate",
                   "Postcode", "Type", "Currency", "Tier", "Paid by", "What for")  # fmt: skip
SUPPLIER_HEADINGS = ("Supplier No", "Supplier", "Staff", "Turnover (£)", "Balance sheet total", "Postcode", "Type")

_PENNIES_A_MONTH = {
    # number: name, postcode, kind as written, sum a month [pennies], net or gross, what for
    "S001": ("Brookside Green CIC", "MB2 4AB", "CIC", 8_166_667, "net", "Grounds maintenance, contract MB-2025-014"),
    "S002": ("Alder Grounds Ltd", "QX4 2LM", "Private", 1_284_050, "net", "Sports pitches, contract of 2021"),
    "S003": ("Cedar Landscapes Ltd", "QX9 1AA", "Private", 912_500, "net", "Cemeteries"),
    "S004": ("Riverside Nursery Ltd", "mb12da", "Private", 243_215, "gross", "Bedding plants"),
    "S005": ("Hill Top Tool Hire", "MB3 7TT", "Sole trader", 61_240, "gross", "Hire of tools"),
    "S006": ("Northgate Youth Trust", "MB1 5QR", "Charity", 154_000, "net", "Litter picking with young people"),
    "S007": ("Fern & Sons", "MB2 9ZZ", "", 48_890, "net", "Hedges"),
    "S008": ("Mower World plc", "QX1 1QX", "Private", 702_345, "gross", "Machines"),
    "S009": ("Millbrook Community Gardens", "MB1 8HJ", "TSO", 98_000, "net", "Allotments"),
    "S010": ("Greenline Fuels Ltd", "", "Private", 133_317, "gross", "Fuel"),
    "S011": ("Arbor Surveys LLP", "MB7 3AL", "Private", 87_600, "net", "Tree surveys"),
    "S012": ("Playsafe Inspections Ltd", "MBI 2AB", "", 39_950, "net", "Inspection of playgrounds"),
    "S013": ("Millbrook Compost Co-operative Society", "MB3 1GG", "", 71_400, "net", "Compost"),
}  # fmt: skip
_SUPPLIERS = (
    ("S001", "Brookside Green CIC", "38", "2,150,000", "640,000", "MB2 4AB", "CIC"),
    ("S002", "Alder Grounds Ltd", "1,420", "96,000,000", "51,000,000", "QX4 2LM", "Private"),
    ("S003", "Cedar Landscapes Ltd", "180", "31,000,000", "9,500,000", "QX9 1AA", "Private"),
    ("S004", "Riverside Nursery Ltd", "24", "1,900,000", "", "MB1 2DA", "Private"),
    ("S005", "Hill Top Tool Hire", "4", "310,000", "", "MB3 7TT", "Sole trader"),
    ("S006", "Northgate Youth Trust", "31", "1,100,000", "", "MB1 5QR", "Charity"),
    ("S007", "Fern & Sons", "3", "140,000", "", "MB2 9ZZ", "Private"),
    ("S008", "Mower World plc", "", "62,000,000", "", "QX1 1QX", "Private"),
    ("S009", "Millbrook Community Gardens", "9", "210,000", "", "MB1 8HJ", "TSO"),
    ("S011", "Arbor Surveys LLP", "57", "6,400,000", "2,000,000", "MB8 3AL", "Private"),
)
_RATE = {"gross": "20%", "net": ""}


def example_ledger() -> list[tuple[str, ...]]:
    """Return the ledger's rows, the first of them its headings."""
    months = [date(2025 + (8 + month) // 12, (8 + month) % 12 + 1, 1) for month in range(12)]
    rows: list[tuple[str, ...]] = []
    for place, first in enumerate(months):
        month = list(_month(place, first))
        rows += month
        rows += _messes(place)
        rows += [month[7]] if place == 0 else [_again(month[2])] if place == 4 else []
    total = sum(_pennies(row[4]) for row in rows)
    return [LEDGER_HEADINGS, *rows, ("Grand total", "", "", "", _money(total), *[""] * 8)]


def _month(place: int, first: date) -> Iterator[tuple[str, ...]]:
    """Yield the payments of a month: one to each supplier, and one that Brookside made to a firm in Millbrook."""
    for line, (number, (name, postcode, kind, pennies, basis, what)) in enumerate(_PENNIES_A_MONTH.items()):
        day = first + timedelta(days=2 + line)
        # The sums of a month lie about the middle by a pattern that adds up to nothing over the year.
        swing = 0 if number == "S001" else (pennies // 20) * (place - 5) + (pennies // 40)
        own = 8_166_663 if number == "S001" and place == 11 else pennies + swing
        written = _money(own) if line % 4 else f"£{_money(own)}"
        shown = "" if (number, place) == ("S007", 6) else number  # the clerk forgot it
        yield (_spelt(name, place), shown, f"INV-{place + 1:02d}{line + 1:02d}", _day(day, place), written, basis,
               _RATE[basis], postcode, kind, "GBP", "1", "", what)  # fmt: skip
    number, what = (("S004", "Young trees"), ("S005", "Hire of tools"), ("S006", "Trainees"))[place % 3]
    name, postcode, kind, *_ = _PENNIES_A_MONTH[number]
    yield (
        name,
        number,
        f"B-{place + 1:03d}",
        _day(first + timedelta(days=20), place),
        "12,500.00",
        "net",
        "",
        postcode,
        kind,
        "GBP",
        "2",
        "Brookside Green CIC",
        what,
    )


def _again(row: tuple[str, ...]) -> tuple[str, ...]:
    """Return a line booked again ten days later, its number written otherwise."""
    return (*row[:2], row[2].replace("-0", " "), "29/01/2026", *row[4:])


def _spelt(name: str, place: int) -> str:
    other = {("Alder Grounds Ltd", 4): "ALDER GROUNDS LIMITED", ("Fern & Sons", 6): "Fern and Sons",
             ("Cedar Landscapes Ltd", 7): "Cedar Landscpaes Ltd"}  # fmt: skip
    return other.get((name, place), name)


def _messes(place: int) -> Sequence[tuple[str, ...]]:
    """Return what goes wrong in a month, as it does in ledgers."""
    found: dict[int, Sequence[tuple[str, ...]]] = {
        0: [
            (
                "Brookside Green C.I.C.",
                "",
                "BG/77",
                "2025-09-26",
                "4,310.00",
                "net",
                "",
                "MB2 4AB",
                "CIC",
                "GBP",
                "1",
                "",
                "Extra: storm damage",
            )
        ],
        1: [
            (
                "Alder Grounds Ltd",
                "S002",
                "CN-0031",
                "21/10/2025",
                "-1,150.00",
                "net",
                "",
                "QX4 2LM",
                "Private",
                "GBP",
                "1",
                "",
                "Credit: pitch not cut",
            )
        ],
        2: [
            (
                "REDACTED PERSONAL DATA",
                "",
                "P-1",
                "14/11/2025",
                "325.00",
                "net",
                "",
                "",
                "Individual",
                "GBP",
                "1",
                "",
                "Damage to a car",
            )
        ],
        3: [
            (
                "Hollandse Bollen BV",
                "S020",
                "NL-204",
                "09/12/2025",
                "2,940.00",
                "net",
                "",
                "",
                "Private",
                "EUR",
                "1",
                "",
                "Bulbs",
            )
        ],
        4: [
            (
                "Millbrook Council",
                "",
                "JNL-19",
                "15/01/2026",
                "6,000.00",
                "net",
                "",
                "MB1 1AA",
                "",
                "GBP",
                "1",
                "",
                "Recharge: depot",
            )
        ],
        5: [
            (
                "Arbor Surveys LLP",
                "S011",
                "INV-0699",
                "31/02/2026",
                "876.00",
                "net",
                "",
                "MB7 3AL",
                "Private",
                "GBP",
                "1",
                "",
                "Tree surveys",
            )
        ],
        6: [
            (
                "Fern & Sons",
                "S007",
                "INV-0720",
                "18/03/2026",
                "as agreed",
                "net",
                "",
                "MB2 9ZZ",
                "",
                "GBP",
                "1",
                "",
                "Hedges",
            )
        ],
        7: [("", "", "UNK-1", "22/04/2026", "412.50", "net", "", "", "", "GBP", "1", "", "Not known")],
        8: [
            (
                "Playsafe Inspections Ltd",
                "S012",
                "INV-0920",
                "19/05/2026",
                "(399.50)",
                "net",
                "",
                "MBI 2AB",
                "",
                "GBP",
                "1",
                "",
                "Credit: inspection not done",
            )
        ],
        9: [
            (
                "Greenline Fuels Ltd",
                "S010",
                "INV-1020",
                "18/06/2026",
                "1,415.20",
                "",
                "",
                "",
                "Private",
                "GBP",
                "1",
                "",
                "Fuel",
            )
        ],
        10: [("Sub-total July", "", "", "", "1.00", *[""] * 8)],
        11: [
            (
                "Riverside Nursery Ltd",
                "S004",
                "INV-1220",
                "02/09/2026",
                "2,918.58",
                "gross",
                "20%",
                "MB1 2DA",
                "Private",
                "GBP",
                "1",
                "",
                "Bedding plants",
            )
        ],
    }
    return found[place]


def _day(day: date, place: int) -> str:
    return day.isoformat() if place == 3 else day.strftime("%d %b %Y") if place == 9 else day.strftime("%d/%m/%Y")


def _money(pennies: int) -> str:
    return f"{pennies // 100:,}.{pennies % 100:02d}"


def _pennies(written: str) -> int:
    """Return the pennies of one of this ledger's sums, nothing for words."""
    plain = written.strip("£()").replace(",", "").replace(".", "")
    if not plain.lstrip("-").isdigit():
        return 0
    return -int(plain) if written.startswith("(") else int(plain)


def example_suppliers() -> list[tuple[str, ...]]:
    """Return the rows of the supplier file, the first of them its headings."""
    return [SUPPLIER_HEADINGS, *_SUPPLIERS]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as a CSV file."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode("utf-8")

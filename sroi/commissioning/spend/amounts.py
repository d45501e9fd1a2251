"""Sums of money and days as ledgers write them, to the exact penny and day; what can be read in two ways is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sroi.errors import did_you_mean
from sroi.reading import shown

# Sums beyond this are slips, and their total would leave what 64 bits hold.
LARGEST_PENNIES = 10**12

_PLAIN = re.compile(r"(-?)(\d{1,10})(?:\.(\d{1,2}))?", re.ASCII)
_POINT = re.compile(r"(?:\d{1,3}(?:[, ']\d{3})+|\d+)?(?:\.\d*)?", re.ASCII)
_COMMA = re.compile(r"(?:\d{1,3}(?:[. ']\d{3})+|\d+)?(?:,\d*)?", re.ASCII)
_ONE_GROUP = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD"}
_CODE = re.compile(r"^([A-Z]{3})\s*(?=[-(\d])|(?<=[\d)])\s*([A-Z]{3})$")
_SIDE = re.compile(r"\s*(CR|DR)\.?$", re.IGNORECASE)


class Unread(ValueError):
    """What a cell says that cannot be read: what was found, and what to do."""

    def __init__(self, found: str, remedy: str) -> None:
        self.found, self.remedy = found, remedy
        super().__init__(found)


@dataclass(frozen=True)
class Amount:
    """A sum in pennies, the currency that stood with it ("" if none), and whether it held fractions of a penny."""

    pennies: int
    currency: str = ""
    rounded: bool = False


def read_amount(written: str, comma: bool = False, typed: bool = False) -> Amount | None:
    """Return the sum in a cell, None for an empty one; Unread for what is no sum or could be two.

    Parameters: `comma`, whether the file writes decimals with a comma; `typed`, whether the cell held a number and not
    text, so that 1.234 cannot be a thousand and more. Credits are told by a minus before or behind, by brackets or by
    CR; fractions of a penny are rounded half up, and said.

    >>> [read_amount(each).pennies for each in ("1234.5", "£1,234.50", "(50.00)", "50.00-", "12 CR", "-£3")]
    [123450, 123450, -5000, -5000, -1200, -300]
    """
    if (plain := _PLAIN.fullmatch(written)) is not None and not comma:
        pennies = int(plain[2]) * 100 + (int(plain[3].ljust(2, "0")) if plain[3] else 0)
        return _bounded(-pennies if plain[1] else pennies, "", False, written)
    bare = written.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-").strip()
    if bare in ("", "-", "–", "—", "n/a", "N/A", "nil", "Nil", "NIL"):
        return None
    bare, negative = _without_side(bare)
    bare, currency = _without_currency(bare)
    bare, less = _without_sign(bare)
    bare, late = _without_currency(bare)
    if negative and less:
        raise Unread(f"{shown(written)} is a credit twice over", "Write it once: -50.00, or 50.00 CR.")
    if not typed and _ONE_GROUP.fullmatch(bare) and ("." in bare) is not comma:
        two = f"{bare.replace('.', '').replace(',', '')} or {bare.replace(',', '.')}"
        raise Unread(f"{shown(written)} can be read as {two}", "Write it without marks of thousands.")
    pennies, rounded = _pennies(bare, written, comma)
    sign = -1 if negative or less else 1
    return _bounded(sign * pennies, currency or late, rounded, written)


def plain_pennies(written: str) -> int | None:
    """Return the pennies of a sum that is written plainly with two decimals, as nearly all are; None for any other.

    >>> plain_pennies("1234.50"), plain_pennies("-3.05"), plain_pennies("3.5"), plain_pennies("1,234.50")
    (123450, -305, None, None)
    """
    whole, decimals = written[:-3], written[-2:]
    if written[-3:-2] != "." or not decimals.isdigit() or not written.isascii() or len(whole) > 9:
        return None
    if whole.isdigit():
        return int(whole + decimals)
    return -int(whole[1:] + decimals) if whole[:1] == "-" and whole[1:].isdigit() else None


def _without_side(bare: str) -> tuple[str, bool]:
    side = _SIDE.search(bare)
    return (bare[: side.start()], side[1].upper() == "CR") if side else (bare, False)


def _without_currency(bare: str) -> tuple[str, str]:
    for sign, currency in _SIGNS.items():
        if sign in bare:
            return bare.replace(sign, "", 1).strip(), currency
    code = _CODE.search(bare)
    return (_CODE.sub("", bare).strip(), code[1] or code[2]) if code else (bare, "")


def _without_sign(bare: str) -> tuple[str, bool]:
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1].strip(), True
    if bare.startswith("-") or bare.endswith("-"):
        return bare.strip("-").strip() if bare.count("-") == 1 else bare, True
    return bare.removeprefix("+").strip(), False


def _pennies(bare: str, written: str, comma: bool) -> tuple[int, bool]:
    if not any(letter.isdigit() for letter in bare):
        raise Unread(f"{shown(written)} stands where a sum belongs", "Give a plain number, such as 1234.50.")
    if not (_COMMA if comma else _POINT).fullmatch(bare):
        if re.search(r"\d[eE][-+]?\d", bare):
            raise Unread(f"{shown(written)} has lost its last digits", "Format the column as a number, and save again.")
        if not comma and _COMMA.fullmatch(bare):
            remedy = "If the whole file is written so, set decimal_mark to comma; else write it with a point."
            raise Unread(f"{shown(written)} is written with a decimal comma", remedy)
        raise Unread(f"{shown(written)} stands where a sum belongs", "Give a plain number, such as 1234.50.")
    plain = re.sub(r"[. ']", "", bare).replace(",", ".") if comma else re.sub(r"[, ']", "", bare)
    exact = Decimal(plain if len(plain) <= 40 else plain[:40]) * 100
    if exact > LARGEST_PENNIES:
        return LARGEST_PENNIES + 1, False
    pennies = exact.quantize(Decimal(1), ROUND_HALF_UP)
    return int(pennies), pennies != exact


def _bounded(pennies: int, currency: str, rounded: bool, written: str) -> Amount:
    if abs(pennies) > LARGEST_PENNIES:
        raise Unread(f"{shown(written)} is more than 10 thousand million", "Check it: no payment is so large.")
    return Amount(pennies, currency, rounded)


def without_vat(pennies: int, rate: Decimal) -> int:
    """Return a sum with VAT, in pennies, without it, to the nearest penny (half away from nought).

    >>> without_vat(12000, Decimal("0.2")), without_vat(-100, Decimal("0.2"))
    (10000, -83)
    """
    return int((Decimal(pennies) / (1 + rate)).quantize(Decimal(1), ROUND_HALF_UP))


def vat_on(pennies: int, rate: Decimal) -> int:
    """Return the VAT on a sum without it, in pennies, to the nearest penny (half away from nought)."""
    return int((Decimal(pennies) * rate).quantize(Decimal(1), ROUND_HALF_UP))


# ---- rates ----


def read_rate(written: str) -> Decimal | None:
    """Return a VAT rate as a share, None for an empty cell: 20%, 20 and 0.2 are the same.

    >>> read_rate("20%"), read_rate("20"), read_rate("0.2"), read_rate("0")
    (Decimal('0.2'), Decimal('0.2'), Decimal('0.2'), Decimal('0'))
    """
    bare = written.strip().removesuffix("%").strip()
    if not bare:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", bare, re.ASCII):
        raise Unread(f"{shown(written)} stands where a VAT rate belongs", "Give a rate such as 20%.")
    rate = Decimal(bare)
    rate = rate / 100 if rate >= 1 or written.strip().endswith("%") else rate
    if rate > 1:
        raise Unread(f"{shown(written)} is a VAT rate above 100 %", "Give a rate such as 20%.")
    return rate


# ---- days ----

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december")  # fmt: skip
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]?([A-Za-z]{3,9})[-/., ]{0,2}(\d{4}|\d{2})", re.ASCII)
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z| ?[AaPp][Mm])?$", re.ASCII)
_SERIAL = re.compile(r"[3-6]\d{4}(\.\d+)?", re.ASCII)


def read_day(written: str, month_first: bool = False) -> date | None:
    """Return the day in a cell, None for an empty one; Unread for what is none.

    Parameters: `month_first`, whether 09/12/2025 is the 12th of September; as the United Kingdom writes it, it is the
    9th of December. Five digits are the day as a spreadsheet counts it.

    >>> [str(read_day(each)) for each in ("2025-12-09", "09/12/2025", "9 Dec 25", "45631", "2025-12-09 10:15")]
    ['2025-12-09', '2025-12-09', '2025-12-09', '2024-12-05', '2025-12-09']
    """
    bare = _TIME.sub("", " ".join(written.split()))
    if bare in ("", "-", "n/a", "N/A"):
        return None
    if _SERIAL.fullmatch(bare):
        return date(1899, 12, 30) + timedelta(days=int(float(bare)))
    found = _year_month_day(bare, month_first)
    if found is None:
        raise Unread(f"{shown(written)} is not a date", "Write it as year-month-day: 2025-09-01.")
    try:
        return date(*found)
    except ValueError:
        turned = found[1] > 12 >= found[2]
        order = "month_first" if not month_first else "day_first"
        remedy = f"If the whole file is written so, set date_order to {order}." if turned else "Give a day that exists."
        raise Unread(f"{shown(written)} is no day of the calendar", remedy) from None


def _year_month_day(bare: str, month_first: bool) -> tuple[int, int, int] | None:
    if (iso := _ISO.fullmatch(bare) or _COMPACT.fullmatch(bare)) is not None:
        return int(iso[1]), int(iso[2]), int(iso[3])
    if (numbers := _NUMBERS.fullmatch(bare)) is not None:
        first, second, year = int(numbers[1]), int(numbers[2]), _year(numbers[3])
        return (year, first, second) if month_first else (year, second, first)
    if (named := _NAMED.fullmatch(bare)) is not None:
        word = named[2].lower()
        if word[:3] in _MONTHS and _FULL_MONTHS[_MONTHS.index(word[:3])].startswith(word.removesuffix("t")):
            return _year(named[3]), _MONTHS.index(word[:3]) + 1, int(named[1])
        near = did_you_mean(word, _FULL_MONTHS, "Write it as year-month-day: 2025-09-01.")
        raise Unread(f"{shown(bare)} names no month", near)
    return None


def _year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written)

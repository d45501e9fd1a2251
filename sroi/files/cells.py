"""One cell of a stranger's workbook as a number or as words. What could be read in two ways is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sroi.files.grid import Book, Cell
from sroi.reading import shown

_LEFT_OUT = {
    *("n/a", "na", "n.a.", "n.a", "n/k", "nk", "not applicable", "not known", "unknown", "none", "nil", "tbc", "tba"),
    *("tbd", "to be confirmed", "to follow", "-", "--", "---", "–", "—", "?", "??", ".", "..", "...", "blank"),
}
_ERROR = re.compile(
    r"#(REF!|VALUE!|DIV/0!|N/A|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA)|Err:\d{3}", re.I
)
_SIGN = r"(?P<sign>[-+]?)"
_POINT = re.compile(rf"{_SIGN}(?P<number>\d+(\.\d+)?|\.\d+|\d{{1,3}}([, ']\d{{3}})+(\.\d+)?)", re.ASCII)
_COMMA = re.compile(rf"{_SIGN}(?P<number>\d+(,\d+)?|\d{{1,3}}([. ']\d{{3}})+(,\d+)?)", re.ASCII)
_ONE_GROUP = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_MARKS = re.compile(
    r"[£$€¥₹]|\b(GBP|EUR|USD|AUD|NZD|CAD|CHF|SEK|NOK|DKK|ZAR|INR)\b|\b(pounds?|euros?|dollars?)\b", re.I
)
_SHOWN_COMMA = re.compile(r"\W*(\d{1,3}(\.\d{3})+,\d+|\d+,\d{1,2}|0,\d+)\W*", re.ASCII)


class Unreadable(Exception):
    """A cell that cannot stand: what was found, and what to do."""

    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(found)
        self.found, self.remedy = found, remedy


@dataclass(frozen=True)
class Notation:
    """How a file writes its numbers: the stated decimal mark, and whether decimal commas were seen among its texts."""

    decimal: str | None = None
    commas_seen: bool = False


@dataclass(frozen=True)
class CellNumber:
    """A cell's number; whether the cell itself says per cent; the words of its repair, if it needed one."""

    value: float | None
    per_cent: bool = False
    repair: str = ""


def notation_of(book: Book, decimal: str | None) -> Notation:
    """Return how a workbook writes the numbers that it holds as text."""
    texts = (cell.value for sheet in book.sheets for cell in sheet.cells.values())
    return Notation(decimal, any(isinstance(text, str) and _SHOWN_COMMA.fullmatch(text) for text in texts))


def words_in(cell: Cell | None) -> str:
    """Return a cell as words on one line, "" for an empty one; a whole number without its .0."""
    value = cell.value if cell is not None else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    return " ".join(clean(value).split())


def clean(text: str) -> str:
    """Return a text without what cannot be seen: zero-width and control characters, no-break spaces."""
    kept = (
        " " if each.isspace() else each
        for each in text
        if unicodedata.category(each) not in ("Cf", "Cc") or each in "\n\t"
    )
    return "".join(kept).strip()


def is_left_out(text: str) -> bool:
    """Say whether a text stands for "nothing here", such as n/a, tbc or a dash."""
    return unicodedata.normalize("NFKC", clean(text)).lower().rstrip(" .") in _LEFT_OUT or not clean(text)


def per_cent_format(number_format: str) -> bool:
    """Say whether a number format shows per cent.

    >>> per_cent_format("0.0%"), per_cent_format('0"% of"'), per_cent_format("General")
    (True, False, False)
    """
    return "%" in re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format)


def looks_like_number(cell: Cell) -> bool:
    """Say whether a cell holds a number, or a text that stands for one."""
    if isinstance(cell.value, float):
        return True
    if not isinstance(cell.value, str):
        return cell.value is None and cell.formula is not None
    text = _MARKS.sub("", unicodedata.normalize("NFKC", clean(cell.value))).strip(" ()%+-")
    return bool(re.fullmatch(r"[\d., ']*\d[\d., ']*", text)) or bool(_ERROR.fullmatch(cell.value.strip()))


def number_in(cell: Cell | None, notation: Notation = Notation(), unit: str = "") -> CellNumber | None:
    """Return the number in a cell; None for an empty cell; Unreadable for what is none, or could be two.

    `unit` is years where a text may say "3 years" or "18 months". "n/a", "tbc" and dashes give a CellNumber of None.
    """
    if cell is None or (cell.value is None and cell.formula is None):
        return None
    value = cell.value
    if value is None:
        raise Unreadable(
            "the cell holds a formula whose result was never stored",
            "Open the workbook in Excel or LibreOffice, let it calculate, and save it.",
        )
    if isinstance(value, bool):
        raise Unreadable(f"{str(value).upper()} stands where a number belongs", "Give a number.")
    if isinstance(value, date):
        found = f"a date ({value:%Y-%m-%d}) stands where a number belongs"
        raise Unreadable(found, "Give a number, and give the cell the format of a number.")
    if isinstance(value, float):
        return CellNumber(value, per_cent_format(cell.number_format))
    if not clean(value):
        return None
    return _number_in_text(value, notation, unit)


def _number_in_text(value: str, notation: Notation, unit: str) -> CellNumber:
    text = unicodedata.normalize("NFKC", clean(value)).lstrip("'").replace("\u2212", "-").strip()
    text = re.sub(r"^[‐‑–—](?=\s*[£$€\d])", "-", text)
    if _ERROR.fullmatch(text):
        raise Unreadable(f"the cell holds the error {text}", "Mend its formula in the workbook.")
    if is_left_out(text):
        return CellNumber(None, repair=f"the cell holds {shown(value)}")
    bare, factor = _without_unit(text, unit)
    bare = re.sub(r"\s*(%|per ?cent|pct)$", "%", bare, flags=re.I)
    per_cent = bare.endswith("%")
    bare = _MARKS.sub("", bare.removesuffix("%")).strip()
    negative = re.fullmatch(r"\((.*)\)|-\s*\((.*)\)", bare)
    if negative:
        bare = f"-{(negative[1] or negative[2] or '').strip()}"
    bare = re.sub(r"^([-+])\s+", r"\1", bare)
    number = _decimal(bare, value, notation)
    shown_as = f"the cell holds the text {shown(value)}"
    return CellNumber(hundredth(number) if per_cent else number * factor, per_cent, shown_as)


def hundredth(number: float) -> float:
    """Return the share that a number of per cents is, the same float that "3.3%" gives."""
    return float(Decimal(repr(number)) / 100)


def _without_unit(text: str, unit: str) -> tuple[str, float]:
    """Return a text without its unit of time, where one is expected, and what its number is to be multiplied by."""
    if unit == "years":
        match = re.fullmatch(r"(.*\d)\s*(years?|yrs?|y|months?|mths?)\.?", text, re.I)
        if match:
            return match[1].strip(), 1 / 12 if match[2].lower().startswith("m") else 1.0
    return text, 1.0


def _decimal(bare: str, written: str, notation: Notation) -> float:
    """Return a bare text as a number, by the stated decimal mark, or by the only one that it can have."""
    doubtful = notation.decimal is None and _ONE_GROUP.fullmatch(bare)
    if doubtful and ("." in bare or notation.commas_seen):
        two = f"{bare.replace('.', '').replace(',', '')} or {bare.replace(',', '.')}"
        raise Unreadable(f"{shown(written)} can be read as {two}", "Say --decimal point or --decimal comma.")
    by_point, by_comma = _POINT.fullmatch(bare), _COMMA.fullmatch(bare)
    if notation.decimal == "comma" and by_comma:
        return float(by_comma["sign"] + re.sub(r"[. ']", "", by_comma["number"]).replace(",", "."))
    if notation.decimal != "comma" and by_point:
        return float(by_point["sign"] + re.sub(r"[, ']", "", by_point["number"]))
    if notation.decimal is None and by_comma:
        raise Unreadable(
            f"{shown(written)} is written with a decimal comma", "Say --decimal comma if the whole file is written so."
        )
    remedy = "Give a plain number, and put words beside it in a cell of their own."
    raise Unreadable(f"{shown(written)} stands where a number belongs", remedy)


_BUILT_IN_DOLLARS = ('"$"#,##0_);', '_("$"* ', '"$"#,##0.00_);', "_(* ")
_SYMBOLS = {"£": "GBP", "€": "EUR", "₹": "INR", "₱": "PHP", "₦": "NGN", "₪": "ILS", "₺": "TRY"}
_LOCALES = {"409": "USD", "C09": "AUD", "1409": "NZD", "1009": "CAD", "4809": "SGD", "411": "JPY", "804": "CNY"}
CODES = (
    *("GBP", "EUR", "USD", "AUD", "NZD", "CAD", "CHF", "SEK", "NOK", "DKK", "ZAR", "INR", "IDR", "KES", "JPY", "HKD"),
    *("SGD", "PLN", "CZK", "HUF", "RON", "ILS", "MXN", "BRL", "PHP", "THB", "MYR", "TWD", "KRW", "NGN", "UGX", "TZS"),
)
_CODE = re.compile(rf"\b({'|'.join(CODES)})\b")


def currencies_in(texts: Iterable[str]) -> set[str]:
    """Return the currencies that words or headings name; "$" stands for one of several.

    >>> sorted(currencies_in(["Value (£)", "in USD"]))
    ['GBP', 'USD']
    """
    found: set[str] = set()
    for text in texts:
        codes = _CODE.findall(text)
        found.update(codes)
        found.update(code for symbol, code in _SYMBOLS.items() if symbol in text)
        if re.search(r"\b(pounds sterling|sterling|pounds)\b", text, re.I):
            found.add("GBP")
        if re.search(r"\beuros?\b", text, re.I):
            found.add("EUR")
        named = {
            "A$": "AUD",
            "AU$": "AUD",
            "NZ$": "NZD",
            "US$": "USD",
            "C$": "CAD",
            "CA$": "CAD",
            "R$": "BRL",
            "S$": "SGD",
        }
        by_name = re.findall(r"(?<![A-Z])(A|AU|NZ|US|C|CA|R|S)\$", text)
        found.update(named[f"{each}$"] for each in by_name)
        if "$" in text and not by_name and not codes:
            found.add("$")
    return found


def currency_of_format(number_format: str) -> set[str]:
    """Return the currency that a number format shows.

    Excel's built-in formats follow the machine's own currency, whatever is stored: they tell nothing.
    """
    if number_format.startswith(_BUILT_IN_DOLLARS):
        return set()
    found: set[str] = set()
    for symbol, locale in re.findall(r"\[\$([^\]\-]*)-?([0-9A-Fa-f]*)\]", number_format):
        if symbol == "$" and locale.upper().lstrip("0") in _LOCALES:
            found.add(_LOCALES[locale.upper().lstrip("0")])
        else:
            found |= currencies_in([symbol])
    rest = re.sub(r"\[[^\]]*\]", "", number_format)
    return found | (currencies_in([rest]) if re.search(r"[£€₹$]", rest) else set())


def currency_of(cell: Cell | None) -> frozenset[str]:
    """Return the currency that a cell's text or number format shows."""
    if cell is None:
        return frozenset()
    shown_by_text = isinstance(cell.value, str)
    return frozenset(currencies_in([str(cell.value)]) if shown_by_text else currency_of_format(cell.number_format))

"""How one written value is read: numbers, per cents, yes and no, days, words.

A YAML file, a workbook's cell and `--set` give text; Python gives numbers. All pass through these few functions, so
that "25%" means the same everywhere. Each raises a `Misread` in the user's words; nothing is repaired silently.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sroi.errors import did_you_mean

LONGEST_TEXT = 20_000
LONGEST_LIST = 500

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_YES, _NO = ("yes", "true"), ("no", "false")


def misread(found: str, remedy: str) -> PydanticCustomError:
    """Return the error that a validator raises: what was found, and what to do."""
    return PydanticCustomError("misread", "{found}. {remedy}", {"found": found, "remedy": remedy})


def shown(raw: object) -> str:
    """Return a value as a message quotes it, cut to a line."""
    if isinstance(raw, dict):
        return "a group of keys" if raw else "an empty group"
    if isinstance(raw, list | tuple):
        return "a list" if raw else "an empty list"
    text = f"{raw:.12g}" if isinstance(raw, float) else str(raw)
    text = " ".join(text.encode("utf-8", "replace").decode().split())
    return f"'{text[:57]}..'" if len(text) > 60 else f"'{text}'"


@dataclass(frozen=True)
class Kind:
    """What a number counts, and between which bounds it lies. `unit` is what people read beside it."""

    name: str
    unit: str
    low: float = -math.inf
    high: float = math.inf
    above_low: bool = False
    per_cent: bool = False

    def allows(self, number: float) -> bool:
        """Say whether `number` lies within the bounds."""
        return (number > self.low if self.above_low else number >= self.low) and number <= self.high

    def write(self, number: float) -> str:
        """Return the number as a file holds it: per cent for shares and rates, and read back to the same float."""
        decimal = Decimal(repr(float(number)))
        text = f"{decimal * 100 if self.per_cent else decimal:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return f"{text}%" if self.per_cent else text


# Sums beyond this are slips, and their products would leave what a float can hold.
LARGEST = 1e15
_HUGE = 10**300

AMOUNT = Kind("number", "", low=-LARGEST, high=LARGEST)
COUNT = Kind("count", "", low=0.0, high=LARGEST)
MONEY = Kind("sum of money", "money", low=0.0, high=LARGEST)
SHARE = Kind("share", "share 0-1", low=0.0, high=1.0, per_cent=True)
YEARS = Kind("number of years", "years", low=0.0, high=500.0)
RATE = Kind("rate", "a year", low=-1.0, high=1.0, above_low=True, per_cent=True)
RANK = Kind("rank correlation", "-1 to 1", low=-1.0, high=1.0)
TIME = Kind("time", "years", low=0.0, high=500.0)


def read_number(raw: object, kind: Kind = AMOUNT) -> float:
    """Return `raw` (a number, or text such as "90", "1.5", "25%") as a float that its kind allows."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise misread(f"{shown(raw)} stands where a number belongs", f"Give a {kind.name}{_example(kind)}.")
    number = _from_text(raw, kind) if isinstance(raw, str) else float(min(max(raw, -_HUGE), _HUGE))
    if not math.isfinite(number):
        raise misread(f"{shown(raw)} is not a finite number", f"Give a {kind.name}{_example(kind)}.")
    if not kind.allows(number):
        raise misread(*_out_of_bounds(raw, number, kind))
    return number + 0.0  # -0.0 becomes 0.0


def _from_text(raw: str, kind: Kind) -> float:
    text = raw.strip()
    if text.lower() in {".nan", "nan", ".inf", "+.inf", "-.inf", "inf", "-inf", "infinity"}:
        return math.nan
    bare = text[:-1].strip() if text.endswith("%") else text
    if not _NUMBER.fullmatch(bare):
        plain = _without_marks(bare)
        if _NUMBER.fullmatch(plain):
            raise misread(f"{shown(raw)} is not written as a plain number", f"Did you mean {plain}{text[len(bare) :]}?")
        with_unit = re.fullmatch(r"([-+]?\d+(?:\.\d+)?)\s*[A-Za-z]+", bare)
        remedy = f"Did you mean {with_unit[1]}?" if with_unit else f"Give a {kind.name}{_example(kind)}."
        raise misread(f"{shown(raw)} stands where a number belongs", remedy)
    if not text.endswith("%"):
        return float(bare)
    if not kind.per_cent:
        raise misread(f"{shown(raw)} is a per cent, but this is a {kind.name}", "Give a plain number.")
    return float(Decimal(bare) / 100)


def _without_marks(written: str) -> str:
    """Return a number as it was probably meant: without currency and marks of thousands, its decimal comma a point."""
    bare = re.sub(r"[\s£$€_]", "", written).replace("\u2212", "-")
    decimal_comma = re.fullmatch(r"[-+]?(\d+|\d{1,3}(\.\d{3})+),\d{1,2}|[-+]?0,\d+", bare)
    return bare.replace(".", "").replace(",", ".") if decimal_comma else bare.replace(",", "")


def _example(kind: Kind) -> str:
    return ", such as 25% or 0.25" if kind is SHARE else ", such as 3.5% or 0.035" if kind is RATE else ", such as 12"


def _out_of_bounds(raw: object, number: float, kind: Kind) -> tuple[str, str]:
    if kind.per_cent and number > kind.high:
        meant = f"{number:.12g}%"
        if number <= 100 and not str(raw).strip().endswith("%"):
            return f"{shown(raw)} is above 1, which is 100 %", f"Did you mean {meant}?"
        return f"{shown(raw)} is above 100 %", f"Give a {kind.name} of at most 100 %."
    if kind is RATE:
        return f"{shown(raw)} is a rate of -100 % or less", "Give a rate above -100 % and at most 100 %."
    if number < kind.low:
        least = f"{kind.low:g}"
        hint = " A loss is told by a negative proxy." if kind is MONEY else ""
        return f"{shown(raw)} is below {least}", f"Give a {kind.name} of at least {least}.{hint}"
    return f"{shown(raw)} is above {kind.high:g}", f"Give a {kind.name} of at most {kind.high:g}."


def read_whole(raw: object, low: int, high: int, what: str) -> int:
    """Return `raw` as a whole number from `low` to `high`."""
    number = read_number(raw)
    if number != int(number) or not low <= number <= high:
        raise misread(
            f"{shown(raw)} is not a {what}",
            f"Give {low}." if low == high else f"Give a whole number from {low} to {high}.",
        )
    return int(number)


def read_text(raw: object) -> str:
    """Return `raw` as words; a number or a day given where words belong is kept as it was written."""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if not isinstance(raw, str | int | float | date):
        raise misread(
            f"{shown(raw)} stands where words belong", "Give plain text; put it in quotes if it holds : or #."
        )
    text = str(raw).strip()
    if len(text) > LONGEST_TEXT:
        raise misread(f"a text of {len(text):,} characters", f"Give at most {LONGEST_TEXT:,}.")
    if _UNPRINTABLE.search(text):
        raise misread("a text with a control character, which no document should hold", "Take it out.")
    return text


def read_title(raw: object) -> str:
    """Return words that can be seen."""
    text = read_text(raw)
    if not any(letter.isprintable() and not letter.isspace() for letter in text):
        raise misread(f"{shown(raw)} stands where a title belongs", "Give it a name that people can read.")
    return text


def read_yes_no(raw: object) -> bool:
    """Return yes/no/true/false, in any case, as a bool."""
    if isinstance(raw, bool):
        return raw
    word = raw.strip().lower() if isinstance(raw, str) else ""
    if word in _YES or word in _NO:
        return word in _YES
    raise misread(f"{shown(raw)} stands where yes or no belongs", "Give yes or no.")


def read_day(raw: object) -> date:
    """Return a day written as 2024-04-01."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw.strip()):
        try:
            return date.fromisoformat(raw.strip())
        except ValueError:
            raise misread(
                f"{shown(raw)} is no day of the calendar", "Give a date that exists, as 2024-04-01."
            ) from None
    meant = _day_meant(raw) if isinstance(raw, str) else None
    raise misread(f"{shown(raw)} is not a date", f"Write it as year-month-day: {meant or '2024-04-01'}.")


def _day_meant(text: str) -> date | None:
    """Return the day that can alone be meant by one in another order (31/03/2026), to be offered and never taken."""
    for order in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y"):
        try:
            day = datetime.strptime(text.strip(), order).date()
        except ValueError:
            continue
        in_words = "%d %" in order
        return day if in_words or day.day > 12 or day.day == day.month else None
    return None


NOT_STATED = "not stated"


def read_price_year(raw: object) -> int | str:
    """Return a calendar year (2024) as an int, a financial year ("2008/09") as its label, or "not stated"."""
    if isinstance(raw, str) and raw.strip().lower() == NOT_STATED:
        return NOT_STATED
    text = str(raw).strip() if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
    if re.fullmatch(r"(19|20)\d\d", text):
        return int(text)
    if re.fullmatch(r"(19|20)\d\d/\d\d", text) and int(text[5:]) == (int(text[2:4]) + 1) % 100:
        return text
    raise misread(f"{shown(raw)} is not a price year", "Give a year such as 2024, or a financial year such as 2023/24.")


def read_currency(raw: object) -> str:
    """Return a currency's three-letter ISO 4217 code."""
    if isinstance(raw, str) and re.fullmatch(r"[A-Z]{3}", raw.strip()):
        return raw.strip()
    meant = {"£": "GBP", "€": "EUR", "$": "USD", "pounds": "GBP", "euro": "EUR", "euros": "EUR", "dollars": "USD"}
    near = meant.get(str(raw).strip().lower())
    remedy = f"Did you mean {near}? " if near else ""
    raise misread(
        f"{shown(raw)} is not a currency code", f"{remedy}Give three capital letters of ISO 4217, such as GBP."
    )


def read_id(raw: object) -> str:
    """Return an id: a small letter, then small letters, digits and underscores."""
    text = str(raw).strip()
    if isinstance(raw, str) and re.fullmatch(r"[a-z][a-z0-9_]*", text) and len(text) <= 100:
        return text
    remedy = "Use small letters, digits and _ and begin with a letter"
    meant = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    meant = meant if meant[:1].isalpha() else f"x_{meant}" if meant else ""
    hint = f": {meant[:60]}" if isinstance(raw, str | int) and meant else ""
    raise misread(f"{shown(raw)} is not an id", f"{remedy}{hint}.")


def choice(*words: str) -> Callable[[object], str]:
    """Return a reader that takes one of `words` and names the nearest for anything else."""

    def read(raw: object) -> str:
        if isinstance(raw, str) and raw.strip() in words:
            return raw.strip()
        raise misread(f"{shown(raw)} is not one of the choices here", _nearest(raw, words))

    return read


def _nearest(raw: object, words: Iterable[str]) -> str:
    words = tuple(words)
    every = f"Give {', '.join(words[:-1])} or {words[-1]}." if len(words) > 1 else f"Give {words[0]}."
    return f"{did_you_mean(str(raw), words, '')} {every}".strip()


class Reads:
    """Says, beside a field's type, how its raw value is read and how an editor may expect it to be written."""

    def __init__(
        self, read: Callable[[Any], Any], schema: dict[str, Any] | Callable[[], dict[str, Any]] | None = None
    ) -> None:
        self.read = read
        self._schema = schema

    @property
    def schema(self) -> dict[str, Any] | None:
        """How an editor may expect it to be written; worked out only when it is asked for where it takes reading."""
        return self._schema() if callable(self._schema) else self._schema

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        own = self.schema
        return dict(own) if own is not None else handler(schema)


# How a number is written in a file: 90, "25%".
WRITTEN_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[-+0-9.eE]+ ?%?$"}]}
# A figure as printed: 1.93, "1.93 : 1".
WRITTEN_FIGURE = {"type": ["number", "string"]}


def one_of(*words: str) -> Reads:
    """Return how a field that takes one of these words is read."""
    return Reads(choice(*words), {"enum": list(words)})


def whole(low: int, high: int, what: str) -> Reads:
    """Return how a field that takes a whole number from `low` to `high` is read."""
    return Reads(
        partial(read_whole, low=low, high=high, what=what), {"type": "integer", "minimum": low, "maximum": high}
    )


def plain_number(kind: Kind) -> Reads:
    """Return how a field whose number takes no range is read."""
    return Reads(partial(read_number, kind=kind), WRITTEN_NUMBER)


def prefixed(read: Callable[[Any], Any], same: dict[str, str]) -> Callable[[Any], Any]:
    """Return a reader for which other writings stand for the same word, such as 1 for during."""
    return lambda raw: read(same.get(str(raw).strip(), raw))


Title = Annotated[str, Reads(read_title, {"type": ["string", "number", "boolean"]})]
Text = Annotated[str, Reads(read_text, {"type": ["string", "number", "boolean"]})]
YesNo = Annotated[bool, Reads(read_yes_no, {"enum": [True, False, "yes", "no"]})]
Id = Annotated[str, Reads(read_id, {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"})]
PriceYear = Annotated[int | str, Reads(read_price_year, {"type": ["integer", "string"]})]
Currency = Annotated[str, Reads(read_currency, {"type": "string", "pattern": "^[A-Z]{3}$"})]
Day = Annotated[date, Reads(read_day, {"type": "string", "format": "date"})]

"""What is wrong with a register's table: every fault with its row, its field, and what to do."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterator
from datetime import date

from sroi.errors import Problem, did_you_mean
from sroi.evidence.register import REQUIRED, VALUE_TYPES, WITHHELD, Table

LONGEST_TEXT = 20_000
LARGEST = 1e15
# Columns that are read as one of a few words.
CHOICES = {
    "price_year_basis": ("calendar", "financial"),
    "uprating_method": (
        *("gdp_deflator", "cpi", "wellby", "gdp_per_head", "earnings", "already_by_year", "disputed", "none"),
    ),
    "confidence": ("red", "amber", "green"),
    "one_off_or_annual": ("one-off", "annual"),
}
YES_NO = ("is_transfer", "cashable", "passing_on")
NUMBERS = ("value", "low", "high")
DAYS = ("retrieved_on", "review_date")

_ID = re.compile(r"[a-z][a-z0-9_]{0,99}")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,2})?", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_FINANCIAL = re.compile(r"(?:19|20)(\d\d)/(\d\d)", re.ASCII)
# What no document should hold: control characters, and marks that turn the direction of writing around.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")

Fault = tuple[str, str] | None


def faults(table: Table) -> list[Problem]:
    """Return every fault of a table, in the order of its rows."""
    found = [*_field_faults(table), *_missing(table), *_twice(table), *_between_fields(table)]
    return [problem for _, problem in sorted(found, key=lambda each: each[0])]


def _field_faults(table: Table) -> Iterator[tuple[int, Problem]]:
    for name, column in table.by_name.items():
        # A column of thousands holds few different texts, and as a rule all are sound.
        if _is_plainly_sound(name, column.distinct):
            continue
        wrong = {text: fault for text in column.distinct if (fault := _fault(name, text)) is not None}
        if wrong:
            for place, text in enumerate(column.texts):
                if text in wrong:
                    yield place, _problem(table, place, name, *wrong[text])


def _is_plainly_sound(name: str, texts: Collection[str]) -> bool:
    """Say whether all these texts of a column are seen to be sound at one glance; a no says nothing.

    All are looked at in one line: it is printable only if each is, and matches as many times as there are texts.
    """
    there = [text for text in texts if text]
    line = " ".join(there)
    if not line.isprintable() or (len(line) > LONGEST_TEXT and max(map(len, there)) > LONGEST_TEXT):
        return False
    if name in _PLAINLY:
        return _all_match(_PLAINLY[name], there)
    check = _CHECKS.get(name)
    return check is None or all(check(text) is None for text in there)


def _all_match(line_of: re.Pattern[str], texts: list[str]) -> bool:
    line = " ".join(texts)
    return line.count(" ") == max(len(texts) - 1, 0) and line_of.fullmatch(line) is not None


def _fault(name: str, text: str) -> Fault:
    if not text:
        return None
    if len(text) > LONGEST_TEXT:
        return f"a text of {len(text):,} characters", f"Give at most {LONGEST_TEXT:,}."
    if _UNPRINTABLE.search(text):
        return "a control character, which no document should hold", "Take it out."
    check = _CHECKS.get(name)
    return check(text) if check is not None else None


def _id(text: str) -> Fault:
    if _ID.fullmatch(text):
        return None
    meant = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    hint = f", such as {meant[:60]}" if meant[:1].isalpha() else ""
    return f"{shown(text)} is not an id", f"Use small letters, digits and _ and begin with a letter{hint}."


def _number(text: str) -> Fault:
    if _NUMBER.fullmatch(text):
        if abs(float(text)) <= LARGEST:
            return None
        return f"{shown(text)} is too large for a value", "Check it."
    bare = re.sub(r"[\s£$€,]", "", text)
    if _NUMBER.fullmatch(bare):
        return f"{shown(text)} is not written as a plain number", f"Did you mean {bare}?"
    return f"{shown(text)} stands where a number belongs", "Give a plain number, such as 12.50."


def _currency(text: str) -> Fault:
    if re.fullmatch(r"[A-Z]{3}", text):
        return None
    meant = {"£": "GBP", "€": "EUR", "$": "USD", "POUNDS": "GBP", "EURO": "EUR", "EUROS": "EUR"}
    near = meant.get(text.upper()) or (text.upper() if re.fullmatch(r"[A-Za-z]{3}", text) else "")
    hint = f"Did you mean {near}? " if near else ""
    return f"{shown(text)} is not a currency code", f"{hint}Give three capital letters, such as GBP."


def _price_year(text: str) -> Fault:
    financial = _FINANCIAL.fullmatch(text)
    if _YEAR.fullmatch(text) or (financial and int(financial[2]) == (int(financial[1]) + 1) % 100):
        return None
    return f"{shown(text)} is not a price year", "Give a year such as 2024, or a financial year such as 2023/24."


def _value_type(text: str) -> Fault:
    for part in text.split("+"):
        if part.strip() not in VALUE_TYPES:
            remedy = did_you_mean(part.strip().lower(), VALUE_TYPES, "")
            every = f"Give {', '.join(VALUE_TYPES[:-1])} or {VALUE_TYPES[-1]}, or several joined by +."
            return f"{shown(text)} is not a value type", f"{remedy} {every}".strip()
    return None


def _yes_no(text: str) -> Fault:
    if text.lower() in ("yes", "no", "true", "false"):
        return None
    return f"{shown(text)} stands where yes or no belongs", "Give yes or no."


def _day(text: str) -> Fault:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            date.fromisoformat(text)
            return None
    except ValueError:
        return f"{shown(text)} is no day of the calendar", "Give a date that exists, as 2024-04-01."
    return f"{shown(text)} is not a date", "Write it as year-month-day: 2024-04-01."


def _choice(words: tuple[str, ...]) -> Callable[[str], Fault]:
    def check(text: str) -> Fault:
        if text in words:
            return None
        every = f"Give {', '.join(words[:-1])} or {words[-1]}."
        return f"{shown(text)} is not one of the choices here", f"{did_you_mean(text, words, '')} {every}".strip()

    return check


_CHECKS: dict[str, Callable[[str], Fault]] = {
    "id": _id,
    "currency": _currency,
    "price_year": _price_year,
    "value_type": _value_type,
    **dict.fromkeys(NUMBERS, _number),
    **dict.fromkeys(YES_NO, _yes_no),
    **dict.fromkeys(DAYS, _day),
    **{name: _choice(words) for name, words in CHOICES.items()},
}

# Columns that hold thousands of different texts: what a line of sound ones looks like.
_PLAINLY = {
    "id": re.compile(r"(?:[a-z][a-z0-9_]{0,99}(?: |\Z))*"),
    **dict.fromkeys(NUMBERS, re.compile(r"(?:[-+]?\d{1,12}(?:\.\d{0,9})?(?: |\Z))*", re.ASCII)),
}

_WHY_REQUIRED = {
    "id": "Give it one, such as our_gp_visit.",
    "outcome": "Say what one unit of change is.",
    "value": "Give the money for one unit.",
    "unit": "Say what is counted, such as per visit.",
    "currency": "Give three letters, such as GBP.",
    "price_year": "Give the year of the price, such as 2024 or 2023/24.",
    "source": "Say where the value comes from, so that a reader can look it up.",
    "licence": "Say under which licence it may be used; `own` for an estimate of your own.",
}


def _missing(table: Table) -> Iterator[tuple[int, Problem]]:
    status = table.column("status")
    for name in REQUIRED:
        if name not in table.by_name:
            continue  # said of the heading, once
        column = table.by_name[name]
        if "" not in column.distinct:  # as a rule
            continue
        for place, text in enumerate(column.texts):
            if not text and not (name == "value" and status[place] == WITHHELD):
                yield place, _problem(table, place, name, "nothing stands here", _WHY_REQUIRED[name])


def _twice(table: Table) -> Iterator[tuple[int, Problem]]:
    if "id" not in table.by_name or len(table.by_name["id"].distinct) == len(table):
        return
    first: dict[str, int] = {}
    for place, id_ in enumerate(table.column("id")):
        if id_ and id_ in first:
            found = f"the id '{id_}' stands twice, first in row {table.lines[first[id_]]}"
            yield place, _problem(table, place, "id", found, "Give one of them another.")
        first.setdefault(id_, place)


def _between_fields(table: Table) -> Iterator[tuple[int, Problem]]:
    values = table.column("value")
    for name, beyond in (("low", operator.gt), ("high", operator.lt)):
        bounds = table.column(name)
        numbers = _sound_numbers({*bounds, *values} - {""})
        for place, (bound, value) in enumerate(zip(bounds, values, strict=True)):
            if bound in numbers and value in numbers and beyond(numbers[bound], numbers[value]):
                found = f"{bound} is {'above' if name == 'low' else 'below'} the value, {value}"
                yield place, _problem(table, place, name, found, "Check which of the two is meant.")
    year = table.column("price_year")
    for place, basis in enumerate(table.column("price_year_basis")):
        if basis == "calendar" and "/" in year[place]:
            found = f"{year[place]} is a financial year, and its basis is said to be calendar"
            yield place, _problem(table, place, "price_year_basis", found, "Say financial, or give a calendar year.")


def _sound_numbers(texts: set[str]) -> dict[str, float]:
    if _all_match(_PLAINLY["value"], list(texts)):
        return dict(zip(texts, map(float, texts), strict=True))
    return {text: float(text) for text in texts if _number(text) is None}


def _problem(table: Table, place: int, field: str, found: str, remedy: str) -> Problem:
    id_ = table.column("id")[place]
    return Problem(found, remedy, f"row {table.lines[place]}{f' ({id_[:60]})' if id_ else ''}, {field}")


def shown(text: str) -> str:
    """Return a text as a message quotes it, cut to a line."""
    line = " ".join("".join(letter if letter.isprintable() else "?" for letter in text).split())
    return f"'{line[:57]}..'" if len(line) > 60 else f"'{line}'"

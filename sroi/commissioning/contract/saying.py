"""How a contract's figures are said: quantities with their unit, days, indicators in a line."""

from __future__ import annotations

from datetime import date

from sroi import wording
from sroi.commissioning.contract.nouns import BY_CONTRACT, BY_YEAR, LESS, Kpi

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_POUNDS = ("gbp", "£", "pounds", "pound")


def day_words(day: date) -> str:
    """Return a day as people write it, whatever the machine's language.

    >>> day_words(date(2026, 8, 31))
    '31 August 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def days_words(first: date, last: date) -> str:
    """Return two days and what lies between.

    >>> days_words(date(2025, 9, 1), date(2026, 8, 31))
    '1 September 2025 to 31 August 2026'
    """
    return f"{day_words(first)} to {day_words(last)}"


def quantity(value: float, unit: str) -> str:
    """Return a number with its unit: pounds as money, a share as per cent.

    >>> print(quantity(180000, "GBP"), quantity(0.95, "share of visits"), quantity(80, "trees"), sep="; ")
    £180,000; 95 % of visits; 80 trees
    """
    word = unit.strip()
    if word.casefold() in _POUNDS:
        return wording.unit_money(value, "GBP")
    if word.casefold().startswith("share"):
        return f"{wording.per_cent(value, 2)}{word[len('share') :]}"
    return f"{wording.plain(value)} {word}".strip()


def kpi_words(kpi: Kpi) -> str:
    """Return an indicator in a line: its name, what is measured, its target.

    >>> kpi_words(Kpi("trees", "Street trees", "trees planted and alive", "trees", 80))
    'Street trees (trees planted and alive): at least 80 trees a year'
    """
    about = f" ({kpi.measure})" if kpi.measure and kpi.measure != kpi.name else ""
    return f"{kpi.name}{about}: {target_words(kpi)}"


def target_words(kpi: Kpi) -> str:
    """Return an indicator's target with its direction and span."""
    if kpi.target is None:
        return "no target"
    edge = "at most" if kpi.direction == LESS else "at least"
    span = {BY_YEAR: " a year", BY_CONTRACT: " over the whole contract"}.get(kpi.target_for, "")
    return f"{edge} {quantity(kpi.target, kpi.unit)}{span}"


def counted(number: int, noun: str) -> str:
    """Return how many there are.

    >>> counted(1, "indicator"), counted(0, "question")
    ('1 indicator', 'no questions')
    """
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"

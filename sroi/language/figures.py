"""Figures as a language writes them: 1,234.5 is 1.234,5 in German, £5 is 5,00 £ in French. Made by Babel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from sroi import wording
from sroi.errors import Problem, TemplateRefused

if TYPE_CHECKING:
    from babel import Locale

# A figure as the program writes it in English: £1,234.50, NZD −5, 3.5 %, 1.93, 1e-05, +0.4.
FIGURE = re.compile(
    rf"(?<![\w-])(?P<sign>[-{wording.MINUS}+]?)(?:(?P<symbol>[£€$])|(?P<code>[A-Z]{{3}}){wording.NO_BREAK}"
    rf"(?P<inner>{wording.MINUS}?))?(?P<digits>\d(?:[\d,.]*\d)?)(?P<power>e[-+{wording.MINUS}]?\d+)?"
    rf"(?P<share>[{wording.NO_BREAK} ]%)?(?!\w)"
)
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# A day as the report writes it in English: 1 April 2024.
DAY = re.compile(rf"(?<!\w)(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})(?!\w)")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let money, shares, ratios and quantities be written in a language for as long as the context lasts.

    `language` is a tag such as de, fr or cy-GB. What is said in words stays English: see `sroi.reports.spoken`. Raises
    TemplateRefused for a language of which nothing is known.

    >>> with speaking("de"):
    ...     print(wording.plain(81741.93), wording.ratio(1.929))
    81.741,93 1,93
    """
    token = wording.FIGURES_SAID.set(figures_in(language))
    try:
        yield
    finally:
        wording.FIGURES_SAID.reset(token)


@cache
def figures_in(language: str) -> Callable[[str], str] | None:
    """Return how the figures of an English text are written in a language; None where it writes them as English does.

    Raises TemplateRefused for a language of which nothing is known.
    """
    if language.partition("-")[0].lower() == "en":
        return None
    locale = locale_of(language)
    symbols = locale.number_symbols["latn"]
    if (symbols["decimal"], symbols["group"]) == (".", ","):
        return None
    return lambda text: FIGURE.sub(lambda found: _written(found, locale), text)


def locale_of(language: str) -> Locale:
    """Return what Babel knows of a language; TemplateRefused if that is nothing."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        found = f"nothing is known of a language '{language}'"
        raise TemplateRefused(Problem(found, "Name it by its tag, such as cy, de or fr-CA.")) from None


def day_in(language: str, day: date) -> str:
    """Return a day as a language writes it in full.

    >>> day_in("en-GB", date(2024, 4, 1)), day_in("cy", date(2024, 4, 1))
    ('1 April 2024', '1 Ebrill 2024')
    """
    if language.partition("-")[0].lower() == "en":
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    from babel.dates import format_date

    return str(format_date(day, "long", locale=locale_of(language)))


def days_in(language: str, text: str) -> str:
    """Return a text with every English day in it as a language writes it; what is no day of the calendar stays."""

    def written(found: re.Match[str]) -> str:
        try:
            day = date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))
        except ValueError:
            return found[0]
        return day_in(language, day)

    return DAY.sub(written, text)


def _written(found: re.Match[str], locale: Locale) -> str:
    """Return one figure as a locale writes it; what is no single number, such as a version, stays as it is."""
    from babel.numbers import parse_pattern

    read = _NUMBER.fullmatch(found["digits"])
    if read is None:
        return found[0]
    whole, fraction = read[1], read[2] or ""
    symbols = locale.number_symbols["latn"]
    # The program groups thousands in all but years, seeds and the like: what it left whole stays whole.
    kept_whole = "," not in whole and len(whole) > 3
    if found["power"] or (kept_whole and not found["symbol"] and not found["code"]):
        return found[0].replace(".", symbols["decimal"])
    currency = found["code"] or wording.CURRENCY_OF.get(found["symbol"] or "")
    if currency:
        style = locale.currency_formats["standard"].pattern
    else:
        style = (locale.percent_formats if found["share"] else locale.decimal_formats)[None].pattern
    pattern = parse_pattern(style)
    decimals = max(len(fraction) - 1, 0)
    pattern.frac_prec = (decimals, decimals)
    amount = Decimal(whole.replace(",", "") + fraction) / (100 if found["share"] else 1)
    text = pattern.apply(amount, locale, currency=currency, currency_digits=False)
    return f"{found['sign'].replace('-', wording.MINUS)}{found['inner'] or ''}{text}"

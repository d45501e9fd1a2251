"""How figures are said: money, per cent, the rules beside a ratio. Used by everything that people read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar

# A true minus and a space that no line breaks at. A terminal that cannot show them gets - and a plain space.
MINUS, NO_BREAK = "−", "\u00a0"

_SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}
CURRENCY_OF = {symbol: currency for currency, symbol in _SYMBOLS.items()}

# How a figure, written as English does, is said in another language; None: as it is. Set by `sroi.language.figures`.
FIGURES_SAID: ContextVar[Callable[[str], str] | None] = ContextVar("figures_said", default=None)

TIMING_WORDS = {
    "end_of_year": "discounted from the end of each year",
    "mid_year": "discounted from the middle of each year",
    "start_of_year": "discounted from the start of each year",
    "none": "not discounted",
}
STEP_WORDS = {
    "gross": "Gross value",
    "deadweight": "Deadweight",
    "displacement": "Displacement",
    "attribution": "Attribution (owed to others)",
    "drop_off": "Drop-off",
    "discounting": "Discounting",
    "total_present_value": "Total present value",
}


def _said(figure: str) -> str:
    say = FIGURES_SAID.get()
    return figure if say is None else say(figure)


def money(amount: float, currency: str, decimals: int = 0) -> str:
    """Return a sum as people write it.

    >>> print(money(-5, "GBP"), money(81741.93, "GBP", 2), money(1234, "NZD"))
    −£5 £81,741.93 NZD 1,234
    """
    if math.isnan(amount):
        return "no figure"
    text = f"{abs(amount):,.{decimals}f}"
    sign = MINUS if amount < 0 and float(text.replace(",", "")) != 0 else ""
    symbol = _SYMBOLS.get(currency)
    return _said(f"{sign}{symbol}{text}" if symbol else f"{currency}{NO_BREAK}{sign}{text}")


def unit_money(amount: float, currency: str) -> str:
    """Return a price, with pence where it has any.

    >>> unit_money(19, "GBP"), unit_money(48.25, "GBP")
    ('£19', '£48.25')
    """
    return money(amount, currency, 0 if amount == round(amount) else 2)


def per_cent(share: float, decimals: int = 1) -> str:
    """Return a share as a per cent, without needless zeros.

    >>> print(per_cent(0.035), per_cent(-0.5))
    3.5 % −50 %
    """
    text = f"{share * 100:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return _said(f"{'0' if text == '-0' else text.replace('-', MINUS)}{NO_BREAK}%")


def chance_words(chance: float) -> str:
    """Return a chance in per cent that never rounds to certainty.

    >>> print(chance_words(0.9312), chance_words(0.99997), chance_words(0.004), chance_words(1.0), sep="; ")
    93 %; more than 99.9 %; 0.4 %; 100 %
    """
    # Sums of floats come out a hair from 0 and 1.
    if chance <= 1e-12 or chance >= 1 - 1e-12:
        return per_cent(round(chance))
    if chance < 0.001 or chance > 0.999:
        return f"less than {per_cent(0.001)}" if chance < 0.5 else f"more than {per_cent(0.999)}"
    return per_cent(chance, 0 if 0.01 <= chance <= 0.99 else 1)


def plain(number: float) -> str:
    """Return a quantity with thousands marked and no needless zeros.

    >>> plain(7500.0), plain(2.5), plain(615.6539), plain(0.004)
    ('7,500', '2.5', '615.65', '0.004')
    """
    if 0 < abs(number) < 0.1:
        return _said(f"{number:.3g}".replace("-", MINUS))
    text = f"{number:,.2f}"
    return _said(text.rstrip("0").rstrip(".").replace("-", MINUS))


def ratio(value: float) -> str:
    """Return a ratio to two decimals, or the words for none.

    >>> ratio(1.929), ratio(float("nan"))
    ('1.93', 'no ratio')
    """
    return "no ratio" if math.isnan(value) else _said(f"{value:.2f}".replace("-", MINUS))


def analysis_word(analysis: str) -> str:
    """Return the word that stands with every ratio."""
    return "forecast" if analysis == "forecast" else "evaluation"


def rate_words(rate: float | Sequence[float]) -> str:
    """Return a discount rate in words; a schedule by name is said by `sroi.evidence.schedules.rate_words`.

    >>> print(rate_words(0.035), rate_words([0.02, 0.03]), sep="; ")
    3.5 % a year; 2 %, 3 % by year
    """
    if not isinstance(rate, int | float):
        shown = ", ".join(per_cent(each, 2) for each in rate[:5])
        return f"{shown}{', ..' if len(rate) > 5 else ''} by year"
    return f"{per_cent(rate, 2)} a year"


def number_words(value: float, field: str, currency: str) -> str:
    """Return a number of the map as people read it: a share as per cent, a proxy as money, a duration in years."""
    if field in ("proxy", "value", "rate"):
        return unit_money(value, currency)
    if field in ("share", "deadweight", "displacement", "attribution", "drop_off", "discount_rate"):
        return per_cent(value, 2)
    if field == "duration":
        return f"{plain(value)} year{'' if value == 1 else 's'}"
    return plain(value)


def html_table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]], numbers_from: int = 1) -> str:
    """Return a table for a notebook or a page, every text escaped; columns from `numbers_from` on are right-aligned."""

    from html import escape

    def cell(tag: str, column: int, text: str, scope: str = "") -> str:
        side = "right" if column >= numbers_from else "left"
        return f'<{tag}{scope} style="text-align:{side}">{escape(text)}</{tag}>'

    head = "".join(cell("th", column, text, ' scope="col"') for column, text in enumerate(headings))
    body = "".join(
        "<tr>" + "".join(cell("td", column, text) for column, text in enumerate(row)) + "</tr>" for row in rows
    )
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

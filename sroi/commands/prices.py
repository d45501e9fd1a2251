"""`sroi prices`: one sum in another year's prices or another currency, and the series there are."""

from __future__ import annotations

import argparse
from typing import Any

from sroi.arguments import add_json
from sroi.commands.printing import DONE, say, write_json
from sroi.errors import NameRefused, Problem

_LIST = ""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("amount", metavar="AMOUNT", nargs="?", help="a sum, such as 13000")
    parser.add_argument("--from", dest="from_year", metavar="YEAR", help="the year of its prices: 2019, or a UK financial year such as 2008/09")  # fmt: skip  # noqa: E501
    parser.add_argument("--to", dest="to_year", metavar="YEAR", help="the year to bring it to")
    parser.add_argument("--series", metavar="NAME", nargs="?", const=_LIST, help="the index: a name, gdp_deflator (default), cpi or wellby; without a name, list the series")  # fmt: skip  # noqa: E501
    parser.add_argument("--basis", choices=("calendar", "financial"), default="calendar", help="what a plain year means (financial: 2008 is 2008/09)")  # fmt: skip  # noqa: E501
    parser.add_argument("--currency", metavar="ABC", help="its currency (default GBP); with --series alone, list only this one's")  # fmt: skip  # noqa: E501
    parser.add_argument("--unit", metavar="WORDS", default="", help="what it is the value of, such as QALY: disputed values are refused")  # fmt: skip  # noqa: E501
    parser.add_argument("--other-country", action="store_true", help="let the series be that of another country's prices")  # fmt: skip  # noqa: E501
    parser.add_argument("--to-currency", metavar="ABC", help="convert it, after uprating, at the rate of the year")
    parser.add_argument("--by", choices=("exchange-rate", "ppp"), default="exchange-rate", help="convert by exchange rate (default) or purchasing power parity")  # fmt: skip  # noqa: E501
    parser.add_argument("--from-country", metavar="ABC", help="whose PPP, where several countries share the currency")
    parser.add_argument("--to-country", metavar="ABC", help="the same for the currency to convert to")
    add_json(parser, "the figures and steps")


def run(options: argparse.Namespace) -> int:
    """Say the sum with every step, or list the series."""
    if options.amount is None:
        return _list(options)
    if options.series == _LIST:
        raise NameRefused(Problem("--series has no name", "Name one; `sroi prices --series` alone lists them."))
    lines, told = _worked(options)
    if options.json:
        write_json(options.json, told)
    if options.json != "-":
        say(*lines)
    return DONE


def _worked(options: argparse.Namespace) -> tuple[list[str], dict[str, Any]]:
    """Return the sum moved and converted as the options ask: as lines, and in plain Python."""
    from sroi import wording
    from sroi.evidence.prices import conversion, uprated
    from sroi.terminal.layout import wrapped
    from sroi.terminal.uprating import step_lines

    amount, year, currency = _amount(options.amount), _years(options), options.currency or "GBP"
    told: dict[str, Any] = {"given": amount, "currency": currency}
    lines: list[str] = []
    value = amount
    if year is not None:
        series = options.series or "gdp_deflator"
        value, steps = uprated(
            amount, *year, series=series, basis=options.basis, currency=currency, unit=options.unit,
            other_country=options.other_country,
        )  # fmt: skip
        first, last = wording.money(amount, currency, 2), wording.money(value, currency, 2)
        lines += [f"{first} in {steps.from_year} prices = {last} in {steps.to_year} prices", *step_lines(steps)]
        told |= {"uprating": steps.to_dict(), "uprated": value}
    if options.to_currency is not None:
        by = options.by.replace("-", " ")
        at = _calendar((year[1] if year is not None else options.from_year or options.to_year), options.basis)
        converted = conversion(
            value, currency, options.to_currency, at, by,
            from_country=options.from_country, to_country=options.to_country,
        )  # fmt: skip
        lines += [
            line
            for each in str(converted).split("\n")
            for line in wrapped(each.strip(), "  " if each[0] == " " else "", "    ")
        ]
        told |= {"conversion": converted.to_dict(), "converted": converted.amount}
    return lines, told


def _amount(written: str) -> float:
    from pydantic_core import PydanticCustomError

    from sroi.reading import AMOUNT, read_number

    try:
        return read_number(written, AMOUNT)
    except PydanticCustomError as error:
        context = error.context or {}
        raise NameRefused(Problem(f"AMOUNT: {context['found']}", str(context["remedy"]))) from None


def _years(options: argparse.Namespace) -> tuple[str, str] | None:
    """Return the two years, or None where the sum is only to be converted."""
    if options.from_year is not None and options.to_year is not None:
        return options.from_year, options.to_year
    if options.to_currency is not None and (options.from_year or options.to_year) is not None:
        return None
    missing = [name for name, year in (("--from", options.from_year), ("--to", options.to_year)) if year is None]
    raise NameRefused(
        Problem(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not given",
            "Give the year of its prices and the year to bring it to.",
        )
    )


def _calendar(written: str, basis: str) -> int:
    from sroi.evidence.prices import price_year

    year = price_year(written, basis)
    if year.financial:
        raise NameRefused(
            Problem(f"{year} is a financial year, and rates are those of calendar years", "Uprate to a calendar year.")
        )
    return year.begins


def _list(options: argparse.Namespace) -> int:
    """Say which series there are, all or those of a name or currency."""
    if options.series is None:
        raise NameRefused(
            Problem("there is no AMOUNT", "Write `sroi prices 13000 --from 2019 --to 2024`, or `sroi prices --series`.")
        )
    from sroi.evidence.series import all_series
    from sroi.terminal.uprating import series_lines

    shown = [
        each
        for each in all_series()
        if options.series.lower() in each.name and options.currency in (None, each.currency)
    ]
    if not shown:
        found = " and ".join(word for word in (options.series, options.currency) if word)
        raise NameRefused(Problem(f"there is no series with {found}", "`sroi prices --series` lists all."))
    if options.json:
        write_json(
            options.json,
            {
                "series": [
                    {
                        "name": each.name, "title": each.title, "country": each.country, "currency": each.currency,
                        "first": each.first, "last": each.last, "publisher": each.source.publisher,
                        "licence": each.source.licence, "acknowledgement": each.source.acknowledgement or None,
                        "address": each.source.address, "level": each.source.level,
                        "note": each.source.caution or None,
                    }
                    for each in shown
                ]
            },
        )  # fmt: skip
    if options.json != "-":
        say(*series_lines(shown))
    return DONE

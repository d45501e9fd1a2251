"""Sums in another currency, by exchange rate or by purchasing power parity, every step shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from sroi.errors import MethodRefused, NameRefused, Problem
from sroi.evidence.series import (
    Country,
    Source,
    countries,
    exchange_rates,
    home_of,
    purchasing_power,
    source_of,
    users_of,
)

WAYS = ("exchange rate", "ppp")


@dataclass(frozen=True)
class Rate:
    """What one US (or international) dollar is in a currency in a year, for whom, and how the figure was made."""

    currency: str
    per_dollar: float
    whose: str
    made: str


@dataclass(frozen=True)
class Conversion:
    """A sum in another currency: what it was, what it is, and the two rates that lead from one to the other."""

    given: float
    amount: float
    year: int
    by: str
    steps: tuple[Rate, Rate]
    source: Source

    @property
    def factor(self) -> float:
        """What to multiply by: the rate of the currency asked for over that of the sum."""
        return self.steps[1].per_dollar / self.steps[0].per_dollar

    @property
    def sentence(self) -> str:
        """What was done, in one line fit to stand in a source."""
        begin, end = self.steps
        way = "exchange rates" if self.by == WAYS[0] else "purchasing power parities"
        return (
            f"{begin.currency} {self.given:,.2f} brought to {end.currency} by {way} of {self.year}: "
            f"x {end.per_dollar:g} / {begin.per_dollar:g} = {self.factor:.6g}"
        )

    def __str__(self) -> str:
        dollar = "US dollar" if self.by == WAYS[0] else "international dollar"
        begin, end = self.steps
        return "\n".join(
            [
                f"{begin.currency} {self.given:,.2f} = {end.currency} {self.amount:,.2f}, by {self.by} of {self.year}.",
                *(
                    f"  One {dollar} is {rate.currency} {rate.per_dollar:g} in {self.year}"
                    f"{f' ({rate.whose})' if rate.whose else ''}{f': {rate.made}' if rate.made else ''}"
                    for rate in self.steps
                ),
                f"  {self.given:,.2f} x {end.per_dollar:g} / {begin.per_dollar:g} = {self.amount:,.2f}",
                f"  Source: {self.source.title}; {self.source.words}",
            ]
        )

    def to_dict(self) -> dict[str, object]:
        """Return it in plain Python."""
        begin, end = self.steps
        return {
            "given": self.given,
            "amount": self.amount,
            "from": begin.currency,
            "to": end.currency,
            "year": self.year,
            "by": self.by,
            "factor": self.factor,
            "per_dollar": {rate.currency: rate.per_dollar for rate in self.steps},
            "source": f"{self.source.title}; {self.source.words}",
            "licence": self.source.licence,
        }


def conversion(
    amount: float,
    from_currency: str,
    to_currency: str,
    year: int,
    by: str = "exchange rate",
    *,
    from_country: str | None = None,
    to_country: str | None = None,
) -> Conversion:
    """Return a sum in another currency, at the rates of one year.

    Parameters: `amount`; the two currencies, ISO 4217; `year`, a calendar year; `by`, "exchange rate" (what a bank
    gives) or "ppp" (what buys as much); `from_country` and `to_country`, three-letter codes, which only the PPP of a
    shared currency needs: prices differ between the countries of the euro. Bring a price to the year first, with its
    own country's index, and convert it then. Formula: amount x rate(to) / rate(from), both per dollar.

    Raises NameRefused for a currency, country or way that there is not, MethodRefused for a year beyond the rates.

    >>> print(conversion(100, "GBP", "EUR", 2024))  # doctest: +ELLIPSIS
    GBP 100.00 = EUR 118.09, by exchange rate of 2024.
      One US dollar is GBP 0.7826 in 2024: mean of 12 monthly averages
      One US dollar is EUR 0.9242 in 2024: published annual
      100.00 x 0.9242 / 0.7826 = 118.09
      Source: ...
    """
    if not isfinite(amount):
        raise NameRefused(Problem(f"{amount} is not a sum of money", "Give a number."))
    if by not in WAYS:
        raise NameRefused(Problem(f"'{by}' is not a way to convert", "Say exchange rate or ppp."))
    if isinstance(year, bool) or not isinstance(year, int):
        raise NameRefused(
            Problem(f"{year!r} is not a calendar year", "Rates are those of calendar years: give one, such as 2024.")
        )
    if by == WAYS[0]:
        begin, end = _market_rate(from_currency, year), _market_rate(to_currency, year)
    else:
        begin, end = _parity(from_currency, from_country, year), _parity(to_currency, to_country, year)
    source = source_of("exchange_rates" if by == WAYS[0] else "ppp")
    return Conversion(amount, amount * end.per_dollar / begin.per_dollar, year, by, (begin, end), source)


def _market_rate(currency: str, year: int) -> Rate:
    rates = exchange_rates()
    if currency not in rates:
        known = f"Known are {', '.join(sorted(rates))}; purchasing power parities (ppp) have more."
        raise NameRefused(Problem(f"there is no exchange rate for '{currency}'", known))
    _within(rates[currency], year, f"the exchange rate of {currency}")
    per_dollar, made = rates[currency][year]
    return Rate(currency, per_dollar, "", made)


def _parity(currency: str, code: str | None, year: int) -> Rate:
    country = _country_of(currency, code)
    parities = purchasing_power().get(country.code)
    if parities is None:
        raise NameRefused(
            Problem(f"there is no PPP for {country.name}", "Convert by exchange rate, if that is what is meant.")
        )
    _within(parities, year, f"the PPP of {country.name}")
    return Rate(currency, parities[year], country.name, "")


def _country_of(currency: str, code: str | None) -> Country:
    """Return the country whose prices are meant: the one named, or the one that the currency is named after."""
    if code is not None:
        named = countries().get(code.upper())
        if named is None:
            raise NameRefused(
                Problem(f"there is no country '{code}'", "Give its three-letter code, such as GBR or IRL.")
            )
        if named.currency != currency:
            raise NameRefused(
                Problem(f"{named.name} pays in {named.currency}, not in {currency}", "Name a country of the currency.")
            )
        return named
    home, users = home_of(currency), users_of(currency)
    if home is not None:
        return home
    if not users:
        raise NameRefused(Problem(f"there is no PPP for '{currency}'", "Give an ISO 4217 code, such as GBP."))
    if len(users) == 1:
        return users[0]
    listed = ", ".join(each.code for each in users[:8]) + (" .." if len(users) > 8 else "")
    raise NameRefused(
        Problem(
            f"{currency} is used in {len(users)} countries, and a PPP is one country's",
            f"Say which: {listed} (--from-country, --to-country).",
        )
    )


def _within(by_year: Mapping[int, object], year: int, what: str) -> None:
    if year not in by_year:
        first, last = min(by_year), max(by_year)
        nearest = min(by_year, key=lambda each: abs(each - year))
        raise MethodRefused(
            Problem(
                f"{what} reaches from {first} to {last}, not to {year}",
                f"The nearest it has is {nearest}: bring the sum to the prices of {nearest} first, convert it then.",
            )
        )

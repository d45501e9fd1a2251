"""The series that are shipped: price indices, real GDP per head, exchange rates and PPPs, each with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from sroi.errors import NameRefused, Problem, did_you_mean
from sroi.evidence.shipped_tables import shipped_rows

# The World Bank's growth rates, one series a country, share one row of the table.
_FAMILY = "wb_gdp_deflator_"


@dataclass(frozen=True)
class Source:
    """Where a series comes from: what it is, who publishes it, under which licence, and how it was seen.

    `level` is A for the publisher's own file, B for a secondary one. `break_year` is a year in which the series jumps
    for another reason than prices; `caution` is what a user should know before using it.
    """

    title: str
    kind: str
    unit: str
    base: str
    publisher: str
    year: str
    licence: str
    acknowledgement: str
    address: str
    seen_in: str
    level: str
    break_year: int | None
    break_words: str
    caution: str

    @property
    def words(self) -> str:
        """The source in one line: publisher, year, licence, address, level."""
        published = f"{self.publisher} {self.year}".strip()
        seen = "the publisher's own file" if self.level == "A" else "seen in a secondary source"
        return f"{published}, {self.licence}, {self.address}; level {self.level}: {seen}"


@dataclass(frozen=True)
class Series:
    """One figure a year for one country: an index of prices, or real GDP per head."""

    name: str
    country: str
    country_name: str
    currency: str
    source: Source
    values: Mapping[int, float] = field(repr=False)

    @property
    def title(self) -> str:
        """What the series is, in words."""
        return self.source.title

    @property
    def first(self) -> int:
        """The first year that it has."""
        return min(self.values)

    @property
    def last(self) -> int:
        """The last year that it has."""
        return max(self.values)


@dataclass(frozen=True)
class Country:
    """A country as the World Bank names it, with the currency that it uses today (Unicode CLDR)."""

    code: str
    iso2: str
    name: str
    currency: str


@cache
def _described() -> dict[str, dict[str, str]]:
    return {row["series"]: row for row in shipped_rows("prices", "series.csv")}


@cache
def _indices() -> dict[str, dict[int, float]]:
    values: dict[str, dict[int, float]] = {}
    for row in shipped_rows("prices", "index.csv"):
        values.setdefault(row["series"], {})[int(row["year"])] = float(row["value"])
    return values


@cache
def _chained() -> dict[str, dict[int, float]]:
    """Return an index for each country of the growth table: 100 in the year before the first rate, then chained.

    Only the last unbroken run of years is used: across a gap nothing can be chained.
    """
    growth: dict[str, dict[int, float]] = {}
    for row in shipped_rows("prices", "gdp_deflator_growth.csv"):
        growth.setdefault(row["country"], {})[int(row["year"])] = float(row["per_cent"])
    chained = {}
    for country, rates in growth.items():
        year = last = max(rates)
        while year - 1 in rates:
            year -= 1
        level = 100.0
        index = {year - 1: level}
        for each in range(year, last + 1):
            level *= 1 + rates[each] / 100
            index[each] = level
        chained[country] = index
    return chained


@cache
def countries() -> dict[str, Country]:
    """Return the countries by their three-letter code."""
    return {
        row["country"]: Country(row["country"], row["country_iso2"], row["country_name"], row["currency"])
        for row in shipped_rows("prices", "countries.csv")
    }


def source_of(name: str) -> Source:
    """Return the source of a row of the table: a series, the exchange rates, the PPPs."""
    row = _described()[name]
    return Source(
        title=row["title"],
        kind=row["kind"],
        unit=row["unit"],
        base=row["base"],
        publisher=row["publisher"],
        year=row["source_year"],
        licence=row["licence"],
        acknowledgement=row["acknowledgement"],
        address=row["address"],
        seen_in=row["seen_in"],
        level=row["verification_level"],
        break_year=int(row["break_year"]) if row["break_year"] else None,
        break_words=row["break_words"],
        caution=row["caution"],
    )


def series_names() -> tuple[str, ...]:
    """Return the names of all series, those of the UK and the US first."""
    single = [name for name in _described() if name in _indices()]
    chained = [f"{_FAMILY}{country.lower()}" for country in sorted(_chained())]
    return (*single, *(name for name in chained if name not in single))


@cache
def series(name: str) -> Series:
    """Return the series of this name.

    Raises NameRefused for a name that there is not, with the nearest.

    >>> deflator = series("uk_gdp_deflator")
    >>> deflator.first, deflator.last, deflator.values[2009]
    (1990, 2024, 68.217)
    """
    if name in _indices():
        source, code, values = source_of(name), _described()[name]["country"], _indices()[name]
        return Series(name, code, countries()[code].name, countries()[code].currency, source, values)
    code = name.removeprefix(_FAMILY).upper()
    if name.startswith(_FAMILY) and name.islower() and code in _chained():
        from dataclasses import replace

        source = source_of(f"{_FAMILY}*")
        source = replace(source, title=source.title.format(country=countries()[code].name))
        return Series(name, code, countries()[code].name, countries()[code].currency, source, _chained()[code])
    otherwise = f"Known are {', '.join(series_names()[:3])} and more; `sroi prices --series` lists all."
    raise NameRefused(Problem(f"there is no series '{name}'", did_you_mean(name, series_names(), otherwise)))


def all_series() -> Iterator[Series]:
    """Yield every series."""
    yield from map(series, series_names())


def home_of(currency: str) -> Country | None:
    """Return the country that a currency is named after, as ISO 4217 has it: GBP of GB; None for EUR, XOF and the like.

    >>> home_of("NZD").name, home_of("EUR")
    ('New Zealand', None)
    """
    return next(
        (each for each in countries().values() if each.iso2 == currency[:2] and each.currency == currency), None
    )


def users_of(currency: str) -> list[Country]:
    """Return the countries that use a currency."""
    return [each for each in countries().values() if each.currency == currency]


def default_series(currency: str, kind: str = "gdp_deflator") -> Series:
    """Return the series of this kind for a currency: that of the country that the currency is named after.

    Parameters: `currency`, an ISO 4217 code; `kind`, gdp_deflator or cpi. For sterling it is HM Treasury's deflator and
    the ONS's CPI. Raises NameRefused where a currency belongs to no one country, or there is no such series.
    """
    home = home_of(currency)
    found = [each for each in series_names() if _described().get(each, {}).get("kind", "gdp_deflator") == kind]
    if home is not None:
        for name in found:
            if series(name).country == home.code:
                return series(name)
    near = [name for name in found if series(name).currency == currency]
    if near:
        shared = f"{currency} is used in {len(users_of(currency))} countries, and each has prices of its own"
        raise NameRefused(Problem(shared, f"Name the series of the country meant: {_some(near)}."))
    kinds = {"gdp_deflator": "GDP deflator", "cpi": "consumer price index"}
    known = {series(name).currency for name in found}
    raise NameRefused(
        Problem(
            f"there is no {kinds.get(kind, kind)} for {currency}",
            f"`sroi prices --series` lists the {len(known)} currencies that have one.",
        )
    )


def _some(names: list[str], most: int = 6) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


# ---- exchange rates and PPPs ----


@cache
def exchange_rates() -> dict[str, dict[int, tuple[float, str]]]:
    """Return, by currency and year, its units for one US dollar, and how the annual figure was made."""
    rates: dict[str, dict[int, tuple[float, str]]] = {}
    for row in shipped_rows("prices", "exchange_rates.csv"):
        rates.setdefault(row["currency"], {})[int(row["year"])] = (float(row["per_us_dollar"]), row["method"])
    years = {year for by_year in rates.values() for year in by_year}
    rates["USD"] = dict.fromkeys(years, (1.0, "by definition"))
    return rates


@cache
def purchasing_power() -> dict[str, dict[int, float]]:
    """Return, by country and year, the units of its currency that buy what one international dollar buys."""
    rates: dict[str, dict[int, float]] = {}
    for row in shipped_rows("prices", "ppp.csv"):
        rates.setdefault(row["country"], {})[int(row["year"])] = float(row["per_international_dollar"])
    return rates


# ---- values that must not be uprated ----


@dataclass(frozen=True)
class Disputed:
    """A value whose sources disagree about its price year: what it is, what was found, what to do."""

    what: str
    found: str
    remedy: str

    @property
    def problem(self) -> Problem:
        """The refusal."""
        return Problem(f"the price year of {self.what} is disputed: {self.found}", self.remedy)


@cache
def _disputes() -> list[dict[str, str]]:
    return shipped_rows("prices", "disputed.csv")


def disputed(amount: float, currency: str, words: str = "", register: str | None = None) -> Disputed | None:
    """Return why a value is not to be uprated, or None.

    Parameters: `amount` and `currency`; `words`, its unit and description; `register`, its entry in a register.

    >>> disputed(70000, "GBP", "per QALY").what
    'the QALY of 70,000'
    """
    for row in _disputes():
        same_sum = currency == row["currency"] and abs(abs(amount) - float(row["value"])) < 0.5
        named = row["unit"].lower() in words.lower() or row["unit_in_full"] in words.lower()
        # A register may put its own name before an entry's: open_values/uk_qaly.
        entry = re.split(r"[^a-z0-9_]", (register or "").lower())[-1]
        if entry == row["register"] or (same_sum and named):
            return Disputed(row["what"], row["found"], row["remedy"])
    return None

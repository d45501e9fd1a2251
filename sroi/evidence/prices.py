"""Prices of another year and another currency, every step shown. Nothing here knows of value maps.

A price moves from one year to another by an index: value x index of the year asked for / index of its own year. The
WELLBY moves by prices and by real income per head, as HM Treasury's guidance has it (`WELLBY`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite, prod

from sroi.errors import MethodRefused, NameRefused, Problem, did_you_mean
from sroi.evidence.currencies import Conversion, conversion
from sroi.evidence.series import Series, default_series, disputed, series, series_names

__all__ = [
    "Conversion",
    "Step",
    "Uprating",
    "Year",
    "conversion",
    "is_wellby",
    "price_year",
    "uprated",
    "uprating",
]

DEFLATOR = "uk_gdp_deflator"
PER_HEAD = "uk_real_gdp_per_head"
# HM Treasury, Wellbeing Guidance for Appraisal: Supplementary Green Book Guidance (July 2021): a WELLBY follows the
# GDP deflator and the ratio of real GDP per head to this power.
WELLBY = "wellby"
INCOME_POWER = 1.3
BASES = ("calendar", "financial")
GENERIC = ("gdp_deflator", "cpi")
# April to March: nine months of the first calendar year, three of the next.
FINANCIAL_RULE = "a financial year is 3/4 of the calendar year in which it begins and 1/4 of the next"


@dataclass(frozen=True)
class Year:
    """A price year: a calendar year, or the UK financial year that begins in April of `begins`."""

    begins: int
    financial: bool = False

    def __str__(self) -> str:
        return f"{self.begins}/{(self.begins + 1) % 100:02d}" if self.financial else str(self.begins)

    @property
    def parts(self) -> tuple[tuple[int, float], ...]:
        """The calendar years that it lies in, with the share of each."""
        return ((self.begins, 0.75), (self.begins + 1, 0.25)) if self.financial else ((self.begins, 1.0),)


def price_year(written: int | str | Year, basis: str = "calendar") -> Year:
    """Return a price year: 2024, "2024" or a financial year's label, "2008/09".

    `basis` says what a whole number means: calendar, or financial (2008 is then 2008/09). NameRefused for all else.

    >>> str(price_year("2008/09")), str(price_year(2008, basis="financial")), str(price_year(2008))
    ('2008/09', '2008/09', '2008')
    """
    if basis not in BASES:
        raise NameRefused(Problem(f"'{basis}' is not a basis of price years", "Say calendar or financial."))
    if isinstance(written, Year):
        return written
    text = "" if isinstance(written, bool) else str(written).strip()
    if re.fullmatch(r"(19|20)\d\d", text, re.ASCII):
        return Year(int(text), basis == "financial")
    label = re.fullmatch(r"((?:19|20)\d\d)/(\d\d)", text, re.ASCII)
    if label and int(label[2]) == (int(label[1]) + 1) % 100:
        return Year(int(label[1]), True)
    raise NameRefused(
        Problem(f"'{text[:40]}' is not a price year", "Give a year such as 2024, or a financial year such as 2023/24.")
    )


@dataclass(frozen=True)
class Step:
    """One ratio of an uprating: the figures of the two years, and the power to which their ratio is raised."""

    from_year: str
    to_year: str
    from_value: float
    to_value: float
    series: str
    title: str
    published: str
    source: str
    licence: str
    power: float = 1.0
    made_of: tuple[str, ...] = ()
    caution: str = ""

    @property
    def factor(self) -> float:
        """(to_value / from_value) to the power."""
        return float((self.to_value / self.from_value) ** self.power)

    @property
    def sum_words(self) -> str:
        """The step as a sum: 81.1085 (2019) to 100 (2024)."""
        return f"{_figure(self.from_value)} ({self.from_year}) to {_figure(self.to_value)} ({self.to_year})"

    @property
    def working(self) -> tuple[str, ...]:
        """The step as lines: its figures and factor, and what a financial year's figure is made of."""
        ratio = f"{_figure(self.to_value)} / {_figure(self.from_value)}"
        raised = ratio if self.power == 1 else f"({ratio})^{self.power:g}"
        head = f"{self.title}: {self.sum_words}; {raised} = {_figure(self.factor)}"
        return (head, *(f"  {made}" for made in self.made_of))

    @property
    def provenance(self) -> tuple[str, ...]:
        """Where the figures come from, and what is to be known of them."""
        note = (f"  Note: {self.caution}",) if self.caution else ()
        return (f"  Source: {self.source}", *note)

    def __str__(self) -> str:
        return "\n".join([*self.working, *self.provenance])


@dataclass(frozen=True)
class Uprating:
    """What brings a price from one year to another: the factor, and every step of it."""

    from_year: str
    to_year: str
    series: str
    steps: tuple[Step, ...]

    @property
    def factor(self) -> float:
        """What to multiply by: the product of the steps."""
        return prod((step.factor for step in self.steps), start=1.0)

    @property
    def sentence(self) -> str:
        """What was done, in one line fit to stand in a source."""
        by = "; ".join(
            f"{_short(step.title)}{'' if step.power == 1 else f' to the power {step.power:g}'}, {step.published}: "
            f"{_figure(step.from_value)} in {step.from_year}, {_figure(step.to_value)} in {step.to_year}"
            for step in self.steps
        )
        return f"Brought from {self.from_year} to {self.to_year} prices: x {_figure(self.factor)} ({by})"

    @property
    def head(self) -> str:
        """The years and the factor, in a line."""
        by = f", by {self.series}." if self.steps else "; nothing to do."
        return f"From {self.from_year} to {self.to_year} prices: x {_figure(self.factor)}{by}"

    def __str__(self) -> str:
        return "\n".join([self.head, *(f"  {line}" for step in self.steps for line in str(step).split("\n"))])

    def to_dict(self) -> dict[str, object]:
        """Return it in plain Python."""
        return {
            "from": self.from_year,
            "to": self.to_year,
            "series": self.series,
            "factor": self.factor,
            "steps": [
                {
                    "series": step.series,
                    "title": step.title,
                    "from": step.from_year,
                    "to": step.to_year,
                    "from_value": step.from_value,
                    "to_value": step.to_value,
                    "power": step.power,
                    "factor": step.factor,
                    "made_of": list(step.made_of),
                    "source": step.source,
                    "licence": step.licence,
                    "note": step.caution or None,
                }
                for step in self.steps
            ],
        }


def uprating(
    from_year: int | str,
    to_year: int | str,
    *,
    series: str = DEFLATOR,
    basis: str = "calendar",
    currency: str | None = None,
    other_country: bool = False,
) -> Uprating:
    """Return what brings a price from one year's prices to another's, with every step.

    Parameters: `from_year`, `to_year`, calendar years (2024) or UK financial years ("2008/09"); `series`, a name (see
    `sroi.evidence.series.series_names`), gdp_deflator or cpi for the `currency`'s own, or wellby; `basis`, what a whole
    number means: calendar, or financial (2008 is 2008/09); `currency` of the price: a series of another country's is
    then refused unless `other_country` is given. A financial year is 3/4 of the calendar year in which it begins and
    1/4 of the next. The year itself gives 1 and no steps. Formula: factor = index(to) / index(from); for wellby, times
    (real GDP per head(to) / real GDP per head(from))^1.3.

    Raises NameRefused for a year or series that is none, MethodRefused where the series does not reach, jumps for
    another reason than prices, or is another country's; all problems in one message.

    >>> print(uprating(2009, 2024))  # doctest: +ELLIPSIS
    From 2009 to 2024 prices: x 1.46591, by uk_gdp_deflator.
      UK GDP deflator at market prices, ...: 68.217 (2009) to 100 (2024); 100 / 68.217 = 1.46591
      ...
    """
    begin, end = price_year(from_year, basis), price_year(to_year, basis)
    parts = _parts(series, currency)
    problems = [
        problem for part, _ in parts for problem in _problems(part, begin, end, None if other_country else currency)
    ]
    if problems:
        raise MethodRefused(dict.fromkeys(problems))
    # `cpi` stands for one country's series, and is told by that one's name.
    name = WELLBY if series == WELLBY else parts[0][0].name
    if begin == end:
        return Uprating(str(begin), str(end), name, ())
    return Uprating(str(begin), str(end), name, tuple(_step(part, power, begin, end) for part, power in parts))


def _parts(name: str, currency: str | None) -> list[tuple[Series, float]]:
    """Return the series that a name stands for, each with its power."""
    if name == WELLBY:
        return [(series(DEFLATOR), 1.0), (series(PER_HEAD), INCOME_POWER)]
    if name in GENERIC:
        return [(default_series(currency or "GBP", name), 1.0)]
    if name not in series_names():
        known = [WELLBY, *GENERIC, *series_names()]
        otherwise = f"Known are {', '.join(known[:5])} and more; `sroi prices --series` lists all."
        raise NameRefused(Problem(f"there is no series '{name}'", did_you_mean(name, known, otherwise)))
    return [(series(name), 1.0)]


def _problems(part: Series, begin: Year, end: Year, currency: str | None) -> list[Problem]:
    """Return why a series cannot bring a price from one year to the other; none between a year and itself."""
    problems = []
    if currency is not None and currency != part.currency:
        problems.append(
            Problem(
                f"{part.name} is the prices of {part.country_name} ({part.currency}), but the value is in {currency}",
                f"Take a series of {currency}, or ask for another country's on purpose (--other-country).",
            )
        )
    if begin == end:
        return problems
    for year in (begin, end):
        if year.financial and part.country != "GBR":
            problems.append(
                Problem(
                    f"{year} is a financial year, and for {part.name} it is not known when one begins",
                    f"Give a calendar year, such as {year.begins}; only the UK's years, from April, have a rule here.",
                )
            )
    crossed = part.source.break_year
    years = sorted(begin_or_end for year in (begin, end) for begin_or_end, _ in year.parts)
    if crossed is not None and years[0] < crossed <= years[-1]:
        problems.append(
            Problem(
                f"{part.name} cannot go from {begin} to {end}: the series has a break in {crossed} "
                f"({part.source.break_words})",
                f"Use {default_series(part.currency).name}.",
            )
        )
        return problems
    beyond = [year for year in (begin, end) if any(each not in part.values for each, _ in year.parts)]
    if beyond:
        problems.append(_out_of_reach(part, beyond, begin, end))
    return problems


def _out_of_reach(part: Series, beyond: list[Year], begin: Year, end: Year) -> Problem:
    """Return the refusal for years that a series does not have, with the nearest that it has, or another series."""
    needs = [
        f"{year} (it takes {year.begins} and {year.begins + 1})" if year.financial else str(year) for year in beyond
    ]
    nearest = []
    for year in beyond:
        latest = Year(part.last - 1, True) if year.financial else Year(part.last)
        earliest = Year(part.first, year.financial)
        nearest.append(str(earliest if year.begins < part.first else latest))
    wanted = {each for year in (begin, end) for each, _ in year.parts}
    others = [
        f"{name} ({other.first} to {other.last})"
        for name in series_names()
        if (other := series(name)).country == part.country
        and other.source.kind in GENERIC
        and part.source.kind in GENERIC
        and wanted <= other.values.keys()
    ]
    instead = f", or take {others[0]}, another measure of prices" if others else ""
    return Problem(
        f"{part.name} reaches from {part.first} to {part.last}, not to {' or '.join(needs)}",
        f"The nearest it has is {' and '.join(dict.fromkeys(nearest))}: use that and say so{instead}.",
    )


def _step(part: Series, power: float, begin: Year, end: Year) -> Step:
    return Step(
        str(begin),
        str(end),
        _figure_of(part, begin),
        _figure_of(part, end),
        part.name,
        part.title,
        f"{part.source.publisher} {part.source.year}".strip(),
        part.source.words,
        part.source.licence,
        power,
        tuple(_made_of(part, year) for year in (begin, end) if year.financial),
        part.source.caution,
    )


def _figure_of(part: Series, year: Year) -> float:
    return sum(share * part.values[each] for each, share in year.parts)


def _made_of(part: Series, year: Year) -> str:
    (first, _), (second, _) = year.parts
    return (
        f"{year} = 3/4 of {first} ({_figure(part.values[first])}) + 1/4 of {second} ({_figure(part.values[second])}) "
        f"= {_figure(_figure_of(part, year))}: {FINANCIAL_RULE}"
    )


def uprated(
    amount: float,
    from_year: int | str,
    to_year: int | str,
    *,
    series: str = DEFLATOR,
    basis: str = "calendar",
    currency: str = "GBP",
    unit: str = "",
    other_country: bool = False,
) -> tuple[float, Uprating]:
    """Return a sum in another year's prices, and how it came about (see `uprating`).

    A value whose own price year is disputed, such as the QALY of 70,000, is refused with MethodRefused.
    """
    if not isfinite(amount):
        raise NameRefused(Problem(f"{amount} is not a sum of money", "Give a number."))
    doubt = disputed(amount, currency, unit)
    if doubt is not None:
        raise MethodRefused(doubt.problem)
    steps = uprating(from_year, to_year, series=series, basis=basis, currency=currency, other_country=other_country)
    return amount * steps.factor, steps


def is_wellby(words: str, register: str | None = None) -> bool:
    """Say whether a value is a WELLBY, by its register entry or its unit and description.

    >>> is_wellby("One point of life satisfaction for a year (a WELLBY)"), is_wellby("visit")
    (True, False)
    """
    return "wellby" in (register or "").lower() or re.search(r"\bWELLBYs?\b", words, re.IGNORECASE) is not None


def _figure(number: float) -> str:
    """Return a figure with the seven digits that the sources have at most."""
    return f"{number:.7g}"


def _short(title: str) -> str:
    return re.split(r" at market prices| \(|, constant|, all items", title)[0]

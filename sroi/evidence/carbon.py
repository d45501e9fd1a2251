"""The value of a tonne of greenhouse gas by the year in which it is emitted, from two publishers that mean two things.

DESNZ (United Kingdom) gives what it costs to abate a tonne in line with the country's targets; EPA (United States) what
damage a tonne does in all the world. The one says nothing of the other, so a list of years is of one basis alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sroi.errors import MethodRefused, Problem, did_you_mean
from sroi.evidence.shipped_tables import shipped_rows

BASES = {"desnz": "abatement cost", "epa": "damage cost"}
# The same entries as in the register of proxies: a fact stands in one place.
_FILES = {
    "desnz": "desnz_carbon_values_2023.csv",
    "epa": "us_epa_social_cost_of_greenhouse_gases_2023.csv",
}
LEVELS = ("low", "central", "high")
# The gas of which each basis gives values, the first where none is asked for.
GASES = {"desnz": ("co2e",), "epa": ("co2", "ch4", "n2o")}
LEVEL_WORDS = {
    "desnz": "low and high are half and one and a half times the central value, as published",
    "epa": "low, central and high are at near-term discount rates of 2.5%, 2% and 1.5%",
}


@dataclass(frozen=True)
class CarbonValue:
    """What a tonne emitted in `year` is worth at three levels, in money of `price_year`, and where that comes from.

    `kind` is abatement cost or damage cost; `verification_level` A was seen at the publisher, B at second hand.
    """

    year: int
    basis: str
    kind: str
    gas: str
    low: float
    central: float
    high: float
    unit: str
    currency: str
    price_year: int
    source: str
    publisher: str
    source_year: str
    licence: str
    acknowledgement: str
    address: str
    verification_level: str
    notes: str

    def at(self, level: str = "central") -> float:
        """Return the value at a level, one of LEVELS."""
        if level not in LEVELS:
            found = f"'{level}' is no level of a carbon value"
            raise MethodRefused(Problem(found, did_you_mean(level, LEVELS)))
        return float(getattr(self, level))

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python."""
        return dict(self.__dict__)


def carbon_value(year: int, basis: str = "desnz", gas: str | None = None) -> CarbonValue:
    """Return what a tonne emitted in a year is worth.

    Parameters: `basis`, desnz (abatement cost, GBP) or epa (damage cost, USD); `gas`, co2e for desnz, and co2, ch4 or
    n2o for epa. Raises MethodRefused for a year that the published table does not reach: nothing is drawn out further.

    >>> value = carbon_value(2026)
    >>> value.central, value.currency, value.price_year, value.kind
    (277.22, 'GBP', 2022, 'abatement cost')
    """
    return carbon_values(year, 1, basis, gas)[0]


def carbon_values(first: int, years: int, basis: str = "desnz", gas: str | None = None) -> tuple[CarbonValue, ...]:
    """Return what a tonne is worth in each of some years, all on one basis: `first`, `first` + 1, .. (`years` of them).

    >>> [value.central for value in carbon_values(2026, 3, "epa", "ch4")]
    [2101.0, 2176.0, 2252.0]
    """
    known = _known(basis, gas)
    asked = range(first, first + years)
    missing = [year for year in asked if year not in known]
    if years < 1 or missing:
        reach = f"{BASES[basis]}, {min(known)} to {max(known)}"
        found = f"no carbon value of {missing[0]}" if missing else f"{years} years of carbon values"
        remedy = f"The {basis} table ({reach}) ends there and is not drawn out further: give years within it."
        raise MethodRefused(Problem(f"there is {found}" if missing else f"{found} are none", remedy))
    return tuple(known[year] for year in asked)


def _known(basis: str, gas: str | None) -> dict[int, CarbonValue]:
    """Return the values of one basis and gas by year."""
    if basis not in BASES:
        raise MethodRefused(Problem(f"'{basis}' is no basis of carbon values", did_you_mean(basis, BASES)))
    own = GASES[basis]
    if gas is not None and gas not in own:
        others = [other for other, gases in GASES.items() if gas in gases]
        remedy = f"It has {', '.join(own)}." + (f" {others[0]} has {gas}: another basis." if others else "")
        raise MethodRefused(Problem(f"{basis} has no value of a tonne of '{gas}'", remedy))
    return {value.year: value for value in _table() if (value.basis, value.gas) == (basis, gas or own[0])}


@cache
def _table() -> tuple[CarbonValue, ...]:
    return tuple(_rows())


def _rows() -> Iterator[CarbonValue]:
    for basis, file in _FILES.items():
        for row in shipped_rows("register", file):
            # The register's entries are called uk_carbon_2020, us_sc_ch4_2020.
            *_, gas, year = row["id"].split("_")
            yield CarbonValue(
                year=int(year),
                basis=basis,
                kind=BASES[basis],
                gas=gas if gas in GASES[basis] else GASES[basis][0],
                low=float(row["low"]),
                central=float(row["value"]),
                high=float(row["high"]),
                unit=row["unit"],
                currency=row["currency"],
                price_year=int(row["price_year"]),
                source=f"{row['source']}, {row['locator']}",
                publisher=row["publisher"],
                source_year=row["year"],
                licence=row["licence"],
                acknowledgement=row["acknowledgement"],
                address=row["url"],
                verification_level=row["verification_level"],
                notes=row["note"],
            )

"""Sums of several projects: only in one currency and one price year, each step of the way there said."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sroi.errors import NameRefused, Problem, SroiError
from sroi.evidence.prices import uprating
from sroi.portfolio.projects import Project
from sroi.reading import NOT_STATED, read_price_year


@dataclass(frozen=True, eq=False)
class Pot:
    """The projects whose sums may be added: one currency, one price year.

    `factors` brings each project's money to `price_year`; `working` says how. `left_out` names projects of this
    currency that could not be brought there, with the reason.
    """

    currency: str
    price_year: int | str
    projects: tuple[Project, ...]
    factors: tuple[float, ...]
    working: tuple[str, ...] = ()
    left_out: tuple[tuple[Project, str], ...] = ()

    @property
    def total_inputs(self) -> float:
        """What was put in by all, in one money."""
        return math.fsum(each.total_inputs * factor for each, factor in zip(self.projects, self.factors, strict=True))

    @property
    def total_present_value(self) -> float:
        """What all are worth, in one money."""
        values = (each.total_present_value * factor for each, factor in zip(self.projects, self.factors, strict=True))
        return math.fsum(values)

    @property
    def sroi_ratio(self) -> float:
        """Total value over total inputs; NaN where nothing was put in."""
        return self.total_present_value / self.total_inputs if self.total_inputs > 0 else math.nan


def pots(projects: Sequence[Project], price_year: str = "") -> tuple[Pot, ...]:
    """Return what may be added up, currency by currency: different currencies never are.

    `price_year` is the one asked for; if none is, that of the projects' own to which most of them can be brought, the
    latest of these: a series may not reach the latest of all.
    Raises NameRefused for a price year that is none.
    """
    asked = _asked(price_year)
    found: dict[str, list[Project]] = {}
    for project in projects:
        found.setdefault(project.currency, []).append(project)
    return tuple(
        _pot(currency, own, asked) for currency, own in sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    )


def _asked(price_year: str) -> int | str | None:
    text = str(price_year).strip()
    if not text:
        return None
    try:
        return read_price_year(text)
    except ValueError as error:
        raise NameRefused(Problem(f"'{text[:40]}' is no price year", "Give one such as 2024 or 2023/24.")) from error


def _pot(currency: str, projects: Sequence[Project], asked: int | str | None) -> Pot:
    target = asked if asked is not None else _most_in_common(projects, currency)
    kept: list[Project] = []
    factors: list[float] = []
    left_out: list[tuple[Project, str]] = []
    working: dict[str, None] = {}
    known: dict[int | str, tuple[float, str, str]] = {}
    for project in projects:
        year = project.price_year
        if year not in known:
            known[year] = uprating_factor(year, target, currency)
        factor, said, why_not = known[year]
        if why_not:
            left_out.append((project, why_not))
            continue
        kept.append(project)
        factors.append(factor)
        if said:
            working[said] = None
    return Pot(currency, target, tuple(kept), tuple(factors), tuple(working), tuple(left_out))


def _most_in_common(projects: Sequence[Project], currency: str) -> int | str:
    """Return the stated price year to which most projects can be brought, the latest of several."""
    stated = Counter(each.price_year for each in projects if each.price_year != NOT_STATED)

    def reached(target: int | str) -> tuple[int, float]:
        found = sum(count for year, count in stated.items() if not uprating_factor(year, target, currency)[2])
        return found, _begins(target)

    return max(stated, key=reached, default=NOT_STATED)


def _begins(year: int | str) -> float:
    """Return when a price year begins, for finding the latest."""
    return float(str(year)[:4]) + (0.25 if "/" in str(year) else 0.0)


def uprating_factor(from_year: int | str, to_year: int | str, currency: str) -> tuple[float, str, str]:
    """Return what brings money of one price year to another by the GDP deflator, how, or (last) why it cannot be."""
    if from_year == to_year:
        return 1.0, "", ""
    if NOT_STATED in (from_year, to_year):
        return math.nan, "", "nothing says how to bring it there"
    try:
        found = uprating(from_year, to_year, series="gdp_deflator", currency=currency)
    except SroiError as error:
        return math.nan, "", "; ".join(each.found for each in error.problems)
    return found.factor, found.sentence, ""

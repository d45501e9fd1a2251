"""Who pays and who saves, year by year: the wrong-pocket matrix.

Money put in by one body may save money of another, in other years. Paid is each stakeholder's money and goods as they
are put in; saved is the fiscal value of the outcomes that count, by the agency that their proxies name. Everything is
asked of the door: with all of an outcome taken to be deadweight, its value is nothing, and what is left is the others'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sroi.errors import NameRefused, Problem
from sroi.evaluation import evaluate
from sroi.formulas import Array
from sroi.impact_map import ImpactMap
from sroi.names import NamedNumber
from sroi.nouns import Input, Stakeholder
from sroi.result import Result, purse_of

NOT_STATED = "Body not stated"
# Time is given, and is no money out of a budget.
_PAID = ("money", "goods")
# So many numbers at once: a map of thousands of bodies is asked in several calls.
_MOST_AT_ONCE = 200_000


@dataclass(frozen=True, eq=False)
class Payer:
    """A stakeholder that puts in money or goods: what it pays in each year (undiscounted), and its present value."""

    id: str
    name: str
    by_year: Array
    present_value: float


@dataclass(frozen=True, eq=False)
class Saver:
    """A body that saves: in each year (undiscounted), and at present value; `cashable` None where it is not stated."""

    name: str
    cashable: bool | None
    by_year: Array
    present_value: float


@dataclass(frozen=True, eq=False)
class Pockets:
    """Who pays and who saves. `by_year` of each has one entry for each of `years`, in the map's currency."""

    years: tuple[int, ...]
    payers: tuple[Payer, ...]
    savers: tuple[Saver, ...]

    def is_own(self, payer: Payer, saver: Saver) -> bool:
        """Say whether a saving falls to the body that paid: the agency is the stakeholder's name or id."""
        return _plain(saver.name) in (_plain(payer.name), _plain(payer.id.replace("_", " ")))

    def share_of(self, payer: Payer) -> float:
        """Return a payer's share (0-1) of all that is paid, at present value."""
        paid = sum(each.present_value for each in self.payers)
        return payer.present_value / paid if paid else 0.0

    @property
    def saved(self) -> float:
        """All that is saved, at present value."""
        return sum(each.present_value for each in self.savers)

    def in_other_pockets(self) -> float:
        """Return what is saved by bodies that pay nothing, at present value; what names no body is left out."""
        return sum(
            saver.present_value
            for saver in self.savers
            if saver.name != NOT_STATED and not any(self.is_own(payer, saver) for payer in self.payers)
        )


def pockets(result: Result) -> Pockets:
    """Return who pays and who saves by a result's numbers.

    Raises NameRefused for a result of several cases at once.

    >>> import sroi
    >>> found = pockets(sroi.evaluate(sroi.example("befriending")))
    >>> [each.name for each in found.payers][:1], sorted({each.name for each in found.savers})[:1]
    (['NHS'], ['Local authority'])
    """
    if np.ndim(result.total_present_value) > 0:
        raise NameRefused(Problem("who pays and who saves wants a single case", "Evaluate one case."))
    savings = list(_savings(result))
    paid = list(_payments(result))
    lengths = [*(len(each.by_year) for each in savings), *(len(each.by_year) for each in paid)]
    span = max(lengths, default=0)
    return Pockets(
        tuple(range(1, span + 1)),
        tuple(Payer(each.id, each.name, _padded(each.by_year, span), each.present_value) for each in paid),
        tuple(Saver(each.name, each.cashable, _padded(each.by_year, span), each.present_value) for each in savings),
    )


def _padded(by_year: Array, span: int) -> Array:
    return np.pad(by_year, (0, span - len(by_year)))


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


# ---- who saves ----


def _savings(result: Result) -> Iterator[Saver]:
    chart = result.impact_map
    by_id = {outcome.id: outcome for outcome in chart.outcomes}
    purses: dict[tuple[str, bool | None], set[str]] = {}
    names: dict[str, str] = {}
    for place, name in enumerate(result.priced):
        proxy = purse_of(by_id[name], by_id)
        if result.counted[place] and proxy is not None and proxy.value_type == "fiscal":
            # One body is one row, however its name is spaced or its letters are written.
            agency = names.setdefault(_plain(proxy.agency or ""), proxy.agency or NOT_STATED)
            purses.setdefault((agency, proxy.cashable), set()).add(name)
    groups = list(purses.items())
    step = max(1, _MOST_AT_ONCE // max(len(result.priced) * len(result.years), 1))
    for begin in range(0, len(groups), step):
        some = groups[begin : begin + step]
        alone = evaluate(chart, at=_only(result, [members for _, members in some]))
        for place, ((agency, cashable), members) in enumerate(some):
            own = [result.priced.index(name) for name in members]
            worth = float(result.present_value[own].sum())
            yield Saver(agency, cashable, np.array(alone.value_by_year[place]), worth)


def _only(result: Result, groups: list[set[str]]) -> dict[str, Any]:
    """Return the numbers at which, case by case, one group alone has value: deadweight takes the rest."""
    numbers = result.impact_map.numbers()
    at: dict[str, Any] = dict(result.changed)
    for place, name in enumerate(result.priced):
        if result.counted[place]:
            kept = np.array([name in members for members in groups])
            for number, own in _each_year(numbers[f"{name}.deadweight"], result.changed):
                at.pop(f"{name}.deadweight", None)
                at[number] = np.where(kept, own, 1.0)
    # A plain name must not stand beside those of its years.
    return {number: value for number, value in at.items() if not _has_years(number, at)}


def _has_years(name: str, at: Mapping[str, Any]) -> bool:
    return f"{name}.1" in at


def _each_year(number: NamedNumber, changed: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield the names by which all of a number is set, each with its value as changed: one, or one for each year."""
    if not number.by_year:
        yield number.name, float(changed.get(number.name, number.values[0]))
        return
    for year, own in enumerate(number.values, start=1):
        name = f"{number.name}.{year}"
        yield name, float(changed.get(name, changed.get(number.name, own)))


# ---- who pays ----


def _payments(result: Result) -> Iterator[Payer]:
    chart = result.impact_map
    years = chart.activity.years
    for who in chart.stakeholders:
        places = [
            place
            for place, given in enumerate(chart.inputs)
            if given.stakeholder == who.id and given.kind in _PAID and result.inputs[place]
        ]
        if places:
            by_year = sum((_by_year(chart, chart.inputs[place], result, years) for place in places), np.zeros(years))
            yield _payer(who, by_year, float(result.inputs[places].sum()))


def _payer(who: Stakeholder, by_year: Array, present_value: float) -> Payer:
    return Payer(who.id, who.label, by_year, present_value)


def _by_year(chart: ImpactMap, given: Input, result: Result, years: int) -> Array:
    """Return what an input comes to in each year of activity, undiscounted: a plain one falls wholly in year 1."""
    number = chart.numbers()[f"{given.id}.value"]
    paid = np.zeros(years)
    values = [own for _, own in _each_year(number, result.changed)]
    paid[: len(values)] = values
    return paid

"""Every number of a map has a name: `gp_visits.deadweight`, `contract.value`, `residents.size`, `discount_rate`.

`x.quantity.2` is the second year of a number given by year; plain `x.quantity` stands for all its years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sroi.errors import did_you_mean
from sroi.estimate import Estimate
from sroi.evidence.schedules import rates_of
from sroi.framing import Conventions
from sroi.nouns import NUMBER_KINDS, Input, Outcome, PartOfStakeholder, Stakeholder
from sroi.reading import Kind

DEDUCTIONS = ("deadweight", "displacement", "attribution")
# What counts when a value map leaves a number out; each such number is a finding.
LEFT_OUT_COUNTS_AS = {"deadweight": 0.0, "displacement": 0.0, "attribution": 0.0, "drop_off": 0.0, "duration": 1.0}


class MapLike(Protocol):
    """What of a map its numbers depend on."""

    @property
    def stakeholders(self) -> Sequence[Stakeholder]:
        """Who changes or puts something in."""

    @property
    def inputs(self) -> Sequence[Input]:
        """What is put in."""

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """What changes."""

    @property
    def conventions(self) -> Conventions:
        """The rules of reckoning."""


@dataclass(frozen=True)
class NamedNumber:
    """A number that can be given another value.

    `owner` is the id of its stakeholder, input or outcome ("" for the discount rate), `field` the last word of its
    name, `values` its base case (one number, or one for each year), `estimate` None where the map left it out.
    """

    name: str
    owner: str
    field: str
    label: str
    values: tuple[float, ...]
    estimate: Estimate | None

    @property
    def kind(self) -> Kind:
        """Its unit and bounds."""
        return NUMBER_KINDS[self.field]

    @property
    def by_year(self) -> bool:
        """Whether it is given year by year."""
        return len(self.values) > 1 or (self.estimate is not None and self.estimate.by_year is not None)


def numbers_of(impact_map: MapLike) -> dict[str, NamedNumber]:
    """Return every number of a map by its name, in the order of the map."""
    numbers: dict[str, NamedNumber] = {}

    def add(owner: str, field: str, label: str, estimate: Estimate | None, left_out: float = 0.0) -> None:
        name = f"{owner}.{field}" if owner else field
        values = (left_out,) if estimate is None else estimate.years
        numbers[name] = NamedNumber(name, owner, field, label, values, estimate)

    for stakeholder in impact_map.stakeholders:
        if stakeholder.size is not None:
            add(stakeholder.id, "size", f"{stakeholder.label}: size", stakeholder.size)
    for given in impact_map.inputs:
        if given.hours is not None:
            add(given.id, "hours", f"{given.label}: hours", given.hours)
            add(given.id, "rate", f"{given.label}: rate an hour", given.rate)
        else:
            add(given.id, "value", f"{given.label}: value", given.value)
    for outcome in impact_map.outcomes:
        if isinstance(outcome.quantity, PartOfStakeholder):
            add(outcome.id, "share", f"{outcome.label}: share of {outcome.quantity.of}", outcome.quantity.share)
            add(outcome.id, "times", f"{outcome.label}: times", outcome.quantity.times)
        elif outcome.quantity is not None:
            add(outcome.id, "quantity", f"{outcome.label}: quantity", outcome.quantity)
        if outcome.proxy is not None and outcome.proxy.value is not None:
            add(outcome.id, "proxy", f"{outcome.label}: proxy", outcome.proxy.value)
        for field, left_out in LEFT_OUT_COUNTS_AS.items():
            words = field.replace("_", "-") if field == "drop_off" else field
            words = "attribution (owed to others)" if field == "attribution" else words
            add(outcome.id, field, f"{outcome.label}: {words}", getattr(outcome, field), left_out)
    rate = impact_map.conventions.discount_rate
    if isinstance(rate, Estimate):
        add("", "discount_rate", "Discount rate", rate)
    else:
        rates = tuple(rates_of(rate).tolist())
        numbers["discount_rate"] = NamedNumber("discount_rate", "", "discount_rate", "Discount rate", rates, None)
    return numbers


def is_year(word: str) -> bool:
    """Say whether the last word of a name is a year: 1, 2, ..; not ², which isdigit() takes for a digit."""
    return word.isascii() and word.isdigit() and len(word) < 5


def why_unknown(name: str, impact_map: MapLike, known: Mapping[str, NamedNumber]) -> tuple[str, str]:
    """Return what is wrong with a name that the map does not have, and what to do."""
    owner, _, field = name.partition(".")
    outcome = next((each for each in impact_map.outcomes if each.id == owner), None)
    if outcome is not None and field == "quantity" and isinstance(outcome.quantity, PartOfStakeholder):
        parts = f"{outcome.quantity.of}.size, {owner}.share or {owner}.times"
        return f"'{name}' is worked out from other numbers", f"Change {parts}."
    if outcome is not None and field == "proxy" and outcome.proxy is not None and outcome.proxy.anchored_to:
        return f"'{name}' is anchored to another outcome", f"Change {outcome.proxy.anchored_to}.proxy."
    if f"{owner}.hours" in known and field == "value":
        return f"'{name}' is worked out from other numbers", f"Change {owner}.hours or {owner}.rate."
    head, _, last = name.rpartition(".")
    if head in known and last.isdecimal():
        number = known[head]
        if not number.by_year:
            return f"'{name}' names a year, but {head} is not given by year", f"Use {head}."
        return f"'{name}' names a year beyond those of {head}", f"It has years 1 to {len(number.values)}."
    return f"this map has no number '{name}'", _nearest_name(owner, field, known)


def _nearest_name(owner: str, field: str, known: Iterable[str]) -> str:
    known = list(known)
    own = [name for name in known if name.partition(".")[0] == owner]
    remedy = did_you_mean(f"{owner}.{field}" if field else owner, own or known, "none")
    if remedy != "none":
        return remedy
    return f"It has {', '.join(own)}." if own else "`sroi evaluate MAP --names` lists its numbers."

"""What of a map bears on its ratio, part by part: each outcome's quantity, proxy, .., each input, each convention.

Two maps differ in an aspect when what is reckoned differs. Ranges, sources, reasons and names are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sroi.estimate import Estimate
from sroi.framing import Conventions
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS, LEFT_OUT_COUNTS_AS
from sroi.nouns import Input, Outcome, PartOfStakeholder

RULES = ("discount_rate", "discount_timing", "input_timing", "present_at", "deductions", "drop_off_from")
LASTING = ("duration", "drop_off")


class Key(NamedTuple):
    """One aspect of a map: its section, the id of its owner there (or the rule's name), and which of its aspects."""

    section: str
    owner: str
    aspect: str

    @property
    def name(self) -> str:
        """The aspect as one word: `gp_visits.proxy`, `gp_visits.there`, `discount_rate`."""
        return f"{self.owner}.{self.aspect}" if self.aspect else self.owner


class Number(NamedTuple):
    """What is reckoned with a number: its values, one for each year if it is by year."""

    values: tuple[float, ...]

    @property
    def by_year(self) -> bool:
        """Whether it makes a cohort of each year."""
        return len(self.values) > 1


def number(estimate: Estimate | None, left_out: float = 0.0) -> Number:
    """Return what is reckoned with an estimate; one that is left out counts as `left_out`."""
    return Number((left_out,) if estimate is None else estimate.years)


def deductions(outcome: Outcome) -> tuple[Number, ...]:
    """Return an outcome's deadweight, displacement and attribution."""
    return tuple(number(getattr(outcome, field), LEFT_OUT_COUNTS_AS[field]) for field in DEDUCTIONS)


Lasting = tuple[float, float, str, float | str | None]


def lasting(outcome: Outcome) -> Lasting:
    """Return how long an outcome lasts, what it loses each year, when it starts, and at which rate of its own."""
    duration, drop_off = (number(getattr(outcome, field), LEFT_OUT_COUNTS_AS[field]).values[0] for field in LASTING)
    return duration, drop_off, outcome.starts, outcome.discount_rate


def quantity(outcome: Outcome) -> Any:
    """Return what is reckoned with a quantity: its number, or whose share, which share and how often."""
    if isinstance(outcome.quantity, PartOfStakeholder):
        part = outcome.quantity
        return part.of, part.share.base, part.times.base
    return None if outcome.quantity is None else number(outcome.quantity)


def anchor(outcome: Outcome) -> str | None:
    """Return the id of the outcome by whose value this one is priced."""
    return outcome.proxy.anchored_to if outcome.proxy is not None else None


def proxy(outcome: Outcome, anchored: set[str]) -> Any:
    """Return what is reckoned with a proxy: its number or its anchor; the weight too where anchoring asks for it."""
    if outcome.proxy is None:
        return None
    price = anchor(outcome) or number(outcome.proxy.value)
    return price, outcome.weight if outcome.id in anchored else None


def put_in(given: Input) -> Any:
    """Return what is reckoned with an input: its value, or its hours and what an hour is worth."""
    if given.hours is not None:
        return given.hours.base, number(given.rate).values[0]
    return number(given.value)


def rule(conventions: Conventions, field: str) -> Any:
    """Return a convention as it is reckoned with."""
    value = getattr(conventions, field)
    return value.years if isinstance(value, Estimate) else value


class Pair:
    """Two versions of a map, their outcomes, inputs and stakeholders matched by id."""

    def __init__(self, before: ImpactMap, after: ImpactMap) -> None:
        self.maps = (before, after)
        self.outcomes = tuple({each.id: each for each in chart.outcomes} for chart in self.maps)
        self.inputs = tuple({each.id: each for each in chart.inputs} for chart in self.maps)
        self.people = tuple(chart.stakeholder_by_id for chart in self.maps)
        uncounted = tuple(chart.not_counted() for chart in self.maps)
        self.counted = tuple(
            {name for name in own if name not in left_out}
            for own, left_out in zip(self.outcomes, uncounted, strict=True)
        )
        links = [(each.id, other) for own in self.outcomes for each in own.values() if (other := anchor(each))]
        self.anchored = {name for link in links for name in link}

    def differ(self) -> Iterator[Key]:
        """Yield every aspect in which the two differ, in the order of the maps."""
        for outcome in ordered(*self.outcomes):
            yield from self._outcome(outcome)
        for who in ordered(*self.people):
            sizes = [own[who].size for own in self.people if who in own]
            if len(sizes) == 2 and None not in sizes and number(sizes[0]) != number(sizes[1]):
                yield Key("stakeholders", who, "size")
        for given in ordered(*self.inputs):
            both = [put_in(own[given]) for own in self.inputs if given in own]
            if len(both) == 1:
                yield Key("inputs", given, "there")
            elif both[0] != both[1]:
                yield Key("inputs", given, "value")
        for field in RULES:
            if rule(self.maps[0].conventions, field) != rule(self.maps[1].conventions, field):
                yield Key("conventions", field, "")

    def _outcome(self, name: str) -> Iterator[Key]:
        here = [own.get(name) for own in self.outcomes]
        there = self.there(name)
        if there is not None:
            yield there
        first, second = here
        if first is None or second is None:
            return
        # What does not count in both has nothing else that could bear on the ratio, but a price for others.
        if proxy(first, self.anchored) != proxy(second, self.anchored):
            yield Key("outcomes", name, "proxy")
        for aspect, read in (("quantity", quantity), ("deductions", deductions), ("lasting", lasting)):
            if read(first) != read(second):
                yield Key("outcomes", name, aspect)

    def there(self, name: str) -> Key | None:
        """Return the aspect by which an outcome counts in one map and not in the other; None if there is none."""
        if (name in self.counted[0]) == (name in self.counted[1]):
            return None
        first, second = (own.get(name) for own in self.outcomes)
        if first is not None and second is not None and first.stakeholder == second.stakeholder:
            included = [own[first.stakeholder].included for own in self.people]
            if included[0] != included[1]:
                return Key("stakeholders", first.stakeholder, "there")
        return Key("outcomes", name, "there")


def ordered(first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    """Return the ids of both in order: those of the first, then those that only the second has."""
    return list(dict.fromkeys([*first, *second]))

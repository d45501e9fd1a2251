"""Value pooled by place over organisations, with people counted once; and quantities delivered, unit by unit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sroi.commissioning.place.naming import NOWHERE, Known, Names
from sroi.commissioning.place.settings import Delivery
from sroi.impact_map import ImpactMap
from sroi.portfolio.money import Pot
from sroi.portfolio.overlaps import Overlap
from sroi.portfolio.projects import Project

STATES = ("validated", "evidenced", "claimed", "rejected")


@dataclass(frozen=True)
class PlaceValue:
    """One place in one currency: who works there, what their outcomes are worth, and how much may be counted twice.

    `at_stake`: how much less the value would be if each change of the same people were counted once.
    """

    known: Known
    currency: str
    price_year: int | str
    projects: tuple[str, ...]
    organisations: tuple[str, ...]
    present_value: float
    at_stake: float

    @property
    def counted_once(self) -> float:
        """The value with each change of the same people counted once."""
        return self.present_value - self.at_stake

    @property
    def per_head(self) -> float | None:
        """The value counted once for each resident; None where no population was given."""
        population = self.known.population
        return None if population is None else self.counted_once / population


@dataclass(frozen=True)
class RegionValue:
    """A region (or nation) in one currency: its places with value, and what they come to."""

    region: str
    nation: str
    currency: str
    places: int
    present_value: float
    at_stake: float

    @property
    def counted_once(self) -> float:
        """The value with each change of the same people counted once."""
        return self.present_value - self.at_stake


@dataclass(frozen=True)
class PlaceQuantity:
    """What was delivered of one measure, in its unit, at one place, by the state of its evidence."""

    known: Known
    measure: str
    unit: str
    organisations: tuple[str, ...]
    by_state: tuple[float, ...]

    @property
    def not_rejected(self) -> float:
        """All that was not rejected."""
        return math.fsum(self.by_state[:3])


def renamed(impact_map: ImpactMap, names: Names) -> ImpactMap:
    """Return a map whose outcomes name their places by the one name of each, so that the same place is seen to be."""
    outcomes = tuple(
        each if each.place is None else each.model_copy(update={"place": names.known(each.place).name or None})
        for each in impact_map.outcomes
    )
    return impact_map.model_copy(update={"outcomes": outcomes})


def by_place(pots: Iterable[Pot], overlaps: Sequence[Overlap], names: Names) -> tuple[PlaceValue, ...]:
    """Return the value of each place in each currency, the largest first, the place that is not stated last."""
    found: list[PlaceValue] = []
    twice: dict[tuple[str, str], list[float]] = {}
    for each in overlaps:
        if each.at_stake is not None:
            twice.setdefault((each.currency, names.known(each.place).name), []).append(each.at_stake)
    for pot in pots:
        sums: dict[str, list[float]] = {}
        who: dict[str, dict[str, str]] = {}
        for project, factor in zip(pot.projects, pot.factors, strict=True):
            for _, _, place, value in project.outcomes:
                name = names.known(place).name
                sums.setdefault(name, []).append(value * factor)
                who.setdefault(name, {})[project.name] = _organisation(project)
        for name, values in sums.items():
            found.append(
                PlaceValue(
                    names.known(name), pot.currency, pot.price_year, tuple(who[name]),
                    tuple(dict.fromkeys(each for each in who[name].values() if each)),
                    math.fsum(values), math.fsum(twice.get((pot.currency, name), ())),
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.known.name == NOWHERE, -each.present_value, each.known.name)))


def _organisation(project: Project) -> str:
    return (project.impact_map.organisation or "") if project.impact_map is not None else ""


def by_region(values: Iterable[PlaceValue]) -> tuple[RegionValue, ...]:
    """Return the value of each region; places of no known authority are left out."""
    sums: dict[tuple[str, str, str], RegionValue] = {}
    for each in values:
        authority = each.known.authority
        if authority is None:
            continue
        key = (authority.region, authority.nation, each.currency)
        before = sums.get(key, RegionValue(*key, 0, 0.0, 0.0))
        sums[key] = replace(
            before,
            places=before.places + 1,
            present_value=before.present_value + each.present_value,
            at_stake=before.at_stake + each.at_stake,
        )
    return tuple(sorted(sums.values(), key=lambda each: (-each.present_value, each.region)))


def delivered_by_place(deliveries: Iterable[Delivery], names: Names) -> tuple[PlaceQuantity, ...]:
    """Return what was delivered by measure, unit and place; different units are never added."""
    sums: dict[tuple[str, str, str], dict[str, float]] = {}
    who: dict[tuple[str, str, str], dict[str, None]] = {}
    written: dict[tuple[str, str, str], tuple[str, str]] = {}
    for each in deliveries:
        key = (each.measure.casefold(), each.unit.casefold(), names.known(each.place).name)
        written.setdefault(key, (each.measure, each.unit))
        own = sums.setdefault(key, dict.fromkeys(STATES, 0.0))
        own[each.state] += each.quantity
        who.setdefault(key, {})[each.organisation] = None
    return tuple(
        PlaceQuantity(names.known(key[2]), *written[key], tuple(who[key]), tuple(sums[key].values()))
        for key in sorted(sums)
    )

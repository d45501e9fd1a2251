"""Value by place worked out: pooled over projects, counted once, beside need, with what was delivered there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sroi.commissioning.place.boundaries import Boundaries
from sroi.commissioning.place.gazetteer import Lookup
from sroi.commissioning.place.naming import NOWHERE, Known, Names
from sroi.commissioning.place.need import Together, together
from sroi.commissioning.place.pooling import (
    PlaceQuantity,
    PlaceValue,
    RegionValue,
    by_place,
    by_region,
    delivered_by_place,
    renamed,
)
from sroi.commissioning.place.settings import Settings
from sroi.portfolio.money import Pot, pots
from sroi.portfolio.overlaps import Overlap, overlaps
from sroi.portfolio.projects import Failed, Gathered, Project


@dataclass(frozen=True, eq=False)
class PlaceStudy:
    """What the paper on value by place draws on."""

    source: str
    settings: Settings
    projects: tuple[Project, ...]
    failed: tuple[Failed, ...]
    pots: tuple[Pot, ...]
    overlaps: tuple[Overlap, ...]
    values: tuple[PlaceValue, ...]
    quantities: tuple[PlaceQuantity, ...]
    unknown: tuple[Lookup, ...]
    taken: tuple[Lookup, ...]
    boundaries: Boundaries | None = None

    @cached_property
    def regions(self) -> tuple[RegionValue, ...]:
        """Value by region."""
        return by_region(self.values)

    @property
    def placed(self) -> tuple[PlaceValue, ...]:
        """The places that are named, with their value."""
        return tuple(each for each in self.values if each.known.name != NOWHERE)

    @property
    def known(self) -> tuple[Known, ...]:
        """Every place that is named, by value or by what was delivered there."""
        found = [each.known for each in self.placed] + [each.known for each in self.quantities]
        return tuple({each.name: each for each in found if each.name != NOWHERE}.values())

    @property
    def currency(self) -> str:
        """The currency of most places: figures are drawn in it."""
        return self.values[0].currency if self.values else ""

    @cached_property
    def together(self) -> Together:
        """How value and need go together, over places of one currency that have both; per head where all have heads."""
        both = [
            (each, share)
            for each in self.placed
            if each.currency == self.currency and (share := each.known.deprived_share) is not None
        ]
        heads = bool(both) and all(each.per_head is not None for each, _ in both)
        values = [each.per_head if heads and each.per_head is not None else each.counted_once for each, _ in both]
        return together(values, [share for _, share in both], heads)


def study_gathered(gathered: Gathered, settings: Settings, price_year: str = "") -> tuple[PlaceStudy, Names]:
    """Return the value of projects by place, and how their places were named.

    Raises NameRefused for a price year that is none.
    """
    names = Names(settings.places)
    projects = tuple(_with_places(each, names) for each in gathered.projects)
    added = pots(projects, price_year)
    found = overlaps(projects, added)
    values = by_place(added, found, names)
    quantities = delivered_by_place(settings.deliveries, names)
    study = PlaceStudy(
        gathered.source,
        settings,
        projects,
        gathered.failed,
        added,
        found,
        values,
        quantities,
        names.unknown,
        names.taken,
    )
    return study, names


def _with_places(project: Project, names: Names) -> Project:
    if project.impact_map is None:
        return project
    return Project(project.name, project.source, project.document, renamed(project.impact_map, names), project.no_map)

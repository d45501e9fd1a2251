"""What every part of a document in the Common Impact Data Standard shares: identifiers, dates, measures."""

from __future__ import annotations

from datetime import date
from typing import Any

from sroi import reading
from sroi.errors import FileRefused, Problem
from sroi.files import impact_standard_terms as terms
from sroi.impact_map import ImpactMap

Node = dict[str, Any]


class Frame:
    """A map's place in the standard: the identifiers of what is shared, and its period."""

    def __init__(self, impact_map: ImpactMap, name: str) -> None:
        self.map, self.name = impact_map, name
        self.people = impact_map.stakeholder_by_id
        self.base = f"{terms.iri_of('map', impact_map.organisation or '', impact_map.title)}#"
        self.organisation = (
            terms.iri_of("organisation", impact_map.organisation)
            if impact_map.organisation
            else f"{self.base}.organisation"
        )
        self.model, self.program = f"{self.base}.model", f"{self.base}.program"
        self.start = self._start()

    def links(self, ids: list[str]) -> list[str]:
        """Return the identifiers of nouns of the map, from their ids."""
        return [self.base + each for each in ids]

    def _start(self) -> date:
        """Return the first day of activity: the map's, or that of its price year."""
        if self.map.activity.start is not None:
            return self.map.activity.start
        year = str(self.map.price_year)
        if year[:4].isdigit():
            return date(int(year[:4]), 4 if "/" in year else 1, 1)
        found = "the standard wants dates, and the map says neither when its activity began nor its price year"
        raise FileRefused(Problem(found, "Give activity: start."), self.name)

    def days(self, year: int | None) -> tuple[date, date]:
        """Return the first and last day of a year of activity, or of all its years."""
        begins = 0 if year is None else year - 1
        ends = self.map.activity.years if year is None else year
        return _anniversary(self.start, begins), later(_anniversary(self.start, ends), -1)

    def period(self, year: int | None) -> Node:
        """Return when a report on a year of activity, or on all of them, begins and ends."""
        first, last = self.days(year)
        return {"startedAtTime": moment(first), "endedAtTime": moment(last, "23:59:59")}


def measure(iri: str, value: float | str | None, unit: Any = None) -> Node:
    """Return a measure; the standard holds its number as text."""
    text = reading.NOT_STATED if value is None else value if isinstance(value, str) else reading.AMOUNT.write(value)
    node: Node = {"@id": iri, "@type": "i72:Measure", "hasNumericalValue": text}
    return {**node, "unit_of_measure": unit} if unit else node


def without_gaps(node: Node) -> Node:
    """Return a thing without the properties that have nothing to say."""
    return {key: part for key, part in node.items() if part is not None and part != []}


def _anniversary(day: date, years: int) -> date:
    if day.year + years > date.max.year:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return date(day.year + years, 3, 1)


def later(day: date, days: int) -> date:
    """Return a day so many days later, or the last that the calendar has."""
    return date.fromordinal(max(1, min(day.toordinal() + days, date.max.toordinal())))


def moment(day: date, time: str = "00:00:00") -> str:
    """Return a day as the standard writes a moment."""
    return f"{day.isoformat()}T{time}Z"

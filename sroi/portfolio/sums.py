"""Whose value, where and when: sums over the projects of one money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from sroi.portfolio.money import Pot
from sroi.portfolio.projects import Project


def same(words: str) -> str:
    """Return words so that two writings of one name are the same: large and small letters and spaces aside."""
    return " ".join(words.casefold().split())


class Labels:
    """Names by how they are most often written."""

    def __init__(self) -> None:
        self._written: dict[str, Counter[str]] = {}

    def key(self, words: str) -> str:
        """Return the key of a name, and remember how it is written."""
        own = same(words)
        self._written.setdefault(own, Counter())[" ".join(words.split())] += 1
        return own

    def label(self, key: str) -> str:
        """Return a name as it is most often written, the first of these by letters."""
        return min(self._written[key].items(), key=lambda each: (-each[1], each[0]))[0]


def by_stakeholder(pots: Iterable[Pot]) -> pd.DataFrame:
    """Return who gains and who puts in: currency, stakeholder, projects, inputs, present_value; most gained first."""
    rows = []
    for pot in pots:
        labels = Labels()
        sums: dict[str, tuple[float, ...]] = {}
        seen: dict[str, set[str]] = {}
        for project, factor in zip(pot.projects, pot.factors, strict=True):
            people = {} if project.impact_map is None else {e.id: e.label for e in project.impact_map.stakeholders}
            for each in project.document["by_stakeholder"]:
                key = labels.key(people.get(each["id"], str(each["id"])))
                before = sums.get(key, (0.0, 0.0))
                sums[key] = (
                    before[0] + float(each.get("inputs") or 0.0) * factor,
                    before[1] + float(each.get("present_value") or 0.0) * factor,
                )
                seen.setdefault(key, set()).add(project.name)
        rows += [(pot.currency, labels.label(key), len(seen[key]), *both) for key, both in _largest(sums, 1)]
    return pd.DataFrame(rows, columns=["currency", "stakeholder", "projects", "inputs", "present_value"])


def by_outcome(pots: Iterable[Pot]) -> pd.DataFrame:
    """Return what changes: currency, outcome, projects, present_value; most first. Outcomes of one name are one."""
    return _by_part(pots, 0, "outcome")


def by_place(pots: Iterable[Pot]) -> pd.DataFrame:
    """Return where: currency, place ("" if not stated), projects, present_value; most first. Empty if none is."""
    found = _by_part(pots, 2, "place")
    return found if found["place"].ne("").any() else found.iloc[:0]


def _by_part(pots: Iterable[Pot], part: int, name: str) -> pd.DataFrame:
    rows = []
    for pot in pots:
        labels = Labels()
        sums: dict[str, tuple[float, ...]] = {}
        seen: dict[str, set[str]] = {}
        for project, factor in zip(pot.projects, pot.factors, strict=True):
            for each in project.outcomes:
                key = labels.key(str(each[part]))
                sums[key] = (sums.get(key, (0.0,))[0] + each[3] * factor,)
                seen.setdefault(key, set()).add(project.name)
        rows += [(pot.currency, labels.label(key), len(seen[key]), *own) for key, own in _largest(sums, 0)]
    return pd.DataFrame(rows, columns=["currency", name, "projects", "present_value"])


def _largest(sums: dict[str, tuple[float, ...]], column: int) -> list[tuple[str, tuple[float, ...]]]:
    return sorted(sums.items(), key=lambda each: (-each[1][column], each[0]))


def by_year(pots: Iterable[Pot]) -> pd.DataFrame:
    """Return when: currency, year, projects, value (not discounted), present_value.

    Calendar years where every project says when it began, by the year in which each of its years begins; else years 1,
    2, .. of each project.
    """
    rows = []
    for pot in pots:
        calendar = is_calendar(pot.projects)
        sums: dict[int, list[float]] = {}
        for project, factor in zip(pot.projects, pot.factors, strict=True):
            first = _first_year(project) if calendar else 1
            for each in project.document.get("by_year") or ():
                own = sums.setdefault(int(each["year"]) - 1 + (first or 1), [0.0, 0.0, 0.0])
                own[0] += 1
                own[1] += float(each.get("value") or 0.0) * factor
                own[2] += float(each.get("present_value") or 0.0) * factor
        rows += [(pot.currency, year, int(own[0]), own[1], own[2]) for year, own in sorted(sums.items())]
    return pd.DataFrame(rows, columns=["currency", "year", "projects", "value", "present_value"])


def is_calendar(projects: Iterable[Project]) -> bool:
    """Say whether every project tells when it began."""
    return all(_first_year(each) is not None for each in projects)


def _first_year(project: Project) -> int | None:
    start = None if project.impact_map is None else project.impact_map.activity.start
    return None if start is None else start.year

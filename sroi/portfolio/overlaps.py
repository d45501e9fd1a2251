"""Who or what may be counted twice over the projects of a portfolio."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sroi.portfolio.money import Pot
from sroi.portfolio.projects import Project
from sroi.portfolio.sums import Labels, same
from sroi.questions.across import shared_changes

SAME_CHANGE = "the same change of the same people"
_ONCE = "Count these people once, or take out of one project what another counts."


@dataclass(frozen=True)
class Overlap:
    """Something that stands in several projects: its kind, what it is, in which, and why that is to be looked at.

    `at_stake`: how much less the sum in `currency` would be if it were counted once; None where that cannot be said.
    `place`: where, of one change of the same people; empty where no place is stated.
    """

    kind: str
    what: str
    projects: tuple[str, ...]
    why: str
    at_stake: float | None = None
    currency: str = ""
    place: str = ""


def overlaps(projects: Sequence[Project], pots: Sequence[Pot] = ()) -> tuple[Overlap, ...]:
    """Return what may be counted twice, what is surest first.

    The same value map twice; one change of the same people in several maps of one place or organisation, with the sum
    at stake in the money of the `pots`; stakeholders of one name whose outcomes count, in one place or not; one
    organisation in several projects. Names are held to each other, large and small letters aside: the program cannot
    know people.
    """
    maps = _shared(projects, _map_bytes)
    found = [
        Overlap(
            "the same value map", f"{len(own)} runs of one file", own, "It stands in the sums as often as it was run."
        )
        for own in maps.values()
    ]
    changes = _same_changes(projects, pots)
    found += [each for _, each in changes]
    told = [(who, set(each.projects)) for who, each in changes]

    def is_new(who: str, own: tuple[str, ...]) -> bool:
        return not any(same(who) == people and projects_ >= set(own) for people, projects_ in told)

    organisations = _shared(projects, lambda each: [(each.impact_map and each.impact_map.organisation) or ""])
    places = _shared(projects, _people_and_places)
    people = _shared(projects, lambda each: [who for _, who, _, value in each.outcomes if value])
    in_places = {who.partition(" in ")[0].casefold() for who in places}
    found += [
        Overlap("the same people in one place", who, own, "The same people may be counted in each of these projects.")
        for who, own in places.items()
        if is_new(who.partition(" in ")[0], own)
    ]
    found += [
        Overlap("stakeholders of one name", _with_sizes(who, projects), own,
                "They may be the same people: ask the projects, and count each person's change once.")
        for who, own in people.items() if who.casefold() not in in_places and is_new(who, own)
    ]  # fmt: skip
    found += [
        Overlap("one organisation", who, own, "Its projects may serve the same people, or share one budget.")
        for who, own in organisations.items()
    ]
    return tuple(found)


def _same_changes(projects: Sequence[Project], pots: Sequence[Pot]) -> list[tuple[str, Overlap]]:
    """Return each change of the same people that several projects count, the largest sum at stake first."""
    known = [each for each in projects if each.impact_map is not None]
    factors = {each.name: (pot.currency, factor) for pot in pots
               for each, factor in zip(pot.projects, pot.factors, strict=True)}  # fmt: skip
    found = []
    for change in shared_changes([each.impact_map for each in known if each.impact_map is not None]):
        sums: dict[str, dict[str, float]] = {}
        for at, value in change.values.items():
            if known[at].name in factors:
                currency, factor = factors[known[at].name]
                sums.setdefault(currency, {})[known[at].name] = value * factor
        what = f"{change.who}{f' in {change.place}' if change.place else ''}: {' / '.join(change.labels[:3])}"
        added = {currency: values for currency, values in sums.items() if len(values) > 1}
        for currency, values in added.items():
            stake = math.fsum(values.values()) - max(values.values(), key=abs)
            overlap = Overlap(SAME_CHANGE, what, tuple(values), _ONCE, stake, currency, change.place)
            found.append((same(change.who), overlap))
        if not added:  # in different money, or not brought to one price year
            names = tuple(known[at].name for at in change.values)
            found.append((same(change.who), Overlap(SAME_CHANGE, what, names, _ONCE, place=change.place)))
    return sorted(found, key=lambda each: (-abs(each[1].at_stake or 0.0), each[1].what))


def _shared(projects: Sequence[Project], things_of: Callable[[Project], Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return what stands in more than one project, as it is most often written, and in which."""
    labels = Labels()
    seen: dict[str, dict[str, None]] = {}
    for project in projects:
        for thing in things_of(project):
            if thing.strip():
                seen.setdefault(labels.key(thing), {})[project.name] = None
    return {labels.label(key): tuple(own) for key, own in sorted(seen.items()) if len(own) > 1}


def _map_bytes(project: Project) -> list[str]:
    known = project.document.get("provenance")
    sha256 = known.get("value_map_sha256") if isinstance(known, dict) else None
    return [str(sha256)] if sha256 else []


def _people_and_places(project: Project) -> list[str]:
    return [f"{who} in {place}" for _, who, place, value in project.outcomes if place and value]


def _with_sizes(who: str, projects: Sequence[Project]) -> str:
    """Return a stakeholder's name, with how many people the projects count together, where they say so."""
    from sroi import wording

    sizes = [
        each.size.base
        for project in projects if project.impact_map is not None
        for each in project.impact_map.stakeholders
        if same(each.label) == same(who) and each.size is not None
    ]  # fmt: skip
    return f"{who} (together {wording.plain(sum(sizes))})" if len(sizes) > 1 else who

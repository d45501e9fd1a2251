"""The same change counted in two lines: one outcome or unit twice, an overlap group, a whole or a total beside parts.

What stands on one chain of outcomes is asked about in `chains`, and not here again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.questions import purses, wellbeing
from sroi.questions.asking import is_organisation, named, share_people
from sroi.questions.likeness import Line, Lines, is_general, is_wellbeing
from sroi.result import Result

# Beyond so many lines of one unit or group, each is held to its neighbour alone.
_MOST_PAIRED = 150
_MOST_SUMMED = 12
_TOTALS = frozenset("total overall combined aggregate altogether sum".split())  # noqa: SIM905
_PURSE = ("fiscal", "economic")


def overlaps(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about everything that may be counted in two lines of one map, each with its reason and the sum at stake."""
    lines = Lines(impact_map, result)
    same = _twice(lines)
    yield from _outcomes_twice(lines, same)
    yield from _totals_beside_parts(lines)
    yield from _wholes_beside_parts(lines)
    yield from _overlap_groups(lines)
    yield from wellbeing.wellbeing(lines)
    yield from purses.savings_twice(lines)
    yield from _units_twice(lines, same)
    yield from purses.unmarked_transfers(lines)
    yield from purses.inputs_twice(impact_map, result)


def _twice(lines: Lines) -> list[list[Line]]:
    """Return the lines that say the same outcome of the same stakeholder, at the same place."""
    kept = [line for line in lines.all if line.said]
    groups = _bucketed(kept, lambda line: (line.outcome.stakeholder, line.said, line.value > 0))
    return _joined(lines, groups, lambda one, other: not _apart_in_place(one, other))


def _outcomes_twice(lines: Lines, same: list[list[Line]]) -> Iterator[Finding]:
    for alike in same:
        yield lines.finding(
            "outcome_twice", "high", alike,
            f"{alike[0].outcome.label}: valued {_times(len(alike))} for {lines.label(alike[0])} "
            f"({', '.join(_ids(alike[:4]))})",
            "Keep one, and tell the others with valued: no; or say in words how they differ.",
        )  # fmt: skip


def _units_twice(lines: Lines, same: list[list[Line]]) -> Iterator[Finding]:
    told = {frozenset(pair) for alike in same for pair in combinations(_ids(alike[:_MOST_PAIRED]), 2)}

    def again(one: Line, other: Line) -> bool:
        if frozenset((one.outcome.id, other.outcome.id)) in told or _apart_in_place(one, other):
            return False
        if is_wellbeing(one.outcome) and is_wellbeing(other.outcome):
            return False
        return not is_general(one.unit) or one.is_the_same(other)

    kept = [line for line in lines.all if line.unit]
    groups = _bucketed(kept, lambda line: (line.outcome.stakeholder, line.unit, line.value > 0))
    for found in _joined(lines, groups, again):
        alike = any(one.is_like(other) for one, other in combinations(found[:30], 2))
        yield lines.finding(
            "same_unit_twice", "high" if alike else "low", found,
            f"{_labels(found)}: the unit '{_unit(found[0])}' is counted {_times(len(found))} for "
            f"{lines.label(found[0])}",
            "If they are the same, keep one; if not, let the unit say what sets them apart (GP visit, hospital visit).",
        )  # fmt: skip


def _wholes_beside_parts(lines: Lines) -> Iterator[Finding]:
    by_stakeholder = _bucketed(lines.all, lambda line: line.outcome.stakeholder)
    parts: dict[int, tuple[Line, list[Line]]] = {}
    for line in lines.all:
        for larger in line.people[1:]:
            for whole in by_stakeholder.get(larger, [])[:_MOST_PAIRED]:
                alike = (whole.value > 0) == (line.value > 0) and _same_change(whole, line)
                if alike and not _apart_in_place(whole, line) and not lines.linked(whole, line):
                    parts.setdefault(whole.place, (whole, []))[1].append(line)
    for whole, within in parts.values():
        again = sum(line.quantity for line in within)
        exact = abs(again - whole.quantity) <= 1e-9 * abs(whole.quantity)
        names = named(list(dict.fromkeys(lines.label(line) for line in within)))
        yield lines.finding(
            "whole_beside_part", "high" if exact else "medium", [whole, *within],
            f"{whole.outcome.label}: counted for {lines.label(whole)}, and again for {names}, a part of them"
            f"{', with quantities that add up to the whole' if exact else ''}",
            "Count it for the whole or for the parts; if the whole's line leaves the parts out, say so in words.",
            _smaller(whole, within),
        )  # fmt: skip


def _same_change(one: Line, other: Line) -> bool:
    if is_wellbeing(one.outcome) and is_wellbeing(other.outcome):
        return False  # asked about as wellbeing
    if one.unit and one.unit == other.unit and not is_general(one.unit):
        return True
    return one.is_the_same(other) and (not one.unit or not other.unit or one.unit == other.unit)


def _totals_beside_parts(lines: Lines) -> Iterator[Finding]:
    told: set[int] = set()
    for key in (_agency, lambda line: line.outcome.stakeholder):
        for kin in _bucketed(lines.all, key).values():
            for whole in _may_be_totals(kin):
                within, why = _parts_of(lines, whole, kin) if whole.place not in told else ([], "")
                if within:
                    told.add(whole.place)
                    yield lines.finding(
                        "total_beside_parts", "high", [whole, *within],
                        f"{whole.outcome.label}: {why} {_labels(within)}, which count{'s' * (len(within) == 1)} too",
                        "Count the total or its parts, and tell the other with valued: no.",
                        _smaller(whole, within),
                    )  # fmt: skip


def _may_be_totals(kin: list[Line]) -> list[Line]:
    """Return the lines that may be the total of others: all of a few; of many, the largest and those that say so."""
    if len(kin) <= _MOST_SUMMED:
        return kin if len(kin) > 1 else []
    large = sorted(kin, key=lambda line: -abs(line.gross))[:_MOST_SUMMED]
    return [line for line in kin if line in large or line.words & _TOTALS]


def _agency(line: Line) -> str | None:
    proxy = line.outcome.proxy
    return " ".join(proxy.agency.lower().split()) if proxy is not None and proxy.agency else None


def _parts_of(lines: Lines, whole: Line, kin: list[Line]) -> tuple[list[Line], str]:
    """Return the lines of which one seems to be the total, and the words that say why; none if it does not."""
    others = [line for line in kin if line is not whole and (line.value > 0) == (whole.value > 0)][:_MOST_PAIRED]
    others = [line for line in others if _of_one_kind(whole, line) and _akin(whole, line)]
    others = [line for line in others if not lines.linked(whole, line)]
    if whole.words & _TOTALS:
        return [line for line in others if not line.words & _TOTALS], "reads like a total beside"
    smaller = [line for line in others if abs(line.gross) < abs(whole.gross)]
    few = (2, 3) if len(smaller) <= _MOST_SUMMED else ()
    for count in dict.fromkeys((*few, len(smaller))):
        for within in combinations(smaller, count) if 1 < count <= len(smaller) else ():
            if abs(sum(line.gross for line in within) - whole.gross) <= 1e-9 * abs(whole.gross):
                return list(within), "comes to exactly the sum of"
    return [], ""


def _of_one_kind(one: Line, other: Line) -> bool:
    kinds = {line.outcome.proxy.value_type for line in (one, other) if line.outcome.proxy is not None}
    return len(kinds - {None}) <= 1 or kinds <= {*_PURSE, None}


def _akin(one: Line, other: Line) -> bool:
    """Say whether two lines of one stakeholder or body may be a total and its part."""
    of_purse = all(line.outcome.proxy is not None and line.outcome.proxy.value_type in _PURSE for line in (one, other))
    return bool(
        (_agency(one) and _agency(one) == _agency(other))
        or (of_purse and one.outcome.stakeholder == other.outcome.stakeholder)
        or (one.words - _TOTALS) & other.words
    )


def _overlap_groups(lines: Lines) -> Iterator[Finding]:
    def together(one: Line, other: Line) -> bool:
        if share_people(one.people, other.people):
            return not _apart_in_place(one, other)
        # A body's saving and a gain of the people whom it serves may be one and the same change.
        bodies = [is_organisation(lines.label(line)) for line in (one, other)]
        return any(bodies) and (not all(bodies) or (_agency(one) is not None and _agency(one) == _agency(other)))

    groups = _bucketed(lines.all, lambda line: (_group(line), line.value > 0) if _group(line) else None)
    for found in _joined(lines, groups, together):
        yield lines.finding(
            "overlap_group_twice", "high", found,
            f"{_labels(found)}: their values are of one overlap group, '{_group(found[0])}', and count the same thing",
            "Keep the one that fits best, and tell the others with valued: no.",
        )  # fmt: skip


def _group(line: Line) -> str:
    proxy = line.outcome.proxy
    return " ".join(proxy.overlap_group.lower().split()) if proxy is not None and proxy.overlap_group else ""


# ---- what the questions share ----


def _labels(found: Iterable[Line]) -> str:
    return named([line.outcome.label for line in found], 4)


def _ids(found: Iterable[Line]) -> list[str]:
    return [line.outcome.id for line in found]


def _unit(line: Line) -> str:
    return " ".join((line.outcome.proxy.unit or "").split()) if line.outcome.proxy is not None else ""


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _smaller(whole: Line, within: list[Line]) -> float:
    """Return what would go if only the larger of the two were counted: a total, or its parts."""
    return min(whole.value, sum(line.value for line in within), key=abs)


def _apart_in_place(one: Line, other: Line) -> bool:
    """Say whether two lines are of different places, and each says which."""
    places = [" ".join((line.outcome.place or "").lower().split()) for line in (one, other)]
    return all(places) and places[0] != places[1]


def _bucketed(lines: Iterable[Line], key: Callable[[Line], object]) -> dict[object, list[Line]]:
    groups: dict[object, list[Line]] = {}
    for line in lines:
        name = key(line)
        if name is not None:
            groups.setdefault(name, []).append(line)
    return groups


def _joined(lines: Lines, groups: dict[object, list[Line]], are_one: Callable[[Line, Line], bool]) -> list[list[Line]]:
    """Return, within each group, the lines that belong together, two or more; those of one chain are left to it."""
    found = []
    for members in groups.values():
        heads = list(range(len(members)))

        def head(place: int, heads: list[int] = heads) -> int:
            while heads[place] != place:
                place = heads[place]
            return place

        near = len(members) if len(members) <= _MOST_PAIRED else 2
        for place, one in enumerate(members):
            for after in range(place + 1, min(place + near, len(members))):
                if heads[after] == heads[place] or head(after) == head(place):
                    continue
                if are_one(one, members[after]) and not lines.linked(one, members[after]):
                    heads[head(after)] = head(place)
        joined: dict[int, list[Line]] = {}
        for place, line in enumerate(members):
            joined.setdefault(head(place), []).append(line)
        found += [each for each in joined.values() if len(each) > 1]
    return sorted(found, key=lambda each: each[0].place)

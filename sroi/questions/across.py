"""The same people counted in two maps: what a sum over the maps of one place would count twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from sroi import wording
from sroi.evaluation import evaluate
from sroi.findings import Finding, Findings
from sroi.impact_map import ImpactMap
from sroi.questions.asking import named
from sroi.questions.likeness import Line, Lines, is_general, is_wellbeing, words_in
from sroi.questions.reasons import WHY
from sroi.result import Result

# So many lines of people of one name are held to each other; of more, the first ones.
_MOST_PAIRED = 300
# Two maps of one organisation that share this part of their outcomes' ids are taken for versions of one map.
_SHARED_IDS = 0.5
_DAYS = 365.25


@dataclass(frozen=True, eq=False)
class _Placed:
    """A line, and the map in which it stands: its place among the maps."""

    map: int
    line: Line


def same_people(maps: Sequence[ImpactMap], results: Sequence[Result] | None = None) -> Findings:
    """Return what may be counted in two of several maps: the same change, for people of one name, at one place.

    People are the same if their stakeholder has the same name, and the outcomes name the same place, or, where a place
    is missing, the maps name the same organisation. Maps whose years do not meet, and two versions of one map (a
    forecast and its evaluation, or the same title), are not held to each other. The sum at stake is the smaller of the
    two present values, for each change.

    Parameters: `results`, the maps' base cases in the same order, worked out here if not given.
    """
    figures = list(results) if results is not None else [evaluate(each) for each in maps]
    groups: dict[object, list[_Placed]] = {}
    for at, (each, result) in enumerate(zip(maps, figures, strict=True)):
        lines = Lines(each, result)
        for line in lines.all:
            who = frozenset(words_in(lines.label(line).replace("_", " ")))
            groups.setdefault((who, line.value > 0), []).append(_Placed(at, line))
    return Findings(
        replace(found, why=WHY[found.kind])
        for members in groups.values()
        if len({each.map for each in members}) > 1
        for found in _in_pairs(maps, members[:_MOST_PAIRED])
    )


def _in_pairs(maps: Sequence[ImpactMap], members: list[_Placed]) -> Iterator[Finding]:
    by_map: dict[int, list[Line]] = {}
    for each in members:
        by_map.setdefault(each.map, []).append(each.line)
    for first, second in combinations(sorted(by_map), 2):
        one, other = maps[first], maps[second]
        if _are_versions(one, other):
            continue
        pairs = _pairs(one, by_map[first], other, by_map[second])
        if pairs:
            yield _finding(one, other, pairs)


def _pairs(one: ImpactMap, ones: list[Line], other: ImpactMap, others: list[Line]) -> list[tuple[Line, Line]]:
    """Return the pairs of lines that tell of one change, each line in one pair."""
    left, pairs = list(others), []
    for own in ones:
        twin = next((its for its in left if _met(one, own, other, its)), None)
        if twin is not None:
            left.remove(twin)
            pairs.append((own, twin))
    return pairs


def _met(one: ImpactMap, own: Line, other: ImpactMap, its: Line) -> bool:
    """Say whether two lines of two maps may be one change of the same people."""
    same_unit = bool(own.unit) and own.unit == its.unit and not is_general(own.unit)
    groups = [line.outcome.proxy.overlap_group if line.outcome.proxy is not None else None for line in (own, its)]
    same_group = groups[0] is not None and groups[0] == groups[1]
    whole = is_wellbeing(own.outcome) and is_wellbeing(its.outcome)
    if not (same_unit or same_group or whole or own.is_the_same(its)):
        return False
    places = [_plain(line.outcome.place) for line in (own, its)]
    if all(places):
        near = places[0] == places[1]
    else:
        near = bool(_plain(one.organisation)) and _plain(one.organisation) == _plain(other.organisation)
    return near and _years_meet(one, own, other, its)


def _years_meet(one: ImpactMap, own: Line, other: ImpactMap, its: Line) -> bool:
    spans = []
    for chart, line in ((one, own), (other, its)):
        begin: date | None = chart.activity.start
        if begin is None:
            return True
        lasts = max(line.outcome.duration.years) if line.outcome.duration is not None else 1.0
        first = begin.toordinal() / _DAYS
        spans.append((first, first + chart.activity.years - 1 + max(lasts, 1.0)))
    return spans[0][0] < spans[1][1] - 1 / _DAYS and spans[1][0] < spans[0][1] - 1 / _DAYS


def _are_versions(one: ImpactMap, other: ImpactMap) -> bool:
    if _plain(one.title) == _plain(other.title):
        return True
    if one.analysis == other.analysis or _plain(one.organisation) != _plain(other.organisation):
        return False
    ids = [{outcome.id for outcome in each.outcomes} for each in (one, other)]
    return len(ids[0] & ids[1]) >= _SHARED_IDS * min(len(ids[0]), len(ids[1]))


def _plain(text: str | None) -> str:
    return " ".join((text or "").lower().split())


def _finding(one: ImpactMap, other: ImpactMap, pairs: list[tuple[Line, Line]]) -> Finding:
    own = pairs[0][0].outcome
    who = one.stakeholder_by_id[own.stakeholder].label
    place = f" in {own.place}" if own.place else ""
    said = named([f"{a.outcome.label} / {b.outcome.label}" for a, b in pairs])
    if one.currency == other.currency:
        stake = sum(min(a.value, b.value, key=abs) for a, b in pairs)
        sum_ = f"counted once, the two together would be {wording.money(abs(stake), one.currency)} {'less' if stake >= 0 else 'more'}"  # fmt: skip  # noqa: E501
    else:
        sum_ = f"the one is in {one.currency}, the other in {other.currency}"
    return Finding(
        "same_people_in_two_maps", "high", 5, f"{one.title}; {other.title}",
        f"{who}{place} are counted in both “{one.title}” and “{other.title}”: {said}; {sum_}",
        "Do not add the two up as they stand: count the people once, or take out of one what the other counts.",
    )  # fmt: skip

"""The same people counted in two maps: what a sum over the maps of one place would count twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


@dataclass(frozen=True, eq=False)
class SharedChange:
    """One change of the same people that several maps count: its value in each, by the map's place among them."""

    who: str
    place: str
    labels: tuple[str, ...]
    values: Mapping[int, float]


def shared_changes(maps: Sequence[ImpactMap], results: Sequence[Result] | None = None) -> tuple[SharedChange, ...]:
    """Return the changes of the same people that stand in more than one of many maps, each told once.

    What is one change is told in `same_people`, which holds maps to each other two by two. Here lines that meet, if
    only by way of a third, are one change: counted once, a sum over these maps would hold its largest value alone.
    """
    figures = list(results) if results is not None else [evaluate(each) for each in maps]
    near: dict[object, list[_Placed]] = {}
    who: dict[_Placed, str] = {}
    for at, (each, result) in enumerate(zip(maps, figures, strict=True)):
        lines = Lines(each, result)
        for line in lines.all:
            placed = _Placed(at, line)
            who[placed] = lines.label(line)
            people = frozenset(words_in(who[placed].replace("_", " ")))
            for change in _changes(line):
                for place in {("at", _plain(line.outcome.place)), ("of", _plain(each.organisation))}:
                    if place[1]:
                        near.setdefault((people, line.value > 0, change, place), []).append(placed)
    groups = [_of_one_place(members) for members in near.values()]
    joined = _joined(maps, [members for members in groups if len({each.map for each in members}) > 1])
    return tuple(_shared(members, who) for members in joined if len({each.map for each in members}) > 1)


def _of_one_place(members: list[_Placed]) -> list[_Placed]:
    """Return lines of one organisation without those of several places: a line without one would make them one."""
    places = {_plain(each.line.outcome.place) for each in members} - {""}
    return members if len(places) < 2 else [each for each in members if not each.line.outcome.place]


def _joined(maps: Sequence[ImpactMap], groups: Sequence[Sequence[_Placed]]) -> list[list[_Placed]]:
    """Return the lines that meet, directly or by way of others, in sets."""
    sets: dict[_Placed, list[_Placed]] = {}
    for members in groups:
        for place, own in enumerate(members):
            for its in members[:place]:
                mine, other = sets.setdefault(own, [own]), sets.setdefault(its, [its])
                if mine is other or own.map == its.map or _are_versions(maps[own.map], maps[its.map]):
                    continue
                if _is_near(one := maps[own.map], own.line, two := maps[its.map], its.line) and _years_meet(
                    one, own.line, two, its.line
                ):
                    other += mine
                    sets.update(dict.fromkeys(mine, other))
    return list({id(each): each for each in sets.values()}.values())


def _shared(members: Sequence[_Placed], who: Mapping[_Placed, str]) -> SharedChange:
    ordered = sorted(members, key=lambda each: (each.map, each.line.place))
    values: dict[int, float] = {}
    for each in ordered:
        values[each.map] = values.get(each.map, 0.0) + each.line.value
    place = next((each.line.outcome.place for each in ordered if each.line.outcome.place), "")
    labels = dict.fromkeys(each.line.outcome.label for each in ordered)
    return SharedChange(who[ordered[0]], place, tuple(labels), values)


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
    if _changes(own).isdisjoint(_changes(its)):
        return False
    return _is_near(one, own, other, its) and _years_meet(one, own, other, its)


def _changes(line: Line) -> frozenset[object]:
    """Return what shows which change a line is: two lines that share any of it may be the same one."""
    outcome, proxy = line.outcome, line.outcome.proxy
    told = {
        "unit": () if is_general(line.unit) else line.unit,
        "group": proxy.overlap_group if proxy is not None else None,
        "wellbeing": is_wellbeing(outcome),
        "said": line.said,
        "register": proxy.register_id if proxy is not None else None,
        "described": words_in(proxy.description) if proxy is not None else (),
    }
    return frozenset((name, each) for name, each in told.items() if each)


def _is_near(one: ImpactMap, own: Line, other: ImpactMap, its: Line) -> bool:
    places = [_plain(line.outcome.place) for line in (own, its)]
    if all(places):
        return places[0] == places[1]
    return bool(_plain(one.organisation)) and _plain(one.organisation) == _plain(other.organisation)


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

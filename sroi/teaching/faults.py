"""Faults planted in a sound map: each is one that the program itself finds, and nothing else of its kind is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np

from sroi.comparison.differences import Difference, differences
from sroi.errors import ImpossibleMap, NameRefused, Problem, SroiError, did_you_mean
from sroi.evaluation import evaluate
from sroi.files.tree import to_tree
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.questions import review
from sroi.teaching import faults_of_counting, faults_of_number, faults_of_practice
from sroi.teaching.fault_kinds import REFUSED, FaultKind, Planted
from sroi.teaching.numbers import stream
from sroi.teaching.trees import Tree, map_of, tree_of

_MODULES = (faults_of_practice, faults_of_number, faults_of_counting)
KINDS: dict[str, FaultKind] = {kind.name: kind for module in _MODULES for kind in module.KINDS}


@dataclass(frozen=True)
class Faulty:
    """A map with faults planted: its tree, which no map may hold if a fault of it is impossible, and the faults."""

    tree: Tree
    planted: tuple[Planted, ...]


def kind_of(name: str) -> FaultKind:
    """Return a kind of fault by its name; NameRefused, with the nearest, if there is none."""
    if name not in KINDS:
        raise NameRefused(Problem(f"there is no kind of fault '{name}'", did_you_mean(name, KINDS)))
    return KINDS[name]


def plant(sound: ImpactMap, name: str, seed: int = 0, team: str = "") -> Faulty | None:
    """Return a sound map with one fault of a kind planted, or None where it cannot stand anywhere in this map.

    >>> import sroi
    >>> from sroi.teaching.sound import made_sound
    >>> faulty = plant(made_sound(sroi.example("wheels_to_meals"), "An exercise"), "attribution_reversed")
    >>> faulty.planted[0].finding, faulty.planted[0].where.rpartition(".")[2]
    ('attribution_reversed', 'attribution')
    """
    found = plant_several(sound, [name], 1, seed, team)
    return found if found.planted else None


def plant_several(sound: ImpactMap, names: Sequence[str], most: int, seed: int, team: str) -> Faulty:
    """Return a sound map with faults of the first kinds of `names` that can stand in it together, `most` at most.

    Each is planted where the program finds it, where nothing of its kind is found in the sound map, and so that the
    faults planted before are still found. At most one of them is impossible, since the reader refuses the file for it;
    it is planted last.
    """
    tree, planted = tree_of(sound), list[Planted]()
    refused: list[FaultKind] = []
    for kind in map(kind_of, names):
        if len(planted) + len(refused) >= most:
            break
        if kind.impossible:
            if not refused and kind.spots(sound):
                refused.append(kind)
        else:
            tree = _planted_once(sound, tree, kind, planted, stream(seed, team, f"fault/{kind.name}"))
    for kind in refused:
        tree = _planted_impossible(sound, tree, kind, planted, stream(seed, team, f"fault/{kind.name}"))
    return Faulty(tree, tuple(planted))


def kinds_for(level: int, seed: int, team: str) -> list[str]:
    """Return the kinds of fault of a level, in an order of the team's own, practice and arithmetic by turns."""
    draw = stream(seed, team, "faults")
    sorts: dict[str, list[str]] = {}
    for kind in KINDS.values():
        if kind.level <= level:
            sorts.setdefault(kind.sort, []).append(kind.name)
    drawn = [[names[place] for place in draw.permutation(len(names))] for names in sorts.values()]
    longest = max(len(names) for names in drawn)
    return [names[place] for place in range(longest) for names in drawn if place < len(names)]


# ---- one fault ----


def _planted_once(
    sound: ImpactMap, tree: Tree, kind: FaultKind, planted: list[Planted], draw: np.random.Generator
) -> Tree:
    """Return the tree with a fault of this kind planted at the first spot where that holds; else the tree as it was."""
    before = map_of(tree)
    known = _told(review(before))
    if any(finding.kind in kind.found_by for finding in review(sound)):
        return tree
    spots = kind.spots(before)
    for place in draw.permutation(len(spots)):
        trial = deepcopy(tree)
        try:
            kind.put(trial, spots[int(place)], draw)
            after = map_of(trial)
        except (SroiError, KeyError, ValueError, StopIteration, TypeError):
            continue
        changed = differences(before, after)
        fault = _as_found(kind, changed, review(after), known)
        if fault is not None and fault.where == "published":
            fault = _with_figures(fault, before, after)
        if fault is None or not _apart(fault, planted) or not _still_found(after, planted):
            continue
        planted.append(fault)
        return trial
    return tree


def _planted_impossible(
    sound: ImpactMap, tree: Tree, kind: FaultKind, planted: list[Planted], draw: np.random.Generator
) -> Tree:
    """Return the tree with a value that the reader refuses, at a spot that no other fault touches."""
    spots = kind.spots(map_of(tree))
    touched = {name.partition(".")[0] for fault in planted for name in fault.touched}
    for place in draw.permutation(len(spots)):
        spot = spots[int(place)]
        if spot in touched:
            continue
        trial = deepcopy(tree)
        kind.put(trial, spot, draw)
        try:
            map_of(trial)
        except ImpossibleMap as error:
            problem = error.problems[0]
            field = str(problem.path[2])
            number = sound.numbers()[f"{spot}.{field}"]
            was = number.kind.write(number.values[0])
            now = trial["outcomes"][int(problem.path[1])][field]
            name = f"{spot}.{field}"
            planted.append(Planted(kind.name, name, (name,), REFUSED, name, problem.found, was, str(now["value"])))
            return trial
    return tree


def _told(findings: Iterable[Finding]) -> Counter[tuple[str, str]]:
    return Counter((finding.kind, finding.where) for finding in findings)


def _as_found(
    kind: FaultKind, changed: Sequence[Difference], findings: Iterable[Finding], known: Counter[tuple[str, str]]
) -> Planted | None:
    """Return the fault as the program finds it, None where it does not find it, or nothing was changed."""
    new = [each for each in findings if each.kind in kind.found_by and not known[each.kind, each.where]]
    if not new or not changed:
        return None
    first = _telling(changed)
    finding = new[0]
    names = tuple(dict.fromkeys(each.name for each in changed))
    was, now = (_readable(words) for words in (first.was, first.now))
    return Planted(kind.name, first.name, names, finding.kind, finding.where, finding.what, was, now)


def _with_figures(fault: Planted, before: ImpactMap, after: ImpactMap) -> Planted:
    """Return a fault of a printed figure with what the map came to when it was printed, and what is printed."""
    printed = {name: str(part) for name, part in to_tree(after)["published"].items() if name != "source"}
    right = []
    for name, words in printed.items():
        decimals = len(words.partition(".")[2])
        right.append(f"{float(getattr(evaluate(before), name)):.{decimals}f}")
    return replace(fault, was=", ".join(right), now=", ".join(printed.values()))


def _readable(words: str) -> str:
    """Return how something was or is, nothing where it is a whole group of keys."""
    return "" if words.startswith(("{", "[")) else words


def _telling(changed: Sequence[Difference]) -> Difference:
    """Return the change that says most: a number before a word beside it, an added line before its parts."""
    numbers = [each for each in changed if each.value_was is not None or each.value_now is not None]
    added = [each for each in changed if each.kind != "changed" and each.section in ("outcomes", "inputs")]
    return (added or numbers or list(changed))[0]


def _apart(fault: Planted, planted: Sequence[Planted]) -> bool:
    """Say whether a fault touches nothing that another one touches."""
    names = {name for other in planted for name in other.touched}
    whole = {name for name in (*names, *fault.touched) if "." not in name}
    mixed = any(name.partition(".")[0] in whole for name in (*names, *fault.touched) if "." in name)
    return not names & set(fault.touched) and not (mixed and _overlap(names, fault.touched))


def _overlap(names: Iterable[str], touched: Iterable[str]) -> bool:
    owners = {name.partition(".")[0] for name in names}
    return any(name.partition(".")[0] in owners for name in touched)


def _still_found(after: ImpactMap, planted: Sequence[Planted]) -> bool:
    told = _told(review(after))
    return all(told[fault.finding, fault.found_at] for fault in planted)

"""Each team's own numbers: drawn round the case's, whole people, plausible shares, prices as people write them."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from sroi.impact_map import ImpactMap
from sroi.names import numbers_of
from sroi.teaching.trees import SHARES, Tree, kind_of_field, map_of, moved, numbers_in, tree_of

INVENTED = "Invented for this exercise"
# How far a number may lie from the case's own: wide enough that teams cannot copy, near enough that the story holds.
_PEOPLE, _QUANTITY, _PRICE, _COST = (0.75, 1.35), (0.75, 1.3), (0.8, 1.25), (0.85, 1.2)
_STEPS = (-0.10, -0.05, 0.05, 0.10)

Draw = Callable[[str], np.random.Generator]


def stream(seed: int, team: str, name: str) -> np.random.Generator:
    """Return the random numbers for one name of one team: they depend on seed, team and name, and on nothing else.

    >>> float(stream(1, "Team 1", "meals.quantity").random()) == float(stream(1, "Team 1", "meals.quantity").random())
    True
    """
    digest = hashlib.sha256(f"{seed}/{team}/{name}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def as_people_write(number: float) -> float:
    """Return a sum of money rounded as people write prices: 12,345 is 12,300; 123.4 is 123; 18.37 is 18.50.

    >>> [as_people_write(each) for each in (12345.0, 123.4, 18.37, 4.62, -18.37, 0.0)]
    [12300.0, 123.0, 18.5, 4.6, -18.5, 0.0]
    """
    size = abs(number)
    if size == 0:
        return 0.0
    step = (
        0.05 if size < 10 else 0.5 if size < 100 else 1.0 if size < 1000 else 10.0 ** (math.floor(math.log10(size)) - 2)
    )
    return math.copysign(round(max(round(size / step) * step, step), 2), number)


def own_numbers(impact_map: ImpactMap, seed: int, team: str) -> ImpactMap:
    """Return a map with a team's own numbers, drawn round those of the case.

    People stay whole, and no more of them change than there are; a share moves by 5 or 10 percentage points, and 0 %
    and 100 % stay what they are; what had one price in the case has one price here. The sources say that the numbers
    are invented. Seed, team and the names of the numbers decide, so that another outcome changes nobody's draws.
    """
    tree = tree_of(impact_map)

    def draw(name: str) -> np.random.Generator:
        return stream(seed, team, name)

    people = _draw_people(tree, impact_map, draw)
    for given in tree["inputs"]:
        _draw_input(given, draw)
    for outcome in tree["outcomes"]:
        _draw_outcome(outcome, impact_map, people, draw)
    for output in tree.get("outputs", ()):
        generator = draw(f"{output['id']}.quantity")
        _put(output, "quantity", "quantity", _scaled_whole(float(generator.uniform(*_QUANTITY))))
    for stale in ("scenarios", "published"):
        tree.pop(stale, None)
    for outcome in tree["outcomes"]:
        outcome.pop("amount_of_change", None)
    return map_of(tree)


def _put(group: Tree, key: str, field: str, change: Callable[[float], float]) -> None:
    """Change a number where it stands; a source or a reason that speaks of the case's own number goes."""
    before = group[key]
    after = moved(before, kind_of_field(field), change)
    if after != before and isinstance(after, dict):
        after = _without_old_words(after)
    group[key] = after


def _without_old_words(number: Tree) -> Tree:
    kept = {key: part for key, part in number.items() if key not in ("sample_size", "source")}
    if re.search(r"\d", kept.get("note", "")):
        kept.pop("note")
    if "by_year" in kept:
        kept["by_year"] = [_without_old_words(each) if isinstance(each, dict) else each for each in kept["by_year"]]
    kept["source"] = INVENTED
    return kept


def _scaled_whole(factor: float) -> Callable[[float], float]:
    def change(number: float) -> float:
        if number == 0:
            return 0.0
        if abs(number) < 1:  # a part, such as a quarter of a point on a scale
            return math.copysign(max(round(abs(number) * factor, 2), 0.01), number)
        return math.copysign(max(float(round(abs(number) * factor)), 1.0), number)

    return change


def _scaled_price(factor: float) -> Callable[[float], float]:
    return lambda number: as_people_write(number * factor)


# ---- people ----


def _draw_people(tree: Tree, impact_map: ImpactMap, draw: Draw) -> dict[str, float]:
    """Draw the sizes of stakeholders, a part by the factor of its whole; return the new sizes."""
    by_id = impact_map.stakeholder_by_id
    sizes: dict[str, float] = {}
    for who in tree["stakeholders"]:
        if "size" not in who:
            continue
        root, seen = who["id"], {who["id"]}
        while by_id[root].part_of in by_id and by_id[root].part_of not in seen:
            root = str(by_id[root].part_of)
            seen.add(root)
        factor = float(draw(f"{root}.size").uniform(*_PEOPLE))
        part = root != who["id"]

        def change(number: float, factor: float = factor, part: bool = part) -> float:
            # A part is rounded down, so that parts never come to more than their whole.
            return float(max(1, math.floor(number * factor) if part else math.ceil(number * factor))) if number else 0.0

        _put(who, "size", "size", change)
        size = map_size(who["size"])
        sizes[who["id"]] = size
        for part_taken in who.get("involved", ()):
            part_taken.pop("of", None)
            if part_taken.get("number", 0) > size:
                part_taken["number"] = max(1, int(size))
    return sizes


def map_size(raw: Any) -> float:
    """Return the head count that a size of a tree comes to."""
    value = raw.get("value", 0) if isinstance(raw, dict) else raw
    return float(value)


# ---- inputs and outcomes ----


def _draw_input(given: Tree, draw: Draw) -> None:
    for group, key, field in list(numbers_in(given, "inputs")):
        factor = float(draw(f"{given['id']}.{field}").uniform(*_COST))
        before = group[key]
        _put(group, key, field, _scaled_whole(factor) if field == "hours" else _scaled_price(factor))
        if group[key] != before:
            given["source"] = INVENTED
            if re.search(r"\d", given.get("description", "")):
                given["description"] = given["id"].replace("_", " ").capitalize()


def _draw_outcome(outcome: Tree, impact_map: ImpactMap, people: dict[str, float], draw: Draw) -> None:
    name = outcome["id"]
    was = numbers_of(impact_map)
    for group, key, field in list(numbers_in(outcome, "outcomes")):
        generator = draw(f"{name}.{field}")
        if field in (*SHARES, "share"):
            _draw_share(group, key, generator)
        elif field == "proxy":
            _draw_price(outcome, was[f"{name}.proxy"].values[0], draw)
        elif field == "quantity":
            change = _scaled_whole(float(generator.uniform(*_QUANTITY)))
            who = outcome["stakeholder"]
            size = impact_map.stakeholder_by_id[who].size
            most = max(abs(value) for value in was[f"{name}.quantity"].values)
            limit = people.get(who, math.inf) if size is not None and most <= size.base else math.inf
            _put(group, key, field, lambda number, limit=limit, change=change: min(change(number), limit))  # type: ignore[misc]
            if outcome.get("indicator"):
                outcome["indicator"]["source"] = INVENTED
        elif field == "duration" and isinstance(group[key], int) and group[key] >= 3:
            group[key] += int(generator.integers(-1, 2))


def _draw_share(group: Tree, key: str, generator: np.random.Generator) -> None:
    step = float(generator.choice(_STEPS))
    if isinstance(group[key], dict) and "survey" in group[key]:
        group[key] = _draw_survey(group[key], generator)
        return

    def change(number: float) -> float:
        if number in (0.0, 1.0):
            return number
        there = number + step if 0.05 <= number + step <= 0.95 else number - step
        return float(round(min(max(there, 0.05), 0.95), 4))

    _put(group, key, "deadweight", change)


def _draw_survey(share: Tree, generator: np.random.Generator) -> Tree:
    """Draw how many said yes; how many were asked stays, so that the survey still fits the people it speaks for."""
    counts = dict(share["survey"])
    asked, yes = counts["asked"], counts["yes"]
    spread = max(1, int(asked * 0.12))
    counts["yes"] = int(min(max(yes + int(generator.integers(-spread, spread + 1)), min(1, asked)), asked))
    for whole in ("invited", "population"):
        counts.pop(whole, None)
    words = {key: part for key, part in share.items() if key not in ("value", "low", "high", "shape", "note", "source")}
    return {**words, "survey": counts, "source": INVENTED}


def _draw_price(outcome: Tree, was: float, draw: Draw) -> None:
    """Draw a price by its own sum and unit, so that what had one price in the case has one price here."""
    proxy = outcome["proxy"]
    factor = float(draw(f"price/{abs(was):g}/{proxy.get('unit', '')}").uniform(*_PRICE))
    _put(proxy, "value", "proxy", _scaled_price(factor))
    said = " ".join((proxy.get("description") or outcome["id"].replace("_", " ")).split())
    proxy["source"] = f"{INVENTED}, drawn round the case's own price of: {said}"
    for key in (
        "register",
        "licence",
        "acknowledgement",
        "passing_on",
        "review_date",
        "price_year",
        "price_year_basis",
    ):
        proxy.pop(key, None)
    if isinstance(proxy["value"], dict):
        proxy["value"].pop("source", None)

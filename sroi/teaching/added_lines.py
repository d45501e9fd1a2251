"""Lines that a fault adds to a map: they stand anywhere in it, told as its own are, so that neither gives them away."""

from __future__ import annotations

from copy import deepcopy

import numpy as np

from sroi.teaching.levels import by_year, with_range
from sroi.teaching.trees import Tree, numbers_in, with_words

# What is said of a duration where the map's own outcomes say something of theirs.
_LASTS = "What people who left some time ago said (invented)"


def add_anywhere(lines: list[Tree], added: Tree, draw: np.random.Generator) -> None:
    """Put a line anywhere among the others, the draw says where."""
    lines.insert(int(draw.integers(len(lines) + 1)), added)


def add_outcome(tree: Tree, draw: np.random.Generator, added: Tree) -> None:
    """Put an outcome anywhere among the others, its numbers told as theirs are: by year, with ranges, as observed."""
    outcome = deepcopy(added)
    others = [number for each in tree["outcomes"] for number in _numbers(each)]
    if any("note" in each["duration"] for each in tree["outcomes"] if isinstance(each.get("duration"), dict)):
        outcome["duration"] = with_words(outcome["duration"], note=_LASTS)
    if any("by_year" in number for number in others) and tree.get("activity", {}).get("years") == 2:
        outcome["quantity"] = by_year(outcome["quantity"], whole=True)
    if any("observed" in number for number in others):
        for name in ("quantity", "duration"):
            outcome[name] = {**with_words(outcome[name]), "observed": "yes"}
    if any("low" in number for number in others):
        for group, key, field in list(numbers_in(outcome, "outcomes")):
            _range(group, key, field)
    add_anywhere(tree["outcomes"], outcome, draw)


def _numbers(outcome: Tree) -> list[Tree]:
    """Return an outcome's numbers, and those of each of their years, that say more than a value."""
    held = [group[key] for group, key, _ in numbers_in(outcome, "outcomes")]
    held += [each for number in held if isinstance(number, dict) for each in number.get("by_year", ())]
    return [number for number in held if isinstance(number, dict)]


def _range(group: Tree, key: str, field: str) -> None:
    if field in ("duration", "proxy"):
        return
    raw = group[key]
    if isinstance(raw, dict) and "by_year" in raw:
        raw["by_year"] = [with_range(each, field) or each for each in raw["by_year"]]
    else:
        group[key] = with_range(raw, field) or raw

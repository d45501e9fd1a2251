"""A value map as groups, lists and words that can be changed, and made a map again: what cases and faults work on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from sroi.files.tree import to_tree
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.nouns import NUMBER_KINDS
from sroi.reading import AMOUNT, Kind, read_number

Tree = dict[str, Any]

# Numbers that an outcome may hold itself; a quantity may also be a part of a stakeholder.
SHARES = (*DEDUCTIONS, "drop_off")


def tree_of(impact_map: ImpactMap) -> Tree:
    """Return a map as a tree of its own, which may be changed."""
    return deepcopy(to_tree(impact_map))


def map_of(tree: Tree) -> ImpactMap:
    """Return the map that a tree holds; ImpossibleMap if it says what cannot be."""
    return ImpactMap.model_validate(tree)


def entry(tree: Tree, section: str, name: str) -> Tree:
    """Return the stakeholder, input, output or outcome of an id; KeyError if there is none."""
    for each in tree.get(section, ()):
        if each["id"] == name:
            found: Tree = each
            return found
    raise KeyError(name)


def ids(tree: Tree) -> set[str]:
    """Return every id of a tree."""
    return {
        each["id"] for section in ("stakeholders", "inputs", "outputs", "outcomes") for each in tree.get(section, ())
    }


def new_id(tree: Tree, wanted: str) -> str:
    """Return an id that the tree does not have yet, as near as can be to the wanted one."""
    known, name, count = ids(tree), wanted, 2
    while name in known:
        name, count = f"{wanted}_{count}", count + 1
    return name


def kind_of_field(field: str) -> Kind:
    """Return the kind of number that a field of an outcome, input or stakeholder holds."""
    return NUMBER_KINDS.get(field, AMOUNT)


def written(number: float, kind: Kind) -> Any:
    """Return a number as a value map writes it: 25% for a share, 90 for 90.0.

    >>> from sroi.reading import AMOUNT, SHARE
    >>> written(0.25, SHARE), written(90.0, AMOUNT), written(18.5, AMOUNT)
    ('25%', 90, 18.5)
    """
    if kind.per_cent:
        return kind.write(number)
    return int(number) if number == int(number) and abs(number) < 1e15 else number


def moved(raw: Any, kind: Kind, change: Callable[[float], float]) -> Any:
    """Return a number of a tree with `change` applied to its value, its range and each of its years or experts.

    A shape that lists values of its own, and survey counts, are given up: they would no longer be those of the number.
    """
    if not isinstance(raw, dict):
        return written(change(read_number(raw, kind)), kind)
    moved_: Tree = {key: part for key, part in raw.items() if key not in ("survey", "shape")}
    shape = raw.get("shape")
    if isinstance(shape, str) or (isinstance(shape, dict) and "beta" in shape):
        moved_["shape"] = shape
    if "by_year" in raw:
        moved_["by_year"] = [moved(each, kind, change) for each in raw["by_year"]]
    for name in ("low", "value", "high"):
        if name in raw:
            moved_[name] = written(change(read_number(raw[name], kind)), kind)
    if "experts" in raw:
        moved_["experts"] = [_view(view, kind, change) for view in raw["experts"]]
    if "survey" in raw:
        moved_["value"] = written(change(raw["survey"]["yes"] / raw["survey"]["asked"]), kind)
    _keep_in_order(moved_, kind)
    return moved_


def _view(view: Tree, kind: Kind, change: Callable[[float], float]) -> Tree:
    """Return one expert's view with the change applied, in order still."""
    ends = sorted(change(read_number(view[name], kind)) for name in ("low", "value", "high"))
    return {name: written(end, kind) for name, end in zip(("low", "value", "high"), ends, strict=True)}


def _keep_in_order(number: Tree, kind: Kind) -> None:
    """Keep a value within its range, and a range that has a width, after rounding."""
    if "low" not in number or "high" not in number or "value" not in number:
        return
    low, value, high = (read_number(number[name], kind) for name in ("low", "value", "high"))
    low, high = min(low, value), max(high, value)
    number["low"], number["high"] = written(low, kind), written(high, kind)
    if low == high or (number.get("shape") == "lognormal" and low <= 0):
        for name in ("low", "high", "shape"):
            number.pop(name, None)


def shifted(raw: Any, kind: Kind, change: Callable[[float], float], without: tuple[str, ...] = ()) -> Any:
    """Return a number of a tree with its value changed and all else kept: words, years, and its range, moved along.

    The range keeps its width as far as a share's bounds allow. `without` names what is left out.

    >>> from sroi.reading import SHARE
    >>> shifted({"value": "30%", "note": "Said so", "low": "20%", "high": "45%"}, SHARE, lambda value: 0.0, ("note",))
    {'value': '0%', 'low': '0%', 'high': '15%'}
    """
    if not isinstance(raw, dict):
        return moved(raw, kind, change)
    apart = {"low", "high", "by_year", "experts", *without}
    number: Tree = moved({key: part for key, part in raw.items() if key not in apart}, kind, change)
    if "by_year" in raw:
        number["by_year"] = [shifted(each, kind, change, without) for each in raw["by_year"]]
    if "experts" in raw:
        number["experts"] = [{**view, **_moved_along(view, kind, change)} for view in raw["experts"]]
    if {"low", "value", "high"} <= set(raw):
        number |= _moved_along(raw, kind, change)
        _keep_in_order(number, kind)
    told = {key: number[key] for key in dict.fromkeys((*raw, *number)) if key in number}
    return told["value"] if set(told) == {"value"} else told


def _moved_along(raw: Tree, kind: Kind, change: Callable[[float], float]) -> Tree:
    """Return a value with the change applied and its range about it as wide as before, within what may be."""
    low, was, high = (read_number(raw[name], kind) for name in ("low", "value", "high"))
    now = change(was)
    least = 0.0 if kind.per_cent or was >= 0 else -math.inf
    ends = (now - (was - low), now, now + (high - was))
    kept = [round(min(1.0 if kind.per_cent else math.inf, max(least, end)), 4) for end in ends]
    return {name: written(end, kind) for name, end in zip(("low", "value", "high"), kept, strict=True)}


def plain(raw: Any, kind: Kind) -> Any:
    """Return a number of a tree without range, survey, experts or years: its base case, with its source and reason."""
    if not isinstance(raw, dict):
        return raw
    said: Tree = {key: raw[key] for key in ("source", "note", "observed") if key in raw}
    if "by_year" in raw:
        first = plain(raw["by_year"][0], kind)
        return {**said, **first} if isinstance(first, dict) else {"value": first, **said} if said else first
    if "survey" in raw:
        value: Any = written(round(raw["survey"]["yes"] / raw["survey"]["asked"], 2), kind)
    elif "experts" in raw and "value" not in raw:
        views = [read_number(view["value"], kind) for view in raw["experts"]]
        value = written(round(sum(views) / len(views), 4), kind)
    else:
        value = raw["value"]
    return {"value": value, **said} if said else value


def with_words(raw: Any, **said: str) -> Tree:
    """Return a number of a tree with a source or reason beside it, where it has none yet."""
    number: Tree = dict(raw) if isinstance(raw, dict) else {"value": raw}
    for key, words in said.items():
        number.setdefault(key, words)
    return number


def numbers_in(owner: Tree, section: str) -> Iterator[tuple[Tree, str, str]]:
    """Yield every number of an entry: the group that holds it, its key there, and its field."""
    fields = {"stakeholders": ("size",), "inputs": ("value", "hours", "rate"), "outputs": ("quantity",)}
    for field in fields.get(section, ("duration", *SHARES)):
        if field in owner:
            yield owner, field, field
    if section != "outcomes":
        return
    quantity = owner.get("quantity")
    if isinstance(quantity, dict) and "of" in quantity:
        yield from ((quantity, field, field) for field in ("share", "times") if field in quantity)
    elif quantity is not None:
        yield owner, "quantity", "quantity"
    if "value" in owner.get("proxy", {}):
        yield owner["proxy"], "value", "proxy"


def drop_stale_correlations(tree: Tree) -> None:
    """Take out correlations of numbers that the tree does not have any more under their names."""
    listed = tree.pop("correlations", [])
    known = map_of(tree).numbers() if listed else {}
    kept = [each for each in listed if all(name in known for name in each["numbers"])]
    if kept:
        tree["correlations"] = kept


def ratio_of(impact_map: ImpactMap) -> float:
    """Return a map's ratio, for readers that ask which reading of a table gives the ratio that it prints."""
    from sroi.evaluation import evaluate

    return float(evaluate(impact_map).sroi_ratio)

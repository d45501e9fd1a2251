"""A map as plain groups, lists, words and numbers: what its YAML holds, and nothing that was left out."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from sroi.estimate import Estimate, Noun
from sroi.framing import Activity, Conventions, PrintedFigure
from sroi.impact_map import ImpactMap
from sroi.nouns import NUMBER_KINDS
from sroi.reading import AMOUNT, Kind


def to_tree(impact_map: ImpactMap) -> dict[str, Any]:
    """Return what a YAML value map of this map holds, in the order of the contract."""
    return _group(impact_map)


def _group(noun: Noun) -> dict[str, Any]:
    group: dict[str, Any] = {}
    for name, info in type(noun).model_fields.items():
        value = getattr(noun, name)
        if value is None or value == () or value == {}:
            continue
        # The rules of reckoning are always written out: a convention that is not seen is a hidden one.
        spoken = isinstance(noun, Conventions | Activity) or isinstance(value, Conventions | Activity)
        if not spoken and not info.is_required() and value == info.get_default(call_default_factory=True):
            continue
        group[info.alias or name] = _part(value, name, noun)
    return group


def _part(value: Any, name: str, noun: Noun) -> Any:
    if isinstance(value, Estimate):
        field = "proxy" if name == "value" and type(noun).__name__ == "Proxy" else name
        return _estimate(value, NUMBER_KINDS.get(field, AMOUNT))
    if isinstance(value, PrintedFigure):
        return value.value if value.tolerance is None else {"value": value.value, "tolerance": value.tolerance}
    if isinstance(value, Noun):
        return _group(value)
    if isinstance(value, tuple):
        return [_part(each, name, noun) for each in value]
    if isinstance(value, dict):
        return {key: {name: _number(number) for name, number in group.items()} for key, group in value.items()}
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _number(value)
    return value.isoformat() if isinstance(value, date) else value


def _estimate(estimate: Estimate, kind: Kind) -> Any:
    """Return a number as it is written: plain where nothing else is said of it, shares and rates in per cent."""
    written: dict[str, Any] = {}
    for name in type(estimate).model_fields:
        value = getattr(estimate, name)
        if value is None:
            continue
        if name == "by_year":
            written[name] = [_estimate(entry, kind) for entry in value]
        elif name == "experts":
            written[name] = [
                {part: _in_kind(getattr(each, part), kind) for part in ("low", "value", "high")} for each in value
            ]
        elif name == "survey":
            written[name] = _group(value)
        elif name == "shape":
            written[name] = _shape(value, kind)
        elif isinstance(value, bool):
            written[name] = "yes" if value else "no"
        else:
            written[name] = _in_kind(value, kind) if name in ("value", "low", "high") else value
    return written["value"] if set(written) == {"value"} else written


def _shape(shape: str | dict[str, Any], kind: Kind) -> Any:
    if isinstance(shape, str):
        return shape
    ((name, values),) = shape.items()
    if name == "discrete":
        return {name: [{"value": _in_kind(value, kind), "chance": _number(chance)} for value, chance in values]}
    return {name: [_number(value) if name == "beta" else _in_kind(value, kind) for value in values]}


def _in_kind(value: float, kind: Kind) -> Any:
    return kind.write(value) if kind.per_cent else _number(value)


def _number(value: float) -> float | int:
    return int(value) if math.isfinite(value) and value == int(value) and abs(value) < 1e15 else value

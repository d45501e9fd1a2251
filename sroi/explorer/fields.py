"""What the page has to know of a value map: every field of every noun, the kinds of number, the rate schedules.

Made from the nouns themselves, so that a field, a bound or a choice stands in one place only.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from functools import partial
from typing import Any

from sroi import reading
from sroi.discounting import read_own_rate
from sroi.estimate import SHAPES, Estimate, Noun, prepared
from sroi.evidence.schedules import LONGEST_SCHEDULE, schedule, schedule_names
from sroi.framing import PrintedFigure
from sroi.impact_map import ImpactMap
from sroi.nouns import NUMBER_KINDS, PartOfStakeholder
from sroi.reading import Kind, Reads

_KINDS: dict[str, Kind] = {
    kind.name.replace(" ", "_"): kind for kind in vars(reading).values() if isinstance(kind, Kind)
}
_KIND_NAMES = {id(kind): name for name, kind in _KINDS.items()}
_READERS: dict[Any, str] = {
    reading.read_text: "text",
    reading.read_title: "title",
    reading.read_yes_no: "yes_no",
    reading.read_day: "day",
    reading.read_price_year: "price_year",
    reading.read_currency: "currency",
    reading.read_id: "id",
}
# Fields that hold the id of something else in the map.
_NAMES = {"stakeholder": "stakeholders", "of": "stakeholders", "part_of": "stakeholders", "anchored_to": "outcomes"}


def facts() -> dict[str, Any]:
    """Return, ready for JSON, what the page's programs read: `nouns`, `kinds`, `number_kinds`, `schedules`, limits."""
    return {
        "nouns": {noun.__name__: _fields(noun) for noun in _nouns()},
        "kinds": {
            name: {"low": kind.low, "high": kind.high, "above_low": kind.above_low, "per_cent": kind.per_cent}
            for name, kind in _KINDS.items()
        },
        "number_kinds": {field: _KIND_NAMES[id(kind)] for field, kind in NUMBER_KINDS.items()},
        "shapes": list(SHAPES),
        "schedules": {name: _schedule(name) for name in schedule_names()},
        "longest_schedule": LONGEST_SCHEDULE,
        "longest_text": reading.LONGEST_TEXT,
        "longest_list": reading.LONGEST_LIST,
    }


def field_words() -> dict[str, dict[str, dict[str, str]]]:
    """Return the English label of every field, and what it means, by noun and key."""
    return {
        noun.__name__: {
            info.alias or name: {"title": info.title or name, "description": info.description or ""}
            for name, info in noun.model_fields.items()
        }
        for noun in _nouns()
    }


def _schedule(name: str) -> dict[str, Any]:
    told = schedule(name)
    return {
        "words": told.label,
        "source": f"{told.publisher}, {told.source}",
        "bands": [list(band) for band in told.bands],
    }


def _nouns() -> list[type[Noun]]:
    """Return the map and every noun that it holds, each once."""
    found: list[type[Noun]] = [ImpactMap]
    for noun in found:
        for info in noun.model_fields.values():
            found += [inner for inner in dict.fromkeys(_nouns_in(info.annotation)) if inner not in found]
    return found


def _nouns_in(annotation: Any) -> Iterator[type[Noun]]:
    if isinstance(annotation, type) and issubclass(annotation, Noun):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _nouns_in(argument)


def _readers_in(annotation: Any) -> Iterator[Reads]:
    for argument in (*typing.get_args(annotation), *getattr(annotation, "__metadata__", ())):
        if isinstance(argument, Reads):
            yield argument
        else:
            yield from _readers_in(argument)


def _fields(noun: type[Noun]) -> dict[str, dict[str, Any]]:
    fields: dict[str, dict[str, Any]] = {}
    for name, info in noun.model_fields.items():
        own = [each for each in info.metadata if isinstance(each, Reads)]
        field = _form(name, info.annotation, [*own, *_readers_in(info.annotation)])
        fields[info.alias or name] = field | ({"required": True} if info.is_required() else {})
    return fields


def _form(name: str, annotation: Any, readers: list[Reads]) -> dict[str, Any]:
    """Return how a field is written: a number of some kind, a choice, words, or a group of keys."""
    nouns = list(dict.fromkeys(_nouns_in(annotation)))
    if any(reader.read is read_own_rate for reader in readers):
        return {"form": "own_rate", "kind": "rate"}
    if name in ("discount_rate", "scenarios", "shape"):
        return {"form": name}
    if PartOfStakeholder in nouns:
        return {"form": "quantity", "kind": "number"}
    if nouns == [PrintedFigure]:
        return {"form": "printed"}
    if nouns and nouns != [Estimate]:
        several = any(typing.get_origin(part) is tuple for part in (annotation, *typing.get_args(annotation)))
        return {"form": "groups" if several else "group", "noun": nouns[0].__name__}
    if nouns == [Estimate] and not readers:
        return {"form": "groups", "noun": "Estimate"}
    first = readers[0]
    if first.schema is not None and "enum" in first.schema and first.read is not reading.read_yes_no:
        return {"form": "choice", "choices": [word for word in first.schema["enum"] if isinstance(word, str)]}
    if isinstance(first.read, partial):
        given = first.read.keywords
        if first.read.func is reading.read_whole:
            return {"form": "whole", "low": given["low"], "high": given["high"]}
        form = "estimate" if first.read.func is prepared else "plain_number"
        return {"form": form, "kind": _KIND_NAMES[id(given["kind"])]}
    if typing.get_origin(annotation) is tuple:
        return {"form": "words"}
    if first.read is reading.read_text and name in _NAMES:
        return {"form": "name", "of": _NAMES[name]}
    # What is left is a number within an estimate, of the estimate's own kind.
    return {"form": _READERS.get(first.read, "own_number")}

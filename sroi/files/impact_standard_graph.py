"""The things that a JSON-LD file speaks of: as much of JSON-LD as files of the Common Impact Data Standard use.

Compact, expanded and graph forms come out the same: things by their identifier, properties by the standard's own name.
Nothing is ever fetched: a remote @context is the standard's own, whose words are known here, or it is passed over and
listed. Numbers stay the text that they were written as. A file may be a stranger's: size, depth, count have limits.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from sroi.errors import FileRefused, Problem
from sroi.files import impact_standard_terms as terms
from sroi.reading import shown

LARGEST = 20_000_000
MOST_PARTS = 600_000
DEEPEST = 40
_MOST_PROBLEMS = 20
_MOST_NAMES, _LONGEST_NAME = 1000, 300
_LANGUAGE = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@dataclass
class Thing:
    """One thing of a file: its identifier, its classes and its properties by their local names.

    A property's values keep their order, none twice; those that link to another thing hold its identifier.
    """

    iri: str
    types: dict[str, None] = field(default_factory=dict)
    properties: dict[str, dict[str, None]] = field(default_factory=dict)


@dataclass
class Graph:
    """The things of a file, in its order, and what had to be passed over."""

    things: dict[str, Thing] = field(default_factory=dict)
    repairs: dict[str, None] = field(default_factory=dict)
    linked_from: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)

    def of_type(self, *types: str) -> list[Thing]:
        """Return the things of any of these classes."""
        return [thing for thing in self.things.values() if any(each in thing.types for each in types)]

    def texts(self, thing: Thing, name: str) -> list[str]:
        """Return what a property says in words; an identifier is none."""
        return [text.strip() for text in thing.properties.get(name, {}) if text.strip() and text not in self.things]

    def text(self, thing: Thing, *names: str) -> str:
        """Return the first words that any of these properties has, or nothing."""
        return next((text for name in names for text in self.texts(thing, name)), "")

    def linked(self, thing: Thing, *names: str) -> list[Thing]:
        """Return the things that a thing's properties name, those of them that the file holds."""
        iris = dict.fromkeys(iri for name in names for iri in thing.properties.get(name, {}))
        return [self.things[iri] for iri in iris if iri in self.things]

    def linking(self, name: str, thing: Thing) -> list[Thing]:
        """Return the things whose property `name` names this one."""
        return [self.things[iri] for iri in self.linked_from.get((name, thing.iri), {})]


def read_graph(content: bytes, name: str) -> Graph:
    """Return the things in the bytes of a JSON-LD file; `name` is what messages call it. FileRefused if it is none."""
    document = _parsed(content, name)
    unfolding = _Unfolding(name)
    unfolding.document(document, _Context(unfolding.graph), 0)
    for thing in unfolding.graph.things.values():
        for key, values in thing.properties.items():
            for value in values if key in terms.LINKING else ():
                unfolding.graph.linked_from.setdefault((key, value), {})[thing.iri] = None
    return unfolding.graph


def _parsed(content: bytes, name: str) -> Any:
    """Return the JSON of a file with its numbers as text; keys that stand twice are faults."""
    twice: dict[str, None] = {}

    def group(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            where = made.get("@id")
            for key in [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]:
                twice[f"{shown(key)} stands twice" + (f" in {shown(where)}" if where is not None else "")] = None
        return made

    if not content.strip():
        raise FileRefused(Problem("this file is empty", "Give a JSON-LD file."), name)
    try:
        text = content.decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=group, parse_int=str, parse_float=str, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        found = f"a character (byte {content[error.start]:#04x}) that is not UTF-8"
        raise FileRefused(
            Problem(found, "Save the file as UTF-8.", line=content[: error.start].count(b"\n") + 1), name
        ) from None
    except RecursionError:
        raise FileRefused(Problem(f"groups within groups, more than {DEEPEST} deep", _TOO_DEEP), name) from None
    except json.JSONDecodeError as error:
        found = f"this is not JSON ({error.msg})"
        raise FileRefused(
            Problem(found, "Check the brackets, commas and quotes here.", line=error.lineno), name
        ) from None
    except ValueError as error:
        raise FileRefused(Problem(f"this is not JSON ({error})", "Give every number in digits."), name) from None
    if twice:
        raise FileRefused([Problem(found, "Keep one of them.") for found in list(twice)[:_MOST_PROBLEMS]], name)
    return document


_TOO_DEEP = "Check the brackets: the standard's files nest a few deep."


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


class _Context:
    """The names that hold at one place of a file: prefixes, terms and aliases of keywords."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.names: dict[str, str] = dict(terms.PREFIXES)
        self.vocabulary, self.base = "", ""

    def with_(self, raw: Any) -> _Context:
        """Return the names that hold where a thing brings its own @context."""
        if isinstance(raw, str):
            self._pass_over(raw)
            return self
        new = _Context(self.graph)
        new.names, new.vocabulary, new.base = dict(self.names), self.vocabulary, self.base
        for part in raw if isinstance(raw, list) else [raw]:
            if isinstance(part, str):
                self._pass_over(part)
            elif isinstance(part, dict):
                new._define(part)
        return new

    def _pass_over(self, address: str) -> None:
        if not any(known in address for known in terms.OWN_CONTEXTS):
            found = f"The context {shown(address)} was not fetched: names were read as the standard's own"
            self.graph.repairs[found] = None

    def _define(self, raw: dict[str, Any]) -> None:
        written = {key: value.get("@id", key) if isinstance(value, dict) else value for key, value in raw.items()}
        for key, value in raw.items():
            if isinstance(value, dict) and "@reverse" in value:
                written[key] = ""
                self.graph.repairs[f"The name {shown(key)} stands for a link read backwards: it was not read"] = None
        for keyword, place in (("@vocab", "vocabulary"), ("@base", "base")):
            if isinstance(written.get(keyword), str):
                setattr(self, place, self._whole(written[keyword])[:_LONGEST_NAME])
        own = {key: value for key, value in written.items() if not key.startswith("@")}
        # A definition may use another of the same group, in any order; a few rounds settle all but a circle.
        for _ in range(3):
            for key, value in own.items():
                whole = self._whole(value, key) if isinstance(value, str) else ""
                self.names[key] = whole if len(whole) <= _LONGEST_NAME else ""

    def _whole(self, word: str, defining: str = "") -> str:
        prefix, colon, rest = word.partition(":")
        if colon and not rest.startswith("//") and prefix in self.names and prefix != defining:
            return self.names[prefix] + rest
        if not colon and word in self.names and word != defining:
            return self.names[word]
        return word

    def keyword(self, key: str) -> str:
        """Return a key, or the keyword that it is another name for."""
        name = self.names.get(key, "")
        return name if name.startswith("@") else key

    def local(self, key: str) -> str:
        """Return a property's or class's name in the standard, or nothing if it is none of the standard's."""
        if key in self.names:
            whole = self.names[key]
        elif ":" in key:
            whole = self._whole(key)
        elif self.vocabulary:
            whole = self.vocabulary + key
        else:
            return terms.SAME_AS.get(key, key)
        if ":" not in whole:
            return terms.SAME_AS.get(whole, whole)
        space = next((space for space in terms.KNOWN_SPACES if whole.startswith(space)), None)
        return terms.SAME_AS.get(whole[len(space) :], whole[len(space) :]) if space is not None else ""

    def iri(self, written: str) -> str:
        """Return a thing's identifier in full."""
        written = written.strip()
        if ":" in written:
            prefix, _, rest = written.partition(":")
            known = prefix != "_" and not rest.startswith("//") and ":" in self.names.get(prefix, "")
            return self.names[prefix] + rest if known else written
        return self.base + written if self.base and written else written


class _Unfolding:
    """Takes a document apart into its things."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.graph = Graph()
        self.parts = 0

    def document(self, raw: Any, context: _Context, depth: int) -> None:
        """Take in a document, or a list of them."""
        if isinstance(raw, list):
            for part in raw:
                self._count(depth)
                self.document(part, context, depth + 1)
        elif isinstance(raw, dict):
            self._thing(raw, context, depth + 1)
        elif depth == 0:
            raise FileRefused(Problem(f"{shown(raw)} stands where JSON-LD belongs", "Give a JSON-LD file."), self.name)

    def _count(self, depth: int) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            found = f"this file holds more than {MOST_PARTS:,} parts"
            raise FileRefused(Problem(found, "Take out what does not belong to one value map."), self.name)
        if depth > DEEPEST:
            raise FileRefused(Problem(f"groups within groups, more than {DEEPEST} deep", _TOO_DEEP), self.name)

    def _thing(self, raw: dict[str, Any], context: _Context, depth: int) -> str:
        """Take in one thing with all that is nested in it; return its identifier."""
        self._count(depth)
        if "@context" in raw:
            context = context.with_(raw["@context"])
            if len(context.names) > _MOST_NAMES:
                found = f"a @context of more than {_MOST_NAMES:,} names"
                raise FileRefused(Problem(found, "Keep those that the file uses."), self.name)
            self.parts += len(context.names) // 20 if not isinstance(raw["@context"], str) else 0
        keyed = [(context.keyword(key), value) for key, value in raw.items() if key != "@context"]
        given = next((value for key, value in keyed if key == "@id" and isinstance(value, str) and value.strip()), "")
        bare = not given and all(key in ("@graph", "@included") for key, _ in keyed)
        iri = context.iri(given) if given else f"_:unnamed {self.parts}"
        thing = Thing(iri) if bare else self.graph.things.setdefault(iri, Thing(iri))
        for key, value in keyed:
            if key == "@type":
                names = value if isinstance(value, list) else [value]
                known = (context.local(name) for name in names if isinstance(name, str))
                thing.types |= {name: None for name in known if name}
            elif key in ("@graph", "@included"):
                self.document(value, context, depth)
            elif not key.startswith("@"):
                name = context.local(key)
                if name:
                    values = dict.fromkeys(self._values(value, name, context, depth))
                    thing.properties.setdefault(name, {}).update(values)
                else:
                    for _ in self._values(value, "", context, depth):
                        pass  # what is no word of the standard may still hold things that are
        return iri

    def _values(self, raw: Any, name: str, context: _Context, depth: int) -> Iterator[str]:
        """Yield what a property says: texts as written, links as identifiers."""
        self._count(depth)
        if isinstance(raw, list):
            for part in raw:
                yield from self._values(part, name, context, depth + 1)
        elif isinstance(raw, dict):
            wrapped = next((key for key in ("@value", "@list", "@set") if key in raw), None)
            if wrapped is not None:
                yield from self._values(raw[wrapped], name, context, depth + 1)
            elif name and name not in terms.LINKING and _is_by_language(raw):
                yield raw.get("en") or next(iter(raw.values()))
            elif raw:
                yield self._thing(raw, context, depth + 1)
        elif isinstance(raw, bool):
            yield "true" if raw else "false"
        elif isinstance(raw, str):
            yield context.iri(raw) if name in terms.LINKING else raw


def _is_by_language(raw: dict[str, Any]) -> bool:
    """Say whether a group is a text in several languages, each under its code, such as {"en": .., "fr": ..}."""
    return bool(raw) and all(
        isinstance(text, str) and key != "id" and _LANGUAGE.fullmatch(key) for key, text in raw.items()
    )

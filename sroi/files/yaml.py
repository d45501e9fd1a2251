"""Value maps as YAML. Reading gives a tree of *text* with the line of each part; the nouns say what a text means.

So `no` is a word where words belong and a refusal where yes or no belongs, and "1.90" keeps its last digit. Reading
uses libyaml's events (PyYAML): ruamel.yaml's own reader would take longer than all the rest of `sroi evaluate`, and its
fast one is not built for Windows. Writing uses ruamel.yaml, imported when something is written.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from sroi.errors import FileRefused, ImpossibleMap, Problem
from sroi.errors import Path as Place
from sroi.files.safety import read_bytes
from sroi.impact_map import ImpactMap, Origin, keys_within, where_in_words

# A hostile file can make few bytes into many nodes (aliases of aliases) or nest without end.
MOST_NODES = 200_000
DEEPEST = 20

_NULLS = {"", "~", "null", "Null", "NULL"}
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> ImpactMap:
    """Return the impact map that a YAML value map holds; FileRefused or ImpossibleMap with all that is wrong."""
    return parse_yaml(read_bytes(path), str(path))


def parse_yaml(content: bytes, name: str) -> ImpactMap:
    """Return the impact map in the bytes of a YAML value map; `name` is what messages call it."""
    reader = _Reader(_decoded(content, name), name)
    tree = reader.tree()
    origin = Origin(name, content, reader.lines)
    if not isinstance(tree, dict):
        raise FileRefused(
            Problem("this file is not a value map", "It must begin with `sroi: 1`; see `sroi new`."), name
        )
    problems = [replace(each, where=where_in_words(each.path, tree)) for each in (*reader.problems, *reader.astray())]
    impact_map = None
    try:
        impact_map = ImpactMap.model_validate(tree)
    except ImpossibleMap as error:
        problems += [origin.placed(each) for each in error.problems]
    if problems or impact_map is None:
        raise ImpossibleMap(sorted(problems, key=lambda problem: problem.line or 0), name)
    impact_map._origin = origin
    return impact_map


def yaml_tree(content: bytes, name: str) -> tuple[Any, dict[Place, int], list[Problem]]:
    """Return what a YAML file holds as groups, lists and text, the line of each part, and what is wrong on the way."""
    reader = _Reader(_decoded(content, name), name)
    return reader.tree(), reader.lines, reader.problems


def _decoded(content: bytes, name: str) -> str:
    if not content.strip():
        raise FileRefused(Problem("this file is empty", "Begin one with `sroi new FILE`."), name)
    if content.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")) or b"\x00" in content[:4096]:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise FileRefused(Problem("this text is stored as UTF-16", "Save it as UTF-8."), name)
        raise FileRefused(Problem("this is not a text file", "Give a YAML file, which is plain text."), name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found = f"a character (byte {content[error.start]:#04x}) that is not UTF-8"
        raise FileRefused(Problem(found, "Save the file as UTF-8.", line=line), name) from None


class _Reader:
    """Makes a tree of dicts, lists and text from YAML, and notes lines and what is wrong on the way."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.text = text
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self.nodes = 0
        self.anchors: dict[str, Any] = {}
        self.open: set[str] = set()
        self.empty: list[Place] = []

    def tree(self) -> Any:
        try:
            events: Iterator[Any] = iter(yaml.parse(io.StringIO(self.text), Loader=_PARSER))
            next(events)
            start = next(events)
            if isinstance(start, yaml.StreamEndEvent):
                raise FileRefused(Problem("this file is empty", "Begin one with `sroi new FILE`."), self.name)
            tree = self._node(next(events), events, ())
            next(events)
            after = next(events)
            if not isinstance(after, yaml.StreamEndEvent):
                line = after.start_mark.line + 1
                raise FileRefused(
                    Problem("a second document begins", "Keep one document in a file.", line=line), self.name
                )
            return tree
        except yaml.MarkedYAMLError as error:
            raise FileRefused(self._not_yaml(error), self.name) from None
        except yaml.reader.ReaderError as error:
            line = self.text[: error.position].count("\n") + 1 if isinstance(error.position, int) else None
            found = "a control character, which YAML does not allow"
            raise FileRefused(Problem(found, "Take it out.", line=line), self.name) from None

    def _not_yaml(self, error: yaml.MarkedYAMLError) -> Problem:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else None
        here = self.text.split("\n")[line - 1] if line is not None and line <= self.text.count("\n") + 1 else ""
        said = " ".join(part for part in (error.problem, error.context) if part)
        if "\t" in here[: len(here) - len(here.lstrip())] or "'\\t'" in said:
            return Problem("a tab stands where YAML wants spaces", "Replace each tab by two spaces.", line=line)
        if "quoted scalar" in said and "end of stream" in said and error.context_mark is not None:
            return Problem(
                "a quote that begins here is never closed",
                "Close it, or take it out.",
                line=error.context_mark.line + 1,
            )
        remedy = (
            "Check the brackets, quotes and indentation of this line and the one before; "
            "quote text that holds ': ' or ' #'."
        )
        return Problem(f"this is not YAML ({said})", remedy, line=line)

    def _node(self, event: Any, events: Iterator[Any], path: Place) -> Any:
        line = event.start_mark.line + 1
        if path not in self.lines:
            self.lines[path] = line
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self._stop(
                f"this file unfolds into more than {MOST_NODES:,} parts",
                "Write it out, without aliases (*name).",
                line,
            )
        if len(path) > DEEPEST:
            self._stop(
                f"groups within groups, more than {DEEPEST} deep",
                "Nothing that is read here nests so deep: check the brackets.",
                line,
            )
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path, line)
        if event.tag is not None:
            tag = str(event.tag)[:60]
            self._note(f"a YAML tag ({tag})", "Take it out: such a file holds plain text and numbers.", path, line)
        if event.anchor is not None:
            self.open.add(event.anchor)
        if isinstance(event, yaml.ScalarEvent):
            value: Any = None if not event.style and event.value in _NULLS else event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(events, path)
        else:
            value = self._mapping(events, path)
        if event.anchor is not None:
            self.anchors[event.anchor] = value
        return value

    def _sequence(self, events: Iterator[Any], path: Place) -> list[Any]:
        entries: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            entries.append(self._node(event, events, (*path, len(entries))))
        return entries

    def _mapping(self, events: Iterator[Any], path: Place) -> dict[str, Any]:
        """Return a group of keys; a key without a value is as good as left out."""
        group: dict[str, Any] = {}
        seen: dict[str, int] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                self._stop(
                    "a group or list stands where a key belongs",
                    "Check the brackets; quote text that begins with { or [.",
                    line,
                )
            key = event.value
            place = (*path, key)
            if key in seen:
                found = f"the key '{key}' stands twice, first on line {seen[key]}"
                self._note(found, "Keep one of them.", path, line)
                place = (*place, "again")
            self.lines[place] = seen[key] = line
            value = self._node(next(events), events, place)
            if value is None:
                self.empty.append(place)
            elif place[-1] != "again":
                group[key] = value
        return group

    def astray(self) -> Iterator[Problem]:
        """Yield the keys without a value that no group of their place knows: they are no settings left open.

        In {value: 24,000} YAML sees the value 24 and a key 000.
        """
        for place in self.empty:
            known = keys_within(place[:-1])
            if not known or place[-1] in known:
                continue
            found, remedy = (
                f"'{place[-1]}' stands alone, where a key and its value belong",
                "Give it a value, or take it out.",
            )
            if re.fullmatch(r"\d{3}(\.\d+)?%?", str(place[-1])):
                found = f"'{place[-1]}' is cut off from the number before it by a comma"
                remedy = "Write thousands without a comma: 24000."
            yield Problem(found, remedy, line=self.lines[place], path=place[:-1])

    def _alias(self, event: Any, path: Place, line: int) -> Any:
        if event.anchor not in self.anchors:
            inside = event.anchor in self.open
            found = "an alias (*) stands inside what it names" if inside else "an alias (*) that no anchor (&) defines"
            self._stop(found, "Write the value out in full.", line)
        value = self.anchors[event.anchor]
        self._count(value, line)
        return value

    def _count(self, value: Any, line: int) -> None:
        """Count the parts that an alias repeats, so that aliases of aliases cannot grow without end."""
        pending = [value]
        while pending:
            part = pending.pop()
            self.nodes += 1
            if self.nodes > MOST_NODES:
                self._stop(f"aliases unfold into more than {MOST_NODES:,} parts", "Write the values out in full.", line)
            pending += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()

    def _note(self, found: str, remedy: str, path: Place, line: int) -> None:
        self.problems.append(
            Problem(found, remedy, ", ".join(str(part) for part in path if isinstance(part, str)), line, path)
        )

    def _stop(self, found: str, remedy: str, line: int) -> None:
        raise FileRefused(Problem(found, remedy, line=line), self.name)


# ---- writing ----


def to_yaml(impact_map: ImpactMap) -> str:
    """Return a map as the text of a YAML value map; reading it gives an equal map."""
    from sroi.files.tree import to_tree

    return tree_to_yaml(to_tree(impact_map))


def tree_to_yaml(tree: Any) -> str:
    """Return groups, lists, words and numbers as YAML, small groups on one line."""
    from ruamel.yaml import YAML

    out = io.StringIO()
    writer = YAML()
    writer.default_flow_style = False
    writer.width = 10**6  # folding a quoted text at a tab would change it
    writer.allow_unicode = True
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.dump(_folded(tree), out)
    return out.getvalue()


def _folded(tree: Any, depth: int = 0) -> Any:
    """Return a tree whose small groups stand on one line, as a person would write them."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(tree, dict):
        group = CommentedMap({key: _folded(part, depth + 1) for key, part in tree.items()})
        if depth >= 2 and _is_short(tree):
            group.fa.set_flow_style()
        return group
    if isinstance(tree, list):
        entries = CommentedSeq([_folded(part, depth + 1) for part in tree])
        if all(not isinstance(part, dict | list) for part in tree):
            entries.fa.set_flow_style()
        return entries
    # The writer leaves these bare, and libyaml takes them for signs.
    if isinstance(tree, str) and re.search(r"^[?:]|\x85", tree):
        return DoubleQuotedScalarString(tree)
    return tree


def _is_short(group: dict[str, Any]) -> bool:
    flat = all(not isinstance(part, dict | list) for part in group.values())
    return flat and "id" not in group and sum(len(str(key)) + len(str(part)) for key, part in group.items()) < 90

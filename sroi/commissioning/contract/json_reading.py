"""A stranger's JSON, read with limits: size, depth, each key once, finite numbers, each part of its kind."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sroi.errors import FileRefused, Problem
from sroi.files.safety import read_bytes
from sroi.reading import LONGEST_TEXT, shown

LARGEST = 30_000_000  # bytes: a package of a hundred releases holds one or two million
DEEPEST = 60
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T.*)?")


def read_json(path: Path) -> Any:
    """Return what a JSON file holds; FileRefused if it is too large or deep, repeats a key, or is no JSON."""
    name = str(path)
    content = read_bytes(path, LARGEST, "release package")
    if not content.strip():
        raise FileRefused(Problem("this file is empty", "Give a release or record package in JSON."), name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"a character (byte {content[error.start]:#04x}) that is not UTF-8"
        line = content[: error.start].count(b"\n") + 1
        raise FileRefused(Problem(found, "Save the file as UTF-8; JSON always is.", line=line), name) from None
    try:
        tree = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_int=_whole)
    except RecursionError:
        raise FileRefused(Problem("this JSON nests without end", f"It may nest {DEEPEST} deep."), name) from None
    except json.JSONDecodeError as error:
        problem = Problem(
            f"this is not JSON ({error.msg}, column {error.colno})", "Download it anew, as JSON.", line=error.lineno
        )
        raise FileRefused(problem, name) from None
    except _Refused as error:
        raise FileRefused(Problem(str(error), "Download the file anew, or ask its publisher."), name) from None
    if _depth(tree) > DEEPEST:
        raise FileRefused(Problem(f"this JSON nests more than {DEEPEST} deep", "Check what it is."), name)
    return tree


class _Refused(ValueError):
    """What JSON allows and no record may hold."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    group = dict(pairs)
    if len(group) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _Refused(f"the key {shown(twice)} stands twice in one group, so that it is not plain which holds")
    return group


def _no_number(word: str) -> float:
    raise _Refused(f"{word} stands where a number belongs")


def _whole(digits: str) -> int:
    if len(digits) > 30:
        raise _Refused(f"a number of {len(digits):,} digits")
    return int(digits)


def _depth(tree: Any) -> int:
    level, deep = [tree], 0
    while level:
        deep += 1
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if deep > DEEPEST:
            break
    return deep


class Walker:
    """Takes parts out of a tree, each of the kind that it has to be, and gathers what is not.

    What is missing is None, an empty group or nothing; what is of the wrong kind is a problem, at its path.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def group(self, tree: Any, *keys: str, at: str = "") -> dict[str, Any]:
        """Return the group under these keys, empty if there is none."""
        here = self._down(tree, keys, at)
        return here if isinstance(here, dict) else self._wrong(here, "a group", at, keys, {})

    def items(self, tree: Any, *keys: str, at: str = "") -> list[Any]:
        """Return the list under these keys, empty if there is none."""
        here = self._down(tree, keys, at)
        return here if isinstance(here, list) else self._wrong(here, "a list", at, keys, [])

    def groups(self, tree: Any, *keys: str, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the groups of a list under these keys, each with its path."""
        for place, each in enumerate(self.items(tree, *keys, at=at)):
            path = f"{_path(at, keys)}[{place}]"
            if isinstance(each, dict):
                yield path, each
            else:
                self._wrong(each, "a group", path, (), None)

    def text(self, tree: Any, *keys: str, at: str = "") -> str:
        """Return the text under these keys, without control characters; a number is taken as it is written."""
        here = self._down(tree, keys, at)
        if isinstance(here, bool) or not isinstance(here, str | int | float):
            return str(self._wrong(here, "a text", at, keys, ""))
        words = " ".join(_UNPRINTABLE.sub(" ", str(here)).split())
        if len(words) > LONGEST_TEXT:
            self.problems.append(
                Problem(f"{_path(at, keys)} holds {len(words):,} characters", f"At most {LONGEST_TEXT:,}.")
            )
        return words[:LONGEST_TEXT]

    def number(self, tree: Any, *keys: str, at: str = "") -> float | None:
        """Return the number under these keys, None if there is none."""
        here = self._down(tree, keys, at)
        if isinstance(here, bool) or not isinstance(here, int | float):
            return self._wrong(here, "a number", at, keys, None)  # type: ignore[no-any-return]
        if not math.isfinite(here) or abs(here) > 1e15:
            self.problems.append(Problem(f"{_path(at, keys)} is {shown(here)}", "No sum or measure is so large."))
            return None
        return float(here)

    def flag(self, tree: Any, *keys: str, at: str = "") -> bool | None:
        """Return the yes or no under these keys, None if there is none."""
        here = self._down(tree, keys, at)
        return here if isinstance(here, bool) else self._wrong(here, "true or false", at, keys, None)

    def day(self, tree: Any, *keys: str, at: str = "") -> date | None:
        """Return the day under these keys, as it is written there, without its time; None if there is none."""
        here = self._down(tree, keys, at)
        if here is None:
            return None
        match = _DAY.fullmatch(here.strip()) if isinstance(here, str) else None
        try:
            if match is not None:
                return date.fromisoformat(match[1])
        except ValueError:
            pass
        return self._wrong(here, "a day such as 2026-03-31", at, keys, None)  # type: ignore[no-any-return]

    def _down(self, tree: Any, keys: tuple[str, ...], at: str) -> Any:
        for place, key in enumerate(keys):
            if not isinstance(tree, dict):
                return self._wrong(tree, "a group", at, keys[:place], None)
            tree = tree.get(key)
        return tree

    def _wrong(self, here: Any, wanted: str, at: str, keys: tuple[str, ...], instead: Any) -> Any:
        if here is not None:
            problem = Problem(
                f"{_path(at, keys)} is {shown(here)}, and {wanted} belongs there", "Mend it, or take it out."
            )
            if problem not in self.problems:
                self.problems.append(problem)
        return instead


def _path(at: str, keys: tuple[str, ...]) -> str:
    return ".".join(part for part in (at, *keys) if part) or "the file"

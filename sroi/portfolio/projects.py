"""The projects of a portfolio report: those of a finished batch, or of a folder of value maps."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sroi.errors import FileRefused, Problem, SroiError
from sroi.evaluation import evaluate
from sroi.files.safety import read_bytes
from sroi.files.value_maps import read_value_map
from sroi.impact_map import ImpactMap
from sroi.portfolio.folders import value_map_files
from sroi.provenance import document
from sroi.reading import NOT_STATED

_LARGEST_RECORD = 50_000_000  # bytes of one run's record
_NEEDED = ("title", "currency", "total_inputs", "total_present_value", "sroi_ratio", "by_outcome", "by_stakeholder")


@dataclass(frozen=True, eq=False)
class Project:
    """One project: its name in the portfolio, its result's document, and its map where that can be had.

    `source` says where it comes from (row 3, a file's name); `no_map` why the map is not there: then its interval, its
    restatement and its reasons cannot be told.
    """

    name: str
    source: str
    document: Mapping[str, Any]
    impact_map: ImpactMap | None = None
    no_map: str = ""

    @property
    def currency(self) -> str:
        """Its currency."""
        return str(self.document["currency"])

    @property
    def price_year(self) -> int | str:
        """Its price year."""
        year: int | str = self.document.get("price_year", NOT_STATED)
        return year

    @property
    def analysis(self) -> str:
        """The kind of analysis: forecast or evaluative."""
        return str(self.document.get("analysis", "forecast"))

    @property
    def total_inputs(self) -> float:
        """What was put in, at present value, in its own money."""
        return _number(self.document["total_inputs"])

    @property
    def total_present_value(self) -> float:
        """What it is worth, in its own money."""
        return _number(self.document["total_present_value"])

    @property
    def sroi_ratio(self) -> float:
        """Its ratio; NaN where it has none."""
        return _number(self.document["sroi_ratio"])

    @cached_property
    def outcomes(self) -> tuple[tuple[str, str, str, float], ...]:
        """The outcomes that count: what people call it, who it is for, where, and its present value."""
        labels, people, places = {}, {}, {}
        if self.impact_map is not None:
            labels = {each.id: each.label for each in self.impact_map.outcomes}
            places = {each.id: each.place or "" for each in self.impact_map.outcomes}
            people = {each.id: each.label for each in self.impact_map.stakeholders}
        return tuple(
            (labels.get(each["id"], str(each["id"])), people.get(each["stakeholder"], str(each["stakeholder"])),
             places.get(each["id"], ""), _number(each["present_value"]))
            for each in self.document["by_outcome"]
        )  # fmt: skip


@dataclass(frozen=True)
class Failed:
    """A run that left no result, or a file that could not be read: where it stands and why."""

    name: str
    source: str
    error: str


@dataclass(frozen=True, eq=False)
class Gathered:
    """What a portfolio report is made of, in the order of names."""

    projects: tuple[Project, ...]
    failed: tuple[Failed, ...]
    source: str


def gather(place: str | Path) -> Gathered:
    """Return the projects of a batch's folder (the one with `runs/` in it), or of a folder of value maps.

    Raises FileRefused for what is neither.
    """
    folder = Path(place)
    found = list(_of_batch(folder) if (folder / "runs").is_dir() else _of_folder(folder))
    projects = [each for each in found if isinstance(each, Project)]
    failed = [each for each in found if isinstance(each, Failed)]
    if not found:
        raise FileRefused(
            Problem("no run has left a record there", "Name the folder of a finished batch."), str(folder)
        )
    return Gathered(tuple(by_name(_named_apart(projects))), tuple(sorted(failed, key=_order)), folder.name)


def by_name(projects: list[Project]) -> list[Project]:
    """Return projects in the order of their names: large and small letters alike, Garden 9 before Garden 10."""
    return sorted(projects, key=lambda each: (_natural(each.name), each.name))


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Return the key by which people order names: words by letters, numbers within them by size."""
    parts = re.split(r"([0-9]{1,15})", name.casefold())
    return [(0, int(part), "") if place % 2 else (1, 0, part) for place, part in enumerate(parts)]


def _order(failed: Failed) -> tuple[int, str]:
    digits = "".join(letter for letter in failed.source if letter.isdigit())
    return (int(digits[:9]) if digits else 0, failed.name)


def _named_apart(projects: list[Project]) -> list[Project]:
    """Give projects of one title names that can be told apart: with where each comes from."""
    often = Counter(each.name for each in projects)
    return [replace(each, name=f"{each.name} ({each.source})") if often[each.name] > 1 else each for each in projects]


# ---- a batch ----


def _of_batch(folder: Path) -> Iterator[Project | Failed]:
    try:
        records = sorted(path for path in (folder / "runs").glob("*.json") if not path.name.startswith("."))
    except OSError as error:
        found = f"the records cannot be read ({error.strerror or error})"
        raise FileRefused(Problem(found, "Ask for the right to read them."), str(folder)) from None
    for path in records:
        try:
            record = json.loads(read_bytes(path, _LARGEST_RECORD, "run's record"), parse_constant=_no_constant)
        except SroiError as error:
            yield Failed(path.stem, path.name, str(error.problems[0].found))
            continue
        except (ValueError, RecursionError):
            yield Failed(path.stem, path.name, "its record is not whole: run it again")
            continue
        yield _of_record(record, path, folder)


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no figure")


def _of_record(record: Any, path: Path, folder: Path) -> Project | Failed:
    if not isinstance(record, dict):
        return Failed(path.stem, path.name, "its record is not whole: run it again")
    given = record.get("parameters")
    parameters = given if isinstance(given, dict) else {}
    source = f"row {record['row']}" if isinstance(record.get("row"), int) else path.stem[:12]
    written = parameters.get("value_map")
    name = Path(written).stem if isinstance(written, str) else path.stem[:12]
    result = record.get("result")
    if record.get("status") != "done":
        return Failed(name, source, _one_line(record.get("error")) or "it did not end")
    if not isinstance(result, dict):
        return Failed(name, source, "it ended, but its notebook left no result")
    why = _what_is_wrong(result)
    if why:
        return Failed(name, source, f"its result cannot be used: {why}")
    impact_map, no_map = _map_of(written, result, folder)
    title = str(result["title"]).strip() or name
    return Project(title, f"{source}, {name}", result, impact_map, no_map)


def _what_is_wrong(result: Mapping[str, Any]) -> str:
    missing = [name for name in _NEEDED if name not in result]
    if missing:
        return f"it has no {', '.join(missing)}"
    figures = [result[name] for name in ("total_inputs", "total_present_value")]
    lists = [result[name] for name in ("by_outcome", "by_stakeholder")]
    if any(isinstance(each, list) for each in figures):
        return "it holds several cases, not one"
    if not all(isinstance(each, int | float) and math.isfinite(each) for each in figures):
        return "its totals are no figures"
    sound = all(
        isinstance(each, list) and all(isinstance(part, dict) and "id" in part for part in each) for each in lists
    )
    if not sound or not all({"stakeholder", "present_value"} <= part.keys() for part in lists[0]):
        return "its tables are not as sroi writes them"
    return ""


def _map_of(written: Any, result: Mapping[str, Any], folder: Path) -> tuple[ImpactMap | None, str]:
    """Return the map that a run was made of, if it is still what it was; else why not."""
    if not isinstance(written, str):
        return None, "the run names no value map"
    if result.get("changed"):
        return None, "the run put other numbers in place of the map's own"
    own = Path(written)
    places = [own] if own.is_absolute() else [folder / own, folder.parent / own, own]
    path = next((each for each in places if each.is_file()), None)
    if path is None:
        return None, "its value map is not where it was"
    try:
        impact_map = read_value_map(path)
    except SroiError:
        return None, "its value map cannot be read any more"
    known = result.get("provenance")
    sha256 = known.get("value_map_sha256") if isinstance(known, dict) else None
    if sha256 is not None and (impact_map.origin is None or impact_map.origin.sha256 != sha256):
        return None, "its value map was changed since"
    return impact_map, ""


def _one_line(said: Any) -> str:
    text = " ".join(str(said).split()) if said else ""
    return f"{text[:397]}.." if len(text) > 400 else text


# ---- a folder of value maps ----


def _of_folder(folder: Path) -> Iterator[Project | Failed]:
    for name, path in value_map_files(folder).items():
        try:
            impact_map = read_value_map(path)
            told = document(impact_map, evaluate(impact_map))
        except SroiError as error:
            more = len(error.problems) - 1
            rest = f" (and {more} more: see sroi check)" if more else ""
            yield Failed(name, path.name, f"{_one_line(error.problems[0])}{rest}")
            continue
        yield Project(impact_map.title.strip(), name, told, impact_map)


def _number(given: Any) -> float:
    return float(given) if isinstance(given, int | float) and not isinstance(given, bool) else math.nan

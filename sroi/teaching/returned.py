"""What teams hand back, read as far as it can be: a corrected map or spreadsheet, a list of faults, or words."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sroi.errors import FileRefused, ImpossibleMap, Problem, SroiError
from sroi.files.archives import LARGEST_WORKBOOK
from sroi.files.foreign import read_foreign
from sroi.files.options import ReadingOptions
from sroi.files.safety import read_bytes
from sroi.files.sheets import Book, book_of
from sroi.files.tree import to_tree
from sroi.files.value_maps import JSON, WORKBOOKS, YAML
from sroi.files.workbook_reader import is_own, own_tree
from sroi.files.yaml import yaml_tree
from sroi.findings import Findings
from sroi.impact_map import ImpactMap
from sroi.teaching.fault_list import FaultList, list_in
from sroi.teaching.key import Key, TeamKey
from sroi.teaching.trees import ratio_of
from sroi.workbook_faults import workbook_faults

_READ = (*YAML, JSON, *WORKBOOKS)
_MOST_FILES = 500
# Faults of a file that are no SroiError: what a hostile one may still make Python say.
BROKEN = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    MemoryError,
    OverflowError,
)


@dataclass(frozen=True)
class Returned:
    """One file as a team handed it back.

    `tree` is the value map in it, as groups and words, None if it holds none; `sheet` the map that was read from a
    plain spreadsheet, `sheet_findings` what is wrong with that; `listed` a filled list of faults. `trouble` says why
    nothing could be read, "" otherwise. `sha256` is that of what is in the file.
    Of a spreadsheet, `formulas` is how many there are, `sheet_names` what its sheets are called, `shown_ratio` the
    ratio that it shows, None if it shows none.
    """

    file: str
    tree: Any = None
    sheet: ImpactMap | None = None
    sheet_findings: Findings | None = None
    listed: FaultList | None = None
    trouble: str = ""
    sha256: str = ""
    formulas: int = 0
    sheet_names: tuple[str, ...] = ()
    shown_ratio: float | None = None

    @property
    def title(self) -> str:
        """The title of the map in it, "" if it has none."""
        told = self.tree.get("title", "") if isinstance(self.tree, dict) else self.sheet.title if self.sheet else ""
        return " ".join(str(told).split())


def files_in(returned: Sequence[str | Path]) -> list[Path]:
    """Return the files that are named, and those in the folders that are named, in order of their names.

    Raises FileRefused if there are none, or more than a class can hand back.
    """
    found: list[Path] = []
    missing = [each for each in map(Path, returned) if not os.path.lexists(each)]
    if missing:
        names = ", ".join(map(str, missing))[:200]
        raise FileRefused(Problem("there is no file or folder of this name", "Look for a slip in its name."), names)
    for each in map(Path, returned):
        found += sorted(_in_folder(each)) if each.is_dir() else [each]
    if not found or len(found) > _MOST_FILES:
        what = f"{len(found)} files" if found else "no files that a team could have handed back"
        remedy = f"Name their files, or a folder of them: {', '.join(_READ)}; {_MOST_FILES} at most."
        raise FileRefused(Problem(f"there are {what}", remedy), ", ".join(map(str, returned))[:200])
    return found


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inner = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "~$")) for part in inner) or "key" in inner[:-1]
        if not hidden and path.suffix.lower() in _READ and path.is_file():
            yield path


def read_returned(path: Path) -> Returned:
    """Return what is in a file that a team handed back; a file that cannot be read says why, and raises nothing."""
    try:
        return _read(path)
    except SroiError as error:
        return Returned(str(path), trouble=_in_one_line(error))
    except BROKEN as error:
        return Returned(str(path), trouble=f"this file could not be read ({type(error).__name__})")


def _in_one_line(error: SroiError) -> str:
    more = f" (and {len(error.problems) - 3} more)" if len(error.problems) > 3 else ""
    return " ".join(str(each) for each in error.problems[:3]) + more


def _read(path: Path) -> Returned:
    ending = path.suffix.lower()
    if ending not in _READ:
        raise FileRefused(
            Problem(f"files ending in '{path.suffix}' are not read here", f"Hand back {', '.join(_READ)}.")
        )
    if ending not in WORKBOOKS:
        content = read_bytes(path)
        tree, _, problems = yaml_tree(content, str(path))
        if not isinstance(tree, dict):
            raise FileRefused(Problem("this file is not a value map", "Hand back the map that the team was given."))
        if problems:
            raise FileRefused(problems[:3])
        return Returned(str(path), tree, sha256=_sha256(content))
    content = read_bytes(path, LARGEST_WORKBOOK, "workbook")
    book = book_of(content, str(path))
    listed = list_in(book)
    if is_own(book):
        return Returned(str(path), own_tree(book), listed=listed, sha256=_sha256(content))
    return replace(_spreadsheet(path, book, listed), sha256=_sha256(content))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _spreadsheet(path: Path, book: Book, listed: FaultList | None) -> Returned:
    options = ReadingOptions(attribution="owed")
    try:
        reading = read_foreign(book, options, ratio_of)
        impact_map = ImpactMap.model_validate(reading.tree)
    except SroiError as error:
        if listed is None:
            raise
        # Beside a list there may be nothing else; where there is a table, its team is told that it was not read.
        others = any(list_in(replace(book, sheets=(sheet,))) is None and sheet.cells for sheet in book.sheets)
        said = f"its table could not be read, only its fault list: {_in_one_line(error)}"
        return Returned(str(path), listed=listed, trouble=said if others else "")
    return Returned(
        str(path), sheet=impact_map, sheet_findings=workbook_faults(book, reading, impact_map), listed=listed,
        formulas=sum(cell.formula is not None for sheet in book.sheets for cell in sheet.cells.values()),
        sheet_names=tuple(sheet.name for sheet in book.sheets if list_in(replace(book, sheets=(sheet,))) is None),
        shown_ratio=next((each.value for each in reading.printed if each.name == "sroi_ratio"), None),
    )  # fmt: skip


# ---- whose it is ----


def team_of(returned: Returned, key: Key) -> tuple[TeamKey | None, str]:
    """Return the team whose file this is, and a note where its name and its content do not agree.

    The map's title says it first, then the list, then the file's name.
    """
    named = _by_file(returned.file, key)
    inside = next((team for team in key.teams if returned.title and returned.title == team.title), None)
    if inside is None and returned.title:
        inside = next((team for team in key.teams if _mentions(returned.title, team)), None)
    if inside is None and returned.listed is not None and returned.listed.team:
        inside = next((team for team in key.teams if _mentions(returned.listed.team, team)), None)
    if inside is not None and named is not None and inside != named:
        note = f"the file's name says {named.team}, and it holds what is of {inside.team}: taken as {inside.team}'s"
        return inside, note
    return inside or named, ""


def _by_file(file: str, key: Key) -> TeamKey | None:
    stem = Path(file).stem.lower()
    return next((team for team in key.teams if re.search(rf"(?<![a-z0-9]){re.escape(team.name)}(?![0-9])", stem)), None)


def _mentions(text: str, team: TeamKey) -> bool:
    return re.search(rf"\b{re.escape(team.team.lower())}\b", text.lower()) is not None


# ---- a map that may say what cannot be ----


def readable(tree: Any, sound: ImpactMap) -> tuple[ImpactMap | None, dict[str, str]]:
    """Return the map in a tree with the sound map's own parts in place of those that cannot be, and what those are.

    A team that overlooked one impossible number is to be marked on the rest. The second part holds the names of what
    was put in place of (`gp_visits.deadweight`), each with what is wrong with it; the map is None where too much is.
    """
    tree, right = deepcopy(tree), to_tree(sound)
    replaced: dict[str, str] = {}
    last = ""
    for _ in range(3):
        try:
            return ImpactMap.model_validate(tree), replaced
        except ImpossibleMap as error:
            last = str(error.problems[0])
            if not all(_mended(tree, right, problem, replaced) for problem in error.problems[:40]):
                break
    return None, {**replaced, "": last}


def _mended(tree: Any, right: Any, problem: Problem, replaced: dict[str, str]) -> bool:
    """Put the right part in place of an impossible one; say whether there was one."""
    path = problem.path
    if len(path) < 3 or not isinstance(path[1], int):
        return False
    try:
        owner = tree[path[0]][path[1]]
        twin = next(each for each in right[path[0]] if each["id"] == owner["id"])
        name = str(path[2])
        if name not in twin:
            owner.pop(name, None)
        else:
            owner[name] = deepcopy(twin[name])
    except (KeyError, IndexError, TypeError, StopIteration):
        return False
    replaced[f"{owner['id']}.{name}"] = problem.found
    return True

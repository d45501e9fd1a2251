"""The answer key, read back: each team's sound map, the map that it was given, and the faults planted in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sroi.errors import FileRefused, Problem, SroiError
from sroi.files.archives import LARGEST_WORKBOOK
from sroi.files.safety import read_bytes
from sroi.files.value_maps import read_value_map
from sroi.files.yaml import yaml_tree
from sroi.impact_map import ImpactMap
from sroi.nouns import Input, Outcome, Stakeholder
from sroi.teaching.fault_kinds import REFUSED, Planted
from sroi.teaching.faults import KINDS
from sroi.teaching.faults_of_sheets import SHEET_KINDS
from sroi.teaching.places import Cell, cells_of, part_of, true_cell
from sroi.teaching.places_in_sheets import concerned
from sroi.teaching.spreadsheet import Spreadsheet, spreadsheet_of
from sroi.teaching.trees import Tree, entry, map_of

KEY_FILE = "key.yaml"
_REMEDY = "Give the folder key/ that `sroi teach make` wrote."


@dataclass(frozen=True)
class Fault:
    """A fault as the key tells it: the planted fault, its heading, sort and explanation, its cell and line.

    `cells` are the cells that are wrong in the team's own file, `part` those among which people look for it, `called`
    what the team's file calls the lines that it stands in.
    """

    planted: Planted
    heading: str
    sort: str
    explanation: str
    words: str
    cell: str = ""
    line: str = ""
    cells: tuple[Cell, ...] = ()
    part: tuple[Cell, ...] = ()
    called: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where it is, for people: the cell or line, and the name."""
        return ", ".join(dict.fromkeys(part for part in (self.cell or self.line, self.planted.where) if part))


@dataclass(frozen=True)
class TeamKey:
    """What the key holds of one team: its right ratios, its sound map, the tree it was given, its faults.

    `answers` are the key's own files that are right, by the SHA-256 of what is in them; `sheet_formulas` is how many
    formulas its spreadsheet has.
    """

    team: str
    title: str
    files: tuple[str, ...]
    ratio: float
    sheet_ratio: float
    sound: ImpactMap
    given: Tree
    faults: tuple[Fault, ...]
    sheet_faults: tuple[Fault, ...]
    answers: Mapping[str, str] = field(default_factory=dict)
    sheet_formulas: int = 0

    @property
    def name(self) -> str:
        """The team's name as its files are called: team_1."""
        return re.sub(r"[^a-z0-9]+", "_", self.team.lower()).strip("_")


@dataclass(frozen=True)
class Key:
    """An answer key: the case, its seed and level, each team's part."""

    case: str
    seed: int
    level: int
    teams: tuple[TeamKey, ...]


def read_key(folder: Path) -> Key:
    """Return the key in the folder key/ that `make` wrote, or in the folder that holds it.

    Raises FileRefused where it is not one, or a part of it is missing, and says which.
    """
    found = find_key(folder)
    if found is None:
        raise FileRefused(Problem(f"there is no {KEY_FILE} in this folder", _REMEDY), str(folder))
    folder, path = found, found / KEY_FILE
    tree, _, problems = yaml_tree(read_bytes(path, what="key"), str(path))
    if problems:
        raise FileRefused(problems, str(path))
    try:
        if str(tree["sroi_teaching_key"]) != "1":
            raise FileRefused(
                Problem(f"a key of kind {tree['sroi_teaching_key']}", "This version reads kind 1."), str(path)
            )
        teams = tuple(_team(folder, part) for part in tree["teams"])
        return Key(str(tree["case"]), int(tree["seed"]), int(tree["level"]), teams)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        missing = f"'{error.args[0]}' is missing or not as it was written" if error.args else "a part is missing"
        raise FileRefused(Problem(f"this is not the key of a case: {missing}", _REMEDY), str(path)) from None


def find_key(folder: Path) -> Path | None:
    """Return the folder of the key: this one, or its own folder key/; None if it is in neither."""
    return next((each for each in (folder, folder / "key") if (each / KEY_FILE).is_file()), None)


def _team(folder: Path, part: Mapping[str, Any]) -> TeamKey:
    given = folder / Path(str(part["given"])).name
    tree, _, _ = yaml_tree(read_bytes(given), str(given))
    sound = read_value_map(folder / Path(str(part["sound"])).name)
    faults = [_fault(each) for each in part.get("faults", ())]
    in_sheet = [_fault(each) for each in part.get("spreadsheet", ())]
    given_map = _map_given(tree, faults)
    sheet = spreadsheet_of(sound) if in_sheet else None
    return TeamKey(
        str(part["team"]), str(part["title"]), tuple(str(name) for name in part["files"]),
        float(part["ratio"]), float(part["spreadsheet_ratio"]), sound, tree,
        tuple(_in_map(each, given_map) if given_map is not None else each for each in faults),
        tuple(_in_sheet(each, sheet) if sheet is not None else each for each in in_sheet),
        _answers(folder, Path(str(part["sound"])).name.removesuffix("_sound.yaml")),
        sum(str(cell.content).startswith("=") for cell in sheet.cells.values()) if sheet is not None else 0,
    )  # fmt: skip


def _answers(folder: Path, team: str) -> dict[str, str]:
    """Return the names of a team's right files in the key, by the SHA-256 of what is in them."""
    there = [folder / f"{team}_{name}" for name in ("sound.yaml", "sound.xlsx", "spreadsheet_sound.xlsx")]
    return {
        hashlib.sha256(read_bytes(path, LARGEST_WORKBOOK, "key")).hexdigest(): path.name
        for path in there
        if path.is_file()
    }


def _map_given(tree: Tree, faults: Sequence[Fault]) -> ImpactMap | None:
    """Return the map that a team was given, nothing in the stead of numbers that no map may hold; None if it is none.

    Only its lines and rows are asked for.
    """
    tree = deepcopy(tree)
    try:
        for fault in faults:
            if fault.planted.finding == REFUSED:
                owner, _, name = fault.planted.where.partition(".")
                entry(tree, "outcomes", owner)[name] = {**entry(tree, "outcomes", owner)[name], "value": "0%"}
        return map_of(tree)
    except (SroiError, KeyError, TypeError):
        return None


def _in_map(fault: Fault, given: ImpactMap) -> Fault:
    """Return a fault of a map with its cells in the team's workbook, and what that calls its lines."""
    found_at = [name.strip() for name in fault.planted.found_at.split(",")]
    names = tuple(dict.fromkeys((fault.planted.where, *fault.planted.touched, *found_at)))
    cells = tuple(dict.fromkeys(cell for name in names for cell in cells_of(given, name)))
    part = tuple(dict.fromkeys(cell for name in names for cell in part_of(given, name)))
    owners = {name.partition(".")[0] for name in names}
    # A step that was put in is one line of a chain: what it leads to is as good an answer.
    led_to = [other for each in given.outcomes if each.id in names for other in each.leads_to]
    owners |= set(led_to)
    part = (*cells, *part, *(cell for name in led_to for cell in part_of(given, name)))
    entries: tuple[Stakeholder | Input | Outcome, ...] = (*given.stakeholders, *given.inputs, *given.outcomes)
    called = tuple(each.label for each in entries if each.id in owners)
    own = true_cell(given, fault.planted.where, fault.planted.touched)
    cell = str(own) if own is not None and fault.cell else fault.cell
    return replace(fault, cell=cell, cells=cells, part=part, called=called)


def _in_sheet(fault: Fault, sheet: Spreadsheet) -> Fault:
    """Return a fault of the spreadsheet with the cells that it concerns there, and what its lines are called."""
    found = concerned(fault.planted.kind, fault.planted.where, sheet)
    return replace(fault, cells=found.cells, part=found.part, called=found.called)


def _fault(told: Mapping[str, Any]) -> Fault:
    text = {name: str(told.get(name) or "") for name in told if name != "touched"}
    name = text["kind"]
    kind = KINDS.get(name) or SHEET_KINDS.get(name)
    planted = Planted(
        name, text["where"], tuple(str(each) for each in told["touched"]), text["finding"], text["found_at"],
        text.get("says", ""), text.get("was", ""), text.get("now", ""),
    )  # fmt: skip
    return Fault(
        planted, text["heading"], text["sort"], text["explanation"], kind.words if kind is not None else r"(?!)",
        text.get("cell", ""), text.get("line", ""),
    )  # fmt: skip

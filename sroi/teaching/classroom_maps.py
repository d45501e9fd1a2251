"""Whose map is shown to a class: with the key as marking takes it, without one by what titles and names say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sroi.errors import FileRefused, ImpossibleMap, LicenceRefused, Problem, SroiError
from sroi.impact_map import ImpactMap
from sroi.questions.licences import refuse_private
from sroi.teaching.key import Key, TeamKey, find_key
from sroi.teaching.returned import BROKEN, Returned
from sroi.teaching.taken import Said, by_teams, map_taken, sheet_taken

_NO_MAP = "there is no value map in it"
_OTHER_EXERCISE = "the spreadsheet is another exercise than the maps that are shown"


@dataclass
class ClassMaps:
    """The maps that are shown, by team, with their files; `unread` what is not shown and why; `notes` what to know."""

    maps: dict[str, tuple[str, ImpactMap]] = field(default_factory=dict)
    unread: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    refused: LicenceRefused | None = None

    def show(self, team: str, file: str, impact_map: ImpactMap, allow_private: bool) -> None:
        """Put a team's map to those that are shown, unless a licence keeps its values back."""
        try:
            refuse_private(impact_map, "the page for the class", allow_private)
        except LicenceRefused as error:
            self.unread.append((file, str(error.problems[0])))
            self.refused = self.refused or error
        else:
            self.maps[team] = (file, impact_map)


def class_maps(read: Sequence[Returned], key: Key | None, allow_private: bool) -> ClassMaps:
    """Return the maps of a class; a file that cannot be shown is named with the reason and stops nobody else.

    Where teams handed back maps, those are shown; the spreadsheets are another exercise, shown where there are no maps.
    Raises FileRefused where no team has a map to show, or LicenceRefused where that is why.
    """
    found = ClassMaps()
    with_maps = any(each.tree is not None for each in read)
    if key is not None:
        _by_key(found, read, key, with_maps, allow_private)
    else:
        _by_name(found, read, with_maps, allow_private)
    if not found.maps and found.refused is not None:
        raise found.refused
    if not found.maps:
        what = "there is no value map among what was handed back"
        told = "; ".join(": ".join(each) for each in found.unread[:3])
        raise FileRefused(Problem(what, f"Name the teams' maps. {told}"))
    return found


def key_beside(returned: Sequence[str | Path], against: str | Path | None) -> Path | None:
    """Return the folder of the key that lies where a class is shown from; None if there is none.

    The map that all are held to may lie in it; a folder of files that are handed back may hold it, as `make` left it.
    """
    places = [Path(against).parent] if against is not None else []
    return next(filter(None, map(find_key, [*places, *map(Path, returned)])), None)


# ---- with a key ----


def _by_key(found: ClassMaps, read: Sequence[Returned], key: Key, with_maps: bool, allow_private: bool) -> None:
    handed = by_teams(read, key)
    for team in key.teams:
        files = handed.by_team.get(team.team, [])
        found.notes += handed.notes.get(team.team, [])
        found.unread += [(_name(each), each.trouble) for each in files if each.trouble]
        try:
            _of_a_team(found, team, files, with_maps, allow_private)
        except (*BROKEN, SroiError) as error:
            found.unread += [(_name(each), f"it could not be shown ({type(error).__name__})") for each in files]
    found.unread += [(Path(file).name, why) for file, why in handed.astray]


def _of_a_team(
    found: ClassMaps, team: TeamKey, files: Sequence[Returned], with_maps: bool, allow_private: bool
) -> None:
    if with_maps:
        taken = map_taken(team, files)
        found.unread += taken.left
        if taken.replaced:
            found.unread.append((taken.file, f"it says what cannot be: {next(iter(taken.replaced.values()))}"))
        elif taken.impact_map is not None:
            found.show(team.team, taken.file, taken.impact_map, allow_private)
        if taken.impact_map is None:
            found.unread += [(_name(each), _OTHER_EXERCISE) for each in files if each.sheet is not None]
        return
    sheet, others = sheet_taken(team, files)
    found.unread += others
    if sheet is not None and sheet.sheet is not None:
        found.show(team.team, _name(sheet), sheet.sheet, allow_private)


# ---- without one ----


def _by_name(found: ClassMaps, read: Sequence[Returned], with_maps: bool, allow_private: bool) -> None:
    """Show the first map of each team: what was given to it is not known, so nor is which of two changes more."""
    sheets: list[tuple[str, str]] = []
    for each in read:
        file, name = _name(each), team_name(each)
        if with_maps and each.tree is None:
            if each.sheet is not None:
                sheets.append((name, file))
            elif each.listed is None:
                found.unread.append((file, each.trouble or _NO_MAP))
            continue
        try:
            impact_map = ImpactMap.model_validate(each.tree) if each.tree is not None else each.sheet
        except ImpossibleMap as error:
            found.unread.append((file, str(error.problems[0])))
            continue
        if impact_map is None:
            found.unread.append((file, each.trouble or _NO_MAP))
        elif name not in found.maps:
            found.show(name, file, impact_map, allow_private)
        elif found.maps[name][1] != impact_map:
            why = f"another map of {name}; {found.maps[name][0]} is shown, the first. With --key it is the one that marking takes"  # fmt: skip  # noqa: E501
            found.unread.append((file, why))
    found.unread += [(file, _OTHER_EXERCISE) for name, file in sheets if name not in found.maps]


def team_name(read: Returned) -> str:
    """Return whose file it is: as its title or list says, else as the file is called."""
    told = [read.title, read.listed.team if read.listed is not None else ""]
    for text in told:
        found = re.search(r"\bteam \w{1,20}\b", text, re.IGNORECASE)
        if found:
            return found[0].capitalize()
    stem = Path(read.file).stem.removesuffix("_spreadsheet")
    return re.sub(r"[_\s]+", " ", stem).strip().capitalize()[:60] or "A team"


def _name(read: Returned) -> str:
    return Path(read.file).name

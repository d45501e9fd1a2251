"""The files of a case for teams: what each team is given, and the folder key/ with the answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from sroi import wording
from sroi.errors import FileRefused, ImpossibleMap, NameRefused, Problem, SroiError, did_you_mean
from sroi.evaluation import evaluate
from sroi.files.plain_workbook import PlainCell, PlainTable, plain_workbook_bytes, with_number
from sroi.files.safety import read_bytes
from sroi.files.sheets import book_of
from sroi.files.together import write_together
from sroi.files.workbook_reader import own_map
from sroi.files.workbook_writer import workbook_bytes
from sroi.files.yaml import parse_yaml, to_yaml, tree_to_yaml, yaml_tree
from sroi.impact_map import ImpactMap
from sroi.questions import review
from sroi.teaching.cases import CaseForTeams, TeamCase, explanation_of
from sroi.teaching.fault_kinds import REFUSED, Planted, held_words
from sroi.teaching.fault_list import SHEET, blank_list, blank_list_csv
from sroi.teaching.faults import Faulty
from sroi.teaching.levels import flattened
from sroi.teaching.places import true_cell
from sroi.teaching.spreadsheet import spreadsheet_bytes
from sroi.teaching.trees import Tree, entry, map_of
from sroi.version import __version__

FORMATS = ("xlsx", "yaml")
KEY, KEY_FILE = "key", "key.yaml"

Files = dict[str, bytes]

# The sheets of a team's workbook that are filled in, and so are read on paper.
_ON_PAPER = ("Map", "Stakeholders", "Involvement", "Inputs", "Outcomes", "Evidence", "More", SHEET)

# The names that a case's files have: what a team is given, and what is kept of it in key/.
_ENDINGS_GIVEN = (".xlsx", ".yaml", "_spreadsheet.xlsx", "_fault_list.csv")
_ENDINGS_KEPT = ("_sound.yaml", "_given.yaml", "_sound.xlsx", "_spreadsheet_sound.xlsx")
_GIVEN, _KEPT = (
    re.compile(rf"(team_[1-9][0-9]?)({'|'.join(map(re.escape, endings))})")
    for endings in (_ENDINGS_GIVEN, _ENDINGS_KEPT)
)


def write_case(
    made: CaseForTeams, folder: Path, formats: Sequence[str] = FORMATS, force: bool = False
) -> tuple[Path, ...]:
    """Write what each team is given into a folder, and the answers into its folder key/; return the files, key last.

    All of it or nothing: what is stopped leaves the folder as it was. With `force` the files of an older case go, those
    that its key tells of. Raises FileRefused, naming them, for files that are there already, unless `force` is given;
    NameRefused for a format that there is not.
    """
    wrong = [name for name in formats if name not in FORMATS]
    if wrong or not formats:
        found = f"there is no format '{wrong[0]}'" if wrong else "no format is named"
        raise NameRefused(Problem(found, did_you_mean(wrong[0], FORMATS) if wrong else "Name xlsx, yaml or both."))
    files = _all_files(made, formats)
    return write_together(files, folder, overwrite=force, gone=_of_the_old_case(folder, files) if force else ())


def _of_the_old_case(folder: Path, files: Iterable[str]) -> list[str]:
    """Return the files of the case that the folder's key tells of; they go, since its numbers are not the new ones'.

    Only what has a name that this module gives. FileRefused where a file has one, would stay, and no key tells of it.
    """
    own = [name for name in _written_there(folder) if name not in set(files)]
    told = _told_by_the_key(folder / KEY / KEY_FILE) if own else set()
    strange = [name for name in own if name not in told]
    if strange:
        shown = ", ".join(strange[:4]) + (f" and {len(strange) - 4} more" if len(strange) > 4 else "")
        found = f"{shown} would stay beside the new case, and {KEY}/{KEY_FILE} does not tell of them"
        raise FileRefused(Problem(found, "Move them away, or give another folder."), str(folder))
    return own


def _written_there(folder: Path) -> list[str]:
    """Return the files in a folder, and in a folder key/ of its own, whose names are ones that a case's files have."""
    found = [path.name for path in sorted(folder.glob("*")) if _GIVEN.fullmatch(path.name)]
    if not (folder / KEY).is_symlink():
        found += [f"{KEY}/{path.name}" for path in sorted((folder / KEY).glob("*")) if _KEPT.fullmatch(path.name)]
    return [name for name in found if not (folder / name).is_dir()]


def _told_by_the_key(path: Path) -> set[str]:
    """Return the files that the key of a case tells of: those of its teams, and its own beside it."""
    teams = {name for name in map(_team_of, _file_names(path)) if name}
    given = {f"{team}{ending}" for team in teams for ending in _ENDINGS_GIVEN}
    kept = {f"{KEY}/{team}{ending}" for team in teams for ending in _ENDINGS_KEPT}
    return {*given, *kept, f"{KEY}/answer_key.xlsx"} if teams else set()


def _file_names(path: Path) -> list[str]:
    """Return the names of the files that a key lists, none where it cannot be read."""
    try:
        tree, _, _ = yaml_tree(read_bytes(path), str(path))
    except SroiError:
        return []
    teams = tree.get("teams") if isinstance(tree, dict) else None
    listed = [team.get("files") for team in teams if isinstance(team, dict)] if isinstance(teams, list) else []
    return [str(name) for names in listed if isinstance(names, list) for name in names]


def _team_of(name: str) -> str:
    return found[1] if (found := _GIVEN.fullmatch(name)) else ""


def _all_files(made: CaseForTeams, formats: Sequence[str]) -> Files:
    files: Files = {}
    key: Files = {}
    told = []
    for team in made.teams:
        own, places = _given(team, formats)
        files |= own
        key[f"{team.name}_sound.yaml"] = to_yaml(team.sound).encode()
        key[f"{team.name}_given.yaml"] = tree_to_yaml(team.faulty.tree).encode()
        if "xlsx" in formats:
            key[f"{team.name}_sound.xlsx"] = workbook_bytes(team.sound)
            key[f"{team.name}_spreadsheet_sound.xlsx"] = spreadsheet_bytes(team.sound_sheet)
        told.append(_told(team, list(own), places, "xlsx" in formats))
    files["READ_ME.txt"] = _read_me(made, formats).encode()
    head = {"sroi_teaching_key": 1, "case": made.case, "seed": made.seed, "level": made.level, "sroi": __version__}
    key["answer_key.xlsx"] = _key_workbook(made, told)
    key[KEY_FILE] = tree_to_yaml({**head, "teams": told}).encode()
    return {**files, **{f"{KEY}/{name}": content for name, content in key.items()}}


# ---- what a team is given ----


def _given(team: TeamCase, formats: Sequence[str]) -> tuple[Files, dict[str, tuple[str, str]]]:
    """Return a team's files, and of each planted fault's name its cell in the workbook and its line in the YAML."""
    files: Files = {}
    text = _yaml_given(team.faulty.tree, team.team)
    # Where the reader refuses a number it looks no further: places are taken with nothing in that number's stead.
    readable = _without_impossible(team.faulty)
    lines = _places(parse_yaml(_yaml_given(readable, team.team), "given.yaml"), team.faulty.planted)
    cells: dict[str, str] = {}
    if "xlsx" in formats:
        plain = workbook_bytes(map_of(readable), {SHEET: blank_list(team.team)})
        read = own_map(book_of(plain, "given.xlsx"))
        files[f"{team.name}.xlsx"] = _workbook_given(team.faulty, plain, read)
        files[f"{team.name}_spreadsheet.xlsx"] = spreadsheet_bytes(
            team.sheet.spreadsheet, {SHEET: blank_list(team.team)}
        )
        found = _places(read, team.faulty.planted)
        own = {each.where: true_cell(read, each.where, each.touched) for each in team.faulty.planted}
        cells = {name: str(own[name] or place) for name, place in found.items()}
    if "yaml" in formats:
        files[f"{team.name}.yaml"] = text
        files[f"{team.name}_fault_list.csv"] = blank_list_csv(team.team)
    names = [planted.where for planted in team.faulty.planted]
    return files, {name: (cells.get(name, ""), lines.get(name, "")) for name in names}


def _yaml_given(tree: Tree, team: str) -> bytes:
    head = (
        f"# {team}: an exercise. Its numbers are invented: never quote them.\n"
        "# Some of it is wrong. Find what, put it right here, or write it into the fault list.\n"
    )
    return (head + tree_to_yaml(tree)).encode()


def _without_impossible(faulty: Faulty) -> Tree:
    """Return the tree with the least that may stand where an impossible share does: what is stored must not tell."""
    tree = deepcopy(faulty.tree)
    for planted in faulty.planted:
        if planted.finding == REFUSED:
            owner, _, name = planted.where.partition(".")
            outcome = entry(tree, "outcomes", owner)
            outcome[name] = {**outcome[name], "value": outcome[name].get("low", "0%")}
    return tree


def _workbook_given(faulty: Faulty, content: bytes, read: ImpactMap) -> bytes:
    """Return a team's workbook with the numbers that no map may hold put into their cells."""
    for planted in faulty.planted:
        if planted.finding == REFUSED:
            owner, _, name = planted.where.partition(".")
            raw = str(entry(faulty.tree, "outcomes", owner)[name]["value"])
            number = float(raw.rstrip("%")) / (100 if raw.endswith("%") else 1)
            content = with_number(content, _place_of(read, planted.where), number)
    return content


def _places(read: ImpactMap, planted: Sequence[Planted]) -> dict[str, str]:
    """Return where each planted fault stands in the file that a map was read from."""
    found = {(each.kind, each.where): each.place for each in review(read)}
    places = {}
    for each in planted:
        place = _place_of(read, each.where) or found.get((each.finding, each.found_at))
        places[each.where] = f"line {place}" if isinstance(place, int) else place or ""
    return places


def _place_of(read: ImpactMap, name: str) -> Any:
    """Return the line or cell of a part of a map by its name, None for what is not there."""
    owner, _, rest = name.partition(".")
    for section in ("outcomes", "inputs", "stakeholders"):
        for place, each in enumerate(getattr(read, section)):
            if each.id == owner and read.origin is not None:
                inner = ("quantity", rest) if rest in ("share", "times") else tuple(rest.split(".")) if rest else ()
                return read.origin.place((section, place, *inner))
    return read.origin.place(tuple(name.split("."))) if read.origin is not None else None


# ---- the key ----


def _told(team: TeamCase, files: list[str], places: Mapping[str, tuple[str, str]], with_sheet: bool) -> dict[str, Any]:
    given = _ratio_given(team.faulty.tree)
    told: dict[str, Any] = {
        "team": team.team, "title": team.sound.title, "files": files,
        "ratio": team.ratio, "ratio_as_given": given if given is not None else "none: the reader refuses the file",
        "spreadsheet_ratio": float(evaluate(flattened(team.sound)).sroi_ratio),
        "sound": f"{team.name}_sound.yaml", "given": f"{team.name}_given.yaml",
        "faults": [_fault(planted, *places[planted.where]) for planted in team.faulty.planted],
    }  # fmt: skip
    if with_sheet:
        told["spreadsheet"] = [_fault(planted, planted.where, "") for planted in team.sheet.planted]
    return told


def _ratio_given(tree: Any) -> float | None:
    try:
        return float(evaluate(map_of(tree)).sroi_ratio)
    except ImpossibleMap:
        return None


def _fault(planted: Planted, cell: str, line: str) -> dict[str, Any]:
    heading, sort, explains = explanation_of(planted)
    return {
        "kind": planted.kind, "heading": heading, "sort": sort, "where": planted.where, "cell": cell, "line": line,
        "was": planted.was, "now": planted.now, "explanation": explains, "finding": planted.finding,
        "found_at": planted.found_at, "says": planted.says, "touched": list(planted.touched),
    }  # fmt: skip


_COLUMNS = (
    ("Team", 10), ("Where", 34), ("Cell", 30), ("Line", 10), ("What is wrong", 38), ("Sort", 12), ("Right", 26),
    ("Planted", 26), ("Why it matters", 60), ("How the program says it", 60),
)  # fmt: skip


def _key_workbook(made: CaseForTeams, told: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the key as a workbook: one sheet of ratios, one of faults."""
    ratios = {(1, column): PlainCell(words, "heading") for column, words in enumerate(("Team", "Right ratio", "Ratio as given", "Faults"), 1)}  # fmt: skip  # noqa: E501
    faults = {(1, column): PlainCell(words, "heading") for column, (words, _) in enumerate(_COLUMNS, 1)}
    row = 2
    for place, team in enumerate(told, 2):
        given = team["ratio_as_given"]
        count = len(team["faults"]) + len(team.get("spreadsheet", ()))
        ratios |= {
            (place, 1): PlainCell(team["team"]), (place, 2): PlainCell(float(team["ratio"]), "ratio"),
            (place, 3): PlainCell(given, "wrap" if isinstance(given, str) else "ratio"),
            (place, 4): PlainCell(float(count)),
        }  # fmt: skip
        for fault in (*team["faults"], *team.get("spreadsheet", ())):
            shown = (team["team"], fault["where"], fault["cell"], fault["line"], fault["heading"], fault["sort"],
                     fault["was"], fault["now"], fault["explanation"], fault["says"])  # fmt: skip
            faults |= {(row, column): PlainCell(held_words(words), "wrap") for column, words in enumerate(shown, 1)}
            row += 1
    widths = {column: width for column, (_, width) in enumerate(_COLUMNS, 1)}
    return plain_workbook_bytes(
        f"Answer key: {made.case}",
        {
            "Ratios": PlainTable(ratios, {1: 12, 2: 14, 3: 34, 4: 10}),
            "Faults": PlainTable(faults, widths, frozen=(1, 1)),
        },
    )


def _read_me(made: CaseForTeams, formats: Sequence[str]) -> str:
    given = " or ".join(f"team_N.{ending}" for ending in formats)
    count = wording.plain(float(len(made.teams)))
    sheet = (
        "Part two is team_N_spreadsheet.xlsx: the same project as somebody kept it without a program. Look into its\n"
        "formulas.\n\n" if "xlsx" in formats else ""
    )  # fmt: skip
    printed = (
        f"To print: the sheets {', '.join(_ON_PAPER[:-1])} and {_ON_PAPER[-1]} of team_N.xlsx, about a dozen\n"
        "pages (choose them with Ctrl and a click; print the active sheets). The whole workbook has thirty: what it\n"
        "works out by itself is for the screen.\n\n" if "xlsx" in formats else ""
    )  # fmt: skip
    listed = "a sheet of the workbook, or team_N_fault_list.csv" if "xlsx" in formats else "team_N_fault_list.csv"
    return (
        f"An exercise in Social Return on Investment: {count} teams, one case, each team its own numbers.\n"
        "All numbers are invented. Never quote them.\n\n"
        f"Part one is {given}: a value map in which some things are wrong. Find them. Put them right in\n"
        f"the map, or write them into the fault list ({listed}): where,\n"
        "and what is wrong. Write your ratio there too.\n\n"
        f"{sheet}{printed}"
        "Hand back the files under the names that they have.\n\n"
        "For the trainer: the folder key/ holds the answers. Keep it to yourself; the teams need nothing of it.\n"
    )

"""Of several files of a team, and of files that are nobody's: marking and the class take the same, and say so."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

import sroi
from sroi.errors import FileRefused
from sroi.files.safety import read_bytes
from sroi.files.sheets import open_book
from sroi.teaching.case_files import write_case
from sroi.teaching.cases import case_for_teams
from sroi.teaching.classroom import gather_class
from sroi.teaching.classroom_page import class_page
from sroi.teaching.fault_kinds import REFUSED
from sroi.teaching.key import Key, read_key
from sroi.teaching.marking import MISSED, mark_class
from sroi.teaching.returned import files_in, read_returned, readable
from sroi.teaching.taken import map_taken
from sroi.teaching.trees import entry


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("taken") / "case"
    write_case(case_for_teams(sroi.example("wheels_to_meals"), "wheels_to_meals", 2, 4, 2, 6), path)
    return path


@pytest.fixture(scope="module")
def key(case: Path) -> Key:
    return read_key(case / "key")


def tree_of_file(path: Path) -> dict[str, Any]:
    tree: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tree


def partly_mended(case: Path, key: Key) -> dict[str, Any]:
    """Return the first team's map with its deductions of the first outcome as the case has them, and its title kept."""
    given, sound = tree_of_file(case / "team_1.yaml"), tree_of_file(case / "key" / "team_1_sound.yaml")
    for mine in given["outcomes"]:
        twin = next((each for each in sound["outcomes"] if each["id"] == mine["id"]), None)
        if twin is not None:
            mine.update(deepcopy(twin))
    return given


@pytest.fixture
def back(case: Path, key: Key, tmp_path: Path) -> Path:
    """A team that hands back the map it was given, untouched, and after it in order of names what it mended."""
    folder = tmp_path / "back"
    folder.mkdir()
    shutil.copy(case / "team_1.xlsx", folder / "team_1.xlsx")
    (folder / "team_1_z.yaml").write_text(yaml.safe_dump(partly_mended(case, key)), "utf-8")
    shutil.copy(case / "key" / "team_2_sound.yaml", folder / "team_2.yaml")
    return folder


def test_of_two_maps_of_a_team_marking_and_the_class_take_the_one_that_changes_more(
    case: Path, back: Path, key: Key
) -> None:
    marks = mark_class([back], key).teams[0]
    view = gather_class([back], key=case / "key")
    said = "another map of Team 1; team_1_z.yaml is taken, which changes more of what Team 1 was given"
    assert f"team_1.xlsx: {said}" in marks.notes
    assert ("team_1.xlsx", said) in view.unread
    assert [(team.team, team.file) for team in view.teams] == [("Team 1", "team_1_z.yaml"), ("Team 2", "team_2.yaml")]
    assert marks.ratio == pytest.approx(view.teams[0].ratio)


def test_a_number_that_no_map_may_hold_is_a_change_where_it_is_mended(key: Key, tmp_path: Path) -> None:
    """25 for 25 % stands in both as the case's own number while they are compared: the mended one is taken all the same."""
    for seed in (2, 3, 11, 12):
        folder = tmp_path / str(seed)
        write_case(case_for_teams(sroi.example("wheels_to_meals"), "wheels_to_meals", 1, seed, 2, 6), folder, ["yaml"])
        [team] = read_key(folder / "key").teams
        refused = [fault.planted.where for fault in team.faults if fault.planted.finding == REFUSED]
        if refused:
            break
    else:
        pytest.fail("no case with a number that is refused")
    owner, _, name = refused[0].partition(".")
    tree = tree_of_file(folder / "team_1.yaml")
    right = entry(tree_of_file(folder / "key" / "team_1_sound.yaml"), "outcomes", owner)[name]
    entry(tree, "outcomes", owner)[name] = right
    (tmp_path / "back").mkdir()
    shutil.copy(folder / "team_1.yaml", tmp_path / "back" / "team_1.yaml")
    (tmp_path / "back" / "team_1_z.yaml").write_text(yaml.safe_dump(tree), "utf-8")
    read = [read_returned(path) for path in files_in([tmp_path / "back"])]
    assert map_taken(team, read).file == "team_1_z.yaml"


def test_two_maps_that_change_as_much_are_told_and_the_first_is_taken(case: Path, key: Key, tmp_path: Path) -> None:
    for name, rate in (("team_1_a.yaml", "1.5%"), ("team_1_b.yaml", "2.5%")):
        tree = tree_of_file(case / "team_1.yaml")
        tree["conventions"]["discount_rate"] = rate
        (tmp_path / name).write_text(yaml.safe_dump(tree), "utf-8")
    said = "another map of Team 1; team_1_a.yaml is taken, which changes as much, and comes first"
    assert mark_class([tmp_path], key).teams[0].notes == (f"team_1_b.yaml: {said}",)
    view = gather_class([tmp_path], key=case / "key")
    assert (view.teams[0].file, view.unread) == ("team_1_a.yaml", (("team_1_b.yaml", said),))


def test_what_marking_refuses_the_class_does_not_show(case: Path, key: Key, tmp_path: Path) -> None:
    shutil.copy(case / "team_1.yaml", tmp_path)
    sroi.write_value_map(sroi.example("employment"), tmp_path / "visitors.yaml")
    foreign = tree_of_file(case / "team_1.yaml")
    foreign["title"] = foreign["title"].replace("Team 1", "Team 7")
    (tmp_path / "team_7.yaml").write_text(yaml.safe_dump(foreign), "utf-8")
    other = tree_of_file(case / "team_1.yaml")
    other["title"] = key.teams[1].title
    (tmp_path / "team_2.yaml").write_text(yaml.safe_dump(other), "utf-8")
    marks = mark_class([tmp_path], key)
    nobodys = "nothing in it, nor its name, says which team's it is"
    assert [(Path(file).name, why) for file, why in marks.astray] == [
        ("team_7.yaml", nobodys),
        ("visitors.yaml", nobodys),
    ]
    view = gather_class([tmp_path], key=case / "key")
    assert [team.team for team in view.teams] == ["Team 1"]
    assert set(view.unread) == {
        ("team_7.yaml", nobodys), ("visitors.yaml", nobodys),
        ("team_2.yaml", "most of its numbers are not those given to Team 2: not taken"),
    }  # fmt: skip
    assert "Not shown: visitors.yaml: nothing in it" in class_page(view)
    assert [team.team for team in gather_class([tmp_path]).teams] == ["Team 1", "Team 2", "Team 7", "Visitors"]


def test_a_file_under_another_teams_name_is_shown_as_what_it_is_and_noted(case: Path, tmp_path: Path) -> None:
    shutil.copy(case / "team_2.yaml", tmp_path / "team_1.yaml")
    view = gather_class([tmp_path], key=case / "key")
    assert [team.team for team in view.teams] == ["Team 2"]
    said = "the file's name says Team 1, and it holds what is of Team 2: taken as Team 2's"
    assert view.notes == (("team_1.yaml", said),)
    assert f"team_1.yaml: {said.replace(chr(39), '&#x27;')}." in class_page(view)


def test_the_key_is_found_where_the_case_was_made_and_beside_the_map_that_all_are_held_to(
    case: Path, back: Path, tmp_path: Path
) -> None:
    assert gather_class([case]).key == str(case / "key")
    assert gather_class([back], case / "key" / "team_1_sound.yaml").key == str(case / "key")
    assert gather_class([back]).key == ""
    with pytest.raises(FileRefused, match=r"there is no key\.yaml in this folder"):
        gather_class([back], key=tmp_path)


def test_a_team_with_the_spreadsheet_alone_is_named_where_others_show_maps(case: Path, tmp_path: Path) -> None:
    shutil.copy(case / "team_1.yaml", tmp_path)
    shutil.copy(case / "team_1_spreadsheet.xlsx", tmp_path)
    shutil.copy(case / "team_2_spreadsheet.xlsx", tmp_path)
    why = "the spreadsheet is another exercise than the maps that are shown"
    assert gather_class([tmp_path], key=case / "key").unread == (("team_2_spreadsheet.xlsx", why),)
    assert gather_class([tmp_path]).unread == (("team_2_spreadsheet.xlsx", why),)
    (tmp_path / "team_1.yaml").unlink()
    sheets = gather_class([tmp_path], key=case / "key")
    assert [team.file for team in sheets.teams] == ["team_1_spreadsheet.xlsx", "team_2_spreadsheet.xlsx"]


def test_of_two_spreadsheets_the_one_with_fewer_faults_left_is_marked(case: Path, key: Key, tmp_path: Path) -> None:
    shutil.copy(case / "team_1_spreadsheet.xlsx", tmp_path / "team_1_a.xlsx")
    shutil.copy(case / "key" / "team_1_spreadsheet_sound.xlsx", tmp_path / "team_1_b.xlsx")
    marks = mark_class([tmp_path], key).teams[0]
    assert MISSED not in {mark.result for mark in marks.marks}
    assert "team_1_a.xlsx: another spreadsheet of Team 1; team_1_b.xlsx is taken" in marks.notes


# ---- what is the key's own ----


def test_a_file_of_the_key_that_is_handed_back_is_noted(case: Path, key: Key, tmp_path: Path) -> None:
    for number, name in enumerate(("sound.yaml", "sound.xlsx", "spreadsheet_sound.xlsx")):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / f"team_1{Path(name).suffix}"
        shutil.copy(case / "key" / f"team_1_{name}", path)
        said = f"{path.name}: this is the key's own team_1_{name}, byte for byte: ask the team how it came by it"
        assert mark_class([folder], key).teams[0].notes == (said,)
        assert read_bytes(path) == read_bytes(case / "key" / f"team_1_{name}")


def test_the_keys_map_as_another_kind_of_file_is_noted_by_its_words(case: Path, key: Key, tmp_path: Path) -> None:
    team = key.teams[0]
    sroi.write_value_map(team.sound, tmp_path / "team_1.json")
    said = "team_1.json: it says word for word what the key's sound map says: ask the team how it came by it"
    assert mark_class([tmp_path], key).teams[0].notes == (said,)
    (tmp_path / "team_1.json").unlink()
    given, _ = readable(team.given, team.sound)
    assert given is not None
    tree = tree_of_file(case / "key" / "team_1_sound.yaml")
    tree["outcomes"][0]["note"] = "We asked again, and put it right."
    (tmp_path / "team_1.yaml").write_text(yaml.safe_dump(tree), "utf-8")
    assert mark_class([tmp_path], key).teams[0].notes == ()


def test_the_command_says_by_which_key_files_were_taken(command: Callable[..., Any], back: Path, case: Path) -> None:
    ran = command("teach", "class", str(back), "--out", "shown", "--key", str(case / "key"))
    assert ran.returncode == 0, ran.stderr
    told = " ".join(ran.stdout.split())
    assert "Whose a file is, and which of several, as marking takes it, by the key in" in told
    assert "Not shown: team_1.xlsx: another map of Team 1; team_1_z.yaml is taken" in told


# ---- on paper ----


def test_the_sheets_worth_printing_are_named_and_hold_every_fault_of_the_map(case: Path, key: Key) -> None:
    words = " ".join((case / "READ_ME.txt").read_text("utf-8").split())
    named = re.search(r"To print: the sheets (.*?) of team_N\.xlsx, about a dozen pages", words)
    assert named is not None
    printed = set(re.split(r", | and ", named[1]))
    assert printed <= {sheet.name for sheet in open_book(case / "team_1.xlsx").sheets}
    cells = [re.match(r"sheet (.*?), cell", fault.cell) for team in key.teams for fault in team.faults]
    assert {cell[1] for cell in cells if cell is not None} <= printed
    assert any(cells)


def test_a_formula_of_a_planted_fault_is_called_one_and_never_reckons(case: Path) -> None:
    cells = [
        cell
        for sheet in open_book(case / "key" / "answer_key.xlsx").sheets
        for _, row in sheet.rows()
        for cell in row.values()
    ]
    words = [str(cell.value) for cell in cells]
    assert any(each.startswith("formula =") for each in words)
    assert not [each for each in words if each.startswith(("=", "'="))]
    assert not [cell for cell in cells if cell.formula]

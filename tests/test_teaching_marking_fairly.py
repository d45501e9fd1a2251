"""Marking is fair: a sound map is perfect in every case, and nothing counts as mended that is not."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import sroi
from sroi.errors import FileRefused
from sroi.files.starter import starter
from sroi.files.yaml import parse_yaml
from sroi.impact_map import ImpactMap
from sroi.teaching.case_files import write_case
from sroi.teaching.cases import case_for_teams, sound_case
from sroi.teaching.fault_list import Claim
from sroi.teaching.faults import KINDS, plant
from sroi.teaching.key import Fault, Key, TeamKey, read_key
from sroi.teaching.marking import FOUND, HALF, MISSED, WRONG, Marks, mark_class
from sroi.teaching.marking_ratio import mark_ratio, ratio_in
from sroi.teaching.marks_told import marks_lines, marks_rows, missed_most
from sroi.teaching.returned import files_in, read_returned, readable
from sroi.teaching.slips import likely_mistakes, slips
from sroi.teaching.trees import entry, map_of, tree_of


@pytest.fixture(scope="module")
def sound() -> ImpactMap:
    return sound_case(sroi.example("wheels_to_meals"), 11, 3, "Team 1")


def key_with(sound: ImpactMap, kind: str) -> Key:
    """Return the key of a team whose map has one fault."""
    faulty = plant(sound, kind, 3, "Team 1")
    assert faulty is not None
    faults = tuple(Fault(each, KINDS[kind].heading, KINDS[kind].sort, "", KINDS[kind].words) for each in faulty.planted)
    ratio = float(sroi.evaluate(sound).sroi_ratio)
    return Key("a case", 3, 3, (TeamKey("Team 1", sound.title, (), ratio, 0.5, sound, faulty.tree, faults, ()),))


def marked(key: Key, tree: dict[str, Any], folder: Path) -> Marks:
    path = folder / "team_1.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    return mark_class([path], key).teams[0]


def told(marks: Marks) -> list[tuple[str, str]]:
    return [(mark.result, mark.how) for mark in marks.marks]


def small() -> ImpactMap:
    """Return a map with one outcome."""
    tree = tree_of(parse_yaml(starter().encode(), "starter.yaml"))
    first = tree["outcomes"][0]
    first.pop("leads_to", None)
    return map_of({**tree, "outcomes": [first]})


CASES = {
    "starter": (lambda: parse_yaml(starter().encode(), "starter.yaml"), 9, 2, 5),
    "one outcome": (small, 2, 2, 5),
    "school programme": (lambda: sroi.example("school_programme"), 5, 2, 5),
    "wheels to meals": (lambda: sroi.example("wheels_to_meals"), 6, 1, 8),
}


@pytest.mark.parametrize("name", CASES)
def test_the_keys_own_sound_map_is_perfect(name: str, tmp_path: Path) -> None:
    case, seed, level, faults = CASES[name]
    write_case(case_for_teams(case(), "case", 1, seed, level, faults), tmp_path / "made", ["yaml"])
    key = read_key(tmp_path / "made" / "key")
    (tmp_path / "back").mkdir()
    shutil.copy(tmp_path / "made" / "key" / "team_1_sound.yaml", tmp_path / "back" / "team_1.yaml")
    [marks] = mark_class([tmp_path / "back"], key).teams
    assert len(marks.marks) >= 3
    assert told(marks) == [(FOUND, "mended in the map")] * len(key.teams[0].faults)
    said = "team_1.yaml: this is the key's own team_1_sound.yaml, byte for byte: ask the team how it came by it"
    assert (marks.ratio_words, marks.notes) == ("right", (said,))


@pytest.mark.parametrize("kind", ["attribution_reversed", "no_deadweight"])
def test_a_number_that_stands_as_it_was_given_is_not_mended_by_words_beside_it(
    sound: ImpactMap, tmp_path: Path, kind: str
) -> None:
    key = key_with(sound, kind)
    tree = deepcopy(key.teams[0].given)
    owner, _, field = key.teams[0].faults[0].planted.where.partition(".")
    number = entry(tree, "outcomes", owner)[field]
    value = number["value"] if isinstance(number, dict) else number
    entry(tree, "outcomes", owner)[field] = {"value": value, "note": "It is what the guide of our town says"}
    [(result, how)] = told(marked(key, tree, tmp_path))
    assert result == HALF
    assert how.startswith("changed in the map, and the ")


@pytest.mark.parametrize("kind", ["loss_left_out", "attribution_reversed", "impossible"])
def test_a_line_of_the_case_that_is_taken_out_is_no_mended_line(sound: ImpactMap, tmp_path: Path, kind: str) -> None:
    kind = kind if kind in KINDS else next(name for name, each in KINDS.items() if each.impossible)
    key = key_with(sound, kind)
    tree = deepcopy(key.teams[0].given)
    owner = key.teams[0].faults[0].planted.where.partition(".")[0]
    tree["outcomes"] = [each for each in tree["outcomes"] if each["id"] != owner]
    for each in tree["outcomes"]:
        each.pop("leads_to", None)
    label = next(each.label for each in sound.outcomes if each.id == owner)
    assert (HALF, f"taken out of the map, where it belongs: {label}") in told(marked(key, tree, tmp_path))


def test_of_two_inputs_alike_either_may_go(sound: ImpactMap, tmp_path: Path) -> None:
    key = key_with(sound, "input_twice")
    added = key.teams[0].faults[0].planted.where
    for gone in (added, added.removesuffix("_2")):
        tree = deepcopy(key.teams[0].given)
        tree["inputs"] = [each for each in tree["inputs"] if each["id"] != gone]
        assert told(marked(key, tree, tmp_path)) == [(FOUND, "mended in the map")]


def test_a_number_that_a_team_makes_impossible_is_told(sound: ImpactMap, tmp_path: Path) -> None:
    key = key_with(sound, "attribution_reversed")
    spoilt = key.teams[0].faults[0].planted.where.partition(".")[0]
    other = next(each for each in sound.outcomes if each.id != spoilt)
    tree = tree_of(sound)
    entry(tree, "outcomes", other.id)["deadweight"] = {"value": "250%"}
    found, wrong = marked(key, tree, tmp_path).marks
    assert (found.result, wrong.result, wrong.place) == (FOUND, WRONG, f"{other.id}.deadweight")
    assert wrong.what.startswith(f"{other.label}: ")
    assert "250" in wrong.what
    tree = tree_of(sound)
    entry(tree, "outcomes", spoilt)["attribution"] = {"value": "250%"}
    [(result, how)] = told(marked(key, tree, tmp_path))
    assert result == HALF
    assert how.startswith("changed in the map, to what cannot be: ")


def test_an_impossible_number_that_was_given_and_left_is_missed_and_no_wrong_claim(
    sound: ImpactMap, tmp_path: Path
) -> None:
    key = key_with(sound, next(name for name, each in KINDS.items() if each.impossible))
    marks = marked(key, deepcopy(key.teams[0].given), tmp_path)
    assert [mark.result for mark in marks.marks] == [MISSED]


def test_a_map_that_cannot_be_read_says_why(sound: ImpactMap) -> None:
    twice = tree_of(sound)
    twice["outcomes"].append(deepcopy(twice["outcomes"][0]))
    ages = tree_of(sound)
    ages["activity"] = {"years": 100}
    for tree in (twice, ages):
        read, replaced = readable(tree, sound)
        assert read is None
        assert len(replaced[""]) > 20


def test_a_discount_rate_year_by_year_has_slips_too(sound: ImpactMap) -> None:
    tree = tree_of(sound)
    tree["conventions"]["discount_rate"] = {"by_year": ["3%", "4%"]}
    known = [slip.words for slip in slips(map_of(tree))]
    assert "discounted one year too many" not in known
    assert "nothing is discounted" in known
    right = float(sroi.evaluate(map_of(tree)).sroi_ratio)
    assert "this is the net ratio: the ratio less 1" in likely_mistakes(map_of(tree), right - 1)


# ---- ratios ----


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a case whose plain spreadsheet has another right ratio than its map."""
    folder: Path = tmp_path_factory.mktemp("case") / "made"
    case = case_for_teams(sroi.example("wheels_to_meals"), "wheels_to_meals", teams=1, seed=7, level=3, faults=2)
    write_case(case, folder)
    return folder


def test_a_spreadsheet_is_held_to_the_right_ratio_of_the_spreadsheet(made: Path, tmp_path: Path) -> None:
    key = read_key(made / "key")
    team = key.teams[0]
    assert abs(team.ratio - team.sheet_ratio) > 0.02
    shutil.copy(made / "key" / "team_1_spreadsheet_sound.xlsx", tmp_path / "team_1_spreadsheet.xlsx")
    [marks] = mark_class([tmp_path], key).teams
    assert (marks.ratio_words, marks.right) == ("right", team.sheet_ratio)
    assert marks.ratio == pytest.approx(team.sheet_ratio, abs=0.005)
    for stated, right in ((team.sheet_ratio, team.sheet_ratio), (team.ratio, team.ratio)):
        (tmp_path / "team_1_fault_list.csv").write_text(
            f"Our ratio,{stated:.3f}\nPlace (cell line or name),What is wrong with it\n", encoding="utf-8"
        )
        [marks] = mark_class([tmp_path], key).teams
        assert (marks.ratio_words, marks.right) == ("right", right)
    shutil.copy(made / "key" / "team_1_sound.yaml", tmp_path / "team_1.yaml")
    [marks] = mark_class([tmp_path], key).teams
    assert (marks.ratio_words, marks.right) == ("right", team.ratio)


def test_an_untouched_map_gives_the_ratio_as_it_was_given(sound: ImpactMap, tmp_path: Path) -> None:
    key = key_with(sound, "attribution_reversed")
    marks = marked(key, deepcopy(key.teams[0].given), tmp_path)
    assert marks.ratio_words.endswith(": it is the ratio of the map as it was given, with nothing put right")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1.93:1.00", (1.93, 2)), ("£1.93 to £1.00", (1.93, 2)), ("1.00 : 1.93", (1.93, 2)), ("1,93 : 1", (1.93, 2)),
        ("0,125", (0.125, 3)), ("1:1", (1.0, 0)), ("11.00:1", (11.0, 2)),
        ("12,500", (None, None)), ("1,930", (None, None)), ("1,930 : 1", (None, None)),
    ],
)  # fmt: skip
def test_a_ratio_is_read_and_what_may_be_thousands_is_not_guessed(
    text: str, read: tuple[float | None, int | None]
) -> None:
    assert ratio_in(text) == read


def test_a_ratio_that_can_be_read_in_two_ways_is_asked_for(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "team_1_fault_list.csv"
    path.write_text('Our ratio,"1,930"\nPlace (cell),What is wrong with it\nmeals,wrong\n', encoding="utf-8")
    [marks] = mark_class([path], read_key(made / "key")).teams
    said = "the ratio on the list, '1,930', may mean a thousand or a decimal comma: not read, ask the team"
    assert (marks.ratio, marks.notes) == (None, (said,))


@pytest.mark.parametrize("written", ["2,40", "1:2,40", "2,40 : 1", "1,930"])
def test_a_ratio_that_a_comma_parts_into_two_cells_is_not_read_and_its_row_is_said(
    made: Path, tmp_path: Path, written: str
) -> None:
    path = tmp_path / "team_1_fault_list.csv"
    path.write_text(f'Team,Team 1\nOur ratio,{written}\n"Place (cell)",What is wrong with it\nmeals,wrong\n', "utf-8")
    [marks] = mark_class([path], read_key(made / "key")).teams
    first, _, second = written.partition(",")
    assert marks.ratio is None
    assert marks.notes == (
        f"team_1_fault_list.csv: row 2 gives the ratio in two cells, {first} and {second}: not read, ask the team. "
        'A number with a comma in it needs quotation marks in a CSV file: "2,40"',
    )
    path.write_text(path.read_text("utf-8").replace(written, f'"{written}"'), "utf-8")
    [marks] = mark_class([path], read_key(made / "key")).teams
    assert marks.ratio == (None if written == "1,930" else 2.4)


def test_a_remark_beside_the_ratio_is_no_second_half_of_it(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "team_1_fault_list.csv"
    path.write_text("Our ratio,2.4,we think\nPlace (cell),What is wrong with it\nmeals,wrong\n", "utf-8")
    [marks] = mark_class([path], read_key(made / "key")).teams
    assert (marks.ratio, marks.notes) == (2.4, ())


def test_a_claim_with_more_cells_than_headings_is_one_claim_and_its_row_is_said(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "team_1_fault_list.csv"
    path.write_text(
        "Team,Team 1\nPlace (cell),What is wrong with it,What it should be\nmeals,wrong,3\nlunch,says 2,40 not 4,5\n",
        "utf-8",
    )
    [read] = [read_returned(path)]
    assert read.listed is not None
    assert read.listed.claims == (Claim("meals", "wrong"), Claim("lunch", "says 2,40 not 4,5"))
    said = "row 4 has more cells than there are headings, and was read as one claim"
    assert read.listed.notes == (f'{said}; a text with a comma in it needs quotation marks in a CSV file: "2,40"',)


def test_control_codes_of_a_claim_do_not_reach_the_table(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "team_1_fault_list.csv"
    path.write_text("Place (cell),What is wrong with it\nmeals,\x1b[2Jgone\u202e\x9b1m\n", encoding="utf-8")
    rows = marks_rows(mark_class([path], read_key(made / "key")))
    cells = [cell for row in rows for cell in row.values()]
    assert any("?[2Jgone" in cell for cell in cells)
    assert all(cell.isprintable() for cell in cells)


def test_a_name_that_is_no_file_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        files_in([tmp_path / "nowhere"])
    assert (
        str(refused.value)
        == f"{tmp_path / 'nowhere'}: there is no file or folder of this name. Look for a slip in its name."
    )


def test_a_ratio_in_whole_numbers_is_right_so_far_and_a_decimal_is_asked_for() -> None:
    sound = sroi.example("wheels_to_meals")  # 1.93
    team = TeamKey("Team 1", sound.title, (), float(sroi.evaluate(sound).sroi_ratio), 0.5, sound, {}, (), ())
    marked = mark_ratio(team, "2", None, None)
    assert marked.words == "right"
    assert marked.notes == ("the ratio is given in whole numbers (2): right so far, ask for a decimal or two",)
    assert mark_ratio(team, "1.93", None, None).notes == ()


def test_what_to_talk_over_counts_those_who_had_the_fault(tmp_path: Path) -> None:
    write_case(case_for_teams(sroi.example("wheels_to_meals"), "wheels_to_meals", 2, 5, 2, 4), tmp_path / "case")
    key = read_key(tmp_path / "case" / "key")
    (tmp_path / "back").mkdir()
    for name in ("team_1.xlsx", "team_2.xlsx"):
        shutil.copy(tmp_path / "case" / name, tmp_path / "back" / name)
    found = mark_class([tmp_path / "back"], key)
    asked = [fault.heading for team in key.teams for fault in team.faults]
    assert {(what, missed, had) for what, missed, had in missed_most(found)} == {
        (what, asked.count(what), asked.count(what)) for what in asked
    }
    assert [team.not_asked for team in found.teams] == [
        f"{len(of.sheet_faults)} of the spreadsheet" for of in key.teams
    ]
    assert "(2 of the spreadsheet not asked about: nothing of it was handed back)" in " ".join(marks_lines(found))

"""Marking: perfect, empty, half-right and hostile files, each in words, and one bad file stops nobody else's marks."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

import sroi
from sroi.errors import FileRefused
from sroi.files.csv_writer import csv_bytes
from sroi.teaching.case_files import write_case
from sroi.teaching.cases import CaseForTeams, case_for_teams
from sroi.teaching.fault_list import SHEET
from sroi.teaching.key import Key, read_key
from sroi.teaching.marking import FAIR, FOUND, HALF, MISSED, WRONG, ClassMarks, Marks, mark_class
from sroi.teaching.marking_ratio import ratio_in
from sroi.teaching.marks_told import marks_lines, marks_rows
from sroi.teaching.returned import read_returned
from sroi.teaching.slips import likely_mistakes


@pytest.fixture(scope="module")
def made() -> CaseForTeams:
    return case_for_teams(sroi.example("wheels_to_meals"), "wheels_to_meals", teams=2, seed=11, level=2, faults=6)


@pytest.fixture(scope="module")
def folder(made: CaseForTeams, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("case") / "class"
    write_case(made, path)
    return path


@pytest.fixture(scope="module")
def key(folder: Path) -> Key:
    return read_key(folder / "key")


def first(marks: ClassMarks) -> Marks:
    return marks.teams[0]


def results(marks: Marks, sort: str = "") -> list[str]:
    return [mark.result for mark in marks.marks if sort in mark.place]


def tree_given(folder: Path, team: str = "team_1") -> dict[str, Any]:
    tree: dict[str, Any] = yaml.safe_load((folder / f"{team}.yaml").read_text(encoding="utf-8"))
    return tree


def handed(folder: Path, tree: dict[str, Any], name: str = "team_1.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(tree), encoding="utf-8")
    return path


def listed(folder: Path, rows: list[tuple[str, str]], ratio: str = "", name: str = "team_1_fault_list.csv") -> Path:
    out = io.StringIO()
    head = [["Team", "Team 1"], ["Our ratio", ratio], ["Place (cell, line or name)", "What is wrong with it"]]
    csv.writer(out).writerows([*head, *rows])
    path = folder / name
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


# ---- perfect, empty, half-right ----


@pytest.mark.parametrize("ending", ["xlsx", "yaml"])
def test_a_perfect_map_finds_everything_and_its_ratio_is_right(
    folder: Path, key: Key, tmp_path: Path, ending: str
) -> None:
    shutil.copy(folder / "key" / f"team_1_sound.{ending}", tmp_path / f"team_1.{ending}")
    marks = first(mark_class([tmp_path], key))
    assert results(marks) == [FOUND] * 6
    assert (marks.ratio, marks.ratio_words) == (pytest.approx(marks.right), "right")
    said = f"this is the key's own team_1_sound.{ending}, byte for byte: ask the team how it came by it"
    assert marks.notes == (f"team_1.{ending}: {said}",)


def test_a_perfect_spreadsheet_finds_everything(folder: Path, key: Key, tmp_path: Path) -> None:
    shutil.copy(folder / "key" / "team_1_spreadsheet_sound.xlsx", tmp_path / "team_1_spreadsheet.xlsx")
    assert results(first(mark_class([tmp_path], key))) == [FOUND] * 3


def test_what_is_handed_back_as_it_was_given_finds_nothing_and_claims_nothing(folder: Path, key: Key) -> None:
    marks = mark_class([folder], key)
    for team in marks.teams:
        assert set(results(team)) == {MISSED}
        assert team.faults == 9
        assert all(mark.explanation for mark in team.marks)


def test_a_class_that_hands_back_nothing_of_a_team_says_so(folder: Path, key: Key, tmp_path: Path) -> None:
    shutil.copy(folder / "team_2.yaml", tmp_path)
    marks = mark_class([tmp_path], key)
    assert marks_lines(marks)[0] == "Team 1: nothing was handed back"
    assert [team.team for team in marks.teams] == ["Team 1", "Team 2"]


def test_each_fault_mended_by_itself_is_found_and_the_others_are_missed(
    folder: Path, key: Key, made: CaseForTeams, tmp_path: Path
) -> None:
    sound = yaml.safe_load((folder / "key" / "team_1_sound.yaml").read_text(encoding="utf-8"))
    for place, planted in enumerate(made.teams[0].faulty.planted):
        tree = tree_given(folder)
        for name in planted.touched:
            _put_back(tree, sound, name)
        marks = first(mark_class([handed(tmp_path, tree)], key))
        expected = [FOUND if at == place else MISSED for at in range(6)]
        assert results(marks) == expected, planted


def _put_back(tree: dict[str, Any], sound: dict[str, Any], name: str) -> None:
    """Put a part of the sound map in its place again, by its name."""
    owner, _, rest = name.partition(".")
    for section in ("stakeholders", "inputs", "outcomes"):
        right = {each["id"]: each for each in sound[section]}
        at = next((place for place, each in enumerate(tree[section]) if each["id"] == owner), None)
        if at is not None:
            if owner not in right:
                del tree[section][at]
            elif rest:
                field = rest.split(".")[0]
                field = "quantity" if field in ("share", "times") else field
                tree[section][at].pop(field, None)
                if field in right[owner]:
                    tree[section][at][field] = right[owner][field]
            return
    field = "conventions" if owner in sound["conventions"] else owner
    tree.pop(field, None)
    if field in sound:
        tree[field] = sound[field]


def test_a_number_changed_without_need_is_wrongly_claimed(folder: Path, key: Key, tmp_path: Path) -> None:
    tree = tree_given(folder)
    touched = {name.partition(".")[0] for fault in key.teams[0].faults for name in fault.planted.touched}
    spared = next(each for each in tree["outcomes"] if each["id"] not in touched)
    spared["duration"] = 2 if spared["duration"]["value"] != 2 else 3
    tree["conventions"]["deductions"] = "add"
    spared["indicator"] = "words may be bettered"
    marks = first(mark_class([handed(tmp_path, tree)], key))
    wrong = {mark.place: mark.explanation for mark in marks.marks if mark.result in (WRONG, FAIR)}
    assert set(wrong) == {f"{spared['id']}.duration", "deductions"}
    assert wrong["deductions"] == "Nothing was wrong with it as it stood."


def test_a_wrong_ratio_is_explained_by_its_causes(folder: Path, key: Key, tmp_path: Path) -> None:
    tree = yaml.safe_load((folder / "key" / "team_1_sound.yaml").read_text(encoding="utf-8"))
    care = next(each for each in tree["outcomes"] if each["id"] == "falls_care")
    care["quantity"] = care["quantity"]["value"] + 3
    marks = first(mark_class([handed(tmp_path, tree)], key))
    assert marks.ratio_words.startswith(f"not {marks.right:.2f}: +")
    assert "from the larger quantity of “Fitter, so fewer falls: geriatric continuing" in marks.ratio_words


# ---- lists ----


def test_a_list_finds_faults_by_name_cell_line_and_words(folder: Path, key: Key, tmp_path: Path) -> None:
    faults = key.teams[0].faults
    with_cell = next(at for at, each in enumerate(faults) if each.cell)
    with_line = next(at for at, each in enumerate(faults) if each.line and at != with_cell)
    named = next(at for at, each in enumerate(faults) if at not in (with_cell, with_line))
    places = [(faults[named].planted.where, "this is wrong"), (faults[with_cell].cell, "look here")]
    places.append((faults[with_line].line, "and here"))
    marks = first(mark_class([listed(tmp_path, places, f"{key.teams[0].ratio:.2f} : 1")], key))
    found = [at for at, result in enumerate(results(marks)[:6]) if result == FOUND]
    assert found == sorted([named, with_cell, with_line])
    assert marks.ratio_words == "right"
    assert marks.marks[named].how == f"list: {faults[named].planted.where}: this is wrong"


def test_faults_are_found_in_the_words_that_people_use(folder: Path, key: Key, tmp_path: Path) -> None:
    from sroi.teaching.claims import LIKELY, labels_of, means
    from sroi.teaching.fault_kinds import Planted
    from sroi.teaching.fault_list import Claim
    from sroi.teaching.faults import KINDS
    from sroi.teaching.key import Fault

    labels = labels_of(key.teams[0].sound)

    def fault(kind: str, where: str) -> Fault:
        planted = Planted(kind, where, (where,), KINDS[kind].found_by[0], where, "", "", "")
        return Fault(planted, "", KINDS[kind].sort, "", KINDS[kind].words)

    said = Claim("gp visits", "attribution is the wrong way round")
    assert means(said, fault("attribution_reversed", "gp_visits.attribution"), labels) == LIKELY
    assert means(said, fault("attribution_reversed", "friends.attribution"), labels) == 0
    assert means(Claim("", "nobody was asked"), fault("nobody_asked", "residents.involved"), labels) == 0
    assert (
        means(Claim("residents", "they were not asked"), fault("nobody_asked", "residents.involved"), labels) == LIKELY
    )
    whole = fault("no_negative_sought", "negative_outcomes_sought")
    assert means(Claim("the whole map", "no negative outcomes"), whole, labels) == LIKELY
    assert means(Claim("friends", "no negative outcomes"), whole, labels) == 0


def test_the_list_in_the_workbook_is_read_and_a_renamed_sheet_too(folder: Path, key: Key, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(folder / "team_1.xlsx")
    sheet = book[SHEET]
    sheet["B4"] = 99
    sheet["A7"], sheet["B7"] = key.teams[0].faults[0].planted.where, "wrong"
    sheet["A8"], sheet["B8"] = "residents.size", "there are fewer of them"
    sheet.title = "What we found"
    book.save(tmp_path / "ours.xlsx")
    marks = first(mark_class([tmp_path / "ours.xlsx"], key))
    assert results(marks)[0] == FOUND
    assert marks.count(WRONG) == 1
    assert marks.ratio == 99
    assert marks.ratio_words.startswith(f"not {marks.right:.2f}")


def test_a_claim_that_means_nothing_planted_is_wrong_and_one_that_the_program_asks_is_fair(
    folder: Path, key: Key, tmp_path: Path
) -> None:
    asked = list(sroi.review(key.teams[0].sound))
    rows = [("residents.size", "too many"), ("residents.size", "too many again")]
    rows += [(each.where, each.what) for each in asked[:1]]
    marks = first(mark_class([listed(tmp_path, rows)], key))
    assert marks.count(WRONG) == 2
    assert marks.count(FAIR) == len(asked[:1])


def test_a_list_of_everything_finds_everything_and_pays_for_it(folder: Path, key: Key, tmp_path: Path) -> None:
    rows = [(name, "wrong") for name in key.teams[0].sound.numbers()]
    marks = first(mark_class([listed(tmp_path, rows)], key))
    assert marks.count(WRONG) > 20


# ---- the ratio that a team gives ----


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        (lambda right: right - 1, "this is the net ratio: the ratio less 1"),
        (lambda right: 1 / right, "the ratio is upside down: inputs over value"),
        (lambda right: right * 1.035, "discounted one year too few"),
        (lambda right: right / 1.035, "discounted one year too many"),
    ],
)
def test_a_ratio_with_a_known_slip_names_it(
    folder: Path, key: Key, tmp_path: Path, slip: Callable[[float], float], words: str
) -> None:
    given = slip(key.teams[0].ratio)
    marks = first(mark_class([listed(tmp_path, [], f"{given:.3f}")], key))
    assert words in marks.ratio_words


def test_the_guides_own_ratio_with_slips_worked_out_by_the_door() -> None:
    guide = sroi.example("wheels_to_meals")
    assert likely_mistakes(guide, 0.929) == ("this is the net ratio: the ratio less 1",)
    without_loss = float(sroi.evaluate(guide, at={"less_neighbourly_care.proxy": 0}).sroi_ratio)
    assert "losses are left out" in likely_mistakes(guide, without_loss)
    assert likely_mistakes(guide, 1.929) == ()


@pytest.mark.parametrize("text", ["", "1:", "lots", "=1+1", "1.9.3", "9" * 50, "nan", "inf", "-", "1e5"])
def test_what_is_no_ratio_is_none(text: str) -> None:
    assert ratio_in(text) == (None, None)


# ---- whose, and which exercise ----


def test_a_file_under_another_teams_name_is_marked_as_what_it_is_and_noted(
    folder: Path, key: Key, tmp_path: Path
) -> None:
    shutil.copy(folder / "team_2.yaml", tmp_path / "team_1.yaml")
    marks = mark_class([tmp_path], key)
    assert marks.teams[0].files == ()
    assert marks.teams[1].notes == (
        "team_1.yaml: the file's name says Team 1, and it holds what is of Team 2: taken as Team 2's",
    )


def test_a_map_of_another_exercise_is_not_marked(folder: Path, key: Key, tmp_path: Path) -> None:
    tree = tree_given(folder, "team_2")
    tree["title"] = key.teams[0].title
    marks = first(mark_class([handed(tmp_path, tree)], key))
    assert marks.notes == ("team_1.json: most of its numbers are not those given to Team 1: not taken",)
    assert marks.count(FOUND, HALF, WRONG) == 0


def test_a_map_that_overlooks_the_impossible_number_is_marked_on_the_rest(
    folder: Path, key: Key, tmp_path: Path
) -> None:
    tree = yaml.safe_load((folder / "key" / "team_1_sound.yaml").read_text(encoding="utf-8"))
    tree["outcomes"][0]["attribution"] = {"value": 250}
    marks = first(mark_class([handed(tmp_path, tree)], key))
    assert marks.count(FOUND) == 6
    assert marks.ratio is None


# ---- hostile files ----


def _zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)


HOSTILE: dict[str, Callable[[Path], Any]] = {
    "team_1_bomb.xlsx": _zip_bomb,
    "team_1_junk.xlsx": lambda path: path.write_bytes(b"PK\x03\x04junk"),
    "team_1_empty.xlsx": lambda path: path.write_bytes(b""),
    "team_1_page.xlsx": lambda path: path.write_text("<html>no</html>"),
    "team_1_word.yaml": lambda path: path.write_text("only words"),
    "team_1_tag.yaml": lambda path: path.write_text("!!python/object/apply:os.system ['echo no']"),
    "team_1_alias.yaml": lambda path: path.write_text("a: &a [1]\nb: &b [*a,*a]\n" + "c: [*b,*b]\n" * 9),
    "team_1_deep.json": lambda path: path.write_text("[" * 5000),
    "team_1_huge.yaml": lambda path: path.write_bytes(b"# " + b"x" * 6_000_000),
    "team_1_binary.json": lambda path: path.write_bytes(bytes(range(256)) * 10),
    "team_1_list.csv": lambda path: path.write_text("Place,What is wrong\n" + "=HYPERLINK(A1),@SUM(1)\n" * 3000),
    "team_1_other.json": lambda path: path.write_text('{"title": [1, 2], "outcomes": "none"}'),
    "team_1_types.json": lambda path: path.write_text(
        '{"title": "x", "outcomes": [3, null, {"id": {}}], "inputs": {}}'
    ),
}


def test_hostile_files_get_words_and_stop_nobody_elses_marks(folder: Path, key: Key, tmp_path: Path) -> None:
    for name, make in HOSTILE.items():
        make(tmp_path / name)
    shutil.copy(folder / "key" / "team_2_sound.yaml", tmp_path / "team_2.yaml")
    marks = mark_class([tmp_path], key)
    assert marks.teams[1].count(FOUND) == 6
    told = " ".join(marks.teams[0].notes)
    for name in HOSTILE:
        if name not in ("team_1_list.csv",):
            assert f"{name}: " in told or any(name in file for file, _ in marks.astray), name
    assert "Traceback" not in told


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_alone_raises_nothing(key: Key, tmp_path: Path, name: str) -> None:
    HOSTILE[name](tmp_path / name)
    read = read_returned(tmp_path / name)
    assert read.trouble or read.listed or read.tree is not None


def test_marks_are_a_table_that_runs_nothing_in_a_spreadsheet(folder: Path, key: Key, tmp_path: Path) -> None:
    claims = listed(tmp_path, [('=HYPERLINK("http://x")', "+1+1"), ("@SUM(A1)", "-2")], "=cmd|' /C calc'!A0")
    rows = marks_rows(mark_class([claims], key))
    content = csv_bytes(rows).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "@", "+", "-")]
    assert list(rows[0]) == ["team", "result", "what", "place", "explanation", "how", "files"]
    assert [row["result"] for row in rows][:1] == ["ratio"]


def test_a_folder_without_anything_and_a_key_that_is_none_are_refused(folder: Path, key: Key, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="there are no files that a team could have handed back"):
        mark_class([tmp_path], key)
    with pytest.raises(FileRefused, match=r"there is no key\.yaml in this folder"):
        read_key(tmp_path)
    (tmp_path / "key.yaml").write_text("sroi_teaching_key: 1\ncase: x\n")
    with pytest.raises(FileRefused, match="this is not the key of a case: 'teams' is missing"):
        read_key(tmp_path)


# ---- the command ----


def test_the_command_makes_and_marks(command: Callable[..., Any], tmp_path: Path) -> None:
    asked = ["wheels_to_meals", "--teams", "1", "--seed", "2", "--level", "1", "--faults", "2", "--formats", "yaml"]
    made = command("teach", "make", *asked, "--out", "made")
    assert made.returncode == 0, made.stderr
    assert "right ratio" in made.stdout
    again = command("teach", "make", *asked, "--out", "made")
    assert (again.returncode, "already there" in again.stderr) == (1, True)
    marked = command("teach", "mark", "made", "--key", "made/key", "--out", "marks.csv")
    assert marked.returncode == 0, marked.stderr
    assert marked.stdout.startswith("Team 1: 0 of 2 faults found, 0 wrongly claimed; ratio ")
    assert (tmp_path / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbfteam,result,")
    unknown = command("teach", "make", "wheels_to_meal", "--out", "made")
    assert unknown.returncode == 2
    assert "there is no case study 'wheels_to_meal'. Did you mean 'wheels_to_meals'?" in unknown.stderr

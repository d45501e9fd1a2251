"""Cases for teams: own numbers that seed, team and name decide, levels, and files that do not tell the answers."""

from __future__ import annotations

import os
import random
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_maps import random_value_map

import sroi
from sroi.cli import main
from sroi.errors import FileRefused, NameRefused, SroiError
from sroi.files.sheets import open_book
from sroi.teaching.case_files import write_case
from sroi.teaching.cases import CaseForTeams, case_for_teams, explanation_of, sound_case
from sroi.teaching.levels import at_level, flattened
from sroi.teaching.numbers import as_people_write, own_numbers, stream
from sroi.teaching.spreadsheet import faults_of, spreadsheet_bytes, spreadsheet_of

CASES = ("wheels_to_meals", "befriending")


@pytest.fixture(scope="module")
def made() -> CaseForTeams:
    return case_for_teams(sroi.example("wheels_to_meals"), "wheels_to_meals", teams=2, seed=3, level=2, faults=4)


@pytest.fixture(scope="module")
def folder(made: CaseForTeams, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("case") / "class"
    write_case(made, path)
    return path


# ---- own numbers ----


def test_the_first_draw_of_a_name_is_what_it_has_always_been() -> None:
    # So that a case made last year is made again.
    assert round(float(stream(1, "Team 1", "gp_visits.quantity").random()), 6) == 0.52682


def test_seed_and_team_decide_and_nothing_else() -> None:
    guide = sroi.example("wheels_to_meals")
    assert own_numbers(guide, 5, "Team 1") == own_numbers(guide, 5, "Team 1")
    assert own_numbers(guide, 5, "Team 1") != own_numbers(guide, 5, "Team 2")
    assert own_numbers(guide, 5, "Team 1") != own_numbers(guide, 6, "Team 1")
    assert own_numbers(guide, 0, "Team 1") != own_numbers(guide, 1, "Team 1")


def test_another_outcome_changes_nobody_elses_numbers() -> None:
    guide = sroi.example("wheels_to_meals")
    fewer = guide.model_copy(update={"outcomes": guide.outcomes[1:], "published": None})
    own, without = own_numbers(guide, 5, "Team 1").numbers(), own_numbers(fewer, 5, "Team 1").numbers()
    assert {name: number.values for name, number in without.items()} == {name: own[name].values for name in without}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_own_numbers_keep_the_story(case: str, level: int) -> None:
    chart = at_level(sroi.example(case), level)
    was = chart.numbers()
    for team in range(4):
        own = own_numbers(chart, 1, f"Team {team}")
        for name, number in own.numbers().items():
            for before, now in zip(was[name].values, number.values, strict=True):
                if number.field == "size" or (number.field == "quantity" and abs(before) >= 1):
                    assert now == int(now)
                if number.kind.per_cent and name != "discount_rate":
                    assert (now in (0.0, 1.0)) == (before in (0.0, 1.0))
                    assert abs(now - before) <= 0.13
                elif before:
                    assert 0.5 <= now / before <= 1.7, name  # the sign stays too
                else:
                    assert now == 0
                if number.field == "proxy":
                    assert now == as_people_write(now)


def test_what_has_one_price_in_the_case_has_one_price_for_a_team() -> None:
    own = own_numbers(sroi.example("befriending"), 1, "Team 1").numbers()
    assert own["less_lonely.proxy"].values == own["purpose.proxy"].values
    assert own["match_ends.proxy"].values[0] == -own["less_lonely.proxy"].values[0]


def test_sources_say_that_the_numbers_are_invented() -> None:
    own = own_numbers(sroi.example("befriending"), 1, "Team 1")
    assert all(each.proxy.source.startswith("Invented for this exercise") for each in own.outcomes if each.proxy)


# ---- levels ----


@pytest.mark.parametrize("case", CASES)
def test_the_first_level_has_few_outcomes_of_one_year_undiscounted(case: str) -> None:
    chart = at_level(sroi.example(case), 1)
    assert len(chart.outcomes) == 4
    assert {each.duration.base for each in chart.outcomes if each.duration} == {1.0}
    assert chart.conventions.discount_timing == "none"
    assert not any(number.estimate and number.estimate.has_range for number in chart.numbers().values())


@pytest.mark.parametrize("case", CASES)
def test_the_second_level_lasts_for_years_and_fades(case: str) -> None:
    chart = at_level(sroi.example(case), 2)
    lasting = [each for each in chart.outcomes if each.duration and each.duration.base > 1]
    assert len(lasting) > 1
    assert all(each.drop_off and each.drop_off.base > 0 for each in lasting)
    assert chart.conventions.discount_timing == "end_of_year"


@pytest.mark.parametrize("case", CASES)
def test_the_third_level_has_ranges_and_losses(case: str) -> None:
    chart = at_level(sroi.example(case), 3)
    assert any(number.estimate and number.estimate.has_range for number in chart.numbers().values())
    assert any(each.proxy and each.proxy.value and each.proxy.value.base < 0 for each in chart.outcomes)
    assert sroi.study_uncertainty(chart).interval is not None


def test_the_third_level_has_people_of_its_own_in_each_year_where_quantities_are_plain() -> None:
    chart = at_level(sroi.example("wheels_to_meals"), 3)
    assert chart.activity.years == 2
    assert chart.numbers()["gp_visits.quantity"].values == (90.0, 72.0)


# ---- sound, and as a plain spreadsheet ----


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_sound_case_leaves_nothing_to_ask_but_what_its_numbers_and_words_are(case: str, level: int) -> None:
    found = {each.kind for each in sroi.review(sound_case(sroi.example(case), 4, level, "Team 1"))}
    assert found <= {"dominates", "above_size", "worded_as_activity"}


@pytest.mark.parametrize("case", CASES)
def test_the_plain_spreadsheet_comes_to_the_same_ratio_and_has_no_faults(case: str) -> None:
    sound = sound_case(sroi.example(case), 4, 3, "Team 1")
    read, faults = faults_of(spreadsheet_bytes(spreadsheet_of(sound)), "sheet.xlsx")
    assert float(sroi.evaluate(read).sroi_ratio) == pytest.approx(float(sroi.evaluate(flattened(sound)).sroi_ratio))
    assert list(faults) == []


# ---- the files ----


def test_each_team_gets_its_files_and_the_key_stands_apart(folder: Path) -> None:
    given = sorted(path.name for path in folder.iterdir() if path.is_file())
    assert given == [
        "READ_ME.txt", "team_1.xlsx", "team_1.yaml", "team_1_fault_list.csv", "team_1_spreadsheet.xlsx", "team_2.xlsx",
        "team_2.yaml", "team_2_fault_list.csv", "team_2_spreadsheet.xlsx",
    ]  # fmt: skip
    assert {"key.yaml", "answer_key.xlsx", "team_1_sound.yaml", "team_1_sound.xlsx"} <= {
        path.name for path in (folder / "key").iterdir()
    }
    assert [path.name for path in folder.iterdir() if path.is_dir()] == ["key"]


def test_the_workbook_and_the_yaml_hold_the_same_map(folder: Path) -> None:
    for team in ("team_1", "team_2"):
        try:
            maps = [sroi.read_value_map(folder / f"{team}.{ending}") for ending in ("xlsx", "yaml")]
        except SroiError:
            continue
        assert maps[0] == maps[1]


def test_nothing_that_a_team_is_given_tells_the_answers(made: CaseForTeams, folder: Path) -> None:
    for team in made.teams:
        for name in (f"{team.name}.xlsx", f"{team.name}_spreadsheet.xlsx", f"{team.name}.yaml"):
            text = _all_text(folder / name)
            for planted in (*team.faulty.planted, *team.sheet.planted):
                heading, _, explains = explanation_of(planted)
                assert planted.kind not in text
                assert heading not in text
                assert explains not in text
            assert str(made.seed) != text
            assert "key.yaml" not in text


def test_a_teams_workbook_hides_no_sheet_but_what_every_workbook_of_ours_has(folder: Path) -> None:
    for name in ("team_1.xlsx", "team_1_spreadsheet.xlsx"):
        book = open_book(folder / name)
        assert [sheet.name for sheet in book.sheets if sheet.hidden] == []
        with zipfile.ZipFile(folder / name) as archive:
            assert "veryHidden" not in archive.read("xl/workbook.xml").decode()
    assert set(open_book(folder / "team_1.xlsx").names) == set(open_book(folder / "key" / "team_1_sound.xlsx").names)


def test_the_number_that_no_map_may_hold_stands_in_the_workbook_and_its_right_value_nowhere(tmp_path: Path) -> None:
    for seed in range(60):
        made = case_for_teams(sroi.example("wheels_to_meals"), "w", 1, seed, 1, 0)
        faulty = _with_an_impossible_share(made)
        if faulty is not None:
            break
    else:
        pytest.fail("no impossible share could be planted")
    write_case(faulty, tmp_path / "made", ["xlsx"])
    with pytest.raises(SroiError, match="is above 1, which is 100 %"):
        sroi.read_value_map(tmp_path / "made" / "team_1.xlsx")
    planted = faulty.teams[0].faulty.planted[0]
    text = _all_text(tmp_path / "made" / "team_1.xlsx")
    right = f"{faulty.teams[0].ratio:.6f}"[:6]
    assert right not in re.sub(r"[^0-9.]", " ", text).split()
    assert f"<v>{float(planted.now)!r}</v>" in text


def _with_an_impossible_share(made: CaseForTeams) -> CaseForTeams | None:
    from dataclasses import replace

    from sroi.teaching.faults import plant

    faulty = plant(made.teams[0].sound, "per_cent_as_number", made.seed, "Team 1")
    return None if faulty is None else replace(made, teams=(replace(made.teams[0], faulty=faulty),))


def _all_text(path: Path) -> str:
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_files_that_are_there_are_not_overwritten_and_all_are_named(made: CaseForTeams, folder: Path) -> None:
    before = (folder / "team_1.yaml").read_bytes()
    with pytest.raises(FileRefused, match=r"team_1\.xlsx.* and \d+ more are already there\. .*--force"):
        write_case(made, folder)
    assert (folder / "team_1.yaml").read_bytes() == before


def test_the_same_again_gives_the_same_bytes(made: CaseForTeams, folder: Path, tmp_path: Path) -> None:
    write_case(made, tmp_path / "again", ["yaml"])
    for path in sorted((tmp_path / "again").rglob("*.yaml")):
        if path.name != "key.yaml":
            assert path.read_bytes() == (folder / path.relative_to(tmp_path / "again")).read_bytes()


def test_what_is_stopped_halfway_leaves_nothing(
    made: CaseForTeams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced, replace = 0, os.replace

    def stop(source: Path, target: Path) -> None:
        nonlocal replaced
        replaced += 1
        if replaced == 3:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_case(made, tmp_path / "made", ["yaml"])
    assert list(tmp_path.iterdir()) == []


def _contents_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def other() -> CaseForTeams:
    """Another case, for one team."""
    return case_for_teams(sroi.example("wheels_to_meals"), "wheels_to_meals", 1, 9, 1, 1)


def test_files_that_cannot_be_replaced_leave_the_old_case_whole(
    made: CaseForTeams, other: CaseForTeams, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folder, tmp_path / "class")
    before, replace = _contents_of(tmp_path / "class"), os.replace

    def in_use(source: Path, target: Path) -> None:
        if Path(target).name == "key.yaml" and "new" in Path(source).parts:
            raise PermissionError(13, "Permission denied", str(source), None, str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", in_use)
    with pytest.raises(
        FileRefused, match=r"key\.yaml could not be written \(Permission denied\)\. Nothing was changed"
    ):
        write_case(other, tmp_path / "class", force=True)
    assert _contents_of(tmp_path / "class") == before
    monkeypatch.undo()
    (tmp_path / "class" / "team_1.xlsx").unlink()
    (tmp_path / "class" / "team_1.xlsx").mkdir()
    with pytest.raises(FileRefused, match=r"team_1\.xlsx is no file"):
        write_case(other, tmp_path / "class", force=True)
    assert _contents_of(tmp_path / "class") == {name: old for name, old in before.items() if name != "team_1.xlsx"}


def test_with_force_the_files_of_the_old_case_go_and_those_of_others_stay(
    other: CaseForTeams, folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "class")
    for name in ("marks.csv", "team_one.xlsx", "key/notes.txt"):
        (tmp_path / "class" / name).write_bytes(b"mine")
    written = write_case(other, tmp_path / "class", ["yaml"], force=True)
    named = {path.relative_to(tmp_path / "class").as_posix() for path in written}
    assert set(_contents_of(tmp_path / "class")) == {*named, "marks.csv", "team_one.xlsx", "key/notes.txt"}


def test_files_of_a_case_that_no_key_tells_of_are_not_left_beside_a_new_one(
    other: CaseForTeams, folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "class")
    (tmp_path / "class" / "key" / "key.yaml").write_text("teams: [{files: [../../etc/team_1.xlsx, 3]}, 4]\n")
    before = _contents_of(tmp_path / "class")
    with pytest.raises(FileRefused, match=r"would stay beside the new case, and key/key\.yaml does not tell of them"):
        write_case(other, tmp_path / "class", ["yaml"], force=True)
    assert _contents_of(tmp_path / "class") == before


@pytest.mark.parametrize(
    ("teams", "level", "faults", "words"),
    [
        (0, 2, 5, "0 teams are asked for. Ask for 1 to 99."),
        (6, 4, 5, "there is no level 4. Choose 1, 2, 3."),
        (6, 2, 21, "21 faults are asked for. Ask for 0 to 20."),
    ],
)
def test_what_cannot_be_asked_for_is_refused(teams: int, level: int, faults: int, words: str) -> None:
    with pytest.raises(NameRefused) as error:
        case_for_teams(sroi.example(), "w", teams, 0, level, faults)
    assert str(error.value) == words


def test_a_map_without_a_ratio_is_no_case(small_tree: dict[str, object]) -> None:
    for outcome in small_tree["outcomes"]:  # type: ignore[attr-defined]
        outcome["included"] = False
    with pytest.raises(NameRefused, match="'A small sound map' has no ratio to practise on"):
        case_for_teams(sroi.ImpactMap.model_validate(small_tree), "small", 1)


def test_a_format_that_there_is_not_is_refused_with_the_nearest(made: CaseForTeams, tmp_path: Path) -> None:
    with pytest.raises(NameRefused, match=r"there is no format 'xls'\. Did you mean 'xlsx'\?"):
        write_case(made, tmp_path / "made", ["xls"])


def test_the_action_pack_calls_the_pack_and_says_where_to_begin(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = pytest.importorskip("sroi.teaching.pack")
    asked = []
    monkeypatch.setattr(
        pack, "fill", lambda folder, *, force: asked.append((folder, force)) or (tmp_path / "index.html",)
    )
    (tmp_path / "index.html").write_bytes(b"x" * 340_000)
    assert main(["teach", "pack", str(tmp_path / "stick"), "--force"]) == 0
    assert asked == [(tmp_path / "stick", True)]
    assert f"Filled {tmp_path / 'stick'}: 1 files, 0.3 MB. Begin with index.html" in capsys.readouterr().out


# ---- any map ----


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.sampled_from([1, 2, 3]))
def test_any_map_becomes_a_case_with_the_ratio_of_its_own_numbers(seed: int, level: int) -> None:
    chart = sroi.ImpactMap.model_validate(random_value_map(random.Random(seed)))
    own = own_numbers(at_level(chart, level), seed, "Team 1") if _has_value(chart) else None
    if own is None:
        return
    sound = sound_case(chart, seed, level, "Team 1")
    assert sound.title.endswith("(an exercise for Team 1; numbers invented)")
    assert {each.id for each in sound.outcomes} == {each.id for each in own.outcomes}


def _has_value(chart: sroi.ImpactMap) -> bool:
    result = sroi.evaluate(chart)
    return any(counts and value for counts, value in zip(result.counted, result.present_value, strict=True))

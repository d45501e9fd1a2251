"""What a team writes of a fault is understood: its cell, its row, its line's name; and what is wrong is not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import yaml

import sroi
from sroi.teaching.case_files import write_case
from sroi.teaching.cases import case_for_teams, sound_case
from sroi.teaching.claims import CERTAIN, LIKELY, NOT, SURE, labels_of, means
from sroi.teaching.fault_kinds import Planted
from sroi.teaching.fault_list import Claim
from sroi.teaching.faults import plant
from sroi.teaching.faults_of_sheets import SHEET_KINDS, plant_in_sheet
from sroi.teaching.key import Fault, Key, TeamKey, read_key
from sroi.teaching.levels import flattened
from sroi.teaching.marking import mark_class
from sroi.teaching.places import cell_at, cells_of, is_bare_sheet, places_in, true_cell
from sroi.teaching.places_in_sheets import concerned
from sroi.teaching.returned import read_returned, readable
from sroi.teaching.spreadsheet import faults_of, spreadsheet_bytes, spreadsheet_of
from sroi.teaching.trees import map_of, tree_of

# Case, seed, level, teams, faults.
CASES = [("befriending", 1, 2, 3, 5), ("wheels_to_meals", 5, 3, 2, 8)]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    made = []
    for case, seed, level, teams, faults in CASES:
        folder = tmp_path_factory.mktemp(case) / "class"
        write_case(case_for_teams(sroi.example(case), case, teams, seed, level, faults), folder)
        made.append(folder)
    return made


@pytest.fixture(scope="module")
def keys(folders: list[Path]) -> list[Key]:
    return [read_key(folder / "key") for folder in folders]


def labels(team: TeamKey) -> dict[str, str]:
    given, _ = readable(team.given, team.sound)
    assert given is not None
    return {**labels_of(given), **labels_of(team.sound)}


def faults(keys: list[Key]) -> Iterator[tuple[TeamKey, Fault]]:
    yield from ((team, fault) for key in keys for team in key.teams for fault in (*team.faults, *team.sheet_faults))


def not_understood(team: TeamKey, fault: Fault, claims: list[Claim]) -> list[tuple[str, str, str]]:
    known = labels(team)
    return [(fault.planted.kind, fault.place, str(each)) for each in claims if means(each, fault, known) == NOT]


# ---- what is right is understood ----


def test_every_fault_is_understood_by_the_keys_own_place_and_cell(keys: list[Key]) -> None:
    missed = []
    for team, fault in faults(keys):
        claims = [Claim(fault.planted.where, "this is wrong"), Claim(fault.place, ""), Claim(fault.cell, "look here")]
        missed += not_understood(team, fault, claims)
    assert missed == []


def test_every_fault_is_understood_by_what_the_teams_file_calls_its_line_and_by_its_heading(keys: list[Key]) -> None:
    missed, tried = [], 0
    for team, fault in faults(keys):
        claims = [Claim(name, fault.heading) for name in fault.called]
        claims += [Claim("", f"{name}: {fault.heading.lower()}") for name in fault.called if fault.sort != "workbook"]
        if not fault.called:
            claims = [Claim("", fault.heading), Claim("the whole map", fault.heading)]
        tried += len(claims)
        missed += not_understood(team, fault, claims)
    assert missed == []
    assert tried > 60


def test_every_fault_on_a_line_is_understood_by_its_row_with_the_sheet_and_without(keys: list[Key]) -> None:
    missed, tried = [], 0
    for team, fault in faults(keys):
        own = cell_at(fault.cell)
        assert own is not None
        claims = [
            Claim(f"{own.sheet} row {own.row}", fault.heading),
            Claim(f"row {own.row}", fault.heading),
            Claim(f"rows {own.row} and 99 of {own.sheet}", fault.heading),
            Claim("", f"{own.sheet}, row {own.row}: {fault.heading}"),
            Claim(f"{own.sheet.lower()}!${own.column}${own.row}", "?"),
            Claim(f"Row {own.row}, column {own.column} of {own.sheet}", "?"),
        ]
        tried += len(claims)
        missed += not_understood(team, fault, claims)
    assert missed == []
    assert tried > 80


def _fault(planted: Planted) -> Fault:
    kind = SHEET_KINDS[planted.kind]
    held = concerned(planted.kind, planted.where, spreadsheet_of(sroi.example("wheels_to_meals")))
    return Fault(
        planted, kind.heading, kind.sort, "", kind.words, planted.where, "", held.cells, held.part, held.called
    )


@pytest.mark.parametrize(
    ("kind", "place", "words"),
    [
        ("hidden_row", "row {row}", "hidden row"),
        ("hidden_row", "Value map row {row}", "hidden"),
        ("hidden_row", "{stakeholder}", "this row is hidden but counts"),
        ("hidden_row", "{outcome}", "hidden"),
        ("old_heading", "Heading of column E", "prices of another year"),
        ("old_heading", "column E", "these are 2006 prices"),
        ("rate_inside", "column O", "another discount rate than the one above"),
        ("net_ratio", "SROI ratio", "this is the net ratio, in the formula of the cell"),
        ("sum_misses_row", "Total", "the sum leaves the last row out"),
        ("typed_over", "row {row}", "typed over the formula"),
        ("tables_disagree", "Summary row {row}", "differs from the value map"),
    ],
)
def test_rows_and_columns_of_the_spreadsheet_are_understood_as_people_write_them(
    kind: str, place: str, words: str
) -> None:
    sheet = spreadsheet_of(sroi.example("wheels_to_meals"))
    [planted] = plant_in_sheet(sheet, [kind], 1, 2, "Team 1").planted
    fault = _fault(planted)
    own = cell_at(planted.where)
    assert own is not None
    names = dict(zip(("stakeholder", "outcome"), fault.called[:2], strict=False))
    if kind == "rate_inside":
        place = f"column {own.column}"
    claim = Claim(place.format(row=own.row, **names), words)
    assert means(claim, fault, {}) == LIKELY
    assert means(Claim(place.format(row=own.row, **names), "spelled badly"), fault, {}) == NOT


def test_the_first_line_of_a_pair_is_as_good_as_the_second(keys: list[Key]) -> None:
    team, fault = next((t, f) for t, f in faults(keys) if f.planted.kind == "outcome_twice")
    name = fault.called[0]
    assert fault.called == (name, name)
    at = [cell.row for cell in fault.cells if (cell.sheet, cell.column) == ("Outcomes", "A")]
    assert len(at) == 2
    second, first = at
    assert fault.cell == f"sheet Outcomes, cell A{second}"
    for claim in (
        Claim(name, "One outcome in two lines"), Claim(f"Outcomes A{first}", f"the same outcome as A{second}"),
        Claim(f"Outcomes row {second}", f"same outcome as row {first}"), Claim(f"Outcomes row {first}", "stands again"),
        Claim(f"Outcomes rows {first} and {second}", "the same"), Claim(fault.planted.found_at.split(",")[0], "twice"),
    ):  # fmt: skip
        assert means(claim, fault, labels(team)) != NOT, claim


def test_a_renamed_outcome_is_known_by_its_name_in_the_teams_own_file(keys: list[Key]) -> None:
    team, fault = next((t, f) for t, f in faults(keys) if f.planted.kind == "output_as_outcome")
    [name] = fault.called
    assert name.startswith("Attended ")
    assert name not in labels_of(team.sound).values()
    assert means(Claim(name, "An output counted as an outcome"), fault, labels(team))
    assert means(Claim("", f"{name.lower()} is an output"), fault, labels(team))
    assert means(Claim("Attended 77 workshops of the project", "an output"), fault, labels(team)) == NOT


def test_a_cell_with_the_right_words_beats_the_cell_alone(keys: list[Key]) -> None:
    team, fault = next((t, f) for t, f in faults(keys) if f.planted.kind == "month_as_year")
    own = cell_at(fault.cell)
    assert own is not None
    assert own.column == "O"
    assert means(Claim(f"Outcomes O{own.row}", "a price per month"), fault, labels(team)) == CERTAIN
    assert means(Claim(f"Outcomes P{own.row}", "?"), fault, labels(team)) == SURE


# ---- what is wrong is not ----


def test_wrong_claims_mean_no_fault(keys: list[Key]) -> None:
    claims = [
        ("Outcomes", "everything"), ("Inputs", "everything"), ("Map", "everything"), ("Stakeholders", "all of it"),
        ("Value map", "everything"), ("sheet Outcomes", ""), ("Outcomes", ""), ("Value map", "wrong"), ("", "all wrong"),
        ("Map", ""), ("Evidence", "too much"), ("the map", "is too long"), ("Value map!Z99", "typed over a formula"),
        ("Value map row 99", "hidden row"), ("row 99", "hidden"), ("column ZZ", "prices of another year"),
        ("Outcomes row 60", "an output counted as an outcome"), ("Inputs row 60", "stands twice"),
        ("Outcomes!A99", "one outcome in two lines"), ("Involvement row 90", "nobody was asked"), ("line 9999", "wrong"),
        ("residents", ""), ("older_people.size", "too many"), ("older_people", "spelled badly"), ("Map!C5", "no title"),
        ("Map C5", "the title is too long"), ("Outcomes column AU", "all of one place"), ("Result B9", "should be 7"),
        ("Volunteers", "are kind people"), ("Value map B1", "no title"), ("Value map!B3", "euros would be better"),
        ("Summary!Z1", "two tables that disagree"), ("Rates C5", "wrong link"), ("Sensitivity row 8", "ten points"),
    ]  # fmt: skip
    assert len(claims) >= 30
    understood = [
        (fault.planted.kind, fault.place, place, words)
        for team, fault in faults(keys)
        for known in [labels(team)]
        for place, words in claims
        if means(Claim(place, words), fault, known) != NOT
    ]
    assert understood == []


def test_a_fault_on_one_line_is_not_claimed_by_the_same_words_on_another(keys: list[Key]) -> None:
    tried = 0
    for key in keys:
        for team in key.teams:
            known = labels(team)
            busy = {cell.row for fault in team.faults for cell in fault.part if cell.sheet == "Outcomes"}
            free = [row for row in range(6, 6 + len(team.sound.outcomes)) if row not in busy]
            for fault in team.faults:
                own = cell_at(fault.cell)
                if own is None or own.sheet != "Outcomes":
                    continue
                for row in free:
                    tried += 1
                    assert means(Claim(f"Outcomes row {row}", fault.heading), fault, known) == NOT
                    assert means(Claim(f"Outcomes {own.column}{row}", fault.heading), fault, known) == NOT
    assert tried >= 10


def test_a_cell_of_the_value_map_is_not_one_of_the_sheet_map(keys: list[Key]) -> None:
    team, fault = next((t, f) for t, f in faults(keys) if f.planted.kind == "no_limits")
    assert fault.cell == "sheet Map, cell C18"
    assert means(Claim("Map!C18", "empty"), fault, labels(team)) != NOT
    assert means(Claim("Value map!C18", "empty"), fault, labels(team)) == NOT
    assert means(Claim("the Value map, C18", "empty"), fault, labels(team)) == NOT


# ---- places ----


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("row 10: hidden", [("", "", 10)]),
        ("Value map row 10", [("Value map", "", 10)]),
        ("rows 6, 8 to 9 and row 12", [("", "", 6), ("", "", 8), ("", "", 9), ("", "", 12)]),
        ("columns AN and AO in Outcomes", [("Outcomes", "AN", 0), ("Outcomes", "AO", 0)]),
        ("C22-C24", [("", "C", 22), ("", "C", 24)]),
        ("'Value map'!$C$18", [("Value map", "C", 18)]),
        ("Outcomes AG9 and inputs g7", [("Outcomes", "AG", 9), ("Inputs", "G", 7)]),
        ("the map, row 3", [("", "", 3)]),
        ("part of the row, 60 people, in 2014", []),
        ("rows 1 to 99999", [("", "", row) for row in range(1, 62)]),
    ],
)
def test_places_are_read_as_people_write_them(text: str, read: list[tuple[str, str, int]]) -> None:
    assert [(cell.sheet, cell.column, cell.row) for cell in places_in(text)] == read


def test_the_keys_cell_is_that_of_the_column_though_it_is_empty(folders: list[Path], keys: list[Key]) -> None:
    for folder, key in zip(folders, keys, strict=True):
        told = yaml.safe_load((folder / "key" / "key.yaml").read_text(encoding="utf-8"))
        for part, team in zip(told["teams"], key.teams, strict=True):
            assert [each["cell"] for each in part["faults"]] == [fault.cell for fault in team.faults]
            book = openpyxl.load_workbook(folder / f"{team.name}.xlsx")
            for fault in team.faults:
                cell = cell_at(fault.cell)
                assert cell is not None
                owner, _, field = fault.planted.where.partition(".")
                if cell.sheet not in ("Outcomes", "Inputs"):
                    continue
                sheet = book[cell.sheet]
                assert sheet[f"A{cell.row}"].value == owner
                heading = str(sheet[f"{cell.column}5"].value)
                assert heading.rpartition(".")[2] in (field or "id").split(".") or heading == f"{field}.value"


def test_places_of_a_map_printed_by_hand() -> None:
    guide = sroi.example("wheels_to_meals")
    row = 6 + [outcome.id for outcome in guide.outcomes].index("gp_visits")
    assert [str(cell) for cell in cells_of(guide, "gp_visits.proxy")] == [f"sheet Outcomes, cell O{row}"]
    assert str(true_cell(guide, "gp_visits.material.significance", ())) == f"sheet Outcomes, cell AO{row}"
    assert str(true_cell(guide, "negative_outcomes_sought", ())) == "sheet Map, cell C13"
    assert cells_of(guide, "outcomes") == ()
    assert is_bare_sheet("the sheet Outcomes")
    assert not is_bare_sheet("Outcomes A6")


# ---- what is printed of it ----


def test_a_printed_total_with_two_digits_swapped_shows_both_figures() -> None:
    sound = sound_case(sroi.example("wheels_to_meals"), 2, 2, "Team 1")
    faulty = plant(sound, "digits_swapped", 1, "Team 1")
    assert faulty is not None
    [planted] = faulty.planted
    assert planted.was == f"{float(sroi.evaluate(sound).total_present_value):.0f}"
    assert planted.now == faulty.tree["published"]["total_present_value"]
    assert sorted(planted.was) == sorted(planted.now)
    assert planted.was != planted.now


def test_a_hidden_row_was_shown_and_is_hidden() -> None:
    sheet = spreadsheet_of(sroi.example("wheels_to_meals"))
    [planted] = plant_in_sheet(sheet, ["hidden_row"], 1, 2, "Team 1").planted
    assert (planted.was, planted.now) == ("shown", "hidden")


@pytest.mark.parametrize("years", [0.5, 1.5, 2.25])
def test_the_spreadsheet_counts_a_part_of_a_year_as_the_map_does(years: float) -> None:
    tree = tree_of(sound_case(sroi.example("wheels_to_meals"), 1, 1, "Team 1"))
    tree["outcomes"][0]["duration"] = years
    sheet, right = spreadsheet_of(map_of(tree)), flattened(map_of(tree))
    assert sheet.cells[sheet.rows[0], 7].content == years
    assert right.outcomes[0].duration is not None
    assert right.outcomes[0].duration.base == years
    read, found = faults_of(spreadsheet_bytes(sheet), "x.xlsx")
    assert float(sroi.evaluate(read).sroi_ratio) == pytest.approx(float(sroi.evaluate(right).sroi_ratio))
    assert not found


def test_half_a_year_beside_lines_of_one_year_is_no_fault_of_the_line() -> None:
    sheet = spreadsheet_of(sound_case(sroi.example("befriending"), 4, 3, "Team 1"))
    lasts = [sheet.cells[row, 7].content for row in sheet.rows]
    assert 0.5 in lasts
    assert lasts.count(1) > len(lasts) / 2
    assert not faults_of(spreadsheet_bytes(sheet), "x.xlsx")[1]


# ---- the list itself ----


def _list(folder: Path, headings: list[str]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows([["Team", "Team 1"], ["Our ratio", "2"], headings, ["Outcomes A6", "wrong"]])
    path = folder / "team_1_fault_list.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize("headings", [["Place", "What"], ["Where", "What is wrong with it"], ["Where", "What"]])
def test_a_list_with_other_headings_says_which_ones_it_needs(tmp_path: Path, headings: list[str]) -> None:
    trouble = read_returned(_list(tmp_path, headings)).trouble
    assert "this is a fault list without its headings" in trouble
    assert "'Place (cell, line or name)' and 'What is wrong with it'" in trouble


def test_a_list_in_the_workbook_with_one_heading_changed_is_read_beside_the_other(
    folders: list[Path], keys: list[Key], tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(folders[0] / "team_1.xlsx")
    sheet = book["Fault list"]
    sheet["B6"], sheet["A7"], sheet["B7"] = "What", keys[0].teams[0].faults[0].cell, "wrong"
    book.save(tmp_path / "team_1.xlsx")
    marks = mark_class([tmp_path / "team_1.xlsx"], keys[0]).teams[0]
    assert marks.marks[0].result == "found"

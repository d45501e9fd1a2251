"""Our own workbook: it comes back equal, computes what Python computes, and says where a fault stands."""

from __future__ import annotations

import random
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import ROOT
from random_maps import random_value_map
from recalculation import SOFFICE, apart, by_formualizer, by_libreoffice, change_inputs, expected, figures, opened

import sroi
from sroi import cli
from sroi.errors import ImpossibleMap
from sroi.files import workbook_layout as layout
from sroi.files.starter import starter
from sroi.files.workbook_writer import workbook_bytes
from sroi.files.yaml import parse_yaml

CHANGED_MAPS = 104
needs_libreoffice = pytest.mark.skipif(
    SOFFICE is None, reason="NOT TESTED: no LibreOffice here. On Debian: sudo apt install libreoffice-calc"
)


def written(impact_map: sroi.ImpactMap, path: Path) -> Path:
    sroi.write_value_map(impact_map, path)
    return path


# ---- out and in again ----


@pytest.mark.parametrize("seed", range(70))
def test_a_map_written_as_a_workbook_and_read_is_equal(seed: int, tmp_path: Path) -> None:
    impact_map = sroi.ImpactMap.model_validate(random_value_map(random.Random(seed), ranges=0.6))
    assert sroi.read_value_map(written(impact_map, tmp_path / "map.xlsx")) == impact_map


@pytest.mark.parametrize("name", ["wheels_to_meals", "befriending"])
def test_case_studies_survive_yaml_to_workbook_to_yaml(name: str, tmp_path: Path) -> None:
    once = sroi.read_value_map(written(sroi.example(name), tmp_path / "a.xlsx"))
    again = sroi.read_value_map(written(once, tmp_path / "b.yaml"))
    assert again == sroi.example(name)


def test_the_workbook_in_templates_is_current() -> None:
    assert (ROOT / "templates" / "value_map.xlsx").read_bytes() == workbook_bytes(
        parse_yaml(starter().encode(), "starter")
    )


def test_a_number_keeps_its_last_digit(small_tree: dict[str, Any], tmp_path: Path) -> None:
    small_tree["outcomes"][0]["quantity"] = {"value": 0.1 + 0.2, "source": "x"}
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    assert sroi.read_value_map(written(impact_map, tmp_path / "m.xlsx")) == impact_map


def test_columns_and_rows_may_be_moved(tmp_path: Path) -> None:
    path = written(sroi.example("befriending"), tmp_path / "m.xlsx")
    book = opened(path)
    sheet = book["Outcomes"]
    # Two columns trade places, and a row is left blank in between.
    for row in range(layout.HEADINGS + 1, sheet.max_row + 1):
        left, right = sheet.cell(row, 26), sheet.cell(row, 28)
        left.value, right.value = right.value, left.value
    sheet.insert_rows(layout.FIRST + 3)
    book.save(path)
    assert sroi.read_value_map(path) == sroi.example("befriending")


# ---- live formulas ----


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, tuple[dict[str, Any], float]]:
    """Workbooks of random maps whose inputs were changed in the workbook, after it was written.

    With each stand the figures that Python reads from it, and the sum of its gross values.
    """
    folder = tmp_path_factory.mktemp("changed")
    files: dict[Path, tuple[dict[str, Any], float]] = {}
    seed = 0
    while len(files) < CHANGED_MAPS:
        rng = random.Random(seed)
        impact_map = sroi.ImpactMap.model_validate(random_value_map(rng, ranges=0.2))
        path = folder / f"map_{seed}.xlsx"
        path.write_bytes(workbook_bytes(impact_map))
        change_inputs(path, rng)
        try:
            impact_map = sroi.read_value_map(path)
            files[path] = expected(impact_map), float(abs(sroi.evaluate(impact_map).gross).sum())
        except sroi.SroiError:  # the change made an impossible map: not what is tested here
            path.unlink()
        seed += 1
    return files


def _hold_together(files: dict[Path, tuple[dict[str, Any], float]], recalculated: list[Path]) -> None:
    worst: dict[str, float] = {}
    by_name = {path.stem: told for path, told in files.items()}
    for theirs in recalculated:
        worst[theirs.name] = apart(figures(theirs), *by_name[theirs.stem])
    assert len(worst) >= 100
    assert {name: distance for name, distance in worst.items() if not distance <= 1e-9} == {}


@pytest.mark.slow
@needs_libreoffice
def test_libreoffice_comes_to_what_python_comes_to_on_changed_inputs(
    changed: dict[Path, tuple[dict[str, Any], float]], tmp_path: Path
) -> None:
    _hold_together(changed, by_libreoffice(list(changed), tmp_path, tables=True))


@pytest.mark.slow
def test_formualizer_comes_to_what_python_comes_to_on_changed_inputs(
    changed: dict[Path, tuple[dict[str, Any], float]], tmp_path: Path
) -> None:
    _hold_together(changed, by_formualizer(list(changed), tmp_path))


@pytest.mark.slow
def test_a_wrong_formula_does_not_pass_the_check(tmp_path: Path) -> None:
    path = written(sroi.example("befriending"), tmp_path / "m.xlsx")
    book = opened(path)
    working = book["Working"]
    wrong = next(
        cell for row in working.iter_rows(min_row=17, max_row=17) for cell in row if "MAX(0,1-" in str(cell.value)
    )
    wrong.value = str(wrong.value).replace("(1-", "(1.01-", 1)
    book.save(path)
    (theirs,) = by_formualizer([path], tmp_path)
    assert apart(figures(theirs), expected(sroi.example("befriending")), 1.0) > 1e-4


@pytest.mark.parametrize("seed", [3, 8, 21])
def test_every_value_stored_beside_a_formula_is_what_the_formula_gives(seed: int, tmp_path: Path) -> None:
    impact_map = sroi.ImpactMap.model_validate(random_value_map(random.Random(seed)))
    path = written(impact_map, tmp_path / "m.xlsx")
    (theirs,) = by_formualizer([path], tmp_path)
    formulas, ours, recalculated = opened(path), opened(path, values=True), opened(theirs, values=True)
    different = []
    for sheet in formulas.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            a = ours[sheet.title][cell.coordinate].value or 0
            b = recalculated[sheet.title][cell.coordinate].value or 0
            same = a == b or (not isinstance(a, str) and not isinstance(b, str) and abs(a - b) <= 1e-9 * max(1, abs(a)))
            different += [] if same else [(sheet.title, cell.coordinate, a, b)]
    assert different == []


def test_no_formula_uses_what_excel_2016_lacks_or_array_entry(tmp_path: Path) -> None:
    path = written(sroi.example("befriending"), tmp_path / "m.xlsx")
    used: set[str] = set()
    for sheet in opened(path).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            assert isinstance(cell.value, str)  # an array formula is an object of its own
            used |= {token.value.rstrip("(") for token in openpyxl.formula.Tokenizer(cell.value).items
                     if token.type == "FUNC" and token.subtype == "OPEN"}  # fmt: skip
    assert used <= {"ABS", "AND", "AVERAGE", "COUNT", "COUNTA", "COUNTIF", "IF", "IFERROR", "INDEX", "INT", "ISNUMBER", "MATCH", "MAX", "MIN",
                    "OR", "SUBSTITUTE", "SUM", "SUMIF", "SUMPRODUCT", "TEXT"}  # fmt: skip


def test_the_longest_activity_keeps_every_formula_within_what_excel_takes(
    small_tree: dict[str, Any], tmp_path: Path
) -> None:
    small_tree["activity"] = {"years": 100}
    small_tree["inputs"][0]["value"] = {"by_year": [10.5] * 100}
    small_tree["outcomes"][0]["quantity"] = {"by_year": [2] * 100}
    small_tree["outcomes"][0]["duration"] = 60
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    path = written(impact_map, tmp_path / "m.xlsx")
    book = opened(path)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert max(len(str(cell.value)) for cell in cells) < 8000
    assert max(sheet.max_column for sheet in book.worksheets) < 16384
    assert sroi.read_value_map(path) == impact_map


def test_the_names_that_others_rely_on_stand_on_live_cells(tmp_path: Path) -> None:
    path = written(sroi.example("wheels_to_meals"), tmp_path / "m.xlsx")
    formulas, values = opened(path), opened(path, values=True)
    stored = {}
    for name in ("total_inputs", "total_present_value", "net_present_value", "sroi_ratio"):
        sheet, address = formulas.defined_names[name].value.split("!")
        assert str(formulas[sheet][address.replace("$", "")].value).startswith("=")
        stored[name] = values[sheet][address.replace("$", "")].value
    assert stored["sroi_ratio"] == pytest.approx(1.92901318)
    assert stored["total_present_value"] == pytest.approx(81741.93358)
    sheet, address = formulas.defined_names["discount_rate"].value.split("!")
    assert formulas[sheet][address.replace("$", "")].value == 0.035


# ---- safety and faults ----


def test_text_that_looks_like_a_formula_stays_text(small_tree: dict[str, Any], tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://example.org","x")'
    small_tree["outcomes"][0]["description"] = evil
    small_tree["stakeholders"][0]["name"] = "+1+1"
    small_tree["title"] = "@SUM(A1)"
    impact_map = sroi.ImpactMap.model_validate(small_tree)
    path = written(impact_map, tmp_path / "m.xlsx")
    sheet = opened(path)["Outcomes"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == evil)
    assert cell.data_type == "s"
    assert sroi.read_value_map(path) == impact_map


def test_the_workbook_holds_no_macro_no_link_and_no_network(tmp_path: Path) -> None:
    path = written(sroi.example("befriending"), tmp_path / "m.xlsx")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert not any("vba" in name.lower() or "externallink" in name.lower() for name in names)
        relations = b"".join(archive.read(name) for name in names if name.endswith(".rels"))
    assert b'TargetMode="External"' not in relations


def test_faults_of_a_workbook_are_told_with_sheet_and_cell(tmp_path: Path) -> None:
    path = written(sroi.example("wheels_to_meals"), tmp_path / "m.xlsx")
    book = opened(path)
    sheet = book["Outcomes"]
    columns = {cell.value: cell.column for cell in sheet[layout.KEYS + 1]}
    row = layout.FIRST + 1
    sheet.cell(row, columns["deadweight"]).value = 25
    sheet.cell(row + 1, columns["stakeholder"]).value = "resident"
    sheet.cell(row + 2, columns["quantity"]).value = "seven"
    sheet.cell(row + 3, columns["duration"]).value = "#REF!"
    book["Map"].cell(layout.setting_row("currency") + 1, 3).value = "pounds"
    book.save(path)
    with pytest.raises(ImpossibleMap) as refused:
        sroi.read_value_map(path)
    assert str(refused.value).splitlines() == [
        f"{path}: 5 problems",
        "  sheet Outcomes, cell M9: the cell holds the spreadsheet's error #REF!. Correct the cell or what it refers to.",
        "  sheet Map, cell C9, currency: 'pounds' is not a currency code. Did you mean GBP? Give three capital letters of ISO 4217, such as GBP.",
        "  sheet Outcomes, cell AG6, outcomes, falls_a_and_e, deadweight: '25' is above 1, which is 100 %. Did you mean 25%?",
        "  sheet Outcomes, cell G8, outcomes, falls_care, quantity, value: 'seven' stands where a number belongs. Give a number, such as 12.",
        "  sheet Outcomes, cell B7, outcomes, falls_assessment, stakeholder: there is no stakeholder 'resident'. Did you mean 'residents'?",
    ]


def test_findings_of_a_workbook_name_their_cells(tmp_path: Path) -> None:
    path = written(sroi.example("wheels_to_meals"), tmp_path / "m.xlsx")
    found = sroi.review(sroi.read_value_map(path))
    assert all(finding.cell is None or finding.cell.startswith("sheet ") for finding in found)
    assert any(finding.cell == "sheet Outcomes, cell C9" for finding in found)


def test_a_total_typed_over_or_out_of_step_is_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(sroi.example("wheels_to_meals"), tmp_path / "m.xlsx")
    assert cli.main(["check", str(path)]) == 0
    assert "total of the workbook" not in capsys.readouterr().out
    book = opened(path)
    sheet, address = book.defined_names["sroi_ratio"].value.split("!")
    book[sheet][address.replace("$", "")].value = 2.9
    book.save(path)
    assert cli.main(["check", str(path)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "the SROI ratio is typed over: the cell holds no formula any more" in said
    assert "the workbook shows 2.9000 as SROI ratio; recomputed from its cells it is 1.9290" in said


# ---- a stranger's workbook, by the commands ----


def strange(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Impact Map"
    sheet["A1"], sheet["A2"] = "A community garden", "All values in £, 2023 prices"
    headings = ("Stakeholders", "Inputs", "Amount £", "Outcome", "No. of people", "Duration (years)", "Proxy description",
                "Value £", "Source", "Deadweight %", "Displacement %", "Attribution (owed to others) %", "Drop off %", "Impact")  # fmt: skip
    rows = (
        ("Gardeners", "Fees", 1200, "Feel healthier", 40, 2, "Gym", 320, "Price list", 0.25, 0, 0.2, 0.1),
        ("", "Volunteer time", 3000, "Made friends", 35, 1, "Club fee", 150, "Survey", 0.1, 0, 0.3, 0),
        ("Council", "Grant", 8000, "Cleaner streets", 12, 1, "Clearance", 95, "Council", 0.4, 0.05, 0.2, 0),
    )
    for column, heading in enumerate(headings, start=1):
        sheet.cell(4, column, heading)
    for line, row in enumerate(rows, start=5):
        for column, value in enumerate((*row, f"=E{line}*H{line}*(1-J{line})*(1-K{line})*(1-L{line})"), start=1):
            sheet.cell(line, column, value)
            if 10 <= column <= 13:
                sheet.cell(line, column).number_format = "0%"
    sheet["A8"], sheet["N8"] = "Total", "=SUM(N5:N6)"
    book.save(path)
    return path


def test_check_tells_repairs_and_the_workbooks_own_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(strange(tmp_path / "strange.xlsx"))]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Price year read as 2023, from words beside the table (sheet Impact Map, cell A2)" in said
    assert "the sum adds 2 lines of outcomes and leaves out the last line, N7 (Cleaner streets)" in said


def test_convert_returns_it_with_live_formulas_and_the_same_ratio(tmp_path: Path) -> None:
    path = strange(tmp_path / "strange.xlsx")
    assert (
        cli.main(["convert", str(path), str(tmp_path / "ours.xlsx"), "--save-mapping", str(tmp_path / "like.yaml")])
        == 0
    )
    theirs, ours = (sroi.evaluate(sroi.read_value_map(each)) for each in (path, tmp_path / "ours.xlsx"))
    by_hand = (
        40 * 320 * 0.75 * 0.8 * (1 / 1.035 + 0.9 / 1.035**2)
        + (35 * 150 * 0.9 * 0.7 + 12 * 95 * 0.6 * 0.95 * 0.8) / 1.035
    )
    assert theirs.total_present_value == pytest.approx(by_hand, rel=1e-12)
    assert ours.sroi_ratio == theirs.sroi_ratio == pytest.approx(by_hand / 12200)
    again = strange(tmp_path / "next.xlsx")
    assert cli.main(["convert", str(again), str(tmp_path / "next.yaml"), "--mapping", str(tmp_path / "like.yaml")]) == 0


@pytest.mark.parametrize("title", ["Inputs", "", "What we put in"])
@pytest.mark.parametrize("total", [8200, None])
def test_inputs_listed_below_the_outcomes_are_inputs_and_none_is_lost(
    title: str, total: int | None, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "A youth club, £, 2024 prices"
    table = (
        (
            "Stakeholder",
            "Outcome",
            "Quantity",
            "Value £",
            "Duration",
            "Deadweight",
            "Displacement",
            "Attribution",
            "Drop-off",
        ),
        ("Young people", "More confident", 40, 200, 2, 0.2, 0, 0.3, 0.1),
        ("Parents", "Less worried", 25, 80, 1, 0.1, 0, 0.2, 0),
    )
    for line, row in enumerate(table, start=3):
        for column, value in enumerate(row, start=1):
            sheet.cell(line, column, value)
    listed = [("Grant", 5000), ("Volunteers' time", 2500), ("Room hire", 700)]
    below = [(title, None)] * bool(title) + listed + [("Total inputs", total)] * bool(total)
    for line, (words, figure) in enumerate(below, start=8):
        sheet.cell(line, 2, words)
        sheet.cell(line, 3, figure)
    book.save(tmp_path / "club.xlsx")
    impact_map = sroi.read_value_map(tmp_path / "club.xlsx")
    assert [(given.label, given.value.base) for given in impact_map.inputs if given.value is not None] == listed
    assert [outcome.label for outcome in impact_map.outcomes] == ["More confident", "Less worried"]


# ---- speed ----


@pytest.mark.slow
@pytest.mark.alone
def test_sixty_outcomes_are_read_evaluated_and_rewritten_in_three_times_what_openpyxl_takes_to_load(
    tmp_path: Path,
) -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    import start_up

    impact_map = sroi.read_value_map(start_up.write_map(tmp_path))
    path = written(impact_map, tmp_path / "sixty.xlsx")
    ratios = []
    for _ in range(4):
        start = time.perf_counter()
        openpyxl.load_workbook(path)
        loaded = time.perf_counter()
        again = sroi.read_value_map(path)
        sroi.evaluate(again)
        sroi.write_value_map(again, tmp_path / "again.xlsx", overwrite=True)
        ratios.append((time.perf_counter() - loaded) / (loaded - start))
    assert min(ratios) <= 3.0


@pytest.mark.parametrize("wrong", [40, -0.1, "25 per cent", None])
def test_a_share_that_the_program_refuses_is_said_beside_the_ratio(tmp_path: Path, wrong: float | str | None) -> None:
    path = tmp_path / "map.xlsx"
    sroi.write_value_map(sroi.example("befriending"), path)
    book = opened(path)
    sheet = book["Outcomes"]
    column = next(cell.column for cell in sheet[layout.KEYS + 1] if cell.value == "attribution")
    sheet.cell(layout.FIRST + 1, column).value = wrong
    book.save(path)
    (done,) = by_formualizer([path], tmp_path)
    said = [row[0] for row in opened(done, values=True)["Result"].iter_rows(max_col=1, values_only=True)]
    check = next(words for words in said if str(words).startswith("CHECK") or str(words).startswith("Checked"))
    assert check == (
        "Checked: all years are counted." if wrong is None else
        "CHECK: a share is no number from 0 % to 100 %: no figure here can be trusted. `sroi check` names the cell."
    )  # fmt: skip

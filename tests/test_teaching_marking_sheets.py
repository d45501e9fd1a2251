"""Spreadsheets that come back without what a fault stood in: nothing counts as mended that cannot be seen."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import sroi
from sroi.teaching.case_files import write_case
from sroi.teaching.cases import case_for_teams
from sroi.teaching.key import Key, read_key
from sroi.teaching.marking import FOUND, HALF, MISSED, Marks, mark_class
from sroi.teaching.returned import read_returned

NAME = "team_1_spreadsheet.xlsx"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("sheets") / "case"
    write_case(case_for_teams(sroi.example("befriending"), "befriending", 1, 7, 2, 5), path)
    return path


@pytest.fixture(scope="module")
def key(case: Path) -> Key:
    return read_key(case / "key")


def marked(key: Key, folder: Path) -> Marks:
    return mark_class([folder], key).teams[0]


def kinds(key: Key) -> list[str]:
    return [fault.planted.kind for fault in key.teams[0].sheet_faults]


def changed(case: Path, folder: Path, change: Callable[[Any], None], values: bool = False) -> None:
    book = openpyxl.load_workbook(case / NAME, data_only=values)
    change(book)
    book.save(folder / NAME)


def test_values_in_place_of_formulas_mend_nothing(case: Path, key: Key, tmp_path: Path) -> None:
    assert kinds(key) == ["number_as_text", "rate_inside", "sum_misses_row"]
    changed(case, tmp_path, lambda book: None, values=True)
    marks = marked(key, tmp_path)
    assert [mark.result for mark in marks.marks] == [MISSED] * 3
    said = "its formulas are gone, and values stand in their place: what was mended there cannot be seen"
    assert marks.notes[0] == f"{NAME}: {said}, and only the fault list counts"


def test_a_csv_of_a_spreadsheet_mends_nothing_and_the_list_counts(case: Path, key: Key, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(case / NAME, data_only=True).worksheets[0]
    with (tmp_path / "team_1_spreadsheet.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["" if cell is None else cell for cell in row] for row in sheet.values])
    marks = marked(key, tmp_path)
    assert [mark.result for mark in marks.marks] == [MISSED] * 3
    assert "a CSV file holds values alone: what was mended there cannot be seen" in marks.notes[0]
    (tmp_path / "team_1_fault_list.csv").write_text(
        "Place (cell),What is wrong with it\nO15,the sum misses the last row\n", "utf-8"
    )
    of_sheet = {mark.what: mark.result for mark in marked(key, tmp_path).marks}
    assert of_sheet["A sum that misses a row"] == FOUND
    assert of_sheet["A discount rate hidden inside a formula"] == MISSED


def test_what_was_mended_with_its_formula_is_found(case: Path, key: Key, tmp_path: Path) -> None:
    def mend(book: Any) -> None:
        book.worksheets[0]["O15"] = "=SUM(O8:O14)"

    changed(case, tmp_path, mend)
    results = dict(zip(kinds(key), [mark.result for mark in marked(key, tmp_path).marks], strict=True))
    assert results == {"number_as_text": MISSED, "rate_inside": MISSED, "sum_misses_row": FOUND}


def test_a_line_that_is_taken_out_with_its_fault_is_no_mended_line(case: Path, key: Key, tmp_path: Path) -> None:
    def take_out(book: Any) -> None:
        sheet = book.worksheets[0]
        row = next(cell.row for cell in sheet["C"] if cell.value == "39,744")
        for column in (1, 2, 3):
            sheet.cell(row, column).value = None

    changed(case, tmp_path, take_out)
    [mark] = [mark for mark in marked(key, tmp_path).marks if mark.what == "A number stored as a text"]
    assert mark.result == HALF
    assert mark.how.startswith("taken out of the spreadsheet, where it belongs: Volunteers' hours")


def test_the_ratio_that_a_spreadsheet_shows_is_its_teams_answer(case: Path, key: Key, tmp_path: Path) -> None:
    """The lines are right and the totals are not: 214,715.31 over 52,650 shows 4.08, where 2.32 is right."""
    (tmp_path / NAME).write_bytes((case / NAME).read_bytes())
    marks = marked(key, tmp_path)
    assert marks.ratio == pytest.approx(214_715.3142675894 / 52_650)
    assert marks.ratio_words.startswith("not 2.32")
    assert "the spreadsheet shows 4.08 as its ratio, its lines come to 2.32" in marks.notes


def test_a_table_that_cannot_be_read_beside_its_list_is_said(case: Path, tmp_path: Path) -> None:
    def empty(book: Any) -> None:
        for row in book.worksheets[0]["A8:O14"]:
            for cell in row:
                cell.value = None

    changed(case, tmp_path, empty)
    assert read_returned(tmp_path / NAME).trouble.startswith("its table could not be read, only its fault list: ")
    (tmp_path / "team_1_fault_list.csv").write_bytes((case / "team_1_fault_list.csv").read_bytes())
    assert read_returned(tmp_path / "team_1_fault_list.csv").trouble == ""

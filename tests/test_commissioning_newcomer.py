"""What a newcomer meets who fills the buyer's forms in Excel: the slips that everybody makes, and what is told then."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sroi.commissioning.delivery.form import EXAMPLE, FORM
from sroi.errors import FileRefused
from sroi.files.form_reader import read_form
from sroi.files.form_writer import form_bytes
from sroi.reading import read_day


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.xlsx"
    path.write_bytes(form_bytes(FORM, EXAMPLE))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read_form(path, FORM)
    return str(refused.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("31/03/2026", "2026-03-31"),
        ("31.3.2026", "2026-03-31"),
        ("31 March 2026", "2026-03-31"),
        ("1 Sep 2025", "2025-09-01"),
        ("05/05/2025", "2025-05-05"),
        ("1/9/2025", "2024-04-01"),  # the example: which of the two days is meant cannot be known
        ("31/02/2026", "2024-04-01"),
        ("in spring", "2024-04-01"),
    ],
)
def test_a_day_in_another_order_is_offered_as_it_is_to_be_written_if_one_only_can_be_meant(
    written: str, meant: str
) -> None:
    with pytest.raises(ValueError, match="is not a date") as refused:
        read_day(written)
    assert str(refused.value) == f"'{written}' is not a date. Write it as year-month-day: {meant}."
    assert read_day(meant) == date.fromisoformat(meant)


def test_a_sheet_that_may_be_missing_is_missed_where_it_was_only_renamed(register: Path) -> None:
    book = openpyxl.load_workbook(register)
    book["Deliveries"].title = "Delivered in year 1"
    book.create_sheet("Our notes")["A1"] = "Call the depot"
    book.save(register)
    told = refusal(register)
    assert told == (
        f"{register}: sheet Delivered in year 1 is not read: its headings are those of 'Deliveries' in this form. "
        "Call it 'Deliveries', or take it out."
    )


def test_a_blank_sheet_under_another_name_is_only_noted(register: Path) -> None:
    book = openpyxl.load_workbook(register)
    book["Changes"].delete_rows(5, 40)
    book["Changes"].title = "Later"
    book.save(register)
    filled = read_form(register, FORM)
    assert filled.notes == ("Not read: the sheet Later",)


def test_a_note_below_a_table_is_one_problem_that_says_where_a_note_may_stand(register: Path) -> None:
    book = openpyxl.load_workbook(register)
    sheet = book["Commitments"]
    sheet["A30"] = "NB: trees to follow"
    book.save(register)
    told = refusal(register)
    assert "sheet Commitments, cell A30: 'NB: trees to follow' stands alone in its row." in told
    assert "Move a note to the right of the table or to a sheet of its own" in told
    assert "problems" not in told
    sheet["A30"], sheet["J30"] = None, "NB: trees to follow"
    book.save(register)
    assert len(read_form(register, FORM)["commitments"]) == len(EXAMPLE["commitments"])

"""Messy forms: what is written is read, or its loss is told; what looks the same is not taken for two things."""

from __future__ import annotations

import io
import time
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sroi.commissioning.contract.nouns import anniversary, twelve_months_end
from sroi.commissioning.delivery.merging import merged
from sroi.errors import FileRefused, Nearest
from sroi.files.form import Column, Form, Part
from sroi.files.form_reader import read_form
from sroi.files.form_writer import form_bytes

WHO = Part("who", "Who", "Who was asked.", (
    Column("name", "Name", "title", "Residents of Northgate", required=True),
    Column("how", "How", "text", "Two drop-in days"),
    Column("day", "Day", "day", "2025-01-28"),
), key=("name",))  # fmt: skip
HEAD = Part("head", "Head", "What it is.", (
    Column("title", "Title", "title", required=True), Column("complete_to", "Complete to", "day"),
), single=True)  # fmt: skip
VISITS = Part("visits", "Visits", "Each visit.", (
    Column("id", "Visit", "text", required=True), Column("who", "Whom", "text", refers_to="who.name"),
), required=False)  # fmt: skip
FORM = Form("asked", "Who was asked", ("Illustrative: invented.",), (HEAD, WHO, VISITS))
ROWS: dict[str, Any] = {
    "head": {"title": "Asked", "complete_to": date(2025, 2, 1)},
    "who": [
        {"name": "Residents of Northgate", "how": "Two drop-in days", "day": date(2025, 1, 28)},
        {"name": "Traders", "how": "Two drop-in days", "day": date(2025, 1, 28)},
    ],
}


def book(rows: dict[str, Any] = ROWS) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(form_bytes(FORM, rows)))


def saved(folder: Path, workbook: openpyxl.Workbook) -> Path:
    path = folder / "form.xlsx"
    workbook.save(path)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        read_form(path, FORM)
    return str(caught.value)


def test_who_fills_in_what_the_help_gives_as_an_example_loses_no_row(tmp_path: Path) -> None:
    assert [row["name"] for row in read_form(saved(tmp_path, book()), FORM)["who"]] == [
        "Residents of Northgate",
        "Traders",
    ]


def test_help_in_partly_other_words_is_still_no_row(tmp_path: Path) -> None:
    workbook = book()
    workbook["Who"]["B4"] = "Help of an older version"
    assert len(read_form(saved(tmp_path, workbook), FORM)["who"]) == 2


def test_a_column_without_a_heading_is_said_not_to_be_read(tmp_path: Path) -> None:
    workbook = book()
    workbook["Who"]["E6"] = "not seen by anybody"
    notes = read_form(saved(tmp_path, workbook), FORM).notes
    assert notes == ("Not read, for want of a heading: column E of the sheet Who",)


def test_a_mistyped_label_of_a_record_is_a_fault_at_its_cell_and_its_entry_is_not_lost_in_silence(
    tmp_path: Path,
) -> None:
    workbook = book()
    workbook["Head"]["A5"] = "Complete upto"
    assert "sheet Head, cell A5: 'Complete upto' is no label of this sheet. Did you mean 'Complete to'?" in refusal(
        saved(tmp_path, workbook)
    )
    workbook["Head"]["B5"] = None
    assert read_form(saved(tmp_path, workbook), FORM).one("head")["complete_to"] is None, "nothing is lost by it"


@pytest.mark.parametrize("same", ["traders", " TRADERS ", "Trad\u200bers", "\uff34raders", "Traders\u00a0"])
def test_keys_that_nobody_can_tell_apart_are_one(tmp_path: Path, same: str) -> None:
    workbook = book()
    workbook["Who"]["A7"] = same
    told = refusal(saved(tmp_path, workbook))
    assert "stands twice: also at sheet Who, cell A6" in told
    assert "sheet Who, cell A7" in told


def test_keys_that_differ_in_a_letter_are_two(tmp_path: Path) -> None:
    workbook = book()
    workbook["Who"]["A7"] = "Trader"
    assert len(read_form(saved(tmp_path, workbook), FORM)["who"]) == 3


def test_an_update_in_other_letters_does_not_count_a_delivery_twice(tmp_path: Path) -> None:
    from sroi.commissioning.delivery.example import EXAMPLE
    from sroi.commissioning.delivery.form import FORM as REGISTER

    register, update = tmp_path / "register.yaml", tmp_path / "update.yaml"
    register.write_bytes(form_bytes(REGISTER, EXAMPLE, ".yaml"))
    rows = [dict(row) for row in EXAMPLE["deliveries"]][:1]
    rows[0]["id"] = rows[0]["id"].lower()
    update.write_bytes(form_bytes(REGISTER, {"deliveries": rows}, ".yaml"))
    text = update.read_text(encoding="utf-8")
    update.write_text(text[text.index("deliveries:") :], encoding="utf-8")
    with pytest.raises(FileRefused, match="'d1' stands in the register in other letters: 'D1'"):
        merged(register, update)


def test_thousands_of_names_that_there_are_not_are_refused_in_seconds(tmp_path: Path) -> None:
    names = [{"name": f"Organisation number {at} of Northgate"} for at in range(2_000)]
    visits = [{"id": f"v{at}", "who": f"Organization numbr {at} of Nrthgate"} for at in range(2_000)]
    path = tmp_path / "form.yaml"
    path.write_bytes(form_bytes(FORM, {**ROWS, "who": names, "visits": visits}, ".yaml"))
    began = time.process_time()
    told = refusal(path)
    assert time.process_time() - began < 12
    assert "Did you mean 'Organisation number 0 of Northgate'?" in told
    assert "and 1,800 more" in told


def test_the_nearest_of_many_names_is_looked_for_as_long_as_that_costs_little() -> None:
    few = Nearest(["jobs", "trees"], "See the sheet.")
    assert {few.remedy(f"job{at}") for at in range(300)} == {"Did you mean 'jobs'?"}
    many = Nearest((f"name{at}" for at in range(15_000)), "See the sheet Names.")
    assert [many.remedy(word) for word in ("name1x", "nam2", "name3x", "name1x")] == [
        "Did you mean 'name1'?", "Did you mean 'name2'?", "See the sheet Names.", "Did you mean 'name1'?",
    ]  # fmt: skip


def test_the_calendar_ends_without_a_crash() -> None:
    assert anniversary(date(9999, 2, 3), 1) == date.max
    assert twelve_months_end(date(9999, 12, 31)) < date.max
    assert anniversary(date(2024, 2, 29), 4) == date(2028, 2, 29)

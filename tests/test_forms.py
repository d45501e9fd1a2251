"""A form declared once gives its workbook, its YAML and its messages; what is written reads back equal."""

from __future__ import annotations

import io
import string
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sroi.errors import FileRefused
from sroi.files.form import Column, Form, Part
from sroi.files.form_reader import Filled, read_form
from sroi.files.form_writer import form_bytes

MEASURES = Part(
    "measures",
    "Measures",
    "What is measured.",
    (
        Column("id", "Id", "id", "A short name, such as jobs.", required=True),
        Column("unit", "Unit", "title", "hour, tree ..", required=True),
        Column("proxy", "Value of one", "money", "In GBP.", low=0.0),
        Column("share", "Share", "share"),
        Column("tags", "Tags", "list", choices=("jobs", "trees", "air quality")),
        Column("since", "Since", "day"),
        Column("counts", "Counts", "yes_no"),
        Column("state", "State", "choice", choices=("claimed", "validated")),
        Column("number", "How many", "whole", low=0, high=10),
    ),
    key=("id",),
)
SITES = Part(
    "sites", "Sites", "Where.", (Column("name", "Name", "title", required=True), Column("measure", "Measure", "id", refers_to="measures.id")), required=False
)  # fmt: skip
BUYER = Part("buyer", "Buyer", "Who buys.", (Column("name", "Name", "title", required=True), Column("note", "Note")), single=True)  # fmt: skip
FORM = Form("example", "An example", ("It is only a test.",), (BUYER, MEASURES, SITES))
ROWS: dict[str, Any] = {
    "buyer": {"name": "=Millbrook", "note": "first line\nsecond: line # not a comment"},
    "measures": [
        {"id": "jobs", "unit": "job", "proxy": 1 / 3, "share": 0.15, "tags": ("jobs", "air quality"), "since": date(2026, 3, 31), "counts": True, "state": "claimed", "number": 3},
        {"id": "trees", "unit": "no", "counts": False},
    ],
    "sites": [{"name": "Hill Top", "measure": "trees"}],
}  # fmt: skip


def written(folder: Path, rows: dict[str, Any] = ROWS, ending: str = ".xlsx", form: Form = FORM) -> Path:
    path = folder / f"form{ending}"
    path.write_bytes(form_bytes(form, rows, ending))
    return path


def values(filled: Filled) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{key: value for key, value in row.values.items() if value is not None} for row in rows]
        for name, rows in filled.parts.items()
    }


def refusal(path: Path, form: Form = FORM) -> str:
    with pytest.raises(FileRefused) as caught:
        read_form(path, form)
    return str(caught.value)


@pytest.mark.parametrize("ending", [".xlsx", ".yaml"])
def test_a_filled_form_reads_back_as_it_was_written(tmp_path: Path, ending: str) -> None:
    filled = read_form(written(tmp_path, ending=ending), FORM)
    assert values(filled) == {**ROWS, "buyer": [ROWS["buyer"]]}
    assert filled.one("buyer")["name"] == "=Millbrook"
    assert filled["measures"][0]["proxy"] == 1 / 3, "to the last digit"
    assert len(filled.sha256) == 64


def test_the_same_rows_give_the_same_bytes() -> None:
    assert form_bytes(FORM, ROWS) == form_bytes(FORM, ROWS)


def test_a_blank_form_asks_for_what_is_needed_and_has_its_help_beside_the_cells(tmp_path: Path) -> None:
    path = written(tmp_path, {})
    told = refusal(path)
    assert "Buyer: nothing is filled in" in told
    assert "Measures: nothing is filled in. Fill in one row at least" in told
    assert "Sites" not in told, "may stay empty"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Guide", "Buyer", "Measures", "Sites"]
    assert [cell.value for cell in book["Measures"][3]][:3] == ["Id *", "Unit *", "Value of one"]
    assert book["Measures"]["A4"].value == "A short name, such as jobs."
    offered = {
        str(rule.sqref).split(":")[0]: rule.formula1 for rule in book["Measures"].data_validations.dataValidation
    }
    assert offered == {"G5": '"yes,no"', "H5": '"claimed,validated"'}


def test_a_blank_yaml_form_says_what_to_write_beside_each_key(tmp_path: Path) -> None:
    text = written(tmp_path, {}, ".yaml").read_text(encoding="utf-8")
    assert "  name:  # needed; Name" in text
    assert "measures: []" in text
    assert "#   unit:  # needed; hour, tree .." in text


def test_every_fault_of_a_workbook_is_told_at_its_cell_in_one_message(tmp_path: Path) -> None:
    path = written(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["Measures"]
    sheet["B5"] = None
    sheet["C5"], sheet["D5"], sheet["E5"], sheet["F5"] = -1, 40, "jobs; tree", "31/03/2026"
    sheet["H5"], sheet["I5"], sheet["A6"] = "claim", 2.5, "jobs"
    sheet["J3"], sheet["J5"] = "Colour", "red"
    book["Sites"]["B5"] = "treess"
    book.save(path)
    told = refusal(path)
    for each in (
        "sheet Measures, cell B5: 'Unit' is missing. hour, tree ..",
        "sheet Measures, cell C5: 'Value of one': '-1' is below 0",
        "sheet Measures, cell D5: 'Share': '40' is above 1, which is 100 %. Did you mean 40%?",
        "sheet Measures, cell E5: 'Tags': 'tree' is not one of the choices here. Did you mean 'trees'?",
        "sheet Measures, cell F5: 'Since': '31/03/2026' is not a date. Write it as year-month-day: 2026-03-31.",
        "sheet Measures, cell H5: 'State': 'claim' is not one of the choices here. Did you mean 'claimed'?",
        "sheet Measures, cell I5: 'How many': '2.5' is no whole number",
        "sheet Measures, cell A6: 'jobs' stands twice: also at sheet Measures, cell A5",
        "sheet Measures, cell J3: 'Colour' is no heading of this sheet",
        "sheet Sites, cell B5: 'Measure': there is no 'treess' in Measures",
    ):
        assert each in told, each
    assert f"{path}: 10 problems" in told


def test_faults_of_yaml_are_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text("buyer:\n  nam: x\nmeasures:\n  - id: Jobs\n    unit: job\n  - 7\nsitess: []\n", encoding="utf-8")
    told = refusal(path)
    assert "line 2: unknown key 'nam' in buyer. Did you mean 'name'?" in told
    assert "line 4: 'Id': 'Jobs' is not an id" in told
    assert "line 6: an entry of `measures` that is no group" in told
    assert "line 7: unknown key 'sitess'. Did you mean 'sites'?" in told


def test_a_stranger_may_move_rows_and_columns_and_add_sheets(tmp_path: Path) -> None:
    path = written(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["Measures"]
    sheet.insert_rows(1, 3)
    sheet.delete_rows(7)  # the row of help
    sheet.move_range("A6:A60", cols=12)
    book.create_sheet("Notes")["A1"] = "ours"
    book.save(path)
    filled = read_form(path, FORM)
    assert [row["id"] for row in filled["measures"]] == ["jobs", "trees"]
    assert filled.notes == ("Not read: the sheet Notes",)


def test_a_form_of_another_version_whose_help_reads_otherwise_is_no_fault(tmp_path: Path) -> None:
    path = written(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["Measures"]
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "A short name, such as jobs."]
    cell.value = "A name in short: jobs."
    book.save(path)
    assert values(read_form(path, FORM)) == values(read_form(written(tmp_path, ending=".yaml"), FORM))


def test_a_row_filled_in_with_the_words_of_the_help_is_no_help(tmp_path: Path) -> None:
    part = Part(
        "asked",
        "Asked",
        "Who.",
        (Column("who", "Who", "title", "Residents"), Column("how", "How", "text", "A meeting")),
    )
    form = Form("asked", "Asked", (), (part,))
    own = {"asked": [{"who": "Residents", "how": "A meeting"}, {"who": "Residents", "how": "By post"}]}
    assert values(read_form(written(tmp_path, own, form=form), form)) == own


def test_a_sheet_without_its_headings_and_one_that_is_missing_are_told(tmp_path: Path) -> None:
    path = written(tmp_path)
    book = openpyxl.load_workbook(path)
    del book["Buyer"]
    for cell in book["Measures"][3]:
        cell.value = None
    book.save(path)
    told = refusal(path)
    assert "there is no sheet 'Buyer'" in told
    assert "sheet Measures: the row of headings is not found" in told


def test_another_form_of_this_program_is_refused_in_one_sentence(tmp_path: Path) -> None:
    part = Part("asked", "Asked", "Who.", (Column("who", "Who", "title", "Residents", required=True),), required=True)
    other = Form("asked", "Who was asked", (), (part,))
    path = written(tmp_path)
    with pytest.raises(FileRefused) as caught:
        read_form(path, other)
    assert str(caught.value) == (
        f"{path}: this is the form '{FORM.title}'; here the form 'Who was asked' is read. "
        "Begin that one with `sroi commission new asked FILE.xlsx`."
    )


def test_a_formula_without_a_value_and_an_error_are_faults_of_their_cells(tmp_path: Path) -> None:
    path = written(tmp_path)
    book = openpyxl.load_workbook(path)
    book["Measures"]["C5"] = "=1+1"
    book["Measures"]["B5"] = "#REF!"
    book.save(path)
    told = refusal(path)
    assert "cell C5: a formula without a stored value" in told
    assert "cell B5: the cell shows the error #REF!" in told
    assert told.count("cell B5") == 1, "a fault is told once"


def test_a_table_alone_may_be_a_csv_file(tmp_path: Path) -> None:
    path = tmp_path / "measures.csv"
    path.write_text("Id,Unit,Share\njobs,job,25%\n", encoding="utf-8")
    alone = Form("alone", "Alone", (), (MEASURES, SITES))
    assert read_form(path, alone)["measures"][0]["share"] == 0.25
    assert "has several tables (Buyer, Measures, Sites), and a CSV file holds one" in refusal(path)


def test_what_is_no_form_is_refused_kindly(tmp_path: Path) -> None:
    for name, content, told in (
        ("a.docx", b"x", "files ending in '.docx' are not read here"),
        ("a.yaml", b"- 1\n", "this is no form"),
        ("a.yaml", b" \n", "this file is empty"),
        ("a.xlsx", b"PK\x03\x04 broken", "this file is damaged"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert told in refusal(path)
    assert "there is no such file" in refusal(tmp_path / "none.xlsx")


words = st.text(string.ascii_letters + string.digits + " éß=+-@:#'\"{}[]|&*!%,~?<>`£", min_size=1, max_size=30)
visible = words.map(str.strip).filter(lambda text: bool(text))
rows = st.fixed_dictionaries(
    {"id": st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True), "unit": visible},
    optional={
        "proxy": st.floats(0, 1e9),
        "share": st.floats(0, 1),
        "since": st.dates(date(1990, 1, 1), date(2090, 1, 1)),
        "counts": st.booleans(),
        "number": st.integers(0, 10),
    },
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(rows, min_size=1, max_size=4, unique_by=lambda row: row["id"]), name=visible)
def test_any_rows_come_back_from_both_formats(tmp_path: Path, table: list[dict[str, Any]], name: str) -> None:
    whole = {"buyer": {"name": name}, "measures": table}
    for ending in (".xlsx", ".yaml"):
        filled = read_form(written(tmp_path, whole, ending), FORM)
        assert values(filled) == {"buyer": [{"name": name}], "measures": table, "sites": []}, ending


def test_no_text_of_a_form_becomes_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(form_bytes(FORM, ROWS)))
    assert book["Buyer"]["B4"].value == "=Millbrook"
    assert book["Buyer"]["B4"].data_type == "s"

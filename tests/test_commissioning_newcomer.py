"""What a newcomer meets who fills the buyer's forms in Excel: the slips that everybody makes, and what is told then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from deliveries import delivery, small

from sroi.commands.commission_paper import what_for
from sroi.commissioning.bids import words
from sroi.commissioning.bids.papers import read_profile
from sroi.commissioning.bids.profile_form import EXAMPLE as PROFILE
from sroi.commissioning.bids.profile_form import FORM as PROFILE_FORM
from sroi.commissioning.delivery.form import EXAMPLE, FORM
from sroi.commissioning.delivery.standing import Rules, standing
from sroi.commissioning.delivery.words import later_words
from sroi.commissioning.place.gathering import gathered_of
from sroi.commissioning.prevention.form import EXAMPLE as PREVENTION
from sroi.commissioning.prevention.form import FORM as PREVENTION_FORM
from sroi.commissioning.prevention.questions import answers
from sroi.commissioning.prevention.reading import read_prevention
from sroi.commissioning.prevention.study import study_prevention
from sroi.commissioning.spend.saying import study_lines
from sroi.commissioning.spend.settings import Settings
from sroi.commissioning.spend.study import study_spend
from sroi.errors import FileRefused
from sroi.files.form_reader import read_form
from sroi.files.form_writer import form_bytes
from sroi.reading import read_day

CASES = Path(__file__).parent.parent / "case_studies"


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


def test_a_delivery_judged_or_made_after_the_day_is_told_beside_the_day() -> None:
    register = small(
        deliveries=[
            delivery("D1", 10, date(2025, 6, 1)),
            delivery("D2", 10, date(2025, 6, 2), validated_on=date(2025, 7, 15)),
            delivery("D3", 10, date(2025, 8, 1)),
        ]
    )
    assert later_words(standing(register, Rules(date(2025, 6, 30)))) == [
        "Dated after this day, so left out: 1 delivery (D3). --on DAY looks at another day.",
        "Judged after this day, so taken as not yet judged: 1 delivery (D2). --on DAY looks at another day.",
    ]
    assert later_words(standing(register, Rules(date(2025, 8, 1)))) == []


def test_each_file_of_a_paper_is_told_by_what_it_is_for() -> None:
    assert what_for("letter_alder.docx") == "a letter to one bidder, a draft to check and sign"
    assert what_for("value_map.yaml") == "the value map, for `sroi check` and `sroi report`"
    assert what_for("bids.docx") == "the same, to edit in Word"
    assert what_for("unheard.of") == ""


def test_the_basis_of_the_prices_is_told_or_that_it_is_not_said(tmp_path: Path) -> None:
    path = tmp_path / "profile.xlsx"
    path.write_bytes(form_bytes(PROFILE_FORM, PROFILE))
    profile = read_profile(path)
    assert words.price_words(profile) == (
        "Price, as the profile has it: The price of the whole contract without VAT, beside the lowest."
    )
    silent = tuple(replace(criterion, description="") for criterion in profile.criteria)
    assert words.price_words(replace(profile, criteria=silent)).startswith("Whether the prices are with VAT or without")
    assert "one in the last digit" in words.shown_words(profile), "38.37 + 22.50 + 15.00 + 9.27 + 3.75 beside 88.88"
    rounded_before = replace(profile, tender=replace(profile.tender, rounding="each_score"))
    assert words.shown_words(rounded_before) == "", "then what is shown adds up"


def test_what_a_case_for_prevention_leaves_open_is_named_as_the_workbook_has_it(tmp_path: Path) -> None:
    path = tmp_path / "prevention.xlsx"
    path.write_bytes(form_bytes(PREVENTION_FORM, PREVENTION))
    open_points = [each for answer in answers(study_prevention(read_prevention(path))) for each in answer.open]
    assert any(each.endswith("“Who acts” (Indicators, who_acts).") for each in open_points)
    assert any("“What would be no success” (Settings, hollow_success)" in each for each in open_points)


def test_maps_of_one_file_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    paths = []
    for folder in ("befriending", "employment"):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "value_map.yaml")
        paths[-1].write_bytes((CASES / folder / "value_map.yaml").read_bytes())
    assert gathered_of(paths).source == "befriending/value_map.yaml, employment/value_map.yaml"


def test_a_choice_that_is_missing_is_told_with_what_there_is_to_choose(register: Path) -> None:
    book = openpyxl.load_workbook(register)
    book["Deliveries"]["H5"] = None
    book.save(register)
    assert refusal(register).endswith("Give one of: claimed, evidenced, validated, rejected.")


def test_a_share_beyond_the_whole_is_told_with_its_cause(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    rows = ["Date,Supplier name,Amount", "30/03/2026,Acme Mowers Ltd,1250", "31/03/2026,ACME MOWERS LIMITED,-250"]
    ledger.write_text("\n".join(rows), encoding="utf-8")
    told = "\n".join(study_lines(study_spend(ledger, Settings())))
    assert "(between −25 % and 125 %)" in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "An end lies below 0 % or above 100 %, for some suppliers were credited more than they were paid" in told
    ledger.write_text("\n".join(rows[:2]), encoding="utf-8")
    assert "An end lies" not in "\n".join(study_lines(study_spend(ledger, Settings())))

"""Tables of answers as people keep them: every layout gives the same figures, every fault is named with its cell."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from messy_workbooks import Grid, write
from surveys import people, table

import sroi
from sroi.files.survey_cells import Code, written
from sroi.files.survey_reader import SurveyColumns, read_roll, read_survey
from sroi.survey import Rules, study_answers

WIDE = SurveyColumns(("Before",), ("After",), person="Person", group="Group", treated="helped")


def _equal(one: Any, other: Any) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in ("before", "after")
    ) and np.array_equal(one.participant, other.participant)


def _workbook(path: Path, rows: list[list[Any]], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Answers"
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path


# ---- layouts ----


def test_the_order_of_the_rows_leaves_no_trace(tmp_path: Path) -> None:
    rows = people(1)
    one = read_survey(table(tmp_path / "a.csv", rows), WIDE)
    random.Random(3).shuffle(rows)
    other = read_survey(table(tmp_path / "a.csv", rows), WIDE)
    assert _equal(one, other)
    assert study_answers(one, Rules(improved_by=1)).claim == study_answers(other, Rules(improved_by=1)).claim


def test_wide_and_long_csv_and_workbook_say_the_same(tmp_path: Path) -> None:
    rows = people(2)
    wide = read_survey(table(tmp_path / "wide.csv", rows), WIDE)
    semicolons = read_survey(table(tmp_path / "semi.csv", rows, delimiter=";"), WIDE)
    book = read_survey(_workbook(tmp_path / "wide.xlsx", [["Person", "Group", "Before", "After"], *rows]), WIDE)
    long_rows = [[who, group, when, score]
                 for who, group, before, after in rows
                 for when, score in ((date(2024, 4, 1), before), (date(2025, 4, 1), after)) if score != ""]  # fmt: skip
    long = _workbook(tmp_path / "long.xlsx", [["Person", "Group", "When", "Score"], *long_rows])
    waves = {"person": "Person", "group": "Group", "treated": "helped", "wave": "When"}
    named = read_survey(long, SurveyColumns(("Score",), first="2024-04-01", last="2025-04-01", **waves))
    ends = read_survey(long, SurveyColumns(("Score",), first="earliest", last="latest", **waves))
    for other in (semicolons, book, named, ends):
        assert _equal(wide, other)


def test_an_open_document_says_the_same_as_the_table_and_its_faults_are_named_by_sheet_and_cell(tmp_path: Path) -> None:
    rows = people(2)
    wide = read_survey(table(tmp_path / "wide.csv", rows), WIDE)
    grid = Grid("Answers").put(1, 1, "Person", "Group", "Before", "After")
    for place, row in enumerate(rows, start=2):
        grid.put(place, 1, *(None if cell == "" else cell for cell in row))
    assert _equal(read_survey(write(tmp_path / "wide.ods", grid), WIDE), wide)
    long = Grid("Answers").put(1, 1, "Person", "Group", "When", "Score")
    at = 2
    for who, group, before, after in rows:
        for when, score in ((date(2024, 4, 1), before), (date(2025, 4, 1), after)):
            if score != "":
                long.put(at, 1, who, group, when, score)
                at += 1
    waves = SurveyColumns(
        ("Score",), first="earliest", last="latest", person="Person", group="Group", treated="helped", wave="When"
    )
    assert _equal(read_survey(write(tmp_path / "long.ods", long), waves), wide)
    grid.put(3, 3, "middling")
    with pytest.raises(sroi.SroiError, match="sheet Answers, cell C3") as refused:
        read_survey(write(tmp_path / "faulty.ods", grid), WIDE)
    assert "middling" in str(refused.value)


def test_columns_under_merged_headings_are_found_with_the_words_above_them(tmp_path: Path) -> None:
    rows = [["Spring survey"], ["Who", "Calm", None, "Sleep", None], ["Id", "Before", "After", "Before", "After"]]
    rows += [[f"p{place}", place % 5, place % 5 + 1, 3, 4] for place in range(12)]
    path = _workbook(tmp_path / "merged.xlsx", rows, ("B2:C2", "D2:E2"))
    answers = read_survey(path, SurveyColumns(("Calm before", "Sleep before"), ("Calm after", "sleep  AFTER"), "Id"))
    assert answers.before.shape == (12, 2)
    assert (answers.after[:, 1] == 4).all()
    with pytest.raises(sroi.SroiError, match="the heading 'Before' stands over columns B and D") as refused:
        read_survey(path, SurveyColumns(("Before",), ("Calm after",)))
    assert "such as 'calm before', or by its letters: --before B" in str(refused.value)
    assert (read_survey(path, SurveyColumns(("B",), ("C",))).before[:, 0] == np.sort(np.arange(12) % 5)).all()


def test_ids_match_whatever_their_case_and_spaces_and_never_leave_the_reader(tmp_path: Path) -> None:
    rows = [["Ann Lee", 3, ""], [" ann  LEE ", "", 5], *[[f"p{place}", 3, 4] for place in range(8)]]
    answers = read_survey(table(tmp_path / "a.csv", rows, ("Person", "Before", "After")),
                          SurveyColumns(("Before",), ("After",), "Person"))  # fmt: skip
    assert len(answers.before) == 9
    assert "ann" not in repr(answers).lower()
    assert [each.words(1) for each in answers.counted] == [
        "1 row completes another row of the same person: put together"
    ]


def test_two_persons_of_the_same_words_are_one_mark_and_marks_differ_from_run_to_run(tmp_path: Path) -> None:
    roll = read_roll(
        table(tmp_path / "a.csv", [["7"], ["7.0"], [" 7 "], ["x"], ["Total"], [""]], ("Person",)), "Person"
    )
    assert len(roll.marks) == 2
    assert all(len(mark) == 16 and mark != b"7" for mark in roll.marks)


# ---- what is counted and said ----


def test_labels_decimal_commas_and_refusals_are_read_and_counted(tmp_path: Path) -> None:
    answers = ["10 - completely", "7,5", "N/A", "Prefer not to say", "0: not at all", "8", "", "Completely (10)", "-"]
    rows = [[5, answer] for answer in answers] * 5
    found = read_survey(
        table(tmp_path / "a.csv", rows, ("Before", "After"), ";"), SurveyColumns(("Before",), ("After",))
    )
    assert sorted(set(found.after[~np.isnan(found.after)].tolist())) == [0.0, 7.5, 8.0, 10.0]
    told = [each.words(5) for each in found.counted]
    assert "15 answers with their words beside them (10 - completely) are read as their number" in told
    assert "5 answers have a decimal comma (7,5)" in told
    assert "5 answers 'prefer not to say' are taken as none" in told
    few = read_survey(
        table(tmp_path / "a.csv", rows[:12], ("Before", "After"), ";"), SurveyColumns(("Before",), ("After",))
    )
    assert "fewer than 5 answers have a decimal comma (7,5)" in [each.words(5) for each in few.counted]


def test_words_stand_for_numbers_only_where_that_is_said(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [["No", "Yes"], ["no", "not sure"], ["yes", 99]], ("Before", "After"))
    code = Code({"yes": 1.0, "no": 0.0}, frozenset({"not sure", "99"}))
    found = read_survey(path, SurveyColumns(("Before",), ("After",), code=code))
    assert found.before[:, 0].tolist() == [0, 0, 1]
    assert np.isnan(found.after).sum() == 2
    with pytest.raises(sroi.SroiError, match="'yes' stands where an answer belongs") as refused:
        read_survey(path, SurveyColumns(("Before",), ("After",)))
    assert "--answers 'yes=4'; or --missing 'yes'" in str(refused.value)


# ---- faults ----


def test_every_fault_of_a_file_is_in_one_message_with_its_cell(tmp_path: Path) -> None:
    rows = [
        ["p1", "helped", "about 7", 5], ["p2", "helped", 3, 11], ["p3", "waiting", "1.250", 4], ["p4", "helped", 3, 4],
        ["p4", "waiting", 3, 4], ["p5", "helped", 3, 4], ["p5", "helped", 2, 4], ["Average", "", 3, 4],
    ]  # fmt: skip
    with pytest.raises(sroi.SroiError) as refused:
        read_survey(table(tmp_path / "a.csv", rows, delimiter=";"), SurveyColumns(
            ("Before",), ("After",), "Person", "Group", "helped", code=Code(scale=(0, 10))))  # fmt: skip
    told = str(refused.value)
    for words in (
        "6 problems",
        "cell C2: 'about 7' stands where an answer belongs. Say what number it stands for: --answers 'about 7=4'",
        "cell D3: '11' lies outside the scale from 0 to 10. Correct it; if it stands for no answer, say --missing 11.",
        "cell C4: '1.250' can be read in two ways, with and without decimals.",
        "cell B6: a person stands in both groups, here and in A5. Give each person one group",
        "cell A8: a person stands twice with different answers, here and in A7.",
        "cell A9: a row of totals stands among the answers ('average'). Take it out.",
    ):
        assert words in told
    assert "p4" not in told
    assert "p5" not in told


def test_a_long_list_of_faults_is_cut_and_its_length_said(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [["lots", 4]] * 50, ("Before", "After"))
    with pytest.raises(sroi.SroiError, match=r"and 30 more like these\. Mend these first"):
        read_survey(path, SurveyColumns(("Before",), ("After",)))


def test_days_per_cents_and_formula_errors_are_no_answers(tmp_path: Path) -> None:
    path = _workbook(
        tmp_path / "a.xlsx", [["Before", "After"], [date(2024, 10, 1), 3], ["#N/A", 3], [3, "=AVERAGE(A2:A9)"]]
    )
    with pytest.raises(sroi.SroiError) as refused:
        read_survey(path, SurveyColumns(("Before",), ("After",)))
    told = str(refused.value)
    assert "cell A2: a day (2024-10-01) stands where an answer belongs. Spreadsheets turn answers such as 1-10" in told
    assert "cell B4: a formula over several rows stands where an answer belongs" in told
    assert "'#N/A', a formula's error" in told


def test_groups_that_nobody_can_tell_apart_are_asked_about_and_ids_are_not_listed(tmp_path: Path) -> None:
    rows = [[f"name{place}", "abc"[place % 3], 3, 4] for place in range(30)]
    path = table(tmp_path / "a.csv", rows)
    with pytest.raises(sroi.SroiError, match="the column has 2 groups beside 'a'") as refused:
        read_survey(path, SurveyColumns(("Before",), ("After",), "Person", "Group", "a"))
    assert "--control. Groups of at least 5: 'a', 'b', 'c'" in str(refused.value)
    with pytest.raises(sroi.SroiError, match="nobody is in a group 'helpd'") as refused:
        read_survey(path, SurveyColumns(("Before",), ("After",), "Person", "Person", "helpd"))
    assert "name" not in str(refused.value).replace("Check the name of the column", "")
    found = read_survey(path, SurveyColumns(("Before",), ("After",), "Person", "Group", "a", "c"))
    assert "10 people are in neither group: left out" in [each.words(5) for each in found.counted]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (SurveyColumns(("Score",), wave="When"), "Name the column of the ids: --person"),
        (SurveyColumns(("a", "b"), ("c",)), "2 questions before, 1 after"),
        (SurveyColumns(("a", "a"), ("b", "c")), "--before names 'a' twice"),
        (SurveyColumns(("a",), ("a",)), "'a' is named both before and after"),
        (SurveyColumns(("a",), ("b",), group="g"), "--group and --treated belong together"),
        (SurveyColumns(("a",), ("b",), first="x"), "without a column of waves"),
        (SurveyColumns(()), "no question is named"),
        (SurveyColumns(("Befor",), ("After",)), "Did you mean 'Before'"),
        (SurveyColumns(("Before",), ("After",), sheet="Sheet9"), "there is no sheet 'Sheet9'"),
    ],
)
def test_what_is_asked_wrongly_is_said(columns: SurveyColumns, words: str, tmp_path: Path) -> None:
    with pytest.raises(sroi.SroiError, match=words.replace("(", r"\(")):
        read_survey(table(tmp_path / "a.csv", people(1)), columns)


def test_a_wave_that_no_row_has_is_said_with_those_there_are(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [["p", "start", 3], ["p", "end", 4]], ("Person", "Wave", "Score"))
    columns = SurveyColumns(("Score",), person="Person", wave="Wave", first="Start", last="finish")
    with pytest.raises(sroi.SroiError, match=r"no row is of the wave 'finish'\. The waves are: 'end', 'start'"):
        read_survey(path, columns)
    columns = SurveyColumns(("Score",), person="Person", wave="Wave", first="earliest", last="latest")
    with pytest.raises(sroi.SroiError, match="neither days nor numbers"):
        read_survey(path, columns)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", "this file is empty. Give a table or a workbook with something in it."),
        (b"\x00\x01\x02", "a.csv", "this is not a workbook"),
        (b"PK\x03\x04broken", "a.xlsx", "this file is damaged"),
        (b"%PDF-1.4", "a.csv", "this is a PDF"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "a.xls", "workbook of the old kind"),
        (b"Before,After\n", "a.csv", "fewer than 5 participants"),
        (("Before,After\n" + "1" * 400 + ",2\n").encode(), "a.csv", "stands where an answer belongs"),
        (b"Before,After\n" + b'"' + b"x" * 2_000_000, "a.csv", "this is not a table"),
        ("Before,After\n=HYPERLINK(1),\u202e5\n".encode(), "a.csv", "stands where an answer belongs"),
        ((",".join(["Before"] * 3000) + "\n").encode(), "a.csv", "stands over columns A and B and C and D"),
    ],
)
def test_hostile_files_are_refused_in_words(content: bytes, name: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(sroi.SroiError, match=words.replace("(", r"\(")):
        study_answers(read_survey(path, SurveyColumns(("Before",), ("After",))))


def test_a_survey_in_another_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Vorher;Nachher – später\n3;4\n5;6\n".encode("cp1252"))
    assert read_survey(path, SurveyColumns(("vorher",), ("Nachher – später",))).after[:, 0].tolist() == [4, 6]


def test_words_are_compared_without_case_space_and_letter_forms() -> None:
    assert written("\uff21nn\u00a0 Lee ") == "ann lee"
    assert written(True) == "true"
    assert written(12.50) == "12.5"

"""The lessons' workbooks: their formulas, recalculated by outside engines, say of an answer what Python says."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from recalculation import SOFFICE, by_formualizer, by_libreoffice, opened

from sroi.files.workbook_pen import Pen
from sroi.teaching.checking import Marking, mark, right_answer
from sroi.teaching.course import Exercise, Lesson, lessons
from sroi.teaching.keys import key_of
from sroi.teaching.prose import as_plain
from sroi.teaching.workbook_marking import write_exercises
from sroi.teaching.workbooks import workbook_bytes

ROUNDS = 5


@pytest.fixture(scope="module")
def blank_sheets(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The sheet of exercises of each lesson, without its story."""
    folder = tmp_path_factory.mktemp("blank")
    made = {}
    for told in lessons():
        made[told.number] = folder / f"{told.number}.xlsx"
        book = xlsxwriter.Workbook(str(made[told.number]), {"strings_to_formulas": False})
        write_exercises(book, Pen(book), book.add_worksheet("Exercises"), told)
        book.close()
    return made


def rows_of(sheet: Any, told: Lesson) -> dict[str, int]:
    """Return the row of each exercise."""
    numbers = {asked.number for asked in told.exercises}
    return {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value in numbers}


def drawn_answer(asked: Exercise, rng: random.Random) -> Any:
    """Return an answer to try: right, wrong in a known way, or anything."""
    if asked.kind == "number":
        return drawn_number(asked, 0, rng)
    if asked.kind == "map":
        return {blank.name: drawn_number(asked, place, rng) for place, blank in enumerate(asked.blanks)}
    letters = [option.letter for option in asked.options]
    return rng.choice(letters) if asked.kind == "choice" else rng.sample(letters, rng.randint(1, len(letters)))


def drawn_number(asked: Exercise, place: int, rng: random.Random) -> Any:
    key = key_of(asked.number)[place]
    span = rng.choice(key.spans)
    sort = rng.random()
    if sort < 0.75:
        return (span.low + span.high) / 2
    return round(rng.uniform(-3, 3) * (abs(key.value) + 1), 3) if sort < 0.95 else "words"


def fill_in(sheet: Any, row: int, asked: Exercise, answer: Any) -> None:
    if asked.kind in ("number", "choice"):
        sheet.cell(row, 3).value = answer
    elif asked.kind == "map":
        for place, number in enumerate(answer.values(), 1):
            sheet.cell(row + place, 3).value = number
    else:
        for place, option in enumerate(asked.options, 1):
            sheet.cell(row + place, 3).value = "x" if option.letter in answer else None


def said_in(sheet: Any, row: int, asked: Exercise) -> tuple[bool, str]:
    """Return whether a sheet calls an answer right, and all its words about it."""
    rows = range(row, row + 1 + (len(asked.blanks) or (len(asked.options) if asked.kind == "several" else 0)))
    texts = [str(sheet.cell(each, 4).value or "") for each in rows]
    return texts[0].startswith("✓"), " ".join(texts)


def agree(marking: Marking, asked: Exercise, right: bool, text: str) -> bool:
    """Say whether a sheet says the same as Python: right or not, and each heading and reason."""
    if right != marking.right:
        return False
    if asked.kind == "number":
        return as_plain(f"{marking.title}. {' '.join(marking.words)}".strip()) in text
    if asked.kind == "map":
        wrong = [line.partition(": ")[2] for line in marking.words]
        return marking.right or all(as_plain(line) in text for line in wrong)
    if asked.kind == "choice" or marking.right:
        return all(as_plain(line) in text for line in marking.words)
    reasons = [line.partition("does not belong: ")[2] or line for line in marking.words]
    return marking.title in text and all(as_plain(line) in text for line in reasons)


def answered(blank: Path, told: Lesson, out: Path, answers: dict[str, Any]) -> Path:
    book = opened(blank)
    rows = rows_of(book["Exercises"], told)
    for asked in told.exercises:
        fill_in(book["Exercises"], rows[asked.number], asked, answers[asked.number])
    book.save(out)
    return out


def check_all(files: dict[Path, tuple[Lesson, dict[str, Any]]]) -> int:
    compared = 0
    for path, (told, answers) in files.items():
        sheet = opened(path, values=True)["Exercises"]
        rows = rows_of(sheet, told)
        right_ones = 0
        for asked in told.exercises:
            marking = mark(asked, answers[asked.number])
            right, text = said_in(sheet, rows[asked.number], asked)
            assert agree(marking, asked, right, text), (asked.number, answers[asked.number], text, str(marking))
            right_ones += right
            compared += 1
        assert sheet.cell(3, 1).value == f"{right_ones} of {len(told.exercises)} right"
    return compared


def test_a_second_engine_marks_as_python_does(blank_sheets: dict[int, Path], tmp_path: Path) -> None:
    rng = random.Random("workbooks")
    made: dict[str, tuple[Lesson, dict[str, Any]]] = {}
    for told in lessons():
        rounds = [{asked.number: right_answer(asked.number) for asked in told.exercises}]
        rounds += [{asked.number: drawn_answer(asked, rng) for asked in told.exercises} for _ in range(ROUNDS)]
        for place, answers in enumerate(rounds):
            name = f"{told.number}_{place}.xlsx"
            answered(blank_sheets[told.number], told, tmp_path / name, answers)
            made[name] = (told, answers)
    done = by_formualizer([tmp_path / name for name in made], tmp_path)
    exercises = sum(len(told.exercises) for told in lessons())
    assert check_all({path: made[path.name] for path in done}) == (1 + ROUNDS) * exercises


@pytest.mark.slow
@pytest.mark.skipif(
    SOFFICE is None, reason="NOT TESTED: no LibreOffice here. On Debian: sudo apt install libreoffice-calc"
)
def test_libreoffice_marks_as_python_does(blank_sheets: dict[int, Path], tmp_path: Path) -> None:
    rng = random.Random("libreoffice")
    made: dict[str, tuple[Lesson, dict[str, Any]]] = {}
    for told in lessons():
        answers = {asked.number: drawn_answer(asked, rng) for asked in told.exercises}
        answered(blank_sheets[told.number], told, tmp_path / f"{told.number}.xlsx", answers)
        made[f"{told.number}.xlsx"] = (told, answers)
    done = by_libreoffice([tmp_path / name for name in made], tmp_path)
    assert check_all({path: made[path.name] for path in done}) == sum(len(told.exercises) for told in lessons())


def test_an_empty_sheet_says_nothing_yet(blank_sheets: dict[int, Path], tmp_path: Path) -> None:
    done = by_formualizer([blank_sheets[4]], tmp_path)
    sheet = opened(done[0], values=True)["Exercises"]
    assert sheet.cell(3, 1).value == "0 of 6 right"
    rows = rows_of(sheet, lessons()[3])
    assert {str(sheet.cell(row, 4).value or "") for row in rows.values()} == {""}


def test_only_the_yellow_cells_take_an_answer_and_the_key_is_not_offered(blank_sheets: dict[int, Path]) -> None:
    book = opened(blank_sheets[4])
    sheet = book["Exercises"]
    assert sheet.protection.sheet
    rows = rows_of(sheet, lessons()[3])
    assert not sheet.cell(rows["4.2"], 3).protection.locked
    assert not sheet.cell(rows["4.1"] + 1, 3).protection.locked
    assert sheet.cell(rows["4.1"], 3).protection.locked
    assert sheet.cell(rows["4.2"], 4).protection.locked


@pytest.fixture(scope="module")
def whole() -> Any:
    return workbook_bytes(lessons()[2])


def test_the_whole_workbook_has_its_story_and_keeps_its_key_out_of_sight(whole: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(whole))
    assert book.sheetnames == ["Lesson", "Exercises", "Key"]
    assert book["Key"].sheet_state == "veryHidden"
    told = "\n".join(str(cell.value) for row in book["Lesson"] for cell in row if cell.value)
    assert "The step that raises" not in told
    assert "Now the step that raises eyebrows" in told
    assert "▶ Exercise 3.1" in told
    for asked in lessons()[2].exercises:
        assert as_plain(asked.notice) not in told


def test_no_right_answer_lies_in_a_cell_as_it_is(whole: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(whole))
    found = {cell.value for sheet in book for row in sheet for cell in row if isinstance(cell.value, int | float)}
    for asked in lessons()[2].exercises:
        for key in key_of(asked.number):
            assert not any(abs(number - key.value) < 1e-6 for number in found)


def test_a_workbook_has_no_macros_and_no_links(whole: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        names = archive.namelist()
    assert not any("vba" in name.lower() or "external" in name.lower() for name in names)


def test_a_workbook_comes_out_alike_each_time(whole: bytes) -> None:
    assert workbook_bytes(lessons()[2]) == whole

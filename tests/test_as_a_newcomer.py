"""What somebody met who came to the program with the documentation alone, and with files that are not what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import sroi
from sroi.batch.parameters import misfit
from sroi.batch.report import result_of_notebook
from sroi.cli import main
from sroi.errors import FileRefused
from sroi.files.registers import read_register

pytestmark = pytest.mark.usefixtures("warm_notebooks")

REGISTER = """id,outcome,value,unit,currency,price_year,source,licence,colour
fine,Calmer,12,hour,GBP,2020,invented,own,red
Bad Id,Fitter,twelve,hour,GBP,2020,invented,own,
"""


def test_a_register_with_a_column_too_many_has_all_its_faults_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_text(REGISTER, encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_register(tmp_path / "ours.csv")
    assert [str(problem) for problem in refused.value.problems] == [
        "heading, column 9: a register has no column 'colour'. Did you mean 'country'?",
        "row 3 (Bad Id), id: 'Bad Id' is not an id. Use small letters, digits and _ and begin with a letter, such as bad_id.",
        "row 3 (Bad Id), value: 'twelve' stands where a number belongs. Give a plain number, such as 12.50.",
    ]


def test_a_register_without_a_column_that_it_needs_says_that_alone(tmp_path: Path) -> None:
    lines = [",".join(line.split(",")[1:]) for line in REGISTER.splitlines()]
    (tmp_path / "ours.csv").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_register(tmp_path / "ours.csv")
    assert [problem.where for problem in refused.value.problems] == ["heading, column 8", "heading"]
    assert "the column 'id' is missing" in str(refused.value)


def test_a_register_that_is_no_text_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_bytes(b"id,value\n" + bytes(range(256)))
    with pytest.raises(FileRefused, match=r"this is not a text file\. Save the register as CSV, \.xlsx or YAML\.$"):
        read_register(tmp_path / "ours.csv")


@pytest.mark.parametrize(("size", "told"), [("2", "2 bytes"), ("49MB", "49,000,000 bytes")])
def test_a_limit_of_memory_in_which_nothing_runs_is_refused_before_anything_runs(
    size: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["batch", "plan.csv", "--template", "t.ipynb", "--out", "out", "--memory-limit", size])
    assert ended.value.code == 2
    said = f"argument --memory-limit: '{size}' is {told}, in which no notebook begins. Give 50MB or more, such as 2GB."
    assert said in capsys.readouterr().err


def likert(path: Path, heading: str) -> None:
    """Write answers in words: 30 people, of whom 20 went from disagree to agree; ten stayed."""
    rows = [f"Secret Name {n},{'Disagree' if n % 3 else 'Agree'},Agree" for n in range(30)]
    path.write_text("\n".join([*([heading] if heading else []), *rows]), encoding="utf-8")


IN_WORDS = ("--before", "B", "--after", "C", "--answers", "agree=4,disagree=2")


@pytest.mark.parametrize("title", ["", "Our survey,,\n", "Our survey,,\n\nAll who came,in spring,\n"])
def test_answers_in_words_are_not_taken_for_headings(command: Any, tmp_path: Path, title: str) -> None:
    likert(tmp_path / "answers.csv", f"{title}Person,At the start,At the end")
    by_letters = command("survey", "answers.csv", *IN_WORDS)
    assert by_letters.returncode == 0, by_letters.stderr
    assert by_letters.stdout.startswith("answers.csv: At the start; B and C\n")
    by_names = command("survey", "answers.csv", "--before", "At the start", "--after", "At the end", *IN_WORDS[4:])
    figures = by_letters.stdout.partition("\n")[2]
    assert by_names.stdout.partition("\n")[2] == figures
    assert [line.split() for line in figures.splitlines() if "Answered" in line] == [["Answered", "twice", "30"]]


def test_a_table_without_headings_is_refused_and_nobody_in_it_is_named(command: Any, tmp_path: Path) -> None:
    likert(tmp_path / "answers.csv", "")
    for options in (IN_WORDS, ("--before", "Start", "--after", "End")):
        ran = command("survey", "answers.csv", *options)
        assert ran.returncode == 1
        assert ran.stderr == "answers.csv: this file has no row of headings. Put the names over the columns.\n"


def test_a_column_that_is_not_there_is_answered_with_the_headings_and_with_nobody_s_name(
    command: Any, tmp_path: Path
) -> None:
    likert(tmp_path / "answers.csv", "Person,At the start,At the end")
    ran = command("survey", "answers.csv", "--before", "Kalm", "--after", "Nothing alike", "--person", "Id")
    assert ran.returncode == 1
    assert "row 1: --before: no column is called 'Kalm'. Known: Person, At the start, At the end." in ran.stderr
    assert "Secret" not in ran.stdout + ran.stderr


def test_a_bare_word_for_a_list_is_answered_with_the_list_that_was_meant() -> None:
    assert str(misfit("before", "Start, Middle", "list")) == (
        "the parameter 'before' is given 'Start, Middle'. A list stands in brackets. Did you mean ['Start', 'Middle']?"
    )
    assert misfit("before", "__import__('os')", "list").remedy == "Give a list, such as [1, 2]."


@pytest.mark.parametrize("torn", ['"He said it was fine', '"fine" she said'], ids=["never closed", "closed within"])
def test_a_stray_quote_swallows_nobody(command: Any, tmp_path: Path, torn: str) -> None:
    rows = [f"{n},{n % 4},{n % 4 + 1},{torn if n == 20 else 'said nothing'}" for n in range(60)]
    (tmp_path / "answers.csv").write_text("\n".join(["Id,Start,End,Comment", *rows]), encoding="utf-8")
    ran = command("survey", "answers.csv", "--before", "Start", "--after", "End")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("answers.csv: line 22: ")
    assert ran.stderr.endswith('Close it; a quote within quotes is written twice: "".\n')


def waves(path: Path) -> None:
    """Write twelve people who answer at 3 in the first year and at 5 in the second, a row for each wave."""
    rows = [f"secret{n},{year},{answer}" for n in range(12) for year, answer in ((2024, 3), (2025, 5 - n % 2))]
    path.write_text("\n".join(["Id,Year,Calm", *rows]), encoding="utf-8")


WAVES = ("survey", "waves.csv", "--before", "Calm", "--person", "Id", "--wave")


def test_waves_named_the_wrong_way_round_are_refused_and_no_harm_is_told(command: Any, tmp_path: Path) -> None:
    waves(tmp_path / "waves.csv")
    ran = command(*WAVES, "Year", "--first", "2025", "--last", "2024")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "--first is '2025', which is after --last, '2024'. Name the earlier one first" in ran.stderr
    assert "Change shown" in command(*WAVES, "Year", "--first", "2024", "--last", "2025").stdout


def test_a_column_of_ids_taken_for_waves_shows_no_id(command: Any, tmp_path: Path) -> None:
    waves(tmp_path / "waves.csv")
    lines = (tmp_path / "waves.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "waves.csv").write_text("\n".join([lines[0], *lines[1::2]]), encoding="utf-8")
    ran = command(*WAVES, "Id", "--first", "2024", "--last", "2025")
    assert ran.returncode == 1
    assert (
        "Nearly every row has a word of its own there: check that --wave names the column of the waves." in ran.stderr
    )
    assert "secret" not in ran.stderr


def test_a_fault_of_one_of_several_files_is_a_sentence(command: Any, tmp_path: Path) -> None:
    waves(tmp_path / "waves.csv")
    ran = command("survey", "waves.csv", "waves.csv", "--person", "Idd")
    assert "waves.csv: sheet waves, row 1: --person: no column is called 'Idd'. Did you mean 'Id'?\n" in ran.stderr


def notebook(path: Path, *last: str) -> None:
    """Write a template whose last cell is these lines."""
    import nbformat

    parameters = nbformat.v4.new_code_cell(
        "value_map = 'value_map.yaml'\nout = 'out'", metadata={"tags": ["parameters"]}
    )
    cells = [parameters, nbformat.v4.new_code_cell("\n".join(last))]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


OTHER = (
    "import json, sroi",
    "impact_map = sroi.read_value_map(value_map)",
    "told = sroi.document(impact_map, sroi.evaluate(impact_map, at={'contract.value': 0}))",
    "open(out + '/result.json', 'w').write(json.dumps(told))",
)


@pytest.mark.slow
def test_result_json_holds_the_figures_of_the_page_where_the_notebook_changed_the_map(
    command: Any, tmp_path: Path
) -> None:
    notebook(tmp_path / "other.ipynb", *OTHER)
    ran = command("report", str(sroi.case_study("wheels_to_meals")), "--template", "other.ipynb", "--out", "out")
    assert ran.returncode == 0, ran.stderr
    told = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert told["sroi_ratio"] == pytest.approx(81741.93 / 18000, rel=1e-5)
    assert "\nThe report tells of 4.54 : 1: its notebook changed the map, or a number of it.\n" in ran.stdout


@pytest.mark.parametrize(
    "left", ["", "[]", '{"sroi_ratio": 9}', '{"sroi_ratio": NaN, "total_inputs": 1, "provenance": {}}']
)
def test_what_is_no_result_is_not_taken_for_one(left: str, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(left, encoding="utf-8")
    assert result_of_notebook(tmp_path / "result.json") is None
    assert result_of_notebook(tmp_path / "nothing.json") is None

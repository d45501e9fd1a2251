"""What somebody met who came to the program with the documentation alone, and with files that are not what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from sroi.cli import main
from sroi.errors import FileRefused
from sroi.files.registers import read_register

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

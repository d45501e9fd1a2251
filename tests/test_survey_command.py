"""`sroi survey` as people run it: what it prints and writes, what it refuses, and that nobody can be found in it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from surveys import people, table

import sroi
from sroi.batch.report import make_report
from sroi.cli import main
from sroi.shipped import template

pytestmark = pytest.mark.usefixtures("warm_notebooks")

COLUMNS = ["--before", "Before", "--after", "After", "--person", "Person", "--group", "Group", "--treated", "helped"]


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    return table(tmp_path / "answers.csv", people(1))


@pytest.fixture
def value_map(tmp_path: Path) -> Path:
    path = tmp_path / "map.yaml"
    path.write_bytes(Path(sroi.case_study("befriending")).read_bytes())
    return path


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main(["survey", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out.replace("\u00a0", " "), err.replace("\u00a0", " ")


def test_the_quantity_is_written_into_a_new_map_and_each_line_is_said(
    survey: Path, value_map: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    was = value_map.read_bytes()
    status, out, err = _run(
        capsys, survey, *COLUMNS, "--improved-by", 1, "--map", value_map, "--outcome", "low_mood", "--json",
        survey.with_name("figures.json"),
    )  # fmt: skip
    assert (status, err) == (0, "")
    assert value_map.read_bytes() == was
    told = json.loads(survey.with_name("figures.json").read_text(encoding="utf-8"))
    new = value_map.with_name("map_survey.yaml")
    assert told["out"] == str(new)
    written = next(each for each in sroi.read_value_map(new).outcomes if each.id == "low_mood")
    assert written.quantity.base == pytest.approx(told["claim"]["quantity"]["value"], abs=1e-6)  # type: ignore[union-attr]
    for words in (
        "Effect shown: participants changed by",
        f"Written into {new}:",
        "low_mood.deadweight: 0 %: In the quantity",
        "Maryland Scientific Methods Scale level 2 of 5 (weak)",
        "Attribution and displacement are still asked",
    ):
        assert words in " ".join(out.split())
    for change in told["written"]:
        assert change["name"] in out
    # A second time: what is there stays.
    status, out, err = _run(capsys, survey, *COLUMNS, "--improved-by", 1, "--map", value_map, "--outcome", "low_mood")
    assert status == 1
    assert "this file is already there" in err
    status, out, err = _run(capsys, survey, *COLUMNS, "--map", value_map, "--outcome", "low_mood", "--out", value_map)
    assert "--out would write over the value map" in err


def test_a_survey_without_an_effect_writes_nothing_and_says_so(
    tmp_path: Path, value_map: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path / "none.csv", people(4, effect=0.0))
    status, out, _ = _run(capsys, path, *COLUMNS, "--improved-by", 1, "--map", value_map, "--outcome", "low_mood")
    assert status == 1
    assert "No effect shown:" in out
    assert "There is no value to claim." in " ".join(out.split())
    assert out.rstrip().endswith("Nothing was written.")
    assert not value_map.with_name("map_survey.yaml").exists()
    harm = table(tmp_path / "harm.csv", people(4, effect=-2.0))
    status, out, _ = _run(capsys, harm, *COLUMNS, "--map", value_map, "--outcome", "low_mood")
    assert status == 1
    assert "Harm shown:" in out


def test_nobody_can_be_found_in_anything_that_leaves(
    survey: Path, value_map: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*people(1), ["ID-3-zebra", "waiting", 4, 5], ["ID-5-zebra", "helped", "lots", 5]]
    faulty = table(tmp_path / "faulty.csv", rows)
    told = "".join(_run(capsys, survey, *COLUMNS, "--improved-by", 1, "--json", "-")[1:])
    told += "".join(_run(capsys, survey, *COLUMNS, "--map", value_map, "--outcome", "low_mood")[1:])
    told += "".join(_run(capsys, faulty, *COLUMNS)[1:])
    told += "".join(_run(capsys, survey, "--person", "Person", "--group", "Person", "--treated", "zz")[1:])
    told += "".join(_run(capsys, survey, *COLUMNS[:6], "--group", "Person", "--treated", "zz")[1:])
    told += "".join(_run(capsys, survey, faulty, "--person", "Person", "--json", "-")[1:])
    told += value_map.with_name("map_survey.yaml").read_text(encoding="utf-8")
    assert "cell B112: a person stands in both groups" in told
    assert "zebra" not in told.lower()


def test_people_are_counted_once_across_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = table(tmp_path / "one.csv", [[f"p{place}"] for place in range(20)], ("Person",))
    two = table(tmp_path / "two.csv", [[f" P{place} "] for place in range(10, 35)], ("Person",))
    status, out, _ = _run(capsys, one, two, "--person", "person")
    assert status == 0
    assert "Different people, each counted once: 35." in out
    assert "one.csv and two.csv share 10." in out
    close = table(tmp_path / "close.csv", [[f"p{place}"] for place in range(17, 40)], ("Person",))
    _, out, _ = _run(capsys, one, close, "--person", "Person")
    assert "Different people, each counted once: about 40 (to the nearest 5)." in out
    assert "How far the files overlap is not told" in out
    told = json.loads(_run(capsys, one, close, "--person", "Person", "--json", "-")[1])
    assert (told["unique"], told["rounded_to"], told["in_several"]) == (40, 5, None)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--scale", "10-0"], "--scale is '10-0'"),
        (["--improved-by", "lots"], "--improved-by: 'lots' stands where a number belongs"),
        (["--map", "x.yaml"], "--map and --outcome belong together"),
        (["--of", "50", "people"], "--of is followed by 'people'"),
        (["--of", "0"], "--of is 0"),
        (["--answers", "yes"], "--answers has 'yes'"),
        (["--reverse", "Befor"], "'Befor' is no question. Did you mean 'Before'?"),
        (["--wellby"], "only on the scale from 0 to 10"),
        (["--of", "20"], "20 are said to have started, but more answered at the start"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    options: list[str], words: str, survey: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = _run(capsys, survey, *COLUMNS, *options)
    assert status in (1, 2)
    assert words in err
    assert "Traceback" not in err


def test_all_who_started_are_counted_when_asked_for(survey: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options, people_claimed in ((["--started"], 60), (["--of", "90", "started"], 90), ([], None)):
        told = json.loads(_run(capsys, survey, *COLUMNS, *options, "--json", "-")[1])
        claimed = told["claim"]["people"]
        assert claimed == (people_claimed or told["participants"]["answered_twice"])
        assert told["claim"]["over_started"] is bool(options)


def test_a_heading_that_holds_commas_is_one_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [[place % 5, place % 5 + 1 + place % 3] for place in range(30)]
    path = table(tmp_path / "a.csv", rows, ("Overall, how satisfied, start", "Overall, how satisfied, end"))
    status, out, err = _run(
        capsys, path, "--before", "Overall, how satisfied, start", "--after", "overall, how  satisfied, end",
        "--reverse", "Overall, how satisfied, start", "--scale", "0-10",
    )  # fmt: skip
    assert (status, err) == (1, "")  # turned round, the rise is a fall
    assert "Harm shown" in out


def test_the_figures_are_never_written_over_the_survey(
    survey: Path, value_map: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    was = survey.read_bytes()
    status, _, err = _run(capsys, survey, *COLUMNS, "--json", survey, "--map", value_map, "--outcome", "low_mood")
    assert status == 1
    assert "--json would write over the survey" in err
    assert survey.read_bytes() == was
    assert not value_map.with_name("map_survey.yaml").exists()


def test_help_and_refusals_load_nothing_heavy(survey: Path) -> None:
    lines = (
        "import contextlib, sroi.cli, sys\n"
        "with contextlib.suppress(SystemExit):\n    sroi.cli.main(['survey', '--help'])\n"
        "heavy = {'pandas', 'scipy', 'matplotlib', 'papermill'} & {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(heavy))"
    )
    run = subprocess.run([sys.executable, "-c", lines], capture_output=True, encoding="utf-8", check=True)
    assert run.stdout.splitlines()[-1] == "[]"


@pytest.mark.slow
def test_the_notebook_leaves_a_page_and_a_map_and_shows_no_row(survey: Path, value_map: Path, tmp_path: Path) -> None:
    given = {
        "survey": str(survey), "outcome": "less_lonely", "before": ["Before"], "after": ["After"], "person": "Person",
        "group": "Group", "treated": "helped", "scale": [0, 10], "wellby": True,
    }  # fmt: skip
    make_report(value_map, tmp_path / "out", template("survey.ipynb"), given)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Effect shown: participants changed by" in page
    assert "What was written into the map" in page
    new = sroi.read_value_map(tmp_path / "out" / "value_map_survey.yaml")
    assert next(each for each in new.outcomes if each.id == "less_lonely").quantity.sample_size is not None  # type: ignore[union-attr]
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            assert b"zebra" not in path.read_bytes()

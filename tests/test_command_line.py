"""The commands as their users run them: what they print, what they leave, how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

import sroi
from sroi import cli

Command = Callable[..., "subprocess.CompletedProcess[str]"]
WHEELS = str(sroi.case_study("wheels_to_meals"))
COMMANDS = ("new", "check", "evaluate", "convert", "report", "demo", "schema")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"`sroi {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    shown = capsys.readouterr().out
    assert all(f"    {name}" in shown for name in COMMANDS)


def test_evaluate_prints_the_ratio_with_its_rules(command: Command) -> None:
    ended = command("evaluate", WHEELS)
    assert ended.returncode == 0
    assert ended.stderr == ""
    lines = ended.stdout.splitlines()
    assert lines[:3] == [
        "Wheels-to-Meals",
        "SROI ratio 1.93 : 1",
        "  forecast, GBP, 2009 prices, discounted from the end of each year at 3.5\u00a0% a year",
    ]
    assert "  Total present value           £81,741.93" in lines


def test_json_on_standard_output_is_json_alone_and_keeps_the_contract(command: Command) -> None:
    ended = command("evaluate", WHEELS, "--json", "-")
    result = json.loads(ended.stdout)
    assert set(result) == {
        "title", "analysis", "currency", "price_year", "conventions", "changed", "total_inputs", "total_present_value",
        "net_present_value", "sroi_ratio", "net_sroi_ratio", "payback_years", "by_outcome", "by_stakeholder",
        "by_value_type", "by_agency", "by_year", "ladder", "not_counted", "findings", "provenance",
    }  # fmt: skip
    assert result["total_present_value"] == pytest.approx(81741.93, abs=0.005)
    assert [step["step"] for step in result["ladder"]] == [
        "gross", "deadweight", "displacement", "attribution", "drop_off", "discounting", "total_present_value",
    ]  # fmt: skip
    assert {"severity", "principle", "where", "what", "remedy"} <= set(result["findings"][0])
    assert result["provenance"]["sroi_version"] == sroi.__version__
    assert len(result["provenance"]["value_map_sha256"]) == 64


def test_set_changes_a_number_and_the_result_says_so(command: Command) -> None:
    ended = command("evaluate", WHEELS, "--set", "gp_visits.attribution=25%", "--set", "discount_rate=0", "--json", "-")
    result = json.loads(ended.stdout)
    assert result["changed"] == {"gp_visits.attribution": 0.25, "discount_rate": 0.0}
    expected = sroi.evaluate(sroi.example(), at={"gp_visits.attribution": 0.25, "discount_rate": 0.0})
    assert result["sroi_ratio"] == expected.sroi_ratio


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("gp_visit.proxy=3", "this map has no number 'gp_visit.proxy'. Did you mean 'gp_visits.proxy'?"),
        ("gp_visits.attribution=25", "--set gp_visits.attribution: '25' is above 1, which is 100 %. Did you mean 25%?"),
        ("gp_visits.proxy", "--set gp_visits.proxy has no '='. Write it as NAME=VALUE, such as gp_visits.quantity=60."),
        (
            "gp_visits.proxy=much",
            "--set gp_visits.proxy: 'much' stands where a number belongs. Give a number, such as 12.",
        ),
    ],
)
def test_a_setting_that_does_not_fit_is_wrong_usage(command: Command, setting: str, message: str) -> None:
    ended = command("evaluate", WHEELS, "--set", setting)
    assert (ended.returncode, ended.stderr.strip(), ended.stdout) == (2, message, "")


def test_names_lists_what_set_can_change(command: Command) -> None:
    shown = command("evaluate", WHEELS, "--names").stdout
    names = {line.split()[0] for line in shown.splitlines()}
    assert names == set(sroi.example().numbers())


def test_an_unknown_command_is_wrong_usage(command: Command) -> None:
    ended = command("evaluat", WHEELS)
    assert ended.returncode == 2
    assert ended.stderr == "sroi: there is no command 'evaluat'. Did you mean 'evaluate'? `sroi --help` shows how.\n"


def test_check_groups_findings_and_strict_fails_on_them(command: Command) -> None:
    ended = command("check", WHEELS)
    assert ended.returncode == 0
    assert "HIGH    Nobody affected is said to have named the outcomes" in ended.stdout
    assert command("check", WHEELS, "--strict").returncode == 1


def test_evaluate_shows_the_five_kinds_of_finding_that_matter_most(command: Command) -> None:
    shown = command("evaluate", str(sroi.case_study("wheels_to_meals"))).stdout
    kinds = [line for line in shown.splitlines() if line.startswith(("  HIGH", "  MEDIUM", "  LOW"))]
    assert 0 < len(kinds) <= 5


def test_faults_of_a_file_end_with_status_1_and_no_traceback(command: Command, tmp_path: Path) -> None:
    text = Path(WHEELS).read_text(encoding="utf-8").replace("currency: GBP", "currency: pounds")
    (tmp_path / "faulty.yaml").write_text(text.replace("analysis: forecast", "analysis: forcast"), encoding="utf-8")
    for name in ("check", "evaluate"):
        ended = command(name, "faulty.yaml")
        assert ended.returncode == 1
        assert ended.stdout == ""
        assert ended.stderr.startswith("faulty.yaml: 2 problems\n  line ")
        assert "Traceback" not in ended.stderr


def test_new_writes_a_map_that_evaluates_and_never_overwrites(command: Command, tmp_path: Path) -> None:
    assert command("new", "ours.yaml").returncode == 0
    assert command("evaluate", "ours.yaml").returncode == 0
    (tmp_path / "ours.yaml").write_text("mine", encoding="utf-8")
    refused = command("new", "ours.yaml")
    assert refused.returncode == 1
    assert refused.stderr == "ours.yaml: this file is already there. Give another name, or --force to replace it.\n"
    assert (tmp_path / "ours.yaml").read_text(encoding="utf-8") == "mine"
    assert command("new", "ours.yaml", "--force", "--example", "befriending").returncode == 0
    assert (tmp_path / "ours.yaml").read_bytes() == sroi.case_study("befriending").read_bytes()


def test_convert_writes_an_equal_map_and_never_overwrites(command: Command, tmp_path: Path) -> None:
    source = str(sroi.case_study("befriending"))
    assert command("convert", source, "again.yaml").returncode == 0
    assert sroi.read_value_map(tmp_path / "again.yaml") == sroi.example("befriending")
    assert command("convert", source, "again.yaml").returncode == 1
    assert command("convert", source, "again.yaml", "--force").returncode == 0


def test_json_never_writes_over_the_value_map(command: Command, tmp_path: Path) -> None:
    command("new", "ours.yaml")
    before = (tmp_path / "ours.yaml").read_bytes()
    ended = command("evaluate", "ours.yaml", "--json", "ours.yaml")
    assert (ended.returncode, ended.stderr) == (
        1,
        "ours.yaml: --json would write over the value map. Give it another name.\n",
    )
    assert (tmp_path / "ours.yaml").read_bytes() == before


def test_a_terminal_without_our_signs_gets_plain_ones(command: Command) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "sroi", "evaluate", WHEELS], capture_output=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"},
    )  # fmt: skip
    shown = ended.stdout.decode("cp1252")
    assert "-£1,277.95" in shown


def test_control_codes_in_a_map_never_reach_the_terminal(command: Command, tmp_path: Path) -> None:
    text = (
        Path(WHEELS).read_text(encoding="utf-8").replace("title: Wheels-to-Meals", 'title: "Wheels \\u202e \\u009b31m"')
    )
    (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")
    shown = command("evaluate", "odd.yaml").stdout
    assert "\x9b" not in shown
    assert "\u202e" not in shown


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_stopping_a_report_leaves_nothing_half_written(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sroi", "report", WHEELS, "--out", "rep"], cwd=tmp_path, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        # Tests that run in the background of a shell inherit a Ctrl-C that is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    out = tmp_path / "rep"
    until = time.monotonic() + 60
    while not list(out.glob(".unfinished-*/report.ipynb")) and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.decode().strip().splitlines()[-1] == "Stopped. Nothing half written was left behind."
    assert b"Traceback" not in said
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("arguments", [("check",), ("sensitivity",), ("evaluate",), ("report", "--out", "made")])
def test_wherever_a_ratio_with_ranges_is_printed_its_interval_stands_beside_it(
    command: Command, arguments: tuple[str, ...]
) -> None:
    ended = command(arguments[0], str(sroi.case_study("befriending")), *arguments[1:])
    said = " ".join(ended.stdout.split())
    assert "SROI ratio 1.78 : 1" in said
    assert "1.06 to 2.53 (central 90 %, from the stated ranges)" in said


def test_a_map_without_ranges_is_printed_without_an_interval(command: Command) -> None:
    assert "range" not in command("check", WHEELS).stdout.splitlines()[0]


def test_check_finds_the_numbers_that_drive_the_result_and_have_no_source(command: Command) -> None:
    found = json.loads(command("check", str(sroi.case_study("befriending")), "--json", "-").stdout)["findings"]
    driving = [each["where"] for each in found if each["kind"] == "driver_without_source"]
    assert driving == ["less_lonely.duration", "match_ends.duration", "purpose.duration", "older_people.size"]
    assert all(each["why"] for each in found)

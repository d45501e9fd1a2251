"""`sroi sensitivity` as its users run it: what it says, the JSON that others rely on, what it leaves, what it refuses."""

from __future__ import annotations

import csv
import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from random_maps import random_value_map

import sroi
from sroi import cli
from sroi.arguments import build_parser
from sroi.commands import COMMANDS, command_module
from sroi.sensitivity import Steps, one_way, what_if
from sroi.terminal.layout import WIDTH, shortened, table_lines
from sroi.terminal.sensitivity import sensitivity_lines

Command = Callable[..., "subprocess.CompletedProcess[str]"]
WHEELS = str(sroi.case_study("wheels_to_meals"))
BEFRIENDING = str(sroi.case_study("befriending"))


def said(command: Command, *arguments: str) -> str:
    ended = command("sensitivity", *arguments)
    assert ended.stderr == ""
    assert ended.returncode == 0
    return ended.stdout.replace("\u00a0", " ")


def told(command: Command, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(command("sensitivity", *arguments, "--json", "-").stdout)
    return found


# ---- the house of commands ----


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_module_and_its_line_in_the_readme(name: str) -> None:
    module = command_module(name)
    assert callable(module.add_options)
    assert callable(module.run)
    assert f"`sroi {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_only_the_command_that_is_asked_for_is_fetched() -> None:
    fetched: list[str] = []

    def fetch(name: str) -> Any:
        fetched.append(name)
        return command_module(name)

    build_parser(COMMANDS, fetch, ["--help"])
    assert fetched == []
    build_parser(COMMANDS, fetch, ["check", "evaluate"])
    assert fetched == ["check"]


def test_help_names_each_command_beside_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    lines = capsys.readouterr().out.splitlines()
    for name, words in COMMANDS.items():
        assert any(line.startswith(f"    {name} ") and words[:20] in line for line in lines), name


# ---- what is said ----


def test_the_base_case_stands_with_its_rules_and_the_steps_are_printed(command: Command) -> None:
    lines = said(command, WHEELS).splitlines()
    assert lines[:8] == [
        "Wheels-to-Meals",
        "SROI ratio 1.93 : 1",
        "  forecast, GBP, 2009 prices, discounted from the end of each year at 3.5 % a year",
        "",
        "One number at a time, all others staying as they are; those that move the ratio most come first.",
        "  No number has a range of its own; all are moved by steps: shares and drop-off by 10 percentage",
        "  points within 0 to 100 %; quantities, proxies, head counts and inputs by 10 %; durations by 1",
        "  year; the discount rate by 1 percentage point.",
    ]
    assert "  falls_care.duration             1 year     0 years     2 years          0.83     2.46" in lines
    assert "  and 33 numbers that move it less (--most shows more, --json all)" in lines
    assert "  12 numbers that count but so moved leave the ratio as it is" in lines
    assert "With all unpaid time valued at nothing: 3.35 : 1." in lines


def test_switching_values_are_said_nearest_first_and_the_rest_in_words(command: Command) -> None:
    lines = said(command, WHEELS, "--most", "3").splitlines()
    start = lines.index("What would bring the ratio to 1 : 1: each number alone, the nearest to its base first.")
    assert [line.split() for line in lines[start + 1 : start + 9]] == [
        ["Number", "Base", "Switches", "at", "Change"],
        ["falls_care.duration", "1", "year", "0.15", "years", "−84.9", "%"],
        ["falls_care.attribution", "5", "%", "85.62", "%", "+80.6", "points"],
        ["falls_care.quantity", "7", "1.06", "−84.9", "%"],
        ["and", "19", "numbers", "farther", "away", "(--most", "shows", "more,", "--json", "all)"],
        ["38", "numbers", "cannot", "bring", "it", "there", "alone:"],
        ["21:", "no", "value", "from", "0", "%", "to", "100", "%", "reaches", "1", ":", "1"],
        ["11:", "the", "ratio", "does", "not", "depend", "on", "it"],
    ]


def test_a_number_that_must_cross_nothing_says_what_it_becomes(command: Command) -> None:
    shown = said(command, WHEELS, "--most", "50")
    line = next(line for line in shown.splitlines() if line.startswith("  gp_visits.proxy ") and "a loss" in line)
    assert line.split() == ["gp_visits.proxy", "£19", "−£111.49", "−686.8", "%,", "a", "loss"]


def test_own_ranges_are_marked(command: Command) -> None:
    shown = said(command, BEFRIENDING)
    assert "  * marks the ends of a range that the map states; the others are moved by steps: shares and" in shown
    assert "less_lonely.times *" in shown
    assert "less_lonely.duration *" not in shown


def test_scenarios_and_outcomes_left_out_are_said(command: Command) -> None:
    lines = said(command, BEFRIENDING).splitlines()
    start = lines.index("Scenarios of the map:")
    rows = [line.split() for line in lines[start + 1 : start + 5]]
    assert rows[0] == ["Scenario", "SROI", "ratio"]
    pessimistic = sroi.evaluate(sroi.example("befriending"), at=sroi.example("befriending").scenarios["pessimistic"])
    assert rows[1] == ["base", "case", "1.78", ":", "1"]
    assert rows[2] == ["pessimistic", f"{pessimistic.sroi_ratio:.2f}", ":", "1"]
    assert "  Less lonely, and more satisfied with life                  0.27 : 1   −1.50" in lines


def test_a_grid_of_two_numbers_is_shown_with_its_axes(command: Command) -> None:
    shown = said(command, BEFRIENDING, "--two-way", "discount_rate", "less_lonely.proxy").splitlines()
    start = next(place for place, line in enumerate(shown) if line.startswith("Two numbers together"))
    assert shown[start : start + 2] == [
        "Two numbers together: Discount rate (down) and Less lonely, and more satisfied with life: proxy",
        "  (across). Base case 1.78 : 1.",
    ]
    assert shown[start + 2].split() == [
        "£8,115.51",
        "£8,927.06",
        "£9,738.61",
        "£10,550.17",
        "£11,361.72",
        "£12,173.27",
        "£12,984.82",
    ]
    assert shown[start + 6].split() == ["3.5", "%", "1.43", "1.54", "1.66", "1.78", "1.89", "2.01", "2.12"]


def test_steps_and_target_can_be_set_and_are_said(command: Command) -> None:
    options = ("--share-step", "5%", "--proportion", "20%", "--year-step", "2", "--rate-step", "0.5%")
    shown = " ".join(said(command, WHEELS, *options, "--target", "1.5").split())
    assert (
        "shares and drop-off by 5 percentage points within 0 to 100 %; quantities, proxies, head counts and inputs by "
        "20 %; durations by 2 years; the discount rate by 0.5 percentage points"
    ) in shown
    assert "What would bring the ratio to 1.5 : 1" in shown


@pytest.mark.parametrize("seed", range(25))
def test_no_line_is_wider_than_the_terminal(seed: int) -> None:
    tree = random_value_map(random.Random(seed))
    impact_map = sroi.ImpactMap.model_validate(tree)
    lines = sensitivity_lines(what_if(impact_map), 40)
    # A single word may be longer than a line, and what a map names is not torn.
    assert [line for line in lines if len(line) > WIDTH and len(max(line.split(), key=len)) < 60] == []


def test_names_stand_in_for_labels_that_would_have_to_be_cut_alike() -> None:
    labels = [f"A long sentence of which {which} ending of this kind: proxy" for which in ("one", "another")]
    wide = "9" * 60
    lines = table_lines(("Number", "Base"), [(label, wide) for label in labels], ["first.proxy", "second.proxy"])
    assert [line.split()[0] for line in lines] == ["Number", "first.proxy", "second.proxy"]
    assert table_lines(("Number", "Base"), [("short", "1")], ["name"])[1] == "  short      1"
    assert len(shortened(labels[0], 30)) <= 30


# ---- JSON ----


def test_the_json_keeps_the_contract_and_says_what_the_door_says(command: Command) -> None:
    found = told(command, BEFRIENDING, "--two-way", "discount_rate", "less_lonely.proxy")
    assert set(found) == {
        "title", "analysis", "currency", "price_year", "conventions", "sroi_ratio", "steps", "target", "one_way",
        "break_even", "left_out", "scenarios", "time_at_nil", "two_way",
    }  # fmt: skip
    impact_map = sroi.example("befriending")
    assert found["sroi_ratio"] == sroi.evaluate(impact_map).sroi_ratio
    assert found["target"] == 1.0
    assert found["steps"] == {"share": 0.1, "proportion": 0.1, "years": 1.0, "rate": 0.01}
    first = found["one_way"][0]
    assert set(first) == {
        "name", "label", "unit", "base", "low", "high", "ratio_low", "ratio_high", "own_range",
    }  # fmt: skip
    assert [each["name"] for each in found["one_way"]] == [each.name for each in one_way(impact_map)]
    ratio = sroi.evaluate(impact_map, at={first["name"]: first["low"]}).sroi_ratio
    assert first["ratio_low"] == pytest.approx(ratio, rel=1e-12)
    for each in found["break_even"]:
        assert {"name", "label", "unit", "base", "value", "change", "low", "high", "why", "at"} <= set(each)
        if each["value"] is not None:
            assert sroi.evaluate(impact_map, at=each["at"]).sroi_ratio == pytest.approx(1.0, abs=1e-9)
    assert {each["id"] for each in found["left_out"]} == {o.id for o in impact_map.outcomes} - set(
        impact_map.not_counted()
    )
    assert [each["name"] for each in found["scenarios"]] == ["base case", *impact_map.scenarios]
    assert found["time_at_nil"]["sroi_ratio"] == pytest.approx(2.89, abs=0.005)
    assert np.shape(found["two_way"]["ratios"]) == (7, 7)
    assert found["two_way"]["names"] == ["discount_rate", "less_lonely.proxy"]
    units = {each["name"]: each["unit"] for each in found["one_way"]}
    assert (units["less_lonely.proxy"], units["less_lonely.duration"]) == ("GBP", "years")
    assert (units["less_lonely.deadweight"], units["discount_rate"]) == ("share 0-1", "share a year")


def test_the_steps_of_the_options_are_those_of_the_json(command: Command) -> None:
    found = told(command, WHEELS, "--share-step", "0.05", "--rate-step", "2%", "--target", "-0.5")
    assert found["steps"] == {"share": 0.05, "proportion": 0.1, "years": 1.0, "rate": 0.02}
    expected = one_way(sroi.example(), Steps(points=0.05, rate=0.02))
    assert [each["ratio_high"] for each in found["one_way"]] == [each.ratio_high for each in expected]
    assert found["target"] == -0.5


@pytest.mark.parametrize("seed", range(30))
def test_json_is_plain_and_never_holds_what_is_no_number(seed: int) -> None:
    impact_map = sroi.ImpactMap.model_validate(random_value_map(random.Random(seed)))
    text = json.dumps(what_if(impact_map).to_dict(), allow_nan=False)
    assert json.loads(text)["title"] == impact_map.title


# ---- what is left ----


@pytest.mark.slow
def test_out_leaves_figures_and_tables(command: Command, tmp_path: Path) -> None:
    shown = said(command, BEFRIENDING, "--two-way", "discount_rate", "less_lonely.proxy", "--out", "left")
    assert f"In {(tmp_path / 'left').resolve()}:" in shown
    names = {path.name for path in (tmp_path / "left" / "figures").iterdir()}
    assert names == {f"{name}.{form}" for name in ("tornado", "spider", "heat_map") for form in ("png", "svg")}
    with (tmp_path / "left" / "tables" / "one_way.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    varied = one_way(sroi.example("befriending"))
    assert [(row["name"], float(row["ratio_low"])) for row in rows] == [(each.name, each.ratio_low) for each in varied]
    tables = {path.name for path in (tmp_path / "left" / "tables").iterdir()}
    assert tables == {f"{name}.csv" for name in ("one_way", "break_even", "left_out", "scenarios", "two_way")}


# ---- what is refused ----


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--target", "much"), "--target: 'much' stands where a number belongs. Give a number, such as 12."),
        (("--share-step", "10"), "--share-step: '10' is above 1, which is 100 %. Did you mean 10%?"),
        (("--year-step", "0"), "--year-step is 0, and moves nothing. Give a step above 0."),
        (("--rate-step", "-1%"), None),
        (("--two-way", "discount_rat", "gp_visits.proxy"), "this map has no number 'discount_rat'. Did you mean 'discount_rate'?"),
        (("--out", " "), "--out names no folder. Name one, such as our_figures."),
        (("--most", "0"), "sroi sensitivity: argument --most: '0' is not a whole number from 1. `sroi sensitivity --help` shows how."),
    ],
)  # fmt: skip
def test_an_option_that_does_not_fit_is_wrong_usage(
    command: Command, options: tuple[str, ...], message: str | None
) -> None:
    ended = command("sensitivity", WHEELS, *options)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr
    if message is not None:
        assert ended.stderr.strip() == message


def test_all_that_is_wrong_with_the_options_is_said_together(command: Command) -> None:
    ended = command("sensitivity", WHEELS, "--target", "x", "--year-step", "0")
    assert ended.stderr.splitlines()[0] == "2 problems"


def test_json_never_writes_over_the_value_map(command: Command, tmp_path: Path) -> None:
    command("new", "ours.yaml")
    before = (tmp_path / "ours.yaml").read_bytes()
    ended = command("sensitivity", "ours.yaml", "--json", "ours.yaml")
    assert ended.returncode == 1
    assert (tmp_path / "ours.yaml").read_bytes() == before


def test_somebody_elses_table_is_read_with_its_options(command: Command, tmp_path: Path) -> None:
    assert command("convert", WHEELS, "wheels.xlsx").returncode == 0
    assert said(command, "wheels.xlsx").splitlines()[:2] == ["Wheels-to-Meals", "SROI ratio 1.93 : 1"]

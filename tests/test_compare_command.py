"""`sroi compare` as its users run it: what it says, the JSON that others rely on, what it leaves, what it refuses."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sroi
from sroi.comparison import forecast_against_actual, same_rules, what_changed

Command = Callable[..., "subprocess.CompletedProcess[str]"]
WHEELS = str(sroi.case_study("wheels_to_meals"))
BEFRIENDING = str(sroi.case_study("befriending"))


@pytest.fixture
def two(small_tree: dict[str, Any], tmp_path: Path) -> tuple[sroi.ImpactMap, sroi.ImpactMap]:
    """Two versions, written as before.yaml and after.yaml; the second is an evaluation under other rules."""
    before = sroi.ImpactMap.model_validate(small_tree)
    small_tree["outcomes"][0]["quantity"]["value"] = 40
    small_tree["outcomes"][1]["proxy"]["value"] = 36
    small_tree["outcomes"][1]["deadweight"] = 0.2
    small_tree |= {"analysis": "evaluative", "conventions": {"discount_rate": 0.02}}
    after = sroi.ImpactMap.model_validate(small_tree)
    sroi.write_value_map(before, tmp_path / "before.yaml")
    sroi.write_value_map(after, tmp_path / "after.yaml")
    return before, after


def said(command: Command, *arguments: str) -> str:
    ended = command("compare", *arguments)
    assert ended.stderr == ""
    assert ended.returncode == 0
    return ended.stdout.replace("\u00a0", " ")


def told_of(command: Command, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(command("compare", *arguments, "--json", "-").stdout)
    return found


def test_maps_stand_under_the_same_rules_with_their_rules_and_scope(command: Command) -> None:
    lines = said(command, WHEELS, BEFRIENDING).splitlines()
    assert lines[:6] == [
        "2 maps, each under its own rules and under those of the first.",
        "  The same rules: discount rate 3.5 % a year, values discounted from the end of each year, inputs",
        "    discounted from the start of each year, stated in money of the start, deductions multiplied,",
        "    drop-off from the second year.",
        "  They stand in the order given and are not ranked: a ratio says nothing of another project's, for",
        "    scope, duration and stakeholders differ.",
    ]
    assert "  own rules   1.93 : 1 = £81,742 of present value / £42,375 of inputs" in lines
    assert "              forecast, GBP, 2009 prices, discounted from the end of each year at 3.5 % a year" in lines
    assert "  Price years differ (2009, 2013/14): each map keeps its own, and nothing is brought up to date." in lines
    assert lines[-1] == "The forecast and the evaluation have no outcome with the same id to set side by side."


def test_each_map_may_keep_its_own_rules(command: Command, two: Any) -> None:
    shown = said(command, "before.yaml", "after.yaml", "--rules-of", "own")
    assert shown.startswith("2 maps, each under its own rules.\n")
    assert "same rules" not in shown
    restated = said(command, "before.yaml", "after.yaml", "--rules-of", "FIRST")
    assert "              its own are: discount rate 2 % a year" in restated.splitlines()


def test_a_forecast_and_an_evaluation_are_held_against_each_other_in_either_order(command: Command, two: Any) -> None:
    for order in (("before.yaml", "after.yaml"), ("after.yaml", "before.yaml")):
        lines = said(command, *order).splitlines()
        start = lines.index("Forecast against actual, outcomes matched by their ids.")
        assert lines[start + 1].startswith(
            "  Forecast: A small sound map (before.yaml), 3.95 : 1 (forecast, GBP, 2024 prices"
        )
        rows = [line.split() for line in lines[start:]]
        assert ["Feel", "calmer", "50", "40", "−20", "%", "£1,975", "£1,580", "−20", "%"] in rows
        assert ["Feel", "healthier:", "deadweight", "10", "%", "20", "%", "+10.0", "points"] in rows
    # Under the forecast's own rules: 1,975.18 to 1,580.14.
    assert "  Feel calmer (for People): £395 short, −20 %" in said(command, "before.yaml", "after.yaml").splitlines()


def test_what_changed_is_explained_with_the_rules_beside_each_ratio(command: Command, two: Any) -> None:
    lines = said(command, "before.yaml", "after.yaml", "--explain").splitlines()
    assert lines[0] == "Before: 3.95 : 1  A small sound map (before.yaml)"
    assert lines[1] == "        forecast, GBP, 2024 prices, discounted from the end of each year at 3.5 % a year"
    found = what_changed(*two)
    assert " ".join(line.strip() for line in lines[5:9]).startswith(found.sentences()[0].replace("\u00a0", " ")[:250])
    rows = [line.split("  ") for line in lines]
    table = {row[1]: row[-1].strip() for row in rows if len(row) > 2}
    assert table["Smaller quantity of “Feel calmer”"].startswith("−0.")
    assert float(table["Change of the ratio"].replace("−", "-")) == pytest.approx(found.change, abs=0.005)
    assert "  Feel healthier: deadweight: 20 %, was 10 %" in lines


def test_a_printed_figure_is_traced_to_its_conventions(command: Command) -> None:
    lines = said(command, WHEELS, "--printed", "2.00", "--printed", "total_present_value=84,602.90").splitlines()
    assert lines[4:] == [
        "Printed: SROI ratio 2.00, total present value 84,602.90.",
        "It comes out",
        "  - with values discounted from the start of each year: SROI ratio 2.00, total present value",
        "    £84,602.90",
        lines[-1],
    ]
    assert lines[-1].startswith("Tried: conventions with ")
    assert lines[-1].endswith(" different results; 1 of them fits.")


def test_a_map_alone_is_held_against_what_it_says_was_published(command: Command) -> None:
    lines = said(command, WHEELS).splitlines()
    assert lines[4].startswith("Printed: total inputs ")
    assert "The map's own conventions give it." in lines


def test_a_figure_that_nothing_gives_is_said_to_be_a_slip_perhaps(command: Command) -> None:
    assert said(command, WHEELS, "--printed", "400").splitlines()[-1] == (
        "No conventions that were tried give that: look for another number, or a slip."
    )


def test_json_holds_what_the_functions_return_and_nothing_else_is_printed(command: Command, two: Any) -> None:
    told = told_of(command, "before.yaml", "after.yaml")
    assert set(told) == {"same_rules", "same_people", "forecast_against_actual"}
    assert told["same_rules"] == json.loads(json.dumps(same_rules(two).to_dict()))
    assert told["forecast_against_actual"] == json.loads(json.dumps(forecast_against_actual(*two).to_dict()))
    explained = told_of(command, "before.yaml", "after.yaml", "--explain")
    assert explained == {"what_changed": json.loads(json.dumps(what_changed(*two).to_dict()))}
    printed = told_of(command, WHEELS, "--printed", "1.93")["printed"]
    assert printed["printed"] == {"sroi_ratio": "1.93"}
    assert printed["reproductions"][0]["changes"] == {}


def test_tables_and_the_waterfall_are_left_in_a_folder(command: Command, two: Any, tmp_path: Path) -> None:
    shown = said(command, "before.yaml", "after.yaml", "--explain", "--out", "left")
    assert shown.splitlines()[-2:] == [
        "  figures        change (PNG and SVG)", "  tables         causes, differences (CSV)"
    ]  # fmt: skip
    assert (tmp_path / "left/figures/change.png").read_bytes().startswith(b"\x89PNG")
    with (tmp_path / "left/tables/causes.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert sum(float(row["contribution"]) for row in rows) == pytest.approx(what_changed(*two).change, abs=1e-12)
    shown = said(command, "before.yaml", "after.yaml", "--out", "left")
    assert shown.splitlines()[-1] == "  tables         same_rules, forecast_against_actual (CSV)"
    assert "  figures" not in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere_at_all.yaml"], "nowhere_at_all.yaml: there is no such file. Check the name and the folder."),
        (["before.yaml"], "one map alone is compared with nothing. Give a second map, or a figure that was printed, such as --printed 1.95."),
        (["before.yaml", "--explain"], "--explain is given with 1 map. Give two: before and after."),
        (["before.yaml"] * 3 + ["--explain", "--printed", "2"], "2 problems\n  --explain is given with 3 maps. Give two: before and after.\n  --printed is given with 3 maps. Give the one map whose figure it is."),
        (["before.yaml", "--printed", "about two"], "--printed: 'about two' is not a printed figure. Give it as printed, such as 1.93 or 81,741.93."),
        (["before.yaml", "--printed", "sroi_ration=2"], "--printed sroi_ration=2: 'sroi_ration' is no figure of a result. Did you mean 'sroi_ratio'?"),
        (["before.yaml", "--printed", "2", "--printed", "3"], "--printed gives sroi_ratio twice. Keep one of them."),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_in_words(
    arguments: list[str], message: str, command: Command, two: Any
) -> None:
    ended = command("compare", *arguments)
    assert ended.stdout == ""
    assert ended.stderr.strip() == message
    assert ended.returncode == (1 if "no such file" in message else 2)


def test_the_faults_of_every_file_are_said(command: Command, two: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("sroi: 1\ntitle: x\n", encoding="utf-8")
    (tmp_path / "worse.yaml").write_text("", encoding="utf-8")
    ended = command("compare", "bad.yaml", "before.yaml", "worse.yaml")
    assert ended.returncode == 1
    assert "bad.yaml: " in ended.stderr
    assert "worse.yaml: this file is empty" in ended.stderr


def test_no_value_map_is_written_over(command: Command, two: Any, tmp_path: Path) -> None:
    kept = (tmp_path / "after.yaml").read_bytes()
    ended = command("compare", "before.yaml", "after.yaml", "--json", "after.yaml")
    assert ended.stderr.strip() == "after.yaml: --json would write over a value map. Give it another name."
    assert ended.returncode == 1
    assert (tmp_path / "after.yaml").read_bytes() == kept


def test_text_from_a_map_is_text(command: Command, small_tree: dict[str, Any], tmp_path: Path) -> None:
    before = sroi.ImpactMap.model_validate(small_tree)
    nasty = "=HYPERLINK(A1) \x1b[31m<script>$x^2$ {{ 7*7 }}\nnew line"
    small_tree["outcomes"][0] |= {"description": nasty.replace("\x1b", ""), "quantity": 10}
    small_tree["outcomes"].append({**small_tree["outcomes"][0], "id": "more"})
    for name, chart in (("a", before), ("b", sroi.ImpactMap.model_validate(small_tree))):
        sroi.write_value_map(chart, tmp_path / f"{name}.yaml")
    shown = said(command, "a.yaml", "b.yaml", "--explain", "--out", "left")
    assert "<script>$x^2$ {{ 7*7 }}" in " ".join(shown.split())
    for name in ("causes", "differences"):
        with (tmp_path / f"left/tables/{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
            assert [cell for row in csv.reader(stream) for cell in row if cell[:1] in "=+@" and cell] == []

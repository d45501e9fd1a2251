"""`sroi uncertainty` as its users run it: what it says, the JSON that others rely on, what it leaves, what it refuses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sroi
from sroi.terminal.uncertainty import uncertainty_lines
from sroi.uncertainty import Uncertainty
from sroi.uncertainty import study_uncertainty as study
from sroi.wording import chance_words

Command = Callable[..., "subprocess.CompletedProcess[str]"]
WHEELS = str(sroi.case_study("wheels_to_meals"))
BEFRIENDING = str(sroi.case_study("befriending"))


@pytest.fixture(scope="module")
def independent(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The befriending map without its correlations, which the exact engine does not reach."""
    path = tmp_path_factory.mktemp("maps") / "independent.yaml"
    sroi.write_value_map(sroi.example("befriending").model_copy(update={"correlations": ()}), path)
    return str(path)


@pytest.fixture(scope="module")
def befriending(independent: str) -> Uncertainty:
    return study(sroi.read_value_map(independent))


def told(command: Command, *arguments: str) -> dict[str, Any]:
    ended = command("uncertainty", *arguments, "--json", "-")
    assert ended.stderr == ""
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def said(command: Command, *arguments: str) -> list[str]:
    ended = command("uncertainty", *arguments)
    assert ended.stderr == ""
    assert ended.returncode == 0
    return ended.stdout.replace("\u00a0", " ").splitlines()


def test_the_json_keeps_the_contract(command: Command, befriending: Uncertainty, independent: str) -> None:
    found = told(command, independent)
    assert {
        "method", "mean", "sd", "quantiles", "chance_above", "drivers", "evpi", "decision_ratio",
        "title", "analysis", "currency", "price_year", "conventions", "sroi_ratio",
    } <= set(found)  # fmt: skip
    assert found["method"] == "exact"
    assert set(found["quantiles"]) == {"0.05", "0.25", "0.5", "0.75", "0.95"}
    assert [set(each) for each in found["chance_above"]] == [{"ratio", "chance"}]
    assert {"name", "first", "total", "shapley", "evppi"} <= set(found["drivers"][0])
    assert found["mean"] == befriending.mean
    assert found["sroi_ratio"] == sroi.evaluate(sroi.example("befriending")).sroi_ratio
    assert found["decision_ratio"] == 1.0


def test_the_interval_stands_with_its_rules_its_method_and_what_it_rests_on(
    command: Command, befriending: Uncertainty, independent: str
) -> None:
    lines = said(command, independent)
    assert lines[:2] == ["Larkhaven befriending (an illustration)", "SROI ratio 1.78 : 1"]
    assert "Worked out exactly from the ranges of the map's numbers, without simulation." in lines
    low, high = befriending.interval
    row = next(
        line
        for line in lines
        if line.startswith("  Range, 5\u00a0% to 95\u00a0%") or line.startswith("  Range, 5 % to 95 %")
    )
    assert row.split()[-3:] == [f"{low:.2f}", "to", f"{high:.2f}"]
    rests = lines.index("What this range rests on:")
    assert lines[rests + 1].startswith("  - Range from the stated ranges: ")
    assert all(len(line) <= 100 for line in lines)
    first = befriending.drivers[0]
    heading = next(place for place, line in enumerate(lines) if line.split()[:2] == ["Number", "Alone"])
    assert lines[heading + 1].split()[0] in (first.name, first.label.split()[0])


def test_thresholds_are_said_and_the_first_one_decides(
    command: Command, befriending: Uncertainty, independent: str
) -> None:
    found = told(command, independent, "--above", "2", "--above", "1")
    assert [each["ratio"] for each in found["chance_above"]] == [2.0, 1.0]
    assert found["chance_above"][1]["chance"] == pytest.approx(befriending.chance_above(1.0))
    assert found["decision_ratio"] == 2.0
    lines = said(command, independent, "--above", "2")
    assert any("above 2 for each £1 put in" in line for line in lines)
    assert any(line.startswith("  Chance of a ratio above 2 : 1") for line in lines)


def test_a_map_without_ranges_is_said_to_be_a_point(command: Command) -> None:
    lines = said(command, WHEELS)
    assert lines[4:] == [
        "No number of this map has a range, so nothing can be said of how sure the ratio is: it is a single",
        "point. Give the numbers ranges, or let --assume 10% put a stated default range where there is none.",
    ]
    found = told(command, WHEELS)
    assert (found["method"], found["mean"], found["sd"]) == ("point", found["sroi_ratio"], 0.0)


def test_an_assumed_range_is_called_an_assumption(command: Command) -> None:
    lines = " ".join(" ".join(said(command, WHEELS, "--assume", "10%")).split())
    assert "ranges are assumptions, not evidence: 10 % either way" in lines


def test_what_the_exact_engine_does_not_reach_is_simulated_and_says_why(command: Command) -> None:
    lines = " ".join(said(command, BEFRIENDING, "--draws", "2000"))
    assert "Simulated with 2,000 draws, seed 0" in lines
    assert "Not worked out exactly: the" in lines
    refused = command("uncertainty", BEFRIENDING, "--method", "exact")
    assert refused.returncode == 2
    assert refused.stderr.startswith("this map is out of reach of the exact engine: ")
    assert said(command, BEFRIENDING, "--draws", "2000", "--cross-check")[-1].startswith("No cross-check: the")


def test_a_simulation_states_its_draws_seed_and_error(command: Command) -> None:
    options = ("--method", "simulation", "--draws", "2,000", "--seed", "0")
    found = told(command, BEFRIENDING, *options)
    assert (found["method"], found["draws"], found["seed"]) == ("simulation", 2000, 0)
    assert found["standard_error"] > 0
    assert found == told(command, BEFRIENDING, *options)
    other = told(command, BEFRIENDING, *options[:-1], "1")
    assert other["mean"] != found["mean"]
    line = next(line for line in said(command, BEFRIENDING, *options) if line.startswith("Simulated"))
    assert line.startswith("Simulated with 2,000 draws, seed 0; standard error of the mean ")


def test_the_cross_check_prints_both_and_how_far_they_lie_apart(
    command: Command, befriending: Uncertainty, independent: str
) -> None:
    found = told(command, independent, "--cross-check", "--draws", "20000")
    rows = found["cross_check"]
    assert (rows[0]["figure"], len(rows)) == ("mean", 6)
    assert rows[0]["exact"] == befriending.mean
    assert all(abs(row["z"]) < 4 for row in rows)
    assert rows[0]["z"] == pytest.approx((rows[0]["simulated"] - rows[0]["exact"]) / rows[0]["standard_error"])
    lines = said(command, independent, "--cross-check", "--draws", "2000")
    assert any(line.startswith("Cross-check") for line in lines)


@pytest.mark.slow
def test_out_leaves_figures_and_tables(command: Command, tmp_path: Path) -> None:
    said(command, BEFRIENDING, "--out", "left")
    names = {path.name for path in (tmp_path / "left" / "figures").iterdir()}
    drawn = ("distribution", "acceptability", "variance_shares", "information_value")
    assert names == {f"{name}.{form}" for name in drawn for form in ("png", "svg")}
    tables = {path.name for path in (tmp_path / "left" / "tables").iterdir()}
    assert tables == {"quantiles.csv", "chance_above.csv", "drivers.csv"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--draws", "ten"), "--draws: 'ten' is not a whole number from 100 to 1000000000. Give one such as 100000."),
        (("--draws", "5"), "--draws: '5' is not a whole number from 100 to 1000000000. Give one such as 100000."),
        (("--draws", "1000", "--method", "exact"), "--draws belongs to a simulation. Leave it out, or give --method simulation."),
        (("--above", "often"), "--above: 'often' stands where a number belongs. Give a number, such as 12."),
        (("--assume", "10"), "--assume: '10' is above 1, which is 100 %. Did you mean 10%?"),
        (("--assume", "0%"), "--assume 0 gives a range without width. Give a share above 0, such as 10%."),
        (("--seed", "-1"), None),
        (("--method", "guess"), None),
    ],
)  # fmt: skip
def test_an_option_that_does_not_fit_is_wrong_usage(
    command: Command, options: tuple[str, ...], message: str | None
) -> None:
    ended = command("uncertainty", BEFRIENDING, *options)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Traceback" not in ended.stderr
    if message is not None:
        assert ended.stderr.strip() == message


def test_a_chance_claims_no_certainty() -> None:
    words = [chance_words(chance).replace("\u00a0", " ") for chance in (0.0, 0.0001, 0.5, 0.99999, 1.0)]
    assert words == ["0 %", "less than 0.1 %", "50 %", "more than 99.9 %", "100 %"]


def test_what_to_find_out_next_is_said_with_the_decision(command: Command, independent: str) -> None:
    lines = said(command, independent)
    start = lines.index("What to find out next:")
    assert lines[start + 1].startswith("  Fund if the value is expected to be above 1 for each £1 put in")
    assert any(line.startswith("  - Find out first: ") for line in lines[start:])
    found = told(command, independent)
    assert found["next_steps"][0]["sentence"].startswith("Find out first: ")


def test_the_lines_show_as_many_drivers_as_are_asked_for(befriending: Uncertainty) -> None:
    result = sroi.evaluate(sroi.example("befriending"))
    short, long = (uncertainty_lines(befriending, result, most) for most in (2, 5))
    assert len(long) == len(short) + 3
    assert f"  and {len(befriending.drivers) - 2} more (--most shows more, --json all)" in short

"""`sroi explain` as its users run it: what it says, the JSON that others rely on, what it refuses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import pytest

import sroi
from sroi.reports import working
from sroi.reports.analysis import Analysis, analyse
from sroi.reports.blocks import Bullets, Details, Paragraph, Table

Command = Callable[..., "subprocess.CompletedProcess[str]"]
WHEELS = str(sroi.case_study("wheels_to_meals"))


def test_an_outcome_is_written_out_in_the_terminal(command: Command) -> None:
    ended = command("explain", WHEELS, "gp_visits")
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.replace("\u00a0", " ").splitlines()
    assert "  Attribution (owed to others): 10 %  (line 65)" in lines
    assert "  Gross value of a year: quantity × proxy = 90 × £19 = £1,710" in lines
    assert "    2      £1,539 × 0.9    £1,385.10  / 1.035^2       £1,293.01" in lines
    assert max(map(len, lines)) <= 100


def test_a_narrow_terminal_gets_narrow_lines(command: Command) -> None:
    lines = command("explain", WHEELS, env={"COLUMNS": "80"}).stdout.splitlines()
    assert max(map(len, lines)) <= 80


def test_without_an_outcome_the_ratio_is_explained(command: Command) -> None:
    said = command("explain", WHEELS).stdout.replace("\u00a0", " ")
    assert "SROI ratio: total present value / total inputs = £81,741.93 / £42,375.00 = 1.93" in said


def test_json_on_standard_output_is_only_json(command: Command) -> None:
    told = json.loads(command("explain", WHEELS, "gp_visits", "--json", "-").stdout)
    assert (told["subject"], told["currency"], told["kind"]) == ("gp_visits", "GBP", "outcome")
    result = sroi.evaluate(sroi.example())
    assert told["value"] == pytest.approx(result.present_value[result.priced.index("gp_visits")], rel=1e-12)


def test_an_unknown_outcome_ends_with_the_nearest_name_and_status_two(command: Command) -> None:
    ended = command("explain", WHEELS, "gp_visit")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "this map has no outcome or input 'gp_visit'. Did you mean 'gp_visits'?\n"


# ---- in the report ----


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    impact_map = sroi.example("befriending")
    return analyse(impact_map, sroi.evaluate(impact_map))


def test_the_report_has_one_part_to_open_for_each_outcome_that_counts_and_one_for_the_rest(analysis: Analysis) -> None:
    section = working.section(analysis)
    assert (section.name, section.heading) == ("working", "The working, step by step")
    assert isinstance(section.blocks[0], Paragraph)
    opened = [block for block in section.blocks if isinstance(block, Details)]
    counted = int(analysis.result.counted.sum())
    assert len(opened) == counted + 2
    assert opened[0].summary == "Less lonely, and more satisfied with life (Older people living alone): £121,783.44"
    assert [each.summary for each in opened[counted:]] == [
        "The inputs, and the ratio",
        "Outcomes that are not counted, and what they would be",
    ]


def test_each_part_of_the_report_holds_sources_steps_and_years(analysis: Analysis) -> None:
    first = next(block for block in working.section(analysis).blocks if isinstance(block, Details))
    assert [block.text for block in first.blocks if isinstance(block, Paragraph)] == [
        "It counts. Its present value is £121,783.44.", "What the map gives:", "The working:",
    ]  # fmt: skip
    givens, steps, years, last = (block for block in first.blocks if not isinstance(block, Paragraph))
    assert isinstance(givens, Bullets)
    assert any("Of 20 people on the waiting list, 6 rose too; source: Illustrative." in item for item in givens.items)
    assert isinstance(steps, Bullets)
    assert any("52 / 84 = 61.9047619\u00a0%" in item for item in steps.items)
    assert isinstance(years, Table)
    assert years.headings == ("Year", "Working", "Value", "Discounted", "Present value")
    assert years.rows[-1] == ("Total", "", "", "", "£121,783.44")
    assert isinstance(last, Bullets)


def test_the_tables_of_the_working_have_names_of_their_own(analysis: Analysis) -> None:
    tables = [
        block
        for part in working.section(analysis).blocks
        if isinstance(part, Details)
        for block in part.blocks
        if isinstance(block, Table)
    ]
    assert len({table.name for table in tables}) == len(tables)

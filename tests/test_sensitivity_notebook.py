"""The sensitivity notebook: one map looked into, on a page to hand over."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sroi
from sroi.batch.report import make_report
from sroi.shipped import template

pytestmark = pytest.mark.usefixtures("warm_notebooks")


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sensitivity") / "wheels"
    parameters = {"assume": 0.1, "target": 1.5}
    make_report(sroi.case_study("wheels_to_meals"), out, template("sensitivity.ipynb"), parameters)
    return out


def test_the_notebook_leaves_a_page_figures_and_tables(left_behind: Path) -> None:
    page = (left_behind / "report.html").read_text(encoding="utf-8")
    for heading in ("What if the numbers were different", "Two numbers at a time", "How sure is the ratio",
                    "How the ratio moves with each number", "What should we find out next"):  # fmt: skip
        assert f"<h2>{heading}</h2>" in page
    figures = {path.stem for path in (left_behind / "figures").iterdir()}
    assert {"tornado", "spider", "heat_map", "distribution", "acceptability", "drivers"} <= figures


def test_assumed_ranges_are_called_so_wherever_the_interval_stands(left_behind: Path) -> None:
    page = (left_behind / "report.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "Range from assumed ranges, 10 % either way: 1." in page
    assert "58 ranges are assumptions, not evidence" in page
    assert "from the stated ranges" not in page.lower().replace("within the stated ranges", "")


def test_switching_values_are_for_the_target_that_was_asked_for(left_behind: Path) -> None:
    page = (left_behind / "report.html").read_text(encoding="utf-8")
    assert "What a number alone would have to be for the ratio to be 1.5 : 1" in page
    table = pd.read_csv(left_behind / "tables" / "switching_values.csv")
    value = table.set_index("name").loc["contract.value", "value"]
    wheels = sroi.example("wheels_to_meals")
    assert float(sroi.evaluate(wheels, at={"contract.value": value}).sroi_ratio) == pytest.approx(1.5, rel=1e-9)


def test_the_page_prints_its_own_cross_check(left_behind: Path) -> None:
    page = (left_behind / "report.html").read_text(encoding="utf-8")
    assert "Cross-check: 32,768 draws (seed 0) differ from the exact answer" in page


def test_the_notebook_refuses_a_number_that_the_map_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(sroi.SroiError, match=r"gp_visit\.proxy"):
        make_report(
            sroi.case_study("wheels_to_meals"), tmp_path / "out", template("sensitivity.ipynb"),
            {"first": "gp_visit.proxy"},
        )  # fmt: skip

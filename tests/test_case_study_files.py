"""Every case study's workbook is the map, its story runs, and each can be begun from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from warm_runs import execute, said

import sroi
from sroi.cli import main
from sroi.shipped import case_studies, folder

STUDIES = folder("case_studies")
every_case_study = pytest.mark.parametrize("name", case_studies())

# The workbooks together, and the notebooks: what they add to the wheel.
MOST_BYTES = {".xlsx": 1_200_000, ".ipynb": 120_000}


@every_case_study
def test_the_workbook_is_the_map_that_lies_beside_it(name: str) -> None:
    ours, theirs = sroi.example(name), sroi.read_value_map(STUDIES / name / "value_map.xlsx")
    # `make templates` writes it anew.
    assert theirs.model_dump(exclude={"origin"}, exclude_none=True) == ours.model_dump(
        exclude={"origin"}, exclude_none=True
    )
    figures = [sroi.evaluate(each).to_dict() for each in (ours, theirs)]
    for figure in ("total_inputs", "total_present_value", "net_present_value", "sroi_ratio", "payback_years"):
        assert figures[0][figure] == figures[1][figure], figure


@every_case_study
def test_the_workbook_shows_the_figures_that_its_formulas_come_to(name: str) -> None:
    import openpyxl

    book = openpyxl.load_workbook(STUDIES / name / "value_map.xlsx", data_only=True, read_only=False)
    [(sheet, cell)] = book.defined_names["sroi_ratio"].destinations
    assert book[sheet][cell.replace("$", "")].value == pytest.approx(
        float(sroi.evaluate(sroi.example(name)).sroi_ratio)
    )


@every_case_study
def test_a_map_can_be_begun_from_it(name: str, tmp_path: Path) -> None:
    assert main(["new", str(tmp_path / "ours.yaml"), "--example", name]) == 0
    assert (tmp_path / "ours.yaml").read_bytes() == sroi.case_study(name).read_bytes()


@every_case_study
def test_its_story_has_at_most_25_cells_and_speaks_more_than_it_computes(name: str) -> None:
    cells: list[dict[str, Any]] = json.loads((STUDIES / name / "story.ipynb").read_text(encoding="utf-8"))["cells"]
    assert len(cells) <= 25
    told = [cell for cell in cells if cell["cell_type"] == "markdown"]
    assert len(told) >= 10
    text = "".join("".join(cell["source"]) for cell in told)
    assert [stage for stage in "123456" if f"## {stage}. " not in text] == []
    assert "### The honest sentence" in text


@every_case_study
def test_the_page_of_all_case_studies_has_its_ratio(name: str) -> None:
    page = (STUDIES.parent / "docs" / "case_studies.md").read_text(encoding="utf-8")
    [row] = [line for line in page.splitlines() if line.startswith(f"| [{name}]")]
    assert row.endswith(f"| {float(sroi.evaluate(sroi.example(name)).sroi_ratio):.2f} |")
    assert f"(../case_studies/{name}/README.md)" in row


def test_workbooks_and_stories_stay_small_for_they_travel_with_the_program() -> None:
    for ending, most in MOST_BYTES.items():
        assert sum(path.stat().st_size for path in STUDIES.rglob(f"*{ending}")) <= most, ending


@pytest.mark.slow
@every_case_study
def test_its_story_runs_and_its_pencil_agrees(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    import nbformat

    story = nbformat.read(STUDIES / name / "story.ipynb", as_version=4)
    run = execute(story, cwd=str(tmp_path))
    code = [place for place, cell in enumerate(run.cells) if cell.cell_type == "code"]
    spoken = {place: said(run, place) for place in code}
    pencil = next(text for text in spoken.values() if text.startswith("by pencil"))
    by_pencil, by_program = pencil.strip().removeprefix("by pencil ").split(", by the program ")
    assert by_pencil == by_program
    ratio = float(sroi.evaluate(sroi.example(name)).sroi_ratio)
    assert any(f"SROI ratio {ratio:.2f} : 1" in text for text in spoken.values())
    assert "This is value to people, not cash." in spoken[code[-1]]
    assert list(tmp_path.iterdir()) == []

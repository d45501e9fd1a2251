"""Every part of the commissioning room has its form, its command, its notebook and its page, and they agree."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import pytest

from sroi.cli import main
from sroi.commands.commission_paper import leave_paper
from sroi.commissioning import FORMS, PARTS
from sroi.commissioning.blank import form_of
from sroi.errors import RunFailed
from sroi.files.form_reader import read_form
from sroi.files.form_writer import form_bytes

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "templates" / "commissioning"

every_form = pytest.mark.parametrize("name", FORMS)
every_part = pytest.mark.parametrize("part", PARTS)


@every_form
def test_the_workbook_of_a_form_that_travels_with_the_program_is_current(name: str) -> None:
    # `make templates` writes it anew.
    assert (SHIPPED / f"{name}.xlsx").read_bytes() == form_bytes(form_of(name)[0])


@every_form
def test_the_example_of_a_form_reads_back_the_same_from_a_workbook_and_from_yaml(name: str, tmp_path: Path) -> None:
    form, example = form_of(name)
    read = []
    for ending in (".xlsx", ".yaml"):
        path = tmp_path / f"example{ending}"
        assert main(["commission", "new", name, str(path), "--example"]) == 0
        parts = read_form(path, form).parts
        read.append({part: [dict(row.values) for row in rows] for part, rows in parts.items()})
    assert read[0] == read[1]
    assert any(read[0].values())
    assert set(example) <= set(read[0])


@every_form
def test_an_example_says_that_its_figures_are_invented(name: str) -> None:
    form, example = form_of(name)
    told = json.dumps([form.about, example], default=str).lower()
    assert "illustrative" in told or "invented" in told


@every_form
def test_every_column_of_a_form_says_what_to_write_or_offers_it(name: str) -> None:
    form, _ = form_of(name)
    silent = [f"{part.name}.{column.name}" for part in form.parts for column in part.columns if not column.told and column.kind not in ("choice", "yes_no", "day")]  # fmt: skip
    assert silent == []


@every_part
def test_a_part_has_its_notebook_and_its_page(part: str) -> None:
    assert (SHIPPED / f"{part}.ipynb").is_file()
    page = (ROOT / "docs" / "commissioning" / f"{part}.md").read_text(encoding="utf-8")
    assert f"sroi commission {part}" in page
    assert f"commissioning/{part}.md" in (ROOT / "docs" / "commissioning.md").read_text(encoding="utf-8")


def test_a_form_that_is_begun_says_what_is_run_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, told in (("bids", "bids {} --profile PROFILE"), ("readiness", "readiness {}")):
        path = tmp_path / f"{name}.yaml"
        assert main(["commission", "new", name, str(path)]) == 0
        assert f"run `sroi commission {told.format(path)}`" in capsys.readouterr().out


def test_a_form_is_never_written_over_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_text("mine", encoding="utf-8")
    assert main(["commission", "new", "consider", str(path)]) == 1
    assert "this file is already there" in capsys.readouterr().err
    assert main(["commission", "new", "consider", str(tmp_path / "mine.docx")]) == 1
    assert "a form is a workbook or YAML" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("words", "told"), [(["spent", "x"], "there is no action 'spent'. Did you mean 'spend'?"), (["new", "bid", "x.xlsx"], "there is no form 'bid'. Did you mean 'bids'?")])  # fmt: skip
def test_an_action_or_a_form_that_there_is_not_is_answered_with_the_nearest(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["commission", *words])
    assert told in capsys.readouterr().err


def notebook(folder: Path, source: str) -> Path:
    cells = [
        {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "source": 'out = ""\nformats = ""\ncount = 1', "outputs": [], "execution_count": None},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": source, "outputs": [], "execution_count": None},
    ]  # fmt: skip
    path = folder / "commissioning" / "bids.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


def asked(out: Path) -> Namespace:
    return Namespace(out=str(out), formats="html")


def test_a_paper_that_fails_leaves_its_folder_as_it_was_and_one_that_is_made_comes_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = notebook(tmp_path, "from pathlib import Path\n(Path(out) / 'a.html').write_text('x')\n1 // (count - 1)")
    monkeypatch.setattr("sroi.shipped.template", lambda name: tmp_path / name)
    with pytest.raises(RunFailed, match="ZeroDivisionError"):
        leave_paper("bids", {"count": 1}, asked(tmp_path / "out"))
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["failed.ipynb"]
    leave_paper("bids", {"count": 2}, asked(tmp_path / "out"))
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["a.html", "bids.ipynb"]
    assert ".unfinished" not in (tmp_path / "out" / "bids.ipynb").read_text(encoding="utf-8")
    assert "a.html      open it in a browser, or print it" in capsys.readouterr().out
    assert path.is_file()
    leave_paper("bids", {"count": 2}, Namespace(out=str(tmp_path / "out"), formats="html", json="-"))
    assert capsys.readouterr().out == "", "standard output is left to the JSON"

"""`sroi template check`: what keeps a notebook from being a template, each finding with its cell and remedy."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import batches
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from sroi.batch.fitness import findings_of
from sroi.errors import TemplateRefused
from sroi.shipped import case_study, template

pytestmark = pytest.mark.usefixtures("warm_notebooks")


def test_a_notebook_with_many_faults_is_told_each_with_its_cell(tmp_path: Path) -> None:
    cells = [
        new_code_cell("import os"),
        new_code_cell("n = 1\nwhere = os.getcwd()\nx: float\nprint(n)", metadata={"tags": ["parameters"]}),
        new_code_cell("open('/home/ann/data.csv')\n%cd ~/work/here", outputs=[new_output("stream", text="x")]),
        new_code_cell(r"open('C:\\Users\\ann\\x.csv')", metadata={"execution": {}}),
        new_code_cell("'https://example.org/home/page', './data/x.csv', '1/2'"),
    ]
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "ann-env", "display_name": "Ann", "language": "python"}
    notebook.metadata["vscode"] = {}
    nbformat.write(notebook, tmp_path / "t.ipynb")
    assert [str(each) for each in findings_of(tmp_path / "t.ipynb", run=False)] == [
        "cell 2: code stands before the cell tagged `parameters`, in cell 1. "
        "Move the parameters to the top: what comes before them cannot use them.",
        "cell 2: 'where = os.getcwd()' is worked out, and a default is a plain value. "
        "Write the value; work others out in the next cell.",
        "cell 2: 'x: float' has no default. Give it one, so that the notebook runs by itself.",
        "cell 2: 'print(n)' stands among the parameters. "
        "Move it to the next cell: this one is replaced by each run's values.",
        "cell 3: it is saved with its output. Clear all outputs, then save.",
        "cell 3: '/home/ann/data.csv' is a path of one machine. Make it a parameter, or name it from the notebook's own folder.",
        "cell 3: '~/work/here' is a path of one machine. Make it a parameter, or name it from the notebook's own folder.",
        r"cell 4: 'C:\Users\ann\x.csv' is a path of one machine. Make it a parameter, or name it from the notebook's own folder.",
        "cell 4: its metadata holds execution, left by an earlier run or an editor. Clear it, or let nbstripout do so.",
        "metadata: its kernel is 'ann-env', which other machines do not have. Choose the kernel Python 3 (python3).",
        "metadata: its metadata holds 'vscode', of an editor. Take it out.",
    ]


def test_a_notebook_without_parameters_is_no_template(tmp_path: Path) -> None:
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), tmp_path / "t.ipynb")
    [finding] = findings_of(tmp_path / "t.ipynb")
    assert str(finding) == (
        "no cell is tagged `parameters`. Put all parameters with their defaults into one cell, and give it that tag."
    )


def test_a_parameters_cell_that_is_no_python_is_told(tmp_path: Path) -> None:
    batches.template(tmp_path / "t.ipynb", parameters="n = = 1")
    [finding] = findings_of(tmp_path / "t.ipynb")
    assert str(finding) == "cell 1: the parameters cell is not Python (invalid syntax, its line 1). Correct the cell."


@pytest.mark.parametrize("name", ["report.ipynb", "sensitivity.ipynb", "class.ipynb"])
def test_our_own_templates_have_nothing_to_be_found(name: str) -> None:
    assert findings_of(batches.ROOT / "templates" / name, run=False) == []


@pytest.mark.slow
def test_a_notebook_that_does_not_run_is_told_with_the_cell(tmp_path: Path) -> None:
    batches.template(tmp_path / "t.ipynb", "1 + 1", "assert x > 1, 'too small'", "x")
    run = batches.sroi(tmp_path, "template", "check", "t.ipynb")
    assert (run.returncode, run.stdout) == (
        1,
        "t.ipynb: 1 finding\n  cell 3: the trial run stopped here: AssertionError: too small. "
        "Correct the cell, or give a parameter that it needs by -p NAME VALUE.\n",
    )
    given = batches.sroi(tmp_path, "template", "check", "t.ipynb", "-p", "x", "2")
    assert (given.returncode, given.stdout) == (0, "t.ipynb is fit to be a template (it runs).\n")


def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.ipynb").write_text("x")
    with pytest.raises(TemplateRefused, match="this file is not a notebook"):
        findings_of(tmp_path / "t.ipynb")


def test_a_bare_name_that_is_no_file_here_is_a_template_that_travels_with_the_program(
    command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    checked = command("template", "check", "report.ipynb", "--no-run")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("report.ipynb is fit to be a template")
    asked = ["-p", "value_map", str(case_study("befriending")), "--out", "runs", "--key-only"]
    ours = command("run-one", "--template", "report.ipynb", *asked)
    named = command("run-one", "--template", str(template("report.ipynb")), *asked)
    assert (ours.returncode, ours.stderr, ours.stdout) == (0, "", named.stdout)
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), tmp_path / "report.ipynb")
    own = command("template", "check", "report.ipynb", "--no-run")
    assert own.returncode == 1, "a file that is here is meant before one that travels with the program"
    away = command("template", "check", "nowhere/report.ipynb", "--no-run")
    assert away.returncode == 1
    assert "no such file" in away.stderr + away.stdout

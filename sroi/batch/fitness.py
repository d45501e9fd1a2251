"""Whether a notebook is fit to be a template: findings with the cell's number, what was found, and the remedy."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sroi.batch.execution import NoRoom, Stopped, execute
from sroi.batch.parameters import checked, declared, read_notebook
from sroi.batch.run import first_unfinished
from sroi.batch.runs import Limits
from sroi.errors import Problem, SroiError, TemplateRefused
from sroi.reading import shown

_ABSOLUTE = re.compile(
    r"(?<![\w:/.~])/(?:home|Users|root|mnt|media|tmp|var|opt|srv|data|Volumes|usr|etc|work|content)/[^\s'\"]+"
)
_WINDOWS = re.compile(r"(?<![A-Za-z])[A-Za-z]:[\\/](?![/\\])[^\s'\"]+|\\\\[\w.-]+\\[\w$.-]+")
_AT_HOME = re.compile(r"(?<![\w/])~/[^\s'\"]+")
_OWN_KERNELS = ("python3", "python")
_MACHINE_METADATA = {
    "vscode": "of an editor", "interpreter": "of an editor", "colab": "of Colab", "papermill": "of an earlier run",
    "widgets": "of widgets that were shown", "toc": "of an editor", "varInspector": "of an editor",
    "hide_input": "of an editor", "celltoolbar": "of an editor", "accelerator": "of Colab", "kaggle": "of Kaggle",
}  # fmt: skip
_CELL_METADATA = ("papermill", "execution", "ExecuteTime", "vscode", "colab", "outputId", "executionInfo")


def findings_of(template: Path, given: Mapping[str, str] | None = None, run: bool = True) -> list[Problem]:
    """Return what keeps a notebook from being a template, all of it; none if it is fit.

    `given` are parameters for the trial run, which is left out without `run`. FileRefused or TemplateRefused for what
    is no notebook at all, or for a parameter that it does not have.
    """
    notebook = read_notebook(template)
    problems = [*_of_parameters(template, notebook), *_of_cells(notebook), *_of_metadata(notebook)]
    broken = any("tagged" in problem.found or "not Python" in problem.found for problem in problems)
    if run and not broken:
        problems += _of_trial(template, dict(given or {}))
    return problems


def _place(number: int) -> str:
    return f"cell {number}"


def _tags(cell: Any) -> list[str]:
    return list(cell.get("metadata", {}).get("tags") or [])


def _of_parameters(template: Path, notebook: Any) -> Iterator[Problem]:
    code = [number for number, cell in enumerate(notebook.cells, start=1) if cell.cell_type == "code"]
    tagged = [number for number, cell in enumerate(notebook.cells, start=1) if "parameters" in _tags(cell)]
    if not tagged:
        found = "no cell is tagged `parameters`"
        yield Problem(found, "Put all parameters with their defaults into one cell, and give it that tag.")
        return
    for number in tagged[1:]:
        found, remedy = f"a second cell is tagged `parameters`; the first is cell {tagged[0]}", "Keep one of them."
        yield Problem(found, remedy, _place(number))
    first = tagged[0]
    if first not in code:
        yield Problem("the cell tagged `parameters` is no code", "Tag the cell that sets them.", _place(first))
        return
    if first != code[0]:
        found = f"code stands before the cell tagged `parameters`, in cell {code[0]}"
        yield Problem(found, "Move the parameters to the top: what comes before them cannot use them.", _place(first))
    try:
        known = declared(template)
    except TemplateRefused as error:
        yield Problem(error.problems[0].found, error.problems[0].remedy, _place(first))
        return
    if not known:
        yield Problem("the cell tagged `parameters` sets none", "Set each with its default: n = 3.", _place(first))
    yield from _of_defaults(notebook.cells[first - 1].source, first)


def _of_defaults(source: str, number: int) -> Iterator[Problem]:
    for line in ast.parse(source).body:
        words = shown(ast.unparse(line).splitlines()[0])
        docstring = isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
        if isinstance(line, ast.Assign | ast.AnnAssign):
            if line.value is None:
                found = f"{words} has no default"
                yield Problem(found, "Give it one, so that the notebook runs by itself.", _place(number))
            elif not _is_literal(line.value):
                found = f"{words} is worked out, and a default is a plain value"
                yield Problem(found, "Write the value; work others out in the next cell.", _place(number))
        elif not docstring:
            found = f"{words} stands among the parameters"
            yield Problem(found, "Move it to the next cell: this one is replaced by each run's values.", _place(number))


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _of_cells(notebook: Any) -> Iterator[Problem]:
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        if cell.get("outputs") or cell.get("execution_count") is not None:
            what = "its output" if cell.get("outputs") else "the number of its last run"
            yield Problem(f"it is saved with {what}", "Clear all outputs, then save.", _place(number))
        if "injected-parameters" in _tags(cell):
            yield Problem("it was put in by an earlier run", "Delete it.", _place(number))
        for path in dict.fromkeys(_absolute_paths(cell.source)):
            found = f"{shown(path)} is a path of one machine"
            yield Problem(found, "Make it a parameter, or name it from the notebook's own folder.", _place(number))
        extra = [name for name in _CELL_METADATA if name in cell.get("metadata", {})]
        if extra:
            found = f"its metadata holds {', '.join(extra)}, left by an earlier run or an editor"
            yield Problem(found, "Clear it, or let nbstripout do so.", _place(number))


def _absolute_paths(source: str) -> Iterator[str]:
    """Yield the absolute paths in a cell's texts; in lines that are no Python, anywhere in them."""
    python = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    others = [line for line in source.splitlines() if line.lstrip().startswith(("%", "!"))]
    try:
        tree = ast.parse(python)
        texts = [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        texts = [source]
        others = []
    for text in (*texts, *others):
        for pattern in (_ABSOLUTE, _WINDOWS, _AT_HOME):
            for match in pattern.finditer(text):
                yield match[0]


def _of_metadata(notebook: Any) -> Iterator[Problem]:
    metadata = notebook.get("metadata", {})
    kernel = metadata.get("kernelspec", {})
    name = str(kernel.get("name", "python3")) if isinstance(kernel, dict) else "python3"
    language = str(kernel.get("language", "python")) if isinstance(kernel, dict) else "python"
    if language.lower() != "python":
        yield Problem(f"its kernel speaks {shown(language)}", "A template is written in Python.", "metadata")
    elif name not in _OWN_KERNELS:
        found = f"its kernel is {shown(name)}, which other machines do not have"
        yield Problem(found, "Choose the kernel Python 3 (python3).", "metadata")
    for key, whose in _MACHINE_METADATA.items():
        if key in metadata:
            yield Problem(f"its metadata holds '{key}', {whose}", "Take it out.", "metadata")


def _of_trial(template: Path, given: dict[str, str]) -> Iterator[Problem]:
    """Run the notebook once, with its defaults or what is given, in a folder that goes afterwards."""
    known = declared(template)
    values = checked(template, given)
    with tempfile.TemporaryDirectory(prefix="sroi-trial-") as name:
        folder = Path(name).resolve()
        if "out" in known and "out" not in values:
            values["out"] = str(folder / "files")
            (folder / "files").mkdir()
        if "value_map" in known:
            values["value_map"] = _map_for_trial(template, values.get("value_map"), known["value_map"].default)
        executed = folder / "trial.ipynb"
        try:
            execute(template, executed, values, template.resolve().parent, Limits(), 0)
            unfinished = first_unfinished(executed)
            if unfinished is not None:
                number = _own_number(executed, unfinished)
                found = "it and those after it did not run, though the notebook ended without an error"
                yield Problem(found, "Take out what ends the notebook early, such as sys.exit.", _place(number))
        except Stopped as stopped:
            yield _of_stop(stopped, executed)
        except NoRoom:
            yield Problem("it could not be tried: the disk is full", "Make room.", "the trial run")
        except SroiError as error:
            yield Problem(error.problems[0].found, error.problems[0].remedy, "the trial run")


def _map_for_trial(template: Path, given: Any, default: str) -> str:
    """Return the value map to try with: the one given, the notebook's own if it is there, else the Guide's example."""
    from sroi.shipped import case_study

    if isinstance(given, str) and given:
        return str(Path(given).resolve())
    own = template.resolve().parent / default.strip("'\"")
    return str(own if own.is_file() else case_study("wheels_to_meals"))


def _of_stop(stopped: Stopped, executed: Path) -> Problem:
    match = re.match(r"cell (\d+):? (?:stopped with )?(.*)", stopped.said)
    if match is None:
        return Problem(f"it does not run: {stopped.said.rstrip('.')}", "Correct it.", "the trial run")
    number = _own_number(executed, int(match[1]))
    remedy = "Correct the cell, or give a parameter that it needs by -p NAME VALUE."
    return Problem(f"the trial run stopped here: {match[2].rstrip('.')}", remedy, _place(number))


def _own_number(executed: Path, number: int) -> int:
    """Return a cell's number in the template: a run puts a cell with the given values into its copy."""
    import nbformat

    try:
        cells = nbformat.read(executed, as_version=4).cells
    except Exception:  # a run that was cut short may leave anything
        return number
    ours = [cell for cell in cells if "papermill-error-cell-tag" not in _tags(cell)]
    return number - sum("injected-parameters" in _tags(cell) for cell in ours[: number - 1])

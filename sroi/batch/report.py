"""`sroi report`: a value map through a parameterised notebook, and what that leaves in a folder."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sroi.batch.parameters import checked, declared
from sroi.batch.run import run_notebook
from sroi.errors import FileRefused, Problem, RunFailed, TemplateRefused
from sroi.evaluation import evaluate
from sroi.files.safety import write_whole
from sroi.files.value_maps import read_value_map
from sroi.provenance import document
from sroi.reports.formats import check_formats
from sroi.result import Result


@dataclass(frozen=True)
class Report:
    """What a run left: the map's result, its document, and the names of the files in the folder, `figures` as one."""

    result: Result
    document: dict[str, Any]
    files: tuple[str, ...]


def make_report(
    value_map: Path,
    out: Path,
    template: Path,
    parameters: Mapping[str, Any] | None = None,
    formats: str = "html,docx",
    seed: int = 0,
    progress: bool | None = None,
) -> Report:
    """Run `template` on a value map, leave the report in `out`, and say what was left.

    Everything is made in a hidden folder inside `out` and moved to its place at the end: a run that fails or is
    stopped leaves `out` as it was, save for `failed.ipynb`, the notebook up to the cell that failed. Raises what
    reading the map raises, TemplateRefused for a notebook or parameter that does not fit, RunFailed for a cell that
    stops.
    """
    asked = dict(parameters or {})
    check_formats(str(asked.get("formats", formats)))
    impact_map = read_value_map(value_map)
    result = evaluate(impact_map)
    known = declared(template)
    own = {"value_map": str(value_map.resolve()), "formats": formats, "seed": seed}
    for name in ("value_map", "out"):
        if name not in known:
            found = f"the notebook has no parameter '{name}'"
            raise TemplateRefused(Problem(found, "A report's notebook receives value_map and out."), str(template))
    clash = sorted({"value_map", "out"} & asked.keys())
    if clash:
        raise TemplateRefused(
            [Problem(f"the parameter '{name}' is set by the command", "Leave it out.") for name in clash]
        )
    given = checked(template, {**{name: value for name, value in own.items() if name in known}, **asked})

    stage = _stage(out)
    try:
        executed = stage / "report.ipynb"
        try:
            run_notebook(template, executed, {**given, "out": str(stage)}, progress)
        except RunFailed as error:
            raise _with_notebook_kept(error, executed, out) from None
        _refuse_links(stage)
        if not (stage / "report.html").is_file():
            _page_of_notebook(executed, stage / "report.html")
        told = document(impact_map, result)
        content = json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)
        write_whole(stage / "result.json", (content + "\n").encode("utf-8"), overwrite=True)
        _name_folder(executed, stage, out)
        files = tuple(sorted(path.name for path in stage.iterdir()))
        _move_in(stage, out)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return Report(result, told, files)


def _stage(out: Path) -> Path:
    """Return a new folder inside `out`, where nobody takes unfinished work for a report."""
    if out.exists() and not out.is_dir():
        raise FileRefused(Problem("this is a file", "Name a folder for the report."), str(out))
    try:
        out.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".unfinished-", dir=out)).resolve()
    except OSError as error:
        found = f"nothing can be written there ({error.strerror or error})"
        raise FileRefused(Problem(found, "Name a folder that you may write to."), str(out)) from None


def _with_notebook_kept(error: RunFailed, executed: Path, out: Path) -> RunFailed:
    """Keep the notebook of a failed run where the user can open it, and say where."""
    if not executed.exists():
        return error
    kept = out / "failed.ipynb"
    os.replace(executed, kept)
    return RunFailed([Problem(each.found, f"{each.remedy} See {kept}.") for each in error.problems], error.source)


def _page_of_notebook(executed: Path, page: Path) -> None:
    """Write the executed notebook as a page without code, for a template that makes no page of its own."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True)
    # nbconvert's own page loads scripts from elsewhere.
    resources = {"require_js_url": "", "mathjax_url": "", "jquery_url": ""}
    exporter.require_js_url = exporter.mathjax_url = exporter.jquery_url = ""
    html, _ = exporter.from_filename(str(executed), resources=resources)
    write_whole(page, html.encode("utf-8"), overwrite=True)


def _name_folder(executed: Path, stage: Path, out: Path) -> None:
    """Let the notebook name the folder in which its report ends up, so that it can be run again as it is."""
    text = executed.read_text(encoding="utf-8")
    was, becomes = str(stage), str(out.resolve())
    # Within the notebook's JSON a path in Python source is quoted twice, one in an output once.
    text = text.replace(_quoted(_quoted(was)), _quoted(_quoted(becomes))).replace(_quoted(was), _quoted(becomes))
    executed.write_text(text, encoding="utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text)[1:-1]


def _refuse_links(stage: Path) -> None:
    """Refuse what a notebook may leave that is no file of its own: a link would let it write where it points."""
    links = [path.relative_to(stage) for path in stage.rglob("*") if path.is_symlink()]
    if links:
        found = f"the notebook left a link among its files ({links[0]})"
        raise TemplateRefused(Problem(found, "Let it write files."), "report")


def _move_in(stage: Path, out: Path) -> None:
    """Move every finished file into `out`, each in one step, the notebook last; nothing, if one of them cannot be."""
    files = sorted((path for path in stage.rglob("*") if path.is_file()), key=lambda path: path.name == "report.ipynb")
    targets = [out / path.relative_to(stage) for path in files]
    in_the_way = [
        target for target in targets if target.is_dir() or (target.parent.exists() and not target.parent.is_dir())
    ]
    if in_the_way:
        found = f"{in_the_way[0].name} of the report cannot be put there: a folder or file of that name is in the way"
        raise FileRefused(Problem(found, "Move it away, or name another folder."), str(out))
    try:
        for path, target in zip(files, targets, strict=True):
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)
        (out / "failed.ipynb").unlink(missing_ok=True)
    except OSError as error:
        found = f"the report could not be moved to its place ({error.strerror or error})"
        raise FileRefused(Problem(found, "Make room, or name another folder."), str(out)) from None

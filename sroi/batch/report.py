"""`sroi report`: a value map through a parameterised notebook, and what that leaves in a folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sroi.batch.parameters import checked, declared
from sroi.batch.run import name_folder, run_notebook
from sroi.batch.staging import move_in, refuse_links, stage_in, with_notebook_kept
from sroi.errors import Problem, RunFailed, SroiError, TemplateRefused, did_you_mean
from sroi.evaluation import evaluate
from sroi.files.csv_writer import rows_bytes
from sroi.files.safety import write_whole
from sroi.files.value_maps import read_value_map
from sroi.provenance import document
from sroi.questions.licences import refuse_private
from sroi.reports.audiences import AUDIENCES
from sroi.reports.changes import ChangedFigure, changed_figures, figures_of_file, figures_told
from sroi.reports.editing import EDITABLE, figures_kept, is_as_written, place_for, sealed
from sroi.reports.formats import check_formats
from sroi.reports.styling import read_look
from sroi.result import Result


@dataclass(frozen=True)
class Report:
    """What a run left: the map's result, the document, and the names of the files in the folder, `figures` as one.

    `document` is what `result.json` holds: the notebook's own, where it left one, else the map's.

    `kept` names documents that somebody edited since they were made, each with the name under which the new one was
    left beside it; `changed` the figures that differ from those that the edited one was made with.
    """

    result: Result
    document: dict[str, Any]
    files: tuple[str, ...]
    kept: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[ChangedFigure, ...] = ()


def make_report(
    value_map: Path,
    out: Path,
    template: Path,
    parameters: Mapping[str, Any] | None = None,
    formats: str = "html,docx",
    seed: int = 0,
    progress: bool | None = None,
    audience: str | None = None,
    look: Mapping[str, str] | None = None,
    language: str = "en",
    allow_private: bool = False,
) -> Report:
    """Run `template` on a value map, leave the report in `out`, and say what was left.

    `audience` is funder, board, assurer or slides; `look` an organisation's own, by `colour`, `logo` and
    `word_template` as `sroi.reports.styling.read_look` takes them; `language` as `sroi.reports.spoken` knows it;
    `allow_private`, whether a licence allows values to be passed on that may not be as a rule (else LicenceRefused).

    Everything is made in a hidden folder inside `out` and moved to its place at the end: a run that fails or is stopped
    leaves `out` as it was, save for `failed.ipynb`, the notebook up to the cell that failed. A document that somebody
    edited since it was made is left as it is, and the new one stands beside it. Raises what reading the map raises,
    TemplateRefused for a notebook, parameter, format, audience or look that does not fit, RunFailed for a cell that
    stops.
    """
    asked = {**_asked(audience, look or {}), **(parameters or {})}
    _check(asked, formats)
    impact_map = read_value_map(value_map)
    refuse_private(impact_map, "the report", allow_private)
    result = evaluate(impact_map)
    known = declared(template)
    own = {"value_map": str(value_map.resolve()), "formats": formats, "seed": seed,
           "explorer": (out / "explorer.html").is_file(), "language": language,
           "allow_private": allow_private}  # fmt: skip
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

    stage = stage_in(out)
    try:
        executed = stage / "report.ipynb"
        try:
            run_notebook(template, executed, {**given, "out": str(stage)}, progress)
        except RunFailed as error:
            raise with_notebook_kept(error, executed, out) from None
        refuse_links(stage)
        if not (stage / "report.html").is_file():
            _page_of_notebook(executed, stage / "report.html")
        told = result_of_notebook(stage / "result.json")
        if told is None:
            told = document(impact_map, result)
            content = json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)
            write_whole(stage / "result.json", (content + "\n").encode("utf-8"), overwrite=True)
        name_folder(executed, stage, out.resolve())
        _seal(stage)
        kept = {name: place_for(out / name).name for name in _DOCUMENTS if (stage / name).is_file()}
        kept = {name: place for name, place in kept.items() if place != name}
        changed = _changed(kept, told, stage, out)
        files = tuple(sorted(kept.get(path.name, path.name) for path in stage.iterdir()))
        move_in(stage, out, kept)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return Report(result, told, files, kept, changed)


def result_of_notebook(path: Path) -> dict[str, Any] | None:
    """Return the result that a notebook left, whose report tells of it; None if it left none that is one.

    A notebook may change the map, as the survey's does: its figures, and not the map's own, belong beside its page.
    """
    try:
        if path.stat().st_size > _LARGEST_RESULT:
            return None
        told = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except (OSError, ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and {"sroi_ratio", "total_inputs", "provenance"} <= told.keys() else None


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no figure")


_LARGEST_RESULT = 50_000_000  # bytes

# The documents that people go on editing.
_DOCUMENTS = tuple(f"report{ending}" for ending in EDITABLE)


def _asked(audience: str | None, look: Mapping[str, str]) -> dict[str, str]:
    """Return what was asked for beside the parameters as parameters: a notebook that does not know them is refused."""
    asked = {"audience": audience} if audience is not None else {}
    for name, given in look.items():
        if given:
            # The notebook runs in a folder of its own.
            asked[name] = given if name == "colour" else str(Path(given).resolve())
    return asked


def _check(asked: Mapping[str, Any], formats: str) -> None:
    """Refuse, all at once, formats, an audience and a look that there are not, before anything runs."""
    problems: list[Problem] = []
    audience = str(asked.get("audience", "funder"))
    if audience not in AUDIENCES:
        problems.append(Problem(f"there is no audience '{audience}'", did_you_mean(audience, AUDIENCES)))
    try:
        check_formats(str(asked.get("formats", formats)))
    except SroiError as error:
        problems += error.problems
    try:
        read_look(*(str(asked.get(name, "")) for name in ("colour", "logo", "word_template")))
    except SroiError as error:
        problems += error.problems
    if problems:
        raise TemplateRefused(problems)


def _seal(stage: Path) -> None:
    """Seal the documents that a notebook made in its own way, so that a rerun knows whether somebody edited them."""
    for name in _DOCUMENTS:
        path = stage / name
        if path.is_file() and not is_as_written(path):
            # What is no Office file at all is the notebook's business, and is left as it is.
            with suppress(Exception):
                write_whole(path, sealed(path.read_bytes()), overwrite=True)


def _changed(kept: Mapping[str, str], told: dict[str, Any], stage: Path, out: Path) -> tuple[ChangedFigure, ...]:
    """Return the figures that differ from those that an edited document was made with; leave them as a table too."""
    if not kept:
        return ()
    was = figures_kept(out / "report.docx") if "report.docx" in kept else None
    was = was if was is not None else figures_of_file(out / "result.json")
    if was is None:
        return ()
    changed = changed_figures(was, figures_told(told))
    rows = [("figure", "was", "now"), *((each.figure, each.was, each.now) for each in changed)]
    (stage / "tables").mkdir(exist_ok=True)
    write_whole(stage / "tables" / "changed_figures.csv", rows_bytes(rows), overwrite=True)
    return changed


def _page_of_notebook(executed: Path, page: Path) -> None:
    """Write the executed notebook as a page without code, for a template that makes no page of its own."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True)
    # nbconvert's own page loads scripts from elsewhere.
    resources = {"require_js_url": "", "mathjax_url": "", "jquery_url": ""}
    exporter.require_js_url = exporter.mathjax_url = exporter.jquery_url = ""
    html, _ = exporter.from_filename(str(executed), resources=resources)
    write_whole(page, html.encode("utf-8"), overwrite=True)

"""A paper made by a parameterised notebook that reads files of its own: run aside, put in place whole."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sroi.batch.parameters import checked
from sroi.batch.run import name_folder, run_notebook
from sroi.batch.staging import move_in, refuse_links, stage_in, with_notebook_kept
from sroi.errors import RunFailed
from sroi.reports.editing import EDITABLE, place_for


def make_paper(
    template: Path, out: Path, given: Mapping[str, Any], progress: bool | None = None
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Run `template` with these parameters and leave in `out` what it makes; return the names, a folder's as one.

    The second value names documents that somebody had edited, each with the name under which the new one stands beside
    it. A run that fails or is stopped leaves `out` as it was, save for `failed.ipynb`. Raises TemplateRefused for a
    parameter that does not fit, RunFailed for a cell that stops.
    """
    asked = checked(template, given)
    stage = stage_in(out)
    try:
        executed = stage / template.name
        try:
            run_notebook(template, executed, {**asked, "out": str(stage)}, progress)
        except RunFailed as error:
            raise with_notebook_kept(error, executed, out) from None
        refuse_links(stage)
        name_folder(executed, stage, out.resolve())
        places = {path.name: place_for(out / path.name).name for path in stage.iterdir() if path.suffix in EDITABLE}
        kept = {name: place for name, place in places.items() if place != name}
        names = tuple(sorted(kept.get(path.name, path.name) for path in stage.iterdir()))
        move_in(stage, out, kept)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return names, kept

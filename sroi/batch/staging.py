"""Where a notebook's files are made, and how they come to their place: all of them at the end, or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sroi.errors import FileRefused, Problem, RunFailed, TemplateRefused


def stage_in(out: Path) -> Path:
    """Return a new folder inside `out`, where nobody takes unfinished work for a report."""
    if out.exists() and not out.is_dir():
        raise FileRefused(Problem("this is a file", "Name a folder for the report."), str(out))
    try:
        out.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".unfinished-", dir=out)).resolve()
    except OSError as error:
        found = f"nothing can be written there ({error.strerror or error})"
        raise FileRefused(Problem(found, "Name a folder that you may write to."), str(out)) from None


def with_notebook_kept(error: RunFailed, executed: Path, out: Path) -> RunFailed:
    """Keep the notebook of a failed run where the user can open it, and say where."""
    if not executed.exists():
        return error
    kept = out / "failed.ipynb"
    os.replace(executed, kept)
    return RunFailed([Problem(each.found, f"{each.remedy} See {kept}.") for each in error.problems], error.source)


def refuse_links(stage: Path) -> None:
    """Refuse what a notebook may leave that is no file of its own: a link would let it write where it points."""
    links = [path.relative_to(stage) for path in stage.rglob("*") if path.is_symlink()]
    if links:
        found = f"the notebook left a link among its files ({links[0]})"
        raise TemplateRefused(Problem(found, "Let it write files."), "report")


def move_in(stage: Path, out: Path, kept: Mapping[str, str]) -> None:
    """Move every finished file into `out`, each in one step, notebooks last; nothing, if one of them cannot be.

    `kept` says under which other name a document is left, because somebody edited the one that is there.
    """
    files = sorted((path for path in stage.rglob("*") if path.is_file()), key=lambda path: path.suffix == ".ipynb")
    names = [str(path.relative_to(stage)) for path in files]
    targets = [out / kept.get(name, name) for name in names]
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

"""After a batch: the portfolio notebook, which makes one report of all its runs."""

from __future__ import annotations

import os
from pathlib import Path

from sroi.batch.execution import NoRoom, Stopped, execute
from sroi.batch.parameters import declared
from sroi.batch.run import first_unfinished, name_folder
from sroi.batch.runs import Limits
from sroi.batch.storage import Storage
from sroi.reports.editing import EDITABLE, place_for
from sroi.shipped import template

NOTEBOOK = "portfolio.ipynb"


def portfolio_notebook() -> Path | None:
    """Return the portfolio notebook that travels with the program; None if this version has none."""
    path = template(NOTEBOOK)
    return path if path.is_file() else None


def leave_portfolio(notebook: Path, folder: Storage, seed: int) -> None:
    """Run the portfolio notebook on a batch and put what it makes into `portfolio`.

    Stopped, in a sentence, if that cannot be: what the batch recorded is not touched. A document that somebody edited
    stays as it is, and the new one stands beside it.
    """
    known = declared(notebook)
    with folder.scratch("portfolio") as scratch, folder.brought_here() as here:
        out = here / "portfolio"
        scratch.files.mkdir()
        given = {"batch": str(here), "out": str(scratch.files), "seed": seed}
        given = {name: value for name, value in given.items() if name in known}
        try:
            execute(notebook, scratch.notebook, given, scratch.path, Limits(), seed)
            unfinished = first_unfinished(scratch.notebook)
            if unfinished is not None:
                raise Stopped(f"cell {unfinished} and those after it did not run")
            name_folder(scratch.notebook, scratch.files, out)
            _move_in(scratch.files, out)
            os.replace(scratch.notebook, out / NOTEBOOK)
        except NoRoom:
            raise Stopped("the disk is full") from None
        except OSError as error:
            raise Stopped(f"it could not be written ({error.strerror or error})") from None


def _move_in(made: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(made.rglob("*")):
        target = out / path.relative_to(made)
        if path.is_symlink():
            continue
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            os.replace(path, place_for(target) if path.suffix in EDITABLE else target)

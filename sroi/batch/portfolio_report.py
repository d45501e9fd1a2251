"""After a batch: the portfolio notebook, which makes one report of all its runs."""

from __future__ import annotations

import os
from pathlib import Path

from sroi.batch.execution import NoRoom, Stopped, execute
from sroi.batch.parameters import declared
from sroi.batch.run import first_unfinished, name_folder
from sroi.batch.runs import Limits
from sroi.batch.staging import move_in, refuse_links
from sroi.batch.storage import Storage
from sroi.errors import FileRefused, TemplateRefused
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
            os.replace(scratch.notebook, scratch.files / NOTEBOOK)
            refuse_links(scratch.files)
            move_in(scratch.files, out, _edited_kept(scratch.files, out))
        except NoRoom:
            raise Stopped("the disk is full") from None
        except (FileRefused, TemplateRefused) as error:
            raise Stopped(str(error.problems[0])) from None
        except OSError as error:
            raise Stopped(f"it could not be written ({error.strerror or error})") from None


def _edited_kept(made: Path, out: Path) -> dict[str, str]:
    """Return which documents stand beside those that somebody edited, and under which name."""
    names = [path.relative_to(made) for path in made.rglob("*") if path.suffix in EDITABLE]
    return {str(name): str(place_for(out / name).relative_to(out)) for name in names}

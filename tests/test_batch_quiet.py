"""A run keeps papermill from talking, and leaves the program that called it as it was."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import nbformat
import pytest

from sroi.batch.quiet import papermill_quiet
from sroi.batch.run import run_notebook


def _interrupted() -> None:
    with papermill_quiet():
        raise KeyboardInterrupt


def test_papermill_says_errors_alone_within_and_is_as_it_was_afterwards() -> None:
    log = logging.getLogger("papermill")
    log.setLevel(logging.INFO)
    try:
        with papermill_quiet():
            assert log.level == logging.ERROR
            warnings.warn("not seen", stacklevel=1)
        assert log.level == logging.INFO
        with pytest.raises(KeyboardInterrupt):
            _interrupted()
        assert log.level == logging.INFO
    finally:
        log.setLevel(logging.NOTSET)


def test_a_report_run_leaves_papermills_level_as_it_was(tmp_path: Path) -> None:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    nbformat.write(made, tmp_path / "a.ipynb")
    before = logging.getLogger("papermill").level
    run_notebook(tmp_path / "a.ipynb", tmp_path / "b.ipynb", {}, progress=False)
    assert logging.getLogger("papermill").level == before

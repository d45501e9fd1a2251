"""A run keeps papermill from talking, and leaves the program that called it as it was."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from pathlib import Path

import nbformat
import pytest

from sroi.batch.quiet import papermill_quiet
from sroi.batch.run import run_notebook
from sroi.warm.service import WarmService


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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="runs are forked on Linux only")
def test_a_report_within_a_shared_warm_process_is_forked_from_it(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("import os\nprint(os.getppid())")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "a.ipynb")
    parents = []
    with WarmService() as outer, WarmService() as inner:  # the inner one uses the outer one's
        assert outer.warm
        assert inner.warm
        for _ in range(2):
            run_notebook(tmp_path / "a.ipynb", tmp_path / "b.ipynb", {}, progress=False)
            parents.append(nbformat.read(tmp_path / "b.ipynb", as_version=4).cells[-1].outputs[0].text.strip())
    assert parents[0] == parents[1] != str(os.getpid())

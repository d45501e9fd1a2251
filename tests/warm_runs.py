"""Runs notebooks through papermill for the tests of the warm engine."""

from __future__ import annotations

import copy
import json
import time
import warnings
from pathlib import Path
from typing import Any

import psutil


def execute(notebook: Any, saved: Path | str | None = None, warm: str | None = None, **settings: Any) -> Any:
    """Run a copy of a notebook by the warm engine; by papermill's own if `warm` is "papermill"."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import papermill

        if warm != "papermill":
            settings = {"engine_name": "sroi-warm", "warm": warm or "auto", **settings}
        return papermill.execute_notebook(
            copy.deepcopy(notebook), None if saved is None else str(saved), progress_bar=False, **settings
        )


def said(run: Any, cell: int = -1) -> str:
    """Return the text of all outputs of a cell."""
    outputs = run.cells[cell].outputs
    return "".join(output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in outputs)


def states(saved: Path) -> tuple[list[str], Any]:
    """Return the state of each code cell of a saved notebook, and what the notebook says of an exception."""
    told = json.loads(saved.read_text(encoding="utf-8"))
    cells = [cell for cell in told["cells"] if cell["cell_type"] == "code"]
    return [cell["metadata"]["papermill"]["status"] for cell in cells], told["metadata"]["papermill"]["exception"]


def gone(pid: int, within: float = 10.0) -> bool:
    """Return whether a process ends within so many seconds."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def named(word: str) -> list[psutil.Process]:
    """Return the processes whose command line holds a word."""
    found = []
    for process in psutil.process_iter():
        try:
            if any(word in part for part in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def waiting(server: int) -> list[int]:
    """Return the processes below a warm process that live, but for the one that watches it, which is the eldest."""
    children = sorted(psutil.Process(server).children(), key=lambda each: each.create_time())
    return [each.pid for each in children[1:] if state_of(each.pid) != psutil.STATUS_ZOMBIE]


def state_of(pid: int) -> str:
    """Return what a process does; of one that is gone, that it is a zombie."""
    try:
        return str(psutil.Process(pid).status())
    except psutil.NoSuchProcess:
        return str(psutil.STATUS_ZOMBIE)


def the_one_that_waits(server: int) -> int:
    """Return the process that is made ahead of the next run, once the run before is gone and it has its shell."""
    until = time.monotonic() + 10
    found: list[int] = []
    while time.monotonic() < until:
        before, found = found, waiting(server)
        if len(found) == 1 and found == before and state_of(found[0]) == psutil.STATUS_SLEEPING:
            return found[0]
        time.sleep(0.2)
    raise AssertionError(f"not one process waits: {found}")

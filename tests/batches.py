"""What the tests of batches share: small notebooks with parameters, plans, and reading what a batch left."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[1]
PARAMETERS = "x: float = 1.0\nn = 2\nword = 'a'\nlist_of = [1]\nwhether = False\nout = ''\nseed = 0"


def template(path: Path, *cells: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook whose first cell sets the parameters."""
    first = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    notebook = new_notebook(cells=[first, *(new_code_cell(cell) for cell in cells)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    return path


def plan(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def sroi(folder: Path, *arguments: str | Path, timeout: float = 400) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "sroi", *(str(each) for each in arguments)],
        capture_output=True, encoding="utf-8", cwd=folder, env=environment(), timeout=timeout, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def started(folder: Path, *arguments: str | Path) -> subprocess.Popen[bytes]:
    """Start the command line as the leader of a process group, as a shell does."""
    return subprocess.Popen(
        [sys.executable, "-m", "sroi", *(str(each) for each in arguments)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        cwd=folder, env=environment(), start_new_session=True,
    )  # fmt: skip


def rows_of(out: Path) -> list[dict[str, str]]:
    with (out / "results.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def sidecars(out: Path) -> list[dict[str, Any]]:
    """Return what is recorded, by row."""
    found = [json.loads(path.read_bytes()) for path in (out / "runs").glob("*.json")]
    return sorted(found, key=lambda each: (each["row"], each["key"]))


def processes_of(word: str) -> list[str]:
    """Return the command lines of living processes that work in, or were told of, a folder of this name."""
    import psutil

    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):  # it may end while it is looked at
            command = process.cmdline()
            told = [*command, process.cwd(), *process.environ().values()]
            alive = process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE
            if alive and any(word in each for each in told):
                found.append(" ".join(command))
    return found

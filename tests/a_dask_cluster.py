"""A real dask scheduler and real workers, as processes of their own on this machine, for tests that end some of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil
from conftest import ROOT

PATIENCE = 60.0


class DaskCluster:
    """`dask scheduler` and `dask worker`, started in a folder; `with` ends them all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""
        self.port = 0

    def __enter__(self) -> DaskCluster:
        self.start_scheduler()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (*self.workers, self.scheduler):
            if process is not None:
                end_whole(process)

    def start_scheduler(self) -> None:
        """Start a scheduler, at the port of an earlier one if there was one."""
        told = self.folder / f"scheduler_{time.monotonic_ns()}.json"
        self.scheduler = self._started("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard",
                                       "--scheduler-file", str(told))  # fmt: skip
        until = time.monotonic() + PATIENCE
        while not told.exists() or not told.read_text():
            assert time.monotonic() < until, "the scheduler did not start"
            time.sleep(0.1)
        self.address = json.loads(told.read_text())["address"]
        self.port = int(self.address.rpartition(":")[2])

    def start_worker(self, *more: str) -> subprocess.Popen[bytes]:
        """Start a worker of one thread."""
        worker = self._started("worker", self.address, "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1",
                               "--death-timeout", "60", *more)  # fmt: skip
        self.workers.append(worker)
        return worker

    def kill_scheduler(self) -> None:
        """Kill the scheduler at once, with no word to anybody."""
        assert self.scheduler is not None
        end_whole(self.scheduler)

    def _started(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
        code = "import sys; from dask.__main__ import main; sys.argv[0] = 'dask'; main()"
        with (self.folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-W", "ignore", "-c", code, what, *arguments],
                cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip


def end_whole(process: subprocess.Popen[Any]) -> None:
    """Kill a process with all that it started."""
    try:
        whole = psutil.Process(process.pid)
        family = [whole, *whole.children(recursive=True)]
    except psutil.Error:
        family = []
    for each in family:
        try:
            os.kill(each.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait(30)

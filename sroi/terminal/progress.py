"""How a batch gets on, on a terminal: a bar with rate, failures and time left. Where there is no terminal, nothing."""

from __future__ import annotations

import sys
from typing import Any, Protocol


class _Ran(Protocol):
    @property
    def status(self) -> str:
        """Whether the run is done or failed."""


class Progress:
    """A bar on standard error, if that is a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._failed = 0

    def begin(self, runs: int, kept: int) -> None:
        """Show the bar; runs recorded already count as done."""
        if not sys.stderr.isatty() or runs == kept:
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
            TextColumn("{task.fields[failed]} failed"), TimeRemainingColumn(), TextColumn("left"),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task("runs", total=runs, completed=kept, rate="", failed=0)
        self._bar.start()

    def ran(self, record: _Ran) -> None:
        """Move the bar on by one run."""
        if self._bar is None:
            return
        self._failed += record.status == "failed"
        self._bar.update(self._task, advance=1, failed=self._failed)
        speed = self._bar.tasks[0].speed
        if speed:
            self._bar.update(self._task, rate=f"{speed:.1f} a second" if speed >= 1 else f"{1 / speed:.0f} s each")

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
